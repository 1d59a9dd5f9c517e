CREATE TABLE `config_versions` (
	`version` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`hash` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	`body` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `config_versions_hash` ON `config_versions` (`hash`);--> statement-breakpoint
CREATE TABLE `days` (
	`id` integer PRIMARY KEY NOT NULL,
	`as_of` integer NOT NULL,
	`minutes_up` integer NOT NULL,
	`minutes_degraded` integer NOT NULL,
	`minutes_down` integer NOT NULL,
	`minutes_unmeasured` integer NOT NULL,
	`scheduled` integer NOT NULL,
	`ok` integer NOT NULL,
	`lost` integer NOT NULL,
	`error` integer NOT NULL,
	`connect_fail` integer NOT NULL,
	`not_sent` integer NOT NULL,
	`duplicate` integer NOT NULL,
	`reordered` integer NOT NULL,
	`corrupt` integer NOT NULL,
	`foreign_messages` integer NOT NULL,
	`after_deadline` integer NOT NULL,
	`latency_ms_max` integer,
	`lag_ms_max` integer NOT NULL,
	`latency` blob NOT NULL,
	`connect` blob NOT NULL,
	`over` text NOT NULL,
	`zone` text NOT NULL,
	`from_minute` integer NOT NULL,
	`to_minute` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `hours` (
	`id` integer PRIMARY KEY NOT NULL,
	`as_of` integer NOT NULL,
	`minutes_up` integer NOT NULL,
	`minutes_degraded` integer NOT NULL,
	`minutes_down` integer NOT NULL,
	`minutes_unmeasured` integer NOT NULL,
	`scheduled` integer NOT NULL,
	`ok` integer NOT NULL,
	`lost` integer NOT NULL,
	`error` integer NOT NULL,
	`connect_fail` integer NOT NULL,
	`not_sent` integer NOT NULL,
	`duplicate` integer NOT NULL,
	`reordered` integer NOT NULL,
	`corrupt` integer NOT NULL,
	`foreign_messages` integer NOT NULL,
	`after_deadline` integer NOT NULL,
	`latency_ms_max` integer,
	`lag_ms_max` integer NOT NULL,
	`latency` blob NOT NULL,
	`connect` blob NOT NULL,
	`over` text NOT NULL,
	`strip` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `minutes` (
	`id` integer PRIMARY KEY NOT NULL,
	`as_of` integer NOT NULL,
	`revision` integer NOT NULL,
	`config` integer NOT NULL,
	`slots` integer NOT NULL,
	`rounds` integer NOT NULL,
	`scheduled` integer NOT NULL,
	`ok` integer NOT NULL,
	`lost` integer NOT NULL,
	`error` integer NOT NULL,
	`connect_fail` integer NOT NULL,
	`not_sent` integer NOT NULL,
	`duplicate` integer NOT NULL,
	`reordered` integer NOT NULL,
	`corrupt` integer NOT NULL,
	`foreign_messages` integer NOT NULL,
	`after_deadline` integer NOT NULL,
	`latency_ms_max` integer,
	`lag_ms_max` integer NOT NULL,
	`latency` blob NOT NULL,
	`connect` blob NOT NULL,
	`after_deadline_ms_max` integer NOT NULL,
	`unfit` integer NOT NULL,
	`place` text NOT NULL,
	`over` text NOT NULL,
	`failures` text,
	`loss_runs` text
);
--> statement-breakpoint
CREATE TABLE `months` (
	`id` integer PRIMARY KEY NOT NULL,
	`as_of` integer NOT NULL,
	`minutes_up` integer NOT NULL,
	`minutes_degraded` integer NOT NULL,
	`minutes_down` integer NOT NULL,
	`minutes_unmeasured` integer NOT NULL,
	`scheduled` integer NOT NULL,
	`ok` integer NOT NULL,
	`lost` integer NOT NULL,
	`error` integer NOT NULL,
	`connect_fail` integer NOT NULL,
	`not_sent` integer NOT NULL,
	`duplicate` integer NOT NULL,
	`reordered` integer NOT NULL,
	`corrupt` integer NOT NULL,
	`foreign_messages` integer NOT NULL,
	`after_deadline` integer NOT NULL,
	`latency_ms_max` integer,
	`lag_ms_max` integer NOT NULL,
	`latency` blob NOT NULL,
	`connect` blob NOT NULL,
	`over` text NOT NULL,
	`zone` text NOT NULL,
	`from_minute` integer NOT NULL,
	`to_minute` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `series` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`target` text NOT NULL,
	`region` text NOT NULL,
	`journey` text NOT NULL,
	`peer` text NOT NULL,
	`unit` text NOT NULL,
	`ok_means` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `series_name` ON `series` (`target`,`region`,`journey`,`peer`);