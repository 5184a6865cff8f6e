"""Bad plans cannot get out: with a rule broken on purpose the command refuses, naming the facts that would be wrong."""

from __future__ import annotations

import pytest

from acceptance.conftest import Project

STATE = """
create table thing (id bigint primary key, name text not null constraint named check (name <> ''));
alter table thing enable row level security;
create policy mine on thing using (id > 0);
create index thing_name on thing (name);
"""

# Each forgets, or mistakes, one thing; the module, the class, its method, what it does instead, and the fact it misses.
BROKEN = [
    ("tables.policies", "PolicyRule", "create", "return ()", "policy public.thing.mine"),
    ("tables.indexes", "IndexRule", "create", "return ()", "index public.thing_name"),
    ("tables.tables", "", "row_security", "return ()", "table public.thing"),
]


@pytest.mark.parametrize(("module", "rule", "method", "instead", "fact"), BROKEN, ids=[one[0] for one in BROKEN])
def test_a_broken_rule(small: Project, module: str, rule: str, method: str, instead: str, fact: str) -> None:
    small.schema.write_text(STATE)
    broken = small.folder / "broken"
    broken.mkdir()
    where = f"rules.{rule}" if rule else "rules"
    (broken / "sitecustomize.py").write_text(
        f"import dataio.planner.native.rules.{module} as rules\n"
        f"def broken(*_, **__): {instead}\n{where}.{method} = broken\n"
    )
    refused = small.cli("schema", "plan", "--engine", "native", code=5, PYTHONPATH=str(broken))
    assert fact in refused.err
    assert small.scripts == []
    assert refused.out == ""
    small.cli("schema", "plan", "--engine", "native")
