"""``vm``: scripts in this realm, and in contexts with global names of their own."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import (
    invalid_type,
    invalid_value,
    need_integer,
    need_text,
    node_error,
)
from napi.js.host._kit import absent, exports_of, is_object, klass, make, option
from napi.runtime.builtin import hidden
from napi.runtime.realm import kept

__all__ = ["exports"]

_CODE = shim.Symbol("code")


def _name(options: Any) -> str:
    found = options if isinstance(options, str) else option(options, "filename")
    if found is not None and not isinstance(found, str):
        raise invalid_type("options.filename", "string", found)
    return found if isinstance(found, str) else "evalmachine.<anonymous>"


def _check(options: Any) -> None:
    if options is not None and not isinstance(options, str) and not is_object(options):
        raise invalid_type("options", "Object", options)


def _limited(act: Any, options: Any) -> Any:
    """Calls a function, for ``options.timeout`` milliseconds at most."""
    timeout = option(options, "timeout")
    if timeout is None:
        return act()
    from napi.js.guard import limited

    limit = need_integer(timeout, "options.timeout", 1, 2**32 - 1)
    try:
        return limited(act, limit / 1000, None)
    except TimeoutError:
        text = f"Script execution timed out after {limit}ms"
        raise node_error("Error", "ERR_SCRIPT_EXECUTION_TIMEOUT", text) from None


def _compile(source: Any, options: Any) -> Any:
    from napi.js.code import load

    return load(shim.to_string(source), _name(options), "script", ())


def _need_context(target: Any) -> Any:
    from napi.js.context import context_of

    if not is_object(target):
        raise invalid_type("object", "Object", target)
    found = context_of(target)
    if found is None:
        raise invalid_type("contextifiedObject", "vm.Context", target)
    return found


def _new_context(target: Any) -> Any:
    """The object of a context: the one that is given, or a new one."""
    from napi.js.context import make_context

    if target is _dont_contextify():
        target = None
    elif target is not None and not is_object(target):
        raise invalid_type("contextObject", "Object", target)
    made = shim.Object() if target is None else target
    make_context(made)
    return made


def _dont_contextify() -> Any:
    return kept("vm.DONT_CONTEXTIFY", lambda: shim.Symbol("vm_context_no_contextify"))


def _main_loader() -> Any:
    name = "vm_dynamic_import_main_context_default"
    return kept("vm.USE_MAIN_CONTEXT_DEFAULT_LOADER", lambda: shim.Symbol(name))


def _init(this: Any, code: Any = None, options: Any = None) -> None:
    _check(options)
    hidden(this, _CODE, _compile(code, options))


class _Script:
    def runInThisContext(this: Any, options: Any = None) -> Any:
        _check(options)
        return _limited(shim.get(this, _CODE).run, options)

    def runInContext(this: Any, contextifiedObject: Any, options: Any = None) -> Any:
        context = _need_context(contextifiedObject)
        _check(options)
        code = shim.get(this, _CODE)
        return _limited(lambda: context.run(code), options)

    def runInNewContext(
        this: Any, contextObject: Any = None, options: Any = None
    ) -> Any:
        made = _new_context(contextObject)
        return _Script.runInContext(this, made, options)

    def createCachedData(this: Any) -> Any:
        return shim.Buffer(b"")


class _Module:
    @staticmethod
    def createContext(contextObject: Any = None, options: Any = None) -> Any:
        _check(options)
        return _new_context(contextObject)

    @staticmethod
    def createScript(code: Any, options: Any = None) -> Any:
        return shim.construct(_script_class(), code, options)

    @staticmethod
    def runInContext(code: Any, contextifiedObject: Any, options: Any = None) -> Any:
        context = _need_context(contextifiedObject)
        _check(options)
        made = _compile(need_text(code, "code"), options)
        return _limited(lambda: context.run(made), options)

    @staticmethod
    def runInNewContext(
        code: Any, contextObject: Any = None, options: Any = None
    ) -> Any:
        _check(options)
        return _Module.runInContext(
            shim.to_string(code), _new_context(contextObject), options
        )

    @staticmethod
    def runInThisContext(code: Any, options: Any = None) -> Any:
        _check(options)
        return _limited(_compile(need_text(code, "code"), options).run, options)

    @staticmethod
    def isContext(object: Any) -> bool:
        from napi.js.context import context_of

        if not is_object(object):
            raise invalid_type("object", "Object", object)
        return context_of(object) is not None

    @staticmethod
    def compileFunction(code: Any, params: Any = None, options: Any = None) -> Any:
        from napi.js.code import load

        need_text(code, "code")
        names: list[str] = []
        if params is not None:
            if not isinstance(params, list):
                raise invalid_type("params", "Array", params)
            names = [need_text(one, "params") for one in params]
        name = "" if option(options, "filename") is None else _name(options)
        made = load(code, name, "function", tuple(names))
        target = option(options, "parsingContext")
        if option(options, "contextExtensions") is not None:
            raise invalid_value(
                "options.contextExtensions",
                shim.get(options, "contextExtensions"),
                "is not available in this host",
            )
        return made.run() if target is None else _need_context(target).run(made)


def _script_class() -> Any:
    return kept("vm.Script", lambda: klass("Script", _init, _Script, length=1))


def exports() -> Any:
    """The module."""
    made = exports_of(_Module)
    shim.set(made, "Script", _script_class())
    constants = make(
        USE_MAIN_CONTEXT_DEFAULT_LOADER=_main_loader(),
        DONT_CONTEXTIFY=_dont_contextify(),
    )
    shim.set(made, "constants", constants)
    absent(made, "vm", "SourceTextModule SyntheticModule measureMemory")
    return made
