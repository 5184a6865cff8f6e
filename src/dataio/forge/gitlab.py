"""GitLab: merge requests and their notes (https://docs.gitlab.com/api/notes/)."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

import httpx

from dataio.forge.client import Client
from dataio.forge.model import Annotation, Comment, Conclusion, ForgeError, PullRequest

_STATES: Final[dict[Conclusion, str]] = {"success": "success", "neutral": "success", "failure": "failed"}


class GitLab:
    """A project, by its number or ``group/name``. ``api`` ends in ``/api/v4`` (``CI_API_V4_URL``)."""

    limit = 1_000_000

    def __init__(
        self,
        project: str,
        *,
        token: str,
        api: str = "https://gitlab.com/api/v4",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = Client(api, {"private-token": token, "user-agent": "dataio"}, token=token, sleep=sleep)
        self._project = f"/projects/{quote(project, safe='')}"

    def close(self) -> None:
        self._client.close()

    def whoami(self) -> str:
        return str(self._client.json("GET", "/user")["username"])

    def pull_request(self, number: int) -> PullRequest:
        return _merge_request(self._client.json("GET", self._request(number)))

    def pull_request_of(self, commit: str) -> int | None:
        path = f"{self._project}/repository/commits/{quote(commit)}/merge_requests?per_page=100"
        around = self._client.pages(path, self._next)
        found = [one for one in around if one["state"] == "opened" and one["sha"] == commit]
        return int(found[0]["iid"]) if len(found) == 1 else None

    def comments(self, number: int) -> Iterator[Comment]:
        path = f"{self._request(number)}/notes?sort=asc&order_by=created_at&per_page=100"
        for one in self._client.pages(path, self._next):
            yield _note(one)

    def create_comment(self, number: int, body: str) -> Comment:
        return _note(self._client.json("POST", f"{self._request(number)}/notes", json={"body": body}))

    def update_comment(self, number: int, comment: Comment, body: str) -> None:
        self._client.json("PUT", f"{self._request(number)}/notes/{comment.id}", json={"body": body})

    def delete_comment(self, number: int, comment: Comment) -> None:
        try:
            self._client.send("DELETE", f"{self._request(number)}/notes/{comment.id}")
        except ForgeError as error:
            if error.status != 404:
                raise

    def change_labels(self, number: int, add: Collection[str], remove: Collection[str]) -> None:
        if add or remove:
            change = {"add_labels": ",".join(sorted(add)), "remove_labels": ",".join(sorted(remove))}
            self._client.json("PUT", self._request(number), json=change)

    def report(
        self, commit: str, conclusion: Conclusion, title: str, summary: str, annotations: Sequence[Annotation]
    ) -> None:
        """A commit status: GitLab has no annotations but those of its reports."""
        status = {"state": _STATES[conclusion], "name": "dataio", "description": title[:255]}
        self._client.json("POST", f"{self._project}/statuses/{quote(commit)}", json=status)

    def _request(self, number: int) -> str:
        return f"{self._project}/merge_requests/{number}"

    @staticmethod
    def _next(answer: httpx.Response) -> str | None:
        page = answer.headers.get("x-next-page", "")
        return str(answer.url.copy_set_param("page", page)) if page else None


def _note(one: Any) -> Comment:
    return Comment(int(one["id"]), str(one["body"] or ""), str((one.get("author") or {}).get("username", "")))


def _merge_request(one: Any) -> PullRequest:
    return PullRequest(
        number=int(one["iid"]),
        head=str(one["sha"]),
        base=str((one.get("diff_refs") or {}).get("base_sha") or ""),
        is_open=one["state"] == "opened",
        labels=tuple(map(str, one.get("labels", ()))),
    )
