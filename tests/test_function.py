"""Functions (function.c, method.c, call.c) and scripts (script.c)."""

import copy
import gc
import inspect
import pickle
import weakref

import pytest

import napi
from napi._native import shim


@pytest.fixture
def m(addon):
    return addon("function")


# === called from Python ===


def test_noop_gives_undefined(m):
    assert m.noop() is None
    assert m.noop(1, 2, 3) is None


def test_identity_keeps_the_object(m):
    value = object()
    assert m.identity(value) is value


def test_arguments_are_padded_and_counted(m):
    assert m.arguments() == [0, None, None, None]
    assert m.arguments(1, 2) == [2, 1, 2, None]
    assert m.arguments(1, 2, 3, 4, 5) == [5, 1, 2, 3]


def test_keywords_are_refused_by_name(m):
    with pytest.raises(TypeError, match=r"noop\(\) takes no keyword arguments"):
        m.noop(x=1)
    assert m.noop(**{}) is None


def test_exception_of_the_addon(m):
    with pytest.raises(napi.RangeError, match="failed on purpose") as info:
        m.fail()
    assert info.value.code == "E_FAIL"
    assert isinstance(info.value, ValueError)


def test_what_python_sees(m):
    assert m.noop.__name__ == m.noop.__qualname__ == "noop"
    assert m.noop.__doc__.startswith("noop(...): native function of function-")
    assert repr(m.noop) == "<napi.Function noop>"
    assert callable(m.noop)
    assert not inspect.ismethod(m.noop)
    assert type(m.noop) is napi.Function
    with pytest.raises(TypeError):
        napi.Function()
    assert pickle.loads(pickle.dumps(m.noop)) is m.noop  # by reference
    assert copy.copy(m.noop) is m.noop


def test_javascript_properties(m):
    function = m.make("given", 7)
    assert function() == 7
    assert function.name == "given"
    assert function.length == 0
    assert shim.get(function.prototype, "constructor") is function
    assert m.make(None, 8).name == ""
    assert repr(m.make(None, 8)) == "<napi.Function (anonymous)>"


def test_own_properties_are_attributes(m):
    function = m.make("f", 1)
    function.note = "here"
    assert function.note == "here"
    assert shim.get(function, "note") == "here"
    del function.note
    with pytest.raises(AttributeError, match="note"):
        _ = function.note
    with pytest.raises(AttributeError):
        del function.note


def test_own_property_hides_a_method_of_the_type(m):
    function = m.make("f", 1)
    function.call = "mine"
    assert function.call == "mine"
    del function.call
    assert function.call() == 1


def test_name_is_read_only(m):
    with pytest.raises(napi.TypeError, match="read only property 'name'"):
        m.noop.name = "other"


def test_function_on_a_python_class_does_not_bind(m):
    class Holder:
        arguments = m.arguments

    assert Holder().arguments("only")[:2] == [1, "only"]


# === this ===


def test_plain_call_has_global_this(m):
    assert m.receiver() is napi.globalThis


@pytest.mark.parametrize("value", [None, napi.null])
def test_undefined_and_null_become_global(m, value):
    assert m.receiver.call(value) is napi.globalThis
    assert m.call(m.receiver, value) is napi.globalThis


@pytest.mark.parametrize("value", [5, "text", True, 1.5])
def test_primitives_are_boxed(m, value):
    box = m.receiver.call(value)
    assert shim.typeof(box) == "object"
    assert m.call(m.receiver, value) is not value


@pytest.mark.parametrize("value", [[], {}, object(), lambda: 1, Exception("x")])
def test_objects_are_this_as_they_are(m, value):
    assert m.receiver.call(value) is value
    assert m.receiver.apply(value) is value
    assert m.receiver.bind(value)() is value
    assert m.call(m.receiver, value) is value


def test_method_of_an_object_has_it_as_this(m):
    holder = napi.Object()
    holder["f"] = m.receiver
    assert holder.f() is holder


def test_apply(m):
    assert m.arguments.apply(None, (1, 2)) == [2, 1, 2, None]
    assert m.arguments.apply(None, None)[0] == 0
    assert m.arguments.apply(None, napi.null)[0] == 0
    assert m.arguments.apply(None, range(5))[0] == 5
    with pytest.raises(TypeError):
        m.arguments.apply(None, 5)
    with pytest.raises(TypeError, match="apply"):
        m.arguments.apply(None, (), ())


def test_call_and_bind_pass_arguments(m):
    assert m.arguments.call(None, 1, 2) == [2, 1, 2, None]
    assert m.arguments.call()[0] == 0
    assert m.arguments.bind(None, 1)(2) == [2, 1, 2, None]


def test_bound_function(m):
    this = napi.Object()
    bound = m.receiver.bind(this)
    assert bound.__self__ is this
    assert bound.__name__ == "receiver"
    assert bound == m.receiver.bind(this)
    assert hash(bound) == hash(m.receiver.bind(this))
    assert bound != m.receiver.bind(napi.Object())
    assert m.call(bound, napi.Object()) is this
    assert "receiver of" in repr(bound)
    with pytest.raises(TypeError, match="no keyword"):
        bound(x=1)


# === called by the addon ===


def test_python_callable_gets_all_arguments_and_no_this(m):
    assert m.call(lambda *a: a, "this", 1, 2) == (1, 2)
    assert m.call(max, None, 1, 5, 3) == 5
    assert m.call(lambda *a: len(a), None, *range(10)) == 10
    with pytest.raises(TypeError, match="positional argument"):
        m.call(lambda: 1, None, 1)


def test_bound_method_of_python(m):
    values = []
    m.call(values.append, None, 3)
    assert values == [3]


def test_exception_keeps_its_identity(m):
    error = KeyError("mine")

    def raises():
        raise error

    with pytest.raises(KeyError) as info:
        m.call(raises, None)
    assert info.value is error


