-- More alterations, as in alterations.sql: types, routines, operators, text search, publications, who may do what.

-- enum values
select format('alter type %s add value if not exists %L before %L; alter type %1$s rename value %3$L to ''was @n''',
    enumtypid::regtype, (array['A @n', 'it''s @n', '"@n"'])[1 + @n % 3], enumlabel) from pg_enum

-- composite's parts
select format('alter type %s %s %s', t.oid::regtype, (array['add attribute added_@n text collate "C"',
    format('alter attribute %I type varchar(30)', attname),
    format('drop attribute %I, add attribute added_@n date', attname),
    format('alter attribute %I set data type bigint', attname), 'add attribute a_@n integer, add attribute b_@n text[]',
    format('add attribute added_@n %s', other)])[1 + @n % 6], (array['', 'cascade'])[1 + @n % 2])
from pg_type t join pg_class c on c.oid = typrelid join pg_attribute a on attrelid = c.oid,
    (select oid::regtype as other from pg_type where typtype in ('d', 'e', 'r') and oid >= 16384
        order by md5(typname || '@n') limit 1) o
where relkind = 'c' and t.oid >= 16384 and attnum > 0 and not attisdropped

-- type of other types
select format('create type type_@n as (a %s, b %1$s[])', oid::regtype)
from pg_type where oid >= 16384 and typtype in ('d', 'e', 'c', 'r', 'm', 'b')
union all
select format('create type type_@n as range (subtype = %s %s)', oid::regtype, (array['',
    ', multirange_type_name = many_@n', ', collation = "C"'])[1 + @n % 3])
from pg_type where (oid >= 16384 or typname in ('text', 'date', 'float8', 'uuid')) and typtype in ('d', 'e', 'c', 'b')
union all
select format('create domain domain_@n as %s %s', oid::regtype, (array['check (value is distinct from null)',
    'default null', 'constraint there_@n not null', ''])[1 + @n % 4])
from pg_type where oid >= 16384 and typtype in ('d', 'e', 'c', 'r', 'm', 'b')

-- base type new
select 'create type base_@n;
    create function base_@n_in(cstring) returns base_@n language internal immutable strict as ''int4in'';
    create function base_@n_out(base_@n) returns cstring language internal immutable strict as ''int4out'';
    create type base_@n (input = base_@n_in, output = base_@n_out, like = integer, category = ''N'')'
    || case @n % 2 when 0 then '; create table of_base_@n (a base_@n, b base_@n[])' else '' end

-- base type's functions
select format('alter type %s set (%s)', oid::regtype, (array['receive = none', 'send = none', 'typmod_in = none',
    'typmod_out = none', 'analyze = none', 'subscript = none', 'analyze = range_typanalyze'])[1 + @n % 7])
from pg_type where typtype = 'b' and oid >= 16384 and typname not like E'\\_%'

-- domain's default and checks
select format('alter domain %s %s', oid::regtype, (array[
    format('set default null::%s', format_type(typbasetype, typtypmod)),
    'add constraint domain_@n check (value::text <> ''x@n'')', 'add constraint named_@n not null'])[1 + @n % 3])
from pg_type where typtype = 'd' and oid >= 16384

-- collation of columns and types
select format('create collation collation_@n (%s); alter table %s alter %I type text collate collation_@n',
    (array['locale = ''C''', 'provider = builtin, locale = ''C.UTF-8''', 'locale = ''POSIX'''])[1 + @n % 3],
    attrelid::regclass, attname)
from pg_attribute a join pg_class c on c.oid = attrelid
where relkind in ('r', 'p') and attrelid >= 16384 and attnum > 0 and not attisdropped and atttypid = 'text'::regtype
union all
select 'create collation collation_@n (locale = ''C''); create domain domain_@n as text collate collation_@n'
union all
select format('alter collation %s.%I refresh version', collnamespace::regnamespace, collname)
from pg_collation where oid >= 16384

-- function's settings
select format('alter routine %s %s', oid::regprocedure, (array['set search_path from current', 'reset search_path',
    'not leakproof', 'security invoker', 'cost 3 parallel unsafe', 'set datestyle to iso, dmy',
    'set work_mem = 777 set enable_seqscan = off', 'set "my.own" to ''it''''s''', 'support array_unnest_support'
    ])[1 + @n % 9])
from pg_proc where oid >= 16384

-- function of a table's rows
select format('create function rows_@n(%s) returns %s begin atomic select %s from %s; end', (array['', 'a integer',
    format('a %s', attrelid::regclass)])[1 + @n % 3], (array[format('setof %s', attrelid::regclass), 'integer',
    format('table (a %s)', format_type(atttypid, atttypmod))])[1 + @n % 3], (array['*', '1', quote_ident(attname)
    ])[1 + @n % 3], attrelid::regclass)
