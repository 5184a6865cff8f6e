"""One hash for one schema.

The canonical form, hashed with SHA-256 as UTF-8: for each kind that has facts, in the order of its name, one JSON array
``["kind",[[path,values],…]]`` and a newline. Facts are sorted by path (code points); ``path`` is an array of strings;
``values`` holds the attributes in the order of :data:`~dataio.snapshot.kinds.KINDS`: strings, integers, ``true``,
``false``, ``null``, arrays for tuples. JSON as RFC 8259 has it, without white space, with everything outside ASCII as
``\\uXXXX``. Info, edges and notes do not take part; nor does the name of a not-null constraint that is only inherited:
it tells how a partition came to be (``PARTITION OF`` or ``ATTACH``), and versions before 18 have none. A domain's
``not_null_comment`` takes part where there is one: what was applied before it was read is still the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from dataio.snapshot.keys import Key

if TYPE_CHECKING:
    from dataio.snapshot.model import Fact, Snapshot, Value


_AT_ONCE: Final = 500
"""Facts encoded together: one by one is slow, all together is memory."""


def fingerprint(snapshot: Snapshot) -> str:
    """``pg`` and the major version whose words the facts are in, a colon, 64 hexadecimal digits."""
    return f"pg{snapshot.major}:{digest(snapshot.facts)}"


def digest(facts: Mapping[Key, Fact]) -> str:
    """SHA-256 over the canonical form of ``facts``."""
    encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
    kinds: dict[str, list[Key]] = {}
    for key in facts:
        kinds.setdefault(key.kind, []).append(key)
    sha = hashlib.sha256()
    for kind in sorted(kinds):
        keys = sorted(kinds[kind])
        sha.update(f"[{encode(kind)},[".encode())
        for start in range(0, len(keys), _AT_ONCE):
            some = encode([(key.path, _canonical(facts[key])) for key in keys[start : start + _AT_ONCE]])
            sha.update(f"{',' if start else ''}{some[1:-1]}".encode())
        sha.update(b"]]\n")
    return sha.hexdigest()


def info_digest(facts: Mapping[Key, Fact]) -> str:
    """SHA-256 over what is never compared, but differs where two databases of one fingerprint were made differently."""
    carried = sorted((key, fact.info_values) for key, fact in facts.items() if any(fact.info_values))
    return hashlib.sha256(json.dumps(carried).encode()).hexdigest()


def _canonical(fact: Fact) -> tuple[Value, ...]:
    if fact.key.kind == "not_null" and not fact["is_local"]:
        return fact.replace(name=None).values
    if fact.key.kind == "domain" and fact["not_null_comment"] is None:
        return fact.values[:-1]
    return fact.values
