"""A parsed connection: what to talk to, described without its password.

The syntax is libpq's (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING), parsed by libpq.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Final, Self
from urllib.parse import quote, urlencode

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from dataio.errors import UsageError
from dataio.postgres.redact import redact, remember_secret
from dataio.words import is_plain_name

_SCHEME: Final = re.compile(r"^(?:postgresql|postgres)(?:\+[A-Za-z0-9_]+)?://")
_ANY_SCHEME: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]*)://")
# As libpq reads it: user and password end at the first @ or /; what follows, up to the query, is host, port, database.
_AFTER_USERINFO: Final = re.compile(r"^postgresql://(?:[^@/]*@)?([^?]*)")
_SYNTAX: Final = (
    "Use postgresql://user@host:5432/database, with special characters in the password percent-encoded "
    "(%40 for @, %2F for /, %3A for :), or libpq keywords: host=… dbname=… user=…"
)
_SECRET_KEYS: Final = frozenset(
    {"password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"}
)


@dataclass(frozen=True)
class Target:
    """One database on one server, as the user named it; its ``repr`` never shows a password.

    ``conninfo`` holds libpq keywords without the secret ones; what is not in it comes from libpq's own defaults
    (``PG*`` variables, ``~/.pgpass``, service files) when a connection is made.
    """

    conninfo: Mapping[str, str]
    _secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "conninfo", MappingProxyType(dict(self.conninfo)))
        object.__setattr__(self, "_secrets", MappingProxyType(dict(self._secrets)))
        for secret in self._secrets.values():
            remember_secret(secret)

    def __repr__(self) -> str:
        return f"Target({self.describe()})"

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.conninfo.items())), tuple(sorted(self._secrets.items()))))

    def __getstate__(self) -> tuple[dict[str, str], dict[str, str]]:
        return dict(self.conninfo), dict(self._secrets)

    def __setstate__(self, state: tuple[dict[str, str], dict[str, str]]) -> None:
        object.__setattr__(self, "conninfo", MappingProxyType(state[0]))
        object.__setattr__(self, "_secrets", MappingProxyType(state[1]))
        self.__post_init__()

    def _value(self, keyword: str) -> str:
        return self.conninfo.get(keyword) or _default(keyword)

    @property
    def host(self) -> str:
        """Host name, address or socket directory; empty where libpq's built-in default applies."""
        return self._value("host") or self._value("hostaddr")

    @property
    def port(self) -> str:
        return self._value("port") or "5432"

    @property
    def user(self) -> str:
        return self._value("user")

    @property
    def dbname(self) -> str:
        """The database's name; libpq's default is the user's."""
        return self._value("dbname") or self.user

    @property
    def has_password(self) -> bool:
        return bool(self._secrets.get("password"))

    def describe(self) -> str:
        """``catalogue @ 127.0.0.1:15432``: fit for every message, never a password."""
        service = self._value("service")
        if service and not self.conninfo.get("host"):
            named = self.conninfo.get("dbname")
            return f"{named} @ service {service}" if named else f"service {service}"
        host = self.host or "local socket"
        if host.startswith("/") or not self.host:
            return f"{self.dbname} @ {host}" + ("" if self.port == "5432" else f":{self.port}")
        return f"{self.dbname} @ " + (f"[{host}]" if ":" in host else host) + f":{self.port}"

    def with_dbname(self, name: str) -> Self:
        """The same server and role, another database."""
        return type(self)({**self.conninfo, "dbname": name}, self._secrets)

    def with_user(self, user: str, password: str | None = None) -> Self:
        """The same server and database as another role; the former password does not go along."""
        return type(self)({**self.conninfo, "user": user}, {"password": password} if password else {})

    def with_parameters(self, **keywords: str) -> Self:
        """The same target with more libpq keywords (not secret ones)."""
        return type(self)({**self.conninfo, **keywords}, self._secrets)

    def with_keepalives(self) -> Self:
        """The same target, whose connections notice within two minutes that the network is gone, also while they only
        wait; the system's own default is two hours. What the target says itself stays.
        """
        if not self.host or self.host.startswith("/"):
            return self
        wanted = {"keepalives_idle": "60", "keepalives_interval": "10", "keepalives_count": "6"}
        return self.with_parameters(**{key: value for key, value in wanted.items() if key not in self.conninfo})

    def dsn(self) -> str:
        """The libpq string to connect with. It holds the password: for a driver's ``connect`` only, never to show."""
        return make_conninfo("", **self.conninfo, **self._secrets)

    def url(self, driver: str | None = "psycopg", *, hide_password: bool = False) -> str:
        """A URL, for SQLAlchemy with its ``driver`` or, with ``None``, for libpq.

        It holds the password unless ``hide_password``: show only the latter.
        """
        rest = {**self.conninfo, **self._secrets}
        if hide_password:
            rest = dict(self.conninfo)
        user, password = rest.pop("user", ""), rest.pop("password", "")
        host, port, dbname = rest.pop("host", ""), rest.pop("port", ""), rest.pop("dbname", "")
        userinfo = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
        authority = f"{userinfo}@" if userinfo else ""
        if host.startswith("/") or "," in host:
            rest["host"] = host
            if port:
                rest["port"] = port
        else:
            authority += f"[{host}]" if ":" in host else host
            authority += f":{port}" if port else ""
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        return f"{scheme}://{authority}/{quote(dbname, safe='')}" + (
            f"?{urlencode(rest, quote_via=quote)}" if rest else ""
        )

    def env(self) -> dict[str, str]:
        """The environment for a subprocess that uses libpq: this process's own, with this target laid over it.

        Passwords travel here and never in ``argv``, where every user of the machine could read them.
        """
        env = dict(os.environ)
        variables = _variables()
        for keyword, value in {**self.conninfo, **self._secrets}.items():
            if variable := variables.get(keyword):
                env[variable] = value
        # An empty variable is not the same as none for these: a service or address of the caller's shell would win.
        for keyword in ("hostaddr", "service"):
            if self.conninfo.get("host") and not self.conninfo.get(keyword):
                env.pop(variables[keyword], None)
        return env

    def arguments(self) -> list[str]:
        """``argv`` for what :meth:`env` cannot carry, as one conninfo string; empty mostly, never a secret."""
        variables = _variables()
        rest = {k: v for k, v in self.conninfo.items() if not variables.get(k)}
        return [make_conninfo("", **rest)] if rest else []


