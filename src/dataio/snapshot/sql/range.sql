-- Range types. The multirange name that PostgreSQL makes by itself (makeMultirangeTypeName) is no attribute; a name so
-- long that it would be clipped is always told.
select t.oid as objid,
       0 as objsubid,
       array[n.nspname, t.typname]::text[] as path,
       format_type(r.rngsubtype, null) as subtype,
       case when not o.opcdefault then quote_ident(opn.nspname) || '.' || quote_ident(o.opcname) end as opclass,
       case when c.oid is not null then quote_ident(cn.nspname) || '.' || quote_ident(c.collname) end as collation,
       case when f.oid is not null then quote_ident(fn.nspname) || '.' || quote_ident(f.proname) end as canonical,
       case when d.oid is not null then quote_ident(dn.nspname) || '.' || quote_ident(d.proname) end as subtype_diff,
       case -- >=14
           when m.typnamespace <> t.typnamespace -- >=14
               or m.typname <> case -- >=14
                   when octet_length(t.typname) > 51 then '' -- >=14
                   when strpos(t.typname, 'range') > 0 -- >=14
                       then overlay(t.typname::text placing 'multirange' from strpos(t.typname, 'range') for 5) -- >=14
                   else t.typname::text || '_multirange' -- >=14
               end -- >=14
               then quote_ident(mn.nspname) || '.' || quote_ident(m.typname) -- >=14
       end as multirange -- >=14
       null::text as multirange -- <14
from pg_range r
join pg_type t on t.oid = r.rngtypid
join pg_namespace n on n.oid = t.typnamespace
join pg_type s on s.oid = r.rngsubtype
join pg_opclass o on o.oid = r.rngsubopc
join pg_namespace opn on opn.oid = o.opcnamespace
left join pg_collation c on c.oid = r.rngcollation and r.rngcollation <> s.typcollation
left join pg_namespace cn on cn.oid = c.collnamespace
left join pg_proc f on f.oid = r.rngcanonical
left join pg_namespace fn on fn.oid = f.pronamespace
left join pg_proc d on d.oid = r.rngsubdiff
left join pg_namespace dn on dn.oid = d.pronamespace
join pg_type m on m.oid = r.rngmultitypid -- >=14
join pg_namespace mn on mn.oid = m.typnamespace -- >=14
where t.oid >= 16384
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from pg_depend x where x.classid = 'pg_type'::regclass and x.objid = t.oid and x.deptype = 'e'
  )
