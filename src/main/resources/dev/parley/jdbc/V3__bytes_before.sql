-- Running totals: what a channel holds is its bytes less the bytes_before of its oldest message.
-- PostgreSQL adds such columns without touching a row. H2 copies the table, which takes its time and as much space again,
-- until the file is compacted; bodies above 64 KB are in parley_part and stay where they are. The next migration fills
-- the columns. What H2 has no space for may be tried again.

-- Of all bodies that were ever appended. Publishers raise it with the head.
ALTER TABLE parley_channel ADD COLUMN IF NOT EXISTS bytes BIGINT DEFAULT 0 NOT NULL;

-- Of all bodies that were appended before this one. Null where a node of an earlier version has written the row.
ALTER TABLE parley_message ADD COLUMN IF NOT EXISTS bytes_before BIGINT;
