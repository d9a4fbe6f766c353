"""Intl (ECMA-402), as far as it goes: English, and what packages ask of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.runtime.builtin import builtin, getter, hidden, install, tag
from napi.runtime.coerce import is_nullish, is_object, show
from napi.runtime.constructor import allocate, need_new, publish
from napi.runtime.error import RangeError, TypeError

__all__ = ["compare_with", "make_intl"]

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


class _Service(shim.Host):
    __slots__ = ("_bound", "_options")
    __module__ = "napi"
    _options: dict[str, Any]


def locales_of(given: Any) -> list[str]:
    """CanonicalizeLocaleList (9.2.1), without the registry."""
    if given is None:
        return []
    source = [given] if isinstance(given, str) else None
    if source is None:
        if not is_object(given):
            if is_nullish(given):
                raise TypeError("Cannot convert undefined or null to object")
            return []
        from napi.runtime.coerce import list_from

        source = list_from(given)
    found: list[str] = []
    for one in source:
        if not isinstance(one, str):
            raise TypeError("Incorrect locale information provided")
        if not _TAG.fullmatch(one):
            raise RangeError(f"Invalid language tag: {one}")
        parts = one.split("-")
        shown = [parts[0].lower()] + [
            p.upper() if len(p) == 2 else p.title() if len(p) == 4 else p.lower()
            for p in parts[1:]
        ]
        text = "-".join(shown)
        if text not in found:
            found.append(text)
    return found


def _need(this: Any, cls: Any, name: str) -> Any:
    if not isinstance(this, cls):
        raise TypeError(
            f"Method Intl.{cls.__name__}.prototype.{name} called on incompatible "
            f"receiver {show(this)}"
        )
    return this


def _is_english(locale: str) -> bool:
    return locale.startswith("en")


def _supported(locales: Any, options: Any = None) -> Any:
    return shim.Array([one for one in locales_of(locales) if one.startswith("en")])


def _service(
    name: str, read: Callable[[Any], dict[str, Any]], members: type, calls: bool
) -> Any:
    """Makes one constructor of Intl."""
    cls = type(name, (_Service,), {"__slots__": (), "__module__": "napi"})
    prototype = shim.Object()
    install(prototype, members)
    tag(prototype, f"Intl.{name}")

    def construct(new_target: Any, locales: Any = None, options: Any = None) -> Any:
        made = allocate(cls, new_target)
        wanted = locales_of(locales)
        # Where texts are cut does not depend on the language.
        known = wanted if name == "Segmenter" else [*filter(_is_english, wanted)]
        english = known[0] if known else "en-US"
        made._options = {**read(options), "locale": english}
        made._bound = None
        return made

    def call(this: Any, locales: Any = None, options: Any = None) -> Any:
        return construct(cls, locales, options)

    publish(
        cls,
        construct=construct,
        call=call if calls else need_new(f"Intl.{name}"),
        prototype=prototype,
        name=name,
    )
    hidden(
        cls, "supportedLocalesOf", builtin(_supported, "supportedLocalesOf", this=False)
    )
    return cls


def _parts(pairs: list[tuple[str, str]]) -> Any:
    return shim.Array([shim.Object(type=kind, value=text) for kind, text in pairs])


def _resolved(options: dict[str, Any], names: dict[str, str]) -> Any:
    made = shim.Object()
    shim.set(made, "locale", options["locale"])
    for key, shown in names.items():
        if options.get(key) is not None:
            shim.set(made, shown, options[key])
    return made


class _NumberFormat:
    @getter
    def format(this: Any) -> Any:
        from napi.runtime.intl_number import format_with

        _need_kind(this, "NumberFormat", "format")
        if this._bound is None:

            def act(value: Any) -> str:
                number = shim.to_primitive(value, "number")
                if shim.typeof(number) != "bigint":
                    number = shim.to_number(number)
                return format_with(number, this._options)

            this._bound = builtin(act, "", this=False)
        return this._bound

    def formatToParts(this: Any, value: Any) -> Any:
        from napi.runtime.intl_number import format_with

        _need_kind(this, "NumberFormat", "formatToParts")
        text = format_with(shim.to_number(value), this._options)
        pieces = re.findall(r"[0-9]+|[^0-9]", text)
        kinds = {",": "group", ".": "decimal", "-": "minusSign", "%": "percentSign"}
        found, kind = [], "integer"
        for piece in pieces:
            if piece.isdigit():
                found.append((kind, piece))
            else:
                kind = "fraction" if piece == "." else kind
                found.append((kinds.get(piece, "currency"), piece))
        return _parts(found)

    def resolvedOptions(this: Any) -> Any:
        _need_kind(this, "NumberFormat", "resolvedOptions")
        return _resolved(
            this._options,
            {
                "style": "style",
                "currency": "currency",
                "integer": "minimumIntegerDigits",
                "minimum": "minimumFractionDigits",
                "maximum": "maximumFractionDigits",
                "notation": "notation",
            },
        )


def _need_kind(this: Any, name: str, method: str, kind: str = "get ") -> None:
    if not any(one.__name__ == name for one in type(this).__mro__):
        raise TypeError(
            f"Method {kind}Intl.{name}.prototype.{method} called on incompatible "
            f"receiver {show(this)}"
        )


def _time_value(value: Any) -> float:
    from napi.runtime.date import Date

    number = Date.now() if value is None else shim.to_number(value)
    if number != number or abs(number) > 8.64e15:
        raise RangeError("Invalid time value")
    return float(number)


class _DateTimeFormat:
    @getter
    def format(this: Any) -> Any:
        from napi.runtime.intl_date import format_parts

        _need_kind(this, "DateTimeFormat", "format")
        if this._bound is None:

            def act(value: Any) -> str:
                pairs = format_parts(_time_value(value), this._options)
                return "".join(text for _, text in pairs)

            this._bound = builtin(act, "", this=False)
        return this._bound

    def formatToParts(this: Any, value: Any) -> Any:
        from napi.runtime.intl_date import format_parts

        _need_kind(this, "DateTimeFormat", "formatToParts")
        return _parts(format_parts(_time_value(value), this._options))

    def resolvedOptions(this: Any) -> Any:
        _need_kind(this, "DateTimeFormat", "resolvedOptions")
        made = _resolved(this._options, {})
        zone = this._options["timeZone"]
        shim.set(made, "calendar", "gregory")
        shim.set(made, "numberingSystem", "latn")
        shim.set(made, "timeZone", str(zone) if zone is not None else _local_zone())
        for name in ("weekday", "year", "month", "day", "hour", "minute", "second"):
            if name in this._options:
                shim.set(made, name, this._options[name])
        return made


def _local_zone() -> str:
    import os
    from pathlib import Path

    named = os.environ.get("TZ", "").lstrip(":")
    if "/" in named or named == "UTC":
        return named
    try:
        path = str(Path("/etc/localtime").resolve())
    except OSError:
        path = ""
    if "/zoneinfo/" in path:
        return path.partition("/zoneinfo/")[2]
    return time.tzname[0]


class _Collator:
    @getter
    def compare(this: Any) -> Any:
        from napi.runtime.intl_collator import compare

        _need_kind(this, "Collator", "compare")
        if this._bound is None:
            options = this._options

            def act(a: Any, b: Any) -> int:
                return compare(
                    shim.to_string(a),
                    shim.to_string(b),
                    numeric=options["numeric"],
                    sensitivity=options["sensitivity"],
                )

            this._bound = builtin(act, "", this=False)
        return this._bound

    def resolvedOptions(this: Any) -> Any:
        _need_kind(this, "Collator", "resolvedOptions")
        names = ("usage", "sensitivity", "ignorePunctuation", "collation", "numeric")
        return _resolved(this._options, {name: name for name in names})


def _collator_options(options: Any) -> dict[str, Any]:
    given = shim.Object() if is_nullish(options) else shim.to_object(options)
    sensitivity = shim.get(given, "sensitivity")
    if sensitivity not in (None, "base", "accent", "case", "variant"):
        raise RangeError(
            f"Value {show(sensitivity)} out of range for Intl.Collator options "
            "property sensitivity"
        )
    return {
        "usage": "sort",
        "sensitivity": sensitivity or "variant",
        "ignorePunctuation": False,
        "collation": "default",
        "numeric": bool(shim.to_boolean(shim.get(given, "numeric"))),
    }


def compare_with(a: str, b: str, locales: Any, options: Any) -> int:
    """String.prototype.localeCompare with locales and options."""
    from napi.runtime.intl_collator import compare

    locales_of(locales)
    read = _collator_options(options)
    return compare(a, b, numeric=read["numeric"], sensitivity=read["sensitivity"])


class _PluralRules:
    def select(this: Any, value: Any) -> str:
        _need_kind(this, "PluralRules", "select")
        number = shim.to_number(value)
        if this._options["type"] == "cardinal":
            return "one" if number == 1 else "other"
        if number != number or number != int(number):
            return "other"
        last, two = int(number) % 10, int(number) % 100
        kinds = {1: "one", 2: "two", 3: "few"}
        return "other" if 11 <= two <= 13 else kinds.get(last, "other")

    def resolvedOptions(this: Any) -> Any:
        _need_kind(this, "PluralRules", "resolvedOptions")
        return _resolved(this._options, {"type": "type"})


def _plural_options(options: Any) -> dict[str, Any]:
    given = shim.Object() if is_nullish(options) else shim.to_object(options)
    kind = shim.get(given, "type")
    if kind not in (None, "cardinal", "ordinal"):
        raise RangeError(
            f"Value {show(kind)} out of range for Intl.PluralRules options "
            "property type"
        )
    return {"type": kind or "cardinal"}


class _ListFormat:
    def format(this: Any, list: Any) -> str:
        from napi.runtime.intl_list import list_parts

        _need_kind(this, "ListFormat", "format", "")
        return "".join(text for _, text in list_parts(list, this._options))

    def formatToParts(this: Any, list: Any) -> Any:
        from napi.runtime.intl_list import list_parts

        _need_kind(this, "ListFormat", "formatToParts", "")
        return _parts(list_parts(list, this._options))

    def resolvedOptions(this: Any) -> Any:
        _need_kind(this, "ListFormat", "resolvedOptions", "")
        return _resolved(this._options, {"type": "type", "style": "style"})


class _RelativeTimeFormat:
    def format(this: Any, value: Any, unit: Any) -> str:
        from napi.runtime.intl_list import relative_parts

        _need_kind(this, "RelativeTimeFormat", "format", "")
        return "".join(text for _, text in relative_parts(value, unit, this._options))

    def formatToParts(this: Any, value: Any, unit: Any) -> Any:
        from napi.runtime.intl_list import relative_parts

        _need_kind(this, "RelativeTimeFormat", "formatToParts", "")
        made = _parts(relative_parts(value, unit, this._options))
        for part in made:
            if shim.get(part, "type") == "integer":
                shim.set(part, "unit", str(shim.to_string(unit)).removesuffix("s"))
        return made

    def resolvedOptions(this: Any) -> Any:
        _need_kind(this, "RelativeTimeFormat", "resolvedOptions", "")
        made = _resolved(this._options, {"style": "style", "numeric": "numeric"})
        shim.set(made, "numberingSystem", "latn")
        return made


def make_intl() -> Any:
    """Makes the object Intl."""
    from napi.runtime.intl_date import date_options
    from napi.runtime.intl_list import list_options, relative_options
    from napi.runtime.intl_number import number_options
    from napi.runtime.intl_segmenter import Segmenter, segmenter_options

    def dates(options: Any) -> dict[str, Any]:
        return date_options(options, "any", "date")

    made = shim.Object()
    for name, read, members, calls in (
        ("Collator", _collator_options, _Collator, True),
        ("DateTimeFormat", dates, _DateTimeFormat, True),
        ("ListFormat", list_options, _ListFormat, False),
        ("NumberFormat", number_options, _NumberFormat, True),
        ("PluralRules", _plural_options, _PluralRules, False),
        ("RelativeTimeFormat", relative_options, _RelativeTimeFormat, False),
        ("Segmenter", segmenter_options, Segmenter, False),
    ):
        hidden(made, name, _service(name, read, members, calls))
    canonical = builtin(
        lambda locales: shim.Array(locales_of(locales)),
        "getCanonicalLocales",
        this=False,
    )
    hidden(made, "getCanonicalLocales", canonical)
    tag(made, "Intl")
    return made