from pg_attribute a join pg_class c on c.oid = attrelid
where relkind in ('r', 'p', 'v', 'm', 'f') and attrelid >= 16384 and attnum > 0 and not attisdropped

-- function that calls another
select format('create function calls_@n() returns text return %s(%s)::text', oid::regproc,
    rtrim(repeat('null, ', pronargs), ', '))
from pg_proc where oid >= 16384 and prokind = 'f' and not proretset

-- function of other arguments
select replace((array['create function function_@n(a @t, b integer default 5) returns @t language sql return a',
    'create function function_@n(variadic a @t[]) returns integer language sql return 1',
    'create function function_@n(inout a @t, out b integer) language plpgsql as ''begin end''',
    'create function function_@n(a @t default null) returns table (b @t, c text) language plpgsql as ''begin end''',
    'create procedure procedure_@n(a @t, inout b @t) language plpgsql as ''begin end''',
    'create aggregate aggregate_@n(@t) (sfunc = array_append, stype = @t[])'
    ])[1 + @n % 6], '@t', oid::regtype::text)
from pg_type where (oid >= 16384 or typname in ('int4', 'text')) and typtype in ('d', 'e', 'c', 'r', 'm', 'b')

-- function with other arguments
select format('drop function %s; %s', oid::regprocedure, regexp_replace(pg_get_functiondef(oid), '\(', (array[
    '(more_@n integer, ', '("More" text, '])[1 + @n % 2]))
from pg_proc where prokind = 'f' and oid >= 16384 and pronargs between 1 and 2 and provariadic = 0
    and prolang = (select oid from pg_language where lanname = 'plpgsql')

-- aggregates
select (array['create aggregate aggregate_@n(integer) (sfunc = int4_avg_accum, stype = bigint[], finalfunc = int8_avg,
        combinefunc = int4_avg_combine, initcond = ''{0,0}'', parallel = safe)',
    'create aggregate aggregate_@n(order by anyelement) (sfunc = ordered_set_transition, stype = internal,
        finalfunc = mode_final, finalfunc_extra)',
    'create aggregate aggregate_@n(float8) (sfunc = float8pl, stype = float8, msfunc = float8pl, minvfunc = float8mi,
        mstype = float8, sspace = 55, sortop = <)',
    'create aggregate aggregate_@n(*) (sfunc = int8inc, stype = int8, initcond = ''0'')'])[1 + @n % 4]

-- operators
select format('create operator #@%s (function = %s, %s%s)', case @n % 3 when 0 then '' else '#' end, oid::regproc,
    case pronargs when 2 then format('leftarg = %s, ', proargtypes[0]::regtype) else '' end,
    format('rightarg = %s', proargtypes[pronargs - 1]::regtype))
from pg_proc where oid >= 16384 and prokind = 'f' and pronargs between 1 and 2 and not proretset
  and prorettype <> 'void'::regtype
union all
select format('alter operator %s set (%s)', oid::regoperator, (array['hashes', 'merges', 'restrict = eqsel',
    'join = eqjoinsel', format('commutator = operator(%s.%s)', oprnamespace::regnamespace, oprname)])[1 + @n % 5])
from pg_operator where oid >= 16384

-- operator families
select format('alter operator family %s.%I using btree add operator %s (integer, bigint)', opfnamespace::regnamespace,
    opfname, (array['1 <', '3 =', '5 >'])[1 + @n % 3])
from pg_opfamily where opfmethod = 403 and oid >= 16384
union all
select format('alter operator family %s.%I using %I add function 1 (%s, %s) %s', opfnamespace::regnamespace,
    opfname, amname, 'integer', case amname when 'hash' then 'integer' else 'bigint' end,
    case amname when 'hash' then 'hashint4(integer)' else 'btint48cmp(integer, bigint)' end)
from pg_opfamily f join pg_am a on a.oid = opfmethod where amname in ('btree', 'hash') and f.oid >= 16384
union all
select 'create operator family family_@n using btree;
    create operator class class_@n for type integer using btree family family_@n as operator 1 <, operator 3 =,
        function 1 btint4cmp(integer, integer), function 4 btequalimage(oid);
    create table of_class_@n (a integer); create index of_class_@n_index on of_class_@n (a class_@n)'
union all
select 'create operator class class_@n for type text using gist as operator 1 =, storage text'

