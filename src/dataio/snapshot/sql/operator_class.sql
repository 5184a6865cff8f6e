-- Operator classes with the members that depend on the class itself; the others are loose (family_member).
with class as (
    select o.*, n.nspname, m.amname
    from pg_opclass o
    join pg_namespace n on n.oid = o.opcnamespace
    join pg_am m on m.oid = o.opcmethod
    where o.oid >= 16384
      and n.nspname <> 'dataio_meta'
      and n.nspname !~ '^pg_(toast_)?temp_'
      and not exists (
          select from pg_depend x where x.classid = 'pg_opclass'::regclass and x.objid = o.oid and x.deptype = 'e'
      )
),
member as (
    select d.refobjid as class_oid,
           1 as variety,
           ao.amopstrategy as number,
           'OPERATOR ' || ao.amopstrategy || ' ' || quote_ident(n.nspname) || '.' || o.oprname
               || '(' || format_type(o.oprleft, null) || ', ' || format_type(o.oprright, null) || ')'
               || coalesce(' FOR ORDER BY ' || quote_ident(fn.nspname) || '.' || quote_ident(f.opfname), '') as item
    from class c
    join pg_depend d
        on d.refclassid = 'pg_opclass'::regclass and d.refobjid = c.oid and d.classid = 'pg_amop'::regclass
    join pg_amop ao on ao.oid = d.objid
    join pg_operator o on o.oid = ao.amopopr
    join pg_namespace n on n.oid = o.oprnamespace
    left join pg_opfamily f on f.oid = ao.amopsortfamily
    left join pg_namespace fn on fn.oid = f.opfnamespace
    union all
    select d.refobjid,
           2,
           ap.amprocnum,
           'FUNCTION ' || ap.amprocnum
               || ' (' || format_type(ap.amproclefttype, null) || ', ' || format_type(ap.amprocrighttype, null) || ') '
               || quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')'
    from class c
    join pg_depend d
        on d.refclassid = 'pg_opclass'::regclass and d.refobjid = c.oid and d.classid = 'pg_amproc'::regclass
    join pg_amproc ap on ap.oid = d.objid
    join pg_proc p on p.oid = ap.amproc
    join pg_namespace n on n.oid = p.pronamespace
),
members as (
    select class_oid, array_agg(item order by variety, number, item collate "C") as items
    from member
    group by class_oid
)
select c.oid as objid,
       0 as objsubid,
       array[c.nspname, c.opcname, c.amname]::text[] as path,
       format_type(c.opcintype, null) as type,
       c.opcdefault as default,
       array[fn.nspname, f.opfname]::text[] as family,
       case when c.opckeytype <> 0 then format_type(c.opckeytype, null) end as storage,
       coalesce(members.items, '{}') as members
from class c
join pg_opfamily f on f.oid = c.opcfamily
join pg_namespace fn on fn.oid = f.opfnamespace
left join members on members.class_oid = c.oid
