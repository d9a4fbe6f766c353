"""What values are, and whether two are the same: napi/shim/value_compare.c."""

import abc
import asyncio
import collections.abc
import copy
import decimal
import enum
import math
import pickle

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import napi


@pytest.fixture(scope="module")
def m(addon):
    return addon("value_compare")


class Callable:
    def __call__(self):
        return None


class Plain:
    pass


class Size(enum.IntEnum):
    SMALL = 1


TYPES = [
    (None, "undefined"),
    (napi.null, "null"),
    (True, "boolean"),
    (np.bool_(False), "boolean"),
    (0, "number"),
    (2**53 - 1, "number"),
    (-(2**53) + 1, "number"),
    (1.5, "number"),
    (math.nan, "number"),
    (np.int8(1), "number"),
    (np.float32(1), "number"),
    (np.float64(1), "number"),
    (decimal.Decimal(1), "number"),
    (Size.SMALL, "number"),
    (2**53, "bigint"),
    (-(2**53), "bigint"),
    (10**100, "bigint"),
    (napi.BigInt(0), "bigint"),
    (np.int64(2**60), "bigint"),
    ("", "string"),
    ("x", "string"),
    (np.str_("x"), "string"),
    (napi.Symbol("x"), "symbol"),
    (napi.Symbol.iterator, "symbol"),
    ({}, "object"),
    ([], "object"),
    ((), "object"),
    (b"", "object"),
    (bytearray(), "object"),
    (set(), "object"),
    (1j, "object"),
    (range(3), "object"),
    (object(), "object"),
    (Plain(), "object"),
    (ValueError(), "object"),
    (np.array([1]), "object"),
    (np.array(1), "object"),
    (napi.Object(), "object"),
    (napi.Array(), "object"),
    (napi.Date(0), "object"),
    (napi.Map(), "object"),
    (napi.Promise(), "object"),
    (napi.ArrayBuffer(1), "object"),
    (napi.Buffer(b"x"), "object"),
    (len, "function"),
    (lambda: None, "function"),
    (Plain, "function"),
    (int, "function"),
    (Callable(), "function"),
    ("x".upper, "function"),
    (napi.Error, "function"),
]


@pytest.mark.parametrize(("value", "expected"), TYPES, ids=repr)
def test_typeof(m, value, expected):
    assert m.type_of(value) == expected


def test_typeof_of_what_addons_make(m):
    assert m.type_of(m.nothing) == "function"
    made = m.make_class(None, None)
    assert m.type_of(made) == "function"
    assert m.type_of(made()) == "object"


def test_typeof_of_an_instance_does_not_ask_its_python_code(m):
    class Weird(m.make_class(None, None)):
        def __float__(self):
            raise AssertionError

        def __add__(self, other):
            raise AssertionError

    assert m.type_of(Weird()) == "object"


NUMBERS = (
    st.floats()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.integers(-3, 3)
    | st.sampled_from([0.0, -0.0, 1.0, math.nan, math.inf])
)


@given(NUMBERS, NUMBERS)
@example(0.0, -0.0)
@example(0, -0.0)
@example(1, 1.0)
@example(math.nan, math.nan)
def test_numbers_equal_by_value(m, a, b):
    assert m.strict_equals(a, b) is (float(a) == float(b))
    assert m.strict_equals(a, a) is (a == a)


@given(st.integers(-(2**70), 2**70), st.integers(-(2**70), 2**70))
@example(2**60, 2**60)
def test_bigints_equal_by_value(m, a, b):
    assert m.strict_equals(napi.BigInt(a), napi.BigInt(b)) is (a == b)
    assert m.strict_equals(napi.BigInt(a), napi.BigInt(a)) is True
    assert m.strict_equals(napi.BigInt(a), a) is (abs(a) > 2**53 - 1)


def test_foreign_numbers_equal_by_value(m):
    assert m.strict_equals(np.int8(5), 5) is True
    assert m.strict_equals(np.float32(0.5), 0.5) is True
    assert m.strict_equals(np.int64(2**60), napi.BigInt(2**60)) is True
    assert m.strict_equals(np.float64("nan"), np.float64("nan")) is False
    value = np.float64("nan")
    assert m.strict_equals(value, value) is False
    assert m.strict_equals(np.bool_(True), True) is True
    assert m.strict_equals(np.bool_(True), 1) is False


