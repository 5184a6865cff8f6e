select current_setting('server_version_num')::int as version_num,
       current_setting('server_version') as version_text,
       pg_is_in_recovery() as in_recovery,
       r.rolsuper as is_superuser,
       r.rolcreatedb or r.rolsuper as can_createdb,
       r.rolcreaterole or r.rolsuper as can_createrole,
       current_user::text as "user",
       current_database()::text as database,
       case when has_function_privilege('pg_catalog.pg_control_system()', 'execute')
            then (select system_identifier::text from pg_catalog.pg_control_system()) end as system_identifier,
       current_setting('cluster_name') as cluster_name,
       array(select m.rolname::text from pg_catalog.pg_roles m
              where m.oid <> r.oid and not m.rolsuper and not r.rolsuper and m.rolname <> 'pg_database_owner'
                and pg_has_role(r.oid, m.oid, case when current_setting('server_version_num')::int < 160000
                                                   then 'MEMBER' else 'USAGE, SET' end)
              order by 1) as member_of
  from pg_catalog.pg_roles r
 where r.rolname = current_user
