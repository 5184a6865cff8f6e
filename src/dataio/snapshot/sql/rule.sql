select r.oid as objid, 0 as objsubid, array[n.nspname, c.relname, r.rulename]::text[] as path,
       pg_get_ruledef(r.oid) as definition,
       case r.ev_enabled when 'O' then 'origin' when 'D' then 'disabled' when 'R' then 'replica'
                         else 'always' end as enabled
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
join pg_namespace n on n.oid = c.relnamespace
where r.rulename <> '_RETURN' and c.oid >= 16384
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
