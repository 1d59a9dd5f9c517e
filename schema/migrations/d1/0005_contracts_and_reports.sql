CREATE TABLE `contract_versions` (
	`contract` text NOT NULL,
	`version` integer NOT NULL,
	`hash` text NOT NULL,
	`body` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	PRIMARY KEY(`contract`, `version`, `hash`)
);
--> statement-breakpoint
CREATE TABLE `exclusions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`target` text NOT NULL,
	`contract` text,
	`type` text NOT NULL,
	`from_at` integer NOT NULL,
	`to_at` integer NOT NULL,
	`regions` text,
	`announced_at` integer,
	`author` text NOT NULL,
	`reason` text NOT NULL,
	`proof_where` text,
	`proof_sha256` text,
	`recorded_at` integer NOT NULL,
	`withdraws` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `exclusions_key_unique` ON `exclusions` (`key`);--> statement-breakpoint
CREATE INDEX `exclusions_target` ON `exclusions` (`target`);--> statement-breakpoint
CREATE TABLE `reports` (
	`contract` text NOT NULL,
	`period` text NOT NULL,
	`revision` integer NOT NULL,
	`target` text NOT NULL,
	`from_at` integer NOT NULL,
	`to_at` integer NOT NULL,
	`composed_at` integer NOT NULL,
	`contract_says` text NOT NULL,
	`verdict` text NOT NULL,
	`credit_pct` real NOT NULL,
	`hash` text NOT NULL,
	`body` text NOT NULL,
	`money` text,
	PRIMARY KEY(`contract`, `period`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `ticket_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`contract` text NOT NULL,
	`ticket` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`severity` text,
	`waiting` text,
	`by` text NOT NULL,
	`author` text NOT NULL,
	`note` text NOT NULL,
	`recorded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ticket_events_key_unique` ON `ticket_events` (`key`);--> statement-breakpoint
CREATE INDEX `ticket_events_contract` ON `ticket_events` (`contract`);