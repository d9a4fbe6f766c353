"""``console.table``: rows and columns drawn with lines."""

from __future__ import annotations

from typing import Any

from napi._native import shim

__all__ = ["table_text"]

_INDEX, _ITERATION = "(index)", "(iteration index)"
_KEY, _VALUES = "Key", "Values"


def _is_object(value: Any) -> bool:
    return shim.typeof(value) in ("object", "function") and value is not shim.null


def _shown(value: Any) -> str:
    from napi.js.inspect import inspect

    depth = 0
    if _is_object(value) and not isinstance(value, (list, tuple)):
        depth = 0 if len(shim.keys(value)) <= 2 else -1
    elif isinstance(value, (list, tuple)) and len(value) > 2:
        depth = -1
    options = shim.Object(maxArrayLength=3, breakLength=float("inf"), depth=depth)
    return inspect(value, options)


def _draw(heads: list[str], columns: list[list[str]]) -> str:
    from napi.js.inspect.text import width

    height = max((len(column) for column in columns), default=0)
    widths = [
        max(width(cell) for cell in (head, *column)) + 2
        for head, column in zip(heads, columns, strict=True)
    ]

    def rule(left: str, middle: str, right: str) -> str:
        return left + middle.join("─" * size for size in widths) + right

    def row(cells: list[str]) -> str:
        shown = (
            f" {cell}" + " " * (size - width(cell) - 1)
            for cell, size in zip(cells, widths, strict=True)
        )
        return "│" + "│".join(shown) + "│"

    lines = [rule("┌", "┬", "┐"), row(heads), rule("├", "┼", "┤")]
    for index in range(height):
        lines.append(row([c[index] if index < len(c) else "" for c in columns]))
    return "\n".join([*lines, rule("└", "┴", "┘")])


def _of_map(value: Any) -> str:
    pairs = list(value.items())
    return _draw(
        [_ITERATION, _KEY, _VALUES],
        [
            [str(index) for index in range(len(pairs))],
            [_shown(key) for key, _ in pairs],
            [_shown(one) for _, one in pairs],
        ],
    )


def _of_set(value: Any) -> str:
    cells = [_shown(one) for one in value]
    return _draw([_ITERATION, _VALUES], [[str(i) for i in range(len(cells))], cells])


def table_text(data: Any, properties: Any) -> str | None:
    """The table of an object, array, Map or Set.

    Args:
        data: What is to be shown.
        properties: The columns that are wanted, an array; undefined: all.

    Returns:
        The text; ``None`` where a value is no table.
    """
    from napi.js.inspect.kinds import kind_of

    if not _is_object(data) or callable(data):
        return None
    kind = kind_of(data)
    if kind == "map":
        return _of_map(data)
    if kind == "set":
        return _of_set(data)
    wanted = list(properties) if isinstance(properties, (list, tuple)) else None
    columns: dict[str, list[str]] = {one: [] for one in wanted or ()}
    values: dict[int, str] = {}
    keys = shim.keys(data)
    for row, key in enumerate(keys):
        item = shim.get(data, key)
        if not _is_object(item) or callable(item):
            values[row] = _shown(item)
            continue
        for name in wanted if wanted is not None else shim.keys(item):
            column = columns.setdefault(name, [])
            column += [""] * (row - len(column))
            if shim.has_own(item, name):
                column.append(_shown(shim.get(item, name)))
    heads, cells = [_INDEX, *columns], [list(keys), *columns.values()]
    if values:
        heads.append(_VALUES)
        cells.append([values.get(row, "") for row in range(len(keys))])
    return _draw(heads, cells)
