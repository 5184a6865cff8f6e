-- Comments on what users made; where schema public has none, that is one too ('' there): initdb gives it one.
select d.classoid::int8 as catalog, d.objoid::int8 as objid, d.objsubid::int4, a.attname::text as column,
       d.description as text
from pg_description d
left join pg_attribute a on d.objsubid > 0 and a.attrelid = d.objoid and a.attnum = d.objsubid
    and d.classoid = 'pg_class'::regclass
where d.objoid >= 16384 and d.objoid <> coalesce(to_regnamespace('public'), 0)
union all
select 'pg_namespace'::regclass::oid::int8, n.oid::int8, 0, null, coalesce(d.description, '')
from pg_namespace n
left join pg_description d on d.classoid = 'pg_namespace'::regclass and d.objoid = n.oid and d.objsubid = 0
where n.nspname = 'public' and d.description is distinct from 'standard public schema'
union all -- on roles, which are facts only where they are managed
select classoid::int8, objoid::int8, 0, null, description
from pg_shdescription where classoid = 'pg_authid'::regclass and objoid >= 16384
