"""Where texts are cut (Unicode UAX #29), with what ICU's rules do otherwise.

The rules and the data are those of the package uniseg. ICU keeps Hangul apart from
other letters and joins the letters of Thai, Lao, Khmer and Burmese; its dictionaries,
which cut words in these scripts and in Chinese and Japanese, there are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["is_word_like", "segments"]

_HANGUL = "\uac00-\ud7a3"
# Letters of scripts without blanks; their marks and digits keep their own rules.
_COMPLEX = re.compile(
    "[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6"
    "\u0edc-\u0edf\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066"
    "\u106e-\u1070\u1075-\u1081\u108e\u1780-\u17b3\u17d7\u17dc\u1950-\u1974"
    "\u1980-\u19ab]"
)
_SYLLABLE = re.compile(f"[{_HANGUL}]")
_WORD_LETTERS = re.compile(
    "[^\\W_]|__|[\u0600-\u0605\u06dd\u0890\u0891\u08e2\u3031-\u3035\u30a0"
    f"\uff70{_HANGUL}]"
)


def _library() -> Any:
    try:
        import uniseg.graphemecluster
        import uniseg.sentencebreak
        import uniseg.wordbreak
    except ImportError:
        from napi.runtime.error import Error

        raise Error(
            "Intl.Segmenter needs the package uniseg: pip install napi[js]"
        ) from None
    return uniseg


def _graphemes(text: str) -> Iterator[str]:
    if text.isascii():
        return iter(re.findall("\r\n|.", text, re.DOTALL))
    found: Iterator[str] = _library().graphemecluster.grapheme_clusters(text)
    return found


def _words(text: str) -> Iterator[str]:
    if not _COMPLEX.search(text) and not _SYLLABLE.search(text):
        yield from _library().wordbreak.words(text)
        return
    # Stand-ins that the plain rules treat as ICU treats these: a letter, an
    # ideograph. They are as long as what they stand for.
    plain = _SYLLABLE.sub("\u6587", _COMPLEX.sub("a", text))
    place, start, bare = 0, 0, False
    for word in _library().wordbreak.words(plain):
        syllable = len(word) == 1 and bool(_SYLLABLE.match(text, place))
        joins = bare and bool(_SYLLABLE.match(text, place))
        if place > start and not joins:
            yield text[start:place]
            start = place
        place += len(word)
        bare = syllable
    if place > start:
        yield text[start:place]


def _goes_on(text: str, kinds: Any) -> bool:
    """Whether a lower case letter is the first that matters (rule SB8)."""
    for letter in text:
        kind = kinds(letter).name
        if kind in ("OLETTER", "UPPER", "SEP", "CR", "LF", "STERM", "ATERM"):
            return False
        if kind == "LOWER":
            return True
    return False


_ENDS = re.compile(r"[.\u2024\ufe52\uff0e][^\w.!?\r\n]*\Z")


def _sentences(text: str) -> Iterator[str]:
    rules = _library().sentencebreak
    start = place = 0
    for sentence in rules.sentences(text):
        before = text[start:place]
        ended = _ENDS.search(before)
        if place > start and not (
            ended and _goes_on(text[place:], rules.sentence_break)
        ):
            yield before
            start = place
        place += len(sentence)
    if place > start:
        yield text[start:place]


_KINDS = {"grapheme": _graphemes, "word": _words, "sentence": _sentences}


def segments(text: str, granularity: str) -> Iterator[str]:
    """The parts of a text.

    Args:
        text: The text; halves of pairs are joined.
        granularity: ``grapheme``, ``word`` or ``sentence``.

    Raises:
        napi.Error: The package uniseg is not installed.
    """
    return _KINDS[granularity](text)


def is_word_like(segment: str) -> bool:
    """Whether a segment of words has letters, digits or ideographs."""
    return _WORD_LETTERS.search(segment) is not None
