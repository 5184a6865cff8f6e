-- Does COMMIT wait for a standby, and how many synchronous ones are connected? NULL: this role may not see that.
SELECT current_setting('synchronous_standby_names') <> ''
       AND current_setting('synchronous_commit') NOT IN ('off', 'local'),
       CASE WHEN pg_has_role('pg_monitor', 'usage') OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            THEN (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')) END
