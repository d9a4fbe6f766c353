"""AssertionError: what was found, what was expected, and how they differ."""

from __future__ import annotations

import difflib
from typing import Any

from napi._native import shim
from napi.js.host._errors import need_object, with_code
from napi.js.host._kit import get, is_object, klass, make
from napi.js.inspect import inspect
from napi.runtime.builtin import hidden
from napi.runtime.realm import kept

__all__ = ["error_class", "fail"]

_WORDS = {
    "deepStrictEqual": "Expected values to be strictly deep-equal:",
    "partialDeepStrictEqual": (
        "Expected values to be partially and strictly deep-equal:"
    ),
    "strictEqual": "Expected values to be strictly equal:",
    "strictEqualObject": 'Expected "actual" to be reference-equal to "expected":',
    "deepEqual": "Expected values to be loosely deep-equal:",
    "notDeepStrictEqual": 'Expected "actual" not to be strictly deep-equal to:',
    "notStrictEqual": 'Expected "actual" to be strictly unequal to:',
    "notStrictEqualObject": (
        'Expected "actual" not to be reference-equal to "expected":'
    ),
    "notDeepEqual": 'Expected "actual" not to be loosely deep-equal to:',
    "notIdentical": "Values have same structure but are not reference-equal:",
    "notDeepEqualUnequal": "Expected values not to be loosely deep-equal:",
}
_KEPT_LINES = 5
_LONGEST = 50
_WIDTH, _APPARENT = 80, 3
_SHORT = 12  # texts that are compared on one line are no longer than this, each


def _shown(value: Any) -> str:
    options = make(
        compact=False,
        customInspect=False,
        depth=1000,
        maxArrayLength=float("inf"),
        showHidden=False,
        showProxy=False,
        sorted=True,
        getters=True,
    )
    return inspect(value, options)


def _difference(actual: str, expected: str) -> tuple[str, bool]:
    """The lines of both, changed ones marked; whether some are left out."""
    left, right = actual.split("\n"), expected.split("\n")
    rows: list[tuple[str, str]] = []
    # A comma at the end says only that something follows.
    a, b = ([line.removesuffix(",") for line in lines] for lines in (left, right))
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    for kind, at, to, since, until in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(left[at:to], right[since:until], strict=True)
            rows += [(" ", max(pair, key=len)) for pair in pairs]
            continue
        rows += [("+", line) for line in left[at:to]]
        rows += [("-", line) for line in right[since:until]]
    return _shortened(rows)


def _shortened(rows: list[tuple[str, str]]) -> tuple[str, bool]:
    """Of a long run of equal lines the first ones and the last one."""
    lines: list[str] = []
    run: list[str] = []
    skipped = False
    for mark, line in [*rows, ("", "")]:
        if mark == " ":
            run.append(f"  {line}")
            continue
        if mark and len(run) > _KEPT_LINES + 2:
            run[_KEPT_LINES:-1] = ["..."]
            skipped = True
        lines += run if mark else run[:_KEPT_LINES]
        run = []
        if mark:
            lines.append(f"{mark} {line}")
    return "\n".join(lines).rstrip(), skipped


_COMPARED = ("deepStrictEqual", "strictEqual", "partialDeepStrictEqual")


def _message(actual: Any, expected: Any, operator: str, words: Any) -> str:
    if operator in _COMPARED:
        return _equality(actual, expected, operator, words)
    if operator in ("notDeepStrictEqual", "notStrictEqual"):
        head = _WORDS[operator]
        lines = _shown(actual).split("\n")
        if operator == "notStrictEqual" and is_object(actual):
            head = _WORDS["notStrictEqualObject"]
        if len(lines) > _LONGEST:
            lines = [*lines[:46], "..."]
        if len(lines) == 1:
            gap = "\n\n" if len(lines[0]) > 5 else " "
            return f"{head}{gap}{lines[0]}"
        return f"{head}\n\n" + "\n".join(lines) + "\n"
    left, right = _clipped(_shown(actual)), _clipped(_shown(expected))
    if operator == "deepEqual":
        head = _WORDS[operator]
        if left == right:
            return f"{_WORDS['notIdentical']}\n\n{left}\n"
        return f"{head}\n\n{left}\n\nshould loosely deep-equal\n\n{right}"
    if operator == "notDeepEqual":
        head, words = _WORDS["notDeepEqualUnequal"], "should not loosely deep-equal"
        return f"{head}\n\n{left}\n\n{words}\n\n{right}"
    return f"{left} {operator} {right}"


