"""The ``stack`` of errors, and call sites, in V8's layout.

An error that JavaScript makes keeps where it was made; one that Python or an addon
raises shows the frames it passed through, and their callers. The frames of this
package's own files are left out.
"""

from __future__ import annotations

import math
import sys
import types
from itertools import islice
from pathlib import Path
from typing import Any

from napi._native import shim
from napi.runtime.builtin import install, lazy
from napi.runtime.error import Error, _header

__all__ = ["Site", "capture", "remember", "stack_of"]

_HOME = str(Path(__file__).resolve().parent.parent)


class Site:
    """One frame: where it is, and what runs there."""

    __slots__ = ("code", "index", "line")

    def __init__(self, code: types.CodeType, index: int, line: int) -> None:
        self.code, self.index, self.line = code, index, line

    @property
    def column(self) -> int:
        """Counts from 1; Python knows columns since 3.11, before that it is 1."""
        positions = getattr(self.code, "co_positions", None)
        if positions is None:
            return 1
        found = next(islice(positions(), self.index // 2, None), None)
        if found is None or found[2] is None or found[0] != self.line:
            return 1
        if self.code.co_filename.endswith(".py"):
            return int(found[2]) + 1
        from napi.js.code import column_in

        return column_in(self.code.co_filename, self.line, *found[2:]) + 1

    @property
    def name(self) -> str:
        """The function's name, "" where it has none."""
        name = str(getattr(self.code, "co_qualname", self.code.co_name))
        last = self.code.co_name
        is_python = self.code.co_filename.endswith(".py")
        if "@" in last or (last == "main" and not is_python):
            # Compiled JavaScript: what follows the name makes it unique.
            name = last.partition("@")[0]
            return "" if name in ("<anonymous>", "main") else name
        return "" if last.startswith("<") and last != "<module>" else name

    @property
    def file(self) -> str:
        """The path of a file, the URL of an ES module."""
        from napi.js.code import kind_of

        path = self.code.co_filename
        is_module = path.startswith("/") and kind_of(path) == "module"
        return Path(path).as_uri() if is_module else path

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        name = self.name
        return f"{name} ({place})" if name else place


def _is_ours(code: types.CodeType) -> bool:
    # Python's own ways into a program are no part of it.
    return code.co_filename.startswith((_HOME, "<frozen "))


def _limit() -> int:
    given = Error.__dict__["stackTraceLimit"]
    if given == 10:
        given = shim.get(Error, "stackTraceLimit")
    if shim.typeof(given) != "number" or given != given:
        return -1
    return int(min(max(given, 0), 200)) if given != math.inf else 200


def _walk(frame: types.FrameType | None, limit: int, below: Any = None) -> list[Site]:
    sites: list[Site] = []
    hidden = _code_of(below)
    while frame is not None and len(sites) < limit:
        code = frame.f_code
        if hidden is not None:
            if code is hidden:
                hidden = None
        elif not _is_ours(code):
            sites.append(Site(code, frame.f_lasti, frame.f_lineno))
        frame = frame.f_back
    return sites


def _code_of(function: Any) -> types.CodeType | None:
    """The code of what a stack shall not show; ``None``: not known."""
    if isinstance(function, type):
        # A class without a constructor of its own runs that of its parent.
        for parent in function.__mro__:
            info = shim.js_info(vars(parent).get("__js_constructor__"))
            if info is not None and info[0] is not None:
                return _code_of(info[0])
        return None
    for _ in range(8):
        info = shim.js_info(function)
        if info is not None:
            function = info[0]
        code = getattr(function, "__code__", None)
        if isinstance(code, types.CodeType):
            return code
        inner = getattr(function, "__wrapped__", None)
        function = inner if inner is not None else getattr(function, "__func__", None)
        if function is None:
            return None
    return None


def _of_traceback(error: BaseException, limit: int) -> list[Site]:
    entries = []
    traceback = error.__traceback__
    outer = None if traceback is None else traceback.tb_frame.f_back
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if not _is_ours(code):
            entries.append(Site(code, traceback.tb_lasti, traceback.tb_lineno))
        traceback = traceback.tb_next
    # JavaScript shows the innermost frame first.
    sites = entries[::-1][:limit]
    return sites + _walk(outer, limit - len(sites))


def remember(error: Any, below: Any = None) -> None:
    """Keeps where an error was made, for its ``stack``.

    Args:
        error: A new exception, with its prototype.
        below: The function whose callers are shown; ``None``: all are.
    """
    limit = _limit()
    own = error.__dict__
    if limit < 0:
        own["__stack__"] = None
        return
    own["__frames__"] = _walk(sys._getframe(1), limit, below)


def _headline(error: Any) -> str:
    try:
        name, message = shim.get(error, "name"), shim.get(error, "message")
        name = "Error" if name is None else str(shim.to_string(name))
        message = "" if message is None else str(shim.to_string(message))
    except Error:
        return "<error>"
    return f"{name}: {message}" if name and message else name or message


def stack_of(error: BaseException) -> Any:
    """The ``stack`` of an exception; what ``prepareStackTrace`` makes of it."""
    own = getattr(error, "__dict__", {})
    sites = own.get("__frames__")
    if sites is None:
        limit = max(_limit(), 0)
        return _formatted(error, _header(error), _of_traceback(error, limit))
    made = _formatted(error, _headline(error), sites)
    own["__stack__"] = made
    return made


def _formatted(error: Any, head: str, sites: list[Site]) -> Any:
    prepare = shim.get(Error, "prepareStackTrace")
    if shim.typeof(prepare) == "function":
        shown = shim.Array([_call_site(site) for site in sites])
        return shim.call(prepare, Error, error, shown)
    return head + "".join(f"\n    at {site}" for site in sites)


def capture(target: Any, below: Any = None) -> None:
    """Error.captureStackTrace: gives an object a ``stack``.

    Args:
        target: Any object.
        below: The function whose callers are shown; ``None``: all are.
    """
    sites = _walk(sys._getframe(1), max(_limit(), 0), below)
    if isinstance(target, BaseException):
        own = target.__dict__
        own.pop("__stack__", None)
        own["__frames__"] = sites
        return
    lazy(target, "stack", lambda: _formatted(target, _headline(target), sites))


# === call sites ===


class _CallSite(shim.Host):
    __slots__ = ("_site",)
    __module__ = "napi"
    __napi_closed__ = True
    prototype: Any


class _CallSitePrototype:
    def getColumnNumber(this: Any) -> int:
        return int(this._site.column)

    def getEnclosingColumnNumber(this: Any) -> int:
        return 1

    def getEnclosingLineNumber(this: Any) -> int:
        return int(this._site.code.co_firstlineno)

    def getEvalOrigin(this: Any) -> Any:
        return None

    def getFileName(this: Any) -> str:
        return str(this._site.file)

    def getFunction(this: Any) -> Any:
        return None

    def getFunctionName(this: Any) -> Any:
        return _function_name(this._site) or shim.null

    def getLineNumber(this: Any) -> int:
        return int(this._site.line)

    def getMethodName(this: Any) -> Any:
        head, dot, tail = this._site.name.rpartition(".")
        return tail if dot and head else shim.null

    def getPosition(this: Any) -> int:
        return 0

    def getPromiseIndex(this: Any) -> Any:
        return shim.null

    def getScriptNameOrSourceURL(this: Any) -> str:
        return str(this._site.file)

    def getScriptHash(this: Any) -> str:
        return ""

    def getThis(this: Any) -> Any:
        return None

    def getTypeName(this: Any) -> Any:
        head, dot, _ = this._site.name.rpartition(".")
        return head.removeprefix("new ") if dot else "Object"

    def isAsync(this: Any) -> bool:
        return False

    def isConstructor(this: Any) -> bool:
        return bool(this._site.name.startswith("new "))

    def isEval(this: Any) -> bool:
        return False

    def isNative(this: Any) -> bool:
        return False

    def isPromiseAll(this: Any) -> bool:
        return False

    def isToplevel(this: Any) -> bool:
        return not this._site.name or "." not in this._site.name

    def toString(this: Any) -> str:
        return str(this._site)


def _function_name(site: Site) -> str:
    name = site.name.partition(" [as ")[0].removeprefix("new ")
    if name.startswith(("get ", "set ")) or "." not in name:
        return name
    return "" if name.endswith(".<anonymous>") else name.rpartition(".")[2]


def _call_site(site: Site) -> Any:
    if "prototype" not in vars(_CallSite):
        prototype = shim.Object()
        install(prototype, _CallSitePrototype)
        _CallSite.prototype = prototype
    made = _CallSite()
    made._site = site
    return made
