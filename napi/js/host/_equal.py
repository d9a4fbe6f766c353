"""Deep comparison: ``assert.deepEqual``, ``assert.deepStrictEqual`` and util's."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.inspect.container import is_index
from napi.js.inspect.kinds import is_object, kind_of, primitive_of
from napi.js.inspect.names import tag_of

__all__ = ["deep_equal", "loose_equal", "same_value"]

_BUFFERS = ("arraybuffer", "sharedarraybuffer", "dataview")


def same_value(a: Any, b: Any) -> bool:
    """``Object.is``."""
    if shim.typeof(a) == "number" and shim.typeof(b) == "number":
        import math

        if a != a or b != b:
            return a != a and b != b
        if a == b == 0:
            return math.copysign(1, a) == math.copysign(1, b)
    return shim.strict_equals(a, b)


def loose_equal(a: Any, b: Any) -> bool:
    """``a == b`` (ECMA-262 7.2.14), and NaN equals itself."""
    if shim.strict_equals(a, b):
        return True
    empty_a, empty_b = _is_empty(a), _is_empty(b)
    if empty_a or empty_b:
        return empty_a and empty_b
    if shim.typeof(a) == shim.typeof(b) and not is_object(a):
        return shim.typeof(a) == "number" and a != a and b != b
    if is_object(a) and is_object(b):
        return False
    if is_object(a):
        return loose_equal(shim.to_primitive(a), b)
    if is_object(b):
        return loose_equal(a, shim.to_primitive(b))
    if "symbol" in (shim.typeof(a), shim.typeof(b)):
        return False
    left, right = _number(a), _number(b)
    return left == right


def _is_empty(value: Any) -> bool:
    return value is None or value is shim.null


def _number(value: Any) -> Any:
    return int(value) if shim.typeof(value) == "bigint" else shim.to_number(value)


class _Comparison:
    """One comparison; pairs that are being compared count as equal."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.pairs: list[tuple[Any, Any]] = []

    def equal(self, a: Any, b: Any) -> bool:
        if a is b:
            return True
        if not is_object(a) or not is_object(b):
            if self.strict:
                return not is_object(a) and not is_object(b) and same_value(a, b)
            if is_object(a) or is_object(b):
                return False
            return loose_equal(a, b)
        if self.strict and shim.get_prototype(a) is not shim.get_prototype(b):
            return False
        return self.objects(a, b)

    def objects(self, a: Any, b: Any) -> bool:
        kind = kind_of(a)
        if kind != kind_of(b) or tag_of(a, False) != tag_of(b, False):
            return False
        if kind == "function" or kind in ("weakmap", "weakset", "promise"):
            return False
        if not self.inside(kind, a, b):
            return False
        keys = self.keys(kind, a)
        others = self.keys(kind, b)
        if len(keys) != len(others) or not all(_has(others, key) for key in keys):
            return False
        for left, right in self.pairs:
            if left is a or right is b:
                return left is a and right is b
        self.pairs.append((a, b))
        try:
            same = self.entries(kind, a, b)
            return same and all(
                self.equal(shim.get(a, key), shim.get(b, key)) for key in keys
            )
        finally:
            self.pairs.pop()

    def keys(self, kind: str, value: Any) -> list[Any]:
        keys = shim.own_keys(value, self.strict, True)
        if kind == "typedarray":
            keys = [key for key in keys if not is_index(key)]
        return list(keys)

    def inside(self, kind: str, a: Any, b: Any) -> bool:
        """What is not in properties."""
        if kind == "array":
            return len(a) == len(b)
        if kind == "date":
            return same_value(_time(a), _time(b))
        if kind == "regexp":
            names = ("source", "flags", "lastIndex")
            return all(shim.get(a, n) == shim.get(b, n) for n in names)
        if kind == "error":
            return self.errors(a, b)
        if kind == "boxed":
            return same_value(primitive_of(a), primitive_of(b))
        if kind in _BUFFERS:
            return bytes(memoryview(a).cast("B")) == bytes(memoryview(b).cast("B"))
        if kind == "typedarray":
            return self.typed(a, b)
        if kind in ("map", "set"):
            return len(a) == len(b)
        return True

    def errors(self, a: Any, b: Any) -> bool:
        for name in ("message", "name"):
            if not shim.strict_equals(shim.get(a, name), shim.get(b, name)):
                return False
        for name in ("cause", "errors"):
            left, right = shim.get(a, name), shim.get(b, name)
            if shim.has(a, name) != shim.has(b, name) or not self.equal(left, right):
                return False
        return True

    def typed(self, a: Any, b: Any) -> bool:
        if len(a) != len(b):
            return False
        with memoryview(a) as left, memoryview(b) as right:
            if left.format != right.format:
                return False
            if left.format not in ("f", "d", "e"):
                return bytes(left) == bytes(right)
            pairs = zip(left.tolist(), right.tolist(), strict=True)
            if self.strict:
                return all(same_value(x, y) for x, y in pairs)
            return all(x == y or (x != x and y != y) for x, y in pairs)

    def entries(self, kind: str, a: Any, b: Any) -> bool:
        """The members of collections, whatever their order."""
        if kind == "set":
            rest = list(b)
            return all(self.take(rest, one, lambda x: x) is not None for one in a)
        if kind == "map":
            rest = list(b.items())
            for key, value in a.items():
                found = self.take(rest, key, lambda pair: pair[0])
                if found is None or not self.equal(value, found[0][1]):
                    return False
        return True

    def take(self, rest: list[Any], wanted: Any, key: Any) -> tuple[Any] | None:
        """Takes what equals ``wanted`` out of a list; the very same one first."""
        for same in (lambda x: shim.strict_equals(x, wanted), None):
            for index, one in enumerate(rest):
                found = key(one)
                if same(found) if same else self.equal(wanted, found):
                    return (rest.pop(index),)
        return None


def _has(keys: list[Any], key: Any) -> bool:
    return key in keys


def _time(value: Any) -> Any:
    made = value
    if not hasattr(value, "getTime"):
        made = shim.construct(shim.get(shim.get_global(), "Date"), value)
    return made.getTime()


def deep_equal(a: Any, b: Any, strict: bool = True) -> bool:
    """Compares two values with all that is in them.

    Args:
        a: Any value.
        b: Any value.
        strict: By ``Object.is``, with prototypes and symbols; otherwise by ``==``.
    """
    return _Comparison(strict).equal(a, b)
