"""What the bot asks of a forge, and what can go wrong there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from dataio.errors import DataioError

Conclusion: TypeAlias = Literal["success", "neutral", "failure"]
Level: TypeAlias = Literal["notice", "warning", "failure"]


class ForgeError(DataioError):
    """A forge refused, or could not be reached. ``status`` is HTTP's, 0 where there was no answer."""

    def __init__(self, message: str, *, status: int = 0, detail: str = "", hint: str = "") -> None:
        super().__init__(message, detail=detail, hint=hint)
        self.status = status


class Unsure(ForgeError):
    """The answer to a change was lost or was a server's error: it may have been made, or not."""


@dataclass(frozen=True)
class Comment:
    """A comment; ``author`` is the login of whoever wrote it."""

    id: int
    body: str
    author: str


@dataclass(frozen=True)
class PullRequest:
    """A pull or merge request. ``head`` is the commit that it proposes."""

    number: int
    head: str
    base: str
    is_open: bool
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Annotation:
    """Something said about lines of a file."""

    path: str
    first: int
    last: int
    level: Level
    title: str
    message: str


class Forge(Protocol):
    """One repository on a forge, as one user. All methods raise :class:`ForgeError`; changes may raise Unsure."""

    @property
    def limit(self) -> int:
        """How long a comment may be, in bytes, to be on the safe side."""

    def close(self) -> None:
        """Close the connections."""

    def whoami(self) -> str:
        """The login whose token this is, as it stands at comments."""

    def pull_request(self, number: int) -> PullRequest:
        """One pull request."""

    def pull_request_of(self, commit: str) -> int | None:
        """The number of the one open pull request whose head is ``commit``; ``None`` where there is none."""

    def comments(self, number: int) -> Iterator[Comment]:
        """All comments of a pull request, the oldest first, over all pages."""

    def create_comment(self, number: int, body: str) -> Comment:
        """Write a comment."""

    def update_comment(self, number: int, comment: Comment, body: str) -> None:
        """Replace a comment's text."""

    def delete_comment(self, number: int, comment: Comment) -> None:
        """Delete a comment; one that is gone already is no error."""

    def change_labels(self, number: int, add: Collection[str], remove: Collection[str]) -> None:
        """Put labels on a pull request, and take others off."""

    def report(
        self, commit: str, conclusion: Conclusion, title: str, summary: str, annotations: Sequence[Annotation]
    ) -> None:
        """Put a verdict on a commit: a check run, a commit status."""