UNITS = st.lists(
    st.sampled_from(["a", "é", "€", "\ud83d", "\ude00", "😀", "\U0001f601"]),
    max_size=5,
).map("".join)


@given(UNITS, UNITS)
@example("😀", "\ud83d\ude00")
@example("a😀\ud83d\ude00", "a\ud83d\ude00😀")
@example("\ud83d😀", "\ud83d\ud83d\ude00")
@example("😀\ude00", "\ud83d\ude00\ude00")
@example("\ude00😀", "\ude00")
def test_strings_equal_by_units(m, a, b):
    def units(text):
        return text.encode("utf-16-le", "surrogatepass")

    assert m.strict_equals(a, b) is (units(a) == units(b))


SAMPLES = [None, napi.null, True, False, 0, 1, "", "1", napi.BigInt(1), [], {}, len]


@pytest.mark.parametrize("a", SAMPLES, ids=repr)
@pytest.mark.parametrize("b", SAMPLES, ids=repr)
def test_different_types_are_never_equal(m, a, b):
    assert m.strict_equals(a, b) is (a is b)


def test_objects_are_equal_by_identity_only(m):
    class Equal:
        __hash__ = None

        def __eq__(self, other):
            return True

    assert m.strict_equals(Equal(), Equal()) is False
    assert m.strict_equals([1], [1]) is False
    value = Equal()
    assert m.strict_equals(value, value) is True
    assert m.strict_equals(napi.Symbol("a"), napi.Symbol("a")) is False
    assert m.strict_equals(napi.Symbol.for_("a"), napi.Symbol.for_("a")) is True


class Shape(abc.ABC):  # noqa: B024 - only registered with
    pass


@Shape.register
class Circle:
    pass


def test_instance_of_python_types(m):
    assert m.instance(Plain(), Plain) is True
    assert m.instance(Plain(), Callable) is False
    assert m.instance(Circle(), Shape) is True
    assert m.instance({}, collections.abc.Mapping) is True
    assert m.instance(ValueError(), Exception) is True
    assert m.instance(1, int) is False
    assert m.instance("x", str) is False


def test_instance_of_python_metaclass(m):
    class Meta(type):
        def __instancecheck__(cls, value):
            return value == "yes" or hasattr(value, "yes")

    class Ducks(metaclass=Meta):
        pass

    duck = Plain()
    assert m.instance(duck, Ducks) is False
    duck.yes = 1
    assert m.instance(duck, Ducks) is True


def test_exception_of_instancecheck_is_pending(m):
    class Meta(type):
        def __instancecheck__(cls, value):
            raise LookupError("no")

    class Broken(metaclass=Meta):
        pass

    assert m.instance(Plain(), Broken) == 9
    with pytest.raises(LookupError, match="no"):
        m.instance(Plain(), Broken, True)


def test_instance_of_addon_class_and_its_subclass(m):
    made = m.make_class(None, None)

    class Sub(made):
        pass

    assert m.instance(made(), made) is True
    assert m.instance(Sub(), made) is True
    assert m.instance(made(), Sub) is False
    assert m.instance(Plain(), made) is False
    assert m.instance(napi.Object(), made) is False


def test_instance_of_native_function(m):
    assert m.instance(m.nothing.new(), m.nothing) is True
    assert m.instance(napi.Object(), m.nothing) is False


def test_prototype_chain_counts(m):
    from napi._native import shim

    made = m.make_class(None, None)
    value = shim.create(shim.get(made, "prototype"))
    assert m.instance(value, made) is True
    other = shim.create(shim.get(m.nothing, "prototype"))
    assert m.instance(other, m.nothing) is True


CONSTRUCTORS = [
    ("Object", {}, 1),
    ("Object", Plain(), 1),
    ("Array", [], {}),
    ("Array", (), {}),
    ("Function", len, {}),
    ("Date", napi.Date(0), {}),
    ("Error", ValueError(), {}),
    ("Error", napi.Error("x"), "x"),
    ("TypeError", TypeError(), ValueError()),
    ("TypeError", napi.TypeError("x"), napi.Error("x")),
    ("RangeError", napi.RangeError("x"), napi.TypeError("x")),
    ("Map", napi.Map(), {}),
    ("Set", {1}, []),
    ("Promise", napi.Promise(), {}),
    ("ArrayBuffer", napi.ArrayBuffer(1), []),
    ("Uint8Array", b"x", []),
    ("Uint8Array", napi.Uint8Array(1), napi.Int8Array(1)),
]


