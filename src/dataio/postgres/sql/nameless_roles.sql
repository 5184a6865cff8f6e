-- Roles that can do nothing by themselves and are members of no other.
select r.rolname::text as name
  from pg_catalog.pg_roles r
 where not (r.rolcanlogin or r.rolsuper or r.rolcreatedb or r.rolcreaterole or r.rolreplication or r.rolbypassrls)
   and r.rolname !~ '^pg_'
   and not exists (select from pg_catalog.pg_auth_members m where m.member = r.oid)
 order by 1
