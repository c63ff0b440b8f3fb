-- Two roles for PostgreSQL: the owner migrates, the application runs and can neither change the schema nor
-- switch off a trigger. Run once as a superuser in the new database, again after adding a schema:
--     createdb jianjian
--     psql -d jianjian -v ON_ERROR_STOP=1 -f tools/postgres_roles.sql
-- The application may read, add, change and remove rows: retention and sign-in remove what has had its time.
-- From timeline, audit log, ledger and all else that is append-only `flask migrate` takes UPDATE and DELETE again.
-- Then give both a password (\password jianjian_owner) or let pg_hba.conf decide.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jianjian_owner') THEN
        CREATE ROLE jianjian_owner LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jianjian_app') THEN
        CREATE ROLE jianjian_app LOGIN;
    END IF;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO jianjian_owner, jianjian_app', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO jianjian_owner;
GRANT USAGE ON SCHEMA public TO jianjian_app;
ALTER DEFAULT PRIVILEGES FOR ROLE jianjian_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO jianjian_app;
ALTER DEFAULT PRIVILEGES FOR ROLE jianjian_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO jianjian_app;
