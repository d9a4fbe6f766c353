"""Reads the dynamic segment of an ELF shared library: what dlopen() will look at.

Only what preflight asks is read, with bounded ``pread`` calls: headers, the dynamic
table, its symbols, strings and version needs. A file may say anything: each offset
and count is checked against the file before it is used, and each loop has an end.
Sources: the System V gABI, chapters 4 and 5, and the GNU extensions for hash tables
and symbol versions.
"""

from __future__ import annotations

import os
import struct
import sys
from typing import NamedTuple

__all__ = ["Elf", "MalformedError", "Symbol", "read", "read_header"]

_NATIVE = "<" if sys.byteorder == "little" else ">"
_MOST_SEGMENTS = 1024
_MOST_TAGS = 4096
_MOST_SYMBOLS = 1 << 20
_MOST_STRINGS = 64 << 20  # bytes, of the string table and of all names read
_MOST_VERSIONS = 1 << 16
_SPAN = 1 << 32  # bytes of address space that one library may ask for

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_PF_X, _PF_W = 1, 2
_ET_DYN = 3
_NEEDED, _PLTRELSZ, _HASH, _STRTAB, _SYMTAB, _RELA, _RELASZ = 1, 2, 4, 5, 6, 7, 8
_STRSZ, _SYMENT, _INIT, _FINI, _SONAME, _RPATH = 10, 11, 12, 13, 14, 15
_REL, _RELSZ, _JMPREL, _BIND_NOW = 17, 18, 23, 24
_INIT_ARRAY, _FINI_ARRAY, _INIT_ARRAYSZ, _FINI_ARRAYSZ = 25, 26, 27, 28
_RUNPATH, _FLAGS, _RELRSZ, _RELR = 29, 30, 35, 36
_GNU_HASH, _VERSYM, _FLAGS_1 = 0x6FFFFEF5, 0x6FFFFFF0, 0x6FFFFFFB
_VERNEED, _VERNEEDNUM = 0x6FFFFFFE, 0x6FFFFFFF
_RELAENT, _RELENT, _PLTREL, _RELRENT, _VERDEF = 9, 19, 20, 37, 0x6FFFFFFC
_RELACOUNT, _RELCOUNT = 0x6FFFFFF9, 0x6FFFFFFA
# What the linker takes on trust: a tag, and others that must be there with it.
_TOGETHER = (
    (_RELA, _RELASZ, _RELAENT),
    (_REL, _RELSZ, _RELENT),
    (_RELR, _RELRSZ, _RELRENT),
    (_JMPREL, _PLTRELSZ, _PLTREL),
    (_INIT_ARRAY, _INIT_ARRAYSZ),
    (_FINI_ARRAY, _FINI_ARRAYSZ),
    (_VERNEED, _VERNEEDNUM),
)
_LAST_GENERIC_TAG, _FIRST_OS_TAG, _LAST_TAG = 38, 0x60000000, 0x7FFFFFFF
_CODE = (_INIT, _FINI)
# Defined symbols that preflight asks for.
_INTERESTING = (b"napi_", b"node_")


class MalformedError(ValueError):
    """The file contradicts itself, or ends too early."""


class Symbol(NamedTuple):
    """A dynamic symbol: its name, and whether it may stay unresolved."""

    name: str
    weak: bool


class Elf(NamedTuple):
    """What the dynamic segment says."""

    bits: int
    little: bool
    machine: int
    kind: int
    interpreter: str
    needed: tuple[str, ...]
    soname: str
    rpath: str
    runpath: str
    bind_now: bool
    undefined: tuple[Symbol, ...]
    defined: tuple[str, ...]
    versions: dict[str, tuple[str, ...]]


class _Segment(NamedTuple):
    kind: int
    flags: int
    offset: int
    address: int
    size: int
    memory: int
    align: int


