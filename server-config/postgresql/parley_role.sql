-- Least rights: parley_owner makes the tables, by one start with parley.log.schema=migrate; the nodes run as parley, with
-- validate. Run by a superuser in Parley's database, before the first start or after.

CREATE ROLE parley_owner LOGIN;
CREATE ROLE parley LOGIN;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO parley_owner;
GRANT USAGE ON SCHEMA public TO parley;
-- Of what parley_owner makes, now and with later versions
ALTER DEFAULT PRIVILEGES FOR ROLE parley_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO parley;
ALTER DEFAULT PRIVILEGES FOR ROLE parley_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO parley;
-- Of what is there already
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO parley;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO parley;
-- So that it sees whether a synchronous standby is there
GRANT pg_read_all_stats TO parley;
-- The role that a standby streams as: CREATE ROLE replicator LOGIN REPLICATION;
-- its slot, on the primary:           SELECT pg_create_physical_replication_slot('two');
