-- Privileges that are not what the object had when it was made: per grantee and grantor what is granted now, where that
-- differs from what initdb or an extension's script left (pg_init_privs), else from what a new object of that owner has.
-- Objects of PostgreSQL or an extension are no facts and are named by pg_identify_object_as_address.
with holder as (
    select 'pg_class'::regclass as classid, oid as objid, 0 as objsubid, relowner as owner, relacl as acl,
           case relkind when 'S' then 's' else 'r' end::"char" as kind
    from pg_class
    where relacl is not null and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      and relnamespace not in ('pg_toast'::regnamespace, 'information_schema'::regnamespace)
    union all
    select 'pg_class'::regclass, a.attrelid, a.attnum, c.relowner, a.attacl, 'c'
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace <> 'information_schema'::regnamespace
      and a.attacl is not null and not a.attisdropped
    union all select 'pg_type'::regclass, oid, 0, typowner, typacl, 'T' from pg_type where typacl is not null
    union all select 'pg_namespace'::regclass, oid, 0, nspowner, nspacl, 'n' from pg_namespace
    where nspacl is not null or nspname = 'public'
    union all select 'pg_proc'::regclass, oid, 0, proowner, proacl, 'f' from pg_proc where proacl is not null
    union all select 'pg_language'::regclass, oid, 0, lanowner, lanacl, 'l' from pg_language where lanacl is not null
    union all select 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwowner, fdwacl, 'F'
    from pg_foreign_data_wrapper where fdwacl is not null
    union all select 'pg_foreign_server'::regclass, oid, 0, srvowner, srvacl, 'S'
    from pg_foreign_server where srvacl is not null
),
-- Of schema public only what every initdb of this version does counts, whoever owns it and made it.
judged as (
    select h.classid, h.objid, h.objsubid,
           coalesce(h.acl, acldefault(h.kind, h.owner)) as acl,
           case when h.classid = 'pg_namespace'::regclass and h.objid = to_regnamespace('public')
               then acldefault(h.kind, h.owner) || makeaclitem(0, h.owner, 'USAGE', false)
                    || makeaclitem(0, h.owner, 'CREATE', false) -- <15
               else coalesce(i.initprivs, acldefault(h.kind, h.owner)) end as usual
    from holder h
    left join pg_init_privs i on i.classoid = h.classid and i.objoid = h.objid and i.objsubid = h.objsubid
),
grant_item as (
    select j.classid, j.objid, j.objsubid, x.grantee, x.grantor,
           x.privilege_type || case when x.is_grantable then '*' else '' end as privilege, true as now
    from judged j cross join lateral aclexplode(j.acl) x
    where j.acl is distinct from j.usual
    union all
    select j.classid, j.objid, j.objsubid, x.grantee, x.grantor,
           x.privilege_type || case when x.is_grantable then '*' else '' end, false
    from judged j cross join lateral aclexplode(j.usual) x
    where j.acl is distinct from j.usual
),
difference as (
    select classid, objid, objsubid, grantee, grantor,
           coalesce(array_agg(privilege order by privilege collate "C") filter (where now), '{}') as privileges
    from grant_item
    group by classid, objid, objsubid, grantee, grantor
    having array_agg(privilege order by privilege collate "C") filter (where now)
           is distinct from array_agg(privilege order by privilege collate "C") filter (where not now)
)
select d.classid::oid::int8 as catalog, d.objid::int8, d.objsubid::int4, a.attname::text as column,
       case when d.grantee = 0 then '@public' else pg_get_userbyid(d.grantee) end::text as grantee,
       pg_get_userbyid(d.grantor)::text as grantor,
       d.privileges,
       s.type, s.object_names, s.object_args
from difference d
left join pg_attribute a on d.objsubid <> 0 and a.attrelid = d.objid and a.attnum = d.objsubid
left join pg_depend e on e.classid = d.classid and e.objid = d.objid and e.deptype = 'e' and e.objsubid = 0
left join lateral pg_identify_object_as_address(d.classid, d.objid, d.objsubid) s
    on d.objid < 16384 or e.objid is not null
