-- What PostgreSQL makes along with an object, and whose it is; addresses packed as OID << 11 | column.
select 'pg_type' as catalog, 'pg_class' as target,
       array_agg(oid::int8 << 11) as objects, array_agg(typrelid::int8 << 11) as targets
from pg_type where typrelid >= 16384
union all -- array types
select 'pg_type', 'pg_type', array_agg(typarray::int8 << 11), array_agg(oid::int8 << 11)
from pg_type where typarray >= 16384
union all -- >=14
select 'pg_type', 'pg_type', array_agg(rngmultitypid::int8 << 11), array_agg(rngtypid::int8 << 11) -- >=14
from pg_range where rngmultitypid >= 16384 -- >=14
union all
select 'pg_class', 'pg_constraint', array_agg(conindid::int8 << 11), array_agg(oid::int8 << 11)
from pg_constraint where contype in ('p', 'u', 'x') and conindid >= 16384
union all
select 'pg_rewrite', 'pg_class', array_agg(oid::int8 << 11), array_agg(ev_class::int8 << 11)
from pg_rewrite where rulename = '_RETURN' and oid >= 16384
union all -- the expressions of generated columns
select 'pg_attrdef', 'pg_class', array_agg(d.oid::int8 << 11), array_agg(d.adrelid::int8 << 11 | d.adnum)
from pg_attrdef d
join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum and a.attgenerated <> ''
where d.oid >= 16384
union all -- constraint triggers
select 'pg_constraint', 'pg_trigger', array_agg(c.oid::int8 << 11), array_agg(t.oid::int8 << 11)
from pg_constraint c join pg_trigger t on t.tgconstraint = c.oid
where c.contype = 't' and c.oid >= 16384
union all -- the copies of a foreign key for each partition that it references
select 'pg_constraint', 'pg_constraint', array_agg(oid::int8 << 11), array_agg(conparentid::int8 << 11)
from pg_constraint where contype = 'f' and conparentid <> 0
union all -- the not-null constraints of domains
select 'pg_constraint', 'pg_type', array_agg(oid::int8 << 11), array_agg(contypid::int8 << 11)
from pg_constraint where contype = 'n' and contypid <> 0
union all -- what operator classes are made of; what is loose in a family is a fact
select classid::regclass::text, 'pg_opclass', array_agg(objid::int8 << 11), array_agg(refobjid::int8 << 11)
from pg_depend
where classid in ('pg_amop'::regclass, 'pg_amproc'::regclass) and objid >= 16384
  and refclassid = 'pg_opclass'::regclass and deptype in ('a', 'i')
group by classid
