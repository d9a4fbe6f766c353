"""``util.parseArgs``: options of a command line."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import get, is_object, make, option

__all__ = ["parse_args"]


def _unknown(name: str) -> Any:
    text = f"Unknown option '{name}'"
    return node_error("TypeError", "ERR_PARSE_ARGS_UNKNOWN_OPTION", text)


class _Parser:
    """One command line."""

    def __init__(self, config: Any) -> None:
        self.options = option(config, "options", shim.Object())
        self.strict = shim.to_boolean(option(config, "strict", True))
        self.positionals_allowed = option(config, "allowPositionals", not self.strict)
        self.negative = option(config, "allowNegative", False)
        self.values = shim.create(shim.null)
        self.positionals = shim.Array()
        self.tokens = shim.Array()
        self.shorts = {
            get(shim.get(self.options, name), "short"): name
            for name in shim.keys(self.options)
        }

    def kind(self, name: str) -> str | None:
        found = shim.get(self.options, name)
        return get(found, "type") if is_object(found) else None

    def store(
        self, name: str, value: Any, raw: str, index: int, inline: bool = False
    ) -> None:
        kind = self.kind(name)
        if kind is None and self.strict:
            raise _unknown(raw)
        if self.strict and kind == "string" and value is None:
            text = f"Option '{raw} <value>' argument missing"
            raise node_error("TypeError", "ERR_PARSE_ARGS_INVALID_OPTION_VALUE", text)
        if self.strict and kind == "boolean" and isinstance(value, str):
            text = f"Option '{raw}' does not take an argument"
            raise node_error("TypeError", "ERR_PARSE_ARGS_INVALID_OPTION_VALUE", text)
        token = make(kind="option", name=name, rawName=raw, index=index, value=value)
        shim.set(token, "inlineValue", None if value is None else inline)
        self.tokens.append(token)
        stored = True if value is None else value
        if get(shim.get(self.options, name), "multiple"):
            known = shim.get(self.values, name)
            if known is None:
                known = shim.Array()
                shim.set(self.values, name, known)
            known.append(stored)
        else:
            shim.set(self.values, name, stored)

    def run(self, words: list[str]) -> None:
        index = 0
        while index < len(words):
            word, at = words[index], index
            index += 1
            if word == "--":
                self.tokens.append(make(kind="option-terminator", index=at))
                for place, rest in enumerate(words[index:], index):
                    self.positional(rest, place)
                return
            if word.startswith("--"):
                index = self.long(word, words, index, at)
            elif word.startswith("-") and len(word) > 1:
                index = self.short(word[1:], words, index, at)
            else:
                self.positional(word, at)

    def long(self, word: str, words: list[str], index: int, at: int) -> int:
        name, equals, value = word[2:].partition("=")
        if (
            self.negative
            and name.startswith("no-")
            and self.kind(name[3:]) == "boolean"
        ):
            shim.set(self.values, name[3:], False)
            return index
        if equals:
            self.store(name, value, f"--{name}", at, True)
        elif self.kind(name) == "string" and index < len(words):
            self.store(name, words[index], f"--{name}", at)
            return index + 1
        else:
            self.store(name, None, f"--{name}", at)
        return index

    def short(self, letters: str, words: list[str], index: int, at: int) -> int:
        for place, letter in enumerate(letters):
            name = self.shorts.get(letter, letter)
            if self.kind(name) == "string":
                rest = letters[place + 1 :]
                inline = bool(rest)
                if not rest and index < len(words):
                    rest = words[index]
                    index += 1
                self.store(name, rest or None, f"-{letter}", at, inline)
                break
            self.store(name, None, f"-{letter}", at)
        return index

    def positional(self, word: str, at: int) -> None:
        if not shim.to_boolean(self.positionals_allowed):
            text = (
                f"Unexpected argument '{word}'. "
                "This command does not take positional arguments"
            )
            raise node_error("TypeError", "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL", text)
        self.positionals.append(word)
        self.tokens.append(make(kind="positional", index=at, value=word))


def parse_args(config: Any) -> Any:
    """Values and positional arguments of a command line.

    Args:
        config: An object with ``args``, ``options``, ``strict`` ...

    Raises:
        napi.TypeError: An option is not known or misused (``ERR_PARSE_ARGS_...``).
    """
    parser = _Parser(config)
    words = option(config, "args")
    if words is None:
        words = list(shim.get(shim.get(shim.get_global(), "process"), "argv"))[2:]
    if not isinstance(words, (list, tuple)):
        raise invalid_type("args", "Array", words)
    parser.run([str(word) for word in words])
    for name in shim.keys(parser.options):
        default = get(shim.get(parser.options, name), "default")
        if default is not None and not shim.has_own(parser.values, name):
            shim.set(parser.values, name, default)
    made = make(values=parser.values, positionals=parser.positionals)
    if option(config, "tokens") is True:
        shim.set(made, "tokens", parser.tokens)
    return made
