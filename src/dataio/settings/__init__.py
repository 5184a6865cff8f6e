"""What a run of dataio goes by: flags > environment > ``.env`` > ``dataio.toml`` > default, in one frozen object.

The only reader of ``os.environ``. ``dataio.toml`` may also stand as ``[tool.dataio]`` in ``pyproject.toml``. Where each
value came from is kept (:meth:`Settings.origin`), secrets are in no ``repr``, and a ``.env`` never overrides the shell:
where the two contradict each other, :attr:`Settings.contradictions` says so.

Every setting is a row of :data:`~dataio.settings.table.TABLE`; ``docs/settings.md`` documents each.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from dataio.errors import ConfigError, UsageError
from dataio.settings.ignore_file import read_ignore_file
from dataio.settings.table import EMBEDDED, TABLE, Setting
from dataio.words import is_plain_name

Engine: TypeAlias = Literal["auto", "migra", "native"]

FILE_NAME: Final = "dataio.toml"

# libpq's variables that name a database (https://www.postgresql.org/docs/current/libpq-envars.html); PGUSER or
# PGPASSWORD alone do not.
_LIBPQ_NAMES_A_DATABASE: Final = ("PGSERVICE", "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE")
_LIBPQ_KEYWORDS: Final = {
    "PGSERVICE": "service",
    "PGHOST": "host",
    "PGHOSTADDR": "hostaddr",
    "PGPORT": "port",
    "PGDATABASE": "dbname",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGPASSFILE": "passfile",
    "PGSSLMODE": "sslmode",
    "PGSSLROOTCERT": "sslrootcert",
    "PGSSLCERT": "sslcert",
    "PGSSLKEY": "sslkey",
    "PGOPTIONS": "options",
}
_DB_KEYWORDS: Final = {
    "DB_HOST": "host",
    "DB_PORT": "port",
    "DB_NAME": "dbname",
    "DB_USER": "user",
    "DB_PASSWORD": "password",
}


@dataclass(frozen=True)
class Origin:
    """Where a value came from; ``name`` is the flag, the variable, or the key and its file."""

    layer: Literal["flag", "environment", ".env", "file", "default"]
    name: str = ""

    def __str__(self) -> str:
        match self.layer:
            case "flag" | "file":
                return self.name
            case "environment":
                return f"{self.name} in the environment"
            case ".env":
                return f"{self.name} in .env"
            case "default":
                return "default"


@dataclass(frozen=True)
class TargetChoice:
    """The database that was chosen. ``text`` is a URL or libpq string with its password ("" is libpq's defaults)."""

    text: str = field(repr=False)
    origin: Origin
    environment: str = ""
    protected: bool = False
    embedded: bool = False


@dataclass(frozen=True)
class Environment:
    """An ``[env.NAME]`` table. ``url`` is what its variable holds now, or ``None`` where that is not set."""

    name: str
    url: str | None = field(repr=False)
    url_env: str = ""
    protected: bool = False
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Contradiction:
    """A variable that the shell and ``.env`` both set, to different values. The shell's is used. No values here."""

    variable: str
    names_target: bool


@dataclass(frozen=True)
class Settings:
    """Everything a command goes by. ``root`` is the project's directory; paths are absolute."""

    root: Path
    target: TargetChoice
    schema: tuple[Path, ...]
    migrations: Path
    scratch_url: str | None = field(repr=False)
    engine: Engine
    manage: frozenset[str]
    ignore: tuple[str, ...]
    ignore_file: Path
    allow: tuple[str, ...]
    refuse: tuple[str, ...]
    online: bool
    hazards: tuple[tuple[str, str], ...]
    data_checks: str
    lock_timeout: str
    old_transaction: str
    wait: str
    statement_timeout: str
    store: str
    s3_endpoint: str | None
    s3_region: str | None
    s3_profile: str | None
    s3_addressing: str
    s3_encryption: str | None
    s3_kms_key: str | None
    s3_checksum: str
    s3_tagging: bool
    s3_storage_class: str | None
    s3_attempts: int
    work: Path
    api_secret: str | None = field(repr=False)
    api_pool_min: int
    api_pool_max: int
    api_pool_wait: str
    api_statement_timeout: str
    api_body_limit: int
    api_body_timeout: str
    api_link_lifetime: str
    api_session_lifetime: str
    api_failed_keys: int
    api_cors: tuple[str, ...]
    api_worker: bool
    api_sample: bool
    api_apply: bool
    api_telemetry: bool
    environments: Mapping[str, Environment]
    contradictions: tuple[Contradiction, ...]
    file: Path | None
    dotenv: Path | None
    origins: Mapping[str, Origin] = field(repr=False)

    def origin(self, name: str) -> Origin:
        """Where the setting ``name`` came from."""
        return self.target.origin if name == "target" else self.origins[name]


_BY_NAME: Final = {setting.name: setting for setting in TABLE}
_ENVIRONMENT_KEYS: Final = ("url", "url_env", "protected", *(s.name for s in TABLE if s.per_environment))

# Other variables that dataio reads, for the documentation and for `.env` contradictions.
TARGET_VARIABLES: Final = ("DATAIO_TARGET", "DATAIO_DATABASE_URL", "DATABASE_URL", *_LIBPQ_KEYWORDS, *_DB_KEYWORDS)


def debug_requested() -> bool:
    """Whether ``DATAIO_DEBUG`` asks for tracebacks."""
    return os.environ.get("DATAIO_DEBUG", "").strip().lower() not in {"", "0", "no", "false"}


# Files ----------------------------------------------------------------------------------------------------------------


def _project(cwd: Path) -> tuple[Path, Path | None, dict[str, Any]]:
    """The project's directory, its settings file and what that holds; ``cwd`` itself where nothing marks a project."""
    for directory in (cwd, *cwd.parents):
        own, shared = directory / FILE_NAME, directory / "pyproject.toml"
        table = _pyproject_table(shared)
        if own.is_file():
            if table is not None:
                raise ConfigError(
                    f"settings stand in both {own} and [tool.dataio] of {shared}", hint="Keep them in one of the two."
                )
            return directory, own, _toml(own)
        if table is not None:
            return directory, shared, table
        if (directory / "generated_migrations").is_dir() or (directory / ".git").exists():
            return directory, None, {}
    return cwd, None, {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None


def _pyproject_table(path: Path) -> dict[str, Any] | None:
    if not path.is_file() or b"tool.dataio" not in path.read_bytes():
        return None
    table = _toml(path).get("tool", {}).get("dataio")
    return table if isinstance(table, dict) else None


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        return {key: value for key, value in dotenv_values(path, encoding="utf-8").items() if value is not None}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None


def _refuse_unknown(keys: Sequence[str], known: Sequence[str], where: str) -> None:
    for key in keys:
        if key not in known:
            near = difflib.get_close_matches(key.replace("-", "_"), known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known keys: {', '.join(sorted(known))}."
            raise ConfigError(f"unknown setting {key!r} in {where}", hint=hint)


def _holds_password(value: Any) -> bool:
    return isinstance(value, str) and bool(
        re.search(r"://[^/\s]*:[^/\s]+@", value) or re.search(r"password\s*=", value, re.IGNORECASE)
    )


def _no_password(value: Any, key: str, where: str) -> None:
    if _holds_password(value):
        raise ConfigError(
            f"{key} in {where} holds a password",
            hint="Files in the project hold no passwords: name a variable with url_env, or use ~/.pgpass.",
        )


# Loading --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Layers:
    """What each layer says, before anything is decided."""

    cwd: Path
    root: Path
    where: str  # the settings file's name
    flags: Mapping[str, Any]
    shell: Mapping[str, str]
    dotenv: Mapping[str, str]
    file: Mapping[str, Any]

    def variables(self) -> Iterator[tuple[Literal["environment", ".env"], Mapping[str, str], Path]]:
        yield "environment", self.shell, self.cwd
        yield ".env", self.dotenv, self.root

    def variable(self, name: str) -> str | None:
        """A variable's value, the shell's before ``.env``'s; an empty one counts as not set."""
        return self.shell.get(name) or self.dotenv.get(name) or None


def load(
    flags: Mapping[str, Any] | None = None, *, cwd: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Settle every setting.

    ``flags`` maps setting names to what the command line gave (``None`` and empty lists count as not given); ``cwd``
    and ``environ`` default to the process's own. Raises :class:`~dataio.errors.ConfigError` for a value, key or file
    that makes no sense, naming its place, and :class:`~dataio.errors.UsageError` for a flag.
    """
    here = (cwd or Path.cwd()).absolute()
    root, file, table = _project(here)
    dotenv_file = root / ".env"
    layers = _Layers(
        cwd=here,
        root=root,
        where=file.name if file else FILE_NAME,
        flags={k: v for k, v in (flags or {}).items() if v is not None and v not in ([], (), "")},
        shell=os.environ if environ is None else environ,
        dotenv=_dotenv(dotenv_file),
        file=table,
    )
    if (given := (flags or {}).get("target")) is not None and not given.strip():
        raise UsageError("--target is empty", hint="Give a URL or the name of an environment.")
    _refuse_unknown(list(table), ["env", *_BY_NAME], layers.where)
    environments = _environments(layers)
    target = _target(layers, environments)
    chosen = environments.get(target.environment)
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for setting in TABLE:
        if setting.name != "target":
            values[setting.name], origins[setting.name] = _settle(setting, layers, chosen)
    named = origins["ignore_file"].layer != "default"
    values["ignore"] = (*read_ignore_file(values["ignore_file"], must_exist=named), *values["ignore"])
    return Settings(
        root=root,
        target=target,
        environments=environments,
        contradictions=_contradictions(layers, environments),
        file=file,
        dotenv=dotenv_file if dotenv_file.is_file() else None,
        origins=origins,
        **values,
    )


def _settle(setting: Setting, layers: _Layers, chosen: Environment | None) -> tuple[Any, Origin]:
    """The first layer that has the setting."""
    for raw, base, origin in _offers(setting, layers, chosen):
        if setting.may_hold_password and origin.layer == "file":
            _no_password(raw, setting.name, layers.where)
        try:
            return setting.parse(raw, base), origin
        except ValueError as error:
            kind = UsageError if origin.layer == "flag" else ConfigError
            raise kind(f"{origin} {error}") from None
    return (None if setting.default is None else setting.parse(setting.default, layers.root)), Origin("default")


def _offers(setting: Setting, layers: _Layers, chosen: Environment | None) -> Iterator[tuple[Any, Path, Origin]]:
    if setting.name in layers.flags:
        yield layers.flags[setting.name], layers.cwd, Origin("flag", setting.flag)
    for layer, variables, base in layers.variables():
        if variables.get(setting.variable):
            yield variables[setting.variable], base, Origin(layer, setting.variable)
    if chosen is not None and setting.name in chosen.values:
        origin = Origin("file", f"{setting.name} in {layers.where} [env.{chosen.name}]")
        yield chosen.values[setting.name], layers.root, origin
    if setting.name in layers.file:
        yield layers.file[setting.name], layers.root, Origin("file", f"{setting.name} in {layers.where}")


# Targets --------------------------------------------------------------------------------------------------------------


def _environments(layers: _Layers) -> dict[str, Environment]:
    tables = layers.file.get("env", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise ConfigError(f"env in {layers.where} must hold tables", hint='[env.prod]\nurl_env = "PROD_DATABASE_URL"')
    found = {}
    for name, table in tables.items():
        where = f"{layers.where} [env.{name}]"
        _refuse_unknown(list(table), _ENVIRONMENT_KEYS, where)
        if name == EMBEDDED or "=" in name or "://" in name:
            raise ConfigError(f"[env.{name}] in {layers.where}: {name!r} cannot name an environment")
        url, url_env, protected = table.get("url"), table.get("url_env", ""), table.get("protected", False)
        if not isinstance(protected, bool):
            raise ConfigError(f"protected in {where} must be true or false")
        if not isinstance(url_env, str) or not isinstance(url, str | None):
            raise ConfigError(f"url and url_env in {where} must be texts")
        if (url is None) == (url_env == ""):
            raise ConfigError(f"{where} needs url_env (the name of a variable) or url, one of the two")
        _no_password(url, "url", where)
        values = {key: value for key, value in table.items() if key in _BY_NAME}
        found[name] = Environment(name, url if url else layers.variable(url_env), url_env, protected, values)
    return found


def _target(layers: _Layers, environments: Mapping[str, Environment]) -> TargetChoice:
    """The order of docs/settings.md; a whole layer before the next, so that a ``.env`` never outdoes the shell."""
    if (given := layers.flags.get("target")) is not None:
        return _named(str(given).strip(), Origin("flag", "--target"), environments, layers.where)
    for layer, variables, _ in layers.variables():
        if value := variables.get("DATAIO_TARGET"):
            return _named(value.strip(), Origin(layer, "DATAIO_TARGET"), environments, layers.where)
        for variable in ("DATAIO_DATABASE_URL", "DATABASE_URL"):
            if value := variables.get(variable):
                return TargetChoice(value, Origin(layer, variable))
        if variable := next((name for name in _LIBPQ_NAMES_A_DATABASE if variables.get(name)), ""):
            # libpq reads the shell's variables itself; those of a .env it would never see.
            text = "" if layer == "environment" else _keywords(_LIBPQ_KEYWORDS, variables)
            return TargetChoice(text, Origin(layer, variable))
        if variable := next((name for name in ("DB_HOST", "DB_NAME") if variables.get(name)), ""):
            merged = {name: layers.variable(name) or "" for name in _DB_KEYWORDS}
            return TargetChoice(_keywords(_DB_KEYWORDS, merged), Origin(layer, variable))
    if (named := layers.file.get("target")) is not None:
        origin = Origin("file", f"target in {layers.where}")
        if not isinstance(named, str) or not named.strip():
            raise ConfigError(f"{origin} must be a URL or the name of an environment")
        _no_password(named, "target", layers.where)
        return _named(named.strip(), origin, environments, layers.where)
    return TargetChoice("", Origin("default"), embedded=True)


def _named(text: str, origin: Origin, environments: Mapping[str, Environment], where: str) -> TargetChoice:
    if text == EMBEDDED:
        return TargetChoice("", origin, embedded=True)
    if "://" in text or "=" in text:
        return TargetChoice(text, origin)
    environment = environments.get(text)
    if environment is None and not is_plain_name(text):
        raise UsageError(
            f"{origin}: that is neither an environment of {where} nor a URL",
            hint="A URL begins with postgresql://; what it holds is not repeated here, as it may be a password.",
        )
    if environment is None:
        near = difflib.get_close_matches(text, environments, n=1)
        known = ", ".join(sorted(environments)) or "none"
        hint = f"Did you mean {near[0]}?" if near else f"Environments in {where}: {known}. A URL begins postgresql://."
        raise UsageError(f"{origin}: there is no environment {text!r}", hint=hint)
    if environment.url is None:
        raise ConfigError(
            f"environment {text} reads its URL from {environment.url_env}, which is not set",
            hint=f"Set {environment.url_env} in the shell or in .env.",
        )
    return TargetChoice(environment.url, origin, text, environment.protected)


def _keywords(names: Mapping[str, str], variables: Mapping[str, str]) -> str:
    """A libpq keyword string (quoting: libpq manual, "Keyword/Value Connection Strings")."""
    pairs = ((keyword, variables.get(name)) for name, keyword in names.items())
    quoted = {keyword: value.replace("\\", "\\\\").replace("'", "\\'") for keyword, value in pairs if value}
    return " ".join(f"{keyword}='{value}'" for keyword, value in quoted.items())


def _contradictions(layers: _Layers, environments: Mapping[str, Environment]) -> tuple[Contradiction, ...]:
    targets = {*TARGET_VARIABLES, *(e.url_env for e in environments.values() if e.url_env)}
    read = {*targets, *(setting.variable for setting in TABLE)}
    return tuple(
        Contradiction(name, name in targets)
        for name in sorted(read)
        if layers.shell.get(name) and layers.dotenv.get(name) and layers.shell[name] != layers.dotenv[name]
    )
