"""bytes deep in an argument: a thread may read the addon's copy until it is done."""

import sys

import pytest

import napi
import napi.testing

SIZES = [2, 100, 4096, 4097, 100_000]


@pytest.fixture
def m(addon):
    return addon("lent", fresh=True)


@pytest.mark.parametrize("size", SIZES)
def test_the_copy_lives_as_long_as_the_work(m, size):
    data = bytes(index % 251 for index in range(size))
    held = sys.getrefcount(data)
    seen = []
    m.close()
    m.sum({"data": data}, seen.append)
    # What was freed would be taken, and written to.
    others = [napi.Buffer.from_(b"\xff" * size) for _ in range(50)]
    m.open()
    napi.run(timeout=20)
    assert seen == [sum(data)]
    assert all(set(bytes(other)) == {255} for other in others)
    m.touch({"data": b""})
    assert sys.getrefcount(data) == held


def test_while_work_waits_copies_do_not_pile_up(m):
    seen = []
    m.close()
    m.sum({"data": b"abc"}, seen.append)
    dead, kept = [], [bytes([index]) * 10 for index in range(10)]
    held = sys.getrefcount(kept[0])
    for round_ in range(300):
        for data in kept:
            m.touch({"data": data})
        dead.append(bytes([round_ % 251]) * 5000)
        m.touch({"data": dead[-1]})
        dead.clear()
    assert sys.getrefcount(kept[0]) <= held + 2  # one entry, one view
    assert napi.testing.counters(m)["adopted"] < 100
    m.open()
    napi.run(timeout=20)
    assert seen == [sum(b"abc")]


def test_a_bytearray_is_not_kept(m):
    data = bytearray(b"abc")
    m.close()
    m.sum({"data": b"abc"}, lambda _: None)
    m.touch({"data": data})
    data.extend(b"def")  # BufferError while its memory is lent
    m.open()
    napi.run(timeout=20)
    assert m.touch({"data": data}) == 6
