-- Owners of everything that may have one, grouped; addresses packed as OID << 11. Before 15 initdb left schema public to the bootstrap superuser, whose
-- name means nothing.
with owned as (
    select 'pg_class' as catalog, oid, relowner as owner from pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
    union all select 'pg_type', oid, typowner from pg_type where typrelid = 0
    union all select 'pg_namespace', oid, nspowner from pg_namespace
    where nspname <> 'public' -- <15
    union all select 'pg_namespace', oid, nullif(nspowner, 10) from pg_namespace where nspname = 'public' -- <15
    union all select 'pg_proc', oid, proowner from pg_proc
    union all select 'pg_operator', oid, oprowner from pg_operator
    union all select 'pg_opclass', oid, opcowner from pg_opclass
    union all select 'pg_opfamily', oid, opfowner from pg_opfamily
    union all select 'pg_collation', oid, collowner from pg_collation
    union all select 'pg_conversion', oid, conowner from pg_conversion
    union all select 'pg_language', oid, lanowner from pg_language
    union all select 'pg_ts_dict', oid, dictowner from pg_ts_dict
    union all select 'pg_ts_config', oid, cfgowner from pg_ts_config
    union all select 'pg_statistic_ext', oid, stxowner from pg_statistic_ext
    union all select 'pg_event_trigger', oid, evtowner from pg_event_trigger
    union all select 'pg_publication', oid, pubowner from pg_publication
    union all select 'pg_foreign_data_wrapper', oid, fdwowner from pg_foreign_data_wrapper
    union all select 'pg_foreign_server', oid, srvowner from pg_foreign_server
    union all select 'pg_subscription', s.oid, s.subowner from pg_subscription s -- >=15
    join pg_database d on d.oid = s.subdbid where d.datname = current_database() -- >=15
)
select o.catalog, coalesce(pg_get_userbyid(o.owner)::text, 'pg_database_owner') as role,
       array_agg(o.oid::int8 << 11) as objects
from owned o
where o.oid >= 16384 or o.catalog = 'pg_namespace' and o.oid = to_regnamespace('public')
group by o.catalog, o.owner
