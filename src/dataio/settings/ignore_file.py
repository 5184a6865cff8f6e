"""``.dataioignore``: what dataio leaves alone, a glob to a line, in the project's directory."""

from __future__ import annotations

from pathlib import Path

from dataio.errors import ConfigError


def read_ignore_file(path: Path, *, must_exist: bool) -> tuple[str, ...]:
    """The globs of the file, in their order; none where there is no file, unless it ``must_exist``.

    Blank lines and lines that begin with ``#`` say nothing. Raises :class:`~dataio.errors.ConfigError` for a file that
    cannot be read, and for a line that is not one glob.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"there is no {path} (ignore_file)") from None
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    globs = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if "," in line:
            raise ConfigError(
                f"{path}:{number}: a comma in {line!r}",
                hint="One glob to a line. For the arguments of a function write *: function:public.f.*",
            )
        globs.append(line)
    return tuple(globs)
