"""Handle scopes (scope.c) and what the strict build says of their misuse."""

import sys

import pytest

import napi


@pytest.fixture
def m(addon):
    return addon("scope")


def test_escaped_object_survives_its_scope(m):
    value = object()
    result = m.escape(value)
    assert result["x"] is value
    assert sys.getrefcount(result) == 2


def test_escape_twice(m):
    assert m.escape_twice(1) == 12


def test_close_at_depth_zero_is_a_mismatch(m):
    assert m.close_unopened() == 13


def test_a_million_handles_grow_nothing(m):
    from napi._native import shim

    m.many(1_000_000)
    assert shim.counters(m.__env__)["handles"] == 0


def test_exception_pending_is_answered(m, recorded_reports):
    assert m.call_while_pending(napi.Object()) == 10


MISUSE = {
    "leave_open": "handle scopes open",
    "use_after_close": "after its scope was closed",
    "close_out_of_order": "out of order",
}


@pytest.mark.parametrize("name", MISUSE)
def test_strict_raises_with_the_place(m, strict_only, name):
    with pytest.raises(napi.StrictError, match=MISUSE[name]) as info:
        getattr(m, name)()
    assert "test_scope.py" in str(info.value)
    assert "scope" in str(info.value)


def test_strict_reports_a_call_while_pending(m, strict_only):
    with pytest.raises(napi.StrictError, match="exception pending"):
        m.call_while_pending(napi.Object())


def test_strict_records_when_asked(m, strict_only, recorded_reports):
    assert m.use_after_close() == 1
    (report,) = recorded_reports()
    assert "after its scope was closed" in report


def test_a_result_from_a_scope_that_was_just_closed(m):
    for _ in range(100):
        assert m.return_closed() == "a text of its own"


def test_handles_outside_of_closed_scopes_stay(m):
    assert m.many_scopes(1000) == 999.25
