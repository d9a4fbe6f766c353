"""Prototypes: napi/shim/prototype.c, prototype_type.c."""

import gc
import weakref

import pytest

import napi
from napi._native import shim

OK, GENERIC_FAILURE = 0, 9


@pytest.fixture(scope="module")
def m(addon):
    return addon("property")


class Point:
    def __init__(self, x=1):
        self.x = x

    def norm(self):
        return abs(self.x)


def test_prototypes_of_native_values(m):
    prototype = m.get_prototype(napi.Object())
    assert m.get_prototype({}) is prototype
    assert m.get_prototype(prototype) is napi.null
    assert m.get_prototype([]) is m.get_prototype(napi.Array())
    assert m.get_prototype(()) is m.get_prototype([])
    assert m.get_prototype(m.get_prototype([])) is prototype
    for one, other in ((1, 2.5), ("a", "b"), (len, Point), (len, m.get)):
        assert m.get_prototype(one) is m.get_prototype(other)
    for one in (5, "a", True, len, napi.BigInt(1), napi.Symbol()):
        assert m.get_prototype(m.get_prototype(one)) is prototype


def test_prototypes_of_python_classes(m):
    class Base:
        def hello(self):
            return "base"

    class Derived(Base):
        def hello(self):
            return "derived"

    one = Derived()
    prototype = m.get_prototype(one)
    assert m.get_prototype(Derived()) is prototype
    assert m.get(Derived, "prototype") is prototype
    assert m.get(prototype, "constructor") is Derived
    assert m.get_prototype(prototype) is m.get(Base, "prototype")
    assert m.get_prototype(Derived) is Base
    assert m.has_own(one, "hello") is False
    assert m.has_own(prototype, "hello") is True
    assert shim.call(m.get(prototype, "hello"), one) == "derived"
    m.set(m.get(Base, "prototype"), "added", 5)
    assert m.get(one, "added") == 5


def test_prototypes_of_errors(m):
    errors = m.get(napi.Error, "prototype")
    assert m.get_prototype(napi.Error("x")) is errors
    assert m.get_prototype(m.get_prototype(napi.RangeError("x"))) is errors
    assert m.get_prototype(m.get_prototype(ValueError("x"))) is errors
    assert m.get_prototype(errors) is m.get_prototype({})


def test_python_class_and_its_prototype_die_together(m):
    class Brief:
        pass

    m.get_prototype(Brief())
    reference = weakref.ref(Brief)
    del Brief
    gc.collect()
    assert reference() is None


def test_set_prototype(m):
    parent = napi.Object(a=1)
    child = napi.Object(b=2)
    assert m.set_prototype(child, parent) == OK
    assert m.get_prototype(child) is parent
    assert m.get(child, "a") == 1
    assert m.has_own(child, "a") is False
    assert m.has(child, "toString") is True
    parent["a"] = 3
    assert m.get(child, "a") == 3
    m.set(child, "a", 4)
    assert parent["a"] == 3
    assert m.set_prototype(child, napi.null) == OK
    assert m.has(child, "toString") is False


def test_set_prototype_refusals(m):
    child = napi.Object()
    parent = shim.create(child)
    assert m.set_prototype(child, parent) == GENERIC_FAILURE
    assert m.set_prototype(child, child) == GENERIC_FAILURE
    assert m.set_prototype(child, "no object") == OK
    assert m.set_prototype(child, None) == OK
    assert m.set_prototype(5, parent) == OK
    assert m.get_prototype(child) is m.get_prototype({})
    m.freeze(child)
    assert m.set_prototype(child, m.get_prototype(child)) == OK
    assert m.set_prototype(child, napi.Object()) == GENERIC_FAILURE
    assert m.set_prototype(m.get_prototype({}), napi.Object()) == GENERIC_FAILURE
    for target in ({}, []):
        with pytest.raises(TypeError, match=r"napi\."):
            m.set_prototype(target, parent)


def test_functions_have_a_prototype(m):
    prototype = m.get(m.nothing, "prototype")
    assert m.get(prototype, "constructor") is m.nothing
    assert m.get(m.nothing, "prototype") is prototype
    assert shim.own_property(m.nothing, "prototype")["enumerable"] is False
    assert shim.get_prototype(shim.construct(m.nothing)) is prototype
    assert shim.get(m.nothing, "name") == "nothing"
    assert shim.get(m.nothing, "length") == 0


@pytest.mark.parametrize(
    "how", ["set(it, 'constructor', 5)", "setattr(it, 'constructor', 5)"]
)
def test_an_instance_without_a_prototype_has_a_constructor_as_any_object(
    child, addon_path, how
):
    """Python's attribute of that name asks the property, and must not be asked."""
    code = f"""
import sys, napi
from napi._native import shim
set = shim.set
it = napi.load(sys.argv[1]).Counter()
shim.set_prototype(it, napi.null)
{how}
print(shim.get(it, "constructor"), it.constructor, shim.own_keys(it))
"""
    assert child(code, addon_path("class")).stdout == "5 5 ['constructor']\n"
