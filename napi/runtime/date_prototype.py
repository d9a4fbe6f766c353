"""Date as JavaScript sees it (ECMA-262, chapter 21.4)."""

from __future__ import annotations

import math
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, fixed, hidden, sized
from napi.runtime.coerce import is_callable, is_object, show
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import TypeError

__all__ = ["publish_date"]

_PLAIN = [
    "toString",
    "toDateString",
    "toTimeString",
    "toISOString",
    "toUTCString",
    "getDate",
    "getDay",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "getTime",
    "getTimezoneOffset",
    "getUTCDate",
    "getUTCDay",
    "getUTCFullYear",
    "getUTCHours",
    "getUTCMilliseconds",
    "getUTCMinutes",
    "getUTCMonth",
    "getUTCSeconds",
    "valueOf",
    "getYear",
]
_SETTERS = {
    "Date": 1,
    "FullYear": 3,
    "Hours": 4,
    "Milliseconds": 1,
    "Minutes": 3,
    "Month": 2,
    "Seconds": 2,
}


def _method(cls: Any, name: str, length: int) -> Any:
    function = getattr(cls, name)

    def need(this: Any) -> None:
        if isinstance(this, cls):
            return
        if name.startswith("get") or name == "valueOf":
            raise TypeError("this is not a Date object.")
        where = f"Method Date.prototype.{name} called on incompatible receiver"
        raise TypeError(f"{where} {show(this)}")

    def get(this: Any) -> Any:
        need(this)
        return function(this)

    def set_(this: Any, *values: Any) -> Any:
        need(this)
        return function(this, *values[:length])

    return builtin(set_ if length else get, name, length=length)


def _to_primitive(this: Any, hint: Any) -> Any:
    """Date.prototype [ @@toPrimitive ] (21.4.4.45)."""
    if not is_object(this):
        raise TypeError(
            "Method Date.prototype [ @@toPrimitive ] called on incompatible receiver "
            + show(this)
        )
    if hint not in ("string", "default", "number"):
        raise TypeError(f"Invalid hint: {show(hint)}")
    order = ("valueOf", "toString") if hint == "number" else ("toString", "valueOf")
    for name in order:
        method = shim.get(this, name)
        if is_callable(method):
            value = shim.call(method, this)
            if not is_object(value):
                return value
    raise TypeError("Cannot convert object to primitive value")


def _to_json(this: Any, key: Any) -> Any:
    """Date.prototype.toJSON (21.4.4.37)."""
    target = shim.to_object(this)
    value = shim.to_primitive(target, "number")
    if shim.typeof(value) == "number" and not math.isfinite(value):
        return shim.null
    return shim.call(shim.get(target, "toISOString"), target)


def _set_year(cls: Any) -> Any:
    def setYear(this: Any, year: Any) -> Any:
        if not isinstance(this, cls):
            raise TypeError("this is not a Date object.")
        number = shim.to_number(year)
        if number != number:
            return this.setTime(math.nan)
        if 0 <= number <= 99:
            number = 1900 + math.trunc(number)
        return this.setFullYear(number)

    return setYear


def _locale(cls: Any, name: str, required: str, defaults: str) -> Any:
    def method(this: Any, locales: Any = None, options: Any = None) -> str:
        if not isinstance(this, cls):
            raise TypeError("this is not a Date object.")
        from napi.runtime.intl_date import format_date

        return format_date(this.getTime(), options, required, defaults)

    return builtin(method, name)


class _Statics:
    @staticmethod
    def now() -> int:
        from napi.runtime.date import Date

        return Date.now()

    def parse(text: Any) -> Any:
        from napi.runtime.date import Date

        return Date.parse(text)

    @sized(7)
    def UTC(*fields: Any) -> Any:
        from napi.runtime.date import Date

        return Date.UTC(*fields)


def publish_date(cls: Any) -> None:
    """Makes the class the constructor Date."""
    prototype = shim.Object()
    for name in _PLAIN:
        hidden(prototype, name, _method(cls, name, 0))
    hidden(prototype, "setTime", _method(cls, "setTime", 1))
    for name, length in _SETTERS.items():
        for prefix in ("set", "setUTC"):
            full = f"{prefix}{name}"
            hidden(prototype, full, _method(cls, full, length))
    hidden(prototype, "setYear", builtin(_set_year(cls)))
    hidden(prototype, "toGMTString", shim.get(prototype, "toUTCString"))
    hidden(prototype, "toJSON", builtin(_to_json, "toJSON"))
    for name, required, defaults in (
        ("toLocaleString", "any", "all"),
        ("toLocaleDateString", "date", "date"),
        ("toLocaleTimeString", "time", "time"),
    ):
        hidden(prototype, name, _locale(cls, name, required, defaults))
    convert = builtin(_to_primitive, "[Symbol.toPrimitive]")
    fixed(prototype, shim.Symbol.toPrimitive, convert)

    def construct(new_target: Any, *given: Any) -> Any:
        made = allocate(cls, new_target)
        cls.__init__(made, *given)
        return made

    def call(this: Any, *_: Any) -> str:
        return str(cls().toString())

    publish(
        cls,
        length=7,
        call=call,
        construct=construct,
        prototype=prototype,
        members=_Statics,
    )
