-- who replays what happens here; a role without pg_monitor sees less
SELECT coalesce(nullif(application_name, ''), host(client_addr), 'pid ' || pid) AS name,
       coalesce(state, '') AS state,
       coalesce(sync_state, '') AS sync,
       CASE WHEN pg_is_in_recovery() THEN NULL
            ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::int8 END AS lag_bytes
  FROM pg_stat_replication
 ORDER BY 1
