-- Security labels on what users made, and on the shared objects that may be facts.
select l.classoid::int8 as catalog, l.objoid::int8 as objid, l.objsubid::int4, a.attname::text as column,
       l.provider, l.label
from pg_seclabel l
left join pg_attribute a on l.objsubid > 0 and a.attrelid = l.objoid and a.attnum = l.objsubid
    and l.classoid = 'pg_class'::regclass
where l.objoid >= 16384 or l.classoid = 'pg_namespace'::regclass
union all
select classoid::int8, objoid::int8, 0, null, provider, label
from pg_shseclabel where classoid in ('pg_subscription'::regclass, 'pg_authid'::regclass)
