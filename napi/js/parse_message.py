"""V8's words for what the parser says of a text that is no JavaScript.

The parser names what it found; what V8 adds (the identifier, what is missing) is read
from the text around the place.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["marked", "message_of"]

_NAME = re.compile(r"[$\w]+")
_TOKEN = re.compile(r"Unexpected token (.+)")
_LEXEME = re.compile(
    r"""[$\w#]+|"[^"\n]*"?|'[^'\n]*'?|=>|\.\.\.|[*&|?<>=!+-]{1,3}=?|."""
)
_QUOTED = re.compile(r"(Duplicate private name|Private name) ('[^']+')")
_EXACT = {
    "Assignment to eval or arguments is not allowed in strict mode": (
        "Unexpected eval or arguments in strict mode"
    ),
    "Illegal continue statement": (
        "Illegal continue statement: no surrounding iteration statement"
    ),
    "Strict mode function may not have duplicate parameter names": (
        "Duplicate parameter name not allowed in this context"
    ),
    "super property access is not valid in this context": (
        "'super' keyword unexpected here"
    ),
    "super() is only valid in a derived class constructor": (
        "'super' keyword unexpected here"
    ),
    "Getter must not have any formal parameters": (
        "Getter must not have any formal parameters."
    ),
    "Setter must have exactly one formal parameter": (
        "Setter must have exactly one formal parameter."
    ),
    "for await requires an of loop": "Unexpected token 'in'",
    "Functions in statement position require the sloppy Annex B ordinary-function "
    "grammar": "Generators can only be declared at the top level or inside a block.",
}
_AWAIT = "await is only valid in async functions and the top level bodies of modules"
_POWER = (
    "Unary operator used immediately before exponentiation expression. Parenthesis "
    "must be used to disambiguate operator precedence"
)
_PATTERN = "Missing initializer in destructuring declaration"
_CLOSING = {")": "(", "]": "[", "}": "{"}
# What may not stand before the brackets of a call.
_HEADS = frozenset(("if", "while", "for", "switch", "catch", "with", "function"))
_VALUES = ("Identifier", "Numeric", "String", "Template", "RegularExpression")


def _tokens(text: str, **options: Any) -> list[Any]:
    import esprima  # type: ignore[import-untyped, import-not-found, unused-ignore]

    try:
        return list(esprima.tokenize(text, **options))
    except esprima.Error:
        return []


def _opener(tokens: list[Any], end: int) -> int:
    """The index of the innermost bracket that is open before a token, or -1."""
    closed = 0
    for index in range(end - 1, -1, -1):
        if tokens[index].type != "Punctuator":
            continue
        value = tokens[index].value
        if value in _CLOSING:
            closed += 1
        elif value in ("(", "[", "{"):
            if not closed:
                return index
            closed -= 1
    return -1


def _ends_value(token: Any) -> bool:
    return token.type in (*_VALUES, "Boolean", "Null") or token.value in (
        ")",
        "]",
        "}",
        "this",
    )


def _is_call(tokens: list[Any]) -> bool:
    """Whether what came last is an argument of a call."""
    opener = _opener(tokens, len(tokens))
    if opener < 1 or tokens[opener].value != "(" or not _ends_value(tokens[-1]):
        return False
    callee = tokens[opener - 1]
    if callee.type not in ("Identifier", "Keyword") and callee.value not in (")", "]"):
        return False
    before = tokens[opener - 2].value if opener > 1 else ""
    return callee.value not in _HEADS and before not in ("function", "*")


def _is_pattern(tokens: list[Any]) -> bool:
    """Whether a declaration of a pattern has just ended."""
    if not tokens or tokens[-1].value not in ("]", "}"):
        return False
    opener = _opener(tokens, len(tokens) - 1)
    return opener > 0 and tokens[opener - 1].value in ("let", "const", "var")


def _is_declared(tokens: list[Any]) -> bool:
    """Whether the head of a for loop has declared a variable with a value."""
    opener = _opener(tokens, len(tokens))
    words = [one.value for one in tokens[opener - 1 : opener + 2]]
    return words[:2] == ["for", "("] and words[2:] in (["let"], ["const"], ["var"])


