"""Hypothesis strategies for values and for cases.

``values()`` is any value that JavaScript has, boundaries first; ``cases()`` is a list
of calls of what an addon exports. Both draw data (see
:mod:`napi.testing.fuzz.values`), not objects.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from napi.testing.fuzz.case import Case, Step
from napi.testing.fuzz.values import Value, walk

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["Grammar", "values"]

NUMBERS = (
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "8",
    "16",
    "32",
    "64",
    "100",
    "127",
    "128",
    "255",
    "256",
    "1000",
    "1024",
    "32767",
    "32768",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "4294967295",
    "4294967296",
    "9007199254740991",
    "9007199254740992",
    "-9007199254740991",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e308",
    "5e-324",
    "0.5",
    "1.5",
    "-0.0",
    "nan",
    "inf",
    "-inf",
)
BIGINTS = (
    "0",
    "1",
    "-1",
    "255",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
)
STRINGS = (
    "",
    "a",
    "0",
    "hello",
    "\0",
    "a\0b",
    "\n",
    "é",
    "€",
    "\U0001f600",
    "\ud800",
    "\udc00x",
    "\ufeff",
    "__proto__",
    "constructor",
    "length",
    "%s%n",
    "{}",
    "[]",
    "null",
    "x" * 64,
    "y" * 255,
    "z" * 256,
    "w" * 4096,
    "é" * 1000,
)
VIEWS = (
    "Buffer",
    "Uint8Array",
    "Int8Array",
    "Uint8ClampedArray",
    "Uint16Array",
    "Int16Array",
    "Uint32Array",
    "Int32Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
    "DataView",
)
LENGTHS = (0, 1, 2, 3, 4, 7, 8, 12, 15, 16, 24, 31, 32, 33, 48, 64, 65, 128, 256, 1024)
KEYS = ("length", "name", "type", "data", "value", "x", "0", "then", "toString", "")


#: One value of each kind: what each function is tried with first.
SAMPLES: tuple[Value, ...] = (
    ["undefined"],
    ["null"],
    ["bool", True],
    ["number", "1"],
    ["number", "-1"],
    ["number", "4294967296"],
    ["number", "nan"],
    ["bigint", "18446744073709551616"],
    ["string", ""],
    ["string", "x" * 300],
    ["symbol", "x"],
    ["view", "Buffer", "00" * 33],
    ["view", "Float64Array", ""],
    ["buffer", "ArrayBuffer", "00" * 16],
    ["detached", "Uint8Array"],
    ["array"],
    ["array", ["number", "1"], ["string", "a"]],
    ["object"],
    ["raising", "length"],
    ["function", "return", ["number", "1"]],
    ["function", "throw", ["number", "1"]],
    ["promise", "resolve", ["number", "1"]],
    ["cycle"],
)


def evenly(*given: SearchStrategy[Value]) -> SearchStrategy[Value]:
    """One of some strategies; one_of alone would count what is inside of them."""
    from hypothesis import strategies as st

    return st.one_of([one.map(lambda it: it) for one in given])


def figures(more: Sequence[int] = ()) -> SearchStrategy[Value]:
    """Numbers of JavaScript, and those given."""
    from hypothesis import strategies as st

    texts = st.one_of(
        st.sampled_from([*NUMBERS, *map(str, more)]),
        st.integers(-300, 300).map(str),
        st.integers(-(2**53), 2**53).map(str),
        st.floats(width=64).map(lambda it: repr(it)),
    )
    return texts.map(lambda it: ["number", it])


def strings(words: Sequence[str] = ()) -> SearchStrategy[Value]:
    """Strings, lone surrogates among them."""
    from hypothesis import strategies as st

    listed = st.sampled_from([*STRINGS, *words])
    return st.one_of(
        listed, st.text(max_size=20), st.text("ab01_./{}[]\"'<> ", max_size=30)
    ).map(lambda it: ["string", it])


def blobs() -> SearchStrategy[str]:
    """Bytes in hexadecimal."""
    from hypothesis import strategies as st

    def fill(pair: tuple[int, int]) -> str:
        return f"{pair[1]:02x}" * pair[0]

    filled = st.tuples(st.sampled_from(LENGTHS), st.sampled_from((0, 1, 65, 255)))
    return st.one_of(
        filled.map(fill), st.binary(max_size=64).map(lambda data: data.hex())
    )


def buffers() -> SearchStrategy[Value]:
    """All that holds bytes, memory that was taken away among them."""
    from hypothesis import strategies as st

    return st.one_of(
        st.tuples(st.sampled_from(VIEWS), blobs()).map(lambda it: ["view", *it]),
        blobs().map(lambda data: ["view", "Buffer", data]),
        blobs().map(lambda data: ["view", "Uint8Array", data]),
        blobs().map(lambda data: ["buffer", "ArrayBuffer", data]),
        blobs().map(lambda data: ["buffer", "SharedArrayBuffer", data]),
        blobs().map(lambda data: ["bytes", data]),
        st.sampled_from(("ArrayBuffer", "Uint8Array", "Buffer", "DataView")).map(
            lambda kind: ["detached", kind]
        ),
    )


def _plain() -> SearchStrategy[Value]:
    from hypothesis import strategies as st

    known: list[Value] = [["undefined"], ["null"], ["bool", True], ["bool", False]]
    return st.sampled_from(known).map(lambda it: [*it])


def bigints() -> SearchStrategy[Value]:
    """Bigints, around the limits of 64 bits."""
    from hypothesis import strategies as st

    return st.one_of(
        st.sampled_from(BIGINTS), st.integers(-(2**70), 2**70).map(str)
    ).map(lambda it: ["bigint", it])


def functions(inner: SearchStrategy[Value]) -> SearchStrategy[Value]:
    """Functions that return, throw, or call what they are given."""
    from hypothesis import strategies as st

    return st.tuples(st.sampled_from(("return", "throw", "call")), inner).map(
        lambda it: ["function", *it]
    )


def _strange(inner: SearchStrategy[Value]) -> SearchStrategy[Value]:
    """Values that most code does not think of."""
    from hypothesis import strategies as st

    keys = st.sampled_from(KEYS)
    acts = st.sampled_from(("resolve", "reject", "never"))
    errors = st.sampled_from(("Error", "TypeError", "RangeError"))
    return st.one_of(
        st.sampled_from(KEYS).map(lambda it: ["symbol", it]),
        st.sampled_from(("0", "nan", "8640000000000000", "-1")).map(
            lambda it: ["date", it]
        ),
        st.tuples(errors, st.sampled_from(STRINGS[:6])).map(lambda it: ["error", *it]),
        st.tuples(acts, inner).map(lambda it: ["promise", *it]),
        st.tuples(keys, inner).map(lambda it: ["accessor", *it]),
        keys.map(lambda it: ["raising", it]),
        inner.map(lambda it: ["proxy", it]),
        st.sampled_from(("class", "cycle")).map(lambda it: [it]),
    )


def values(
    words: Sequence[str] = (), keys: Sequence[str] = (), numbers: Sequence[int] = ()
) -> SearchStrategy[Value]:
    """Any value of JavaScript.

    Args:
        words: Strings to draw more often.
        keys: Names of properties to draw more often.
        numbers: Numbers to draw more often.
    """
    from hypothesis import strategies as st

    number = figures(numbers)
    leaves = st.one_of(_plain(), number, strings(words), buffers(), bigints(), number)
    names = st.sampled_from([*KEYS, *keys, *words][:500])

    def grow(inner: SearchStrategy[Value]) -> SearchStrategy[Value]:
        pairs = st.lists(st.tuples(names, inner).map(list), max_size=4)
        return evenly(
            st.lists(inner, max_size=4).map(lambda it: ["array", *it]),
            pairs.map(lambda it: ["object", *it]),
            functions(inner),
            _strange(inner),
        )

    return st.recursive(leaves, grow, max_leaves=4)


def _settle(value: Value, made: dict[int, str]) -> None:
    """An instance that a declaration asks for: one that a step before has made."""
    for part in walk(value):
        if part[0] == "made":
            found = [step for step, name in made.items() if name == part[1]]
            part[:] = ["use", found[-1]] if found else ["undefined"]


class Grammar:
    """What is known of an addon, as a strategy for cases.

    Args:
        shape: Its exports, as :func:`napi.testing.fuzz.shape.describe` gives them.
        words: Strings and names worth trying.
        declared: By the title of an export, a strategy for its arguments, where
            there are declarations.
        results: By the title of an export, the names of the methods that its
            results were seen to have.
        length: The longest case.
        numbers: Numbers worth trying: the addon compared others with them.
    """

    def __init__(
        self,
        shape: Sequence[dict[str, Any]],
        words: Sequence[str] = (),
        declared: dict[str, SearchStrategy[list[Value]]] | None = None,
        results: dict[str, list[str]] | None = None,
        length: int = 6,
        numbers: Sequence[int] = (),
    ) -> None:
        from hypothesis import strategies as st

        self.shape = list(shape)
        self.declared = declared or {}
        self.length = length
        self.numbers = list(numbers)
        self.own = {
            ".".join(one["path"]): [*one["methods"], *one["fields"]]
            for one in self.shape
            if one["kind"] == "class"
        }
        for name, listed in (results or {}).items():
            self.own.setdefault(name, listed)
        self.methods = sorted({name for one in self.own.values() for name in one})
        exports = [["export", *one["path"]] for one in self.shape if one["path"]]
        self.value = values(words, numbers=numbers)
        self.passed = self.value
        if exports:
            known = st.sampled_from(exports)
            self.passed = evenly(self.value, self.value, self.value, known)

    def cases(self) -> SearchStrategy[Case]:
        """The strategy for whole cases."""
        from hypothesis import strategies as st

        return st.composite(lambda draw: self._case(draw))()

    def _case(self, draw: Callable[..., Any]) -> Case:
        from hypothesis import strategies as st

        case: Case = []
        made: dict[int, str] = {}  # step -> the export that gave its result
        for _ in range(draw(st.integers(1, self.length))):
            if case and self.methods and draw(st.integers(0, 2)) > 0:
                case.append(self._method(draw, case, made))
                continue
            entry = draw(st.sampled_from(self.shape))
            new = entry["kind"] == "class"
            name = ".".join(entry["path"])
            given = self._arguments(draw, name, entry["length"], made, len(case))
            if name in self.own:
                made[len(case)] = name
            do = "new" if new else "call"
            case.append({"do": do, "on": -1, "path": entry["path"], "args": given})
        return case

    def _method(
        self, draw: Callable[..., Any], case: Case, made: dict[int, str]
    ) -> Step:
        from hypothesis import strategies as st

        on = draw(st.sampled_from([*made] * 4 + [*range(len(case))]))
        names = self.own.get(made.get(on, ""), []) or self.methods
        name = draw(st.sampled_from(names))
        do = draw(st.sampled_from(("call", "call", "call", "call", "get", "set")))
        if do != "call":
            given = [draw(self.value)] if do == "set" else []
        else:
            title = f"{made.get(on, '')}.{name}"
            given = self._arguments(draw, title, 2, made, len(case))
        return {"do": do, "on": on, "path": [name], "args": given}

    def _arguments(
        self,
        draw: Callable[..., Any],
        name: str,
        length: int,
        made: dict[int, str],
        steps: int,
    ) -> list[Value]:
        from hypothesis import strategies as st

        declared = self.declared.get(name)
        if declared is not None and draw(st.integers(0, 9)) > 1:
            given: list[Value] = [*draw(declared)]
            for value in given:
                _settle(value, made)
            if given and draw(st.integers(0, 5)) == 0:
                place = draw(st.integers(0, len(given) - 1))
                given[place] = self.argument(draw, steps)
            return given
        usual = length or 1  # a function made by C code says 0
        count = draw(st.sampled_from((usual, usual, usual + 1, 0, 1, 2, 3, 4)))
        return [self.argument(draw, steps) for _ in range(count)]

    def argument(self, draw: Callable[..., Any], steps: int) -> Value:
        """One value, or the result of one of the steps before."""
        from hypothesis import strategies as st

        if steps and draw(st.integers(0, 3)) == 0:
            return ["use", draw(st.integers(0, steps - 1))]
        value: Value = draw(self.passed)
        return value
