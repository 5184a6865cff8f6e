"""schema.sql, the dataio catalogue: what it promises, on every server that we test against.

One database per server, each test in a transaction that is rolled back. The rows that most tests start from are SAMPLE.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql
from support.psql import psql_file

from dataio.postgres.connection import connect
from dataio.postgres.conninfo import Target

SCHEMA = Path(__file__).parents[2] / "schema.sql"

Connection = psycopg.Connection[tuple[Any, ...]]
Rows = list[tuple[Any, ...]]

SAMPLE = """
INSERT INTO collections (collection_id, name, category) VALUES
    ('EP0001', 'Dengue surveillance', 'Epidemiology'), ('CL0001', 'Rainfall', 'Climate');
INSERT INTO data_owners (name) VALUES ('Health Department'), ('Met Office');
INSERT INTO data_owner_contacts (data_owner_id, name, email, is_primary)
    SELECT data_owner_id, 'A. Rao', 'rao@health.example', true FROM data_owners WHERE name = 'Health Department';
INSERT INTO tags (name) VALUES ('dengue'), ('weekly'), ('rain');
SELECT add_raw_dataset('Line list 2024', 'health department'), add_raw_dataset('Gridded rain', 'Met Office');
SELECT add_dataset('Dengue cases by district', 'Dengue surveillance', 'Health Department',
                   '{weekly,Dengue}', '{line list 2024}', 'Suspected and confirmed');
SELECT add_dataset('Daily rainfall', 'CL0001', 'Met Office', '{rain}', '{Gridded rain}', p_public_access => 'VIEW');
SELECT add_dataset('District boundaries', 'CL0001', 'Met Office', p_public_access => 'DOWNLOAD');
INSERT INTO buckets (name, url, is_default) VALUES ('main', 's3://catalogue-data/v1', true);
INSERT INTO dataset_versions (ds_id, version_type, updation_frequency, bucket_id)
    SELECT 'EP0001DS0001', v, 'WEEKLY', bucket_id
      FROM buckets, unnest('{STANDARDISED,PREPROCESSED}'::version_type[]) v;
INSERT INTO version_tables (version_id, name, object_key, byte_size, sha256)
    SELECT version_id, t, 'EP0001DS0001/' || t || '.csv', 10, repeat('0f', 32)
      FROM dataset_versions, unnest('{cases,deaths}'::text[]) t WHERE version_type = 'STANDARDISED';
INSERT INTO users (email, is_admin, is_active) VALUES
    ('admin@x.example', true, true), ('meera@x.example', false, true), ('gone@x.example', false, false);
