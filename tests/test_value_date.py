"""Dates in and out of C: napi/shim/value_date.c."""

import datetime
import math
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import napi

LIMIT = 8.64e15
UTC = datetime.timezone.utc


@pytest.fixture(scope="module")
def m(addon):
    return addon("value_date")


def clip(number):
    """TimeClip, ECMA-262 21.4.1.31."""
    return float(math.trunc(number)) if abs(number) <= LIMIT else math.nan


@given(st.floats() | st.floats(-9e15, 9e15) | st.integers(-(2**52), 2**52).map(float))
@example(1.9)
@example(-1.9)
@example(-0.5)
@example(LIMIT)
@example(LIMIT + 1)
@example(-LIMIT)
@example(math.nan)
@example(math.inf)
def test_created_date_is_clipped(m, number):
    date = m.create(number)
    assert type(date) is napi.Date
    expected = clip(number)
    found = m.value(date)
    assert found == expected or (found != found and expected != expected)
    assert repr(float(date.getTime())) == repr(expected + 0.0)
    assert m.is_date(date) is True


def test_created_date_is_like_any_other(m):
    date = m.create(1580472000000)
    assert date.toISOString() == "2020-01-31T12:00:00.000Z"
    assert repr(date) == repr(napi.Date(1580472000000))
    date.setTime(5)
    assert m.value(date) == 5


class Own(napi.Date):
    def getTime(self):
        raise AssertionError("the value is read from the inside")


def test_subclass_is_a_date(m):
    assert m.is_date(Own(7)) is True
    assert m.value(Own(7)) == 7


MOMENTS = st.datetimes(
    datetime.datetime(1, 1, 3),
    datetime.datetime(9999, 12, 29),
    timezones=st.timedeltas(
        datetime.timedelta(hours=-23), datetime.timedelta(hours=23)
    ).map(datetime.timezone),
)


@given(MOMENTS)
@example(datetime.datetime(1970, 1, 1, 0, 0, 1, 1000, tzinfo=UTC))
@example(datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
def test_aware_datetime_is_a_date(m, moment):
    assert m.is_date(moment) is True
    epoch = datetime.datetime(1970, 1, 1, tzinfo=UTC)
    assert m.value(moment) == (moment - epoch) // datetime.timedelta(milliseconds=1)


@pytest.fixture
def new_york(monkeypatch):
    monkeypatch.setenv("TZ", "EST5EDT,M3.2.0,M11.1.0")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_naive_datetime_is_local_time(m, new_york):
    assert m.value(datetime.datetime(1970, 1, 1)) == 5 * 3600_000
    assert m.value(datetime.datetime(2020, 7, 1)) == 1593576000000


class Moment(datetime.datetime):
    pass


def test_subclass_of_datetime_is_a_date(m):
    assert m.value(Moment(1970, 1, 2, tzinfo=UTC)) == 86_400_000


class Date:
    """Has the name, and nothing else."""

    __time__ = 5.0


OTHERS = [
    None,
    napi.null,
    5,
    1.5,
    "2020-01-01",
    {},
    [],
    napi.Object(__time__=5),
    datetime.date(2020, 1, 1),
    datetime.time(1),
    datetime.timedelta(1),
    Date(),
    napi.Date,
    datetime.datetime,
    object(),
]


@pytest.mark.parametrize("value", OTHERS, ids=repr)
def test_other_values_are_no_dates(m, value):
    assert m.is_date(value) is False
    assert m.value(value) == "status 18"


def test_question_imports_nothing(child, addon_path):
    child(
        "import sys, napi\n"
        "m = napi.load(sys.argv[1])\n"
        "before = set(sys.modules)\n"
        "class Plain: pass\n"
        "assert not m.is_date(Plain()) and not m.is_date({})\n"
        "new = set(sys.modules) - before\n"
        "assert not any('date' in name for name in new), new\n",
        addon_path("value_date"),
    )


def test_broken_date_raises(m):
    broken = napi.Date(5)
    del broken.__time__
    with pytest.raises(AttributeError):
        m.value(broken)
