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
       current_setting('cluster_name') as cluster_name
  from pg_catalog.pg_roles r
 where r.rolname = current_user
