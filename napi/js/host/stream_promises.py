"""``stream/promises``: finished and pipeline as promises."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._kit import exports_of, is_object
from napi.js.host._stream_end import end_of_stream, pipeline

__all__ = ["exports"]


def _settler(made: Any) -> Any:
    def done(error: Any = None, *_: Any) -> None:
        made._reject(error) if is_object(error) else made._resolve(None)

    return done


class _Module:
    @staticmethod
    def finished(stream: Any, options: Any = None) -> Any:
        made = shim.Promise()
        end_of_stream(stream, options, _settler(made))
        return made

    @staticmethod
    def pipeline(*streams: Any) -> Any:
        made, given, options = shim.Promise(), list(streams), None
        last = given[-1] if given else None
        keys = ("on", shim.Symbol.asyncIterator)
        plain = is_object(last) and not isinstance(last, shim.Host)
        if plain and not any(callable(shim.get(last, k)) for k in keys):
            options = None if callable(last) else given.pop()
        pipeline(given, _settler(made), options)
        return made


def exports() -> Any:
    """The module."""
    return exports_of(_Module)