def _found(text: str, index: int, named: str) -> str:
    """A sentence about the token at a place."""
    tokens = _tokens(text[:index])
    if _is_pattern(tokens):
        return _PATTERN
    last = tokens[-1].value if tokens else ""
    if last == "await":
        return _AWAIT
    if _is_call(tokens):
        return "missing ) after argument list"
    if named == "**":
        return _POWER
    if named == "target" and last == ".":
        return "new.target expression is not allowed here"
    if named == "of" and _is_declared(tokens):
        return "for-of loop variable declaration may not have an initializer."
    if named == "(" and last == "function":
        return "Function statements require a function name"
    if named == "import":
        rest = text[index:].removeprefix("import").lstrip()
        return (
            "Cannot use 'import.meta' outside a module"
            if rest.startswith(".")
            else "Cannot use import statement outside a module"
        )
    return ""


def _illegal(text: str, index: int) -> str:
    """What is wrong with the characters at a place."""
    line = text[text.rfind("\n", 0, index) + 1 : index + 1]
    if re.search(r"\d__", line[-8:] + text[index + 1 : index + 2]):
        return "Only one underscore is allowed as numeric separator"
    if re.search(r"\d_\W?$", line) and not text[index : index + 1].isalnum():
        return "Numeric separators are not allowed at the end of numeric literals"
    if re.search(r"\\u\{[0-9a-fA-F]{6,}\}?.?$", line):
        return "Undefined Unicode code-point"
    if re.search(r"\\u[0-9a-fA-F{]*.?.?$", line):
        return "Invalid Unicode escape sequence"
    if re.search(r"\\x[0-9a-fA-F]?.?.?$", line):
        return "Invalid hexadecimal escape sequence"
    if index >= len(text.rstrip()) and text.count("`") % 2:
        return "Unexpected end of input"
    return "Invalid or unexpected token"


def _regexp(text: str, index: int) -> str:
    """What is wrong with a regular expression."""
    from napi._native import shim
    from napi.runtime.error import SyntaxError
    from napi.runtime.regexp import RegExp

    line = text[text.rfind("\n", 0, index) + 1 :].split("\n")[0]
    at = min(index - (text.rfind("\n", 0, index) + 1), len(line))
    for begin in range(at - 1, -1, -1):
        body = line[begin + 1 : at - 1] if line[begin] == "/" else ""
        if not body or line[at - 1] != "/":
            continue
        try:
            shim.construct(RegExp, body)
        except SyntaxError as error:
            return str(error.message)
    return ""


def message_of(message: str, text: str, index: int) -> str:
    """What V8 says.

    Args:
        message: What the parser says, without a place.
        text: What was parsed.
        index: The place in it.
    """
    if message in _EXACT:
        return _EXACT[message]
    quoted = _QUOTED.match(message)
    if quoted is not None:
        name = quoted[2]
        return (
            f"Identifier {name} has already been declared"
            if quoted[1].startswith("Dup")
            else f"Private field {name} must be declared in an enclosing class"
        )
    if message == "Unexpected token ILLEGAL":
        return _illegal(text, index)
    if message == "Invalid regular expression":
        return _regexp(text, index) or message
    if message.startswith("Nullish coalescing requires"):
        word = re.compile(r"&&|\|\||\?\?").search(text, max(index - 3, 0))
        return f"Unexpected token '{word[0] if word is not None else '||'}'"
    token = _TOKEN.fullmatch(message)
    if message.startswith(("Unexpected", "Missing initializer in const")):
        word = _NAME.match(text, index)
        named = token[1] if token is not None else word[0] if word is not None else ""
        better = _found(text, index, named)
        if better:
            return better
    if message == "Unexpected identifier":
        name = _NAME.match(text, index)
        return message if name is None else f"{message} '{name[0]}'"
    if message == "Unexpected token":  # import and export come without their name
        name = _NAME.match(text, index)
        return message if name is None else f"{message} '{name[0]}'"
    return message if token is None else f"Unexpected token '{token[1]}'"


def marked(message: str, text: str, index: int) -> tuple[int, int]:
    """What V8 marks: where it begins and how long it is.

    Args:
        message: What it says, of :func:`message_of`.
        text: What was parsed.
        index: The place that the parser gave.
    """
    if message in ("missing ) after argument list", _AWAIT):
        tokens = _tokens(text[:index], range=True)
        begin, end = tokens[-1].range
        return begin, end - begin
    if message == "Unexpected end of input":
        return index, 0
    found = _LEXEME.match(text, index)
    return index, 1 if found is None else max(len(found[0]), 1)
