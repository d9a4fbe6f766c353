"""Intl.Segmenter: the characters, words and sentences of a text (ECMA-402, 18)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from napi._native import shim
from napi.runtime.builtin import install, symbol
from napi.runtime.coerce import show, to_integer
from napi.runtime.error import TypeError
from napi.runtime.intl_option import choice
from napi.runtime.jsiterator import kind_of
from napi.runtime.utf16 import join

__all__ = ["Segmenter", "segmenter_options"]

_VALUES = {
    "localeMatcher": ("best fit", "lookup"),
    "granularity": ("grapheme", "word", "sentence"),
}


def segmenter_options(options: Any) -> dict[str, Any]:
    """What the constructor is told.

    Raises:
        napi.TypeError: The options are no object.
        napi.RangeError: One of them has no value that there is.
    """
    if options is None:
        return {"granularity": "grapheme"}
    if shim.typeof(options) not in ("object", "function") or options is shim.null:
        raise TypeError("invalid_argument")
    found = {
        name: choice(options, name, known, "Segmenter")
        for name, known in _VALUES.items()
    }
    return {"granularity": found["granularity"]}


class _Segments(shim.Host):
    """A text and where it is cut; found when it is first asked for."""

    __slots__ = ("_granularity", "_parts", "_places", "_text")
    __module__ = "napi"
    __napi_closed__ = True
    prototype: Any
    _text: str
    _granularity: str
    _places: list[int] | None
    _parts: list[str]

    def look(self) -> list[int]:
        """The places of the segments, in UTF-16 units."""
        if self._places is None:
            pairs = list(_cut(self._text, self._granularity))
            self._places = [place for place, _ in pairs]
            self._parts = [part for _, part in pairs]
        return self._places

    def data(self, place: int, part: str) -> Any:
        """What says all of a segment."""
        made = shim.Object()
        shim.set(made, "segment", part)
        shim.set(made, "index", place)
        shim.set(made, "input", self._text)
        if self._granularity == "word":
            from napi.runtime.intl_segment_text import is_word_like

            shim.set(made, "isWordLike", is_word_like(part))
        return made


def _cut(text: str, granularity: str) -> Iterator[tuple[int, str]]:
    from napi.runtime.intl_segment_text import segments

    place = 0
    for part in segments(join(text), granularity):
        yield place, part
        place += len(part) + sum(letter > "\uffff" for letter in part)


def _segments_of(this: Any, name: str) -> _Segments:
    if not isinstance(this, _Segments):
        raise TypeError(
            f"Method %Segments.prototype%.{name} called on incompatible receiver "
            f"{show(this)}"
        )
    return this


class _SegmentsMembers:
    def containing(this: Any, index: Any) -> Any:
        made = _segments_of(this, "containing")
        wanted = to_integer(shim.to_number(index))
        places = made.look()
        size = len(made._text) + sum(one > "\uffff" for one in made._text)
        if not 0 <= wanted < size:
            return None
        at = bisect_right(places, wanted) - 1
        return made.data(places[at], made._parts[at])

    @symbol("iterator")
    def iterator(this: Any) -> Any:
        made = _segments_of(this, "[Symbol.iterator]")

        def each() -> Iterator[Any]:
            for place, part in _cut(made._text, made._granularity):
                yield made.data(place, part)

        kind = kind_of("Segmenter String Iterator", "%SegmentIterator.prototype%")
        return kind(each())


def _prepare() -> None:
    if "prototype" not in vars(_Segments):
        prototype = shim.Object()
        install(prototype, _SegmentsMembers)
        _Segments.prototype = prototype


class Segmenter:
    """The members of the prototype."""

    def segment(this: Any, input: Any) -> Any:
        """A text's segments; nothing is cut yet."""
        from napi.runtime.intl import _need_kind

        _need_kind(this, "Segmenter", "segment", "")
        _prepare()
        made = _Segments()
        made._text = join(shim.to_string(input))
        made._granularity = this._options["granularity"]
        made._places, made._parts = None, []
        return made

    def resolvedOptions(this: Any) -> Any:
        """Locale and granularity."""
        from napi.runtime.intl import _need_kind, _resolved

        _need_kind(this, "Segmenter", "resolvedOptions", "")
        return _resolved(this._options, {"granularity": "granularity"})
