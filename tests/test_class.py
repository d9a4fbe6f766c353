"""Classes that addons define (class.c, class_define.c, construct.c, instance.c)."""

import collections.abc
import gc
import inspect
import pickle
import pydoc
import weakref

import pytest

import napi
from napi._native import shim


@pytest.fixture
def m(addon):
    return addon("class")


@pytest.fixture
def Counter(m):
    return m.Counter


# === a Python type ===


def test_it_is_a_type(Counter):
    assert isinstance(Counter, type)
    assert type(Counter) is napi.Class
    assert issubclass(Counter, napi.Instance)
    assert repr(Counter) == "<class 'napi.Counter'>"
    assert Counter.__name__ == "Counter"
    assert Counter.__doc__.startswith("Counter(...): native class of class-")
    assert isinstance(Counter(), Counter)
    assert repr(Counter()).startswith("<napi.Counter object at 0x")


def test_help_and_dir(Counter):
    text = pydoc.render_doc(Counter, renderer=pydoc.plaintext)
    for name in ("increment", "value", "answer", "limit"):
        assert name in text
        assert name in dir(Counter)
        assert name in dir(Counter())
    assert "not an identifier" in dir(Counter)
    assert inspect.isclass(Counter)


def test_constructor_properties(m, Counter):
    assert Counter.name == "Counter"
    assert Counter.length == 0
    assert shim.get(Counter.prototype, "constructor") is Counter
    assert Counter().constructor is Counter
    assert m.own_names(Counter) == [
        "length",
        "name",
        "prototype",
        "both",
        "me",
        "limit",
        "free",
        "alive",
    ]
    assert m.own_names(Counter.prototype) == [
        "increment",
        "fixed",
        "value",
        "self",
        "answer",
        "not an identifier",
        "both",
        "__init__",
        "constructor",
    ]


# === instances ===


def test_methods_and_accessors(Counter):
    counter = Counter(5)
    assert counter.increment() == 6
    assert counter.increment(10) == 16
    assert counter.value == 16
    counter.value = 1.5
    assert counter.value == 1.5
    assert counter.self is counter
    assert counter.answer == 42
    assert getattr(counter, "not an identifier")() is counter
    assert Counter.increment(counter) == 2.5


def test_bound_method(Counter):
    counter = Counter(1)
    bound = counter.increment
    assert bound.__self__ is counter
    assert bound() == 2
    assert bound.__name__ == "increment"
    assert Counter.increment.__qualname__.endswith("Counter.increment")


def test_method_call_from_many_places(Counter):
    counters = [Counter(i) for i in range(50)]
    for _ in range(50):
        assert [c.increment(0) for c in counters] == list(range(50))
        assert [c.value for c in counters] == list(range(50))


@pytest.mark.parametrize("wrong", [None, 5, {}, object(), napi.Object()])
def test_illegal_invocation(m, Counter, wrong):
    with pytest.raises(napi.TypeError, match="^Illegal invocation$"):
        Counter.increment(wrong)
    with pytest.raises(napi.TypeError, match="^Illegal invocation$"):
        m.call(m.get(Counter.prototype, "increment"), wrong)


def test_illegal_invocation_without_this(Counter):
    with pytest.raises(napi.TypeError, match="^Illegal invocation$"):
        Counter.increment()


def test_derived_object_is_no_receiver(m, Counter):
    derived = napi.globalThis["Object"].create(Counter.prototype)
    with pytest.raises(napi.TypeError, match="^Illegal invocation$"):
        m.call(m.get(Counter.prototype, "increment"), derived)


def test_accessors_do_not_check(Counter):
    other = napi.Object()
    accessor = Counter.__dict__["self"]
    assert accessor.fget.call(other) is other
    assert accessor.__name__ == "self"
    assert "self" in accessor.__doc__
    assert accessor.fset is None
    assert Counter.self is accessor


def test_assignments_that_are_refused(Counter):
    counter = Counter()
    with pytest.raises(
        napi.TypeError,
        match="^Cannot assign to read only property 'fixed' of object '#<Counter>'$",
    ):
        counter.fixed = 1
    with pytest.raises(
        napi.TypeError,
        match="^Cannot set property self of #<Counter> which has only a getter$",
    ):
        counter.self = 1
    with pytest.raises(AttributeError):
        del counter.value
    with pytest.raises(AttributeError):
        del counter.nothing


def test_own_data_properties(m, Counter):
    counter = Counter()
    counter.note = 1
    assert m.get(counter, "note") == 1
    m.set(counter, "other", 2)
    assert counter.other == 2
    assert vars(counter) == {"note": 1, "other": 2}
    counter.increment = "mine"
    assert counter.increment == "mine"
    del counter.increment, counter.note
    assert counter.increment() == 1
    assert m.own_names(counter) == ["other"]


