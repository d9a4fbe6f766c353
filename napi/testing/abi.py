"""Node-API itself, called from Python through cffi.

For property tests and for tests of one function: :data:`ffi` knows the types of the
headers, :data:`lib` has all functions and the constants of the enumerations. A
function wants an ``env``, and one exists only while an addon is called::

    from napi.testing.abi import ffi, lib

    @ffi.callback("napi_value(napi_env, napi_callback_info)")
    def body(env, info):
        result = ffi.new("napi_value *")
        assert lib.napi_create_double(env, 1.5, result) == lib.napi_ok
        return result[0]

Functions are called with the GIL held, as addons call them; cffi's own calls would
let go of it. Only those that take a threadsafe function and no ``env`` are called
without. What is passed is checked by cffi's rules for assignments; ``bytes`` serve
as ``const char *`` and ``str`` as ``const char16_t *``.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Function", "Parameter", "declarations", "ffi", "functions", "lib"]

ffi: Any
lib: Any

HEADERS = (
    "js_native_api_types.h",
    "js_native_api.h",
    "node_api_types.h",
    "node_api.h",
)
# Without the opt-out a finalizer's env is const, which C alone distinguishes.
_DEFINED = {"NAPI_EXPERIMENTAL": "", "NODE_API_EXPERIMENTAL_BASIC_ENV_OPT_OUT": ""}
_DIRECTIVE = re.compile(r"\s*#\s*(\w+)\s*(.*)")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_NAME = re.compile(r"\bdefined\s*\(\s*(\w+)\s*\)|\b([A-Za-z_]\w*)\b")
_MARKS = re.compile(r"\b(?:NAPI_\w+|EXTERN_C_\w+)\s*")
_FUNCTION = re.compile(r"([^;{}]*?)\b((?:napi|node_api)_\w+)\(([^;(){}]*)\);")
_PARAMETER = re.compile(r"(.*?)(\w+)$")
_SCALARS: dict[str, Any] = {
    "bool": ctypes.c_bool,
    "double": ctypes.c_double,
    "int": ctypes.c_int,
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "size_t": ctypes.c_size_t,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
}


class Parameter(NamedTuple):
    """A parameter of a function.

    Attributes:
        type: As C writes it, one space between words: ``const char *``.
        name: As the header names it.
    """

    type: str
    name: str


class Function(NamedTuple):
    """A function's prototype.

    Attributes:
        result: Its type as C writes it: ``napi_status`` or ``void``.
        name: Of the function.
        parameters: In order.
    """

    result: str
    name: str
    parameters: tuple[Parameter, ...]


def _headers() -> Path:
    package = Path(__file__).resolve().parent.parent
    for place in (package / "include", package.parent / "include"):
        if (place / HEADERS[0]).exists():
            return place
    raise FileNotFoundError(
        f"the headers of Node-API are neither in {package / 'include'} nor in "
        f"{package.parent / 'include'}"
    )


def _holds(condition: str, macros: dict[str, str]) -> bool:
    """The value of a condition: names, numbers, ``defined``, and operators."""

    def value(match: re.Match[str]) -> str:
        asked, name = match.groups()
        if asked is not None:
            return str(int(asked in macros))
        while name in macros:
            name = macros[name]
        return name if name.isdigit() else "0"

    text = _NAME.sub(value, condition)
    text = text.replace("&&", " and ").replace("||", " or ")
    text = re.sub(r"!(?!=)", " not ", text)
    if re.sub(r"\b(?:and|or|not)\b|[\d\s()<>=!]", "", text):
        raise ValueError(f"a condition of the headers is not understood: {condition}")
    return bool(eval(text, {"__builtins__": {}}))


def _lines(text: str) -> Iterator[str]:
    joined = _COMMENT.sub(" ", text).replace("\\\n", " ")
    return iter(joined.splitlines())


def _preprocess(text: str, macros: dict[str, str]) -> Iterator[str]:
    """The lines that the conditions leave; definitions go to ``macros``."""
    kept = [True]  # a level of #if: whether its lines are kept
    taken = [True]  # whether one of its branches was
    for line in _lines(text):
        directive = _DIRECTIVE.match(line)
        if directive is None:
            if all(kept):
                yield line
            continue
        word, rest = directive.groups()
        if word in ("if", "ifdef", "ifndef"):
            asked = rest if word == "if" else f"defined({rest})"
            wanted = all(kept) and _holds(asked, macros) is not (word == "ifndef")
            kept.append(wanted)
            taken.append(wanted)
        elif word in ("elif", "else"):
            asked = rest if word == "elif" else "1"
            kept[-1] = not taken[-1] and all(kept[:-1]) and _holds(asked, macros)
            taken[-1] = taken[-1] or kept[-1]
        elif word == "endif":
            kept.pop()
            taken.pop()
        elif word == "define" and all(kept):
            name, _, value = rest.partition(" ")
            macros[name] = value.strip()


@cache
def declarations() -> str:
    """The declarations of the headers, without what only a preprocessor knows.

    Returns:
        C declarations of all types and functions, experimental ones included, as
        ``cffi.FFI.cdef`` takes them.

    Raises:
        FileNotFoundError: The headers are neither in the package nor beside it.
    """
    macros = dict(_DEFINED)
    place = _headers()
    lines: list[str] = []
    for header in HEADERS:
        lines += _preprocess((place / header).read_text(encoding="utf-8"), macros)
    text = _MARKS.sub("", "\n".join(lines))
    # cffi has a char16_t of its own, with which texts can be written.
    text = re.sub(r"typedef uint16_t char16_t;", "", text)
    return re.sub(r"\n\s*\n+", "\n", text).strip() + "\n"


def _parse_parameter(text: str) -> Parameter:
    match = _PARAMETER.fullmatch(" ".join(text.split()))
    if match is None:
        raise ValueError(f"a parameter of the headers is not understood: {text}")
    return Parameter(match[1].strip(), match[2])


@cache
def functions() -> dict[str, Function]:
    """The prototypes of all functions of Node-API.

    Source: the headers of this package.

    Returns:
        By name, in the order of the headers.

    Raises:
        FileNotFoundError: The headers are neither in the package nor beside it.
    """
    found = {}
    for result, name, parameters in _FUNCTION.findall(declarations()):
        if result.split()[:1] == ["typedef"]:
            continue
        listed = tuple(_parse_parameter(one) for one in parameters.split(","))
        found[name] = Function(" ".join(result.split()), name, listed)
    return found


@cache
def _make_ffi() -> Any:
    try:
        cffi = import_module("cffi")
    except ImportError as error:
        raise ModuleNotFoundError(
            "napi.testing.abi needs cffi: pip install cffi", name="cffi"
        ) from error
    made = cffi.FFI()
    made.cdef(declarations())
    return made


class Library:
    """What :data:`lib` is: functions and constants by name, made at first use."""

    def __init__(self) -> None:
        from napi._native import shim

        if shim.__file__ is None:
            raise ImportError("napi's extension module has no file of its own")
        # Constants come from cffi, calls from ctypes, which can keep the GIL.
        self._constants = _make_ffi().dlopen(shim.__file__)
        self._holding = ctypes.PyDLL(shim.__file__)
        self._releasing = ctypes.CDLL(shim.__file__)

    def __dir__(self) -> list[str]:
        return sorted({*dir(self._constants), *functions()})

    def __getattr__(self, name: str) -> Any:
        if name in functions():
            made = self._make_call(functions()[name])
        else:
            made = getattr(self._constants, name)
        setattr(self, name, made)
        return made

    def _make_call(self, function: Function) -> Callable[..., int | None]:
        types = [parameter.type for parameter in function.parameters]
        # A producer may wait for the owner, which wants the GIL.
        released = types[0] == "napi_threadsafe_function"
        native = (self._releasing if released else self._holding)[function.name]
        native.restype = None if function.result == "void" else ctypes.c_int
        native.argtypes = [_c_type(type) for type in types]

        def call(*arguments: Any) -> int | None:
            if len(arguments) != len(types):
                raise TypeError(
                    f"{function.name} takes {len(types)} arguments, "
                    f"not {len(arguments)}"
                )
            kept: list[Any] = []
            return native(  # type: ignore[no-any-return]
                *(
                    _convert(argument, type, kept)
                    for argument, type in zip(arguments, types, strict=True)
                )
            )

        call.__name__ = call.__qualname__ = function.name
        names = ", ".join(" ".join(one) for one in function.parameters)
        call.__doc__ = f"{function.result} {function.name}({names})"
        return call


@cache
def _is_pointer(type: str) -> bool:
    return _make_ffi().typeof(type).kind in ("pointer", "function")


def _c_type(type: str) -> Any:
    if _is_pointer(type):
        return ctypes.c_void_p
    return _SCALARS.get(type, ctypes.c_int)  # an enumeration


@cache
def _cell(type: str) -> Any:
    """The type of a pointer to a parameter; found once, since that takes a parser."""
    made = _make_ffi()
    return made.typeof(made.getctype(type, "*"))


@cache
def _number() -> Any:
    return _make_ffi().typeof("uintptr_t")


def _convert(argument: Any, type: str, kept: list[Any]) -> Any:
    """What ctypes is to pass; ``kept`` holds the memory that it points to."""
    made = _make_ffi()
    if isinstance(argument, bytes):
        argument = made.new("char[]", argument)
    elif isinstance(argument, str):
        argument = made.new("char16_t[]", argument)
    kept.append(argument)
    # The assignment to a cell of the parameter's type is what checks.
    cell = made.new(_cell(type), argument)
    if _is_pointer(type):
        return int(made.cast(_number(), cell[0]))
    if type in _SCALARS:
        return cell[0]
    return int(made.cast("int", cell[0]))


def __getattr__(name: str) -> Any:
    if name == "ffi":
        made = _make_ffi()
    elif name == "lib":
        made = Library()
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = made
    return made
