"""A call of each kind, a million times: nothing grows (strict build: 100,000).

What is compared comes after a warm-up, which fills what is kept for good: CPython's
count of allocated blocks may differ by BLOCKS, the memory of the process by BYTES.
Finalizers have run once for each object.
"""

import gc
import resource
import sys
from pathlib import Path

import pytest

import napi
from napi._native import is_strict, shim

BLOCKS = 200
BYTES = 1 << 20
ROUND = 1000  # calls before finalizers get their turn
# The kinds that have a finalizer for each call.
FINALIZED = {
    "external_buffer",
    "external_arraybuffer",
    "external",
    "define_class",
    "wrap",
    "finalizer",
}
# How often what is slow is called; a class is some twenty objects in cycles.
COUNTS = {"define_class": 2_000, "promise": 100_000}
COUNT = 100_000 if is_strict() else 1_000_000
KINDS = [
    *("call", "string_utf8", "string_utf16", "string_latin1", "numbers", "bigint"),
    *("object", "array", "buffer", "external_buffer", "external_arraybuffer"),
    *("external", "typed_array", "promise", "function", "define_class", "wrap"),
    *("remove_wrap", "finalizer", "reference", "error", "scope", "symbol", "date"),
    *("define", "instance_of", "coercions", "tag"),
]
VALUES = {
    "undefined": None,
    "null": napi.null,
    "bool": True,
    "int": 2**40,
    "float": 1.5,
    "bigint": napi.BigInt(2**70),
    "str": "text é☺",
    "symbol": napi.Symbol("s"),
    "dict": {"a": 1},
    "list": [1, 2],
    "object": napi.Object(a=1),
    "array": napi.Array([1]),
    "bytes": b"bytes",
    "bytearray": bytearray(8),
    "buffer": napi.Buffer.alloc(8),
    "function": len,
    "class": int,
}


@pytest.fixture(scope="module")
def m(addon):
    return addon("leaks", version=10)


def resident():
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def measure():
    gc.collect()
    gc.collect()
    return sys.getallocatedblocks(), resident()


def grows(act, count):
    """Calls it count times after a warm-up; what is more then: blocks and bytes."""
    act(max(count // 10, 500))
    blocks, size = measure()
    act(count)
    more_blocks, more_size = measure()
    return more_blocks - blocks, more_size - size


@pytest.fixture
def flat():
    if not sys.platform.startswith("linux"):
        pytest.skip("the memory of a process is read from /proc")

    def check(act, count):
        blocks, size = grows(act, count)
        assert blocks < BLOCKS, f"{blocks} blocks after {count} calls"
        assert size < BYTES, f"{size} bytes after {count} calls"

    return check


def target(*arguments):
    return arguments


def test_kinds_are_all(m):
    assert list(m.names()) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_call_stays(m, flat, kind):
    made = 0
    function = napi.Error if kind == "instance_of" else target
    m.count_of_finalized()

    def act(count):
        nonlocal made
        for _ in range(0, count, ROUND):
            some = min(ROUND, count)
            m.repeat(kind, some, function)
            made += some

    env = object.__getattribute__(m, "__env__")
    before = shim.counters(env)
    flat(act, COUNTS.get(kind, COUNT))
    assert m.count_of_finalized() == (made if kind in FINALIZED else 0)
    assert shim.counters(env) == before


@pytest.mark.parametrize("kind", VALUES)
def test_nothing_of_a_value_stays(m, flat, kind):
    """It goes in as an argument, and comes back as the result."""
    value, echo = VALUES[kind], m.echo

    def act(count):
        for _ in range(count):
            echo(value)

    flat(act, COUNT)
    assert echo(value) is value or echo(value) == value
