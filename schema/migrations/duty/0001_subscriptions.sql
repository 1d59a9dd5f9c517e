CREATE TABLE `news` (
	`matter` text NOT NULL,
	`number` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`matter`, `number`)
);
--> statement-breakpoint
CREATE TABLE `news_asked` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`who` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `news_cursors` (
	`target` text PRIMARY KEY NOT NULL,
	`event` integer NOT NULL,
	`maintenance` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `news_lines` (
	`subscriber` text NOT NULL,
	`matter` text NOT NULL,
	`told` integer DEFAULT 0 NOT NULL,
	`wanted` integer NOT NULL,
	`told_at` integer,
	`try_at` integer,
	`trying` integer,
	`first_tried_at` integer,
	`tries` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`subscriber`, `matter`)
);
--> statement-breakpoint
CREATE INDEX `news_lines_try` ON `news_lines` (`try_at`);--> statement-breakpoint
CREATE TABLE `news_receipts` (
	`key` text NOT NULL,
	`attempt` integer NOT NULL,
	`at` integer NOT NULL,
	`who` text NOT NULL,
	`accepted` integer NOT NULL,
	`http_status` integer,
	`code` text,
	`said` text NOT NULL,
	PRIMARY KEY(`key`, `attempt`)
);
--> statement-breakpoint
CREATE INDEX `news_receipts_at` ON `news_receipts` (`at`);--> statement-breakpoint
CREATE TABLE `subscribers` (
	`id` text PRIMARY KEY NOT NULL,
	`channel` text NOT NULL,
	`address` text NOT NULL,
	`who` text NOT NULL,
	`secret` text,
	`language` text NOT NULL,
	`targets` text,
	`regions` text,
	`asked_at` integer NOT NULL,
	`confirmed_at` integer,
	`expires_at` integer
);
--> statement-breakpoint
CREATE INDEX `subscribers_who` ON `subscribers` (`who`);