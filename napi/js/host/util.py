"""``util``: inspect, format, promisify, inherits, types and what else Node has."""

from __future__ import annotations

import os
from functools import partial
from typing import Any

from napi._native import shim
from napi.js.host import util_types
from napi.js.host._equal import deep_equal
from napi.js.host._errors import (
    errno_words,
    invalid_type,
    invalid_value,
    need_function,
    need_integer,
    need_text,
    node_error,
)
from napi.js.host._kit import exports_of, function, get, is_object, lazy, make
from napi.js.inspect import inspect_function
from napi.js.inspect.format import format_values, format_with_options
from napi.js.inspect.options import COLORS
from napi.js.inspect.text import strip_colors

__all__ = ["exports", "promisify"]

CUSTOM_PROMISIFY = shim.Symbol.for_("nodejs.util.promisify.custom")
ARGUMENT_NAMES = shim.Symbol("customPromisifyArgs")


def _copy_properties(source: Any, target: Any) -> None:
    for key in shim.own_keys(source, True):
        found = shim.own_property(source, key)
        if found is None or key in ("length", "name", "prototype"):
            continue
        shim.define(target, key, **found)


def promisify(original: Any) -> Any:
    """A function that gives a promise, of one that takes a callback.

    Args:
        original: Its last argument is called as ``callback(error, value)``.
    """
    need_function(original, "original")
    custom = shim.get(original, CUSTOM_PROMISIFY)
    if shim.to_boolean(custom):
        need_function(custom, "util.promisify.custom")
        shim.define(custom, CUSTOM_PROMISIFY, value=custom, configurable=True)
        return custom
    names = shim.get(original, ARGUMENT_NAMES)

    def promised(this: Any, *arguments: Any) -> Any:
        made = shim.Promise()

        def done(error: Any = None, *values: Any) -> None:
            if shim.to_boolean(error):
                made._reject(error)
            elif names is not None and len(values) > 1:
                made._resolve(make(**dict(zip(names, values, strict=False))))
            else:
                made._resolve(values[0] if values else None)

        try:
            shim.call(original, this, *arguments, function(done, ""))
        except Exception as error:
            from napi.js.host._kit import thrown_value

            made._reject(thrown_value(error))
        return made

    name = shim.get(original, "name")
    made = function(
        promised, name if isinstance(name, str) and name else "promised", this=True
    )
    shim.set_prototype(made, shim.get_prototype(original))
    shim.define(made, CUSTOM_PROMISIFY, value=made, configurable=True)
    _copy_properties(original, made)
    return made


def _callbackify(original: Any) -> Any:
    need_function(original, "original")

    def called(this: Any, *arguments: Any) -> None:
        callback = arguments[-1] if arguments else None
        if not callable(callback):
            raise invalid_type("last argument", "function", callback)
        result = shim.call(original, this, *arguments[:-1])

        def fulfilled(value: Any = None, *_: Any) -> None:
            shim.queue_tick(lambda: shim.call(callback, this, shim.null, value))

        def refused(reason: Any = None, *_: Any) -> None:
            if not shim.to_boolean(reason):
                text = "Promise was rejected with falsy value"
                code = "ERR_FALSY_VALUE_REJECTION"
                reason = node_error("Error", code, text, reason=reason)
            shim.queue_tick(lambda: shim.call(callback, this, reason))

        shim.call(shim.get(result, "then"), result, fulfilled, refused)

    name = shim.get(original, "name")
    return function(called, f"{name}Callbackified", this=True)


_warned: set[Any] = set()


def _deprecate(original: Any, message: Any, code: Any = None) -> Any:
    warned = False

    def deprecated(this: Any, *arguments: Any) -> Any:
        nonlocal warned
        if not warned:
            warned = True
            if code is None or code not in _warned:
                _warned.add(code)
                _warn(message, code)
        return shim.call(original, this, *arguments)

    def construct(new_target: Any, *arguments: Any) -> Any:
        nonlocal warned
        if not warned:
            warned = True
            _warn(message, code)
        return shim.construct(original, *arguments)

    from napi.runtime.builtin import builtin

    name = shim.get(original, "name")
    made = builtin(deprecated, name or "deprecated", construct=construct)
    shim.set_prototype(made, original)
    prototype = shim.get(original, "prototype")
    if prototype is not None:
        shim.set(made, "prototype", prototype)
    return made


