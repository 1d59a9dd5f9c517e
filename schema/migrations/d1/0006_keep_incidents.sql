CREATE TABLE `deliveries` (
	`key` text PRIMARY KEY NOT NULL,
	`as_of` integer NOT NULL,
	`target` text NOT NULL,
	`incident` text NOT NULL,
	`channel` text NOT NULL,
	`via` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`planned_at` integer NOT NULL,
	`sent_at` integer,
	`tries` integer NOT NULL,
	`title` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `deliveries_incident` ON `deliveries` (`incident`);--> statement-breakpoint
CREATE TABLE `incident_events` (
	`incident` text NOT NULL,
	`number` integer NOT NULL,
	`key` text NOT NULL,
	`at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`author` text NOT NULL,
	`kind` text NOT NULL,
	`change` text NOT NULL,
	PRIMARY KEY(`incident`, `number`)
);
--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`events` integer NOT NULL,
	`target` text NOT NULL,
	`kind` text NOT NULL,
	`audience` text NOT NULL,
	`state` text NOT NULL,
	`impact_start` integer NOT NULL,
	`impact_end` integer,
	`notified_at` integer,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `incidents_start` ON `incidents` (`impact_start`);--> statement-breakpoint
CREATE TABLE `maintenance` (
	`id` text PRIMARY KEY NOT NULL,
	`target` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `maintenance_target` ON `maintenance` (`target`);--> statement-breakpoint
CREATE TABLE `receipts` (
	`key` text NOT NULL,
	`attempt` integer NOT NULL,
	`at` integer NOT NULL,
	`accepted` integer NOT NULL,
	`http_status` integer,
	`code` text,
	`said` text NOT NULL,
	PRIMARY KEY(`key`, `attempt`)
);
