"""Where a pull request is, as the forge's own CI says it: GitHub Actions' and GitLab CI's variables.

https://docs.github.com/actions/reference/workflows-and-actions/variables,
https://docs.gitlab.com/ci/variables/predefined_variables/.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from dataio.errors import ConfigError


@dataclass(frozen=True)
class ForgeEnvironment:
    """What is known without asking the forge. ``token`` is never shown.

    ``number``: the pull request's, where the event names it; ``head``: the commit that the event is about; ``run``
    grows from one run to the next; ``run_url``: where its summary and artifacts are; ``source``: the address of files
    at ``head``; ``summary``: the file that becomes the job's summary; ``base``: the branch that is merged into.
    """

    kind: Literal["github", "gitlab"] = "github"
    repository: str = ""
    token: str = field(default="", repr=False)
    api: str = ""
    graphql: str = ""
    number: int | None = None
    head: str = ""
    base: str = ""
    run: int = 0
    run_url: str = ""
    source: str = ""
    summary: Path | None = None
    from_workflow_run: bool = False


def forge_environment(environ: Mapping[str, str] | None = None) -> ForgeEnvironment:
    """Read it from the process's environment; outside of CI all is empty but a token may be there.

    Raises ConfigError for an event that cannot be read.
    """
    if environ is None:
        environ = dict(os.environ)
        for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN"):  # no program that is started from here on has them
            os.environ.pop(name, None)
    if environ.get("GITLAB_CI") or (environ.get("CI_API_V4_URL") and not environ.get("GITHUB_ACTIONS")):
        return _gitlab(environ)
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    run = event.get("workflow_run")
    pull = event.get("pull_request") or {}
    head = (run or {}).get("head_sha") or (pull.get("head") or {}).get("sha") or environ.get("GITHUB_SHA", "")
    server, repository = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_REPOSITORY", "")
    at = f"{server}/{repository}" if server and repository else ""
    identity = environ.get("GITHUB_RUN_ID", "")
    number = pull.get("number")
    # The number of runs of one workflow grows; the run that a workflow_run follows is the one whose plan this is.
    order = (run or {}).get("run_number") or environ.get("GITHUB_RUN_NUMBER", "0")
    return ForgeEnvironment(
        kind="github",
        repository=repository,
        token=environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or "",
        api=environ.get("GITHUB_API_URL", ""),
        graphql=environ.get("GITHUB_GRAPHQL_URL", ""),
        number=number if isinstance(number, int) else None,
        head=str(head),
        base=environ.get("GITHUB_BASE_REF", ""),
        run=int(order) if str(order).isdigit() else 0,
        run_url=f"{at}/actions/runs/{identity}" if at and identity.isdigit() else "",
        source=f"{at}/blob/{head}" if at and head else "",
        summary=Path(environ["GITHUB_STEP_SUMMARY"]) if environ.get("GITHUB_STEP_SUMMARY") else None,
        from_workflow_run=run is not None,
    )


def _gitlab(environ: Mapping[str, str]) -> ForgeEnvironment:
    number, order = environ.get("CI_MERGE_REQUEST_IID", ""), environ.get("CI_PIPELINE_IID", "")
    project, head = environ.get("CI_PROJECT_URL", ""), environ.get("CI_COMMIT_SHA", "")
    return ForgeEnvironment(
        kind="gitlab",
        repository=environ.get("CI_MERGE_REQUEST_PROJECT_PATH") or environ.get("CI_PROJECT_PATH", ""),
        token=environ.get("GITLAB_TOKEN", ""),
        api=environ.get("CI_API_V4_URL", ""),
        number=int(number) if number.isdigit() else None,
        head=head,
        base=environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""),
        run=int(order) if order.isdigit() else 0,
        run_url=environ.get("CI_PIPELINE_URL", ""),
        source=f"{project}/-/blob/{head}" if project and head else "",
    )


def _event(path: str) -> dict[str, Any]:
    if not path:
        return {}
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"GITHUB_EVENT_PATH: the event cannot be read: {error}") from None
    return event if isinstance(event, dict) else {}
