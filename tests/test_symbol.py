"""Symbols: napi/shim/symbol.c."""

import gc
import weakref

import pytest

import napi

NAMES = [
    "asyncIterator",
    "hasInstance",
    "isConcatSpreadable",
    "iterator",
    "match",
    "matchAll",
    "replace",
    "search",
    "species",
    "split",
    "toPrimitive",
    "toStringTag",
    "unscopables",
]


@pytest.fixture(scope="module")
def m(addon):
    return addon("symbol", version=9)


def test_created_with_a_description(m):
    symbol = m.create("text")
    assert type(symbol) is napi.Symbol
    assert symbol.description == "text"
    assert repr(symbol) == "Symbol(text)"
    assert m.create("text") != symbol


def test_created_without_a_description(m):
    symbol = m.create_plain()
    assert symbol.description is None
    assert repr(symbol) == "Symbol()"
    assert m.create("").description == ""


@pytest.mark.parametrize(
    "value", [None, 5, napi.null, b"x", napi.Symbol("x")], ids=repr
)
def test_description_must_be_a_string(m, value):
    assert m.create(value) == 3


@pytest.mark.parametrize("key", ["key", "", "naïve", "a\0b", "😀"])
def test_registry(m, key):
    symbol = m.symbol_for(key)
    assert symbol is m.symbol_for(key)
    assert symbol is napi.Symbol.for_(key)
    assert symbol.description == key
    assert napi.Symbol.key_for(symbol) == key
    assert m.create(key) is not symbol


def test_registry_of_nothing(m):
    assert m.symbol_for_nothing() is napi.Symbol.for_("")
    assert list(m.refused()) == [1, 1, 1]


def test_only_registered_symbols_have_a_key(m):
    assert napi.Symbol.key_for(m.create("x")) is None
    assert napi.Symbol.key_for(napi.Symbol.iterator) is None
    with pytest.raises(TypeError, match="key_for"):
        napi.Symbol.key_for("x")
    with pytest.raises(TypeError, match="for_"):
        napi.Symbol.for_(5)


@pytest.mark.parametrize("name", NAMES)
def test_well_known_symbols(name):
    from napi._native import shim

    symbol = getattr(napi.Symbol, name)
    assert symbol.description == f"Symbol.{name}"
    assert napi.Symbol.key_for(symbol) is None
    assert symbol is not napi.Symbol.for_(f"Symbol.{name}")
    assert shim.get(napi.globalThis["Symbol"], name) is symbol


def test_made_in_python():
    assert napi.Symbol("x").description == "x"
    assert napi.Symbol().description is None
    with pytest.raises(TypeError, match="str"):
        napi.Symbol(5)
    with pytest.raises(TypeError):
        type("Sub", (napi.Symbol,), {})


def test_a_key_like_no_other(m):
    a, b = m.create("same"), m.create("same")
    value = m.set(m.set(m.set(napi.Object(), a, 1), b, 2), "same", 3)
    assert [m.get(value, key) for key in (a, b, "same")] == [1, 2, 3]
    assert list(value) == ["same"]


def test_symbol_dies_with_its_last_reference(m):
    symbol = m.create("x")
    watch = weakref.ref(symbol)
    del symbol
    gc.collect()
    assert watch() is None


def test_registered_symbol_lives_on(m):
    watch = weakref.ref(m.symbol_for("kept for good"))
    gc.collect()
    assert watch() is napi.Symbol.for_("kept for good")
