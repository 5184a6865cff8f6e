-- Every table that pg_dump writes: those of users, without members of extensions. (It waits for no lock.)
select c.oid::bigint as oid, n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind,
       c.relpersistence::text as persistence,
       (select i.inhparent::bigint from pg_catalog.pg_inherits i where i.inhrelid = c.oid and c.relispartition) as parent,
       greatest(c.reltuples, 0)::bigint as estimate
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p')
   and c.relpersistence <> 't'
   and n.nspname !~ '^pg_'
   and n.nspname <> 'information_schema'
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')
 order by 2, 3
