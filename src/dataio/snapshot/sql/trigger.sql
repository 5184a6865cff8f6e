select t.oid as objid, 0 as objsubid, array[n.nspname, c.relname, t.tgname]::text[] as path,
       pg_get_triggerdef(t.oid) as definition,
       case t.tgenabled when 'O' then 'origin' when 'D' then 'disabled' when 'R' then 'replica'
                        else 'always' end as enabled,
       t.tgparentid <> 0 as cloned,
       array[pn.nspname, p.proname]::text[] as function,
       t.tgconstraint <> 0 as "constraint"
from pg_trigger t
join pg_proc p on p.oid = t.tgfoid
join pg_namespace pn on pn.oid = p.pronamespace
join pg_class c on c.oid = t.tgrelid
join pg_namespace n on n.oid = c.relnamespace
where c.oid >= 16384
  and not t.tgisinternal -- >=15
  and (not t.tgisinternal or t.tgparentid <> 0) -- <15
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