class _Reader:
    """Random access to a file whose every number is suspect."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.size = os.fstat(descriptor).st_size
        head = self.read(0, 64 if self.size >= 64 else 52, "ELF header")
        if head[:4] != b"\x7fELF" or head[4] not in (1, 2) or head[5] not in (1, 2):
            raise MalformedError("the ELF header is invalid")
        self.wide, self.order = head[4] == 2, "<" if head[5] == 1 else ">"
        if self.wide and len(head) < 64:
            raise MalformedError("the ELF header is cut off")
        layout = "HHIQQQIHHHHHH" if self.wide else "HHIIIIIHHHHHH"
        fields = self.unpack(layout, head, 16)
        self.kind, self.machine, version = fields[:3]
        self.table, self.entry_size, self.count = fields[4], fields[8], fields[9]
        if version != 1 or head[6] != 1:
            raise MalformedError("the ELF header has an unknown version")
        self.segments: list[_Segment] = []

    def read(self, offset: int, length: int, what: str) -> bytes:
        """Exactly ``length`` bytes at ``offset`` of the file."""
        if offset < 0 or length < 0 or offset + length > self.size:
            raise MalformedError(
                f"the {what} at {offset}..{offset + length} is beyond the end of the "
                f"file ({self.size} bytes): it is truncated"
            )
        data = os.pread(self.descriptor, length, offset)
        if len(data) != length:
            raise MalformedError(f"the {what} cannot be read whole")
        return data

    def unpack(self, layout: str, data: bytes, at: int = 0) -> tuple[int, ...]:
        """Fields in the byte order of the file; bounds are the caller's."""
        try:
            return struct.unpack_from(self.order + layout, data, at)
        except struct.error:
            raise MalformedError("a table ends in the middle of an entry") from None

    def read_segments(self) -> None:
        """The program headers, all of them checked."""
        layout = "IIQQQQQQ" if self.wide else "IIIIIIII"
        size = struct.calcsize("<" + layout)
        if not 0 < self.count <= _MOST_SEGMENTS or self.entry_size != size:
            raise MalformedError("the program headers are invalid")
        data = self.read(self.table, self.count * size, "table of program headers")
        for fields in struct.iter_unpack(self.order + layout, data):
            if self.wide:
                kind, flags, offset, address, _, in_file, memory, align = fields
            else:
                kind, offset, address, _, in_file, memory, flags, align = fields
            self.segments.append(
                _Segment(kind, flags, offset, address, in_file, memory, align)
            )
        self._check_segments()

    def _check_segments(self) -> None:
        loads = [item for item in self.segments if item.kind == _PT_LOAD]
        end = 0
        for item in loads:
            # Memory beyond the end of the file would be a bus error later.
            if item.offset + item.size > self.size:
                raise MalformedError(
                    f"the file is truncated: {item.offset + item.size} bytes are "
                    f"needed, {self.size} are there"
                )
            if item.size > item.memory or item.address < end:
                raise MalformedError("its segments overlap")
            align = max(item.align, 1)
            if align & (align - 1) or (item.address - item.offset) % align:
                raise MalformedError("its segments are not aligned")
            end = item.address + item.memory
        if not loads or end - loads[0].address > _SPAN:
            raise MalformedError("its segments make no sense")

    def segment(self, kind: int) -> _Segment | None:
        """The first segment of a kind."""
        for item in self.segments:
            if item.kind == kind:
                return item
        return None

    def offset_of(self, address: int, length: int, what: str) -> int:
        """Where in the file ``length`` bytes at an address of memory are."""
        for item in self.segments:
            if (
                item.kind == _PT_LOAD
                and item.address <= address
                and address + length <= item.address + item.size
            ):
                return item.offset + address - item.address
        raise MalformedError(f"the {what} is outside of its segments")

    def check_place(self, first: int, end: int, flag: int, what: str) -> None:
        """Refuses what is not inside of one segment with a right: 1 run, 2 write."""
        for item in self.segments:
            if (
                item.kind == _PT_LOAD
                and item.flags & flag
                and item.address <= first
                and end <= item.address + item.memory
            ):
                return
        raise MalformedError(f"the {what} is in the wrong place")

    def room_at(self, address: int) -> int:
        """How many bytes follow an address in its segment of the file."""
        for item in self.segments:
            if (
                item.kind == _PT_LOAD
                and item.address <= address < item.address + item.size
            ):
                return item.address + item.size - address
        return 0


