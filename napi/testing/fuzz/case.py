"""A case: a short list of calls, as data and as a program.

A step is a dictionary: ``do`` (``call``, ``new``, ``get`` or ``set``), ``on`` (the
number of the step whose result has the member; -1 for the addon), ``path`` (names
from there on) and ``args`` (values, see :mod:`napi.testing.fuzz.values`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from napi.testing.fuzz.values import (
    Value,
    is_plain,
    javascript,
    path,
    python,
    walk,
)

__all__ = ["Case", "Step", "digest", "in_javascript", "statement", "title", "valid"]

Step = dict[str, Any]
Case = list[Step]


def statement(step: Step, index: int) -> str:
    """The Python statement for a step; its result is ``v`` and its number."""
    start = "addon" if step["on"] < 0 else f"v{step['on']}"
    given = ", ".join(map(python, step["args"]))
    if step["do"] == "set":
        *owner, name = step["path"]
        return f"v{index} = put({path(owner, start)}, {name!r}, {given})"
    target = path(step["path"], start)
    if step["do"] == "get":
        return f"v{index} = {target}"
    if step["do"] == "new":
        return f"v{index} = new({', '.join(filter(None, [target, given]))})"
    *owner, name = step["path"] or [""]
    if name and not is_plain(name):  # read alone it would lose its receiver
        words = ", ".join(filter(None, [path(owner, start), repr(name), given]))
        return f"v{index} = invoke({words})"
    return f"v{index} = {target}({given})"


def in_javascript(step: Step) -> str:
    """The JavaScript expression for a step."""
    start = "addon" if step["on"] < 0 else f"v[{step['on']}]"
    target = start + "".join(f"[{json.dumps(name)}]" for name in step["path"])
    given = ", ".join(map(javascript, step["args"]))
    if step["do"] == "set":
        return f"void ({target} = {given})"
    if step["do"] == "get":
        return target
    return f"new ({target})({given})" if step["do"] == "new" else f"{target}({given})"


def title(step: Step) -> str:
    """A step in few words: ``new Xxh64``, ``.update``, ``xxh3.xxh64``."""
    name = ".".join(step["path"]) or "the module"
    if step["on"] >= 0:
        name = f".{name}"
    return f"{step['do']} {name}" if step["do"] in ("new", "get", "set") else name


def _used(value: Value) -> Iterator[int]:
    for part in walk(value):
        if part[0] == "use":
            yield part[1]


def valid(case: Sequence[Step]) -> bool:
    """Whether steps only use results of steps before them."""
    for index, step in enumerate(case):
        used = [step["on"], *(one for value in step["args"] for one in _used(value))]
        if any(one >= index for one in used):
            return False
    return True


def digest(case: Sequence[Step]) -> str:
    """A short name for a case, from its content."""
    import hashlib

    text = json.dumps(case, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
