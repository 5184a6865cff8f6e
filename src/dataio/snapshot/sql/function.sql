-- Functions and window functions. An internal dependency marks those that a range type brought along.
select p.oid as objid,
       0 as objsubid,
       array[n.nspname, p.proname, oidvectortypes(p.proargtypes)]::text[] as path,
       pg_get_functiondef(p.oid) as definition,
       pg_get_function_result(p.oid) as result,
       pg_get_function_arguments(p.oid) as signature,
       coalesce(p.proargnames, '{}') as argument_names,
       p.pronargdefaults::int as defaults,
       l.lanname::text as language,
       case p.provolatile when 'v' then 'volatile' when 's' then 'stable' when 'i' then 'immutable' end as volatility,
       p.proisstrict as strict,
       p.prosecdef as security_definer,
       p.proleakproof as leakproof,
       case p.proparallel when 'u' then 'unsafe' when 'r' then 'restricted' when 's' then 'safe' end as parallel,
       nullif(p.procost, case when l.lanname in ('internal', 'c') then 1 else 100 end)::text as cost,
       nullif(p.prorows, case when p.proretset then 1000 else 0 end)::text as rows,
       case when s.oid is not null then quote_ident(sn.nspname) || '.' || quote_ident(s.proname) end as support,
       coalesce((select array_agg(c order by c collate "C") from unnest(p.proconfig) c), '{}') as config,
       p.prokind = 'w' as window,
       p.prosqlbody is not null as atomic -- >=14
       false as atomic -- <14
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
left join pg_proc s on s.oid = p.prosupport
left join pg_namespace sn on sn.oid = s.pronamespace
where p.prokind in ('f', 'w')
  and p.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x
      where x.classid = 'pg_proc'::regclass and x.objid = p.oid and x.deptype in ('e', 'i')
  )
