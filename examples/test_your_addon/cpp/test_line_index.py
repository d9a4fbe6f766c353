"""Tests of an addon with node-addon-api: `napi add`, then `pytest`."""

import math

import pytest

import napi

TEXT = "one\ntwo\n\nfour"


@pytest.fixture
def line_index(addon):
    return addon(".")  # the binding.gyp of this directory


def test_lines_are_found_by_number(line_index):
    index = line_index.LineIndex(TEXT)
    assert index.length == 4
    assert [index.line(number) for number in range(4)] == TEXT.split("\n")


@pytest.mark.parametrize("number", [-1, 4, 1e300, math.nan, math.inf])
def test_beyond_the_last_line_is_a_range_error(line_index, number):
    with pytest.raises(napi.RangeError, match="there is no such line"):
        line_index.LineIndex(TEXT).line(number)


@pytest.mark.parametrize("wrong", [None, 1, b"bytes", []])
def test_a_text_is_a_string(line_index, wrong):
    with pytest.raises(TypeError, match="text has to be a string"):
        line_index.LineIndex(wrong)


def test_the_predicate_is_a_python_function(line_index):
    index = line_index.LineIndex(TEXT)
    assert index.find(lambda line: line.startswith("t")) == "two"
    assert index.find(lambda line: False) is None


def test_what_the_predicate_raises_comes_through(line_index, leakcheck):
    index = line_index.LineIndex(TEXT)
    with pytest.raises(ZeroDivisionError):
        index.find(lambda line: 1 // len(line) > 9)
    del index


def test_an_object_goes_with_its_last_reference(line_index, leakcheck):
    for _ in range(10):
        line_index.LineIndex(TEXT)
