-- The OIDs of the catalogues, by which pg_depend names them.
select relname::text as name, oid::int8 as oid
from pg_class
where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and oid < 16384
