"""URL (URL, chapter 6.1), over the WHATWG parser of the package ada-url."""

from __future__ import annotations

import weakref
from typing import Any

from napi._native import shim
from napi.runtime.builtin import getter, install, setter, sized, statics, tag
from napi.runtime.coerce import show
from napi.runtime.constructor import allocate, publish
from napi.runtime.error import Error, TypeError
from napi.runtime.events import coded, missing
from napi.runtime.urlparams import URLSearchParams, parse, usv

__all__ = ["URL"]


class URL(shim.Host):
    """JavaScript's ``URL``."""

    __module__ = "napi"
    __slots__ = ("__params__", "__parsed__")
    __parsed__: Any
    __params__: Any


def _library() -> Any:
    try:
        import ada_url
    except ImportError:
        raise Error("URL needs the package ada-url: pip install napi[js]") from None
    return ada_url


def _parsed(text: str, base: str | None) -> Any:
    library = _library()
    try:
        return library.URL(text, base=base) if base is not None else library.URL(text)
    except ValueError:
        return None


def _invalid(text: str, base: str | None) -> Any:
    error = coded(TypeError, "ERR_INVALID_URL", "Invalid URL")
    error.input = text
    if base is not None:
        error.base = base
    return error


def _set_up(made: Any, text: str, base: str | None) -> Any:
    parsed = _parsed(text, base)
    if parsed is None:
        raise _invalid(text, base)
    made.__parsed__, made.__params__ = parsed, None
    return made


def _need(this: Any) -> Any:
    if not isinstance(this, URL):
        raise TypeError(
            "Cannot read private member #context from an object whose class did not "
            f"declare it: {show(this)}"
        )
    return this


def _refresh(this: Any) -> None:
    if this.__params__ is not None:
        this.__params__.__pairs__[:] = parse(str(this.__parsed__.search)[1:])


def _assign(this: Any, name: str, value: Any) -> None:
    text = usv(value)
    try:
        setattr(_need(this).__parsed__, name, text)
    except ValueError:
        if name == "href":
            raise _invalid(text, None) from None
    if name in ("href", "search"):
        _refresh(this)


def _part(name: str) -> type:
    """Getter and setter of one part, as a class body."""

    def get(this: Any) -> str:
        return str(getattr(_need(this).__parsed__, name))

    def set_(this: Any, value: Any) -> None:
        _assign(this, name, value)

    get.__name__, set_.__name__ = name, f"set_{name}"
    return type("part", (), {name: getter(get), f"set_{name}": setter(set_)})


class _Prototype:
    def toString(this: Any) -> str:
        return str(_need(this).__parsed__.href)


class _Origin:
    @getter
    def origin(this: Any) -> str:
        return str(_need(this).__parsed__.origin)


class _Params:
    @getter
    def searchParams(this: Any) -> Any:
        if _need(this).__params__ is None:
            made = URLSearchParams.__new__(URLSearchParams)
            made.__pairs__ = parse(str(this.__parsed__.search)[1:])
            made.__url__ = weakref.ref(this)
            this.__params__ = made
        return this.__params__


class _Json:
    def toJSON(this: Any) -> str:
        return str(_need(this).__parsed__.href)


def _two(url: Any, base: Any) -> tuple[str, str | None]:
    return usv(url), None if base is None else usv(base)


def _need_url(given: tuple[Any, ...]) -> tuple[Any, Any]:
    if not given:
        raise missing("url")
    return _two(given[0], given[1] if len(given) > 1 else None)


class _Statics:
    def createObjectURL(obj: Any) -> str:
        from napi.js.host._web_blob import create_url

        return create_url(obj)

    def revokeObjectURL(url: Any) -> None:
        from napi.js.host._web_blob import revoke_url

        revoke_url(url)

    @sized(1)
    def canParse(*given: Any) -> bool:
        return _parsed(*_need_url(given)) is not None

    @sized(1)
    def parse(*given: Any) -> Any:
        parsed = _parsed(*_need_url(given))
        if parsed is None:
            return shim.null
        made = URL.__new__(URL)
        made.__parsed__, made.__params__ = parsed, None
        return made


_PARTS = (
    "protocol",
    "username",
    "password",
    "host",
    "hostname",
    "port",
    "pathname",
    "search",
)


def _publish() -> None:
    prototype = shim.Object()
    for source in (
        _Prototype,
        _part("href"),
        _Origin,
        *(_part(name) for name in _PARTS),
        _Params,
        _part("hash"),
        _Json,
    ):
        install(prototype, source, listed=True)
    tag(prototype, "URL")

    def construct(new_target: Any, *given: Any) -> Any:
        if not given:
            raise missing("url")
        base = given[1] if len(given) > 1 else None
        return _set_up(allocate(URL, new_target), *_two(given[0], base))

    publish(URL, length=1, construct=construct, prototype=prototype, is_class=True)
    statics(URL, _Statics, listed=True)


_publish()
