"""napi.runtime.error: JavaScript's error classes as Python exceptions."""

import builtins
import copy
import pickle

import pytest

import napi
from napi import runtime

PAIRS = [
    (napi.TypeError, builtins.TypeError),
    (napi.RangeError, ValueError),
    (napi.SyntaxError, builtins.SyntaxError),
    (napi.ReferenceError, NameError),
    (napi.URIError, ValueError),
    (napi.EvalError, napi.Error),
    (napi.AggregateError, napi.Error),
]


@pytest.mark.parametrize(("ours", "base"), PAIRS)
def test_errors_are_caught_as_pythons_own(ours, base):
    with pytest.raises(base):
        raise ours("x")
    assert issubclass(ours, napi.Error)


def test_message_name_and_code():
    error = napi.TypeError("boo")
    assert (str(error), error.message, error.name) == ("boo", "boo", "TypeError")
    assert error.code is None
    error.code = "E"
    error.name = "Other"
    error.message = "changed"
    assert (str(error), error.code, error.toString()) == (
        "changed",
        "E",
        "Other: changed",
    )


@pytest.mark.parametrize(
    ("arguments", "text"), [((), "Error"), (("",), "Error"), (("m",), "Error: m")]
)
def test_header(arguments, text):
    assert napi.Error(*arguments).stack == text


def test_message_of_what_is_no_text_is_converted():
    assert napi.Error(1.0).message == "1"
    assert napi.Error(None).message == ""


def test_syntax_error_shows_its_message():
    error = napi.SyntaxError("Unexpected end of input")
    assert str(error) == "Unexpected end of input"
    error.message = "other"
    assert str(error) == "other"


def test_stack_shows_the_frames_innermost_first():
    def inner():
        raise napi.Error("deep")

    with pytest.raises(napi.Error) as caught:
        inner()
    lines = caught.value.stack.splitlines()
    assert lines[0] == "Error: deep"
    assert "inner" in lines[1]
    assert "test_stack_shows" in lines[2]
    assert __file__ in lines[1]
    assert runtime.error_stack(caught.value) == caught.value.stack


def test_stack_is_limited_and_can_be_assigned(monkeypatch):
    monkeypatch.setattr(napi.Error, "stackTraceLimit", 1)
    with pytest.raises(napi.Error) as caught:
        raise napi.Error("x")
    assert len(caught.value.stack.splitlines()) == 2
    caught.value.stack = "mine"
    assert caught.value.stack == "mine"


def test_error_stack_of_pythons_exceptions():
    assert runtime.error_stack(KeyError("k")) == "KeyError: 'k'"


def test_cause_comes_from_options_or_python():
    inner = ValueError("inner")
    assert napi.Error("x", {"cause": 7}).cause == 7
    error = napi.Error("x")
    assert error.cause is None
    error.cause = inner
    assert error.__cause__ is inner
    with pytest.raises(napi.Error) as caught:
        raise napi.Error("y") from inner
    assert caught.value.cause is inner


def test_aggregate_error():
    error = napi.AggregateError([1, 2], "both", {"cause": 3})
    assert (error.errors, error.message, str(error), error.cause) == (
        [1, 2],
        "both",
        "both",
        3,
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(42, "42"), (None, "undefined"), ("s", "s"), (True, "true"), ([1], "[1]")],
)
def test_thrown_shows_its_value(value, text):
    thrown = napi.Thrown(value)
    assert str(thrown) == text
    assert thrown.value is value


def test_errors_can_be_pickled_and_copied():
    error = napi.RangeError("r")
    error.code = "C"
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(other) is napi.RangeError
        assert (other.message, other.code) == ("r", "C")


def test_uncaught_errors_reach_the_handlers():
    seen = []
    error = napi.Error("lost")
    remove = napi.on_uncaught_exception(seen.append)
    runtime.report_uncaught(error)
    runtime.report_uncaught(5)
    remove()
    assert seen[0] is error
    assert (type(seen[1]), seen[1].value) == (napi.Thrown, 5)
    with pytest.raises(napi.Error) as raised:
        runtime.report_uncaught(error)
    assert raised.value is error


def test_capture_stack_trace():
    target = napi.Object(name="N", message="m")
    napi.Error.captureStackTrace(target)
    lines = target["stack"].splitlines()
    assert lines[0] == "N: m"
    assert "test_capture_stack_trace" in lines[1]