-- parts of operator families gone
select format('alter operator family %s.%I using %I drop operator %s (%s, %s)', opfnamespace::regnamespace, opfname,
    amname, amopstrategy, amoplefttype::regtype, amoprighttype::regtype)
from pg_amop join pg_opfamily f on f.oid = amopfamily join pg_am a on a.oid = opfmethod where f.oid >= 16384
union all
select format('alter operator family %s.%I using %I drop function %s (%s, %s)', opfnamespace::regnamespace, opfname,
    amname, amprocnum, amproclefttype::regtype, amprocrighttype::regtype)
from pg_amproc join pg_opfamily f on f.oid = amprocfamily join pg_am a on a.oid = opfmethod where f.oid >= 16384

-- casts
select format('create cast (%s as %s) %s as %s', s.oid::regtype, t.oid::regtype, (array['with inout',
    'without function'])[1 + @n % 2], (array['assignment', 'implicit'])[1 + @n % 2])
from pg_type s, pg_type t where s.typtype in ('b', 'c', 'e', 'r') and s.oid >= 16384 and s.typname not like E'\\_%'
  and (t.oid >= 16384 or t.typname in ('text', 'int4')) and t.typtype = 'b' and t.typname not like E'\\_%'
union all
select format('create cast (%s as %s) with function %s', proargtypes[0]::regtype, prorettype::regtype,
    oid::regprocedure)
from pg_proc where oid >= 16384 and pronargs = 1 and prokind = 'f' and not proretset and not exists (
    select 1 from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'i')

-- languages
select 'create function handler_@n() returns language_handler language c
        as ''$libdir/plpgsql'', ''plpgsql_call_handler'';
    create language language_@n handler handler_@n;
    create function in_language_@n() returns integer language language_@n as ''begin end'''
union all
select format('alter language %I rename to renamed_@n', lanname) from pg_language where oid >= 16384
union all
select format('%s usage on language %I %s', (array['grant', 'revoke'])[1 + @n % 2], lanname,
    (array['to amputate_reader', 'from public'])[1 + @n % 2]) from pg_language where lanpltrusted

-- access method of tables
select 'create access method method_@n type table handler heap_tableam_handler;
    create table of_method_@n (a integer) using method_@n'

-- text search
select format('alter text search configuration %s.%I %s', cfgnamespace::regnamespace, cfgname, (array[
    'alter mapping for word, asciiword with simple, english_stem', 'drop mapping for numword',
    'alter mapping replace english_stem with simple', 'add mapping for tag, entity with simple, english_stem',
    'alter mapping replace simple with english_stem'])[1 + @n % 5])
from pg_ts_config where oid >= 16384
union all
select format('alter text search configuration %s.%I alter mapping for word with %s.%I, simple',
    cfgnamespace::regnamespace, cfgname, dictnamespace::regnamespace, dictname)
from pg_ts_config, pg_ts_dict d where pg_ts_config.oid >= 16384 and d.oid >= 16384
union all
select 'create text search parser parser_@n (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
    lextypes = prsd_lextype, headline = prsd_headline); create text search configuration parsed_@n (parser = parser_@n)'
union all
select 'create text search template template_@n (init = dsimple_init, lexize = dsimple_lexize);
    create text search dictionary of_template_@n (template = template_@n, accept = true)'

-- publication's settings
select format('alter publication %I set (%s)', pubname, (array['publish_generated_columns = stored',
    'publish = ''truncate''', 'publish = ''insert, update, delete, truncate''', 'publish_via_partition_root = false'
    ])[1 + @n % 4]) from pg_publication
union all
select format('alter publication %I %s tables in schema %I', pubname, (array['add', 'set', 'drop'])[1 + @n % 3],
    nspname)
from pg_publication, pg_namespace n where n.oid >= 16384 or nspname = 'public'
union all
select format('create publication publication_@n for table %s%s %s', attrelid::regclass, (array[
    format(' (%I)', attname), ''])[1 + @n % 2], format((array['where (%I is not null)', ''])[1 + @n % 2], attname))
from pg_attribute a join pg_class c on c.oid = attrelid
where relkind in ('r', 'p') and attrelid >= 16384 and attnum > 0 and not attisdropped
union all
select format('alter publication %I set table %s', pubname, c.oid::regclass)
from pg_publication, pg_class c where relkind in ('r', 'p') and c.oid >= 16384

