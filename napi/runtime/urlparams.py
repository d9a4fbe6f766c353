"""URLSearchParams (URL, chapter 6.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes

from napi._native import shim
from napi.runtime.builtin import getter, hidden, install, sized, tag
from napi.runtime.coerce import is_callable, is_nullish, is_object
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import TypeError
from napi.runtime.events import coded, missing
from napi.runtime.iterate import DONE, open_iterator
from napi.runtime.jsiterator import JSIterator
from napi.runtime.utf16 import join, lone_surrogate

__all__ = ["URLSearchParams", "parse", "serialize"]


class URLSearchParams(shim.Host):
    """JavaScript's ``URLSearchParams``."""

    __module__ = "napi"
    __slots__ = ("__pairs__", "__url__")
    __pairs__: list[tuple[str, str]]
    __url__: Any

    def __new__(cls, *_: Any) -> URLSearchParams:
        """Makes an empty one."""
        made = super().__new__(cls)
        made.__pairs__, made.__url__ = [], None
        return made

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.__pairs__)


def usv(value: Any) -> str:
    """A value as a text without lone surrogates."""
    return lone_surrogate.sub("\ufffd", join(str(shim.to_string(value))))


def _decoded(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8", "replace")


def parse(text: str) -> list[tuple[str, str]]:
    """The application/x-www-form-urlencoded parser (5.1).

    Args:
        text: The query, without its question mark.
    """
    pairs = []
    for piece in text.split("&"):
        if piece:
            name, _, value = piece.partition("=")
            pairs.append((_decoded(name), _decoded(value)))
    return pairs


def serialize(pairs: list[tuple[str, str]]) -> str:
    """The application/x-www-form-urlencoded serializer (5.2)."""

    def encoded(text: str) -> str:
        return quote_plus(text, safe="*-._").replace("~", "%7E")

    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in pairs)


def _need(this: Any) -> Any:
    if not isinstance(this, URLSearchParams):
        raise coded(
            TypeError,
            "ERR_INVALID_THIS",
            'Value of "this" must be of type URLSearchParams',
        )
    return this


def _changed(this: Any) -> None:
    if this.__url__ is not None:
        url = this.__url__()
        if url is not None:
            url.__parsed__.search = serialize(this.__pairs__)


def _given(given: tuple[Any, ...], *names: str) -> list[str]:
    if len(given) < len(names):
        raise missing(*names)
    return [usv(value) for value in given[: len(names)]]


def _units(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


class _Prototype:
    @getter
    def size(this: Any) -> int:
        return len(_need(this).__pairs__)

    @sized(2)
    def append(this: Any, *given: Any) -> None:
        pairs = _need(this).__pairs__
        name, value = _given(given, "name", "value")
        pairs.append((name, value))
        _changed(this)

    @sized(1)
    def delete(this: Any, *given: Any) -> None:
        _need(this)
        (name,) = _given(given, "name")
        value = usv(given[1]) if len(given) > 1 and given[1] is not None else None
        this.__pairs__[:] = [
            pair
            for pair in this.__pairs__
            if pair[0] != name or (value is not None and pair[1] != value)
        ]
        _changed(this)

    @sized(1)
    def get(this: Any, *given: Any) -> Any:
        _need(this)
        (name,) = _given(given, "name")
        return next((v for n, v in this.__pairs__ if n == name), shim.null)

    @sized(1)
    def getAll(this: Any, *given: Any) -> Any:
        _need(this)
        (name,) = _given(given, "name")
        return shim.Array([v for n, v in this.__pairs__ if n == name])

    @sized(1)
    def has(this: Any, *given: Any) -> bool:
        _need(this)
        (name,) = _given(given, "name")
        value = usv(given[1]) if len(given) > 1 and given[1] is not None else None
        return any(n == name and value in (None, v) for n, v in this.__pairs__)

    @sized(2)
    def set(this: Any, *given: Any) -> None:
        _need(this)
        name, value = _given(given, "name", "value")
        found, kept = False, []
        for pair in this.__pairs__:
            if pair[0] != name:
                kept.append(pair)
            elif not found:
                kept.append((name, value))
                found = True
        if not found:
            kept.append((name, value))
        this.__pairs__[:] = kept
        _changed(this)

    def sort(this: Any) -> None:
        _need(this).__pairs__.sort(key=lambda pair: _units(pair[0]))
        _changed(this)

    def entries(this: Any) -> Any:
        pairs = _live(_need(this))
        steps = (shim.Array(pair) for pair in pairs)
        return JSIterator(steps, "URLSearchParams Iterator")

    @sized(1)
    def forEach(this: Any, callback: Any = None, receiver: Any = None) -> None:
        _need(this)
        if not is_callable(callback):
            from napi.js.host._errors import invalid_type

            raise invalid_type("callback", "function", callback)
        for name, value in _live(this):
            shim.call(callback, receiver, value, name, this)

    def keys(this: Any) -> Any:
        names = (name for name, _ in _live(_need(this)))
        return JSIterator(names, "URLSearchParams Iterator")

    def values(this: Any) -> Any:
        values = (value for _, value in _live(_need(this)))
        return JSIterator(values, "URLSearchParams Iterator")

    def toString(this: Any) -> str:
        return serialize(_need(this).__pairs__)


def _live(this: Any) -> Iterator[tuple[str, str]]:
    index = 0
    while index < len(this.__pairs__):
        yield this.__pairs__[index]
        index += 1


def _fill(made: Any, source: Any) -> None:
    if not is_object(source):
        text = usv(source)
        made.__pairs__ = parse(text[1:] if text.startswith("?") else text)
        return
    method = shim.get(source, shim.Symbol.iterator)
    if is_nullish(method):
        for key in shim.own_keys(source):
            found = shim.own_property(source, key)
            if found is not None and found["enumerable"]:
                made.__pairs__.append((usv(key), usv(shim.get(source, key))))
        return
    record = open_iterator(source, method)
    while (pair := record.step()) is not DONE:
        items = []
        if is_object(pair):
            inner = open_iterator(pair)
            while (item := inner.step()) is not DONE:
                items.append(item)
        if len(items) != 2:
            raise coded(
                TypeError,
                "ERR_INVALID_TUPLE",
                "Each query pair must be an iterable [name, value] tuple",
            )
        made.__pairs__.append((usv(items[0]), usv(items[1])))


def _publish() -> None:
    prototype = shim.Object()
    install(prototype, _Prototype, listed=True)
    hidden(prototype, shim.Symbol.iterator, shim.get(prototype, "entries"))
    tag(prototype, "URLSearchParams")

    def construct(new_target: Any, source: Any = None) -> Any:
        made = allocate(URLSearchParams, new_target)
        if not is_nullish(source):
            _fill(made, source)
        return made

    publish(URLSearchParams, construct=construct, prototype=prototype, is_class=True)


_publish()
