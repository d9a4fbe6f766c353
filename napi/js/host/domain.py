"""``domain``: what callbacks that belong together throw comes to one place.

The domains that are entered are kept with the values of AsyncLocalStorage: timers,
ticks, microtasks and reactions keep those of their maker.

Source: "Domain" of Node's manual.
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host import _emitter
from napi.js.host._context import DOMAINS, THROWN, change, current, entered
from napi.js.host._kit import function, get, is_object, klass
from napi.runtime.builtin import accessor, hidden
from napi.runtime.realm import kept

__all__ = ["adopt", "exports", "take", "take_emitted"]


def _stack(values: Any = None) -> tuple[Any, ...]:
    """The domains that are entered, the innermost last."""
    found: tuple[Any, ...] = (current() if values is None else values).get(
        DOMAINS, (None, ())
    )[1]
    return found


def _within(stack: tuple[Any, ...]) -> dict[int, tuple[Any, Any]]:
    return {**current(), DOMAINS: (None, stack)}


def active() -> Any:
    """The innermost domain; undefined where there is none."""
    stack = _stack()
    return stack[-1] if stack else None


# === what is thrown ===


def _mark(error: Any, domain: Any, thrown: bool, emitter: Any = None) -> None:
    if not is_object(error):
        return
    if emitter is not None:
        hidden(error, "domainEmitter", emitter)
    hidden(error, "domain", domain)
    shim.set(error, "domainThrown", thrown)


def take(error: BaseException) -> bool:
    """Gives an uncaught exception to the domain in which it was thrown.

    Args:
        error: The exception.

    Returns:
        Whether one took it. One without a listener leaves it to the domain that it
        was entered from.
    """
    from napi.js.host._kit import thrown_value

    thrown, values = shim.slots().pop(THROWN, (None, {}))
    stack = _stack(values) if thrown is error else ()
    value = thrown_value(error)
    for index in range(len(stack) - 1, -1, -1):
        domain = stack[index]
        if not _emitter.listeners_of(domain, "error"):
            continue
        _mark(value, domain, True)
        with entered(_within(stack[:index])):
            _emitter.emit(domain, "error", value)
        return True
    return False


def take_emitted(emitter: Any, error: Any) -> bool:
    """Gives the event ``error``, to which nobody listens, to the emitter's domain.

    Args:
        emitter: Who emits it.
        error: The error.
    """
    domain = get(emitter, "domain")
    if not _is_domain(domain) or domain is emitter:
        return False
    if error is None:
        from napi.js.host._errors import node_error

        error = node_error("Error", "ERR_UNHANDLED_ERROR", "Unhandled error.")
    _mark(error, domain, False, emitter)
    with entered(_within(())):
        _emitter.emit(domain, "error", error)
    return True


def adopt(emitter: Any) -> None:
    """A new emitter belongs to the domain that is active."""
    hidden(emitter, "domain", shim.null if active() is None else active())


# === the class ===


def _init(this: Any) -> None:
    _emitter.init(this)
    shim.set(this, "members", shim.Array())


def _is_domain(value: Any) -> bool:
    return is_object(value) and shim.instanceof(value, _class())


def _run_in(domain: Any, target: Any, this: Any, *arguments: Any) -> Any:
    with entered(_within((*_stack(), domain))):
        return shim.call(target, this, *arguments)


def _bound(domain: Any, callback: Any, intercepts: bool) -> Any:
    def run(this: Any, *arguments: Any) -> Any:
        if intercepts and arguments and isinstance(arguments[0], BaseException):
            error = arguments[0]
            hidden(error, "domainBound", callback)
            _mark(error, domain, False)
            _emitter.emit(domain, "error", error)
            return None
        return _run_in(domain, callback, this, *arguments[int(intercepts) :])

    made = function(run, "runBound", this=True)
    hidden(made, "domain", domain)
    return made


class _Members:
    def enter(this: Any) -> None:
        change(_within((*_stack(), this)))

    def exit(this: Any) -> None:
        stack = _stack()
        for index in range(len(stack) - 1, -1, -1):
            if stack[index] is this:
                change(_within(stack[:index]))
                return

    def add(this: Any, ee: Any) -> None:
        known = get(ee, "domain")
        if known is this:
            return
        if _is_domain(known):
            shim.call(shim.get(known, "remove"), known, ee)
        hidden(ee, "domain", this)
        shim.get(this, "members").append(ee)

    def remove(this: Any, ee: Any) -> None:
        hidden(ee, "domain", shim.null)
        members = shim.get(this, "members")
        for index, one in enumerate(members):
            if one is ee:
                del members[index]
                return

    def run(this: Any, fn: Any, *args: Any) -> Any:
        return _run_in(this, fn, this, *args)

    def intercept(this: Any, cb: Any) -> Any:
        return _bound(this, cb, True)

    def bind(this: Any, cb: Any) -> Any:
        return _bound(this, cb, False)


def _class() -> Any:
    parent = _emitter.emitter_class()
    return kept(
        "domain.Domain", lambda: klass("Domain", _init, _Members, parent=parent)
    )


def _wrap(receiver: Any, callback: Any) -> Any:
    """What napi_make_callback calls: within the domain of the receiver."""
    domain = get(receiver, "domain")
    if not _is_domain(domain):
        return callback

    def run(this: Any, *arguments: Any) -> Any:
        return _run_in(domain, callback, this, *arguments)

    return function(run, "runInDomain", this=True)


def _or_null(value: Any) -> Any:
    return shim.null if value is None else value


def exports() -> Any:
    """The module; from now on domains are looked after."""
    made = shim.Object()
    shim.slots()["domain"] = made
    shim.set_callback_wrapper(_wrap)
    change(dict(current()))

    def create() -> Any:
        return shim.construct(_class())

    shim.set(made, "Domain", _class())
    shim.set(made, "createDomain", function(create, "createDomain"))
    shim.set(made, "create", shim.get(made, "createDomain"))
    process = shim.get(shim.get_global(), "process")

    def replace(_: Any, domain: Any = None) -> None:
        change(_within((domain,) if _is_domain(domain) else ()))

    accessor(process, "domain", lambda _: active(), replace)
    accessor(made, "active", lambda _: _or_null(active()))
    accessor(made, "_stack", lambda _: shim.Array(_stack()))
    for holder, key in ((process, "domain"), (made, "active"), (made, "_stack")):
        shim.define(holder, key, enumerable=True)
    return made
