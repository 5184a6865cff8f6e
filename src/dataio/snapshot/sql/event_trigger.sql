-- Event triggers.
select t.oid as objid,
       0 as objsubid,
       array[t.evtname]::text[] as path,
       t.evtevent::text as event,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) as function,
       case t.evtenabled
           when 'O' then 'origin'
           when 'D' then 'disabled'
           when 'R' then 'replica'
           when 'A' then 'always'
       end as enabled,
       coalesce(t.evttags, '{}') as tags
from pg_event_trigger t
join pg_proc p on p.oid = t.evtfoid
join pg_namespace n on n.oid = p.pronamespace
where t.oid >= 16384
  and not exists (
      select from pg_depend x where x.classid = 'pg_event_trigger'::regclass and x.objid = t.oid and x.deptype = 'e'
  )
