"""From empty to the catalogue, and then every kind of change that people make, each through the command line."""

from __future__ import annotations

import pytest

from acceptance.conftest import Project

CHANGES: dict[str, tuple[tuple[str, str], ...]] = {
    "add_column": (
        (
            "\n\n    CONSTRAINT datasets_ds_id_length ",
            "\n    doi                      text,\n\n    CONSTRAINT datasets_ds_id_length ",
        ),
    ),
    "add_required_column_with_default": (
        (
            "\n\n    CONSTRAINT datasets_ds_id_length ",
            "\n    embargoed   boolean NOT NULL DEFAULT false,\n\n    CONSTRAINT datasets_ds_id_length ",
        ),
    ),
    "add_table_with_foreign_keys": (
        (
            "\n-- 13  Views ",
            "\nCREATE TABLE dataset_citations (\n"
            "    ds_id    text   NOT NULL REFERENCES datasets ON DELETE CASCADE,\n"
            "    user_id  bigint REFERENCES users ON DELETE SET NULL,\n"
            "    doi      text   NOT NULL,\n"
            "    PRIMARY KEY (ds_id, doi)\n"
            ");\n"
            "CREATE INDEX dataset_citations_user_id_idx ON dataset_citations (user_id);\n"
            "COMMENT ON TABLE dataset_citations IS 'Where datasets are cited.';\n\n"
            "-- 13  Views ",
        ),
    ),
    "add_index": (
        (
            "CREATE INDEX datasets_last_modified_idx ",
            "CREATE INDEX datasets_title_idx ON datasets (lower(title) text_pattern_ops);\n"
            "CREATE INDEX datasets_last_modified_idx ",
        ),
    ),
    "add_enum_value": (("'ONCE', 'DAILY', 'WEEKLY',", "'ONCE', 'HOURLY', 'DAILY', 'WEEKLY',"),),
    "change_view": (
        (
            "       d.last_modified\n  FROM datasets d\n",
            "       d.last_modified,\n       o.website\n  FROM datasets d\n",
        ),
    ),
    "change_view_that_cannot_be_replaced": (
        (
            "       t.description,\n       (SELECT count(*) FROM dataset_tags",
            "       (SELECT count(*) FROM dataset_tags",
        ),
        ("COMMENT ON COLUMN tag_counts.description IS 'See tags.';\n", ""),
    ),
    "change_function_signature": (
        (
            "CREATE FUNCTION find_collection(p_collection text) RETURNS text",
            "CREATE FUNCTION find_collection(p_collection text, p_strict boolean DEFAULT true) RETURNS text",
        ),
        ("COMMENT ON FUNCTION find_collection(text)", "COMMENT ON FUNCTION find_collection(text, boolean)"),
    ),
    "rename_constraint": (("CONSTRAINT datasets_ds_id_length ", "CONSTRAINT datasets_ds_id_is_twelve "),),
}


def test_from_empty_to_the_catalogue(applied_catalogue: Project) -> None:
    assert applied_catalogue.scripts == ["001_create_catalogue.sql"]
    status = applied_catalogue.cli("schema", "status").out
    assert "version: 001 (create_catalogue" in status
    assert "pending: none" in status
    assert "drift:   none" in status
    assert "create_catalogue" in applied_catalogue.cli("schema", "history").out
    applied_catalogue.settled()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_planned_applied_and_then_settled(catalogue: Project, change: str) -> None:
    catalogue.edit(*CHANGES[change])
    catalogue.cli("schema", "plan", change, "--detailed-exitcode", code=2)
    assert catalogue.scripts == ["001_create_catalogue.sql", f"002_{change}.sql"]
    done = catalogue.cli("schema", "apply", "--yes")
    assert f"applied 002 {change}: " in done.err
    catalogue.settled()
    assert len(catalogue.scripts) == 2


def test_a_dropped_column_is_refused_until_it_is_allowed_by_name(catalogue: Project) -> None:
    catalogue.edit(
        ("    position       text,\n", ""),
        ("COMMENT ON COLUMN data_owner_contacts.position IS 'What the person does there.';\n", ""),
    )
    plan = catalogue.cli("schema", "plan", "drop_position")
    assert "--allow data-loss/drop-column" in plan.out
    for given in ((), ("--allow", "rewrite"), ("--allow", "data-loss/drop-table")):
        refused = catalogue.cli("schema", "apply", "--yes", *given, code=3)
        assert "data-loss/drop-column" in refused.err
        assert 'public.data_owner_contacts."position"' in refused.err
        assert "hint: " in refused.err
        assert "--allow data-loss/drop-column" in refused.err
    assert "version: 001" in catalogue.cli("schema", "status").out
    catalogue.cli("schema", "apply", "--yes", "--allow", "data-loss/drop-column")
    catalogue.settled()


