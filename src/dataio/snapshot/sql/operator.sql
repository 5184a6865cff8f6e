-- Operators. Shells (without a function) are left out: they exist because another operator names them as its
-- commutator or negator, and come and go with that.
select o.oid as objid,
       0 as objsubid,
       array[
           n.nspname,
           o.oprname,
           case when o.oprleft = 0 then 'NONE' else format_type(o.oprleft, null) end,
           case when o.oprright = 0 then 'NONE' else format_type(o.oprright, null) end
       ]::text[] as path,
       quote_ident(fn.nspname) || '.' || quote_ident(f.proname) as function,
       case when c.oid is not null then 'OPERATOR(' || quote_ident(cn.nspname) || '.' || c.oprname || ')' end
           as commutator,
       case when g.oid is not null then 'OPERATOR(' || quote_ident(gn.nspname) || '.' || g.oprname || ')' end
           as negator,
       case when r.oid is not null then quote_ident(rn.nspname) || '.' || quote_ident(r.proname) end as restrict,
       case when j.oid is not null then quote_ident(jn.nspname) || '.' || quote_ident(j.proname) end as join,
       o.oprcanhash as hashes,
       o.oprcanmerge as merges
from pg_operator o
join pg_namespace n on n.oid = o.oprnamespace
join pg_proc f on f.oid = o.oprcode
join pg_namespace fn on fn.oid = f.pronamespace
left join pg_operator c on c.oid = o.oprcom
left join pg_namespace cn on cn.oid = c.oprnamespace
left join pg_operator g on g.oid = o.oprnegate
left join pg_namespace gn on gn.oid = g.oprnamespace
left join pg_proc r on r.oid = o.oprrest
left join pg_namespace rn on rn.oid = r.pronamespace
left join pg_proc j on j.oid = o.oprjoin
left join pg_namespace jn on jn.oid = j.pronamespace
where o.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_operator'::regclass and x.objid = o.oid and x.deptype = 'e'
  )
