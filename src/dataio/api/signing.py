"""Signatures: cursors, links, cookies. HMAC-SHA-256 with one secret, bound to what it is for, so that none of them can
stand in for another."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any, Final

from dataio.errors import ConfigError
from dataio.settings import Settings

LONGEST: Final = 4096


class Signer:
    """Turns small JSON values into texts that nobody else can make, and back."""

    def __init__(self, secret: str) -> None:
        self._secret = hashlib.sha256(b"dataio api\0" + secret.encode()).digest()

    def sign(self, purpose: str, value: Any, *, lifetime: float | None = None) -> str:
        """A text for URLs and cookies. With ``lifetime`` it is good for so many seconds."""
        until = int(time.time() + lifetime) if lifetime is not None else None
        body = json.dumps([until, value], separators=(",", ":")).encode()
        return f"{_encode(body)}.{_encode(self.digest(purpose, body))}"

    def read(self, purpose: str, text: str) -> Any | None:
        """What was signed; ``None`` for a text that is not ours, for another purpose, altered, or too old."""
        if len(text) > LONGEST:
            return None
        head, _, tail = text.partition(".")
        try:
            body, given = _decode(head), _decode(tail)
            if not hmac.compare_digest(given, self.digest(purpose, body)):
                return None
            until, value = json.loads(body)
        except (ValueError, TypeError):
            return None
        return value if until is None or until > time.time() else None

    def digest(self, purpose: str, body: bytes) -> bytes:
        """The signature itself, 16 bytes."""
        return hmac.digest(self._secret, purpose.encode() + b"\0" + body, "sha256")[:16]

    def token(self, purpose: str, text: str) -> str:
        """A short token that only we can make for a text: against forged requests."""
        return _encode(self.digest(purpose, text.encode()))


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    if not text.isascii() or len(text) % 4 == 1:
        raise ValueError(text)
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _encode(data) != text:  # one signature has one spelling
        raise ValueError(text)
    return data


def secret_of(settings: Settings) -> str:
    """The secret of the settings, or the one of this project, which is made the first time.

    Raises :class:`~dataio.errors.ConfigError` for one that is too short, or where the file cannot be kept.
    """
    if settings.api_secret:
        if len(settings.api_secret) < 32:
            raise ConfigError("DATAIO_API_SECRET is shorter than 32 characters", hint="openssl rand -hex 32 makes one.")
        return settings.api_secret
    path = settings.root / ".dataio" / "api-secret"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_once(path)
        return path.read_text("ascii").strip()
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror}", hint="Set DATAIO_API_SECRET instead."
        ) from None


def _make_once(path: Path) -> None:
    if path.exists():
        return
    made = path.with_name(f"api-secret.{os.getpid()}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    try:
        path.hardlink_to(made)  # the first one wins, whole
    except FileExistsError:
        pass
    finally:
        made.unlink()