def test_the_pending_script_is_replaced_while_it_is_unapplied(catalogue: Project) -> None:
    catalogue.edit(*CHANGES["add_column"])
    catalogue.cli("schema", "plan", "first_try")
    first = (catalogue.folder / "generated_migrations/002_first_try.sql").read_text()
    again = catalogue.cli("schema", "plan")
    assert "the pending script says this already" in again.err
    assert (catalogue.folder / "generated_migrations/002_first_try.sql").read_text() == first
    catalogue.edit(*CHANGES["add_enum_value"])
    catalogue.cli("schema", "plan")
    assert catalogue.scripts == ["001_create_catalogue.sql", "002_first_try.sql"]
    assert (catalogue.folder / "generated_migrations/002_first_try.sql").read_text() != first
    catalogue.cli("schema", "plan", "second_try")
    assert catalogue.scripts == ["001_create_catalogue.sql", "002_second_try.sql"]
    catalogue.schema.write_text((catalogue.schema).read_text().replace("    doi                      text,\n", ""))
    catalogue.edit(("'HOURLY', ", ""))
    catalogue.cli("schema", "plan")
    assert catalogue.scripts == ["001_create_catalogue.sql"]


def test_a_target_several_versions_behind_gets_all_scripts_in_order(
    catalogue: Project, applied_catalogue: Project
) -> None:
    behind = applied_catalogue.target.url(None)  # only read here, and planned against with --no-write
    for change in ("add_column", "add_index"):
        catalogue.edit(*CHANGES[change])
        catalogue.cli("schema", "plan", change)
        catalogue.cli("schema", "apply", "--yes")
    status = catalogue.cli("schema", "status", "--target", behind).out
    assert "pending: 002_add_column.sql, 003_add_index.sql" in status
    refused = catalogue.cli("schema", "plan", "--target", behind, code=1)
    assert "2 scripts are pending" in refused.err


def test_a_database_is_rebuilt_from_scripts_and_from_the_schema(catalogue: Project) -> None:
    catalogue.edit(*CHANGES["add_enum_value"])
    catalogue.cli("schema", "plan", "hourly")
    catalogue.cli("schema", "apply", "--yes")
    catalogue.execute("INSERT INTO tags (name) VALUES ('gone after')")
    before = catalogue.cli("schema", "status").out.partition("state:")[2].strip()
    refused = catalogue.cli("db", "recreate", code=64)
    assert "--yes" in refused.err
    assert catalogue.execute("SELECT count(*) FROM tags") == [(1,)]
    for origin in ("migrations", "schema"):
        done = catalogue.cli("db", "recreate", "--from", origin, "--yes")
        assert before in done.err
        status = catalogue.cli("schema", "status").out
        assert "version: 002" in status
        assert before in status
        assert catalogue.execute("SELECT count(*) FROM tags") == [(0,)]
    catalogue.settled()


def test_drift_is_named_object_by_object_and_stops_apply(catalogue: Project) -> None:
    catalogue.edit(*CHANGES["add_column"])
    catalogue.cli("schema", "plan", "add_doi")
    catalogue.execute("CREATE TABLE surprise (id int); ALTER TABLE tags DROP COLUMN description CASCADE")
    stopped = catalogue.cli("schema", "apply", "--yes", code=4)
    assert "surprise" in stopped.err
    assert "public.tags.description" in stopped.err
    status = catalogue.cli("schema", "status", "--detailed-exitcode", code=2).out
    assert "surprise" in status
    assert catalogue.execute("SELECT max(number) FROM dataio_meta.migration") == [(1,)]
    checked = catalogue.cli("schema", "check", code=2).out
    assert "✓ the schema is what the 2 scripts make" in checked  # the files agree, the database does not
    assert f"✗ the schema is not what {catalogue.target.describe()} holds" in checked
    assert "+ table public.surprise: only in the database" in checked
