"""Environment variables with which a child runs under a sanitizer."""

from __future__ import annotations

from functools import cache

from napi.testing.sanitize import KINDS, MissingToolError, runtime

__all__ = ["MissingToolError", "variables"]

# A file made with both of the first two wants both libraries.
_LIBRARIES = {
    "asan": ("address", "undefined"),
    "ubsan": ("undefined",),
    "tsan": ("thread",),
}
# The first report ends the child; its text is the finding. Python itself keeps memory
# until its end: what is left then is none.
_OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=0:exitcode=99:handle_abort=1"
    ":allocator_may_return_null=1:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1:exitcode=99",
    "TSAN_OPTIONS": "halt_on_error=1:exitcode=99:ignore_noninstrumented_modules=1"
    ":report_signal_unsafe=0:report_thread_leaks=0",
}


@cache
def _preload(kind: str) -> str:
    return " ".join(runtime(KINDS[name]) for name in _LIBRARIES[kind])


def variables(kind: str) -> dict[str, str]:
    """What to add to the environment.

    Args:
        kind: ``asan``, ``ubsan``, ``tsan``, or empty for none.

    Raises:
        MissingToolError: Its run-time library is not there.
    """
    if not kind:
        return {}
    made = {KINDS[name].variable for name in _LIBRARIES[kind]}
    return {
        "LD_PRELOAD": _preload(kind),
        # Memory of Python's own allocator is not looked at otherwise.
        "PYTHONMALLOC": "malloc",
        **{name: _OPTIONS[name] for name in made},
    }
