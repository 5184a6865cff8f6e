-- Every object that users made, catalogue by catalogue, whoever accounts for it; variety tells apart what several kinds
-- of facts share a catalogue for. Addresses packed as OID << 11. What is internal to its owner by its very nature (TOAST,
-- the triggers of foreign keys) is left out here, and what is temporary.
with passing as (
    select oid from pg_namespace where nspname ~ '^pg_(toast|temp_)'
)
select 'pg_class' as catalog, c.relkind::text as variety, array_agg(c.oid::int8 << 11) as objects
from pg_class c
where c.oid >= 16384 and c.relkind <> 't' and c.relnamespace not in (select oid from passing)
group by c.relkind
union all
select 'pg_type', case when e.oid is not null then 'array' when not t.typisdefined then 'shell' else t.typtype::text end,
       array_agg(t.oid::int8 << 11)
from pg_type t left join pg_type e on e.typarray = t.oid
where t.oid >= 16384 and t.typnamespace not in (select oid from passing)
group by 2
union all
select 'pg_proc', p.prokind::text, array_agg(p.oid::int8 << 11)
from pg_proc p
where p.oid >= 16384 and p.pronamespace not in (select oid from passing)
group by p.prokind
union all
select 'pg_constraint', case when c.conrelid = 0 then 'domain' else 'relation' end, array_agg(c.oid::int8 << 11)
from pg_constraint c
where c.oid >= 16384 and (c.conrelid <> 0 or c.contypid <> 0) and c.connamespace not in (select oid from passing)
group by 2
union all
select 'pg_attrdef', null, array_agg(d.oid::int8 << 11)
from pg_attrdef d join pg_class c on c.oid = d.adrelid
where d.oid >= 16384 and c.relpersistence <> 't'
union all
select 'pg_rewrite', case r.rulename when '_RETURN' then 'view' else 'rule' end, array_agg(r.oid::int8 << 11)
from pg_rewrite r join pg_class c on c.oid = r.ev_class
where r.oid >= 16384 and c.relpersistence <> 't'
group by 2
union all
select 'pg_trigger', null, array_agg(t.oid::int8 << 11)
from pg_trigger t join pg_class c on c.oid = t.tgrelid
where t.oid >= 16384 and c.relpersistence <> 't'
  and not t.tgisinternal -- >=15
  and (not t.tgisinternal or t.tgparentid <> 0) -- <15
union all
select 'pg_policy', null, array_agg(p.oid::int8 << 11)
from pg_policy p join pg_class c on c.oid = p.polrelid
where p.oid >= 16384 and c.relpersistence <> 't'
union all
select 'pg_statistic_ext', null, array_agg(s.oid::int8 << 11)
from pg_statistic_ext s join pg_class c on c.oid = s.stxrelid
where s.oid >= 16384 and c.relpersistence <> 't'
union all
select 'pg_namespace', null, array_agg(oid::int8 << 11)
from pg_namespace
where (oid >= 16384 or nspname = 'public') and nspname !~ '^pg_(toast_)?temp_'
union all select 'pg_extension', null, array_agg(oid::int8 << 11) from pg_extension where oid >= 16384
union all select 'pg_operator', null, array_agg(oid::int8 << 11) 
from pg_operator where oid >= 16384 and oprcode <> 0
union all select 'pg_opclass', null, array_agg(oid::int8 << 11) from pg_opclass where oid >= 16384
union all select 'pg_opfamily', null, array_agg(oid::int8 << 11) from pg_opfamily where oid >= 16384
union all select 'pg_amop', null, array_agg(oid::int8 << 11) from pg_amop where oid >= 16384
union all select 'pg_amproc', null, array_agg(oid::int8 << 11) from pg_amproc where oid >= 16384
union all select 'pg_am', null, array_agg(oid::int8 << 11) from pg_am where oid >= 16384
union all select 'pg_cast', null, array_agg(oid::int8 << 11) from pg_cast where oid >= 16384
union all select 'pg_collation', null, array_agg(oid::int8 << 11) from pg_collation where oid >= 16384
union all select 'pg_conversion', null, array_agg(oid::int8 << 11) from pg_conversion where oid >= 16384
union all select 'pg_language', null, array_agg(oid::int8 << 11) from pg_language where oid >= 16384
union all select 'pg_transform', null, array_agg(oid::int8 << 11) from pg_transform where oid >= 16384
union all select 'pg_ts_parser', null, array_agg(oid::int8 << 11) from pg_ts_parser where oid >= 16384
union all select 'pg_ts_template', null, array_agg(oid::int8 << 11) from pg_ts_template where oid >= 16384
union all select 'pg_ts_dict', null, array_agg(oid::int8 << 11) from pg_ts_dict where oid >= 16384
union all select 'pg_ts_config', null, array_agg(oid::int8 << 11) from pg_ts_config where oid >= 16384
union all select 'pg_event_trigger', null, array_agg(oid::int8 << 11) from pg_event_trigger where oid >= 16384
union all select 'pg_publication', null, array_agg(oid::int8 << 11) from pg_publication where oid >= 16384
union all select 'pg_publication_rel', null, array_agg(oid::int8 << 11) from pg_publication_rel where oid >= 16384
union all select 'pg_publication_namespace', null, array_agg(oid::int8 << 11) -- >=15
from pg_publication_namespace where oid >= 16384 -- >=15
union all select 'pg_subscription', null, array_agg(s.oid::int8 << 11) -- >=15
from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database() -- >=15
union all select 'pg_foreign_data_wrapper', null, array_agg(oid::int8 << 11)
from pg_foreign_data_wrapper where oid >= 16384
union all select 'pg_foreign_server', null, array_agg(oid::int8 << 11) from pg_foreign_server where oid >= 16384
union all select 'pg_user_mapping', null, array_agg(umid::int8 << 11) from pg_user_mappings where umid >= 16384
union all select 'pg_default_acl', null, array_agg(oid::int8 << 11) from pg_default_acl where oid >= 16384