def _clipped(text: str) -> str:
    lines = text.split("\n")
    if len(lines) > _LONGEST:
        return "\n".join([*lines[:_LONGEST], "..."])
    return text[:512] + "..." if len(text) > 512 and len(lines) == 1 else text


def _equality(actual: Any, expected: Any, operator: str, words: Any) -> str:
    left, right = _shown(actual), _shown(expected)
    if operator == "strictEqual" and is_object(actual) and is_object(expected):
        operator = "strictEqualObject"
    head = _WORDS[operator] if words is None else words
    single = "\n" not in left and "\n" not in right
    if single and not all(_is_plain(one) for one in (actual, expected)):
        return f"{head}\n{_simple(actual, left, expected, right)}\n"
    if left == right:
        if operator == "strictEqualObject" and words is None:
            head = _WORDS["notIdentical"]
        return f"{head}\n\n{left}\n"
    lines, skipped = _difference(left, right)
    note = "\n... Skipped lines" if skipped else ""
    return f"{head}\n+ actual - expected{note}\n\n{lines}\n"


def _is_plain(value: Any) -> bool:
    """Whether a value is an object, and no function."""
    return bool(shim.typeof(value) == "object" and value is not shim.null)


def _simple(actual: Any, left: str, expected: Any, right: str) -> str:
    """Two short texts, one beside the other or one above the other."""
    quotes = sum(2 for one in (actual, expected) if isinstance(one, str))
    size = len(left) + len(right)
    if size - quotes <= _SHORT and not (actual == 0 and expected == 0):
        return f"\n{left} !== {right}"
    text = f"+ actual - expected\n\n+ {left}\n- {right}"
    if size > _WIDTH or left == right:
        return text
    pairs = zip(left, right.ljust(len(left), "\0"), strict=False)
    place = next((at for at, (a, b) in enumerate(pairs) if a != b), 0)
    # What differs at the beginning is seen without a mark.
    return f"{text}\n{' ' * (place + 2)}^" if place >= _APPARENT else text


def _without_stack(error: Any) -> Any:
    """An error for a message: where it was made is not what differs."""
    made = shim.create(shim.get_prototype(error))
    for key in shim.keys(error):
        shim.set(made, key, shim.get(error, key))
    for key in ("message", "cause", "errors"):
        if shim.has_own(error, key):
            hidden(made, key, shim.get(error, key))
    return made


def _init(this: Any, options: Any = None) -> Any:
    need_object(options, "options")
    from napi.runtime.error import Error

    message, operator = get(options, "message"), get(options, "operator")
    actual, expected = get(options, "actual"), get(options, "expected")
    generated = message is None
    left, right = actual, expected
    if isinstance(left, BaseException) and isinstance(right, BaseException):
        left, right = _without_stack(left), _without_stack(right)
    if generated or operator in _COMPARED:
        message = _message(left, right, str(operator), message)
    made = Error(shim.to_string(message))
    shim.set_prototype(made, shim.get_prototype(this))
    _describe(made, generated, actual, expected, operator)
    with_code(made)
    return made


def _describe(
    made: Any, generated: bool, actual: Any, expected: Any, operator: Any
) -> None:
    shim.define(
        made,
        "name",
        value="AssertionError",
        writable=True,
        enumerable=False,
        configurable=True,
    )
    for key, value in (
        ("generatedMessage", generated),
        ("code", "ERR_ASSERTION"),
        ("actual", actual),
        ("expected", expected),
        ("operator", operator),
    ):
        shim.set(made, key, value)


class _Members:
    def toString(this: Any) -> str:
        name, code = shim.get(this, "name"), shim.get(this, "code")
        return f"{name} [{code}]: {shim.get(this, 'message')}"


def error_class() -> Any:
    """The class AssertionError of this realm."""
    return kept("assert.AssertionError", _make)


def _make() -> Any:
    parent = shim.get(shim.get_global(), "Error")
    return klass("AssertionError", _init, _Members, parent=parent, length=1)


def fail(
    actual: Any, expected: Any, message: Any, operator: str, generated: bool = False
) -> None:
    """Throws an AssertionError, or the error that was given as message.

    Raises:
        napi.Error: Always.
    """
    if isinstance(message, BaseException):
        raise message
    options = make(actual=actual, expected=expected, operator=operator)
    if message is not None and (message != "" or operator not in _COMPARED):
        shim.set(options, "message", message)
    else:
        message = None
    error = shim.construct(error_class(), options)
    shim.set(error, "generatedMessage", generated or message is None)
    raise error
