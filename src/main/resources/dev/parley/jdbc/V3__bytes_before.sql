-- Running totals: what a channel holds is its bytes less the bytes_before of its oldest message.
-- PostgreSQL adds such columns without touching a row. H2 copies the table, which takes its time and as much space again,
-- until the file is compacted; bodies above 64 KB are in parley_part and stay where they are. The next migration fills
-- the columns.

-- Of all bodies that were ever appended. Publishers raise it with the head.
ALTER TABLE parley_channel ADD COLUMN bytes BIGINT DEFAULT 0 NOT NULL;

-- Of all bodies that were appended before this one. Null where a node of an earlier version has written the row.
ALTER TABLE parley_message ADD COLUMN bytes_before BIGINT;
