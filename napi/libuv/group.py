"""A shared library that only names others: a private group of symbols.

The dynamic linker looks for a symbol in what the whole process shares, then in the
group that was opened together, breadth first. So an addon finds ``uv_*`` in libuv
although nobody else sees them. Sources: the System V gABI, chapter 5, "Shared Object
Dependencies"; dlopen(3).
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count

__all__ = ["image", "opened"]

_NUMBERS = count()
_PAGE = 0x1000
_PT_LOAD, _PT_DYNAMIC, _PF_RW = 1, 2, 6
_NULL, _NEEDED, _HASH, _STRTAB, _SYMTAB, _STRSZ, _SYMENT = 0, 1, 4, 5, 6, 10, 11
_HASH_TABLE = struct.pack("=4I", 1, 1, 0, 0)  # one empty bucket, one symbol
_ET_DYN, _CURRENT = 3, 1


def image(libraries: Sequence[str]) -> bytes:
    """An ELF shared library for this machine that needs others and has no code.

    Args:
        libraries: Absolute paths, in the order in which symbols are looked for.

    Returns:
        The bytes of the file.
    """
    wide = sys.maxsize > 1 << 32
    order = "<" if sys.byteorder == "little" else ">"
    word = "Q" if wide else "I"
    header, entry, symbol = (64, 56, 24) if wide else (52, 32, 16)
    strings = b"\0" + b"".join(os.fsencode(path) + b"\0" for path in libraries)
    symbols = header + 2 * entry
    table = symbols + symbol  # one symbol: the undefined one
    text = table + len(_HASH_TABLE)
    dynamic = -(-(text + len(strings)) // 16) * 16
    tags: list[tuple[int, int]] = []
    offset = 1
    for path in libraries:
        tags.append((_NEEDED, offset))
        offset += len(os.fsencode(path)) + 1
    tags += [(_HASH, table), (_STRTAB, text), (_SYMTAB, symbols)]
    tags += [(_STRSZ, len(strings)), (_SYMENT, symbol), (_NULL, 0)]
    entries = b"".join(struct.pack(order + 2 * word, *tag) for tag in tags)
    size = dynamic + len(entries)

    def segment(kind: int, at: int, length: int, align: int) -> bytes:
        if wide:
            fields = (kind, _PF_RW, at, at, at, length, length, align)
            return struct.pack(order + "IIQQQQQQ", *fields)
        fields = (kind, at, at, at, length, length, _PF_RW, align)
        return struct.pack(order + "IIIIIIII", *fields)

    body = _identity(order, wide, word, header, entry)
    body += segment(_PT_LOAD, 0, size, _PAGE)
    body += segment(_PT_DYNAMIC, dynamic, len(entries), 8)
    body += bytes(symbol) + _HASH_TABLE + strings
    return body.ljust(dynamic, b"\0") + entries


def _identity(order: str, wide: bool, word: str, header: int, entry: int) -> bytes:
    """The ELF header; machine and flags are those of the running program."""
    with open("/proc/self/exe", "rb") as file:  # noqa: PTH123
        own = file.read(64)
    (machine,) = struct.unpack_from(order + "H", own, 18)
    (flags,) = struct.unpack_from(order + "I", own, 48 if wide else 36)
    kind = b"\x7fELF" + bytes((2 if wide else 1, 1 if order == "<" else 2, _CURRENT))
    fields = (_ET_DYN, machine, _CURRENT, 0, header, 0)
    sizes = (header, entry, 2, 0, 0, 0)
    packed = struct.pack(order + "HHI" + 3 * word, *fields)
    return kind.ljust(16, b"\0") + packed + struct.pack(order + "I6H", flags, *sizes)


@contextmanager
def opened(libraries: Sequence[str]) -> Iterator[str]:
    """A path under which the dynamic linker can open such a library.

    Args:
        libraries: Absolute paths.

    Raises:
        OSError: No memory file can be made.
    """
    descriptor = os.memfd_create("napi-group")
    try:
        os.write(descriptor, image(libraries))
        # The linker takes two files of one name for the same: each has its own.
        yield f"/proc/self/fd/{'./' * next(_NUMBERS)}{descriptor}"
    finally:
        os.close(descriptor)
