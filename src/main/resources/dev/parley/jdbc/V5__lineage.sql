-- A log's epochs. One begins with the first append in another life of the database, and goes on with the offsets.

-- The database's life when the channel's epoch began. Null where an earlier version has written the row: it was this one.
ALTER TABLE parley_channel ADD COLUMN IF NOT EXISTS life VARCHAR(80);

-- The channel's first epoch, by which its keys are named. Null where that is the present one.
ALTER TABLE parley_channel ADD COLUMN IF NOT EXISTS root VARCHAR(16);

-- Where the last of the earlier epochs has ended. Null where there was none.
ALTER TABLE parley_channel ADD COLUMN IF NOT EXISTS branched BIGINT;

-- Of the position that was given. Null where an earlier version has written the row.
ALTER TABLE parley_key ADD COLUMN IF NOT EXISTS epoch VARCHAR(16);

-- Earlier epochs, and the offset of the last message of each.
CREATE TABLE IF NOT EXISTS parley_epoch (
    channel_id BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    epoch VARCHAR(16) NOT NULL,
    CONSTRAINT parley_epoch_pk PRIMARY KEY (channel_id, ended)
);

-- Below first nothing is left of a channel. Written by the trimmer alone, so that nobody looks through what it has deleted
-- and PostgreSQL has not yet vacuumed. No row where it has deleted nothing.
CREATE TABLE IF NOT EXISTS parley_beginning (
    channel_id BIGINT NOT NULL,
    first BIGINT NOT NULL,
    CONSTRAINT parley_beginning_pk PRIMARY KEY (channel_id)
);

-- What an operator adds to the database's life, to begin another. One row, or none.
CREATE TABLE IF NOT EXISTS parley_life (
    id INTEGER NOT NULL,
    salt VARCHAR(40) NOT NULL,
    CONSTRAINT parley_life_pk PRIMARY KEY (id)
);
