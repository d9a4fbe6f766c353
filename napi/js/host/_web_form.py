"""FormData (XMLHttpRequest, chapter 5), with undici's messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._kit import is_object
from napi.js.host._web_blob import Blob, File, file_of, well_formed
from napi.js.host._web_kit import INSPECT, interface
from napi.js.inspect import inspect
from napi.runtime.builtin import builtin, hidden, install, sized, tag
from napi.runtime.error import TypeError

__all__ = ["FormData"]


class Entries:
    """The state: names and values in the order in which they came."""

    def __init__(self) -> None:
        self.js: Any = None
        self.pairs: list[tuple[str, Any]] = []


def _need(this: Any) -> Entries:
    if isinstance(this, FormData) and hasattr(this, "__state__"):
        found: Entries = this.__state__
        return found
    error = TypeError("Illegal invocation")
    shim.set(error, "code", "ERR_INVALID_THIS")
    raise error


def need_arguments(given: tuple[Any, ...], count: int, place: str) -> None:
    """Refuses a call with too few arguments, as WebIDL says.

    Raises:
        napi.TypeError: There are too few.
    """
    if len(given) < count:
        plural = "s" if count > 1 else ""
        found = f"but{' only' if given else ''} {len(given)} found."
        raise TypeError(f"{place}: {count} argument{plural} required, {found}")


def _entry(given: tuple[Any, ...], place: str) -> tuple[str, Any]:
    need_arguments(given, 2, place)
    name, value = well_formed(given[0]), given[1]
    if len(given) > 2 and not isinstance(value, Blob):
        shown = f'Expected value ("{inspect(value)}") to be an instance of Blob.'
        raise TypeError(f"{place}: {shown}")
    if not isinstance(value, Blob):
        return name, well_formed(value)
    is_file = isinstance(value, File)
    data = value.__state__
    if len(given) > 2 and given[2] is not None:
        title = well_formed(given[2])
    elif is_file:
        return name, value
    else:
        title = "blob"
    modified = data.modified if is_file else None
    return name, file_of(data.parts, title, data.type, modified)


def _name(given: tuple[Any, ...], place: str) -> str:
    need_arguments(given, 1, place)
    return well_formed(given[0])


class _Iteration(shim.Host):
    """The iterator of the entries."""

    __module__ = "napi"
    __slots__ = ("__form__",)
    __form__: tuple[Entries, Callable[[str, Any], Any], list[int]]


class _IterationMembers:
    def next(this: Any) -> Any:
        if not isinstance(this, _Iteration):
            text = "'next' called on an object that does not implement interface "
            raise TypeError(text + "FormData Iterator.")
        form, pick, at = this.__form__
        made = shim.Object()
        if at[0] >= len(form.pairs):
            shim.set(made, "value", None)
            shim.set(made, "done", True)
            return made
        shim.set(made, "value", pick(*form.pairs[at[0]]))
        shim.set(made, "done", False)
        at[0] += 1
        return made


def _iterator_prototype() -> Any:
    from napi.runtime.prototype import prototype_for

    if not _made:
        made = shim.create(prototype_for("iterator"))
        install(made, _IterationMembers, listed=True)
        tag(made, "FormData Iterator")
        _made.append(made)
    return _made[0]


_made: list[Any] = []


def _iterate(form: Entries, pick: Callable[[str, Any], Any]) -> Any:
    made = _Iteration.__new__(_Iteration)
    made.__form__ = (form, pick, [0])
    shim.set_prototype(made, _iterator_prototype())
    return made


class _Form:
    @sized(2)
    def append(this: Any, *given: Any) -> None:
        form = _need(this)
        form.pairs.append(_entry(given, "FormData.append"))

    @sized(1)
    def delete(this: Any, *given: Any) -> None:
        form, name = _need(this), _name(given, "FormData.delete")
        form.pairs = [pair for pair in form.pairs if pair[0] != name]

    @sized(1)
    def get(this: Any, *given: Any) -> Any:
        form, name = _need(this), _name(given, "FormData.get")
        return next((value for key, value in form.pairs if key == name), shim.null)

    @sized(1)
    def getAll(this: Any, *given: Any) -> Any:
        form, name = _need(this), _name(given, "FormData.getAll")
        return shim.Array([value for key, value in form.pairs if key == name])

    @sized(1)
    def has(this: Any, *given: Any) -> bool:
        form, name = _need(this), _name(given, "FormData.has")
        return any(key == name for key, _ in form.pairs)

    @sized(2)
    def set(this: Any, *given: Any) -> None:
        form = _need(this)
        name, value = _entry(given, "FormData.set")
        found, kept = False, []
        for pair in form.pairs:
            if pair[0] != name:
                kept.append(pair)
            elif not found:
                found = True
                kept.append((name, value))
        form.pairs = kept if found else [*kept, (name, value)]

    def keys(this: Any) -> Any:
        return _iterate(_need(this), lambda key, value: key)

    def values(this: Any) -> Any:
        return _iterate(_need(this), lambda key, value: value)

    def entries(this: Any) -> Any:
        return _iterate(_need(this), lambda key, value: shim.Array([key, value]))

    @sized(1)
    def forEach(this: Any, *given: Any) -> None:
        form = _need(this)
        need_arguments(given, 1, "FormData.forEach")
        if not callable(given[0]):
            text = "Failed to execute 'forEach' on 'FormData': parameter 1 is not "
            raise TypeError(text + "of type 'Function'.")
        this_arg = given[1] if len(given) > 1 else None
        for key, value in list(form.pairs):
            shim.call(given[0], this_arg, value, key, this)


def _init(this: Any, form: Any = None) -> None:
    if form is not None:
        text = "Argument 1 could not be converted to: undefined."
        raise TypeError(f"FormData constructor: {text}")
    this.__state__ = Entries()


def _grouped(form: Entries) -> Any:
    found: dict[str, list[Any]] = {}
    for key, value in form.pairs:
        found.setdefault(key, []).append(value)
    made = shim.create(shim.null)
    for key, values in found.items():
        shim.set(made, key, values[0] if len(values) == 1 else shim.Array(values))
    return made


def _inspect(this: Any, depth: Any = None, options: Any = None) -> Any:
    given = shim.Object()
    for key in shim.keys(options) if is_object(options) else ():
        shim.set(given, key, shim.get(options, key))
    if shim.get(given, "depth") is None:
        shim.set(given, "depth", depth)
    text = inspect(_grouped(_need(this)), given)
    start = text.find("{")
    return f"FormData {text[start:]}"


FormData: Any = interface("FormData", _Form, _init)
hidden(FormData.prototype, INSPECT, builtin(_inspect, "[nodejs.util.inspect.custom]"))
hidden(
    FormData.prototype,
    shim.Symbol.iterator,
    shim.get(FormData.prototype, "entries"),
)
