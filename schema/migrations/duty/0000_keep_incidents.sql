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
CREATE INDEX `events_owed` ON `events` (`recorded_at`) WHERE "events"."owed";--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`live` integer NOT NULL,
	`notified_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incidents_number` ON `incidents` (`number`);--> statement-breakpoint
CREATE INDEX `incidents_live` ON `incidents` (`number`) WHERE "incidents"."live";--> statement-breakpoint
CREATE TABLE `maintenance` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`body` text NOT NULL,
	`owed` integer DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `maintenance_key_unique` ON `maintenance` (`key`);--> statement-breakpoint
CREATE INDEX `maintenance_owed` ON `maintenance` (`id`) WHERE "maintenance"."owed";--> statement-breakpoint
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
	`gave_up` text,
	`alert` text,
	`owed` integer DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_key` ON `outbox` (`key`);--> statement-breakpoint
CREATE INDEX `outbox_incident` ON `outbox` (`incident`);--> statement-breakpoint
CREATE INDEX `outbox_waiting` ON `outbox` (`id`) WHERE "outbox"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX `outbox_owed` ON `outbox` (`id`) WHERE "outbox"."owed";--> statement-breakpoint
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
CREATE INDEX `receipts_owed` ON `receipts` (`key`) WHERE "receipts"."owed";--> statement-breakpoint
CREATE TABLE `spent_links` (
	`nonce` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);
