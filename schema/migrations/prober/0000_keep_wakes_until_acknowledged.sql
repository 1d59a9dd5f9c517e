CREATE TABLE `identity` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`born_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `wakes` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`began_at` integer NOT NULL,
	`bytes` blob NOT NULL
);
