"""npm packages as Python modules: ``from napi.npm import bcrypt``.

Importing this module makes the packages that are installed in a ``node_modules``
importable below it. ``@scope/name`` is ``napi.npm.scope.name``; what is no letter,
digit or underscore in a name is an underscore in Python: ``@node-rs/crc32`` is
``napi.npm.node_rs.crc32``. For all other names there is ``napi.require``.

A package is looked for in the ``node_modules`` of the program's main script, then of
the working directory, of the folders above them, and in ``NODE_PATH``. The module is
that of ``napi.require``; it belongs to the thread that imported it first.
"""

# Every name here would hide a package of that name.

from typing import TYPE_CHECKING as _TYPE_CHECKING

from napi import npm_finder as _finder

__path__[:] = []  # the hook finds what is below, no folder does
__all__: list[str] = []

if _TYPE_CHECKING:
    from typing import Any as _Any

    # A package without stubs can be anything.
    def __getattr__(name: str) -> _Any: ...


def __dir__() -> list[str]:
    return _finder.listed("")


_finder.install()
