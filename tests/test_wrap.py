"""Wraps and type tags: napi/shim/wrap.c."""

import pytest
from test_finalizer import OBJECTS

import napi

PRIMITIVES = [1, 1.5, "s", True, None, napi.null, napi.Symbol("x"), napi.BigInt(3)]


@pytest.fixture
def m(addon):
    module = addon("finalizer", fresh=True)
    module.set_data()
    return module


@pytest.mark.parametrize("make", OBJECTS.values(), ids=OBJECTS)
def test_wrap_unwrap_remove(m, make):
    value = make()
    assert m.unwrap(value) == -1
    assert m.wrap(value, 42) == 0
    assert m.wrap(value, 43) == 1
    assert m.unwrap(value) == 42
    assert m.remove_wrap(value) == 42
    assert m.unwrap(value) == -1
    assert m.remove_wrap(value) == -1
    assert m.wrap(value, 44) == 0
    assert m.unwrap(value) == 44


def test_removed_wrap_is_not_finalized(m):
    value = napi.Object()
    m.wrap(value, 1)
    m.remove_wrap(value)
    del value
    assert m.take() == []


def test_wrap_is_finalized_with_its_object(m):
    value = napi.Object()
    m.wrap(value, 1)
    del value
    assert m.take() == [1]


def test_frozen_object_can_be_wrapped(m):
    from napi._native import shim

    value = napi.Object(a=1)
    shim.freeze(value)
    assert m.wrap(value, 1) == 0


@pytest.mark.parametrize("value", PRIMITIVES, ids=repr)
def test_primitive_cannot_be_wrapped(m, value):
    assert m.wrap(value, 1) == 1
    assert m.unwrap(value) == -1


def test_wrap_is_not_inherited(m):
    from napi._native import shim

    parent = napi.Object()
    m.wrap(parent, 1)
    assert m.unwrap(shim.create(parent)) == -1


def test_external_cannot_be_wrapped(m):
    assert m.wrap(m.external(1), 2) == 1


@pytest.mark.parametrize("make", OBJECTS.values(), ids=OBJECTS)
def test_type_tags(m, make):
    value = make()
    assert m.check(value, 5) is False
    assert m.tag(value, 5) == 0
    assert m.tag(value, 6) == 1
    assert m.check(value, 5) is True
    assert m.check(value, 6) is False


def test_tag_of_a_primitive_is_lost(m):
    assert m.tag(5, 1) == 0
    assert m.check(5, 1) is False


def test_tags_are_per_object(m):
    a, b = napi.Object(), napi.Object()
    m.tag(a, 1)
    assert m.check(b, 1) is False