def _warn(message: Any, code: Any) -> None:
    process = shim.get(shim.get_global(), "process")
    emit = shim.get(process, "emitWarning")
    shim.call(emit, process, message, "DeprecationWarning", code)


def _inherits(constructor: Any, parent: Any) -> None:
    if constructor is None or constructor is shim.null or not callable(constructor):
        raise invalid_type("ctor", "function", constructor)
    if parent is None or parent is shim.null or not callable(parent):
        raise invalid_type("superCtor", "function", parent)
    prototype = shim.get(parent, "prototype")
    if prototype is None:
        raise invalid_type("superCtor.prototype", "object", prototype)
    shim.define(constructor, "super_", value=parent, writable=True, configurable=True)
    shim.set_prototype(shim.get(constructor, "prototype"), prototype)


def _debuglog(name: Any, callback: Any = None) -> Any:
    wanted = os.environ.get("NODE_DEBUG", "").upper().split(",")
    section = str(name).upper()
    enabled = any(
        one == section or (one.endswith("*") and section.startswith(one[:-1]))
        for one in wanted
        if one
    )

    def log(*values: Any) -> None:
        if enabled:
            import sys

            text = format_values(values)
            sys.stderr.write(f"{section} {os.getpid()}: {text}\n")

    made = function(log, "debuglog")
    shim.define(made, "enabled", value=enabled, enumerable=True, configurable=True)
    return made


def _style_text(style: Any, text: Any) -> str:
    need_text(text, "text")
    names = list(style) if isinstance(style, (list, tuple)) else [style]
    begin = end = ""
    for name in names:
        if name not in COLORS:
            allowed = ", ".join(f"'{one}'" for one in COLORS)
            raise invalid_value("format", name, f"must be one of: {allowed}")
        codes = COLORS[name]
        begin, end = f"{begin}\x1b[{codes[0]}m", f"\x1b[{codes[1]}m{end}"
    return f"{begin}{text}{end}"


class _Module:
    @staticmethod
    def format(*args: Any) -> str:
        return format_values(args)

    @staticmethod
    def formatWithOptions(inspectOptions: Any, *args: Any) -> str:
        return format_with_options(inspectOptions, *args)

    @staticmethod
    def promisify(original: Any) -> Any:
        return promisify(original)

    @staticmethod
    def callbackify(original: Any) -> Any:
        return _callbackify(original)

    @staticmethod
    def deprecate(fn: Any, msg: Any, code: Any = None) -> Any:
        return _deprecate(fn, msg, code)

    @staticmethod
    def inherits(ctor: Any, superCtor: Any) -> None:
        _inherits(ctor, superCtor)

    @staticmethod
    def isDeepStrictEqual(a: Any, b: Any) -> bool:
        return deep_equal(a, b)

    @staticmethod
    def debuglog(set: Any, cb: Any = None) -> Any:
        return _debuglog(set, cb)

    @staticmethod
    def stripVTControlCharacters(str: Any) -> str:
        return strip_colors(need_text(str, "str"))

    @staticmethod
    def styleText(format: Any, text: Any, options: Any = None) -> str:
        return _style_text(format, text)

    @staticmethod
    def parseEnv(content: Any) -> Any:
        from napi.js.host._util_more import parse_env

        return parse_env(content)

    @staticmethod
    def diff(actual: Any, expected: Any) -> Any:
        from napi.js.host._util_more import diff

        return diff(actual, expected)

    @staticmethod
    def transferableAbortController() -> Any:
        return shim.construct(shim.get(shim.get_global(), "AbortController"))

    @staticmethod
    def transferableAbortSignal(signal: Any) -> Any:
        if not is_object(signal) or not shim.has(signal, "aborted"):
            raise invalid_type("signal", "AbortSignal", signal)
        return signal

    @staticmethod
    def convertProcessSignalToExitCode(signalCode: Any) -> int:
        from napi.js.host._signals import signal_of

        return 128 + signal_of(need_text(signalCode, "signalCode"))

    @staticmethod
    def toUSVString(input: Any) -> str:
        data = shim.to_string(input).encode("utf-16-le", "surrogatepass")
        return str(data.decode("utf-16-le", "replace"))

    @staticmethod
    def getSystemErrorName(err: Any) -> str:
        return errno_words(-need_integer(err, "err"))[0]

    @staticmethod
    def getSystemErrorMessage(err: Any) -> str:
        return errno_words(-need_integer(err, "err"))[1]

    @staticmethod
    def getSystemErrorMap() -> Any:
        import errno

        made = shim.construct(shim.get(shim.get_global(), "Map"))
        for number in sorted(errno.errorcode):
            shim.call(
                shim.get(made, "set"), made, -number, shim.Array(errno_words(number))
            )
        return made

    @staticmethod
    def isArray(value: Any = None) -> bool:
        from napi.js.inspect.kinds import is_array

        return is_array(value)

    @staticmethod
    def getCallSites(frameCount: Any = 8, options: Any = None) -> Any:
        from napi.js.host._call_sites import call_sites

        return call_sites(frameCount)

    @staticmethod
    def parseArgs(config: Any = None) -> Any:
        from napi.js.host._parse_args import parse_args

        return parse_args(config)

    @staticmethod
    def aborted(signal: Any, resource: Any) -> Any:
        made = shim.Promise()
        if get(signal, "aborted") is True:
            made._resolve(None)
        else:
            listen = shim.get(signal, "addEventListener")
            finish = function(lambda *_: made._resolve(None))
            shim.call(listen, signal, "abort", finish, make(once=True))
        return made

    @staticmethod
    def _extend(target: Any, source: Any) -> Any:
        if is_object(source):
            for key in shim.keys(source):
                shim.set(target, key, shim.get(source, key))
        return target


