-- Default privileges: for all schemas what differs from acldefault (all of it, '{}' where all is revoked), in a schema
-- what is added there.
with entry as (
    select d.oid, r.rolname, d.defaclrole, coalesce(n.nspname, '') as schema, d.defaclacl as acl,
           case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
                                when 'T' then 'types' when 'n' then 'schemas' when 'L' then 'large objects' end as type,
           case when n.oid is null then
               acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole)
           end as usual
    from pg_default_acl d
    join pg_roles r on r.oid = d.defaclrole
    left join pg_namespace n on n.oid = d.defaclnamespace
),
item as (
    select e.oid, x.grantee, x.privilege_type || case when x.is_grantable then '*' else '' end as privilege, true as now
    from entry e cross join lateral aclexplode(e.acl) x
    union all
    select e.oid, x.grantee, x.privilege_type || case when x.is_grantable then '*' else '' end, false
    from entry e cross join lateral aclexplode(e.usual) x
),
difference as (
    select oid, grantee,
           coalesce(array_agg(privilege order by privilege collate "C") filter (where now), '{}') as privileges
    from item
    group by oid, grantee
    having array_agg(privilege order by privilege collate "C") filter (where now)
           is distinct from array_agg(privilege order by privilege collate "C") filter (where not now)
)
select e.oid as objid, 0 as objsubid,
       array[e.rolname, e.schema, e.type,
             case when d.grantee = 0 then '@public' else pg_get_userbyid(d.grantee) end]::text[] as path,
       d.privileges
from difference d join entry e on e.oid = d.oid
