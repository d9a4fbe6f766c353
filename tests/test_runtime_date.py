"""napi.Date: ECMA-262's dates."""

import datetime
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import napi

UTC = datetime.timezone.utc


@pytest.fixture
def zone(monkeypatch):
    """zone(name): makes it the local time zone."""

    def choose(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield choose
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1970-01-01", 0),
        ("2020-02-29T12:30:15.123Z", 1582979415123),
        ("2020-02-29T12:30:15.1Z", 1582979415100),
        ("2020-02-29T12:30+02:00", 1582972200000),
        ("2020", 1577836800000),
        ("2020-03", 1583020800000),
        ("+275760-09-13T00:00:00.000Z", 8.64e15),
        ("-000001-01-01T00:00:00Z", -62198755200000),
        ("1970-01-01T24:00:00Z", 86400000),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 1000),
        ("Thu Jan 01 1970 01:00:00 GMT+0100 (CET)", 0),
        ("1 Jan 1970 00:00 UTC", 0),
        ("Jan 1, 1970 1:00 PM GMT", 46800000),
    ],
)
def test_parse(text, value):
    assert napi.Date.parse(text) == value
    assert napi.Date(text).getTime() == value


@pytest.mark.parametrize(
    "text",
    ["", "x", "2020-13-01", "2020-01-01T25:00Z", "-000000-01-01", "1e3"],
)
def test_parse_refuses(text):
    assert math.isnan(napi.Date.parse(text))


def test_local_time(zone):
    zone("Europe/Berlin")
    date = napi.Date(2021, 5, 15, 12, 30)
    assert date.toISOString() == "2021-06-15T10:30:00.000Z"
    assert date.getHours() == 12
    assert date.getTimezoneOffset() == -120
    assert napi.Date("2021-06-15T12:30").getTime() == date.getTime()
    assert date.toString() == "Tue Jun 15 2021 12:30:00 GMT+0200 (CEST)"
    assert date.toDateString() == "Tue Jun 15 2021"


def test_local_time_where_the_clock_jumps(zone):
    zone("Europe/Berlin")
    gap = napi.Date(2021, 2, 28, 2, 30)
    assert gap.toISOString() == "2021-03-28T01:30:00.000Z"
    overlap = napi.Date(2021, 9, 31, 2, 30)
    assert overlap.toISOString() == "2021-10-31T00:30:00.000Z"


def test_utc_zone_has_its_long_name(zone):
    zone("UTC")
    assert napi.Date(0).toString() == (
        "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)"
    )


def test_invalid_dates():
    date = napi.Date(math.nan)
    assert math.isnan(date.getTime())
    assert math.isnan(date.getFullYear())
    assert date.toString() == "Invalid Date"
    assert date.toJSON() is napi.null
    with pytest.raises(napi.RangeError, match="Invalid time value"):
        date.toISOString()
    with pytest.raises(ValueError, match="no datetime"):
        date.datetime()
    assert math.isnan(date.setHours(3))
    assert date.setUTCFullYear(2000) == 946684800000


@pytest.mark.parametrize(
    ("value", "kept"), [(8.64e15, 8.64e15), (1.9, 1), (-1.9, -1), (-0.5, 0)]
)
def test_time_clip(value, kept):
    assert napi.Date(value).getTime() == kept
    assert math.isnan(napi.Date(8.64e15 + 1).getTime())


def test_setters_take_what_follows():
    date = napi.Date(0)
    assert date.setUTCHours(1, 2, 3, 4) == 3723004
    assert date.setUTCMonth(12) == 31536000000 + 3723004
    assert math.isnan(date.setUTCDate())


def test_years_of_two_digits():
    assert napi.Date.UTC(70, 0) == 0
    assert napi.Date.UTC(99, 11, 31) == 946598400000


def test_a_number_is_an_int_where_it_can_be():
    assert type(napi.Date(5.0).getTime()) is int
    assert type(napi.Date.UTC(2000, 1)) is int


@given(st.integers(-62135596800000, 253402300799999))
def test_datetime_agrees(value):
    moment = napi.Date(value).datetime()
    assert moment == datetime.datetime(1970, 1, 1, tzinfo=UTC) + datetime.timedelta(
        milliseconds=value
    )
    assert napi.Date(moment).getTime() == value


@given(st.integers(-8640000000000000, 8640000000000000))
def test_iso_text_round_trips(value):
    date = napi.Date(value)
    assert napi.Date.parse(date.toISOString()) == value


@given(st.integers(-8640000000000, 8640000000000).map(lambda n: n * 1000))
def test_utc_text_round_trips(value):
    date = napi.Date(value)
    if 1000 <= date.getUTCFullYear() <= 9999:
        assert napi.Date.parse(date.toUTCString()) == value
