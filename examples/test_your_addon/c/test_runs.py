"""Tests of an addon in plain C: `pytest`, nothing is configured.

The fixture `addon` compiles the file and loads it into an environment of the test.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import napi
import napi.testing


@pytest.fixture
def runs(addon):
    return addon("runs.c")


def test_runs_become_pairs(runs):
    assert bytes(runs.encode(napi.Buffer.from_(b"aaab"))) == b"\3a\1b"
    assert bytes(runs.decode(napi.Buffer.from_(b"\3a\1b"))) == b"aaab"


def test_a_broken_pair_is_a_range_error(runs):
    with pytest.raises(napi.RangeError, match="a count without its byte"):
        runs.decode(napi.Buffer.from_(b"\3"))


@pytest.mark.parametrize("wrong", [None, 1, "text", {}])
def test_what_is_no_buffer_is_a_type_error(runs, wrong):
    for function in (runs.encode, runs.decode, runs.encodeLater):
        with pytest.raises(TypeError, match="bytes have to be a Buffer"):
            function(wrong)


def test_the_promise_gives_the_same(runs):
    data = napi.Buffer.from_(b"x" * 1000)
    assert bytes(runs.encodeLater(data).result(10)) == bytes(runs.encode(data))


def test_nothing_is_left_behind(runs, leakcheck):
    for data in (b"", b"aab", b"\0" * 600):
        made = runs.encodeLater(napi.Buffer.from_(data)).result(10)
        assert bytes(runs.decode(made)) == data


def test_every_call_may_fail(runs, request):
    if not request.config.getoption("--napi-strict"):
        pytest.skip("pytest --napi-strict lets calls of Node-API fail")
    data = napi.Buffer.from_(b"aaab")
    napi.testing.exhaust(lambda: bytes(runs.decode(runs.encode(data)))).check()
    napi.testing.exhaust(lambda: bytes(runs.encodeLater(data).result(10))).check()


@pytest.fixture(scope="module")
def loaded():
    """One environment for all cases: hypothesis calls the test many times."""
    source = Path(__file__).with_name("runs.c")
    return napi.load(napi.testing.build([source], out=source.parent / "build"))


@given(data=st.binary(max_size=2000))
def test_all_bytes_come_back(loaded, data):
    packed = loaded.encode(napi.Buffer.from_(data))
    assert bytes(loaded.decode(packed)) == data
