"""What authors of addons get: the strict build and its reports."""

from __future__ import annotations

__all__ = ["reports", "strict"]


def strict(*, record: bool = False) -> None:
    """Chooses the strict build, in which misuse of Node-API is reported.

    Call it before the first addon is loaded; ``NAPI_STRICT=1`` in the
    environment does the same.

    Args:
        record: Keep reports for ``reports()`` instead of raising
            ``napi.StrictError`` from the call that caused them.

    Raises:
        RuntimeError: The release build is in use already.
    """
    from napi import _native

    _native.use_strict()
    _native.shim.reports(keep=record)


def reports() -> list[str]:
    """Takes the reports of the strict build that have not been raised.

    Returns:
        One text a report: what was wrong, where Python called, which addon.
        Always empty in the release build.
    """
    from napi._native import shim

    return list(shim.reports())
