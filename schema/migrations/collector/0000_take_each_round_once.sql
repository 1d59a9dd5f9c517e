CREATE TABLE `envelopes` (
	`id` integer PRIMARY KEY NOT NULL,
	`received_at` integer NOT NULL,
	`bytes` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `series` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`region` text NOT NULL,
	`journey` text NOT NULL,
	`peer` text NOT NULL,
	`number` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `series_name` ON `series` (`region`,`journey`,`peer`);--> statement-breakpoint
CREATE TABLE `rounds` (
	`id` integer PRIMARY KEY NOT NULL,
	`envelope` integer NOT NULL,
	`position` integer NOT NULL
);
