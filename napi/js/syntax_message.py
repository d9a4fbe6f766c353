"""What is wrong with a text, in V8's words.

The parser names the rule that is broken; V8 names the token, which is taken from the
text at the place of the error.
"""

from __future__ import annotations

import re
from types import TracebackType
from typing import Any

__all__ = ["message_of"]

_PLACE = re.compile(r"^Line \d+: ")
_SPACE = re.compile(r"\s*")
_IDENTIFIER = re.compile(r"#?[\w$\u200c\u200d]+")
_REST = r"\.\.\.\s*(?:[\w$]+|\[[^\]]*\]|\{[^}]*\})\s*"
_NAMES = ("async", "get", "set", "of", "using")  # tokens of their own for V8
_SAME = {
    "Illegal continue statement": (
        "Illegal continue statement: no surrounding iteration statement"
    ),
    "Use of future reserved word in strict mode": (
        "Unexpected strict mode reserved word"
    ),
    "Private fields may not be deleted": "Private fields can not be deleted",
    "arguments is forbidden in class field initializers and static blocks": (
        "'arguments' is not allowed in class field initializer or static "
        "initialization block"
    ),
    "Strict mode function may not have duplicate parameter names": (
        "Duplicate parameter name not allowed in this context"
    ),
}
_AWAIT = "await is only valid in async functions and the top level bodies of modules"
# What comes before the token that was not expected, and how it begins.
_BEFORE = tuple(
    (re.compile(before + "$"), re.compile(token), message)
    for before, token, message in (
        (r"\bawait\s+", r"[\w$]", _AWAIT),
        (r"\bnew\s*\.\s*", "target", "new.target expression is not allowed here"),
        (r"\bfunction\s*", r"\(", "Function statements require a function name"),
        (_REST, ",", "Rest element must be last element"),
        (_REST, "=", "Rest parameter may not have a default initializer"),
        ("", "super", "'super' keyword unexpected here"),
    )
)
_PRIVATE = re.compile(r"Private name '(.*)' is not declared in an enclosing class")
_EVAL = re.compile(r"eval or arguments.* in strict mode$")


def message_of(error: Any, text: str) -> str:
    """The message of a SyntaxError.

    Args:
        error: The parser's; its traceback tells what was parsed.
        text: What was parsed.
    """
    message = _PLACE.sub("", str(error))
    if not message.startswith("Unexpected"):
        return _renamed(message)
    at = _index(error, text)
    if message == "Unexpected token ILLEGAL":
        return _illegal(text, at)
    if _in_arguments(error.__traceback__):
        return "missing ) after argument list"
    for before, token, told in _BEFORE:
        if token.match(text, at) and before.search(text[max(at - 80, 0) : at]):
            return told
    return _unexpected(message, text, at)


def _renamed(message: str) -> str:
    if found := _PRIVATE.fullmatch(message):
        return f"Private field '{found[1]}' must be declared in an enclosing class"
    if _EVAL.search(message):
        return "Unexpected eval or arguments in strict mode"
    return _SAME.get(message, message)


def _index(error: Any, text: str) -> int:
    if error.index is not None:
        found = _SPACE.match(text, error.index)  # it may stand before the token
        return found.end() if found else len(text)
    lines = text.split("\n")[: (error.lineNumber or 1) - 1]
    return sum(len(line) + 1 for line in lines) + max((error.column or 1) - 1, 0)


def _in_arguments(traceback: TracebackType | None) -> bool:
    """Whether a comma or the end was expected after an argument of a call."""
    inner = ""
    while traceback is not None:
        outer, traceback = traceback.tb_frame.f_code.co_name, traceback.tb_next
        if outer in ("parseArguments", "parseAsyncArguments") and traceback is not None:
            inner = traceback.tb_frame.f_code.co_name
    return inner in ("expectCommaSeparator", "expect")


def _word(text: str, at: int) -> str:
    found = _IDENTIFIER.match(text, at)
    return found.group() if found else ""


def _unexpected(message: str, text: str, at: int) -> str:
    token = message.removeprefix("Unexpected token").strip()
    word = _word(text, at)
    if message == "Unexpected identifier" and word:
        kind = "token" if word in _NAMES else "identifier"
        return f"Unexpected {kind} '{word}'"
    if message == "Unexpected token" and word == "import":
        return "Cannot use import statement outside a module"
    if message == "Unexpected reserved word" and word not in ("", "await", "enum"):
        return f"Unexpected token '{word}'"
    if token == message:
        return message
    return f"Unexpected token '{token or word or text[at : at + 1]}'"


def _illegal(text: str, at: int) -> str:
    start = text[at : at + 1]
    if start == "`":
        return "Unexpected end of input"
    if "\\" in text[at : at + 12].partition("\n")[0]:
        return "Invalid Unicode escape sequence"
    return "Invalid or unexpected token"
