CREATE TABLE `silences` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`prober` text NOT NULL,
	`region` text NOT NULL,
	`reason` text NOT NULL,
	`newest_wake_at` integer,
	`seen_at` integer NOT NULL,
	`until_at` integer
);
--> statement-breakpoint
CREATE INDEX `silences_open` ON `silences` (`prober`) WHERE "silences"."until_at" IS NULL;