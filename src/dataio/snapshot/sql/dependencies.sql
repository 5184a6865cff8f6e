-- pg_depend between what users made, packed as OID << 11 | column, grouped so that few rows carry many pairs. Of the
-- objects in a schema only the rows are left out that say no more than their names do.
select classid::int8, refclassid::int8, deptype::text,
       array_agg(objid::int8 << 11 | objsubid) as dependents,
       array_agg(refobjid::int8 << 11 | refobjsubid) as referenced
from pg_depend
where objid >= 16384
  and (refobjid >= 16384 or refclassid = 'pg_namespace'::regclass and refobjid = to_regnamespace('public'))
  and not (refclassid = 'pg_namespace'::regclass and classid in ('pg_class'::regclass, 'pg_type'::regclass,
                                                                 'pg_proc'::regclass))
  and not (classid = 'pg_trigger'::regclass and deptype = 'i')
group by 1, 2, 3
