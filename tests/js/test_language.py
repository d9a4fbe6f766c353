"""Expressions and statements: small sources and their values."""

import math

import pytest

import napi
import napi.js

CASES = {
    # operators
    "1 + 2 * 3": 7,
    "'a' + 1": "a1",
    "1 + '2'": "12",
    "7 / 2": 3.5,
    "8 / 2": 4,
    "7 % -3": 1,
    "-7 % 3": -1,
    "2 ** 10": 1024,
    "2 ** -1": 0.5,
    "9007199254740991 + 2": 9007199254740992.0,
    "5 & 3 | 8 ^ 1": 9,
    "1 << 31": -2147483648,
    "-1 >>> 0": 4294967295,
    "~5": -6,
    "+'12'": 12,
    "-'3'": -3,
    "typeof null": "object",
    "typeof undefined": "undefined",
    "typeof (() => 1)": "function",
    "typeof nothingAtAll": "undefined",
    "void 1": None,
    "null ?? 1": 1,
    "0 ?? 1": 0,
    "0 || 'x'": "x",
    "1 && 'y'": "y",
    "null == undefined": True,
    "null === undefined": False,
    "'1' == 1": True,
    "true == 1": True,
    "NaN == NaN": False,
    "'b' > 'a'": True,
    "'10' < '9'": True,
    "'10' < 9": False,
    "1n + 2n === 3n": True,
    "2n ** 64n > 1": True,
    "'a' in {a: 1}": True,
    "[] instanceof Array": True,
    "(1, 2, 3)": 3,
    "true ? 'yes' : 'no'": "yes",
    "`${1 + 1} and ${'x'}`": "2 and x",
    "[...'ab', ...[1]]": ["a", "b", 1],
    "[, 1].length": 2,
    "({a: 1, ...{b: 2}})": {"a": 1, "b": 2},
    "({['x' + 1]: 2}).x1": 2,
    "({get a() { return this.b }, b: 3}).a": 3,
    "delete ({}).x": True,
    "'\\u{1F600}'.length": 2,
    "(({a, b: [c]}) => a + c)({a: 1, b: [2]})": 3,
    "((a, b = a, ...c) => [a, b, c])(1, undefined, 3, 4)": [1, 1, [3, 4]],
    "(function () { return arguments.length })(1, 2)": 2,
    "(function f(n) { return n ? n * f(n - 1) : 1 })(5)": 120,
    "((x) => (y) => x + y)(1)(2)": 3,
    "null?.a.b.c": None,
    "undefined?.(1)": None,
    "({a: {b() { return this.c }, c: 4}}).a?.b()": 4,
    "new (class { x = 1; y = this.x + 1 })().y": 2,
    "String(function  f ( a ) { })": "function  f ( a ) { }",
    "((a, b) => {}).length": 2,
    "(() => {}).name": "",
    "(function () { let f = () => {}; return f.name })()": "f",
    # statements
    "let s = 0; for (let i = 0; i < 5; i++) s += i; s": 10,
    "let s = ''; for (const k in {a: 1, b: 2}) s += k; s": "ab",
    "let s = 0; for (const v of [1, 2, 3]) { if (v == 2) continue; s += v } s": 4,
    "let n = 0; while (true) { if (++n > 3) break } n": 4,
    "let n = 0; do { n++; if (n == 2) continue } while (n < 4); n": 4,
    "a: for (var i = 0; i < 3; i++) for (;;) { if (i == 1) break a; continue a } i": 1,
    "b: { 1; break b; 2 }": 1,
    "switch (2) { case 1: 'a'; case 2: 'b'; case 3: 'c'; break; default: 'd' }": "c",
    "switch (9) { case 1: 'a'; default: 'd'; case 2: 'e' }": "e",
    "try { throw 1 } catch (e) { e + 1 } finally { 9 }": 2,
    "(() => { try { return 1 } finally { return 2 } })()": 2,
    "(() => { for (const x of [1]) { try { continue } finally { return x } } })()": 1,
    "let f = []; for (let i = 0; i < 3; i++) f.push(() => i); f.map((g) => g())": [
        0,
        1,
        2,
    ],
    "let f = []; for (const i of [1, 2]) { let j = i * 2; f.push(() => j) } f[0]()": 2,
    "let f = []; for (var i = 0; i < 2; i++) f.push(() => i); f[0]()": 2,
    "let [a, , b = 3, ...c] = [1, 2, undefined, 4, 5]; [a, b, c]": [1, 3, [4, 5]],
    "let a = 1, b = 2; [a, b] = [b, a]; [a, b]": [2, 1],
    "let {a, ...rest} = {a: 1, b: 2}; rest": {"b": 2},
    "let o = {n: 1}; o.n++; o.n += 5; o['n'] *= 2; o.n": 14,
    "let o = {}; o.a ??= 1; o.a ||= 2; o.a &&= 3; o.a": 3,
    "let i = 1; [i++, i, ++i, i--, i]": [1, 2, 3, 3, 2],
    "{ function inner() { return 7 } } inner()": 7,
    "var x = 1; { let x = 2 } x": 1,
    "if (0) 1; else 2": 2,
    "1; if (false) 2": None,
}