def test_napi_method_gets_this_first(m):
    @napi.method
    def method(this, *args, key=None):
        """Says what it got."""
        return this, args, key

    this = napi.Object()
    assert m.call(method, this, 1, 2) == (this, (1, 2), None)
    assert m.call(method, None) == (None, (), None)
    assert m.call(method, 5) == (5, (), None)
    assert method(this, 1, key=2) == (this, (1,), 2)
    assert method.__name__ == "method"
    assert method.__doc__ == "Says what it got."
    assert method.__wrapped__ is method.__func__
    many = tuple(range(10))
    assert m.call(method, this, *many) == (this, many, None)
    with pytest.raises(AttributeError):
        _ = method.__self__
    with pytest.raises(TypeError, match="needs a callable"):
        napi.method(5)


def test_napi_method_on_objects_and_classes(m):
    @napi.method
    def method(this, *args, **named):
        return this, args, named

    holder = napi.Object()
    holder["f"] = method
    assert holder.f(1, a=2) == (holder, (1,), {"a": 2})
    assert m.call(holder.f, None, 3) == (holder, (3,), {})

    class Python:
        f = method

    instance = Python()
    assert instance.f(1, a=2) == (instance, (1,), {"a": 2})
    assert Python.f is method
    assert m.call(instance.f, None, 3) == (instance, (3,), {})


def test_native_function_called_through_the_addon(m):
    assert m.call(m.identity, None, "x") == "x"
    assert m.call(m.call, None, m.identity, None, "y") == "y"


def test_recursion_is_a_range_error(m):
    with pytest.raises(napi.RangeError, match="Maximum call stack size exceeded"):
        m.recurse(m.recurse)
    assert m.identity(1) == 1


def test_recursion_through_python(m):
    def again(this):
        return m.call(again, None, this)

    with pytest.raises((napi.RangeError, RecursionError)):
        again(1)
    assert m.identity(1) == 1


# === new ===


def test_function_as_constructor(m):
    made = m.target.new("a")
    assert made["first"] == "a"
    assert made["target"] is m.target
    assert shim.get_prototype(made) is m.target.prototype
    assert shim.instanceof(made, m.target)
    assert m.target() == "no target"
    assert m.construct(m.target, "b")["first"] == "b"


def test_returned_object_replaces_this(m):
    value = napi.Object()
    assert m.replace.new(value) is value
    assert m.replace.new(5) != 5
    assert shim.get_prototype(m.replace.new(5)) is m.replace.prototype


def test_new_of_a_bound_function(m):
    made = m.construct(m.target.bind(napi.Object()), "c")
    assert made["first"] == "c"
    assert made["target"] is m.target


def test_new_of_a_python_class(m):
    class Point:
        def __init__(self, x):
            self.x = x

    assert m.construct(Point, 3).x == 3
    assert m.construct(dict) == {}


@pytest.mark.parametrize(
    "value", [lambda: 1, len, [].append, napi.method(lambda this: this)]
)
def test_new_of_what_is_no_constructor(m, value):
    status, error = m.attempt(value, True)
    assert status == 10
    assert isinstance(error, napi.TypeError)
    assert str(error).endswith("is not a constructor")


def test_exceptions_are_pending(m):
    status, error = m.attempt(m.fail, False)
    assert (status, error.code) == (10, "E_FAIL")
    assert m.attempt(m.fail, True)[0] == 10
    assert m.attempt(m.noop, False) == [0, None]


# === what is refused ===


def test_refusals(m):
    assert m.refusals() == [
        *[1] * 4,  # call_function: recv, func twice, argv
        1,  # an argument that is NULL
        1,  # env
        *[1] * 4,  # new_instance: constructor twice, argv, result
        *[1] * 3,  # create_function: cb, result, length
        *[1] * 2,  # get_cb_info
        *[1] * 2,  # get_new_target
        1,  # run_script: script
        3,  # no string
        1,  # result
    ]


def test_while_an_exception_is_pending(m, recorded_reports):
    assert m.while_pending() == [10, 10, 10, 0]


# === lifetime ===


def test_functions_die(m):
    function = m.make("f", 1)
    reference = weakref.ref(function)
    function.itself = function
    function.prototype.back = function
    del function
    gc.collect()
    assert reference() is None


def test_bound_functions_die_in_cycles(m):
    holder = napi.Object()
    holder["bound"] = m.receiver.bind(holder)
    reference = weakref.ref(holder)
    del holder
    gc.collect()
    assert reference() is None


# === scripts ===


@pytest.fixture
def evaluator():
    yield napi.set_script_evaluator
    napi.set_script_evaluator(None)


def test_scripts_run_without_an_evaluator(m):
    pytest.importorskip("esprima", reason="the extra napi[js] is not installed")
    assert m.run("[1, 2].map((one) => one + 1)") == [2, 3]
    status, error = m.run_failing("throw new RangeError('far')")
    assert status == 9
    assert isinstance(error, napi.RangeError)


def test_evaluator_gets_the_source_and_the_addon(m, evaluator):
    seen = []

    def evaluate(source, info):
        seen.append((source, info))
        return len(source)

    evaluator(evaluate)
    assert m.run("1 + 1") == 5
    ((source, info),) = seen
    assert source == "1 + 1"
    assert info["filename"].startswith("file://")
    assert info["version"] == 8


def test_evaluator_that_raises(m, evaluator):
    error = napi.SyntaxError("Unexpected token")

    def evaluate(source, info):
        raise error

    evaluator(evaluate)
    assert m.run_failing("(") == [9, error]


def test_evaluator_must_be_callable(evaluator):
    with pytest.raises(TypeError, match="callable or None"):
        evaluator(5)
