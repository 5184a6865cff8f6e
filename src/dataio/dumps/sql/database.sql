select d.datname::text as name,
       r.rolname::text as owner,
       d.datconnlimit as connection_limit,
       pg_catalog.shobj_description(d.oid, 'pg_database') as comment,
       coalesce((select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('role', s.rolname, 'settings', s.setconfig))
                   from (select x.setconfig, coalesce(y.rolname::text, '') as rolname
                           from pg_catalog.pg_db_role_setting x left join pg_catalog.pg_roles y on y.oid = x.setrole
                          where x.setdatabase = d.oid order by 2) s), '[]') as settings,
       (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                   'grantee', coalesce(g.rolname::text, ''), 'privilege', a.privilege_type, 'grantable', a.is_grantable)
               order by g.rolname, a.privilege_type)
          from pg_catalog.aclexplode(d.datacl) a left join pg_catalog.pg_roles g on g.oid = a.grantee) as privileges
  from pg_catalog.pg_database d
  join pg_catalog.pg_roles r on r.oid = d.datdba
 where d.datname = %s
