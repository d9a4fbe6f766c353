"""V8's words for what the parser says of a text that is no JavaScript.

The parser names what it found; what V8 adds (the identifier, what is missing) is read
from the text around the place.
"""

from __future__ import annotations

import re
from types import TracebackType
from typing import Any

__all__ = ["marked", "message_of", "place_of"]

_PLACE = re.compile(r"^Line \d+: ")
_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"#?[$\w\u200c\u200d]+")
_ARGUMENTS = "missing ) after argument list"
_TOKEN = re.compile(r"Unexpected token (.+)")
_LEXEME = re.compile(
    r"""[$\w#]+|"[^"\n]*"?|'[^'\n]*'?|=>|\.\.\.|[*&|?<>=!+-]{1,3}=?|."""
)
_QUOTED = re.compile(r"(Duplicate private name|Private name) ('[^']+')")
_EVAL = re.compile(r"eval or arguments.* in strict mode$")
_REST = re.compile(r"\.\.\.\s*(?:[\w$]+|\[[^\]]*\]|\{[^}]*\})\s*$")
_TOKENS = ("async", "get", "set", "of", "using")  # names that are no identifiers
_EXACT = {
    "Use of future reserved word in strict mode": (
        "Unexpected strict mode reserved word"
    ),
    "Private fields may not be deleted": "Private fields can not be deleted",
    "arguments is forbidden in class field initializers and static blocks": (
        "'arguments' is not allowed in class field initializer or static "
        "initialization block"
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
_REST_ENDS = {
    ",": "Rest element must be last element",
    "=": "Rest parameter may not have a default initializer",
}
_CLOSING = {")": "(", "]": "[", "}": "{"}


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


def _in_arguments(traceback: TracebackType | None) -> bool:
    """Whether a comma or the end was expected after an argument of a call.

    Args:
        traceback: The parser's: its functions are named after what they parse.
    """
    inner = ""
    while traceback is not None:
        outer, traceback = traceback.tb_frame.f_code.co_name, traceback.tb_next
        if outer in ("parseArguments", "parseAsyncArguments") and traceback is not None:
            inner = traceback.tb_frame.f_code.co_name
    return inner in ("expectCommaSeparator", "expect")


def _found(text: str, index: int, named: str) -> str:
    """A sentence about the token at a place."""
    if named in (",", "=") and _REST.search(text[max(index - 80, 0) : index]):
        return _REST_ENDS[named]
    tokens = _tokens(text[:index])
    if _is_pattern(tokens):
        return _PATTERN
    last = tokens[-1].value if tokens else ""
    if last == "await" and _NAME.match(named):
        return _AWAIT
    if named == "super":
        return "'super' keyword unexpected here"
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
        if rest.startswith("."):
            return "Cannot use 'import.meta' outside a module"
        if _NAME.match(rest) or rest[:1] in ("{", "*", "'", '"'):
            return "Cannot use import statement outside a module"
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
    index = len(text[:index].rstrip())
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


def place_of(error: Any, text: str) -> int:
    """Where in a text the parser's error is: never between two tokens."""
    found = _SPACE.match(text, error.index or 0)
    return len(text) if found is None else found.end()


def message_of(error: Any, text: str, index: int) -> str:
    """What V8 says.

    Args:
        error: The parser's.
        text: What was parsed.
        index: The place in it.
    """
    message = _PLACE.sub("", str(error))
    if message == "Unexpected token ILLEGAL":
        return _illegal(text, index)
    if not message.startswith(("Unexpected", "Missing initializer in const")):
        return _renamed(message, text, index)
    if _in_arguments(error.__traceback__):
        return _ARGUMENTS
    token = _TOKEN.fullmatch(message)
    word = _NAME.match(text, index)
    name = "" if word is None else word[0]
    return _found(text, index, token[1] if token else name) or _named(message, name)


def _renamed(message: str, text: str, index: int) -> str:
    quoted = _QUOTED.match(message)
    if quoted is not None and quoted[1].startswith("Dup"):
        return f"Identifier {quoted[2]} has already been declared"
    if quoted is not None:
        return f"Private field {quoted[2]} must be declared in an enclosing class"
    if _EVAL.search(message):
        return "Unexpected eval or arguments in strict mode"
    if message == "Invalid regular expression":
        return _regexp(text, index) or message
    if message.startswith("Nullish coalescing requires"):
        word = re.compile(r"&&|\|\||\?\?").search(text, max(index - 3, 0))
        return f"Unexpected token '{word[0] if word is not None else '||'}'"
    return _EXACT.get(message, message)


def _named(message: str, name: str) -> str:
    """A message with the token or the name in it."""
    if message == "Unexpected identifier" and name:
        kind = "token" if name in _TOKENS else "identifier"
        return f"Unexpected {kind} '{name}'"
    if message == "Unexpected reserved word" and name not in ("", "await", "enum"):
        return f"Unexpected token '{name}'"
    token = message.removeprefix("Unexpected token").strip()
    if token == message or not (token or name):
        return message
    return f"Unexpected token '{token or name}'"


def marked(message: str, text: str, index: int) -> tuple[int, int]:
    """What V8 marks: where it begins and how long it is.

    Args:
        message: What V8 says, of :func:`message_of`.
        text: What was parsed.
        index: The place that the parser gave.
    """
    if message in (_ARGUMENTS, _AWAIT):
        tokens = _tokens(text[:index], range=True)
        begin, end = tokens[-1].range
        return begin, end - begin
    if message == "Unexpected end of input":
        return index, 0
    found = _LEXEME.match(text, index)
    return index, 1 if found is None else max(len(found[0]), 1)