class _Dynamic:
    """The dynamic table and what it points to."""

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader
        self.values: dict[int, int] = {}
        self.needed_at: list[int] = []
        self._read_table()
        size = self.values.get(_STRSZ, 0)
        if size > _MOST_STRINGS:
            raise MalformedError("the string table is unreasonably large")
        at = reader.offset_of(self.values.get(_STRTAB, 0), size, "string table")
        self.strings = reader.read(at, size, "string table")
        self.budget = _MOST_STRINGS
        self._check_tables()

    def _read_table(self) -> None:
        reader = self.reader
        segment = reader.segment(_PT_DYNAMIC)
        if segment is None:
            raise MalformedError("it has no dynamic segment: it is not a library")
        layout = "qQ" if reader.wide else "iI"
        size = struct.calcsize("<" + layout)
        length = segment.size - segment.size % size
        if length > _MOST_TAGS * size:
            raise MalformedError("the dynamic table is unreasonably large")
        at = reader.offset_of(segment.address, segment.size, "dynamic table")
        # The linker goes by the address, and writes to the table.
        if at != segment.offset or segment.address % (size // 2):
            raise MalformedError("the dynamic table is in the wrong place")
        end = segment.address + segment.size
        reader.check_place(segment.address, end, _PF_W, "dynamic table")
        data = reader.read(at, length, "dynamic table")
        for tag, value in struct.iter_unpack(reader.order + layout, data):
            if tag == 0:
                return
            if not (0 < tag <= _LAST_GENERIC_TAG or _FIRST_OS_TAG <= tag <= _LAST_TAG):
                raise MalformedError(f"the dynamic table has an unknown entry {tag:#x}")
            if tag == _NEEDED:
                self.needed_at.append(value)
            else:
                self.values[tag] = value
        raise MalformedError("the dynamic table has no end")

    def _check_tables(self) -> None:
        reader, values = self.reader, self.values
        for group in _TOGETHER:
            # A size of nothing and the kind of no table are harmless: some write them.
            if (group[0] in values or values.get(group[1])) and not (
                {*group} <= {*values}
            ):
                raise MalformedError("the dynamic table is incomplete")
        if not {_STRTAB, _SYMTAB, _STRSZ} <= {*values}:
            raise MalformedError("the dynamic table is incomplete")
        if (_VERSYM in values) != (_VERNEED in values or _VERDEF in values):
            raise MalformedError("the dynamic table is incomplete")
        for tag, size in ((_INIT_ARRAY, _INIT_ARRAYSZ), (_FINI_ARRAY, _FINI_ARRAYSZ)):
            if values.get(size):
                if (values[tag] | values[size]) % (8 if reader.wide else 4):
                    raise MalformedError("the table of constructors has an odd size")
                reader.offset_of(values[tag], values[size], "table of constructors")
        for tag in _CODE:
            if values.get(tag):
                code = values[tag]
                reader.check_place(code, code + 1, _PF_X, "initialisation function")

    def check_relocations(self, symbols: int) -> None:
        """Refuses relocations that would write elsewhere, or name no symbol."""
        values, word = self.values, 8 if self.reader.wide else 4
        plain = (_RELA, _RELASZ, _RELAENT, _RELACOUNT, 3 * word)
        short = (_REL, _RELSZ, _RELENT, _RELCOUNT, 2 * word)
        for tag, size_tag, entry_tag, count_tag, entry in (plain, short):
            if tag in values:
                size = values[size_tag]
                if (
                    values[entry_tag] != entry
                    or values.get(count_tag, 0) * entry > size
                ):
                    raise MalformedError("the relocations have an odd size")
                self._check_entries(values[tag], size, entry, symbols)
        if _JMPREL in values:
            kind = values[_PLTREL]
            if kind not in (_RELA, _REL):
                raise MalformedError("the relocations are of an unknown kind")
            entry = (3 if kind == _RELA else 2) * word
            self._check_entries(values[_JMPREL], values[_PLTRELSZ], entry, symbols)
        if _RELR in values:
            if values[_RELRENT] != word or values[_RELRSZ] % word:
                raise MalformedError("the relocations have an odd size")
            self.reader.offset_of(values[_RELR], values[_RELRSZ], "relocations")

    def _check_entries(self, at: int, size: int, entry: int, symbols: int) -> None:
        reader = self.reader
        if size % entry or size > _MOST_STRINGS:
            raise MalformedError("the relocations have an odd size")
        place = reader.offset_of(at, size, "relocations")
        if not size or reader.order != _NATIVE or not reader.wide:
            return
        words = memoryview(reader.read(place, size, "relocations")).cast("Q")
        step = entry // 8
        targets, symbols_used = words[0::step], max(words[1::step]) >> 32
        first, last = min(targets), max(targets)
        reader.check_place(first, first + 8, _PF_W, "target of a relocation")
        reader.check_place(last, last + 1, _PF_W, "target of a relocation")
        if symbols_used >= max(symbols, 1):
            raise MalformedError("a relocation names a symbol that is not there")

    def string(self, at: int) -> str:
        """A string of the string table, replacing what is not UTF-8."""
        end = self.strings.find(b"\0", at) if 0 <= at < len(self.strings) else -1
        if end < 0:
            raise MalformedError("a name is outside of the string table")
        self.budget -= end - at
        if self.budget < 0:
            raise MalformedError("its names are unreasonably long")
        return self.strings[at:end].decode("utf-8", "replace")

    def optional(self, tag: int) -> str:
        """The string that a tag names; empty where there is no such tag."""
        return self.string(self.values[tag]) if tag in self.values else ""

    def _count_by_gnu_hash(self, address: int) -> int:
        """The end of the chain of the highest bucket: no count is stored."""
        reader = self.reader
        at = reader.offset_of(address, 16, "hash table")
        buckets, first, bloom, _ = reader.unpack(
            "IIII", reader.read(at, 16, "hash table")
        )
        start = 16 + bloom * (8 if reader.wide else 4)
        at = reader.offset_of(address, start + buckets * 4, "hash table") + start
        if buckets > _MOST_SYMBOLS:
            raise MalformedError("the hash table is unreasonably large")
        heads = reader.unpack(f"{buckets}I", reader.read(at, buckets * 4, "hash table"))
        last = max(heads, default=0)
        if last < first:
            return 0
        chain = address + start + buckets * 4
        skipped = (last - first) * 4
        room = min(reader.room_at(chain + skipped), _MOST_SYMBOLS * 4)
        at = reader.offset_of(chain + skipped, room & ~3, "hash table")
        data = reader.read(at, room & ~3, "hash table")
        for index, (value,) in enumerate(struct.iter_unpack(reader.order + "I", data)):
            if value & 1:
                return last + index + 1
        raise MalformedError("the hash table has no end")

    def count_symbols(self, size: int) -> int:
        """How many symbols there are, which no field says outright."""
        values, reader = self.values, self.reader
        if not {_HASH, _GNU_HASH} & {*values}:
            raise MalformedError("the dynamic table is incomplete")
        if _HASH in values:
            at = reader.offset_of(values[_HASH], 8, "hash table")
            return reader.unpack("II", reader.read(at, 8, "hash table"))[1]
        count = 0
        if _GNU_HASH in values:
            count = self._count_by_gnu_hash(values[_GNU_HASH])
        if count == 0 and values.get(_STRTAB, 0) > values[_SYMTAB]:
            # Nothing exported: every linker puts the strings after the symbols.
            count = (values[_STRTAB] - values[_SYMTAB]) // size
        return count

    def symbols(self) -> tuple[tuple[Symbol, ...], tuple[str, ...]]:
        """Undefined symbols, and the defined ones that preflight asks for."""
        reader = self.reader
        layout = "IBBHQQ" if reader.wide else "IIIBBH"
        size = struct.calcsize("<" + layout)
        if self.values.get(_SYMENT) != size:
            raise MalformedError("the symbol table has entries of an odd size")
        count = self.count_symbols(size)
        if count > _MOST_SYMBOLS:
            raise MalformedError("the symbol table is unreasonably large")
        at = reader.offset_of(self.values[_SYMTAB], count * size, "symbol table")
        data = reader.read(at, count * size, "symbol table")
        self.check_relocations(count)
        if _VERSYM in self.values:
            reader.offset_of(self.values[_VERSYM], count * 2, "version table")
        undefined, defined = [], []
        place = (0, 1, 3) if reader.wide else (0, 3, 5)
        for fields in struct.iter_unpack(reader.order + layout, data):
            name, info, section = (fields[index] for index in place)
            if not name:
                continue
            if section == 0:
                undefined.append(Symbol(self.string(name), info >> 4 == 2))
            elif self.strings.startswith(_INTERESTING, name):
                defined.append(self.string(name))
        return tuple(undefined), tuple(defined)

    def version_needs(self) -> dict[str, tuple[str, ...]]:
        """Library -> the symbol versions that it must have."""
        found: dict[str, tuple[str, ...]] = {}
        if _VERNEED not in self.values:
            return found
        address, left = self.values[_VERNEED], _MOST_VERSIONS
        reader = self.reader
        for _ in range(min(self.values.get(_VERNEEDNUM, 0), _MOST_VERSIONS)):
            at = reader.offset_of(address, 16, "version table")
            _, count, file, first, following = reader.unpack(
                "HHIII", reader.read(at, 16, "version table")
            )
            names = self._version_names(address + first, count)
            library = self.string(file)
            found[library] = found.get(library, ()) + names
            left -= count + 1
            if left < 0:
                raise MalformedError("the version table is unreasonably large")
            if not following:
                break
            address += following
        return found

    def _version_names(self, address: int, count: int) -> tuple[str, ...]:
        reader, names = self.reader, []
        for _ in range(count):
            at = reader.offset_of(address, 16, "version table")
            _, flags, _, name, following = reader.unpack(
                "IHHII", reader.read(at, 16, "version table")
            )
            if not flags & 2:  # VER_FLG_WEAK: may be missing
                names.append(self.string(name))
            if not following:
                break
            address += following
        return tuple(names)


def _read_interpreter(reader: _Reader) -> str:
    segment = reader.segment(_PT_INTERP)
    if segment is None or segment.size > 4096:
        return ""
    data = reader.read(segment.offset, segment.size, "interpreter")
    return data.split(b"\0", 1)[0].decode("utf-8", "replace")


def read_header(descriptor: int) -> tuple[int, bool, int, int]:
    """Bits, little endian, machine and kind: all that a foreign file is asked."""
    reader = _Reader(descriptor)
    return 64 if reader.wide else 32, reader.order == "<", reader.machine, reader.kind


def read(descriptor: int) -> Elf:
    """Reads an ELF library.

    Args:
        descriptor: An open file, positioned anywhere.

    Returns:
        What the dynamic segment says.

    Raises:
        MalformedError: The file is truncated or makes no sense.
        OSError: It cannot be read.
    """
    reader = _Reader(descriptor)
    if reader.kind != _ET_DYN:
        raise MalformedError(f"it is not a shared library (ELF type {reader.kind})")
    reader.read_segments()
    dynamic = _Dynamic(reader)
    undefined, defined = dynamic.symbols()
    values = dynamic.values
    return Elf(
        bits=64 if reader.wide else 32,
        little=reader.order == "<",
        machine=reader.machine,
        kind=reader.kind,
        interpreter=_read_interpreter(reader),
        needed=tuple(dynamic.string(at) for at in dynamic.needed_at),
        soname=dynamic.optional(_SONAME),
        rpath=dynamic.optional(_RPATH),
        runpath=dynamic.optional(_RUNPATH),
        bind_now=_BIND_NOW in values
        or bool(values.get(_FLAGS, 0) & 8)
        or bool(values.get(_FLAGS_1, 0) & 1),
        undefined=undefined,
        defined=defined,
        versions=dynamic.version_needs(),
    )
