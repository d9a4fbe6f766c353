"""What streams over a terminal have: its colours, its cursor, its size."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._errors import out_of_range
from napi.js.host._kit import function, is_object
from napi.js.host._readline_output import Functions
from napi.runtime.builtin import hidden

__all__ = ["add_terminal", "color_depth"]

_DEEP = ("mosh", "rxvt-unicode", "terminator", "xterm-kitty", "xterm-ghostty")
_SIMPLE = [
    "eterm",
    "cons25",
    "console",
    "cygwin",
    "dtterm",
    "gnome",
    "hurd",
    "jfbterm",
    "konsole",
    "kterm",
    "mlterm",
    "putty",
    "st",
]
_COLORED = re.compile(
    r"ansi|color|linux|direct|^con[0-9]*x[0-9]|^rxvt|^screen|^xterm|^vt100|^vt220"
)
_SERVICES = ("APPVEYOR", "BUILDKITE", "CIRCLECI", "DRONE", "GITLAB_CI", "TRAVIS")
_FORCED = {"": 4, "1": 4, "true": 4, "2": 8, "3": 24}


def _environment(given: Any) -> Callable[[str], str | None]:
    if not is_object(given):
        return os.environ.get

    def find(name: str) -> str | None:
        found = shim.get(given, name)
        return None if found is None else str(shim.to_string(found))

    return find


def _of_program(env: Callable[[str], str | None]) -> int:
    """What the terminal's own name says; 0: nothing."""
    name = env("TERM_PROGRAM")
    if name == "iTerm.app":
        version = env("TERM_PROGRAM_VERSION") or "0"
        return 24 if re.match("[3-9]|[1-9][0-9]", version) else 8
    return {"HyperTerm": 24, "MacTerm": 24, "Apple_Terminal": 8}.get(name or "", 0)


def color_depth(given: Any = None) -> int:
    """``getColorDepth``: 1, 4, 8 or 24 bits of colour.

    Args:
        given: An object to look into instead of the environment.
    """
    env = _environment(given)
    forced = env("FORCE_COLOR")
    if forced is not None:
        return _FORCED.get(forced, 1)
    term = env("TERM") or ""
    if env("NODE_DISABLE_COLORS") or env("NO_COLOR") or term == "dumb":
        return 1
    if env("TMUX"):
        return 24
    if env("CI") is not None:
        if env("GITHUB_ACTIONS") is not None or env("GITEA_ACTIONS") is not None:
            return 24
        known = any(env(name) is not None for name in _SERVICES)
        return 8 if known or env("CI_NAME") == "codeship" else 1
    found = _of_program(env)
    if found:
        return found
    if env("COLORTERM") in ("truecolor", "24bit"):
        return 24
    if term.startswith("xterm-256"):
        return 8
    lower = term.lower()
    if lower in _DEEP:
        return 24
    return 4 if lower in _SIMPLE or _COLORED.search(lower) or env("COLORTERM") else 1


def _colors(this: Any, count: Any = None, env: Any = None) -> bool:
    if env is None and (count is None or is_object(count)):
        count, env = 16, count
    if shim.typeof(count) == "number" and count < 2:
        raise out_of_range("count", ">= 2", count)
    return bool(count <= 2 ** color_depth(env))


def add_terminal(target: Any) -> None:
    """Gives a stream, or the prototype of streams, these methods."""
    methods: dict[str, Any] = {
        "getColorDepth": lambda this, env=None: color_depth(env),
        "hasColors": _colors,
    }
    for name in ("cursorTo", "moveCursor", "clearLine", "clearScreenDown"):
        methods[name] = getattr(Functions, name)
    for name, act in methods.items():
        hidden(target, name, function(act, name, this=True))
