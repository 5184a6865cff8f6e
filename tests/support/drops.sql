-- Every way to take something away; its things stands for things.sql.
select case kind when 'user mapping' then format('drop user mapping for %s server %s',
    split_part(identity, ' on server ', 1), split_part(identity, ' on server ', 2))
    else format('drop %s %s cascade', kind, identity) end
from @things
union all
select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) from pg_constraint
where conrelid >= 16384 and contype <> 'n' and conparentid = 0 and coninhcount = 0
union all
select format('alter domain %s drop constraint %I cascade', contypid::regtype, conname) from pg_constraint
where contypid >= 16384
union all
select format('alter table %s drop column %I cascade', attrelid::regclass, attname)
from pg_attribute a join pg_class c on c.oid = attrelid
where attrelid >= 16384 and attnum > 0 and not attisdropped and relkind in ('r', 'p', 'f') and attinhcount = 0
  and relnamespace <> 'pg_toast'::regnamespace
union all
select format('alter type %s drop attribute %I cascade', attrelid::regclass, attname)
from pg_attribute a join pg_class c on c.oid = attrelid
where attrelid >= 16384 and attnum > 0 and not attisdropped and relkind = 'c'
union all
select format('alter table %s alter column %I drop default', attrelid::regclass, attname) from pg_attribute
where atthasdef and attgenerated = '' and attrelid >= 16384
union all
select format('drop trigger %I on %s cascade', tgname, tgrelid::regclass) from pg_trigger
where not tgisinternal and tgparentid = 0
union all
select format('drop rule %I on %s cascade', rulename, ev_class::regclass) from pg_rewrite
where ev_class >= 16384 and rulename <> '_RETURN'
union all
select format('drop policy %I on %s', polname, polrelid::regclass) from pg_policy
union all
select format('alter publication %I drop table %s', pubname, prrelid::regclass)
from pg_publication_rel join pg_publication p on p.oid = prpubid
union all
select format('alter publication %I drop tables in schema %I', pubname, nspname)
from pg_publication_namespace join pg_publication p on p.oid = pnpubid join pg_namespace n on n.oid = pnnspid
order by 1
