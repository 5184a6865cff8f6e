-- Every object that users made, catalogue by catalogue, whoever accounts for it. What is internal to its owner by its
-- very nature (TOAST, the triggers of foreign keys) is left out here, temporary things too.
select 'pg_class' as catalog, array_agg(oid::int8 << 11) as objects
from pg_class
where oid >= 16384 and relkind <> 't'
  and relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_(toast|temp_)')
union all select 'pg_type', array_agg(oid::int8 << 11)
from pg_type
where oid >= 16384 and typnamespace not in (select oid from pg_namespace where nspname ~ '^pg_(toast|temp_)')
union all select 'pg_proc', array_agg(oid::int8 << 11) from pg_proc where oid >= 16384
  and pronamespace not in (select oid from pg_namespace where nspname ~ '^pg_temp_')
union all select 'pg_constraint', array_agg(oid::int8 << 11) from pg_constraint where oid >= 16384
  and connamespace not in (select oid from pg_namespace where nspname ~ '^pg_(toast|temp_)')
  and (conrelid <> 0 or contypid <> 0)
union all select 'pg_attrdef', array_agg(d.oid::int8 << 11) from pg_attrdef d join pg_class c on c.oid = d.adrelid
where d.oid >= 16384 and c.relpersistence <> 't'
union all select 'pg_rewrite', array_agg(r.oid::int8 << 11) from pg_rewrite r join pg_class c on c.oid = r.ev_class
where r.oid >= 16384 and c.relpersistence <> 't'
union all select 'pg_trigger', array_agg(t.oid::int8 << 11) from pg_trigger t join pg_class c on c.oid = t.tgrelid
where t.oid >= 16384 and not t.tgisinternal and c.relpersistence <> 't'
union all select 'pg_policy', array_agg(p.oid::int8 << 11) from pg_policy p join pg_class c on c.oid = p.polrelid
where p.oid >= 16384 and c.relpersistence <> 't'
union all select 'pg_statistic_ext', array_agg(s.oid::int8 << 11)
from pg_statistic_ext s join pg_class c on c.oid = s.stxrelid
where s.oid >= 16384 and c.relpersistence <> 't'
union all select 'pg_namespace', array_agg(oid::int8 << 11) from pg_namespace
where oid >= 16384 and nspname !~ '^pg_(toast_)?temp_'
union all select 'pg_extension', array_agg(oid::int8 << 11) from pg_extension where oid >= 16384
union all select 'pg_operator', array_agg(oid::int8 << 11) from pg_operator where oid >= 16384
union all select 'pg_opclass', array_agg(oid::int8 << 11) from pg_opclass where oid >= 16384
union all select 'pg_opfamily', array_agg(oid::int8 << 11) from pg_opfamily where oid >= 16384
union all select 'pg_amop', array_agg(oid::int8 << 11) from pg_amop where oid >= 16384
union all select 'pg_amproc', array_agg(oid::int8 << 11) from pg_amproc where oid >= 16384
union all select 'pg_am', array_agg(oid::int8 << 11) from pg_am where oid >= 16384
union all select 'pg_cast', array_agg(oid::int8 << 11) from pg_cast where oid >= 16384
union all select 'pg_collation', array_agg(oid::int8 << 11) from pg_collation where oid >= 16384
union all select 'pg_conversion', array_agg(oid::int8 << 11) from pg_conversion where oid >= 16384
union all select 'pg_language', array_agg(oid::int8 << 11) from pg_language where oid >= 16384
union all select 'pg_transform', array_agg(oid::int8 << 11) from pg_transform where oid >= 16384
union all select 'pg_ts_parser', array_agg(oid::int8 << 11) from pg_ts_parser where oid >= 16384
union all select 'pg_ts_template', array_agg(oid::int8 << 11) from pg_ts_template where oid >= 16384
union all select 'pg_ts_dict', array_agg(oid::int8 << 11) from pg_ts_dict where oid >= 16384
union all select 'pg_ts_config', array_agg(oid::int8 << 11) from pg_ts_config where oid >= 16384
union all select 'pg_event_trigger', array_agg(oid::int8 << 11) from pg_event_trigger where oid >= 16384
union all select 'pg_publication', array_agg(oid::int8 << 11) from pg_publication where oid >= 16384
union all select 'pg_publication_rel', array_agg(oid::int8 << 11) from pg_publication_rel where oid >= 16384
union all select 'pg_publication_namespace', array_agg(oid::int8 << 11) -- >=15
from pg_publication_namespace where oid >= 16384 -- >=15
union all select 'pg_subscription', array_agg(s.oid::int8 << 11) -- >=15
from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database() -- >=15
union all select 'pg_foreign_data_wrapper', array_agg(oid::int8 << 11) from pg_foreign_data_wrapper where oid >= 16384
union all select 'pg_foreign_server', array_agg(oid::int8 << 11) from pg_foreign_server where oid >= 16384
union all select 'pg_user_mapping', array_agg(umid::int8 << 11) from pg_user_mappings where umid >= 16384
union all select 'pg_default_acl', array_agg(oid::int8 << 11) from pg_default_acl where oid >= 16384
