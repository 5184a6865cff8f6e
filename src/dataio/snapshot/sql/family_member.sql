-- Loose members of operator families: what no operator class of the user's holds, also where the family or the class
-- that PostgreSQL tied them to is its own. Members of an extension's families are the extension's, and so are those of
-- PostgreSQL's own families that an extension's operator or function stands for.
with extension_member as (
    select classid, objid from pg_depend where deptype = 'e'
),
member as (
    select 'pg_amop'::regclass as classid,
           ao.oid,
           ao.amopfamily as family_oid,
           'operator' as variety,
           ao.amopstrategy as number,
           format_type(ao.amoplefttype, null) as left_type,
           format_type(ao.amoprighttype, null) as right_type,
           'OPERATOR ' || ao.amopstrategy || ' ' || quote_ident(n.nspname) || '.' || o.oprname
               || '(' || format_type(o.oprleft, null) || ', ' || format_type(o.oprright, null) || ')'
               || coalesce(' FOR ORDER BY ' || quote_ident(fn.nspname) || '.' || quote_ident(f.opfname), '') as item,
           'pg_operator'::regclass as used_class,
           o.oid as used_oid
    from pg_amop ao
    join pg_operator o on o.oid = ao.amopopr
    join pg_namespace n on n.oid = o.oprnamespace
    left join pg_opfamily f on f.oid = ao.amopsortfamily
    left join pg_namespace fn on fn.oid = f.opfnamespace
    where ao.oid >= 16384
    union all
    select 'pg_amproc'::regclass,
           ap.oid,
           ap.amprocfamily,
           'function',
           ap.amprocnum,
           format_type(ap.amproclefttype, null),
           format_type(ap.amprocrighttype, null),
           'FUNCTION ' || ap.amprocnum
               || ' (' || format_type(ap.amproclefttype, null) || ', ' || format_type(ap.amprocrighttype, null) || ') '
               || quote_ident(n.nspname) || '.' || quote_ident(p.proname)
               || '(' || oidvectortypes(p.proargtypes) || ')',
           'pg_proc'::regclass,
           p.oid
    from pg_amproc ap
    join pg_proc p on p.oid = ap.amproc
    join pg_namespace n on n.oid = p.pronamespace
    where ap.oid >= 16384
)
select x.classid::oid as classid,
       x.oid as objid,
       0 as objsubid,
       array[n.nspname, f.opfname, m.amname, x.variety, x.number, x.left_type, x.right_type]::text[] as path,
       x.item
from member x
join pg_opfamily f on f.oid = x.family_oid
join pg_namespace n on n.oid = f.opfnamespace
join pg_am m on m.oid = f.opfmethod
left join pg_depend d
    on d.classid = x.classid and d.objid = x.oid and d.refclassid = 'pg_opclass'::regclass
where (d.refobjid is null or d.refobjid < 16384)
  and n.nspname <> 'dataio_meta'
  and n.nspname !~ '^pg_(toast_)?temp_'
  and not exists (
      select from extension_member e where e.classid = 'pg_opfamily'::regclass and e.objid = f.oid
  )
  and not (
      f.oid < 16384
      and exists (select from extension_member e where e.classid = x.used_class and e.objid = x.used_oid)
  )
