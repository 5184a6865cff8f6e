select extname::text, extversion from pg_catalog.pg_extension where extname <> 'plpgsql' order by 1
