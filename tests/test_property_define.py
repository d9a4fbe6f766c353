"""Defining, freezing, sealing: napi/shim/property_define.c, property_freeze.c."""

from types import MappingProxyType

import pytest

import napi
from napi._native import shim

WRITABLE, ENUMERABLE, CONFIGURABLE = 1, 2, 4
PLAIN = WRITABLE | ENUMERABLE | CONFIGURABLE
OK, INVALID_ARG, GENERIC_FAILURE = 0, 1, 9


@pytest.fixture(scope="module")
def m(addon):
    return addon("property")


class Point:
    def __init__(self, x=1):
        self.x = x

    def norm(self):
        return abs(self.x)


def accessor(target, key="x", **fields):
    shim.define(
        target,
        key,
        get=napi.method(lambda this: this),
        enumerable=True,
        configurable=True,
        **fields,
    )
    return target


def test_define_value_attributes(m):
    target = napi.Object()
    assert m.define(target, "hidden", "value", 0, 1) == OK
    assert m.define(target, "plain", "value", PLAIN, 2) == OK
    assert list(target) == ["plain"]
    assert shim.own_keys(target) == ["hidden", "plain"]
    assert shim.own_property(target, "hidden") == {
        "value": 1,
        "writable": False,
        "enumerable": False,
        "configurable": False,
    }
    assert dict.get(target, "hidden") is None
    assert target["hidden"] == target.hidden == 1


def test_define_method(m):
    target = napi.Object()
    assert m.define(target, "method", "method", 0) == OK
    assert target.method() is target
    assert m.get(target, "method").__name__ == ""
    assert shim.own_property(target, "method")["writable"] is False


def test_define_on_frozen(m):
    target = napi.Object(a=1)
    m.freeze(target)
    assert m.define(target, "x", "value", PLAIN, 1) == INVALID_ARG
    assert m.define(target, "x", "getter", 0) == INVALID_ARG
    assert m.define(target, "x", "method", 0) == GENERIC_FAILURE
    assert m.define(target, "a", "value", ENUMERABLE, 1) == OK
    assert m.define(target, "a", "value", ENUMERABLE, 2) == INVALID_ARG


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        (dict(value=1), dict(value=1), True),
        (dict(value=1), dict(value=2), False),
        (dict(value=1.5), dict(value=1.5), True),
        (dict(value=float("nan")), dict(value=float("nan")), True),
        (dict(value=0), dict(value=-0.0), False),
        (dict(value="ab"), dict(value="".join("ab")), True),
        (dict(value=1), dict(), True),
        (dict(value=1), dict(enumerable=True), False),
        (dict(value=1), dict(configurable=True), False),
        (dict(value=1), dict(writable=True), False),
        (dict(value=1, writable=True), dict(value=2), True),
        (dict(value=1, writable=True), dict(writable=False), True),
        (dict(value=1), dict(get=len), False),
        (dict(get=len), dict(value=1), False),
        (dict(get=len), dict(get=len), True),
        (dict(get=len), dict(get=repr), False),
        (dict(get=len), dict(set=repr), False),
        (dict(get=len, configurable=True), dict(value=1), True),
        (dict(value=1, configurable=True), dict(get=len), True),
    ],
    ids=repr,
)
def test_redefine(old, new, allowed):
    target = napi.Object()
    assert shim.define(target, "x", **old) is True
    assert shim.define(target, "x", **new) is allowed
    found = shim.own_property(target, "x")
    expected = {**old, **new} if allowed else old
    for name, value in expected.items():
        if name in found and value == value:
            assert found[name] == value


def test_redefine_keeps_what_is_not_said():
    target = napi.Object(x=1)
    shim.define(target, "x", enumerable=False)
    assert shim.own_property(target, "x") == {
        "value": 1,
        "writable": True,
        "enumerable": False,
        "configurable": True,
    }
    assert list(target) == []
    shim.define(target, "x", get=len)
    assert shim.own_property(target, "x") == {
        "get": len,
        "set": None,
        "enumerable": False,
        "configurable": True,
    }
    shim.define(target, "x", value=3, writable=True, enumerable=True)
    assert dict.__getitem__(target, "x") == 3


