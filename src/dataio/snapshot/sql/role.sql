-- Roles of the cluster but those that initdb made. Passwords are no facts.
select r.oid as objid,
       0 as objsubid,
       array[r.rolname]::text[] as path,
       r.rolsuper as superuser,
       r.rolinherit as inherit,
       r.rolcreaterole as createrole,
       r.rolcreatedb as createdb,
       r.rolcanlogin as login,
       r.rolreplication as replication,
       r.rolbypassrls as bypassrls,
       nullif(r.rolconnlimit, -1) as limit,
       case
           when isfinite(r.rolvaliduntil)
               then to_char(r.rolvaliduntil at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"+00"')
           else r.rolvaliduntil::text
       end as valid_until,
       coalesce((select array_agg(c order by c collate "C") from unnest(r.rolconfig) c), '{}') as config
from pg_roles r
where r.oid >= 16384
