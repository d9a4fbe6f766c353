"""``diagnostics_channel``: messages under names, for whoever listens."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import need_function
from napi.js.host._kit import absent, exports_of, klass
from napi.runtime.builtin import accessor, hidden

__all__ = ["exports"]

_LISTENERS = shim.Symbol("subscribers")
_channels: dict[Any, Any] = {}


def _init(this: Any, name: Any = None) -> None:
    shim.set(this, "name", name)
    hidden(this, _LISTENERS, shim.Array())


class _Channel:
    def subscribe(this: Any, subscription: Any) -> None:
        need_function(subscription, "subscription")
        shim.get(this, _LISTENERS).append(subscription)

    def unsubscribe(this: Any, subscription: Any) -> bool:
        listeners = shim.get(this, _LISTENERS)
        for index, one in enumerate(listeners):
            if one is subscription:
                del listeners[index]
                return True
        return False

    def publish(this: Any, data: Any = None) -> None:
        for one in list(shim.get(this, _LISTENERS)):
            shim.call(one, None, data, shim.get(this, "name"))


def exports() -> Any:
    """The module."""
    kind = klass("Channel", _init, _Channel)
    _channels.clear()
    prototype = shim.get(kind, "prototype")
    accessor(prototype, "hasSubscribers", lambda this: bool(shim.get(this, _LISTENERS)))

    def of(name: Any) -> Any:
        if name not in _channels:
            _channels[name] = shim.construct(kind, name)
        return _channels[name]

    class Module:
        @staticmethod
        def channel(name: Any) -> Any:
            return of(name)

        @staticmethod
        def hasSubscribers(name: Any) -> bool:
            return bool(shim.get(of(name), _LISTENERS))

        @staticmethod
        def subscribe(name: Any, onMessage: Any) -> None:
            shim.call(shim.get(of(name), "subscribe"), of(name), onMessage)

        @staticmethod
        def unsubscribe(name: Any, onMessage: Any) -> Any:
            return shim.call(shim.get(of(name), "unsubscribe"), of(name), onMessage)

    made = exports_of(Module)
    shim.set(made, "Channel", kind)
    absent(made, "diagnostics_channel", "tracingChannel")
    return made
