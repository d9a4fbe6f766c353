"""``fs.Dir``: the entries of a folder, one after the other."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._fs_ops import perform, readdir
from napi.js.host._kit import function, klass, make, put, resolved
from napi.js.host.path import path_text
from napi.runtime.builtin import hidden
from napi.runtime.realm import kept

__all__ = ["folder_class", "open_folder"]

_REST = shim.Symbol("entries")


def _init(this: Any, path: Any = None, entries: Any = None) -> None:
    shim.set(this, "path", path)
    hidden(this, _REST, shim.Array(entries or ()))


class _Members:
    def readSync(this: Any) -> Any:
        rest = shim.get(this, _REST)
        return rest.pop(0) if rest else shim.null

    def read(this: Any, callback: Any = None) -> Any:
        found = _Members.readSync(this)
        if callable(callback):
            shim.queue_tick(lambda: shim.call(callback, None, shim.null, found))
            return None
        return resolved(found)

    def closeSync(this: Any) -> None:
        shim.get(this, _REST).clear()

    def close(this: Any, callback: Any = None) -> Any:
        _Members.closeSync(this)
        if callable(callback):
            shim.queue_tick(lambda: shim.call(callback, None, shim.null))
            return None
        return resolved()


def _iterator(this: Any) -> Any:
    def advance(*_: Any) -> Any:
        found = _Members.readSync(this)
        done = found is shim.null
        return resolved(make(value=None if done else found, done=done))

    made = put(shim.Object(), next=function(advance, "next"))
    shim.set(made, shim.Symbol.asyncIterator, function(lambda *_: made, "iterator"))
    return made


def _class() -> Any:
    made = klass("Dir", _init, _Members)
    iterate = function(_iterator, "entries", this=True)
    hidden(shim.get(made, "prototype"), shim.Symbol.asyncIterator, iterate)
    return made


def folder_class() -> Any:
    """The class Dir of this realm."""
    return kept("fs.Dir", _class)


def open_folder(path: Any, options: Any = None) -> Any:
    """A Dir over the entries that the folder has now."""
    entries = perform(readdir(path, make(withFileTypes=True)))
    return shim.construct(folder_class(), path_text(path), entries)
