-- Whether a key waits already is asked for each message that has one.
CREATE INDEX parley_outbox_key ON parley_outbox (channel, message_key, user_id);
