"""Every built-in has the properties that it has under Node.

``builtins.json`` was recorded there: each object that globalThis leads to, by a path
from it, with its own properties and their attributes, length and name of functions.
"""

import json
from functools import cache
from pathlib import Path

import pytest

from napi._native import shim

FIXTURE = Path(__file__).with_name("builtins.json")
RECORD = json.loads(FIXTURE.read_text())
# What this host does not have, with the reason in docs/limits.md.
ABSENT = {
    "globalThis": set(),
}
ROOTS = sorted({path.partition(".")[0] for path in RECORD if path[0] != "%"})


def key_of(name):
    return getattr(shim.Symbol, name[2:]) if name.startswith("@@") else name


def evaluate(source):
    """The intrinsics that no property leads to."""
    root = shim.get_global()
    iterators = {
        "%ArrayIteratorPrototype%": ("Array", "values"),
        "%MapIteratorPrototype%": ("Map", "values"),
        "%SetIteratorPrototype%": ("Set", "values"),
    }
    if source in iterators:
        name, method = iterators[source]
        made = shim.construct(shim.get(root, name))
        return shim.get_prototype(shim.call(shim.get(made, method), made))
    if source == "%StringIteratorPrototype%":
        return shim.get_prototype(shim.call(shim.get("", shim.Symbol.iterator), ""))
    if source == "%RegExpStringIteratorPrototype%":
        pattern = shim.construct(shim.get(root, "RegExp"), "a", "g")
        found = shim.call(shim.get("", "matchAll"), "a", pattern)
        return shim.get_prototype(found)
    iterator = shim.get(root, "Iterator")
    if source == "%WrapForValidIteratorPrototype%":
        wrapped = shim.call(shim.get(iterator, "from"), iterator, shim.Object(next=1))
        return shim.get_prototype(wrapped)
    if source == "%IteratorHelperPrototype%":
        base = shim.Object(next=lambda *_: None)
        mapper = shim.get(shim.get(iterator, "prototype"), "map")
        return shim.get_prototype(shim.call(mapper, base, lambda *_: None))
    return of_compiled(source)


KINDS = {
    "%GeneratorFunctionPrototype%": "function* () {}",
    "%AsyncGeneratorFunctionPrototype%": "async function* () {}",
    "%AsyncFunctionPrototype%": "async function () {}",
}


def of_compiled(source):
    """What only functions of JavaScript inherit from."""
    try:
        from napi import js
    except ImportError:
        return None
    return shim.get_prototype(js.eval(f"({KINDS[source]})"))


@cache
def resolve(path):
    if path == "globalThis":
        return shim.get_global()
    head, dot, last = path.rpartition(".")
    if not dot:
        return evaluate(path) if path[0] == "%" else shim.get(shim.get_global(), path)
    holder = resolve(head)
    if holder is None:
        return None
    if last == "[[Prototype]]":
        return shim.get_prototype(holder)
    return shim.get(holder, key_of(last))


def attributes(found):
    letters = (("w", "writable"), ("e", "enumerable"), ("c", "configurable"))
    return "".join(letter for letter, name in letters if found.get(name))


def shown(value):
    if isinstance(value, float):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(
            str(value), value
        )
    return value


def differences(path):
    record, found = RECORD[path], resolve(path)
    if shim.typeof(found) not in ("object", "function") or found is shim.null:
        yield f"{path} is missing"
        return
    if path != "globalThis":
        if shim.typeof(found) != record["kind"]:
            yield f"{path} is a {shim.typeof(found)}"
        if shim.is_constructor(found) != record.get("constructor", False):
            yield f"{path}: new works here, but not there (or the other way round)"
        proto = record.get("proto", ...)
        if proto is not ...:
            expected = shim.null if proto is None else resolve(proto)
            if expected is not None and shim.get_prototype(found) is not expected:
                yield f"{path} inherits from something other than {proto}"
        names = {
            k if isinstance(k, str) else "@@" + k.description.removeprefix("Symbol.")
            for k in shim.own_keys(found)
        }
        for name in sorted(names - set(record["props"])):
            yield f"{path}.{name} should not be there"
    for name, about in record["props"].items():
        yield from of_property(path, found, name, about)


def of_property(path, holder, name, about):
    from napi.runtime.descriptor import own

    try:
        key = key_of(name)
    except AttributeError:
        yield f"{path}: there is no Symbol.{name[2:]}"
        return
    found = own(holder, key)
    where = f"{path}.{name}"
    if found is None:
        yield f"{where} is missing"
        return
    if attributes(found) != about["a"]:
        yield f"{where} is {attributes(found)}, not {about['a']}"
    if "g" in about or "s" in about:
        for kind, letter in (("get", "g"), ("set", "s")):
            function = found.get(kind)
            expected = about.get(letter)
            if (function is None) != (expected is None):
                yield f"{where} has (not) a {kind}ter"
            elif expected is not None:
                given = [shim.get(function, "name"), shim.get(function, "length")]
                if given != expected:
                    yield f"{where}: {kind}ter {given}, not {expected}"
        return
    if "acc" in about:
        return
    value = found.get("value")
    if "value" not in found:
        yield f"{where} is an accessor"
        return
    kind = "null" if value is shim.null else shim.typeof(value)
    if kind != about["k"]:
        yield f"{where} is a {kind}, not a {about['k']}"
    if "v" in about and shown(value) != about["v"]:
        yield f"{where} is {value!r}, not {about['v']!r}"
    if about.get("ref") and resolve(about["ref"]) is not value:
        yield f"{where} is not {about['ref']}"


@pytest.mark.parametrize("root", ROOTS)
def test_a_builtin_has_the_properties_that_node_gives_it(root):
    paths = [p for p in RECORD if p.partition(".")[0] == root]
    assert [line for path in paths for line in differences(path)] == []


@pytest.mark.parametrize("path", [p for p in RECORD if p[0] == "%"])
def test_an_intrinsic_has_the_properties_that_node_gives_it(path):
    assert list(differences(path)) == []
