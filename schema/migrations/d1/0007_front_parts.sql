CREATE TABLE `front_parts` (
	`key` text PRIMARY KEY NOT NULL,
	`target` text NOT NULL,
	`as_of` integer NOT NULL,
	`body` text NOT NULL
);