@pytest.mark.parametrize("what", ["getter", "method", "value"])
def test_native_containers_refuse_special_properties(m, what):
    for target, remedy in (({}, "Object"), ([], "Array")):
        with pytest.raises(TypeError, match=rf"napi\.{remedy}"):
            m.define(target, "x", what, 0, 1)
        assert not target
    assert m.define({}, "x", "value", PLAIN, 1) == OK
    proxy = MappingProxyType({})
    assert m.define(proxy, "x", "value", 0, 1) == INVALID_ARG
    assert m.define(proxy, "x", "method", 0, 1) == GENERIC_FAILURE


def test_special_properties_of_other_objects(m):
    for target in (Point(), Point, Point().norm.__func__, ValueError(), napi.Array()):
        assert m.define(target, "special", "getter", CONFIGURABLE) == OK
        assert m.get(target, "special") is target
        assert m.has_own(target, "special") is True
        assert m.delete_key(target, "special") is True
        assert m.has(target, "special") is False


def test_define_on_primitive_is_lost(m):
    for value in (5, "text", True, napi.Symbol()):
        assert m.define(value, "x", "value", 0, 1) == OK
        assert m.get(value, "x") is None


def test_property_objects_are_read_only():
    prototype = shim.get_prototype(napi.Object())
    assert shim.has_own(prototype, "toString")
    with pytest.raises(TypeError):
        shim.Property()


# === integrity ===


def test_freeze(m):
    target = accessor(napi.Object(a=1))
    m.define(target, "hidden", "value", WRITABLE | CONFIGURABLE, 1)
    assert m.freeze(target) == OK
    assert shim.is_frozen(target) is True
    assert shim.is_sealed(target) is True
    assert shim.is_extensible(target) is False
    for key in ("a", "hidden", "x"):
        assert m.delete_key(target, key) is False
        assert shim.own_property(target, key).get("writable") in (False, None)
    m.set(target, "hidden", 2)
    assert m.get(target, "hidden") == 1


def test_seal(m):
    target = napi.Object(a=1)
    assert m.seal(target) == OK
    m.set(target, "a", 2)
    m.set(target, "b", 2)
    assert target == {"a": 2}
    assert m.delete_key(target, "a") is False
    assert (shim.is_sealed(target), shim.is_frozen(target)) == (True, False)


def test_prevent_extensions(m):
    target = napi.Object(a=1)
    assert shim.prevent_extensions(target) is True
    m.set(target, "b", 2)
    assert m.delete_key(target, "a") is True
    assert target == {}
    assert (shim.is_sealed(target), shim.is_frozen(target)) == (True, True)


def test_freeze_array(m):
    array = napi.Array([1, 2])
    assert m.freeze(array) == OK
    m.set_element(array, 0, 5)
    m.set_element(array, 2, 5)
    m.set_named(array, "length", 0)
    assert array == [1, 2]
    assert m.delete_element(array, 0) is False
    assert shim.is_frozen(array) is True


@pytest.mark.parametrize("close", ["freeze", "seal"])
def test_native_containers_cannot_be_closed(m, close):
    for target, remedy in (({}, "Object"), ([], "Array")):
        with pytest.raises(TypeError, match=rf"napi\.{remedy}"):
            getattr(m, close)(target)
    for target in ((), 5, "text", True):
        assert getattr(m, close)(target) == OK
        assert shim.is_frozen(target) is True


def test_views_with_elements_cannot_be_closed(m):
    with pytest.raises(
        TypeError, match="Cannot freeze array buffer views with elements"
    ):
        m.freeze(bytearray(b"ab"))
    with pytest.raises(TypeError, match="Cannot seal array buffer views with elements"):
        m.seal(bytearray(b"ab"))
    assert m.freeze(bytearray()) == OK


def test_frozen_python_object(m):
    point = Point()
    assert m.freeze(point) == OK
    m.set(point, "x", 5)
    m.set(point, "y", 5)
    assert vars(point) == {"x": 1}
    assert m.delete_key(point, "x") is False
    assert shim.is_frozen(point) is True