_TYPES = {
    "isBoolean": ("boolean",),
    "isNumber": ("number",),
    "isString": ("string",),
    "isSymbol": ("symbol",),
    "isUndefined": ("undefined",),
    "isFunction": ("function",),
}


def _add_checks(made: Any) -> None:
    """The checks that Node deprecated and packages still call."""
    for name, kinds in _TYPES.items():

        def check(value: Any = None, kinds: Any = kinds) -> bool:
            return value is not shim.null and shim.typeof(value) in kinds

        shim.set(
            made, name, function(lambda value=None, check=check: check(value), name)
        )
    types = util_types.exports()
    shim.set(made, "isRegExp", shim.get(types, "isRegExp"))
    shim.set(made, "isDate", shim.get(types, "isDate"))
    shim.set(made, "isError", shim.get(types, "isNativeError"))
    null = function(lambda value=None: value is shim.null, "isNull")
    shim.set(made, "isNull", null)
    nothing = function(
        lambda value=None: value in (None, shim.null), "isNullOrUndefined"
    )
    shim.set(made, "isNullOrUndefined", nothing)
    objects = function(
        lambda value=None: shim.typeof(value) == "object" and value is not shim.null,
        "isObject",
    )
    shim.set(made, "isObject", objects)
    simple = function(lambda value=None: not is_object(value), "isPrimitive")
    shim.set(made, "isPrimitive", simple)


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    _add_checks(made)
    shim.set(made, "inspect", inspect_function())
    shim.set(made, "debug", shim.get(made, "debuglog"))
    shim.set(made, "types", util_types.exports())
    shim.set(shim.get(made, "promisify"), "custom", CUSTOM_PROMISIFY)
    for name in ("TextEncoder", "TextDecoder", "AbortController", "AbortSignal"):
        if shim.has(shim.get_global(), name):
            lazy(made, name, partial(shim.get, shim.get_global(), name))
    lazy(made, "MIMEType", lambda: _mime().type_class())
    lazy(made, "MIMEParams", lambda: _mime().params_class())
    lazy(made, "log", lambda: function(_log, "log"))
    return made


def _mime() -> Any:
    from napi.js.host import _mime

    return _mime


def _log(*values: Any) -> None:
    import sys
    import time

    moment = time.strftime("%d %b %H:%M:%S")
    sys.stdout.write(f"{moment} - {format_values(values)}\n")
