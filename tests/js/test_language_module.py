"""ECMAScript modules: linking, live bindings, top-level await."""

import pytest

import napi
import napi.js
from napi.js.record import Record, Synthetic


def record(source, *linked, meta=None):
    made = Record(napi.js.compile(source, "m.mjs", kind="module"), meta)
    made.linked = linked
    return made


@pytest.fixture
def counter():
    return record("export let n = 1; export function inc() { n++ } export default 'D'")


def test_imports_are_live(counter):
    user = record(
        "import D, {n, inc} from 'c'; inc(); export const seen = [n, D]", counter
    )
    assert user.evaluate() is None
    assert user.namespace.seen == [2, "D"]


def test_star_and_indirect_exports(counter):
    middle = record(
        "export * from 'c'; export {n as m} from 'c'; export * as all from 'c'", counter
    )
    user = record(
        "import * as ns from 'x'; export default [Object.keys(ns).join(), "
        "ns.m, ns.all.default]",
        middle,
    )
    user.evaluate()
    assert user.namespace.default == ["all,inc,m,n", 1, "D"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("export default function () { return 1 }", "default"),
        ("export default async function* () {}", "default"),
        ("export default class {}", "default"),
        ("export default (() => 1)", "default"),
        ("export default (function named() {})", "named"),
    ],
)
def test_default_export_has_a_name(source, name):
    user = record("import d from 'm'; export default d.name", record(source))
    user.evaluate()
    assert user.namespace.default == name


def test_star_exports_of_one_namespace_are_no_conflict(counter):
    first = record("export * as ns from 'c'", counter)
    second = record("import * as ns from 'c'; export { ns }", counter)
    third = record("export * as ns from 'c'", counter)
    user = record(
        "export * from 'a'; export * from 'b'; export * from 'd'", first, second, third
    )
    user.evaluate()
    assert user.namespace.ns.n == 1


def test_export_of_nothing_asks_for_the_module():
    empty = record("export {} from 'r'")
    assert [specifier for specifier, _ in empty.requests] == ["r"]


def test_missing_export_is_a_syntax_error(counter):
    user = record("import {nope} from 'c'", counter)
    with pytest.raises(
        napi.SyntaxError, match="'c' does not provide an export named 'nope'"
    ):
        user.evaluate()


def test_module_runs_once(counter):
    runs = []
    once = record(
        "import {run} from 'r'; run()", Synthetic({"run": lambda: runs.append(1)})
    )
    record("import 'a'", once).evaluate()
    record("import 'a'", once).evaluate()
    assert runs == [1]


def test_top_level_await():
    slow = record("export const v = await Promise.resolve(3)")
    user = record("import {v} from 's'; export const w = v + 1", slow)
    user.evaluate().result(5)
    assert user.namespace.w == 4


def test_cycle_of_functions():
    a = record(
        "import {b} from 'b'; export function a() { return 'a' } export const r = b()"
    )
    b = record("import {a} from 'a'; export function b() { return a() + 'b' }")
    a.linked, b.linked = [b], [a]
    a.evaluate()
    assert a.namespace.r == "ab"


def test_module_is_strict_and_has_no_this():
    one = record(
        "export const t = typeof this; export let e; try { undeclared = 1 } "
        "catch (x) { e = x.name }; export const u = import.meta.url",
        meta=napi.Object(url="file:///m.mjs"),
    )
    one.evaluate()
    space = one.namespace
    assert (space.t, space.e, space.u) == (
        "undefined",
        "ReferenceError",
        "file:///m.mjs",
    )


def test_dynamic_import_asks_the_importer():
    napi.js.set_importer(
        lambda name, referrer, options: napi.Object(name=name, by=referrer)
    )
    try:
        found = napi.js.eval("import('x' + 1)", "here.js", _=None).result(5)
        assert (found["name"], found["by"]) == ("x1", "here.js")
    finally:
        napi.js.set_importer(None)
    promise = napi.js.eval("import('x').catch((e) => e.message)", _=None)
    assert "module loader" in promise.result(5)


def circle(sources):
    """Records that import each other by their names."""
    made = {name: Record(napi.js.compile(text, name, kind="module"))
            for name, text in sources.items()}  # fmt: skip
    for one in made.values():
        one.linked = tuple(made[specifier] for specifier, _ in one.requests)
    return made


CIRCLES = [
    (
        {
            "a": "import {b} from 'b'; import 'd'; log('a', b); export const a = 'A'; "
            "await 0; log('a2')",
            "b": "import {c} from 'c'; log('b'); "
            "export const b = await Promise.resolve('B' + c); log('b2')",
            "c": "import {a} from 'a'; log('c'); export const c = 'C'",
            "d": "log('d'); await 1; await 2; log('d2')",
        },
        "c b d b2 d2 a B+C a2",
    ),
    (
        {
            "a": "import 'b'; import 'c'; log('a')",
            "b": "log('b'); await 0; log('b2')",
            "c": "import 'd'; log('c')",
            "d": "log('d'); await 0; await 0; log('d2')",
        },
        "b d b2 d2 c a",
    ),
    ({"a": "import 'b'; log('a')", "b": "import 'a'; await 0; log('b')"}, "b a"),
]


@pytest.mark.parametrize(("sources", "expected"), CIRCLES)
def test_modules_that_await_may_import_each_other(sources, expected):
    log = []
    sources = {
        name: text.replace("log(", "globalThis.log(") for name, text in sources.items()
    }
    napi.js.eval("globalThis.log = log", log=lambda *texts: log.append("".join(texts)))
    try:
        circle(sources)["a"].evaluate().result(10)
    finally:
        napi.js.eval("delete globalThis.log")
    assert log == expected.replace("a B+C", "aBC").split()


def test_who_imports_what_fails_fails():
    made = circle(
        {
            "a": "import 'b'; export default 1",
            "b": "await 0; throw new RangeError('of b')",
        }
    )
    for _ in range(2):
        with pytest.raises(napi.RangeError, match="of b"):
            made["a"].evaluate().result(10)
    with pytest.raises(napi.RangeError, match="of b"):
        made["b"].evaluate()
