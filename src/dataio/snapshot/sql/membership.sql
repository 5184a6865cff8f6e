-- Memberships between roles. From 16 on the same may be granted by several: what holds is the sum.
select null::oid as objid,
       null::int as objsubid,
       array[r.rolname, m.rolname]::text[] as path,
       bool_or(a.admin_option) as admin,
       bool_or(a.inherit_option) as inherit, -- >=16
       bool_or(a.set_option) as set -- >=16
       null::boolean as inherit, -- <16
       null::boolean as set -- <16
from pg_auth_members a
join pg_roles r on r.oid = a.roleid
join pg_roles m on m.oid = a.member
where m.oid >= 16384 or r.oid >= 16384
group by r.rolname, m.rolname
