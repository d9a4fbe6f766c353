"""Async functions and generators."""
from __future__ import annotations

from typing import Any

__all__ = ["Yielded", "delegate_async", "resume", "result_of", "wrap_async_iterator"]


class Yielded:
    def __init__(self, value: Any) -> None:
        self.value = value


def delegate_async(value: Any) -> Any:
    raise NotImplementedError


def resume(value: Any) -> Any:
    raise NotImplementedError


def result_of(value: Any) -> Any:
    raise NotImplementedError


def wrap_async_iterator(value: Any) -> Any:
    raise NotImplementedError