def test_special_own_property(m, Counter):
    counter, plain = Counter(), Counter()
    assert not hasattr(counter, "fixed_one")
    m.special(counter, "fixed_one", "value")
    assert counter.fixed_one == "value"
    assert not hasattr(plain, "fixed_one")
    with pytest.raises(napi.TypeError, match="read only property 'fixed_one'"):
        counter.fixed_one = 2
    counter.free = 3
    assert counter.free == 3
    assert plain.increment() == counter.increment() == 1
    m.special(counter, "increment", 5)
    assert counter.increment == 5
    assert plain.increment() == 2
    plain.fixed_one = 1
    assert plain.fixed_one == 1


# === constructing ===


def test_exception_of_the_constructor(m, Counter):
    before = m.count_alive()
    with pytest.raises(napi.TypeError, match="a number was expected") as info:
        Counter("x")
    assert info.value.code == "E_COUNTER"
    assert m.count_alive() == before


def test_returned_object_replaces_this(m, Counter):
    other = napi.Object()
    assert Counter(other) is other
    assert m.create(Counter, other) is other


def test_new_instance(m, Counter):
    made = m.create(Counter, 4)
    assert type(made) is Counter
    assert made.value == 4


def test_call_without_new(m, Counter):
    assert m.call(Counter, None) == "called without new"
    assert m.call(Counter, napi.Object(), 1) == "called without new"


def test_keywords_are_refused(Counter):
    with pytest.raises(TypeError, match=r"Counter\(\) takes no keyword arguments"):
        Counter(value=1)


def test_instances_cannot_be_pickled(Counter):
    with pytest.raises((TypeError, pickle.PicklingError)):
        pickle.dumps(Counter())


def test_instance_needs_a_native_class():
    with pytest.raises(TypeError, match="no native constructor"):
        napi.Instance()

    class Lonely(napi.Instance):
        pass

    with pytest.raises(TypeError, match="no native constructor"):
        Lonely()


def test_class_needs_the_layout():
    with pytest.raises(TypeError, match=r"must derive from napi\.Instance"):
        napi.Class("X", (), {})
    with pytest.raises(TypeError, match=r"must derive from napi\.Instance"):

        class Other(metaclass=napi.Class):
            pass


# === subclasses ===


def test_subclass(m, Counter):
    class Named(Counter):
        kind = "named"

        def __init__(self, start, *, name="x"):
            super().__init__(start)
            self.name = name

        def twice(self):
            self.increment()
            return self.increment()

    named = Named(3, name="y")
    assert (named.name, named.kind, named.value) == ("y", "named", 3)
    assert named.twice() == 5
    assert isinstance(named, Counter)
    assert type(named) is Named
    assert named.answer == 42
    assert Named.prototype is not Counter.prototype
    assert shim.get_prototype(named) is Named.prototype
    assert shim.get_prototype(Named.prototype) is Counter.prototype
    assert shim.instanceof(named, Counter)
    assert m.create(Named, 9).value == 9
    assert m.call(m.get(named, "twice"), named) is not None


def test_subclass_overrides(m, Counter):
    class Loud(Counter):
        name = "loud"

        def increment(self, by=1):
            return f"now {super().increment(by)}"

        @property
        def value(self):
            return -super().value

    loud = Loud(1)
    assert loud.increment() == "now 2"
    assert loud.value == -2
    assert Loud.name == "loud"
    assert Counter.name == "Counter"


def test_new_of_a_subclass_chooses_arguments(Counter):
    class Doubled(Counter):
        def __new__(cls, start):
            return super().__new__(cls, start * 2)

    assert Doubled(4).value == 8


def test_subclass_without_init_refuses_keywords(Counter):
    class Sub(Counter):
        pass

    with pytest.raises(TypeError, match="takes no keyword"):
        Sub(1, x=2)


def test_init_set_later(Counter, m):
    fresh = m.define("Fresh")
    seen = []
    fresh.__init__ = lambda self, *args, **named: seen.append((args, named))
    fresh(1, a=2)
    assert seen == [((1,), {"a": 2})]


def test_finalizer_of_a_subclass(Counter):
    gone = []

    class Noisy(Counter):
        def __del__(self):
            gone.append(self.value)

    Noisy(7)
    gc.collect()
    assert gone == [7]


def test_mixin(Counter):
    class Mixin(collections.abc.Sized):
        def __len__(self):
            return int(self.value)

    with pytest.raises(TypeError, match="metaclass conflict"):

        class Conflict(Counter, Mixin):
            pass

    class Plain:
        def __len__(self):
            return int(self.value)

    class Sized(Counter, Plain):
        pass

    assert len(Sized(3)) == 3


