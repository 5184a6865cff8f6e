select s.schemaname::text, s.sequencename::text, s.last_value,
       case when s.cycle then 0 else sign(s.increment_by)::int end
  from pg_catalog.pg_sequences s
  join pg_catalog.pg_class c on c.relname = s.sequencename
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = s.schemaname
 where c.relpersistence <> 't'
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')
 order by 1, 2
