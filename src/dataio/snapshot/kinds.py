"""Every kind of fact: its path, its attributes, its info. The contract between the snapshot and whoever reads it.

Conventions. Text is what PostgreSQL itself deparses with an empty ``search_path`` (``format_type``, ``pg_get_*def``),
so names outside ``pg_catalog`` are schema-qualified and quoted where they must be. Path parts are raw names, unquoted,
except argument and type parts, which are ``format_type`` text. *Qualified* values are ``(schema, name)`` tuples of raw
names. Lists are tuples; option lists are tuples of ``"name=value"``, sorted. What a server version does not have is
``None`` (or False, or an empty tuple) there. Role names are raw, with ``SELF`` for the own role and ``PUBLIC`` for
PUBLIC .

What belongs to an extension or was made by initdb is no fact; neither is anything in ``dataio_meta``, in temporary
schemas, or in ``pg_toast``. Comments, owners, privileges, labels and dependencies on extensions are facts of their own,
*attachments*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
class Kind:
    """One kind of fact. ``parts`` name the path; ``catalog`` is the catalogue whose OID addresses such a thing."""

    name: str
    parts: tuple[str, ...]
    attributes: tuple[str, ...]
    info: tuple[str, ...] = ()
    catalog: str | None = None
    expressions: frozenset[str] = frozenset()
    """Attributes that hold deparsed SQL: the only ones that one more dump and restore may word differently."""

    @cached_property
    def attribute_index(self) -> Mapping[str, int]:
        return {name: i for i, name in enumerate(self.attributes)}

    @cached_property
    def info_index(self) -> Mapping[str, int]:
        return {name: i for i, name in enumerate(self.info)}


def _kind(
    name: str, parts: str, attributes: str = "", info: str = "", *, catalog: str | None = None, expressions: str = ""
) -> tuple[str, Kind]:
    kind = Kind(
        name,
        tuple(parts.split()),
        tuple(attributes.split()),
        tuple(info.split()),
        catalog,
        frozenset(expressions.split()),
    )
    return name, kind


_SEQUENCE = "type start increment minimum maximum cache cycle persistence"  # ints but type, cycle (bool), persistence

KINDS: Final[Mapping[str, Kind]] = dict(
    [
        _kind("schema", "name", catalog="pg_namespace"),
        # version: text; schema: the schema it is installed in
        _kind("extension", "name", "version schema", "relocatable", catalog="pg_extension"),
        # ---- relations -------------------------------------------------------------------------------------------
        # persistence: 'permanent' | 'unlogged'; options: reloptions and 'toast.*'; partition_key: pg_get_partkeydef
        # text or None; of_type: format_type of a typed table or None; tablespace/access_method: name, None = default
        # (access_method None where it is heap, or a partitioned table has none for its partitions); option_order: the
        # options as they stand in the catalogue, which pg_dump keeps
        _kind(
            "table",
            "schema name",
            "persistence access_method tablespace options row_security force_row_security partition_key of_type",
            "option_order",
            catalog="pg_class",
            expressions="partition_key",
        ),
        # of tables and foreign tables. type: format_type with typmod; collation: qualified, only where it is not the
        # type's own; generated: None | 'stored' | 'virtual'; expression: of a generated column; storage: 'plain' |
        # 'external' | 'extended' | 'main' only where not the type's own; compression: None | 'pglz' | 'lz4';
        # statistics: int, None = default; options: attoptions; fdw_options; is_local: declared here and not only
        # inherited; inherited: number of parents it comes from (attinhcount)
        _kind(
            "column",
            "schema table name",
            "type collation generated expression storage compression statistics options fdw_options is_local inherited",
            "position option_order",
            catalog="pg_class",
            expressions="expression",
        ),
        # of columns of tables, foreign tables and views
        _kind("default", "schema table column", "expression", catalog="pg_attrdef", expressions="expression"),
        # exists where attnotnull is set. name: of the constraint on 18+, None before; validated False for NOT VALID;
        # the name of one that is only inherited (is_local False) is left out of the fingerprint
        _kind(
            "not_null",
            "schema table column",
            "name no_inherit validated is_local inherited",
            catalog="pg_constraint",
        ),
        # generation: 'always' | 'by default'; sequence: qualified name of the internal sequence
        _kind("identity", "schema table column", "generation sequence " + _SEQUENCE, catalog="pg_class"),
        # exists where the identity is not 'd'. identity: 'nothing' | 'full' | 'index'; index: its name
        _kind("replica_identity", "schema table", "identity index"),
        # exists where CLUSTER ON (or SET WITHOUT … not): index: its name; also of materialized views
        _kind("clustered_on", "schema table", "index"),
        # child of a partitioned table. parent: qualified; bound: pg_get_expr(relpartbound) 'FOR VALUES …' | 'DEFAULT'
        _kind("partition", "schema table", "parent bound", expressions="bound"),
        # plain inheritance, one fact per parent. number: its place among the parents
        _kind("inheritance", "schema table parent_schema parent", "number"),
        # type: 'check' | 'primary key' | 'unique' | 'foreign key' | 'exclude'; definition: pg_get_constraintdef (ends
        # in NOT VALID / NOT ENFORCED / DEFERRABLE … where they hold); references: qualified, of a foreign key;
        # parent: qualified-with-table (schema, table, constraint) of the partitioned parent's constraint it belongs to;
        # index_options / index_tablespace: of the index behind it (not part of definition); columns: names in order;
        # index_parent: qualified index of the partitioned parent to which the index behind it is attached, where that
        # index is not itself behind a constraint (then see parent); no_inherit: of CHECK only (else the flag tells how
        # it came about, not what it is); is_local: never of what a partition inherits (ATTACH makes it so)
        _kind(
            "constraint",
            "schema table name",
            "type definition deferrable deferred validated enforced no_inherit is_local inherited parent references"
            " columns index_options index_tablespace index_parent",
            catalog="pg_constraint",
            expressions="definition",
        ),
        # not those behind a constraint. table: qualified (table or materialized view); definition: pg_get_indexdef;
        # statistics: ('1=100', …) per expression column; parent: qualified index of the partitioned parent
        _kind(
            "index",
            "schema name",
            "table definition unique method tablespace statistics parent valid",
            "columns",
            catalog="pg_class",
            expressions="definition",
        ),
        # free-standing or owned (serial), not those of identity columns
        _kind("sequence", "schema name", _SEQUENCE, catalog="pg_class"),
        # ALTER SEQUENCE … OWNED BY. column: (schema, table, column)
        _kind("owned_by", "schema sequence", "column"),
        # definition: pg_get_viewdef; options: security_barrier=…, security_invoker=…, check_option=…; columns:
        # ((name, type, collation-or-None), …) in order
        _kind(
            "view",
            "schema name",
            "definition options columns",
            "option_order",
            catalog="pg_class",
            expressions="definition",
        ),
        _kind(
            "materialized_view",
            "schema name",
            "definition options columns access_method tablespace column_options",
            "populated option_order",
            catalog="pg_class",
            expressions="definition",
        ),
        # column_options (above): ((column, 'storage=…' | 'compression=…' | 'statistics=…' | attoption), …) where set
        _kind("foreign_table", "schema name", "server options", catalog="pg_class"),
        # definition: pg_get_ruledef; enabled: 'origin' | 'disabled' | 'replica' | 'always'; event: 'select' …
        _kind("rule", "schema table name", "definition enabled", catalog="pg_rewrite", expressions="definition"),
        # definition: pg_get_triggerdef; cloned: made by the trigger of a partitioned parent, not by itself; function:
        # qualified; constraint: made by CREATE CONSTRAINT TRIGGER
        _kind(
            "trigger",
            "schema table name",
            "definition enabled cloned function constraint",
            catalog="pg_trigger",
            expressions="definition",
        ),
        # command: 'all' | 'select' | 'insert' | 'update' | 'delete'; roles: tuple of role names
        _kind(
            "policy",
            "schema table name",
            "command permissive roles using check",
            catalog="pg_policy",
            expressions="using check",
        ),
        # definition: pg_get_statisticsobjdef; target: stxstattarget, None = default
        _kind(
            "statistics",
            "schema name",
            "definition table target",
            catalog="pg_statistic_ext",
            expressions="definition",
        ),
        # ---- types -----------------------------------------------------------------------------------------------
        _kind("enum", "schema name", "labels", catalog="pg_type"),
        _kind("composite", "schema name", "", catalog="pg_class"),
        _kind("attribute", "schema type name", "type collation", "position", catalog="pg_class"),
        # type: with typmod; collation: qualified, only where it is not the type's own; not_null: bool; not_null_name: its
        # constraint's name on 17+, else None, and what is said of it
        _kind(
            "domain",
            "schema name",
            "type collation default not_null not_null_name not_null_comment",
            catalog="pg_type",
            expressions="default",
        ),
        _kind(
            "domain_constraint",
            "schema domain name",
            "definition validated",
            catalog="pg_constraint",
            expressions="definition",
        ),
        # *Qualified text* here and below: 'public.my_func', each part quoted where it must be, the schema always there
        # (pg_catalog, too); operators: 'OPERATOR(public.<)'; with arguments where said: 'public.f(integer, text)'.
        # opclass, collation, canonical, subtype_diff, multirange: qualified text as CREATE TYPE wants it, None where
        # default (multirange: where PostgreSQL would give it that name itself, and before 14)
        _kind(
            "range",
            "schema name",
            "subtype opclass collation canonical subtype_diff multirange",
            catalog="pg_type",
        ),
        # functions as qualified text; length: int (-1 variable); alignment ('char' 'int2' 'int4' 'double') and storage:
        # words as CREATE TYPE takes them, always there; category None = 'U', delimiter None = ','; default: the raw
        # text, unquoted; element: type text
        _kind(
            "base_type",
            "schema name",
            "input output receive send typmod_in typmod_out analyze subscript length by_value alignment storage"
            " category preferred default element delimiter collatable",
            catalog="pg_type",
        ),
        _kind("shell_type", "schema name", "", catalog="pg_type"),
        # provider: 'libc' | 'icu' | 'builtin' | 'default'; lc_*: of libc; locale: of icu and builtin; rules: of icu
        _kind(
            "collation",
            "schema name",
            "provider lc_collate lc_ctype locale rules deterministic",
            catalog="pg_collation",
        ),
        # ---- routines --------------------------------------------------------------------------------------------
        # arguments (path): input types, format_type, joined by ', '. definition: pg_get_functiondef. result: text;
        # signature: pg_get_function_arguments (names, modes, defaults); argument_names: proargnames; defaults: count;
        # volatility, parallel: words, always there; cost, rows: as text, None where default; support: qualified text;
        # config: 'name=value', sorted; atomic: has a BEGIN ATOMIC / RETURN body (prosqlbody); window
        _kind(
            "function",
            "schema name arguments",
            "definition result signature argument_names defaults language volatility strict security_definer leakproof"
            " parallel cost rows support config window atomic",
            catalog="pg_proc",
            expressions="definition signature",
        ),
        _kind(
            "procedure",
            "schema name arguments",
            "definition signature argument_names defaults language security_definer config atomic",
            catalog="pg_proc",
            expressions="definition signature",
        ),
        # signature: arguments as CREATE AGGREGATE takes them (with ORDER BY), '*' for none (the path has '' then);
        # variety: 'normal' | 'ordered-set' | 'hypothetical'; functions, sortop: qualified text; sspace, msspace: int;
        # initcond, minitcond: raw text; *_modify: 'read_only' | 'shareable' | 'read_write', parallel: 'safe' |
        # 'restricted'; all None where default (finalfunc_extra: bool)
        _kind(
            "aggregate",
            "schema name arguments",
            "signature variety sfunc stype sspace finalfunc finalfunc_extra finalfunc_modify combinefunc serialfunc"
            " deserialfunc msfunc minvfunc mstype msspace mfinalfunc mfinalfunc_extra mfinalfunc_modify initcond"
            " minitcond sortop parallel",
            catalog="pg_proc",
        ),
        # function: qualified text; enabled as for triggers; tags: in the order given, as pg_dump has them
        _kind("event_trigger", "name", "event function enabled tags", catalog="pg_event_trigger"),
        # handler, inline, validator: qualified text
        _kind("language", "name", "trusted handler inline validator", catalog="pg_language"),
        # from_sql, to_sql: qualified text with arguments, or None
        _kind("transform", "type language", "from_sql to_sql", catalog="pg_transform"),
        # ---- operators -------------------------------------------------------------------------------------------
        # left: 'NONE' for a prefix operator (right: for a postfix one, 13 only); functions and operators as qualified
        # text. Shell operators are no facts: they come and go with what names them as commutator or negator
        _kind(
            "operator",
            "schema name left right",
            "function commutator negator restrict join hashes merges",
            catalog="pg_operator",
        ),
        _kind("operator_family", "schema name method", "", catalog="pg_opfamily"),
        # default: bool; family: qualified; storage: type text or None; members: CREATE OPERATOR CLASS items as text,
        # those that pg_depend ties to the class: 'OPERATOR 1 public.<(a, a)', then 'FUNCTION 1 (a, a) public.cmp(a, a)'
        _kind(
            "operator_class",
            "schema name method",
            "type default family storage members",
            catalog="pg_opclass",
        ),
        # loose members, ALTER OPERATOR FAMILY … ADD: also those of GiST, GIN … classes that PostgreSQL 14+ ties to the
        # family, and those added to a family of PostgreSQL's own. variety: 'operator' | 'function'; number: strategy or
        # support number as text; item: the ADD item as text, e.g. 'OPERATOR 1 public.<(a, b)' (… FOR ORDER BY family).
        # Its address is in pg_amop or pg_amproc
        _kind("family_member", "schema family method variety number left right", "item"),
        # function: qualified text with arguments, or None; context: 'explicit' | 'assignment' | 'implicit'; method:
        # 'function' | 'inout' | 'binary'
        _kind("cast", "source target", "function context method", catalog="pg_cast"),
        # type: 'index' | 'table'; handler: qualified text
        _kind("access_method", "name", "type handler", catalog="pg_am"),
        # function: qualified text; encodings by name
        _kind("conversion", "schema name", "source destination function default", catalog="pg_conversion"),
        # ---- text search -----------------------------------------------------------------------------------------
        # functions as qualified text
        _kind("ts_parser", "schema name", "start gettoken end headline lextypes", catalog="pg_ts_parser"),
        _kind("ts_template", "schema name", "init lexize", catalog="pg_ts_template"),
        # template: qualified; options: dictinitoption text
        _kind("ts_dictionary", "schema name", "template options", catalog="pg_ts_dict"),
        # parser: qualified; mappings: ((token, dictionary, dictionary …), …) by token name, dictionaries qualified text
        _kind("ts_configuration", "schema name", "parser mappings", catalog="pg_ts_config"),
        # ---- replication and foreign data ------------------------------------------------------------------------
        # publish: ('insert', …); generated: None | 'none' | 'stored' (18)
        _kind("publication", "name", "all_tables publish via_root generated", catalog="pg_publication"),
        # columns: a set, sorted by name, or None; where: pg_get_expr text
        _kind(
            "publication_table",
            "publication schema table",
            "columns where",
            catalog="pg_publication_rel",
            expressions="where",
        ),
        _kind("publication_schema", "publication schema", "", catalog="pg_publication_namespace"),
        # conninfo: without its password (and other secrets), None for who may not read it; publications: sorted; slot:
        # None = NONE; settings: sorted 'name=value' of the options that are not default; enabled (info): a running
        # state that neither a dump nor a scratch copy can hold
        _kind("subscription", "name", "conninfo publications slot settings", "enabled", catalog="pg_subscription"),
        # handler, validator: qualified text; options: 'name=value', sorted, here, of servers and of mappings
        _kind("foreign_data_wrapper", "name", "handler validator options", catalog="pg_foreign_data_wrapper"),
        _kind("server", "name", "wrapper type version options", catalog="pg_foreign_server"),
        # user: a role or PUBLIC; options: () for who may not see them
        _kind("user_mapping", "server user", "options", catalog="pg_user_mapping"),
        # ---- attachments: the path holds the kind and path of what they are attached to ---------------------------
        # of all that may have one of its own: not indexes, not the sequences of identity columns
        _kind("owner", "kind *path", "role"),
        # one fact per grantee and grantor whose set is not what a new object of that owner has (acldefault).
        # grantor: SELF-or-owner's name; privileges: sorted, 'SELECT' or 'SELECT*' (with grant option); () = revoked.
        # Of schema public what differs from initdb's; of PostgreSQL's and extensions' objects what differs from
        # pg_init_privs (they are no facts themselves); of an identity column's sequence under ('identity', …)
        _kind("privilege", "kind *path grantee grantor", "privileges"),
        # schema: '' for all schemas; object_type: 'tables' | 'sequences' | 'functions' | 'types' | 'schemas' |
        # 'large objects'; privileges as above (global: full set where it differs from acldefault; in a schema: added)
        _kind("default_privilege", "role schema object_type grantee", "privileges", catalog="pg_default_acl"),
        # on anything, incl. column of any relation ('column', schema, relation, column), the indexes of constraints
        # ('index', schema, name), the sequence of an identity column ('identity', schema, table, column). Of schema
        # public: what initdb says is no fact, '' where it has no comment at all
        _kind("comment", "kind *path", "text"),
        _kind("security_label", "provider kind *path", "label"),
        # ALTER … DEPENDS ON EXTENSION: dropping the extension drops it, too. Of functions, procedures, triggers,
        # materialized views and indexes (those of constraints as for comments)
        _kind("extension_dependency", "extension kind *path"),
        # ---- cluster-wide, only where roles are managed ------------------------------------------------------------
        # limit: int, None = unlimited; valid_until: 'YYYY-MM-DD HH:MM:SS.ffffff+00' | 'infinity' | None; config: of all
        # databases
        _kind(
            "role",
            "name",
            "superuser inherit createrole createdb login replication bypassrls limit valid_until config",
            catalog="pg_authid",
        ),
        # inherit, set: None before 16; of several grantors' grants the sum
        _kind("membership", "role member", "admin inherit set"),
    ]
)
