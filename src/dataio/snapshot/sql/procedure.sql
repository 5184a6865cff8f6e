-- Procedures.
select p.oid as objid,
       0 as objsubid,
       array[n.nspname, p.proname, oidvectortypes(p.proargtypes)]::text[] as path,
       pg_get_functiondef(p.oid) as definition,
       pg_get_function_arguments(p.oid) as signature,
       coalesce(p.proargnames, '{}') as argument_names,
       p.pronargdefaults::int as defaults,
       l.lanname::text as language,
       p.prosecdef as security_definer,
       coalesce((select array_agg(c order by c collate "C") from unnest(p.proconfig) c), '{}') as config,
       p.prosqlbody is not null as atomic -- >=14
       false as atomic -- <14
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
where p.prokind = 'p'
  and p.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_proc'::regclass and x.objid = p.oid and x.deptype = 'e'
  )