@pytest.mark.parametrize("source", CASES, ids=range(len(CASES)))
def test_value(run, source):
    value = run(source)
    assert value == CASES[source]
    assert type(value) is type(CASES[source]) or isinstance(value, type(CASES[source]))


@pytest.mark.parametrize(
    ("source", "value"),
    [("0 * -1", -0.0), ("-0", -0.0), ("0 / -5", -0.0), ("-1 % 1", -0.0)],
)
def test_negative_zero_is_a_float(run, source, value):
    made = run(source)
    assert made == 0
    assert math.copysign(1, made) == math.copysign(1, value)


ERRORS = {
    "missing": (napi.ReferenceError, "missing is not defined"),
    "null.x": (
        napi.TypeError,
        "Cannot read properties of null (reading 'x')",
    ),
    "undefined.x = 1": (
        napi.TypeError,
        "Cannot set properties of undefined (setting 'x')",
    ),
    "let o = {}; o.f()": (napi.TypeError, "o.f is not a function"),
    "let o = {a: {}}; o.a['b'].c()": (
        napi.TypeError,
        "Cannot read properties of undefined (reading 'c')",
    ),
    "let f = 1; f()": (napi.TypeError, "f is not a function"),
    "new (() => 1)()": (napi.TypeError, "(intermediate value) is not a constructor"),
    "let c = 1; new c()": (napi.TypeError, "c is not a constructor"),
    "const c = 1; c = 2": (napi.TypeError, "Assignment to constant variable."),
    "a; let a = 1": (
        napi.ReferenceError,
        "Cannot access 'a' before initialization",
    ),
    **{
        source: (napi.ReferenceError, "Cannot access 'a' before initialization")
        for source in (
            "let a = (a = 1)",
            "{ let a = (a = 1); const f = () => a; }",
            "{ a = 1; const a = 2; }",
            "{ [a] = [1]; let a; }",
            "{ f(); function f() { a = 5 } let a = 2; }",
            "{ f(); function f() { a = 5 } const a = 2; }",
            "for (let i = 0; i < 2; i++) { if (i) a = 1; let a; (() => a)(); }",
            "switch (1) { case 0: let a; break; case 1: a = 1 }",
            "(class a extends (a = 1) {})",
            "for (let a of (a = [])) ;",
        )
    },
    "({toString() {}}) in 1": (
        napi.TypeError,
        "Cannot use 'in' operator to search for '[object Object]' in 1",
    ),
    "(new Map) in 'x'": (
        napi.TypeError,
        "Cannot use 'in' operator to search for '#<Map>' in x",
    ),
    "(() => 1) in 1": (
        napi.TypeError,
        "Cannot use 'in' operator to search for '() => 1' in 1",
    ),
    "'use strict'; Array.prototype.push.call('ab', 1)": (
        napi.TypeError,
        "Cannot assign to read only property 'length' of object '[object String]'",
    ),
    "String.fromCodePoint(/a/)": (napi.RangeError, "Invalid code point NaN"),
    "'use strict'; q = 1": (napi.ReferenceError, "q is not defined"),
    "'use strict'; Object.freeze([1])[0] = 2": (
        napi.TypeError,
        "Cannot assign to read only property '0' of object '[object Array]'",
    ),
    "let {a} = null": (
        napi.TypeError,
        "Cannot destructure property 'a' of 'null' as it is null.",
    ),
    "[...1]": (napi.TypeError, "1 is not iterable"),
    "let x = {}; for (const y of x);": (napi.TypeError, "x is not iterable"),
    "1n + 1": (
        napi.TypeError,
        "Cannot mix BigInt and other types, use explicit conversions",
    ),
    "'a' in 'b'": (
        napi.TypeError,
        "Cannot use 'in' operator to search for 'a' in b",
    ),
    "(function f() { f() })()": (
        napi.RangeError,
        "Maximum call stack size exceeded",
    ),
}


