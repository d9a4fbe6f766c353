"""Keys: what a terminal sends is cut into presses, with the names that Node gives."""

from __future__ import annotations

import re
from typing import Any

from napi._native import shim
from napi.js.host._kit import function, make, option
from napi.js.host._stream_base import call_method
from napi.js.host.string_decoder import Decoder
from napi.runtime.builtin import hidden
from napi.runtime.timers import set_timeout

__all__ = ["Key", "emit_keypress_events"]

_WATCHED = shim.Symbol("keypress-decoder")
_ESCAPE = "\x1b"
# One press: a sequence of a terminal, a letter after Escape, or a letter.
_SEQUENCE = re.compile(
    "\x1b?\x1b(?:\\[(?P<linux>\\[[A-E])|O(?P<mark>[0-9]*)(?P<o>[A-Za-z])"
    "|\\[(?P<numbers>[0-9;]*)(?P<last>[A-Za-z~^$]))",
)
_BEGUN = re.compile("\x1b{1,2}(?:[O\\[]|\\[\\[|O[0-9]+|\\[[0-9;]+)?\\Z")

_LETTERS = {
    "A": "up", "B": "down", "C": "right", "D": "left", "E": "clear",
    "F": "end", "H": "home", "P": "f1", "Q": "f2", "R": "f3", "S": "f4",
}  # fmt: skip
_SHIFTED = {"a": "up", "b": "down", "c": "right", "d": "left", "e": "clear"}
_NUMBERS = {
    "1": "home", "2": "insert", "3": "delete", "4": "end", "5": "pageup",
    "6": "pagedown", "7": "home", "8": "end", "11": "f1", "12": "f2", "13": "f3",
    "14": "f4", "15": "f5", "17": "f6", "18": "f7", "19": "f8", "20": "f9",
    "21": "f10", "23": "f11", "24": "f12", "200": "paste-start", "201": "paste-end",
}  # fmt: skip
_WITH_SIGN = ("2", "3", "5", "6", "7", "8")
_SINGLE = {
    "\r": "return", "\n": "enter", "\t": "tab", "\b": "backspace",
    "\x7f": "backspace", _ESCAPE: "escape", " ": "space",
}  # fmt: skip


class Key:
    """A press: its name, and what was held down."""

    def __init__(self, sequence: str) -> None:
        self.sequence = sequence
        self.name: str | None = None
        self.ctrl = self.meta = self.shift = False
        self.code: str | None = None

    def object(self) -> Any:
        """As listeners of ``keypress`` get it."""
        made = make(sequence=self.sequence)
        if self.name is not None:
            shim.set(made, "name", self.name)
        for name in ("ctrl", "meta", "shift"):
            shim.set(made, name, getattr(self, name))
        if self.code is not None:
            shim.set(made, "code", self.code)
        return made


def _plain(letter: str, meta: bool) -> Key:
    key = Key((_ESCAPE if meta else "") + letter)
    key.meta = meta
    if letter in _SINGLE:
        key.name = _SINGLE[letter]
        key.meta = meta or letter == _ESCAPE
    elif letter <= "\x1a":
        key.name, key.ctrl = chr(ord(letter) + 96), True
    elif re.fullmatch("[0-9A-Za-z]", letter):
        key.name = letter.lower()
        key.shift = "A" <= letter <= "Z"
    elif meta:
        key.name = None
    return key


def _named(found: re.Match[str]) -> Key:
    """A sequence of a terminal."""
    key, modifier = Key(found[0]), 0
    if found["linux"]:
        key.code = "[" + found["linux"]
        key.name = f"f{ord(found['linux'][1]) - 64}"
        return key
    if found["o"]:
        letter, code = found["o"], "O" + found["o"]
        modifier = max(int(found["mark"] or 1) - 1, 0)
        key.name = _LETTERS.get(letter)
        if letter in _SHIFTED:
            key.name, key.ctrl = _SHIFTED[letter], True
    else:
        numbers, last = found["numbers"], found["last"]
        first, _, second = numbers.partition(";")
        if last.isalpha():
            modifier = max(int(second or (first if second else 1) or 1) - 1, 0)
            code = "[" + (last if second or not numbers else numbers + last)
            key.name = _LETTERS.get(last) if code == f"[{last}" else None
            if code == f"[{last}" and last in _SHIFTED:
                key.name, key.shift = _SHIFTED[last], True
            if code == "[Z":
                key.name, key.shift = "tab", True
        else:
            modifier = max(int(second or 1) - 1, 0)
            code = f"[{first}{last}"
            key.name = _NUMBERS.get(first) if last == "~" else None
            if last in "$^" and first in _WITH_SIGN:
                key.name = _NUMBERS[first]
                key.shift, key.ctrl = last == "$", last == "^"
    key.code = code
    key.ctrl = key.ctrl or bool(modifier & 4)
    key.meta = bool(modifier & 10)
    key.shift = key.shift or bool(modifier & 1)
    if key.name is None:
        key.name = "undefined"
    return key


class _Reader:
    """Cuts what comes; a sequence may come in parts."""

    def __init__(self) -> None:
        self.rest = ""

    def take(self, text: str, ended: bool = False) -> list[tuple[Any, Key]]:
        """The presses in a text; with what was left, and what is left."""
        found: list[tuple[Any, Key]] = []
        text = self.rest + text
        place = 0
        while place < len(text):
            match = _SEQUENCE.match(text, place)
            if match is not None:
                found.append((None, _named(match)))
                place = match.end()
                continue
            letter = text[place]
            if letter == _ESCAPE:
                if _BEGUN.match(text, place) and not ended:
                    break
                if place + 1 < len(text) and text[place + 1] != _ESCAPE:
                    found.append((None, _plain(text[place + 1], True)))
                    place += 2
                    continue
                found.append((None, _plain(_ESCAPE, False)))
                place += 1
                continue
            found.append((letter, _plain(letter, False)))
            place += 1
        self.rest = text[place:]
        return found


def emit_keypress_events(stream: Any, interface: Any = None) -> None:
    """Has a stream emit ``keypress`` while somebody listens to it.

    Args:
        stream: A readable stream.
        interface: The Interface, whose ``escapeCodeTimeout`` counts.
    """
    if shim.get(stream, _WATCHED) is not None:
        return
    reader, decoder = _Reader(), Decoder("utf8")
    hidden(stream, _WATCHED, True)
    timers: list[Any] = []

    def say(pairs: list[tuple[Any, Key]]) -> None:
        for letter, key in pairs:
            call_method(stream, "emit", "keypress", letter, key.object())

    def flush() -> None:
        timers.clear()
        say(reader.take("", True))

    def on_data(chunk: Any = None, *_: Any) -> None:
        if not call_method(stream, "listenerCount", "keypress"):
            call_method(stream, "removeListener", "data", listener)
            call_method(stream, "on", "newListener", on_new)
            return
        text = str(chunk) if isinstance(chunk, str) else decoder.write(bytes(chunk))
        if timers:
            timers.pop().close()
        say(reader.take(text))
        if reader.rest:
            delay = option(interface, "escapeCodeTimeout", 500)
            timers.append(set_timeout(flush, delay))

    def started(event: Any = None, *_: Any) -> None:
        if event == "keypress":
            call_method(stream, "on", "data", listener)
            call_method(stream, "removeListener", "newListener", on_new)

    listener, on_new = function(on_data, "onData"), function(started, "onNewListener")
    if call_method(stream, "listenerCount", "keypress"):
        call_method(stream, "on", "data", listener)
    else:
        call_method(stream, "on", "newListener", on_new)