@cache
def _variables() -> dict[str, str]:
    found = {o.keyword.decode(): o.envvar.decode() for o in pq.Conninfo.get_defaults() if o.envvar}
    return {keyword: variable for keyword, variable in found.items() if variable}


def _default(keyword: str) -> str:
    """libpq's own default for a keyword, as of now: it may change with the environment."""
    for option in pq.Conninfo.get_defaults():
        if option.keyword == keyword.encode():
            return (option.val or b"").decode()
    return ""


def parse_target(text: str) -> Target:
    """Parse a URL (``postgresql://``, ``postgres://``, ``postgresql+psycopg://``), a libpq keyword string or
    ``service=…``; an empty text means what libpq's own ``PG*`` variables say.

    Raises :class:`~dataio.errors.UsageError` for what libpq cannot parse, or would take for something else than was
    meant. Any part of such a text may be a password, so that none of it is repeated.
    """
    text = text.strip()
    if "\0" in text:
        raise UsageError("the connection string holds a null character")
    if _SCHEME.match(text):
        text = _SCHEME.sub("postgresql://", text)
        _refuse_unescaped(text)
    elif "://" in text:
        scheme = _ANY_SCHEME.match(text)
        raise UsageError(f"{scheme[0] if scheme else 'that'} is not a PostgreSQL connection", hint=_SYNTAX)
    elif text and "=" not in text:
        if not is_plain_name(text):
            raise UsageError("the connection is no URL: it does not begin with postgresql://", hint=_SYNTAX)
        text = make_conninfo("", dbname=text)
    try:
        options = {key: str(value) for key, value in conninfo_to_dict(text).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise UsageError(
            f"the connection string cannot be parsed: {redact(_without_text(str(error), text))}", hint=_SYNTAX
        ) from None
    if any(port and not port.isdecimal() for port in options.get("port", "").split(",")):
        raise UsageError("the port of the connection is not a number", hint=_SYNTAX)
    secrets = {key: options.pop(key) for key in list(options) if key in _SECRET_KEYS}
    return Target(options, secrets)


def _refuse_unescaped(url: str) -> None:
    """An @ or / in a password that nobody encoded: libpq would take the rest of it for the host or the database."""
    rest = _AFTER_USERINFO.match(url)
    if rest is not None and "@" in rest[1]:
        raise UsageError(
            "the URL of the connection cannot be read: it has an @ too many, or a / before it", hint=_SYNTAX
        )


def _without_text(message: str, text: str) -> str:
    """libpq quotes the parts it cannot parse, which may be parts of a password: keep its words, not the quotation."""
    message = message.strip().replace(text, "…")
    return re.sub(r"[\"“”„«»].*[\"“”„«»]", '"…"', message, flags=re.DOTALL)
