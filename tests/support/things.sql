-- What can be dropped, in the words of DROP, ALTER and COMMENT ON: a kind and what identifies one thing of it.
select case
        when classid = 'pg_type'::regclass and (select typtype from pg_type t where t.oid = objid) = 'd' then 'domain'
        when type = 'foreign-data wrapper' then 'foreign data wrapper'
        when type = 'statistics object' then 'statistics'
        else type end as kind,
    identity, classid, objid
from (
    select classid, objid, (pg_identify_object(classid, objid, 0)).* from (
        select 'pg_class'::regclass as classid, oid as objid from pg_class
            where relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I') and relnamespace <> 'pg_toast'::regnamespace
        union all select 'pg_proc'::regclass, oid from pg_proc
        union all select 'pg_type'::regclass, t.oid from pg_type t
            where typtype in ('e', 'd', 'r') or typtype = 'b' and typelem = 0
                or typtype = 'c' and (select relkind from pg_class c where c.oid = typrelid) = 'c'
        union all select 'pg_operator'::regclass, oid from pg_operator
        union all select 'pg_opclass'::regclass, oid from pg_opclass
        union all select 'pg_opfamily'::regclass, oid from pg_opfamily
        union all select 'pg_collation'::regclass, oid from pg_collation
        union all select 'pg_conversion'::regclass, oid from pg_conversion
        union all select 'pg_ts_config'::regclass, oid from pg_ts_config
        union all select 'pg_ts_dict'::regclass, oid from pg_ts_dict
        union all select 'pg_ts_parser'::regclass, oid from pg_ts_parser
        union all select 'pg_ts_template'::regclass, oid from pg_ts_template
        union all select 'pg_statistic_ext'::regclass, oid from pg_statistic_ext
        union all select 'pg_namespace'::regclass, oid from pg_namespace where nspname !~ '^pg_'
        union all select 'pg_cast'::regclass, oid from pg_cast
        union all select 'pg_transform'::regclass, oid from pg_transform
        union all select 'pg_language'::regclass, oid from pg_language
        union all select 'pg_am'::regclass, oid from pg_am
        union all select 'pg_event_trigger'::regclass, oid from pg_event_trigger
        union all select 'pg_publication'::regclass, oid from pg_publication
        union all select 'pg_foreign_data_wrapper'::regclass, oid from pg_foreign_data_wrapper
        union all select 'pg_foreign_server'::regclass, oid from pg_foreign_server
        union all select 'pg_user_mapping'::regclass, oid from pg_user_mapping
    ) o where objid >= 16384
) i
