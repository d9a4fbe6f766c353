"""Changes of cases: variations of known ones, and smaller ones.

The same changes are made in two ways. hypothesis draws them where it is to shrink
what is found; a plain generator of random numbers draws them where many are wanted
quickly, and then :func:`reduced` makes small what fails.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from napi.testing.fuzz.case import Case
from napi.testing.fuzz.values import Value, walk

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from napi.testing.fuzz.strategies import Grammar

__all__ = ["Dice", "join", "reduced", "varied", "vary", "without"]

_LONG = 100_000
_POOL = 5000
_ACTS = (*["argument"] * 6, *["drop"] * 2, "more", "repeat", "join")
_T = TypeVar("_T")


class Choices(Protocol):
    """Who decides: hypothesis or chance."""

    numbers: Sequence[int]

    def below(self, count: int) -> int:
        """A number from 0 on."""

    def pick(self, given: Sequence[_T]) -> _T:
        """One of them."""

    def value(self, steps: int) -> Value:
        """A value; results of so many steps may be used."""


class _Drawn:
    """Choices of hypothesis."""

    def __init__(self, draw: Callable[..., Any], grammar: Grammar) -> None:
        self.draw, self.grammar = draw, grammar
        self.numbers: Sequence[int] = grammar.numbers

    def below(self, count: int) -> int:
        from hypothesis import strategies as st

        number: int = self.draw(st.integers(0, count - 1))
        return number

    def pick(self, given: Sequence[_T]) -> _T:
        return given[self.below(len(given))]

    def value(self, steps: int) -> Value:
        return self.grammar.argument(self.draw, steps)


class Dice:
    """Choices by chance, with values that cases before had.

    Args:
        seed: Of the generator.
    """

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)
        self.numbers: Sequence[int] = ()
        self.pool: list[Value] = [["undefined"]]

    def learn(self, case: Case) -> None:
        """Remembers the values of a case."""
        for step in case:
            for value in step["args"]:
                if not any(part[0] == "use" for part in walk(value)):
                    self.pool.append(value)
        if len(self.pool) > _POOL:
            del self.pool[: _POOL // 5]

    def below(self, count: int) -> int:
        """A number from 0 on."""
        return int(self.random.random() * count)

    def pick(self, given: Sequence[_T]) -> _T:
        """One of them."""
        return given[self.below(len(given))]

    def value(self, steps: int) -> Value:
        """A value that a case had, or the result of a step."""
        if steps and self.below(5) == 0:
            return ["use", self.below(steps)]
        return copy.deepcopy(self.pick(self.pool))


# === steps ===


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

        def later(index: int, start: int = start) -> int:
            return index + start

        joined += _renumber(case, later)
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


# === smaller ones ===


def reduced(case: Case, fails: Callable[[Case], bool]) -> Case:
    """A smaller case that fails too: fewer steps, fewer and simpler arguments.

    Args:
        case: It fails.
        fails: Whether another one still does.
    """
    return _simpler(_shorter(case, fails), fails)


def _shorter(case: Case, fails: Callable[[Case], bool]) -> Case:
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


def _simpler(case: Case, fails: Callable[[Case], bool]) -> Case:
    """The case with simpler arguments, as long as there is one that fails."""
    changed = True
    while changed:
        changed = False
        for candidate in _candidates(case):
            if fails(candidate):
                case, changed = candidate, True
                break
    return case


def _candidates(case: Case) -> Iterator[Case]:
    for index, step in enumerate(case):
        given = step["args"]
        if given and step["do"] != "set":
            yield _with(case, index, given[:-1])
        for place, value in enumerate(given):
            for simple in _simple(value):
                yield _with(case, index, [*given[:place], simple, *given[place + 1 :]])


def _with(case: Case, index: int, given: list[Value]) -> Case:
    return [*case[:index], {**case[index], "args": given}, *case[index + 1 :]]


def _simple(value: Value) -> Iterator[Value]:
    """Values simpler than one, the simplest first."""
    kind = value[0]
    if kind == "undefined":
        return
    yield ["undefined"]
    if kind in ("null", "bool"):
        return
    if kind == "number":
        if value[1] not in ("0", "1"):
            yield ["number", "0"]
            yield ["number", "1"]
    elif kind == "string" and value[1]:
        yield ["string", ""]
        yield ["string", value[1][: len(value[1]) // 2]]
        yield ["string", value[1][1:]]
    elif kind in ("view", "buffer", "bytes") and value[-1]:
        data = value[-1]
        yield [*value[:-1], data[: len(data) // 4 * 2]]
        yield [*value[:-1], data[2:]]
        if data.strip("0"):
            yield [*value[:-1], "0" * len(data)]
    elif kind in ("array", "object"):
        for place in range(1, len(value)):
            yield [*value[:place], *value[place + 1 :]]
        for place in range(1, len(value)):
            part = value[place]
            inner = part if kind == "array" else part[1]
            for simple in _simple(inner):
                made = simple if kind == "array" else [part[0], simple]
                yield [*value[:place], made, *value[place + 1 :]]
    elif kind in ("accessor", "function", "promise", "proxy"):
        yield value[-1]
        for simple in _simple(value[-1]):
            yield [*value[:-1], simple]


# === variations ===


def varied(corpus: Sequence[Case], grammar: Grammar) -> SearchStrategy[Case]:
    """Cases of a corpus with a few changes."""
    from hypothesis import strategies as st

    def one(draw: Callable[..., Any]) -> Case:
        return vary(_Drawn(draw, grammar), corpus, 2 * grammar.length)

    return st.composite(lambda draw: one(draw))()


def vary(choices: Choices, corpus: Sequence[Case], length: int) -> Case:
    """A case of a corpus with a few changes.

    Args:
        choices: Who decides.
        corpus: Known cases.
        length: Longer ones are not put together.
    """
    newest = len(corpus) - 1 - min(choices.below(len(corpus)) for _ in range(3))
    case = copy.deepcopy(corpus[newest])
    for _ in range(choices.below(4) + 1):
        act = choices.pick(_ACTS)
        place = choices.below(len(case))
        if act == "argument" and case[place]["args"]:
            _replace(choices, case[place]["args"], place)
        elif act == "more" and case[place]["do"] != "set":
            case[place]["args"].append(choices.value(place))
        elif act == "repeat" and len(case) < length:
            case = [*case, copy.deepcopy(case[place])]
        elif act == "join" and len(case) < length:
            case = join([case, choices.pick(corpus)])
        elif act == "drop" and len(case) > 1:
            case = without(case, place) or case
    return case


def _replace(choices: Choices, given: list[Value], steps: int) -> None:
    """Changes one argument: another value, or the same one a little different."""
    index = choices.below(len(given))
    value = given[index]
    act = choices.pick(("near", "near", "near", "other", "swap"))
    if act == "swap":
        other = choices.below(len(given))
        given[index], given[other] = given[other], given[index]
        return
    inside = [part for part in walk(value) if part[0] in _NEAR]
    if act == "near" and inside:
        part = choices.pick(inside)
        part[:] = _NEAR[part[0]](choices, part)
    else:
        given[index] = choices.value(steps)


def _near_number(choices: Choices, value: Value) -> Value:
    if choices.numbers and choices.below(3) == 0:
        return ["number", str(choices.pick(choices.numbers))]
    number = float(value[1])
    if not -(2**53) < number < 2**53:
        return ["number", "0"]
    by = choices.pick((1, -1, 8, -8, 256, -256, 65536, 0))
    return ["number", str(int(number) + by if by else -int(number))]


def _near_bytes(choices: Choices, value: Value) -> Value:
    data = bytearray.fromhex(value[-1])
    place = choices.below(len(data) + 1)
    if choices.below(2):  # what is at the beginning decides most
        place = min(place, choices.below(8))
    act = choices.pick(("set", "set", "set", "word", "insert", "cut", "double"))
    byte = choices.below(256)
    letters = [number for number in choices.numbers if number < 256]
    if letters and choices.below(3):
        byte = choices.pick(letters)
    if act == "word" and choices.numbers:
        number = choices.pick(choices.numbers) % 2**64
        size = 4 if number < 2**32 else 8
        data[place : place + size] = number.to_bytes(size, "little")
    elif act == "insert":
        data.insert(place, byte)
    elif act == "cut":
        del data[place:]
    elif act == "double" and len(data) < _LONG:
        data = data * 2
    elif place < len(data):
        data[place] = byte
    return [*value[:-1], data.hex()]


def _near_text(choices: Choices, value: Value) -> Value:
    text = value[1]
    place = choices.below(len(text) + 1)
    act = choices.pick(("insert", "cut", "double", "set"))
    mark = choices.pick("a0 .,:;/\\\"'`(){}[]<>=+-*&|!?#@$%^~_\n\0é€\ud800")
    if act == "insert":
        text = text[:place] + mark + text[place:]
    elif act == "set":
        text = text[:place] + mark + text[place + 1 :]
    elif act == "cut":
        text = text[:place]
    elif len(text) < _LONG:
        text += text
    return ["string", text]


_NEAR: dict[str, Callable[..., Value]] = {
    "number": _near_number,
    "bytes": _near_bytes,
    "buffer": _near_bytes,
    "view": _near_bytes,
    "string": _near_text,
}