@pytest.mark.parametrize("source", ERRORS, ids=range(len(ERRORS)))
def test_error_has_the_words_of_v8(run, source):
    kind, message = ERRORS[source]
    with pytest.raises(kind) as caught:
        run(source)
    assert str(caught.value) == message
    # The same words reach a catch clause.
    mode, rest = (
        ("'use strict';", source[14:]) if source.startswith("'use") else ("", source)
    )
    body = f"try {{ {rest} }} catch (e) {{ return e.message }}"
    wrapped = f"(function () {{ {mode} {body} }})()"
    assert run(wrapped) == message


EARLY = [
    "let a; let a",
    "break",
    "return 1",
    "a => { 'use strict'; with (a) {} }",
    "class A { constructor() {} constructor() {} }",
    "this.#x",
    "({a: 1} = 1) => 1",
    "1 = 2",
    "for (let x of [1], [2]) ;",
    "function* g() { yield = 1 }",
    "async () => { await = 1 }",
    "'use strict'; 010",
    "/(/",
    "let [a, a] = []",
]


@pytest.mark.parametrize("source", EARLY)
def test_early_error_has_its_place(source):
    with pytest.raises(napi.SyntaxError) as caught:
        napi.js.compile(source, "early.js")
    assert caught.value.filename == "early.js"
    assert caught.value.lineno == 1


def test_what_is_not_supported_is_named_with_its_place():
    with pytest.raises(napi.SyntaxError, match="Unexpected") as caught:
        napi.js.compile("1\n;{ using a = b }", "new.js")
    assert (caught.value.filename, caught.value.lineno) == ("new.js", 2)


def test_catch_gets_the_identical_exception(run):
    error = KeyError("k")

    def fail(*_):
        raise error

    assert run("try { fail() } catch (e) { e }", fail=fail) is error


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_catch_does_not_get_what_ends_the_program(run, kind):
    def fail(*_):
        raise kind

    with pytest.raises(kind):
        run("try { fail() } catch (e) { 1 } ", fail=fail)


def test_thrown_value_comes_out(run):
    with pytest.raises(napi.Thrown) as caught:
        run("throw 42")
    assert caught.value.value == 42


def test_traceback_points_into_the_source():
    import traceback

    source = "\n\nfunction inner() {\n  throw new Error('here')\n}\ninner()"
    with pytest.raises(napi.Error) as caught:
        napi.js.eval(source, "place.js", _=None)
    lines = [
        (frame.filename, frame.lineno)
        for frame in traceback.extract_tb(caught.value.__traceback__)
    ]
    assert ("place.js", 4) in lines
    assert ("place.js", 6) in lines


GLOBALS = """
import napi.js
napi.js.eval("var scriptVariable = 1; function scriptFunction() { return 2 }")
napi.js.eval("let scriptLexical = 3")
assert napi.js.eval("globalThis.scriptVariable + scriptFunction()") == 3
assert napi.js.eval("scriptLexical") == 3
assert napi.js.eval("globalThis.scriptLexical") is None
try:
    napi.js.eval("let scriptLexical")
except napi.SyntaxError as error:
    assert "already been declared" in str(error)
else:
    raise AssertionError("declared twice")
"""


def test_script_variables_are_global(child):
    child(GLOBALS)


def test_python_function_is_a_function_of_javascript(run):
    assert run("[1, 2].map((x) => double(x))", double=lambda x: x * 2) == [2, 4]


def test_function_of_javascript_is_a_callable_of_python(run):
    function = run("(a, b = 2) => a + b")
    assert isinstance(function, napi.Function)
    assert function(1) == 3
    assert function(1, 5, 9) == 6
    assert run("(function () { return this.x })").call(napi.Object(x=4)) == 4


def test_commonjs_body_is_a_function():
    body = "module.exports = require('x') + __filename"
    function = napi.js.compile(body, "m.js", kind="commonjs").run()
    module = napi.Object(exports=napi.Object())
    function(module["exports"], lambda name: f"<{name}>", module, "F", "D")
    assert module["exports"] == "<x>F"


def test_compiled_function_has_its_parameters():
    assert napi.js.compile_function("return a * b", "f.js", ["a", "b"])(3, 4) == 12
