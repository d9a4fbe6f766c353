"""What a settled promise holds, without observing it."""

from __future__ import annotations

from typing import Any

from napi._native import shim

__all__ = ["outcome"]


def outcome(promise: Any) -> Any:
    """The result, or the reason of the rejection, of a settled promise.

    Args:
        promise: A promise that is not pending.
    """
    from napi.runtime.error import Thrown

    settled = type(promise).__dict__.get("_outcome")
    if settled is not None:
        return settled.__get__(promise)
    try:
        return shim.Promise.result(promise)
    except Thrown as error:
        return error.value
    except BaseException as error:
        return error
