-- connoinherit of index-backed constraints depends on how they came about, not on what they are: only CHECK counts.
-- What a partition inherits counts as not local: ATTACH, and with it the next dump and restore, makes it so.
-- A foreign key to a partitioned table has a hidden copy per partition of that table: these are left out.
select co.oid as objid, 0 as objsubid, array[n.nspname, c.relname, co.conname]::text[] as path,
       case co.contype when 'c' then 'check' when 'p' then 'primary key' when 'u' then 'unique'
                       when 'f' then 'foreign key' when 'x' then 'exclude' end as type,
       pg_get_constraintdef(co.oid) as definition,
       co.condeferrable as deferrable, co.condeferred as deferred, co.convalidated as validated,
       co.conenforced as enforced, -- >=18
       true as enforced, -- <18
       co.contype = 'c' and co.connoinherit as no_inherit,
       co.conislocal and not (c.relispartition and co.coninhcount > 0) as is_local, co.coninhcount::int4 as inherited,
       case when p.oid is not null then array[pn.nspname, pc.relname, p.conname]::text[] end as parent,
       case when co.contype = 'f' then array[rn.nspname, rc.relname]::text[] end as references,
       array(select (select a.attname::text from pg_attribute a
                     where a.attrelid = co.conrelid and a.attnum = co.conkey[k])
             from generate_series(1, cardinality(co.conkey)) k where co.conkey[k] <> 0) as columns,
       case when ic.reloptions is null then '{}' else
           (select array_agg(o order by o collate "C") from unnest(ic.reloptions) o) end as index_options,
       ts.spcname::text as index_tablespace,
       case when ipc.oid is not null then array[ipn.nspname, ipc.relname]::text[] end as index_parent
from pg_constraint co
join pg_class c on c.oid = co.conrelid
join pg_namespace n on n.oid = c.relnamespace
left join pg_constraint p on p.oid = co.conparentid and co.conparentid <> 0
left join pg_class pc on pc.oid = p.conrelid
left join pg_namespace pn on pn.oid = pc.relnamespace
left join pg_class rc on rc.oid = co.confrelid
left join pg_namespace rn on rn.oid = rc.relnamespace
left join pg_class ic on ic.oid = co.conindid and co.contype in ('p', 'u', 'x')
left join pg_tablespace ts on ts.oid = ic.reltablespace
left join pg_inherits ih on ih.inhrelid = ic.oid and co.conparentid = 0
left join pg_class ipc on ipc.oid = ih.inhparent
left join pg_namespace ipn on ipn.oid = ipc.relnamespace
where co.contype in ('c', 'p', 'u', 'f', 'x') and co.conrelid >= 16384
  and (p.oid is null or p.conrelid <> co.conrelid and p.confrelid = co.confrelid)
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and c.oid not in (select objid from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'
                    and classid = 'pg_class'::regclass)
