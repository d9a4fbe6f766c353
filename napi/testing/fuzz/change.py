"""Changes of cases: strategies that vary a known one, and the removal of steps."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from napi.testing.fuzz.case import Case
from napi.testing.fuzz.values import Value, walk

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from napi.testing.fuzz.strategies import Grammar

__all__ = ["join", "reduced", "varied", "without"]


def _renumber(case: Case, number: Callable[[int], int]) -> Case:
    """The case with other step numbers; a step below 0 becomes ``undefined``."""
    changed = copy.deepcopy(case)
    for step in changed:
        if step["on"] >= 0:
            step["on"] = number(step["on"])
        for value in step["args"]:
            for part in walk(value):
                if part[0] == "use":
                    index = number(part[1])
                    part[:] = ["use", index] if index >= 0 else ["undefined"]
    return changed


def join(cases: Sequence[Case]) -> Case:
    """One case that does what several do."""
    joined: Case = []
    for case in cases:
        start = len(joined)
        joined += _renumber(case, lambda index, start=start: index + start)  # type: ignore[misc]
    return joined


def without(case: Case, place: int) -> Case:
    """The case without a step, and without methods of its result."""
    gone = {place}
    for index, step in enumerate(case):
        if step["on"] in gone:
            gone.add(index)
    stay = [index for index in range(len(case)) if index not in gone]
    places = {old: new for new, old in enumerate(stay)}
    kept = [case[index] for index in stay]
    return _renumber(kept, lambda index: places.get(index, -1))


def reduced(case: Case, fails: Callable[[Case], bool]) -> Case:
    """The case without the steps that it does not need.

    Args:
        case: It fails.
        fails: Whether another one still does.
    """
    size = max(len(case) // 2, 1)
    while True:
        place, changed = len(case), False
        while place > 0:
            place = max(place - size, 0)
            smaller = case
            for index in range(min(place + size, len(case)) - 1, place - 1, -1):
                if index < len(smaller):
                    smaller = without(smaller, index)
            if smaller and len(smaller) < len(case) and fails(smaller):
                case, changed = smaller, True
                place = min(place, len(case))
        if size == 1 and not changed:
            return case
        size = max(size // 2, 1)


def varied(corpus: Sequence[Case], grammar: Grammar) -> SearchStrategy[Case]:
    """Cases of a corpus with a few changes."""
    from hypothesis import strategies as st

    return st.composite(lambda draw: _vary(draw, corpus, grammar))()


def _vary(draw: Callable[..., Any], corpus: Sequence[Case], grammar: Grammar) -> Case:
    from hypothesis import strategies as st

    case: Case = copy.deepcopy(draw(st.sampled_from(corpus)))
    for _ in range(draw(st.integers(0, 3))):
        act = draw(st.sampled_from(("argument", "argument", "repeat", "join", "drop")))
        place = draw(st.integers(0, len(case) - 1))
        if act == "argument" and case[place]["args"]:
            _replace(draw, case[place]["args"], place, grammar)
        elif act == "repeat":
            case = [*case, copy.deepcopy(case[place])]
        elif act == "join" and len(case) < 2 * grammar.length:
            case = join([case, draw(st.sampled_from(corpus))])
        elif act == "drop" and len(case) > 1:
            case = without(case, place) or case
    return case


def _replace(
    draw: Callable[..., Any], given: list[Value], steps: int, grammar: Grammar
) -> None:
    """Changes one argument: another value, or the same one a little different."""
    from hypothesis import strategies as st

    index = draw(st.integers(0, len(given) - 1))
    value = given[index]
    act = draw(st.sampled_from(("other", "near", "near", "swap")))
    if act == "swap":
        other = draw(st.integers(0, len(given) - 1))
        given[index], given[other] = given[other], given[index]
    elif act == "near" and value[0] in _NEAR:
        given[index] = _NEAR[value[0]](draw, value)
    else:
        given[index] = grammar.argument(draw, steps)


def _near_number(draw: Callable[..., Any], value: Value) -> Value:
    from hypothesis import strategies as st

    number = float(value[1])
    if not -(2**53) < number < 2**53:
        return ["number", "0"]
    by = draw(st.sampled_from((1, -1, 8, -8, 256, -256, 65536, 0)))
    return ["number", str(int(number) + by if by else -int(number))]


def _near_bytes(draw: Callable[..., Any], value: Value) -> Value:
    from hypothesis import strategies as st

    data = bytearray.fromhex(value[-1])
    place = draw(st.integers(0, len(data)))
    act = draw(st.sampled_from(("set", "insert", "cut", "double")))
    byte = draw(st.integers(0, 255))
    if act == "insert":
        data.insert(place, byte)
    elif act == "cut":
        del data[place:]
    elif act == "double" and len(data) < 100_000:
        data = data * 2
    elif place < len(data):
        data[place] = byte
    return [*value[:-1], data.hex()]


def _near_text(draw: Callable[..., Any], value: Value) -> Value:
    from hypothesis import strategies as st

    text = value[1]
    place = draw(st.integers(0, len(text)))
    act = draw(st.sampled_from(("insert", "cut", "double")))
    if act == "insert":
        text = text[:place] + draw(st.text(max_size=3)) + text[place:]
    elif act == "cut":
        text = text[:place]
    elif len(text) < 100_000:
        text += text
    return ["string", text]


_NEAR: dict[str, Callable[..., Value]] = {
    "number": _near_number,
    "bytes": _near_bytes,
    "buffer": _near_bytes,
    "view": _near_bytes,
    "string": _near_text,
}
