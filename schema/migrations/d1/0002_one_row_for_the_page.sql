CREATE TABLE `front` (
	`id` integer PRIMARY KEY NOT NULL,
	`composed_at` integer NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `snapshots` (
	`target` text PRIMARY KEY NOT NULL,
	`as_of` integer NOT NULL,
	`composed_at` integer NOT NULL,
	`body` text NOT NULL,
	`summary` text NOT NULL
);