-- foreign's options
select format('alter server %I options (%s %I)', srvname, 'drop', split_part(unnest(srvoptions), '=', 1))
from pg_foreign_server
union all
select format('alter server %I options (%s %I ''@n'')', srvname, 'set', split_part(unnest(srvoptions), '=', 1))
from pg_foreign_server
union all
select format('alter foreign data wrapper %I options (set %I ''@n'')', fdwname, split_part(unnest(fdwoptions), '=', 1))
from pg_foreign_data_wrapper
union all
select format('alter foreign data wrapper %I %s', fdwname, (array['no validator', 'no handler'])[1 + @n % 2])
from pg_foreign_data_wrapper
union all
select format('alter foreign table %s options (%s %I %s)', ftrelid::regclass, (array['set', 'drop'])[1 + @n % 2],
    split_part(unnest(ftoptions), '=', 1), (array['''@n''', ''])[1 + @n % 2]) from pg_foreign_table
union all
select format('alter foreign table %s alter %I options (%s)', attrelid::regclass, attname, case
    when attfdwoptions is null then 'new_@n ''x'''
    else 'drop ' || quote_ident(split_part(attfdwoptions[1], '=', 1)) end)
from pg_attribute a join pg_class c on c.oid = attrelid
where relkind = 'f' and attnum > 0 and not attisdropped
union all
select format('alter user mapping for %s server %I options (add also_@n ''y'')', case umuser when 0 then 'public'
    else quote_ident(usename) end, srvname) from pg_user_mappings
union all
select format('create foreign table foreign_@n (b integer) inherits (%s) server %I', c.oid::regclass, srvname)
from pg_class c, pg_foreign_server where relkind = 'r' and c.oid >= 16384 and not relispartition
  and relnamespace <> 'pg_toast'::regnamespace
union all
select format('create foreign table foreign_@n partition of %s default server %I', partrelid::regclass, srvname)
from pg_partitioned_table, pg_foreign_server where partdefid = 0 and partstrat <> 'h'

-- event triggers
select format('create event trigger event_@n on %s execute function %s()', (array['sql_drop', 'table_rewrite', 'login',
    'ddl_command_start'])[1 + @n % 4], oid::regproc) || '; alter event trigger event_@n disable'
from pg_proc where prorettype = 'event_trigger'::regtype

-- privileges granted further
select format('grant %s on %s to amputate_reader with grant option; set role amputate_reader;
    grant %1$s on %2$s to amputate_owner; reset role', (array['select', 'select, update', 'all'])[1 + @n % 3],
    c.oid::regclass)
from pg_class c where relkind in ('r', 'p', 'v', 'm', 'f') and c.oid >= 16384
  and relnamespace <> 'pg_toast'::regnamespace
union all
select format('grant all on function %s to amputate_reader with grant option; set role amputate_reader;
    grant all on function %1$s to amputate_owner; reset role', oid::regprocedure)
from pg_proc where prokind in ('f', 'a') and oid >= 16384

-- privileges of the owner
select format('revoke %s on %s from current_user', (array['select', 'all', 'update, delete'])[1 + @n % 3],
    c.oid::regclass)
from pg_class c where relkind in ('r', 'p', 'v', 'm', 'f') and c.oid >= 16384
  and relnamespace <> 'pg_toast'::regnamespace
union all
select format('revoke all on %s from public, amputate_reader, amputate_owner', c.oid::regclass)
from pg_class c where relacl is not null and c.oid >= 16384
union all
select format('revoke all on function %s from current_user', oid::regprocedure) from pg_proc
where prokind in ('f', 'a') and oid >= 16384
union all
select format('revoke all on type %s from current_user', oid::regtype) from pg_type
where typtype in ('d', 'e', 'c', 'r') and oid >= 16384
union all
select format('revoke all on schema %I from current_user', nspname) from pg_namespace where oid >= 16384

-- privileges of all in a schema
select format('%s on all %s in schema %I %s', case @n % 2 when 0 then 'grant all' else 'revoke all' end,
    (array['tables', 'sequences', 'routines'])[1 + @n % 3], nspname,
    case @n % 2 when 0 then 'to amputate_reader' else 'from public' end)
from pg_namespace where oid >= 16384 or nspname = 'public'

-- default privileges of other kinds
select format('alter default privileges %s %s', (array['', 'in schema public', 'for role amputate_owner',
    'for role amputate_reader in schema public'])[1 + @n % 4],
    (array['grant all on tables to amputate_owner with grant option', 'grant execute on routines to amputate_reader',
        'revoke all on types from public', 'grant usage on sequences to public',
        'revoke all on tables from current_user'
    ])[1 + @n % 5])
union all
select format('alter default privileges grant usage on schemas to %s', (array['public', 'amputate_reader'])[1 + @n % 2])

-- schema of its own
select 'create schema schema_@n authorization amputate_owner create table inside_@n (a integer primary key, b text)
    create view of_inside_@n as select * from inside_@n'
