select null::oid as objid, null::int4 as objsubid, array[n.nspname, c.relname]::text[] as path,
       array[tn.nspname, t.relname, a.attname]::text[] as "column"
from pg_sequence s
join pg_class c on c.oid = s.seqrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.seqrelid and d.objsubid = 0
                and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype = 'a'
join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
join pg_class t on t.oid = a.attrelid
join pg_namespace tn on tn.oid = t.relnamespace
where c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
