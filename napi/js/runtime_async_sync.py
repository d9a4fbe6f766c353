"""Asynchronous iterators over synchronous ones (ECMA-262, chapter 27.1.6)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.runtime_async import promise_of
from napi.js.runtime_error import caught, thrown
from napi.js.runtime_operator import is_object
from napi.runtime.error import TypeError

__all__ = ["AsyncFromSync"]


class AsyncFromSync(shim.Object):
    """%AsyncFromSyncIterator%: its values are awaited, its results are promises.

    Args:
        iterator: The synchronous iterator.
        step: Its method ``next``.
    """

    __slots__ = ("__iterator__", "__step__")
    __module__ = "napi"

    def __init__(self, iterator: Any, step: Any) -> None:
        self.__iterator__ = iterator
        self.__step__ = step
        for name, method in (
            ("next", self.__next_result__),
            ("return", self.__return_result__),
            ("throw", self.__throw_result__),
        ):
            shim.set(self, name, method)

    def __next_result__(self, *received: Any) -> Any:
        return _guarded(lambda: self.__take__("next", self.__step__, received))

    def __return_result__(self, *received: Any) -> Any:
        def act() -> Any:
            method = shim.get(self.__iterator__, "return")
            if method is None or method is shim.null:
                value = received[0] if received else None
                return promise_of(shim.js_object("value", value, "done", True))
            return self.__take__("return", method, received)

        return _guarded(act)

    def __throw_result__(self, *received: Any) -> Any:
        def act() -> Any:
            method = shim.get(self.__iterator__, "throw")
            if method is None or method is shim.null:
                self.__close__()
                raise TypeError("The iterator does not provide a 'throw' method.")
            return self.__take__("throw", method, received)

        return _guarded(act)

    def __take__(self, kind: str, method: Any, received: tuple[Any, ...]) -> Any:
        """AsyncFromSyncIteratorContinuation (ECMA-262 27.1.6.4)."""
        result = shim.js_call_this(method, self.__iterator__, *received)
        if not is_object(result):
            shown = shim.to_string(result)
            raise TypeError(f"Iterator result {shown} is not an object")
        done = bool(shim.js_truth(shim.get(result, "done")))
        value = shim.get(result, "value")
        closes = not done and kind != "return"
        try:
            awaited = promise_of(value)
        except Exception:
            if closes:
                self.__quit__()
            raise

        def unwrap(settled: Any = None, *_: Any) -> Any:
            return shim.js_object("value", settled, "done", done)

        def failed(reason: Any = None, *_: Any) -> Any:
            self.__quit__()
            raise thrown(reason)

        return awaited.then(unwrap, failed if closes else None)

    def __close__(self) -> None:
        method = shim.get(self.__iterator__, "return")
        if method is None or method is shim.null:
            return
        result = shim.js_call_this(method, self.__iterator__)
        if not is_object(result):
            raise TypeError(
                f"Iterator result {shim.to_string(result)} is not an object"
            )

    def __quit__(self) -> None:
        """Closes it where another exception goes on in any case."""
        try:
            self.__close__()
        except Exception:
            return


def _guarded(act: Any) -> Any:
    """A promise of what a function does, whatever it raises."""
    try:
        return act()
    except Exception as error:
        made = shim.Promise()
        made._reject(caught(error))
        return made
