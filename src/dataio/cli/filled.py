"""Commands on which an option that is given is not empty: ``--into "$UNSET"`` must not mean the target itself."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

from dataio.errors import UsageError


class Filled(TyperCommand):
    """Raises UsageError for an option or argument that was given as an empty text; a list may be without any."""

    def invoke(self, ctx: Any) -> Any:
        for parameter in self.params:
            given = ctx.params.get(parameter.name or "")
            words = given if isinstance(given, list | tuple) else [given]
            if any(isinstance(word, str) and not word.strip() for word in words):
                name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar
                raise UsageError(f"{name} is empty", hint="Is a variable not set? Leave it out, or say what is meant.")
        return super().invoke(ctx)
