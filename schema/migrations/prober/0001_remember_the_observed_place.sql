ALTER TABLE `identity` ADD `place` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `identity` ADD `place_at` integer;