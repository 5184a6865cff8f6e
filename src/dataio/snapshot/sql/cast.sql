-- Casts.
select c.oid as objid,
       0 as objsubid,
       array[format_type(c.castsource, null), format_type(c.casttarget, null)] as path,
       case when p.oid is not null
           then quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')'
       end as function,
       case c.castcontext when 'e' then 'explicit' when 'a' then 'assignment' when 'i' then 'implicit' end as context,
       case c.castmethod when 'f' then 'function' when 'i' then 'inout' when 'b' then 'binary' end as method
from pg_cast c
left join pg_proc p on p.oid = c.castfunc
left join pg_namespace n on n.oid = p.pronamespace
where c.oid >= 16384
  and not exists (
      select from pg_depend x
      where x.classid = 'pg_cast'::regclass and x.objid = c.oid and x.deptype in ('e', 'i')
  )
