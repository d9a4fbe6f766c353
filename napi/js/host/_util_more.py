"""Parts of ``util``: files of environment variables, differences of texts."""

from __future__ import annotations

import re
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, need_text

__all__ = ["diff", "parse_env", "read_env"]

_LINE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*
    (?:"((?:[^"\\]|\\.)*)"|'([^']*)'|`([^`]*)`|([^\r\n]*))""",
    re.MULTILINE | re.VERBOSE | re.DOTALL,
)


def read_env(text: str) -> dict[str, str]:
    """The variables of a ``.env`` file (Node.js, "Environment variables")."""
    found: dict[str, str] = {}
    for match in _LINE.finditer(text.replace("\r\n", "\n")):
        name, double, single, back, plain = match.groups()
        if double is not None:
            found[name] = double.replace("\\n", "\n")
        elif single is not None or back is not None:
            found[name] = single if single is not None else back
        else:
            found[name] = (plain or "").partition("#")[0].strip()
    return found


def parse_env(content: Any) -> Any:
    """``util.parseEnv``."""
    made = shim.create(shim.null)
    for name, value in read_env(need_text(content, "content")).items():
        shim.set(made, name, value)
    return made


def _items(value: Any, name: str) -> list[Any]:
    if isinstance(value, str):
        return list(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return list(value)
    raise invalid_type(name, "string", value)


def diff(actual: Any, expected: Any) -> Any:
    """``util.diff``: 0 for what both have, 1 and -1 for what only one has.

    Args:
        actual: A text, or an array of texts.
        expected: The same.
    """
    a, b = _items(actual, "actual"), _items(expected, "expected")
    if a == b:
        return shim.Array()
    sizes = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            same = a[i] == b[j]
            down, right = sizes[i + 1][j], sizes[i][j + 1]
            sizes[i][j] = sizes[i + 1][j + 1] + 1 if same else max(down, right)
    rows: list[Any] = []
    i = j = 0
    while i < len(a) or j < len(b):
        if i < len(a) and j < len(b) and a[i] == b[j]:
            rows.append((0, a[i]))
            i, j = i + 1, j + 1
        elif j == len(b) or (i < len(a) and sizes[i + 1][j] >= sizes[i][j + 1]):
            rows.append((1, a[i]))
            i += 1
        else:
            rows.append((-1, b[j]))
            j += 1
    return shim.Array([shim.Array(row) for row in rows])
