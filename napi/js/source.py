"""Source texts as they are parsed: the body of a function gets its head."""

from __future__ import annotations

__all__ = ["COMMONJS_PARAMETERS", "Source", "wrap"]

_STRICT = "'use strict'; "
COMMONJS_PARAMETERS = ("exports", "require", "module", "__filename", "__dirname")


class Source:
    """A text and how it was wrapped to be parsed.

    Args:
        text: What the parser sees.
        prefix: How many characters before the file's own text were added to line 1.
    """

    def __init__(self, text: str, prefix: int = 0) -> None:
        self.text = text
        self.prefix = prefix


def wrap(source: str, kind: str, parameters: tuple[str, ...]) -> Source:
    """Makes of a text what the parser is to see.

    Args:
        source: The text.
        kind: ``script``, ``module``, ``commonjs``, ``function`` or ``eval``.
        parameters: The names of the parameters of a ``function``.
    """
    if source.startswith("#!"):
        source = "//" + source[2:]
    if kind == "commonjs":
        parameters = COMMONJS_PARAMETERS
    if kind in ("commonjs", "function"):
        prefix = f"(function ({', '.join(parameters)}) {{ "
        return Source(f"{prefix}{source}\n}})", len(prefix))
    if kind == "direct_strict":
        return Source(f"{_STRICT}{source}", len(_STRICT))
    return Source(source)
