ALTER TABLE `series` ADD `schedules` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `series` ADD `as_of` integer DEFAULT 0 NOT NULL;