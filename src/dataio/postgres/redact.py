"""Keeps passwords out of everything that is shown, logged or raised."""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "***"

_SECRETS: set[str] = set()

# user:password@ in a URL. The password may itself hold '@' or '/' when nobody encoded it, so it is taken greedily up to
# the last '@' before white space or a quote: rather too much is hidden than too little.
_URL = re.compile(r"(?P<head>\b[a-zA-Z][a-zA-Z0-9+.\-]*://[^\s:@/\"']*):(?P<secret>[^\s\"'<>]*)@")
# password=…, sslpassword=…, PGPASSWORD=…, "password": "…", in libpq strings, query strings, environments and JSON.
_KEYWORD = re.compile(
    r"(?P<head>(?:\b|_)(?:oauth_client_secret|scram_client_key|scram_server_key|\w*password|passwd|pwd)"
    r"[\"']?\s*[=:]\s*)"
    r"(?P<secret>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\s&,;)\"']+)",
    re.IGNORECASE,
)
# PASSWORD 'literal' in CREATE/ALTER ROLE and CREATE USER MAPPING (password 'literal').
_LITERAL = re.compile(r"(?P<head>\bpassword\s+)(?P<secret>E?'(?:[^'\\]|''|\\.)*')", re.IGNORECASE)


def remember_secret(secret: str | None) -> None:
    """From now on :func:`redact` removes ``secret`` wherever it turns up.

    Secrets shorter than four characters are not remembered: removing every ``a`` would hide the message as well. They
    are still removed where their place gives them away (URLs, ``password=``).
    """
    if secret and len(secret) >= 4:
        _SECRETS.add(secret)


def redact(text: str) -> str:
    """Return ``text`` without passwords: those in URLs, libpq strings and SQL literals, and all remembered ones."""
    for secret in sorted(_SECRETS, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, MASK)
    text = _URL.sub(lambda m: f"{m['head']}:{MASK}@", text)
    text = _KEYWORD.sub(lambda m: f"{m['head']}{MASK}", text)
    return _LITERAL.sub(lambda m: f"{m['head']}'{MASK}'", text)
