"""Classes: small sources and their values."""

import pytest

import napi

CASES = {
    "class A { constructor(x) { this.x = x } get y() { return this.x * 2 } }"
    "; new A(3).y": 6,
    "class A { static s() { return this.name } } A.s()": "A",
    "class A { m() { return 1 } } class B extends A { m() { return super.m() + 1 } }"
    "; new B().m()": 2,
    "class A { constructor(x) { this.x = x } } class B extends A {} ; new B(5).x": 5,
    "class A {} typeof A": "function",
    "class A { #p = 1; inc() { return ++this.#p } } new A().inc()": 2,
    "class A { static #n = 4; static n() { return A.#n } } A.n()": 4,
    "class A { #m() { return 3 } go() { return this.#m() } } new A().go()": 3,
    "class A { get #g() { return 5 } go() { return this.#g } } new A().go()": 5,
    "class A { #x; static has(o) { return #x in o } }; [A.has(new A()), A.has({})]": [
        True,
        False,
    ],
    "class A { static { this.made = 1 } } A.made": 1,
    "class A { ['a' + 1]() { return 1 } static ['b'] = 2 } [new A().a1(), A.b]": [1, 2],
    "class A { x = this; f = () => this } const a = new A(); a.x === a.f()": True,
    "class E extends Error { constructor(m) { super(m); this.code = 7 } }"
    "; const e = new E('b'); [e.message, e.code, e instanceof E, e instanceof Error]": [
        "b",
        7,
        True,
        True,
    ],
    "class L extends Array { last() { return this[this.length - 1] } }"
    "; const l = new L(); l.push(1, 2); [l.last(), l.length]": [2, 2],
    "class M extends Map { twice(k) { return this.get(k) * 2 } }"
    "; new M([['a', 2]]).twice('a')": 4,
    "function F(x) { this.x = x } F.prototype.go = function () { return this.x }"
    "; class G extends F { constructor() { super(9) } } new G().go()": 9,
    "class A { length() { return 3 } name() { return 'n' } "
    "get prototype() { return 4 } }"
    "; const a = new A(); [a.length(), a.name(), a.prototype, A.name, A.length]": [
        3,
        "n",
        4,
        "A",
        0,
    ],
    "class A { length() {} } delete A.prototype.length; new A().length": None,
    "class A extends null {} Object.getPrototypeOf(A.prototype)": "null",
    "class A { constructor() { return {x: 1} } } new A().x": 1,
    "class A { constructor() { this.t = new.target === A } } new A().t": True,
    "Object.keys(new (class { a = 1; b() {} })())": ["a"],
    "String(class Q { a() {} })": "class Q { a() {} }",
    "const C = class {}; C.name": "C",
    "class A { static async *g() { yield 1 } } typeof A.g().next": "function",
    "[1, 2].map((x) => class { v() { return x } }).map((C) => new C().v())": [1, 2],
    "const o = {__proto__: {hi() { return 'p' }}, hi() { return super.hi() + 'c' }}"
    "; o.hi()": "pc",
    "class A { set v(x) { this.w = x } } const a = new A(); a.v = 3; a.w": 3,
    "class E extends TypeError {} const e = new E('m'); [E.name, e.name, String(e)]": [
        "E",
        "TypeError",
        "TypeError: m",
    ],
    "class P extends Promise { twice() { return 2 } }"
    "; const p = new P(() => {}); [p instanceof P, p instanceof Promise, p.twice()]": [
        True,
        True,
        2,
    ],
    "class U extends Uint8Array { sum() { return this[0] + this[1] } }"
    "; new U([1, 2]).sum()": 3,
    "class B extends ArrayBuffer {} new B(4).byteLength": 4,
    "class A extends Object { constructor() { super(); this.z = 1 } } new A().z": 1,
    "class A { get length() { return 3 } static name = 4; name() { return 'n' } }"
    "[A.length, new A().length, new A().name(), A.name].join()": "0,3,n,4",
    "class A { static length() { return 5 } get length() { return 3 } }"
    "[A.length(), new A().length].join()": "5,3",
    "class A { length() { return 3 } } class B extends A { get name() { return 1 } }"
    "delete A.prototype.length; [new B().length, new B().name, B.length].join()": (
        ",1,0"
    ),
}


@pytest.mark.parametrize("source", CASES, ids=range(len(CASES)))
def test_value(run, source):
    expected = CASES[source]
    value = run(source)
    assert value is napi.null if expected == "null" else value == expected


ERRORS = {
    "class A {} A()": "Class constructor A cannot be invoked without 'new'",
    "class A extends Object { constructor() { this.x } } new A()": (
        "Must call super constructor in derived class before accessing 'this' or "
        "returning from derived constructor"
    ),
    "class A extends Object { constructor() { super(); super() } } new A()": (
        "Super constructor may only be called once"
    ),
    "class A { #p; static r(o) { return o.#p } } A.r({})": (
        "Cannot read private member #p from an object whose class did not declare it"
    ),
    "class A extends 5 {}": "Class extends value 5 is not a constructor or null",
    "class A { get x() { return 1 } } 'use strict'; (() => { 'use strict'; "
    "new A().x = 2 })()": ("Cannot set property x of #<A> which has only a getter"),
}


@pytest.mark.parametrize("source", ERRORS, ids=range(len(ERRORS)))
def test_error(run, source):
    with pytest.raises(napi.Error) as caught:
        run(source)
    assert str(caught.value) == ERRORS[source]


def test_class_is_a_type_of_python(run):
    kind = run(
        "class Point { constructor(x) { this.x = x } get twice() { return 2 * "
        "this.x } add(n) { return this.x + n } } Point"
    )
    assert isinstance(kind, type)
    assert issubclass(kind, napi.Instance)
    point = kind(3)
    assert isinstance(point, kind)
    assert (point.x, point.twice, point.add(1)) == (3, 6, 4)


def test_python_class_extends_one_of_javascript(run):
    kind = run("class Base { constructor(x) { this.x = x } m() { return 'js' } } Base")

    class Derived(kind):
        def m(self):
            return "py " + super().m() + str(self.x)

    assert Derived(1).m() == "py js1"


def test_error_class_is_an_exception(run):
    kind = run("class Special extends TypeError {} Special")
    assert issubclass(kind, Exception)
    with pytest.raises(kind, match="boo"):
        run("throw new K('boo')", K=kind)
