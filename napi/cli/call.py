"""``napi call``: one call of an addon, from the shell."""

from __future__ import annotations

import argparse
import difflib
import json
import math
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from napi.cli import told
from napi.errors import LoadError

__all__ = ["EXAMPLES", "CallError", "arguments", "perform", "run"]

EXAMPLES = """\
  napi call @node-rs/crc32 crc32 hello
  napi call farmhash Hash64String '"hello"'              JSON: a text
  napi call @node-rs/xxhash xxh3.xxh64 @photo.jpg        the bytes of a file
  napi call @node-rs/xxhash new Xxh64 1n .update @a.bin .digest
  tar c . | napi call @napi-rs/snappy-linux-x64-gnu compressSync @- > a.snappy
  napi call ./build/Release/addon.node add 3 4

arguments:
  a word that is JSON is that value; 1n is a bigint, undefined is undefined; @FILE is
  a buffer with the bytes of a file, @- with those of stdin; any other word is a text.
  A word .name goes on with a method, or a property, of the result.
"""
_STEP = re.compile(r"\.[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*")


class CallError(Exception):
    """The call cannot be made: the message says why."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("target", metavar="PACKAGE|FILE", help="what to load")
    parser.add_argument(
        "export",
        metavar="EXPORT",
        help="a function, with dots for what is in an object; 'new' before a class; "
        "'.' for the module itself",
    )
    parser.add_argument(
        "words", nargs=argparse.REMAINDER, metavar="ARG", help="JSON, or @FILE"
    )
    parser.add_argument(
        "--callback",
        action="store_true",
        help="pass a callback (error, result) as the last argument and wait for it",
    )
    parser.add_argument(
        "--timeout", type=float, metavar="SECONDS", help="how long to wait for a result"
    )
    parser.add_argument(
        "--raw", action="store_true", help="print a text without quotes"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="write to a file")


def run(options: argparse.Namespace) -> int:
    """Makes the call and prints the result.

    Returns:
        0, or 1 for what the addon threw, or what cannot be loaded or called.
    """
    words = [options.export, *options.words]
    try:
        result = perform(
            _exports(options.target),
            words,
            callback=options.callback,
            timeout=options.timeout,
        )
        _write(result, options)
    except (CallError, LoadError) as error:
        print(f"napi call: {error}", file=sys.stderr)
        return 1
    except TimeoutError:
        print(f"napi call: no result in {options.timeout:g} s", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"napi call: {told(error)}", file=sys.stderr)
        return 1
    except Exception as error:
        print(f"napi call: {_thrown(error)}", file=sys.stderr)
        return 1
    return 0


def _exports(target: str) -> Any:
    import napi

    path = Path(target)
    if path.is_file():
        return napi.load(path).__exports__
    module = napi.require(target, start=Path.cwd())
    return getattr(module, "__exports__", module)


def _thrown(error: Exception) -> str:
    """An error as Node prints it: its name, its message, its code."""
    name = getattr(error, "name", None)
    name = name if isinstance(name, str) and name else type(error).__name__
    code = getattr(error, "code", None)
    text = f"{name}: {error}" if str(error) else name
    return f"{text} (code {code})" if code else text


def perform(
    exports: Any,
    words: Sequence[str],
    *,
    callback: bool = False,
    timeout: float | None = None,
) -> Any:
    """Makes the calls that words describe.

    Args:
        exports: What the addon exports.
        words: ``["new", "Xxh64", "1n", ".update", "@file", ".digest"]``.
        callback: Pass a callback last, in the first call.
        timeout: How long to wait for a result, in seconds.

    Returns:
        The last result, a JavaScript value; promises are waited for.

    Raises:
        CallError: There is no such export, or it is no function.
        Exception: What the addon threw.
    """
    steps = _steps(words)
    value = exports
    for index, (make, name, given) in enumerate(steps):
        this, function = _walk(value, name)
        last = [_argument(word) for word in given]
        if index == 0 and callback:
            value = _with_callback(function, this, last, timeout)
        else:
            value = _call(function, this, last, make, name)
        value = _settled(value, timeout)
    return value


def _steps(words: Sequence[str]) -> list[tuple[bool, str, list[str]]]:
    """Splits words into calls: with ``new`` or without, the name, the arguments."""
    make = words[0] == "new" and len(words) > 1
    first = words[1:] if make else words
    name = first[0]
    if name.startswith("new "):
        make, name = True, name[4:].strip()
    steps: list[tuple[bool, str, list[str]]] = [(make, name, [])]
    for word in first[1:]:
        if _STEP.fullmatch(word):
            steps.append((False, word[1:], []))
        else:
            steps[-1][2].append(word)
    return steps


def _walk(value: Any, name: str) -> tuple[Any, Any]:
    """The object that has what a dotted name stands for, and that thing."""
    from napi._native import shim

    if name in (".", ""):
        return None, value
    this = None
    done: list[str] = []
    for part in name.split("."):
        this = value
        value = shim.get(this, part) if _has_properties(this) else None
        if value is None and not (_has_properties(this) and shim.has(this, part)):
            raise CallError(_no_export(this, ".".join((*done, part)), part))
        done.append(part)
    return this, value


def _has_properties(value: Any) -> bool:
    from napi._native import shim

    return value is not None and value is not shim.null


def _no_export(holder: Any, name: str, part: str) -> str:
    from napi._native import shim

    kind = shim.typeof(holder) if _has_properties(holder) else "undefined"
    names: list[str] = []
    if kind in ("object", "function"):
        names = [key for key in shim.own_keys(holder) if isinstance(key, str)]
    close = difflib.get_close_matches(part, names, 1)
    if close:
        return f"there is no {name!r}; is it {close[0]!r}?"
    listed = ", ".join(sorted(names)[:20]) or "nothing"
    return f"there is no {name!r}; there is {listed}"


def _call(function: Any, this: Any, given: list[Any], make: bool, name: str) -> Any:
    from napi._native import shim

    if shim.typeof(function) != "function":
        if make or given:
            raise CallError(f"{name!r} is no function: it is a {shim.typeof(function)}")
        return function
    if make:
        return shim.construct(function, *given)
    if isinstance(function, type):
        raise CallError(f"{name!r} is a class: write new before it")
    return shim.call(function, this, *given)


def _with_callback(
    function: Any, this: Any, given: list[Any], timeout: float | None
) -> Any:
    """Calls with a callback, and waits until it is called."""
    import napi
    from napi._native import shim

    if shim.typeof(function) != "function":
        raise CallError("there is nothing to give a callback to: it is no function")

    def executor(resolve: Any, reject: Any) -> None:
        def done(error: Any = None, result: Any = None, *_: Any) -> None:
            failed = error is not None and error is not shim.null
            reject(error) if failed else resolve(result)

        shim.call(function, this, *given, done)

    return napi.Promise(executor).result(timeout)


def _settled(value: Any, timeout: float | None) -> Any:
    import napi

    return value.result(timeout) if isinstance(value, napi.Promise) else value


def _argument(word: str) -> Any:
    import napi
    from napi.runtime.json import parse

    if word == "undefined":
        return None
    if word == "@-":
        return sys.stdin.buffer.read()
    if word.startswith("@") and len(word) > 1:
        return Path(word[1:]).read_bytes()
    if re.fullmatch(r"-?\d+n", word):
        return napi.BigInt(int(word[:-1]))
    try:
        return parse(word)
    except ValueError:
        return word
    except napi.SyntaxError:
        return word


# === the result ===


def _write(result: Any, options: argparse.Namespace) -> None:
    data = _bytes(result)
    if data is None:
        if result is None:
            return
        plain = plain_json(result)
        raw = options.raw and isinstance(plain, str)
        text = plain if raw else json.dumps(plain, indent=2, ensure_ascii=False)
        data = f"{text}\n".encode("utf-8", "backslashreplace")
    elif options.output is None and sys.stdout.isatty():
        data = f"{data.hex()}\n".encode()
    if options.output is not None:
        options.output.write_bytes(data)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def _bytes(result: Any) -> bytes | None:
    """The bytes of a buffer; None for other values."""
    from napi._native import shim

    kinds = (shim.ArrayBuffer, shim.SharedArrayBuffer, shim.DataView, shim.Uint8Array)
    if isinstance(result, (*kinds, bytes, bytearray, memoryview)):
        return bytes(memoryview(result).cast("B"))
    return None


def plain_json(value: Any) -> Any:
    """A JavaScript value as plain data for JSON.

    Bigints become numbers, what is no number ``null``, buffers inside of other values
    what Node makes of them, functions and instances a text with their name.

    Raises:
        CallError: It contains itself.
    """
    from napi.convert import to_python

    try:
        return _plain(to_python(value))
    except RecursionError:
        raise CallError("the result contains itself, or is nested too deeply") from None


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in _ordered(value)]
    if isinstance(value, (bytes, bytearray)):
        return {"type": "Buffer", "data": list(value)}
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, BaseException):
        return {"name": type(value).__name__, "message": str(value)}
    return _described(value)


def _ordered(value: Iterable[Any]) -> list[Any]:
    return sorted(value, key=repr) if isinstance(value, (set, frozenset)) else [*value]


def _key(key: Any) -> str:
    return key if isinstance(key, str) else str(_plain(key))


def _described(value: Any) -> str:
    if isinstance(value, type):
        return f"[class {value.__name__}]"
    if callable(value):
        return f"[function {getattr(value, '__name__', '')}]"
    return f"[{type(value).__name__}]"
