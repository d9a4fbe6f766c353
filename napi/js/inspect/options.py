"""What an inspection is asked for, and what it knows while it runs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.realm import kept

__all__ = [
    "CUSTOM",
    "DEFAULTS",
    "Context",
    "STYLES",
    "COLORS",
    "context_of",
    "default_options",
]

CUSTOM = shim.Symbol.for_("nodejs.util.inspect.custom")
"""``util.inspect.custom``."""

DEFAULTS: dict[str, Any] = {
    "showHidden": False,
    "depth": 2,
    "colors": False,
    "customInspect": True,
    "showProxy": False,
    "maxArrayLength": 100,
    "maxStringLength": 10000,
    "breakLength": 80,
    "compact": 3,
    "sorted": False,
    "getters": False,
    "numericSeparator": False,
}
"""What ``util.inspect.defaultOptions`` begins with."""


def default_options() -> Any:
    """The object ``util.inspect.defaultOptions``, which programs may change."""
    return kept("inspect.options", _make_defaults)


def _make_defaults() -> Any:
    made = shim.Object()
    for name, value in DEFAULTS.items():
        shim.set(made, name, value)
    return made


COLORS: dict[str, tuple[int, int]] = {
    "reset": (0, 0),
    "bold": (1, 22),
    "dim": (2, 22),
    "italic": (3, 23),
    "underline": (4, 24),
    "blink": (5, 25),
    "inverse": (7, 27),
    "hidden": (8, 28),
    "strikethrough": (9, 29),
    "doubleunderline": (21, 24),
    "black": (30, 39),
    "red": (31, 39),
    "green": (32, 39),
    "yellow": (33, 39),
    "blue": (34, 39),
    "magenta": (35, 39),
    "cyan": (36, 39),
    "white": (37, 39),
    "bgBlack": (40, 49),
    "bgRed": (41, 49),
    "bgGreen": (42, 49),
    "bgYellow": (43, 49),
    "bgBlue": (44, 49),
    "bgMagenta": (45, 49),
    "bgCyan": (46, 49),
    "bgWhite": (47, 49),
    "framed": (51, 54),
    "overlined": (53, 55),
    "gray": (90, 39),
    "grey": (90, 39),
    "redBright": (91, 39),
    "greenBright": (92, 39),
    "yellowBright": (93, 39),
    "blueBright": (94, 39),
    "magentaBright": (95, 39),
    "cyanBright": (96, 39),
    "whiteBright": (97, 39),
    "bgGray": (100, 49),
    "bgRedBright": (101, 49),
    "bgGreenBright": (102, 49),
    "bgYellowBright": (103, 49),
    "bgBlueBright": (104, 49),
    "bgMagentaBright": (105, 49),
    "bgCyanBright": (106, 49),
    "bgWhiteBright": (107, 49),
}
"""Names of colours and styles, with the codes that begin and end them."""

STYLES: dict[str, str] = {
    "special": "cyan",
    "number": "yellow",
    "bigint": "yellow",
    "boolean": "yellow",
    "undefined": "grey",
    "null": "bold",
    "string": "green",
    "symbol": "green",
    "date": "magenta",
    "regexp": "red",
    "module": "underline",
}
"""Which colour each kind of value has."""


def _plain(text: str, _: str) -> str:
    return text


def _colored(text: str, style: str) -> str:
    color = STYLES.get(style)
    if color is None:
        return text
    begin, end = COLORS[color]
    return f"\x1b[{begin}m{text}\x1b[{end}m"


class Context:
    """One run of inspect: its options and its state.

    Attributes:
        seen: The containers around the value that is shown now.
        circular: Number of each container that something inside refers to.
        indentation: Columns before the value that is shown now.
        reached: The level of nesting that was reached last.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.show_hidden: bool = bool(options["showHidden"])
        self.depth: float = _limit(options["depth"])
        self.colors: bool = bool(options["colors"])
        self.custom: bool = bool(options["customInspect"])
        self.show_proxy: bool = bool(options["showProxy"])
        self.longest_array = max(_limit(options["maxArrayLength"]), 0)
        self.longest_string = max(_limit(options["maxStringLength"]), 0)
        self.width: float = _limit(options["breakLength"])
        self.compact: int = _compact(options["compact"])
        self.sorted: Any = options["sorted"]
        self.getters: Any = options["getters"]
        self.separator: bool = bool(options["numericSeparator"])
        self.stylize: Callable[[str, str], str] = _colored if self.colors else _plain
        self.seen: list[Any] = []
        self.circular: list[Any] = []
        self.indentation = 0
        self.reached = 0

    def number_of(self, value: Any) -> int | None:
        """The number of a container that something inside refers to."""
        for number, one in enumerate(self.circular, 1):
            if one is value:
                return number
        return None

    def with_options(self, **changes: Any) -> Context:
        """A context for a value that is shown apart from this one."""
        return Context({**self.options, **changes})


def _limit(value: Any) -> float:
    if value is None or value is shim.null:
        return math.inf
    number = shim.to_number(value)
    return math.inf if number != number else number


def _compact(value: Any) -> int:
    """Levels that may share a line; -1: the old layout, ``compact: true``."""
    if value is True:
        return -1
    return 0 if value is False else int(shim.to_number(value))


def context_of(given: Any, legacy: tuple[Any, ...] = ()) -> Context:
    """The context of a call of inspect.

    Args:
        given: The options, an object; a boolean for ``showHidden``; undefined.
        legacy: ``depth`` and ``colors``, where they were arguments.
    """
    options = dict(DEFAULTS)
    changed = shim.slots().get("inspect.options")
    if changed is not None:
        options = {name: shim.get(changed, name) for name in DEFAULTS}
    for name, value in zip(("depth", "colors"), legacy, strict=False):
        if value is not None:
            options[name] = value
    if isinstance(given, bool):
        options["showHidden"] = given
    elif (
        given is not None
        and given is not shim.null
        and shim.typeof(given)
        in (
            "object",
            "function",
        )
    ):
        for key in shim.keys(given):
            if key in DEFAULTS or key == "stylize":
                options[key] = shim.get(given, key)
            else:
                options.setdefault(key, shim.get(given, key))
    options.pop("stylize", None)
    return Context(options)
