-- ALTER ... DEPENDS ON EXTENSION, on what users made.
select d.classid::int8 as catalog, d.objid::int8, d.objsubid::int4, e.extname::text as extension
from pg_depend d
join pg_extension e on e.oid = d.refobjid
where d.refclassid = 'pg_extension'::regclass and d.deptype = 'x' and d.objid >= 16384
