-- Roles that own something here, are granted something, or are named by a policy. The superuser that initdb made is in
-- no dependency, so owners are looked up as well.
with named as (
    select d.refobjid as oid
      from pg_catalog.pg_shdepend d
     where d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
       and d.dbid = (select oid from pg_catalog.pg_database where datname = current_database())
    union
    select c.relowner from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union
    select nspowner from pg_catalog.pg_namespace
     where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
)
select r.rolname::text from named join pg_catalog.pg_roles r using (oid) where r.rolname !~ '^pg_' order by 1
