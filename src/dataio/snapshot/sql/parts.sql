-- What a relation or sequence has that carries no address of its own, counted apart from the queries that read it; the
-- relation packed as OID << 11 | column.
select case c.relkind when 'c' then 'attribute' else 'column' end as kind,
       array_agg(a.attrelid::int8 << 11 | a.attnum) as objects
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.oid >= 16384 and c.relkind in ('r', 'p', 'f', 'c') and a.attnum > 0 and not a.attisdropped
group by 1
union all select 'partition', array_agg(oid::int8 << 11)
from pg_class where oid >= 16384 and relispartition and relkind in ('r', 'p', 'f')
union all select 'inheritance', array_agg(i.inhrelid::int8 << 11)
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where c.oid >= 16384 and not c.relispartition and c.relkind in ('r', 'f')
union all select 'replica_identity', array_agg(oid::int8 << 11)
from pg_class where oid >= 16384 and relreplident <> 'd' and relkind in ('r', 'p', 'm')
union all select 'clustered_on', array_agg(indrelid::int8 << 11) from pg_index where indrelid >= 16384 and indisclustered
union all select 'not_null', array_agg(a.attrelid::int8 << 11 | a.attnum)
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.oid >= 16384 and c.relkind in ('r', 'p', 'f') and a.attnum > 0 and a.attnotnull and not a.attisdropped
union all select 'owned_by', array_agg(d.objid::int8 << 11)
from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S'
where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'a' and d.objid >= 16384
