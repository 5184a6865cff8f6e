"""GitHub, and GitHub Enterprise, by the REST API (https://docs.github.com/rest); the only GraphQL asks who we are."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

import httpx

from dataio.forge.client import Client
from dataio.forge.model import Annotation, Comment, Conclusion, ForgeError, PullRequest

_ANNOTATIONS: Final = 50  # per request


class GitHub:
    """A repository ``owner/name``. ``graphql`` is needed for tokens of apps and workflows, which have no user."""

    limit = 65_536

    def __init__(
        self,
        repository: str,
        *,
        token: str,
        api: str = "https://api.github.com",
        graphql: str = "",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {
            "authorization": f"Bearer {token}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
            "user-agent": "dataio",
        }
        self._client = Client(api, headers, token=token, sleep=sleep)
        self._repository = f"/repos/{quote(repository)}"
        self._graphql = graphql or f"{api.rstrip('/').removesuffix('/v3')}/graphql"

    def close(self) -> None:
        self._client.close()

    def whoami(self) -> str:
        try:
            return str(self._client.json("GET", "/user")["login"])
        except ForgeError as error:
            if error.status not in (403, 404):
                raise
        answer = self._client.json("POST", self._graphql, asks=True, json={"query": "query { viewer { login } }"})
        login = ((answer or {}).get("data") or {}).get("viewer", {}).get("login")
        if not isinstance(login, str):
            raise ForgeError("GitHub does not say whose token this is", hint="Name the bot's login with --author.")
        return login

    def pull_request(self, number: int) -> PullRequest:
        return _pull(self._client.json("GET", f"{self._repository}/pulls/{number}"))

    def pull_request_of(self, commit: str) -> int | None:
        found = [
            one
            for one in self._client.pages(f"{self._repository}/commits/{quote(commit)}/pulls?per_page=100", _next)
            if one["state"] == "open" and one["head"]["sha"] == commit
        ]
        return int(found[0]["number"]) if len(found) == 1 else None

    def comments(self, number: int) -> Iterator[Comment]:
        for one in self._client.pages(f"{self._repository}/issues/{number}/comments?per_page=100", _next):
            yield _comment(one)

    def create_comment(self, number: int, body: str) -> Comment:
        made = self._client.json("POST", f"{self._repository}/issues/{number}/comments", json={"body": body})
        return _comment(made)

    def update_comment(self, number: int, comment: Comment, body: str) -> None:
        self._client.json("PATCH", f"{self._repository}/issues/comments/{comment.id}", json={"body": body})

    def delete_comment(self, number: int, comment: Comment) -> None:
        try:
            self._client.send("DELETE", f"{self._repository}/issues/comments/{comment.id}")
        except ForgeError as error:
            if error.status != 404:
                raise

    def change_labels(self, number: int, add: Collection[str], remove: Collection[str]) -> None:
        path = f"{self._repository}/issues/{number}/labels"
        if add:
            self._client.json("POST", path, json={"labels": sorted(add)})
        for label in sorted(remove):
            try:
                self._client.send("DELETE", f"{path}/{quote(label, safe='')}")
            except ForgeError as error:
                if error.status != 404:
                    raise

    def report(
        self, commit: str, conclusion: Conclusion, title: str, summary: str, annotations: Sequence[Annotation]
    ) -> None:
        """A check run; a token that is no app's may not (403). Annotations go fifty at a time."""
        shown = [
            {"path": one.path, "start_line": one.first, "end_line": one.last, "annotation_level": one.level,
             "title": one.title[:255], "message": one.message[:60_000]}
            for one in annotations
        ]  # fmt: skip
        output: dict[str, Any] = {"title": title, "summary": summary, "annotations": shown[:_ANNOTATIONS]}
        run = {"name": "dataio", "head_sha": commit, "status": "completed", "conclusion": conclusion, "output": output}
        made = self._client.json("POST", f"{self._repository}/check-runs", json=run)
        for start in range(_ANNOTATIONS, len(shown), _ANNOTATIONS):
            more = {"title": title, "summary": summary, "annotations": shown[start : start + _ANNOTATIONS]}
            self._client.json("PATCH", f"{self._repository}/check-runs/{made['id']}", json={"output": more})


def _next(answer: httpx.Response) -> str | None:
    return answer.links.get("next", {}).get("url")


def _comment(one: Any) -> Comment:
    return Comment(int(one["id"]), str(one["body"] or ""), str((one.get("user") or {}).get("login", "")))


def _pull(one: Any) -> PullRequest:
    return PullRequest(
        number=int(one["number"]),
        head=str(one["head"]["sha"]),
        base=str(one["base"]["sha"]),
        is_open=one["state"] == "open",
        labels=tuple(str(label["name"]) for label in one.get("labels", ())),
    )