INSERT INTO groups (name) VALUES ('Epidemiologists');
INSERT INTO group_members SELECT group_id, user_id FROM groups, users WHERE email <> 'admin@x.example';
INSERT INTO resource_groups (name) VALUES ('Monsoon');
INSERT INTO resource_group_members SELECT resource_group_id, 'EP0001DS0001' FROM resource_groups;
"""
DENGUE, RAIN, BOUNDARIES = "EP0001DS0001", "CL0001DS0001", "CL0001DS0002"


@pytest.fixture(scope="module", params=["pg15", "pg16", "pg18"])
def catalogue(request: pytest.FixtureRequest) -> Iterator[Target]:
    server = request.getfixturevalue(request.param)
    name = f"catalogue_{os.getpid()}"
    with connect(server.target) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        target = server.target.with_dbname(name)
        try:
            psql_file(target, SCHEMA, single_transaction=True)
            yield target
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def db(catalogue: Target) -> Iterator[Connection]:
    with connect(catalogue, autocommit=False) as connection:
        connection.execute(SAMPLE.encode())
        yield connection
        connection.rollback()


def rows(db: Connection, query: str, *parameters: object) -> Rows:
    return db.execute(query.encode(), parameters).fetchall()


def value(db: Connection, query: str, *parameters: object) -> Any:
    ((found,),) = rows(db, query, *parameters)
    return found


def user(db: Connection, email: str) -> int:
    return int(value(db, "SELECT user_id FROM users WHERE email = %s", f"{email}@x.example"))


def access(db: Connection, who: str | None, ds_id: str = DENGUE) -> str:
    found = value(db, "SELECT effective_access(%s::bigint, %s)", None if who is None else user(db, who), ds_id)
    return str(found)


# Loading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("major", ["pg15", "pg16", "pg18"])
def test_loads_whole_as_the_owner_of_the_database_without_superuser(
    major: str, request: pytest.FixtureRequest, role: Callable[..., str], database: Callable[..., Target]
) -> None:
    server = request.getfixturevalue(major)
    owner = role("login", server)
    target = database(server, owner=owner).with_user(owner)
    psql_file(target, SCHEMA, single_transaction=True)
    with connect(target) as connection:
        connection.execute(SAMPLE.encode())
        connection.execute("SET search_path = ''")  # nothing leans on the caller's search_path
        assert value(connection, "SELECT count(*) FROM public.datasets_full_view") == 3
        connection.execute("UPDATE public.tags SET name = 'weeks' WHERE name = 'weekly'")
        assert value(connection, "SELECT public.find_dataset('0002')") == BOUNDARIES
        assert value(connection, "SELECT public.effective_access(1, %s)", DENGUE) == "DOWNLOAD"
        assert rows(connection, "SELECT user_id FROM public.find_api_key('dio_abcdefgh')") == []


def test_needs_no_extension_and_no_schema_but_public(db: Connection) -> None:
    assert rows(db, "SELECT extname FROM pg_extension") == [("plpgsql",)]
    own = rows(db, "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")
    assert own == [("public",)]


# Conventions ---------------------------------------------------------------------------------------------------------


def test_everything_public_has_a_comment(db: Connection) -> None:
    silent = rows(
        db,
        """
        SELECT pg_describe_object('pg_class'::regclass, c.oid, 0) FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
           AND obj_description(c.oid, 'pg_class') IS NULL
        UNION ALL
        SELECT pg_describe_object('pg_class'::regclass, c.oid, a.attnum) FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
           AND col_description(c.oid, a.attnum) IS NULL
        UNION ALL
        SELECT pg_describe_object('pg_proc'::regclass, p.oid, 0) FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
        UNION ALL
        SELECT pg_describe_object('pg_type'::regclass, t.oid, 0) FROM pg_type t
         WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd', 'r')
           AND obj_description(t.oid, 'pg_type') IS NULL
        """,
    )
    assert silent == []


def test_every_foreign_key_has_an_index_and_names_its_on_delete(db: Connection) -> None:
    keys = rows(
        db,
        """
        SELECT k.conname, k.confdeltype, EXISTS (
                   SELECT FROM pg_index i
                    WHERE i.indrelid = k.conrelid AND i.indpred IS NULL
                      AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
          FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
        """,
    )
    assert len(keys) > 20
    assert [name for name, _, indexed in keys if not indexed] == []
    assert [name for name, on_delete, _ in keys if on_delete == "a"] == []  # NO ACTION is what nobody decided


def test_no_index_repeats_another(db: Connection) -> None:
    repeated = rows(
        db,
        """
        SELECT a.indexrelid::regclass::text, b.indexrelid::regclass::text FROM pg_index a JOIN pg_index b
            ON a.indrelid = b.indrelid AND a.indexrelid <> b.indexrelid AND NOT a.indisunique
           AND a.indpred IS NULL AND b.indpred IS NULL AND a.indexprs IS NULL AND b.indexprs IS NULL
           AND b.indkey::text || ' ' LIKE a.indkey::text || ' %%'
         WHERE a.indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        """,
    )
    assert repeated == []


def test_trigger_and_definer_functions_pin_their_search_path(db: Connection) -> None:
    loose = rows(
        db,
        """
        SELECT oid::regprocedure::text FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace AND (prosecdef OR prorettype = 'trigger'::regtype)
           AND NOT coalesce(proconfig::text LIKE '%%search_path=%%', false)
        """,
    )
    assert loose == []


def test_every_table_that_says_last_modified_has_it_kept(db: Connection) -> None:
    forgotten = rows(
        db,
        """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'last_modified'
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
           AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'touch_last_modified')
        """,
    )
    assert forgotten == []


# Checks --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ds_id", "constraint"),
    [
        ("EP001DS0001", "datasets_ds_id_length"),
        ("EP00001DS0001", "datasets_ds_id_length"),
        ("", "datasets_ds_id_format"),
        ("EP0001DS001 ", "datasets_ds_id_format"),
        ("ep0001ds0009", "datasets_ds_id_format"),
        ("EP0001DS00X9", "datasets_ds_id_format"),
        ("EP0001DS009\n", "datasets_ds_id_format"),
    ],
)
def test_a_ds_id_has_exactly_12_characters(db: Connection, ds_id: str, constraint: str) -> None:
    with pytest.raises(errors.CheckViolation) as failure:
        rows(db, "UPDATE datasets SET ds_id = %s WHERE ds_id = 'CL0001DS0002' RETURNING 1", ds_id)
    assert failure.value.diag.constraint_name == constraint


BAD_ROWS = {
    "collections_collection_id_format": "INSERT INTO collections VALUES ('E00001', 'x', 'y')",
    "collections_name_key": "INSERT INTO collections VALUES ('EP0002', 'RAINFALL', 'y')",
    "data_owners_website_is_url": "UPDATE data_owners SET website = 'javascript:alert(1)'",
    "data_owner_contacts_reachable": "UPDATE data_owner_contacts SET email = NULL",
    "data_owner_contacts_one_primary": "INSERT INTO data_owner_contacts (data_owner_id, name, phone, is_primary)"
    " SELECT data_owner_id, 'B', '1', true FROM data_owner_contacts",
    "tags_name_format": "INSERT INTO tags (name) VALUES ('Dengue')",
    "datasets_temporal_coverage": "UPDATE datasets SET temporal_coverage_start = '2024-02-01',"
    " temporal_coverage_end = '2024-01-01'",
    "datasets_additional_metadata_is_object": "UPDATE datasets SET additional_metadata = '[]'",
    "buckets_url_format": "UPDATE buckets SET url = 'http://elsewhere'",
    "buckets_one_default": "INSERT INTO buckets (name, url, is_default) VALUES ('b', 'file:///srv', true)",
    "dataset_versions_ds_id_version_type_key": "INSERT INTO dataset_versions (ds_id, version_type, bucket_id)"
    " SELECT ds_id, version_type, bucket_id FROM dataset_versions",
    "version_tables_object_key_relative": "UPDATE version_tables SET object_key = 'a/../../etc/passwd'",
    "version_tables_sha256_format": "UPDATE version_tables SET sha256 = 'ABC'",
    "users_email_key": "INSERT INTO users (email) VALUES ('Meera@X.example')",
    "api_keys_user_or_group": "INSERT INTO api_keys (key_prefix, hashed_key) VALUES ('dio_abcdefgh', repeat('x', 60))",
    "api_keys_hashed_key_hashed": "INSERT INTO api_keys (user_id, key_prefix, hashed_key)"
    " SELECT user_id, 'dio_abcdefgh', 'dio_' || repeat('x', 60) FROM users LIMIT 1",
    "user_permissions_one_object": "INSERT INTO user_permissions (user_id, access) SELECT user_id, 'VIEW' FROM users",
    "group_permissions_one_object": "INSERT INTO group_permissions (group_id, ds_id, resource_group_id, access)"
    " SELECT group_id, 'CL0001DS0001', resource_group_id, 'VIEW' FROM groups, resource_groups",
    "rate_limits_one_default": "INSERT INTO rate_limits (action, max_requests) VALUES ('read', 1), ('read', 2)",
}


@pytest.mark.parametrize("constraint", BAD_ROWS)
def test_bad_rows_are_refused(db: Connection, constraint: str) -> None:
    with pytest.raises(errors.IntegrityError) as failure:
        db.execute(BAD_ROWS[constraint].encode())
    assert failure.value.diag.constraint_name == constraint


def test_enums_are_in_order(db: Connection) -> None:
    assert value(db, "SELECT enum_range(NULL::access_level)::text[]") == ["NONE", "VIEW", "DOWNLOAD"]
    assert value(db, "SELECT enum_range(NULL::version_type)::text[]") == ["PREPROCESSED", "STANDARDISED"]
    assert value(db, "SELECT 'NONE'::access_level < 'VIEW' AND 'VIEW'::access_level < 'DOWNLOAD'")


# ON DELETE -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ("collections", "collection_id = 'EP0001'"),
        ("data_owners", "name = 'Met Office'"),
        ("raw_datasets", "name = 'Gridded rain'"),
        ("buckets", "true"),
    ],
)
def test_what_others_rely_on_cannot_be_deleted(db: Connection, table: str, where: str) -> None:
    with pytest.raises((errors.ForeignKeyViolation, errors.RestrictViolation)):
        db.execute(f"DELETE FROM {table} WHERE {where}".encode())


def test_what_belongs_to_a_dataset_goes_with_it(db: Connection) -> None:
    meera = user(db, "meera")
    db.execute("INSERT INTO user_permissions (user_id, ds_id, access) VALUES (%s, %s, 'VIEW')", [meera, DENGUE])
    db.execute("DELETE FROM datasets WHERE ds_id = %s", [DENGUE])
    for table in ("dataset_versions", "version_tables", "user_permissions", "resource_group_members"):
        assert value(db, f"SELECT count(*) FROM {table}") == 0
    assert value(db, "SELECT count(*) FROM dataset_search") == 2
    assert value(db, "SELECT count(*) FROM tags") == 3
    assert value(db, "SELECT count(*) FROM raw_datasets") == 2


def test_what_a_user_granted_outlives_them_and_what_they_had_does_not(db: Connection) -> None:
    admin, meera = user(db, "admin"), user(db, "meera")
    grant = "INSERT INTO user_permissions (user_id, ds_id, access, granted_by) VALUES (%s, %s, 'VIEW', %s)"
    db.execute(grant, [meera, DENGUE, admin])
    db.execute(grant, [admin, DENGUE, meera])
    db.execute(
        "INSERT INTO api_keys (user_id, key_prefix, hashed_key) VALUES (%s, 'dio_adminadm', repeat('x', 60))", [admin]
    )
    db.execute("DELETE FROM users WHERE user_id = %s", [admin])
    assert rows(db, "SELECT user_id, granted_by FROM user_permissions") == [(meera, None)]
    assert rows(db, "SELECT FROM api_keys") == []


def test_deleting_a_tag_takes_it_off_datasets_and_out_of_search(db: Connection) -> None:
    db.execute("DELETE FROM tags WHERE name = 'weekly'")
    assert value(db, "SELECT tags FROM datasets_full_view WHERE ds_id = %s", DENGUE) == ["dengue"]
    assert found_by(db, "weekly") == []


# Effective permission ------------------------------------------------------------------------------------------------


def test_anyone_has_the_public_level(db: Connection) -> None:
    assert [access(db, None, ds_id) for ds_id in (DENGUE, RAIN, BOUNDARIES)] == ["NONE", "VIEW", "DOWNLOAD"]


def test_a_dataset_that_is_not_there_looks_like_one_that_is_hidden(db: Connection) -> None:
    assert access(db, "meera", "ZZ0000DS0000") == access(db, "meera", DENGUE) == "NONE"


def test_administrators_may_download_everything_while_active(db: Connection) -> None:
    assert {access(db, "admin", ds_id) for ds_id in (DENGUE, RAIN, BOUNDARIES)} == {"DOWNLOAD"}
    db.execute("UPDATE users SET is_active = false WHERE is_admin")
    assert access(db, "admin") == "NONE"


GRANTS = {
    "user, dataset": "INSERT INTO user_permissions (user_id, ds_id, access)"
    " SELECT user_id, 'EP0001DS0001', %s FROM users WHERE NOT is_admin",
    "user, resource group": "INSERT INTO user_permissions (user_id, resource_group_id, access)"
    " SELECT user_id, resource_group_id, %s FROM users, resource_groups WHERE NOT is_admin",
    "group, dataset": "INSERT INTO group_permissions (group_id, ds_id, access)"
    " SELECT group_id, 'EP0001DS0001', %s FROM groups",
    "group, resource group": "INSERT INTO group_permissions (group_id, resource_group_id, access)"
    " SELECT group_id, resource_group_id, %s FROM groups, resource_groups",
}


@pytest.mark.parametrize("way", GRANTS)
@pytest.mark.parametrize("level", ["NONE", "VIEW", "DOWNLOAD"])
def test_a_permission_reaches_a_dataset_in_each_of_four_ways(db: Connection, way: str, level: str) -> None:
    db.execute(GRANTS[way].encode(), [level])
    assert access(db, "meera") == level
    assert access(db, "meera", RAIN) == "VIEW"  # its public level; the permission is not on it
    assert access(db, "gone") == "NONE"  # not active
    assert access(db, None) == "NONE"
    granted = rows(db, "SELECT ds_id, access, granted_to, granted_through FROM dataset_grants(%s)", user(db, "meera"))
    assert granted == [(DENGUE, level, *way.split(", "))]


@pytest.mark.parametrize("way", GRANTS)
def test_the_highest_level_counts(db: Connection, way: str) -> None:
    for other, grant in GRANTS.items():
        db.execute(grant.encode(), ["DOWNLOAD" if other == way else "NONE"])
    db.execute("UPDATE datasets SET public_access = 'VIEW' WHERE ds_id = %s", [DENGUE])
    assert access(db, "meera") == "DOWNLOAD"


def test_the_public_level_is_never_taken_away(db: Connection) -> None:
    for grant in GRANTS.values():
        db.execute(grant.encode(), ["NONE"])
    db.execute("UPDATE datasets SET public_access = 'DOWNLOAD'")
    assert access(db, "meera") == "DOWNLOAD"


def test_a_group_with_its_own_key_has_what_its_members_have(db: Connection) -> None:
    db.execute(GRANTS["group, resource group"].encode(), ["DOWNLOAD"])
    group = value(db, "SELECT group_id FROM groups")
    assert value(db, "SELECT effective_access(NULL, %s, %s)", DENGUE, group) == "DOWNLOAD"
    assert value(db, "SELECT effective_access(NULL, %s, %s)", DENGUE, group + 1) == "NONE"


def test_the_list_agrees_with_the_single_look_up(db: Connection) -> None:
    db.execute(GRANTS["user, resource group"].encode(), ["VIEW"])
    meera = user(db, "meera")
    listed = rows(db, "SELECT ds_id, access FROM dataset_access(%s) ORDER BY ds_id", meera)
    assert listed == [(RAIN, "VIEW"), (BOUNDARIES, "DOWNLOAD"), (DENGUE, "VIEW")]
    assert listed == [(ds_id, access(db, "meera", ds_id)) for ds_id, _ in listed]


def test_lists_are_planned_as_joins_not_function_calls(db: Connection) -> None:
    plan = rows(db, "EXPLAIN SELECT * FROM dataset_access(1) WHERE ds_id = %s", DENGUE)
    assert not [line for (line,) in plan if "Function Scan" in line]


# Adding and finding by name ------------------------------------------------------------------------------------------


def test_ids_count_up_in_their_collection_and_never_come_back(db: Connection) -> None:
    add = "SELECT add_dataset('New', 'rainfall', 'met office')"
    assert value(db, add) == "CL0001DS0003"
    db.execute("DELETE FROM datasets WHERE ds_id = 'CL0001DS0003'")
    assert value(db, add) == "CL0001DS0004"
    given = "SELECT add_dataset('Given', 'CL0001', 'Met Office', p_ds_id => 'cl0001ds0040')"
    assert value(db, given) == "CL0001DS0040"
    db.execute("DELETE FROM datasets WHERE ds_id = 'CL0001DS0040'")
    assert value(db, add) == "CL0001DS0041"
    insert = "INSERT INTO datasets (ds_id, title, collection_id, data_owner_id) SELECT 'CL0001DS0050', 'x', 'CL0001', 1"
    db.execute(insert.replace(", 1", ", min(data_owner_id) FROM data_owners").encode())
    assert value(db, add) == "CL0001DS0051"
    assert value(db, "SELECT add_dataset('Foreign id', 'CL0001', 'Met Office', p_ds_id => 'ABCDEFGH9999')")
    assert value(db, add) == "CL0001DS0052"


def test_a_dataset_is_added_with_its_tags_and_raw_datasets(db: Connection) -> None:
    found = rows(db, "SELECT tags, raw_datasets, data_owner_name FROM datasets_full_view WHERE ds_id = %s", DENGUE)
    assert found == [(["dengue", "weekly"], ["Line list 2024"], "Health Department")]


@pytest.mark.parametrize(
    ("call", "sqlstate", "message"),
    [
        ("add_dataset('T', 'Nowhere', 'Met Office')", "P0002", 'there is no collection "Nowhere"'),
        ("add_dataset('T', NULL, 'Met Office')", "P0002", 'there is no collection "<NULL>"'),
        ("add_dataset('T', 'Rainfall', 'Nobody')", "P0002", 'there is no data owner "Nobody"'),
        ("add_dataset(' ', 'Rainfall', 'Met Office')", "22023", "a dataset needs a title"),
        ("add_dataset('T', 'Rainfall', 'Met Office', '{rain,foo,bar}')", "P0002", 'there is no tag "foo", "bar"'),
        ("add_dataset('T', 'Rainfall', 'Met Office', '{}', '{a}')", "P0002", 'there is no raw dataset "a"'),
        ("add_dataset('T', 'Rainfall', 'Met Office', p_ds_id => 'CL1')", "22023", 'the ds_id "CL1" has 3 char'),
        ("add_dataset('T', 'Rainfall', 'Met Office', p_ds_id => 'CL0001DS000X')", "22023", "end in four digits"),
        ("add_dataset('T', 'Rainfall', 'Met Office', p_ds_id => 'CL0001DS0001')", "23505", "already a dataset"),
        ("add_raw_dataset('', 'Met Office')", "22023", "a raw dataset needs a name"),
        ("add_raw_dataset('New', 'Nobody')", "P0002", 'there is no data owner "Nobody"'),
        ("add_raw_dataset('GRIDDED rain', 'Met Office')", "23505", 'already a raw dataset "GRIDDED rain"'),
        ("find_dataset('9999')", "P0002", 'there is no dataset "9999"'),
        ("find_dataset(NULL)", "P0002", 'there is no dataset "<NULL>"'),
        ("find_dataset('0001')", "P0003", '2 datasets end in "0001"'),
    ],
)
def test_errors_say_what_is_wrong(db: Connection, call: str, sqlstate: str, message: str) -> None:
    before = value(db, "SELECT count(*) FROM datasets")
    with pytest.raises(psycopg.Error) as failure, db.transaction():
        db.execute(f"SELECT {call}".encode())
    assert failure.value.sqlstate == sqlstate
    assert message in str(failure.value.diag.message_primary)
    assert value(db, "SELECT count(*) FROM datasets") == before


def test_a_full_collection_says_so(db: Connection) -> None:
    db.execute("UPDATE collections SET last_dataset_number = 9999")
    with pytest.raises(errors.SequenceGeneratorLimitExceeded, match="used up its 9999"):
        db.execute("SELECT add_dataset('One more', 'Rainfall', 'Met Office')")


def test_datasets_are_found_by_id_or_last_four_digits(db: Connection) -> None:
    assert value(db, "SELECT find_dataset('0002')") == BOUNDARIES
    assert value(db, "SELECT find_dataset(' ep0001ds0001 ')") == DENGUE


def test_two_sessions_that_add_at_once_get_two_ids(catalogue: Target) -> None:
    with connect(catalogue, autocommit=False) as one, connect(catalogue, autocommit=False) as two:
        one.execute("INSERT INTO collections VALUES ('RA0001', 'Race', 'Test')")
        one.execute("INSERT INTO data_owners (name) VALUES ('Racer')")
        one.commit()
        try:
            add = "SELECT add_dataset('Racing', 'Race', 'Racer')"
            first = value(one, add)
            second: list[str] = []
            waiting = threading.Thread(target=lambda: second.append(value(two, add)))
            waiting.start()
            time.sleep(0.2)
            assert second == []
            one.commit()
            waiting.join(10)
            assert (first, second) == ("RA0001DS0001", ["RA0001DS0002"])
        finally:
            two.rollback()
            one.rollback()
            one.execute("DELETE FROM datasets WHERE collection_id = 'RA0001'")
            one.execute("DELETE FROM collections WHERE collection_id = 'RA0001'")
            one.execute("DELETE FROM data_owners WHERE name = 'Racer'")
            one.commit()


# Triggers ------------------------------------------------------------------------------------------------------------


def found_by(db: Connection, words: str) -> list[str]:
    query = "SELECT ds_id FROM dataset_search WHERE document @@ websearch_to_tsquery('english', %s) ORDER BY ds_id"
    return [ds_id for (ds_id,) in rows(db, query, words)]


def test_a_change_touches_last_modified_and_no_change_does_not(db: Connection) -> None:
    db.execute("ALTER TABLE datasets DISABLE TRIGGER touch_last_modified")
    db.execute("UPDATE datasets SET last_modified = '2001-01-01'")
    db.execute("ALTER TABLE datasets ENABLE TRIGGER touch_last_modified")
    db.execute("UPDATE datasets SET title = title")
    assert value(db, "SELECT count(*) FROM datasets WHERE last_modified = '2001-01-01'") == 3
    db.execute("UPDATE datasets SET title = 'Other' WHERE ds_id = %s", [RAIN])
    assert value(db, "SELECT last_modified = now() FROM datasets WHERE ds_id = %s", RAIN)
    assert value(db, "SELECT count(*) FROM datasets WHERE last_modified = '2001-01-01'") == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE version_tables SET byte_size = 11 WHERE name = 'cases'",
        "DELETE FROM version_tables WHERE name = 'cases'",
        "INSERT INTO version_tables (version_id, name, object_key, byte_size, sha256)"
        " SELECT version_id, 'new', 'n', 1, sha256 FROM version_tables LIMIT 1",
    ],
)
def test_a_table_that_changes_touches_its_version_alone(db: Connection, change: str) -> None:
    db.execute("ALTER TABLE dataset_versions DISABLE TRIGGER touch_last_modified")
    db.execute("UPDATE dataset_versions SET last_modified = '2001-01-01'")
    db.execute("ALTER TABLE dataset_versions ENABLE TRIGGER touch_last_modified")
    db.execute(change.encode())
    touched = rows(db, "SELECT version_type FROM dataset_versions WHERE last_modified = now()")
    assert touched == [("STANDARDISED",)]


@pytest.mark.parametrize(
    "words", ["dengue", "cases", "suspected", "weekly", "epidemiology", '"line list"', "EP0001DS0001", "health"]
)
def test_a_dataset_is_found_by_all_that_describes_it(db: Connection, words: str) -> None:
    assert found_by(db, words) == [DENGUE]


def test_last_four_digits_are_searchable(db: Connection) -> None:
    assert found_by(db, "0001") == [RAIN, DENGUE]


@pytest.mark.parametrize(
    ("change", "words", "now_found"),
    [
        ("UPDATE datasets SET title = 'Malaria' WHERE ds_id = 'EP0001DS0001'", "malaria", [DENGUE]),
        ("UPDATE datasets SET description = NULL", "suspected", []),
        ("UPDATE tags SET name = 'fever' WHERE name = 'dengue'", "fever", [DENGUE]),
        ("UPDATE collections SET name = 'Monsoon' WHERE collection_id = 'CL0001'", "monsoon", [RAIN, BOUNDARIES]),
        ("UPDATE data_owners SET name = 'IMD' WHERE name = 'Met Office'", "imd", [RAIN, BOUNDARIES]),
        ("UPDATE raw_datasets SET name = 'Gauges' WHERE name = 'Gridded rain'", "gauges", [RAIN]),
        ("DELETE FROM dataset_tags", "weekly", []),
        ("DELETE FROM dataset_raw_datasets", '"line list"', []),
        ("UPDATE dataset_tags SET ds_id = 'CL0001DS0002' WHERE ds_id = 'EP0001DS0001'", "weekly", [BOUNDARIES]),
        ("INSERT INTO dataset_tags SELECT 'CL0001DS0002', tag_id FROM tags", "weekly", [BOUNDARIES, DENGUE]),
    ],
)
def test_search_follows_every_change(db: Connection, change: str, words: str, now_found: list[str]) -> None:
    db.execute(change.encode())
    assert found_by(db, words) == now_found


def test_renaming_around_a_dataset_is_no_change_of_it(db: Connection) -> None:
    db.execute("ALTER TABLE datasets DISABLE TRIGGER touch_last_modified")
    db.execute("UPDATE datasets SET last_modified = '2001-01-01'")
    db.execute("ALTER TABLE datasets ENABLE TRIGGER touch_last_modified")
    db.execute("UPDATE tags SET name = 'fever' WHERE name = 'dengue'")
    db.execute("UPDATE collections SET name = 'Fevers' WHERE collection_id = 'EP0001'")
    assert value(db, "SELECT bool_and(last_modified = '2001-01-01') FROM datasets")


# Views ---------------------------------------------------------------------------------------------------------------


def test_the_full_view_shows_a_dataset_whole(db: Connection) -> None:
    ((title, name, category, tags, raw, versions, changed),) = rows(
        db,
        "SELECT title, collection_name, category, tags, raw_datasets, versions, data_last_modified"
        " FROM datasets_full_view WHERE ds_id = %s",
        DENGUE,
    )
    assert (title, name, category) == ("Dengue cases by district", "Dengue surveillance", "Epidemiology")
    assert (tags, raw) == (["dengue", "weekly"], ["Line list 2024"])
    assert [(v["version_type"], v["updation_frequency"], v["tables"]) for v in versions] == [
        ("PREPROCESSED", "WEEKLY", 0),
        ("STANDARDISED", "WEEKLY", 2),
    ]
    assert changed is not None


def test_the_full_view_has_every_dataset_once_and_no_nulls_for_nothing(db: Connection) -> None:
    bare = rows(
        db,
        "SELECT tags, raw_datasets, versions, data_last_modified FROM datasets_full_view WHERE ds_id = %s",
        BOUNDARIES,
    )
    assert bare == [([], [], [], None)]
    assert rows(db, "SELECT ds_id FROM datasets_full_view ORDER BY 1") == rows(
        db, "SELECT ds_id FROM datasets ORDER BY 1"
    )


def test_the_full_view_shows_no_contact(db: Connection) -> None:
    assert "rao@health.example" not in str(rows(db, "SELECT to_jsonb(v) FROM datasets_full_view v"))


def test_the_full_view_has_every_column_of_datasets(db: Connection) -> None:
    missing = rows(
        db,
        "SELECT attname FROM pg_attribute WHERE attrelid = 'datasets'::regclass AND attnum > 0 AND NOT attisdropped"
        " EXCEPT SELECT attname FROM pg_attribute WHERE attrelid = 'datasets_full_view'::regclass",
    )
    assert missing == []


def test_tags_are_counted(db: Connection) -> None:
    db.execute("INSERT INTO tags (name) VALUES ('unused')")
    counts = rows(db, "SELECT name, datasets FROM tag_counts ORDER BY name")
    assert counts == [("dengue", 1), ("rain", 1), ("unused", 0), ("weekly", 1)]


# Keys and rate limits ------------------------------------------------------------------------------------------------


def test_only_good_keys_are_found(db: Connection) -> None:
    for number, (who, more) in enumerate(
        [
            ("meera", "DEFAULT, DEFAULT"),
            ("meera", "now() + interval '1 day', DEFAULT"),
            ("admin", "DEFAULT, DEFAULT"),
            ("meera", "now() + interval '1 microsecond', DEFAULT"),
            ("meera", "DEFAULT, now()"),
            ("gone", "DEFAULT, DEFAULT"),
        ]
    ):
        db.execute(
            "INSERT INTO api_keys (user_id, key_prefix, hashed_key, expires_at, revoked_at)"
            f" VALUES (%s, %s, repeat('h', 60), {more})".encode(),
            [user(db, who), f"dio_prefix0{number}"],
        )
    found = rows(
        db, "SELECT p.n, k.is_admin FROM generate_series(0, 9) p(n), find_api_key('dio_prefix0' || p.n) k ORDER BY 1"
    )
    assert found == [(0, False), (1, False), (2, True)]
    db.execute(
        "INSERT INTO api_keys (group_id, key_prefix, hashed_key)"
        " SELECT group_id, 'dio_groupkey', repeat('h', 60) FROM groups"
    )
    assert value(
        db, "SELECT user_id IS NULL AND group_id IS NOT NULL AND NOT is_admin FROM find_api_key('dio_groupkey')"
    )


def test_requests_are_counted_up_to_the_limit(db: Connection) -> None:
    # A window of a day, so that none ends in the middle of the test (but at midnight, where the counts start anew).
    db.execute("INSERT INTO rate_limits (action, max_requests, window_seconds) VALUES ('read', 2, 86400)")
    count = "SELECT allowed, max_requests, remaining FROM count_request('read', %s)"
    assert [rows(db, count, "ip:192.0.2.7")[0] for _ in range(4)] == [
        (True, 2, 1),
        (True, 2, 0),
        (False, 2, 0),
        (False, 2, 0),
    ]
    assert rows(db, count, "ip:192.0.2.8") == [(True, 2, 1)]
    assert value(db, "SELECT resets_at > now() FROM count_request('read', 'ip:192.0.2.8')")
    assert rows(db, "SELECT allowed, remaining FROM count_request('write', 'ip:192.0.2.7')") == [(True, None)]


def test_a_users_own_limit_beats_the_groups_and_that_the_default(db: Connection) -> None:
    meera = user(db, "meera")
    limit = "SELECT max_requests FROM count_request('read', 'key:1', %s)"
    for expected, insert in [
        (10, "INSERT INTO rate_limits (action, max_requests) VALUES ('read', 10)"),
        (5, "INSERT INTO rate_limits (action, max_requests, group_id) SELECT 'read', 5, group_id FROM groups"),
        (3, "INSERT INTO rate_limits (action, max_requests, user_id)"
         " SELECT 'read', 3, user_id FROM users WHERE email = 'meera@x.example'"),
    ]:  # fmt: skip
        db.execute(insert.encode())
        assert value(db, limit, meera) == expected
    assert value(db, limit, user(db, "admin")) == 10


def test_counters_of_past_windows_are_purged(db: Connection) -> None:
    db.execute(
        "INSERT INTO rate_limit_counters VALUES"
        " ('a', 'read', now() - interval '1 s'), ('b', 'read', now() + interval '1 h')"
    )
    assert value(db, "SELECT purge_rate_limit_counters()") == 1
    assert rows(db, "SELECT subject FROM rate_limit_counters") == [("b",)]