@pytest.mark.parametrize(
    ("name", "member", "stranger"), CONSTRUCTORS, ids=[c[0] for c in CONSTRUCTORS]
)
def test_instance_of_constructors_of_global_this(m, name, member, stranger):
    constructor = napi.globalThis[name]
    assert m.instance(member, constructor) is True
    assert m.instance(stranger, constructor) is False


@pytest.mark.parametrize("static", [True, 0, "yes", None])
def test_static_has_instance_decides(m, static):
    made = m.make_class(napi.Symbol.hasInstance, lambda *_: static)

    class Sub(made):
        pass

    assert m.instance(5, made) is bool(static)
    assert m.instance(Plain(), made) is bool(static)
    assert m.instance(Plain(), Sub) is bool(static)


@pytest.mark.parametrize("constructor", [{}, [], 5, "x", True, napi.Object()], ids=repr)
def test_constructor_must_be_a_function(m, constructor):
    assert m.instance({}, constructor) == 5
    with pytest.raises(TypeError, match="^Constructor must be a function$") as info:
        m.instance({}, constructor, True)
    assert info.value.code == "ERR_NAPI_CONS_FUNCTION"


@pytest.mark.parametrize("constructor", [None, napi.null], ids=repr)
def test_constructor_must_be_there(m, constructor):
    assert m.instance({}, constructor) == 2
    with pytest.raises(TypeError, match="undefined or null to object"):
        m.instance({}, constructor, True)


def test_prototype_must_be_an_object(m):
    from napi._native import shim

    def constructor():
        pass

    shim.set(constructor, "prototype", None)
    assert m.instance({}, constructor) == 9
    message = "^Function has non-object prototype 'undefined' in instanceof check$"
    with pytest.raises(TypeError, match=message):
        m.instance({}, constructor, True)


@pytest.mark.parametrize("value", [ValueError(), napi.Error("x"), KeyboardInterrupt()])
def test_exceptions_are_errors(m, value):
    assert m.is_error(value) is True


@pytest.mark.parametrize("value", [ValueError, "x", None, napi.Object(), 1], ids=repr)
def test_other_values_are_no_errors(m, value):
    assert m.is_error(value) is False


def test_awaitables_are_promises(m):
    async def coroutine():
        return 1

    class Awaitable:
        def __await__(self):
            yield

    running = coroutine()
    loop = asyncio.new_event_loop()
    try:
        for value in (napi.Promise(), running, Awaitable(), loop.create_future()):
            assert m.is_promise(value) is True
    finally:
        running.close()
        loop.close()


@pytest.mark.parametrize(
    "value", ["x", 1, None, {}, napi.Object(then=len), iter([]), Plain()], ids=repr
)
def test_other_values_are_no_promises(m, value):
    assert m.is_promise(value) is False


def test_singletons(m):
    undefined, null, true, false, global_this = m.singletons()
    assert undefined is None
    assert null is napi.null
    assert true is True
    assert false is False
    assert global_this is napi.globalThis


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), (False, False), (np.bool_(True), True), (np.bool_(False), False)],
)
def test_booleans_are_read(m, value, expected):
    assert m.get_bool(value) is expected


@pytest.mark.parametrize("value", [0, 1, None, napi.null, "", "true", [], {}], ids=repr)
def test_other_values_are_no_booleans(m, value):
    status = m.get_bool(value)
    assert status == 7
    assert type(status) is int


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_null_pickles_as_itself(protocol):
    assert pickle.loads(pickle.dumps(napi.null, protocol)) is napi.null


def test_null_is_one_false_value():
    assert not napi.null
    assert repr(napi.null) == "null"
    assert napi.null is not None
    assert napi.null != None  # noqa: E711
    assert type(napi.null)() is napi.null
    assert copy.copy(napi.null) is copy.deepcopy(napi.null) is napi.null
    assert {napi.null: 1}[napi.null] == 1
    with pytest.raises(TypeError):
        type("Sub", (type(napi.null),), {})
