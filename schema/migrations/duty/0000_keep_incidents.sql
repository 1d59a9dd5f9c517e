CREATE TABLE `duty` (
	`id` integer PRIMARY KEY NOT NULL,
	`target` text NOT NULL,
	`cursor` integer DEFAULT 0 NOT NULL,
	`memory` text DEFAULT '' NOT NULL,
	`incidents` integer DEFAULT 0 NOT NULL,
	`maintenance` integer DEFAULT 0 NOT NULL,
	`writes_begun` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `events` (
	`incident` text NOT NULL,
	`number` integer NOT NULL,
	`key` text NOT NULL,
	`at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`author` text NOT NULL,
	`change` text NOT NULL,
	`owed` integer DEFAULT true NOT NULL,
	PRIMARY KEY(`incident`, `number`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_key` ON `events` (`key`);--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`live` integer NOT NULL,
	`notified_at` integer
);
--> statement-breakpoint
CREATE TABLE `maintenance` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`body` text NOT NULL,
	`owed` integer DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `maintenance_key_unique` ON `maintenance` (`key`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`incident` text NOT NULL,
	`channel` text NOT NULL,
	`route` text NOT NULL,
	`kind` text NOT NULL,
	`event` integer NOT NULL,
	`level` integer NOT NULL,
	`state` text NOT NULL,
	`planned_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`try_at` integer NOT NULL,
	`first_tried_at` integer,
	`tries` integer DEFAULT 0 NOT NULL,
	`sent_at` integer,
	`alert` text,
	`as_of` integer DEFAULT 0 NOT NULL,
	`owed` integer DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_key` ON `outbox` (`key`);--> statement-breakpoint
CREATE INDEX `outbox_state` ON `outbox` (`state`);--> statement-breakpoint
CREATE INDEX `outbox_incident` ON `outbox` (`incident`);--> statement-breakpoint
CREATE TABLE `pooled_hours` (
	`hour` integer PRIMARY KEY NOT NULL,
	`minutes` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `receipts` (
	`key` text NOT NULL,
	`attempt` integer NOT NULL,
	`at` integer NOT NULL,
	`accepted` integer NOT NULL,
	`http_status` integer,
	`code` text,
	`said` text NOT NULL,
	`owed` integer DEFAULT true NOT NULL,
	PRIMARY KEY(`key`, `attempt`)
);
--> statement-breakpoint
CREATE TABLE `spent_links` (
	`nonce` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);
