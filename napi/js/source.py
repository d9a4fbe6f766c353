"""Source texts as they are parsed: the body of a function gets its head."""

from __future__ import annotations

import re

__all__ = ["COMMONJS_PARAMETERS", "Source", "wrap"]

_AROUND = re.compile(r"\bsuper\b|\bnew\s*\.\s*target\b")
_STRICT = "'use strict'; "
COMMONJS_PARAMETERS = ("exports", "require", "module", "__filename", "__dirname")


class Source:
    """A text and how it was wrapped to be parsed.

    Args:
        text: What the parser sees.
        prefix: How many characters before the file's own text were added to line 1.

    Attributes:
        is_method: Whether it is the one function of a program.
    """

    def __init__(self, text: str, prefix: int = 0) -> None:
        self.text = text
        self.prefix = prefix
        self.is_method = False


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
    strict = _STRICT if kind == "direct_strict" else ""
    if kind.startswith("direct") and _AROUND.search(source):
        return _method(strict, source, parameters)
    return Source(f"{strict}{source}", len(strict))


def _method(strict: str, source: str, parameters: tuple[str, ...]) -> Source:
    """A direct eval's text that names what only the code of a function may."""
    known = {name.rstrip("-!=") for name in parameters}
    if "super" in known:
        head, tail = "({ m() { ", "\n} })"
    elif "new.target" in known:
        head, tail = "(function () { ", "\n})"
    else:
        return Source(f"{strict}{source}", len(strict))
    made = Source(f"{head}{strict}{source}{tail}", len(head + strict))
    made.is_method = True
    return made
