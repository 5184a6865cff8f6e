select distinct r.rolname::text
  from pg_catalog.pg_shdepend d
  join pg_catalog.pg_roles r on r.oid = d.refobjid
 where d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
   and d.dbid in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
   and (d.dbid <> 0 or (d.classid = 'pg_catalog.pg_database'::pg_catalog.regclass
                        and d.objid = (select oid from pg_catalog.pg_database where datname = current_database())))
   and r.rolname !~ '^pg_'
 order by 1
