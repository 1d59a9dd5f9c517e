ALTER TABLE `days` ADD `handshake` blob;--> statement-breakpoint
ALTER TABLE `days` ADD `login` blob;--> statement-breakpoint
ALTER TABLE `days` ADD `heard` integer;--> statement-breakpoint
ALTER TABLE `days` ADD `reconnects` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `hours` ADD `handshake` blob;--> statement-breakpoint
ALTER TABLE `hours` ADD `login` blob;--> statement-breakpoint
ALTER TABLE `hours` ADD `heard` integer;--> statement-breakpoint
ALTER TABLE `hours` ADD `reconnects` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `minutes` ADD `handshake` blob;--> statement-breakpoint
ALTER TABLE `minutes` ADD `login` blob;--> statement-breakpoint
ALTER TABLE `minutes` ADD `heard` integer;--> statement-breakpoint
ALTER TABLE `minutes` ADD `reconnects` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `minutes` ADD `queued_ms_max` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `months` ADD `handshake` blob;--> statement-breakpoint
ALTER TABLE `months` ADD `login` blob;--> statement-breakpoint
ALTER TABLE `months` ADD `heard` integer;--> statement-breakpoint
ALTER TABLE `months` ADD `reconnects` integer DEFAULT 0 NOT NULL;