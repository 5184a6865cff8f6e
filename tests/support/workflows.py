"""A small runner of GitHub's workflows: a job's steps in order, their expressions, environments and ``run:`` lines.

Actions are stood in for by what they do to the folder: checkout clones, upload and download copy. What a step may not
have is not there: secrets only where its ``env`` names them, no token of the test's own environment.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass
class Run:
    """One job's run: ``log`` has what each step said, ``summary`` the job's summary."""

    folder: Path
    log: list[str] = field(default_factory=list)
    failed: str = ""

    @property
    def summary(self) -> str:
        path = self.folder.parent / f"{self.folder.name}.summary"
        return path.read_text() if path.exists() else ""


@dataclass
class Runner:
    """``repository`` is what checkout clones; ``artifacts`` is a folder shared by the runs of one event."""

    repository: Path
    artifacts: Path
    api: str
    default_branch: str = "main"

    def run(self, workflow: Path, job: str, context: dict[str, Any], event: Path, folder: Path, **known: str) -> Run:
        """Run a job's steps until one fails. ``context`` is what expressions see, ``known`` are GITHUB_… variables."""
        document = yaml.safe_load(workflow.read_text())
        done = Run(folder)
        base = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder.parent), "DATAIO_CACHE_DIR": os.environ["DATAIO_CACHE_DIR"], "NO_COLOR": "1",
            "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_API_URL": f"{self.api}/gh",
            "GITHUB_GRAPHQL_URL": f"{self.api}/gh/graphql", "GITHUB_SERVER_URL": "https://forge.example",
            "GITHUB_EVENT_PATH": str(event), "GITHUB_RUN_ID": "77",
            "GITHUB_STEP_SUMMARY": str(folder.parent / f"{folder.name}.summary"), **known,
        }  # fmt: skip
        for step in document["jobs"][job]["steps"]:
            if "uses" in step:
                self._action(step, context, folder)
                continue
            if step["run"].startswith("python -m pip install dataio"):
                continue  # it is installed; nothing is fetched in a test
            env = {name: str(self._value(value, context)) for name, value in step.get("env", {}).items()}
            assert "${{" not in step["run"], "an expression in a run line could be a stranger's text"
            ran = subprocess.run(
                ["/bin/bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=folder, env=base | env, capture_output=True, text=True, timeout=300, check=False,
            )  # fmt: skip
            done.log.append(f"$ {step['run']}\n{ran.stdout}{ran.stderr}")
            if ran.returncode:
                done.failed = done.log[-1]
                break
        return done

    def _action(self, step: dict[str, Any], context: dict[str, Any], folder: Path) -> None:
        given = {key: self._value(value, context) for key, value in step.get("with", {}).items()}
        match step["uses"].partition("@")[0]:
            case "actions/checkout":
                assert given.get("persist-credentials") is False
                _git(folder.parent, "clone", "--quiet", str(self.repository), str(folder))
                ref = given.get("ref", f"origin/{self.default_branch}")
                _git(folder, "fetch", "--quiet", "origin", "+refs/pull/*:refs/pull/*")
                _git(folder, "checkout", "--quiet", "--detach", str(ref))
            case "actions/setup-python":
                assert given["python-version"]
            case "actions/upload-artifact":
                source = folder / given["path"]
                assert source.is_file(), "if-no-files-found: error"
                shutil.copy(source, self.artifacts / source.name)
            case "actions/download-artifact":
                assert str(given["run-id"]) == "76"
                (folder / given["path"]).mkdir()
                for path in self.artifacts.iterdir():
                    shutil.copy(path, folder / given["path"] / path.name)
            case other:
                raise AssertionError(f"the runner does not know {other}")

    @staticmethod
    def _value(value: Any, context: dict[str, Any]) -> Any:
        """A value with its one expression looked up; only names joined by dots are known."""
        if not isinstance(value, str) or "${{" not in value:
            return value
        found = re.fullmatch(r"\$\{\{ ([a-z_.]+) \}\}", value)
        assert found, value
        at: Any = context
        for name in found.group(1).split("."):
            at = at[name]
        return at


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
