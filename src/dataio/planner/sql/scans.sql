-- scans that this session did and the server has not counted yet: they outlive a transaction
SELECT oid::int8 AS oid, coalesce(pg_stat_get_xact_numscans(oid), 0)::int8 AS scans
  FROM unnest(%(oids)s::oid[]) oid
