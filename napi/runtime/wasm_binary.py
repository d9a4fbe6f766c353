"""The binary format of WebAssembly as far as wasmtime does not tell it (chapter 5)."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["custom", "functions", "problem_of"]

_EXPORTS = 7


class _Reader:
    """Reads the parts that are needed; what is damaged was refused before."""

    def __init__(self, data: bytes, place: int = 0) -> None:
        self.data, self.place = data, place

    def byte(self) -> int:
        self.place += 1
        return self.data[self.place - 1]

    def number(self) -> int:
        """An unsigned LEB128."""
        found = shift = 0
        while True:
            one = self.byte()
            found |= (one & 127) << shift
            if one < 128:
                return found
            shift += 7

    def take(self, size: int) -> bytes:
        self.place += size
        return self.data[self.place - size : self.place]

    def name(self) -> str:
        return self.take(self.number()).decode("utf-8", "replace")


def _sections(data: bytes) -> Iterator[tuple[int, bytes]]:
    reader = _Reader(data, 8)
    while reader.place < len(data):
        kind = reader.byte()
        yield kind, reader.take(reader.number())


def custom(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The custom sections of a module: name and content."""
    for kind, content in _sections(data):
        if kind == 0:
            reader = _Reader(content)
            name = reader.name()
            yield name, content[reader.place :]


def functions(data: bytes) -> dict[str, int]:
    """The numbers of the exported functions of a module."""
    found = {}
    for kind, content in _sections(data):
        if kind == _EXPORTS:
            reader = _Reader(content)
            for _ in range(reader.number()):
                name, sort, index = reader.name(), reader.byte(), reader.number()
                if sort == 0:
                    found[name] = index
    return found


def problem_of(data: bytes) -> str | None:
    """What is wrong with the head of a module, in V8's words; None: nothing."""
    for place, name, wanted in (
        (0, "magic word", b"\0asm"),
        (4, "version", b"\1\0\0\0"),
    ):
        found = data[place : place + 4]
        if not data:
            return "BufferSource argument is empty"
        if len(found) < 4:
            return f"expected 4 bytes, fell off end @+{place}"
        if found != wanted:
            return (
                f"expected {name} {wanted.hex(' ')}, found {found.hex(' ')} @+{place}"
            )
    return None
