"""One comment per pull request and key: found by its marker and its author, never doubled, whatever else goes on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from dataio.forge.model import Comment, Forge, ForgeError, Unsure

Outcome: TypeAlias = Literal["created", "updated", "unchanged", "deleted", "none", "newer"]

_MARKER: Final = re.compile(r"<!-- dataio:plan key=([a-z0-9_-]{1,40}) run=([0-9]{1,20}) -->\n")
_ROUNDS: Final = 6


def marked(body: str, *, key: str, run: int) -> str:
    """The comment's text with the marker that it is found by, which no reader sees."""
    marker = f"<!-- dataio:plan key={key} run={run} -->\n"
    if _MARKER.fullmatch(marker) is None:
        raise ValueError(f"not a key: {key!r}")
    return marker + body


@dataclass(frozen=True)
class Kept:
    """What became of the comment."""

    outcome: Outcome
    comment: Comment | None = None


def keep(
    forge: Forge,
    number: int,
    body: str | None,
    *,
    key: str,
    run: int = 0,
    author: str = "",
    sleep: Callable[[float], None] = time.sleep,
) -> Kept:
    """Make the one comment of ``key`` say ``body``; ``None`` deletes it.

    ``run`` grows from one run of a workflow to the next: what a later run wrote is left alone. ``author`` is our login
    (asked of the forge where it is not given): another's comment with our marker is another's. Two runs at once end
    with one comment: who finds an older one of ours moves there and deletes the rest. ``sleep`` waits between rounds.
    """
    me = author or forge.whoami()
    text = marked(body, key=key, run=run) if body is not None else None
    last = ForgeError("nothing was tried")
    for attempt in range(_ROUNDS):
        if attempt:
            sleep(2.0 ** (attempt - 1))
        try:
            return _kept(forge, number, text, key=key, run=run, me=me)
        except Unsure as error:  # look again: it may have been done
            last = error
        except ForgeError as error:  # somebody deleted it in between
            if error.status != 404 or _exists(forge, number) is False:
                raise
            last = error
    raise ForgeError(
        f"the comment on #{number} could not be settled in {_ROUNDS} rounds: {last.message}",
        status=last.status,
        detail=last.detail,
        hint=last.hint or "The forge may be down; run again later.",
    )


def _kept(forge: Forge, number: int, text: str | None, *, key: str, run: int, me: str) -> Kept:
    ours = _ours(forge, number, key, me)
    if any(_run(one) > run for one in ours):
        return Kept("newer", ours[0])
    if text is None:
        for one in ours:
            forge.delete_comment(number, one)
        return Kept("deleted" if ours else "none")
    if ours:
        outcome: Outcome = "unchanged"
        if ours[0].body.strip() != text.strip():
            forge.update_comment(number, ours[0], text)
            outcome = "updated"
        for one in ours[1:]:
            forge.delete_comment(number, one)
        return Kept(outcome, ours[0])
    made = forge.create_comment(number, text)
    # Another run may have done the same in this moment: the oldest stays.
    first, *rest = _ours(forge, number, key, me) or [made]
    if first.id == made.id:
        for one in rest:
            forge.delete_comment(number, one)
        return Kept("created", made)
    if _run(first) <= run:
        forge.update_comment(number, first, text)
    forge.delete_comment(number, made)
    return Kept("updated", first)


def _ours(forge: Forge, number: int, key: str, me: str) -> list[Comment]:
    found = []
    for one in forge.comments(number):
        marker = _MARKER.match(one.body.replace("\r\n", "\n"))
        if marker is not None and marker.group(1) == key and _same(one.author, me):
            found.append(one)
    return sorted(found, key=lambda one: one.id)


def _same(author: str, me: str) -> bool:
    """GraphQL leaves the ``[bot]`` away that a bot's comments bear; no user's login can have it."""
    return author in (me, f"{me}[bot]")


def _run(comment: Comment) -> int:
    marker = _MARKER.match(comment.body.replace("\r\n", "\n"))
    return int(marker.group(2)) if marker is not None else 0


def _exists(forge: Forge, number: int) -> bool:
    try:
        forge.pull_request(number)
    except ForgeError as error:
        if error.status == 404:
            return False
        raise
    return True
