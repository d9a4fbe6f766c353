"""Errors and exceptions across the border: napi/shim/error.c."""

import traceback

import pytest

import napi


@pytest.fixture
def m(addon):
    return addon("error")


KINDS = {
    "error": (napi.Error, Exception),
    "type": (napi.TypeError, TypeError),
    "range": (napi.RangeError, ValueError),
}


@pytest.mark.parametrize("kind", KINDS)
def test_thrown_error_has_both_faces(m, kind):
    with pytest.raises(KINDS[kind][1], match="no way") as info:
        m.throw_kind(kind, "ERR_X", "no way")
    assert type(info.value) is KINDS[kind][0]
    assert info.value.code == "ERR_X"
    assert info.value.message == str(info.value) == "no way"


def test_error_without_code(m):
    with pytest.raises(napi.Error) as info:
        m.throw_kind("error", None, "x")
    assert getattr(info.value, "code", None) is None


@pytest.mark.parametrize("value", [42, "text", None, napi.null, (1, 2)], ids=repr)
def test_thrown_non_error_carries_its_value(m, value):
    with pytest.raises(napi.Thrown) as info:
        m.throw_value(value)
    assert info.value.value is value


def test_python_exception_keeps_identity_and_traceback(m):
    error = KeyError("k")

    def fail():
        raise error

    with pytest.raises(KeyError) as info:
        m.call(fail)
    assert info.value is error
    names = [frame.name for frame in traceback.extract_tb(info.value.__traceback__)]
    assert "fail" in names


def test_addon_sees_the_exception_itself(m):
    error = ValueError("x")

    def fail():
        raise error

    assert m.swallow(fail) == [10, error]


def test_thrown_value_goes_in_as_itself(m):
    def fail():
        raise napi.Thrown(7)

    assert m.swallow(fail) == [10, 7]


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_interrupt_comes_out_even_if_swallowed(m, interrupt):
    def fail():
        raise interrupt

    with pytest.raises(interrupt):
        m.swallow(fail)
    assert m.is_error(ValueError()) is True


def test_recursion_becomes_range_error(m):
    def again(callback):
        return m.recurse(callback)

    with pytest.raises(napi.RangeError, match="Maximum call stack size exceeded"):
        m.recurse(again)
    assert m.is_error(1) is False


@pytest.mark.parametrize("value", [1, "x", None, {}, [], napi.Object()], ids=repr)
def test_is_error_of_other_values(m, value):
    assert m.is_error(value) is False


@pytest.mark.parametrize(
    "value", [ValueError(), napi.Error("x"), KeyboardInterrupt()], ids=repr
)
def test_is_error_of_exceptions(m, value):
    assert m.is_error(value) is True


def test_last_error_texts(m):
    assert m.last_error("x") == "A number was expected"
    assert m.last_error(1.5) == "ok"


def test_keyword_arguments_are_refused(m):
    with pytest.raises(TypeError, match="keyword"):
        m.is_error(value=1)
