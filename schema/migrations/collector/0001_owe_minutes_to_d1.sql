CREATE TABLE `due_minutes` (
	`id` integer PRIMARY KEY NOT NULL,
	`envelope` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `identity` (
	`id` integer PRIMARY KEY NOT NULL,
	`target` text NOT NULL,
	`writes_begun` integer NOT NULL
);
