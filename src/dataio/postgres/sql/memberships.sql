-- The memberships of %(role)s that differ from what is wanted: the other role's name, and whether it is to be granted.
select distinct other.rolname::text as name, m.member is null as wanted
  from pg_catalog.pg_roles r
 cross join pg_catalog.pg_roles other
  left join pg_catalog.pg_auth_members m on m.roleid = other.oid and m.member = r.oid
 where r.rolname = %(role)s
   and other.oid <> r.oid
   and (m.member is null) = (other.rolname = any(%(wanted)s))
   and not other.rolsuper
 order by 1