# === statics ===


def test_statics(m, Counter):
    assert Counter.me() is Counter
    assert Counter.limit == 42
    assert Counter.alive == m.count_alive()
    assert m.get(Counter, "limit") == 42
    assert m.call(m.get(Counter, "me"), Counter) is Counter


def test_name_on_both_sides(Counter):
    counter = Counter()
    assert counter.both() is counter
    assert Counter.both == 42


def test_statics_are_set_as_in_javascript(m, Counter):
    with pytest.raises(
        napi.TypeError,
        match=r"^Cannot assign to read only property 'limit' of function",
    ):
        Counter.limit = 1
    Counter.free = 7
    assert Counter.free == m.get(Counter, "free") == 7
    m.set(Counter, "free", 42)
    assert Counter.free == 42
    Counter.added = 1
    assert m.get(Counter, "added") == 1
    del Counter.added
    assert not hasattr(Counter, "added")
    assert m.get(Counter, "added") is None


def test_special_names_are_left_to_python(Counter):
    assert Counter.__init__ is napi.Instance.__init__
    assert Counter(1).__init__() is None


def test_prototype_learns_methods_later(m, Counter):
    m.set(Counter.prototype, "later", m.get(Counter, "me"))
    counter = Counter()
    assert counter.later() is counter
    m.set(Counter.prototype, "plain", lambda *args: args)
    assert counter.plain(1, 2) == (1, 2)


def test_symbol_iterator_makes_it_iterable(m):
    fresh = m.define("Iterable")
    assert not isinstance(fresh(), collections.abc.Iterable)
    make = napi.method(lambda this, *_: shim.call(shim.get([1, 2], "values"), [1, 2]))
    m.set(fresh.prototype, shim.Symbol.iterator, make)
    assert list(fresh()) == [1, 2]


# === refusals, names, lifetime ===


def test_refusals(m):
    assert m.refusals() == [1, 1, 1, 1, 1, 4, 1]


@pytest.mark.parametrize("name", ["", "a b", "été", "x" * 60])
def test_odd_names(m, name):
    made = m.define(name)
    assert made.name == name
    assert isinstance(made(), made)


def test_name_with_nul(m):
    made = m.define("a\0b")
    assert made.__name__ == "a"
    assert isinstance(made(), made)


def test_instances_are_finalized(m, Counter):
    before = m.count_alive()
    counters = [Counter(i) for i in range(10)]
    counters[0].loop = counters[0]
    assert m.count_alive() == before + 10
    del counters
    gc.collect()
    assert m.count_alive() == before


def test_classes_die(m):
    made = m.define("Brief")
    instance = made()
    instance.own = made
    reference = weakref.ref(made)

    class Sub(made):
        pass

    _ = Sub.prototype
    del made, instance, Sub, _
    gc.collect()
    assert reference() is None


def test_instances_can_be_weakly_referenced(Counter):
    counter = Counter()
    reference = weakref.ref(counter)
    assert reference() is counter
    del counter
    gc.collect()
    assert reference() is None


# === nothing confuses native data ===


def test_two_native_bases(m, Counter):
    other = m.define("Other")
    with pytest.raises(TypeError, match="two classes of addons"):

        class Both(Counter, other):
            pass

    class Sub(Counter):
        pass

    with pytest.raises(TypeError, match="bases of a napi.Class are fixed"):
        Sub.__bases__ = (other,)


def test_class_of_an_instance_is_fixed(m, Counter):
    class Sub(Counter):
        pass

    counter = Counter(3)
    with pytest.raises(TypeError, match="cannot become"):
        counter.__class__ = m.define("Other")
    counter.__class__ = Sub
    assert counter.increment() == 4


# === members with the names of what every class has ===


@pytest.mark.parametrize("name", ["length", "name", "prototype", "call", "member"])
@pytest.mark.parametrize("kind", ["accessor", "method", "value"])
def test_a_member_may_have_any_name(m, kind, name):
    made = m.define_with(kind, name)

    class Sub(made):
        pass

    for instance in (made(), Sub()):
        member = getattr(instance, name)
        assert (member() if kind == "method" else member) == 7
    assert (made.name, made.length) == ("C", 0)


@pytest.mark.parametrize("name", ["length", "name"])
def test_a_member_may_be_deleted_again(m, name):
    made = m.define_with("accessor", name)
    assert shim.delete(made.prototype, name)
    with pytest.raises(AttributeError):
        getattr(made(), name)


@pytest.mark.parametrize("name", ["length", "name", "call", "member"])
def test_a_static_member_may_have_any_name(m, name):
    made = m.define_with("static", name)
    assert getattr(made, name)() == 7
