"""What the probe's scripts evaluate to, made in Python.

There is no JavaScript engine here: each script the probe runs has an entry that
builds the very objects the script would, with Python and the shim. Nothing is
recorded output: what an addon then does with the objects is what is tested.
"""

from collections.abc import Mapping

import napi
from napi._native import shim


def frozen(value):
    shim.freeze(value)
    return value


class Refusing(Mapping):
    """As the probe's Proxy: reading raises, writing and deleting are refused."""

    def __getitem__(self, key):
        raise napi.Error("pg")

    def __setitem__(self, key, value):
        """Says nothing, as a sloppy assignment does."""

    def __delitem__(self, key):
        raise KeyError(key)

    def __contains__(self, key):
        raise napi.Thrown(1)

    def __iter__(self):
        raise napi.Error("ok")

    def __len__(self):
        return 0


def throwing_text():
    def to_string():
        raise napi.Error("ts")

    return napi.Object(toString=to_string)


def describe_function(f):
    parts = [
        shim.get(f, "name"),
        ",".join(own_names(f)),
        "true" if shim.has(f, "prototype") else "false",
        shim.to_string(f),
    ]
    return "|".join(parts)


def own_names(value):
    return [key for key in shim.own_keys(value) if isinstance(key, str)]


def throw(value):
    def run(*_):
        raise napi.Thrown(value)

    return run


def prototype_of(constructor):
    return shim.get(constructor, "prototype")


def call_method_on_plain(constructor):
    return shim.call(shim.get(prototype_of(constructor), "meth"), napi.Object())


def call_method_on_derived(constructor):
    made = inherit(prototype_of(constructor))
    return shim.call(shim.get(made, "meth"), made)


def call_getter_on_plain(constructor):
    found = shim.own_property(prototype_of(constructor), "acc")
    return shim.call(found["get"], napi.Object())


def call_method_of_subclass(constructor):
    class D(constructor):
        pass

    D().meth()


def assign_strictly(name):
    """What a strict mode assignment makes of a refusal, in V8's words."""

    def run(constructor):
        made = shim.construct(constructor)
        if shim.set(made, name, 1):
            return
        kind = shim.get(constructor, "name")
        found = shim.own_property(prototype_of(constructor), name)
        if "value" in found:
            raise napi.TypeError(
                f"Cannot assign to read only property '{name}' of object '#<{kind}>'"
            )
        raise napi.TypeError(
            f"Cannot set property {name} of #<{kind}> which has only a getter"
        )

    return run


def delete_strictly(constructor):
    if not shim.delete(prototype_of(constructor), "val"):
        kind = shim.get(constructor, "name")
        raise napi.TypeError(f"Cannot delete property 'val' of #<{kind}>")


def throw_description(constructor):
    realm = napi.globalThis
    descriptor = realm["Object"].getOwnPropertyDescriptor(constructor, "prototype")
    parts = [
        shim.get(constructor, "name"),
        shim.to_string(shim.get(constructor, "length")),
        shim.to_string(constructor),
        ",".join(own_names(constructor)),
        ",".join(own_names(prototype_of(constructor))),
        realm["JSON"].stringify(descriptor),
    ]
    raise napi.Thrown("|".join(parts))


def without_prototype():
    def G():
        pass

    shim.define(
        G, "prototype", value=None, writable=True, enumerable=False, configurable=False
    )
    return G


def inherit(prototype):
    made = napi.Object()
    shim.set_prototype(made, prototype)
    return made


def anonymous():
    def function():
        pass

    return function


def with_symbol(symbol, value):
    made = napi.Object()
    shim.set(made, symbol, value)
    return made


def fail(error):
    raise error


SCRIPTS = {
    "Object.freeze({a:1})": lambda: frozen(napi.Object(a=1)),
    "Object.freeze({})": lambda: frozen(napi.Object()),
    "({a:1})": lambda: napi.Object(a=1),
    "new Proxy({}, {get(){throw new Error('pg')},set(){return false},"
    "deleteProperty(){return false},defineProperty(){return false},has(){throw 1},"
    "ownKeys(){throw new Error('ok')}})": Refusing,
    "new Uint8Array(4)": lambda: napi.Uint8Array(4),
    "new Uint8Array(3)": lambda: napi.Uint8Array(3),
    "new Uint8Array(0)": lambda: napi.Uint8Array(0),
    "new Uint16Array(3)": lambda: napi.Uint16Array(3),
    "new DataView(new ArrayBuffer(3))": lambda: napi.DataView(napi.ArrayBuffer(3)),
    "new SharedArrayBuffer(4)": lambda: napi.SharedArrayBuffer(4),
    "Symbol('s')": lambda: napi.Symbol("s"),
    "Symbol()": lambda: napi.Symbol(),
    "Symbol.for('q')": lambda: napi.Symbol.for_("q"),
    "10n": lambda: napi.BigInt(10),
    "({toString(){throw new Error('ts')}})": throwing_text,
    "({then(){}})": lambda: napi.Object(then=lambda *_: None),
    "(f)=>[f.name, Object.getOwnPropertyNames(f).join(), 'prototype' in f, "
    "String(f)].join('|')": lambda: describe_function,
    "()=>1": lambda: lambda: 1,
    "()=>{throw 42}": lambda: throw(42),
    "()=>{throw undefined}": lambda: throw(None),
    "(C)=>C.prototype.meth.call({})": lambda: call_method_on_plain,
    "(C)=>C.prototype.meth.call(Object.create(C.prototype))": lambda: (
        call_method_on_derived
    ),
    "(C)=>Object.getOwnPropertyDescriptor(C.prototype,'acc').get.call({})": lambda: (
        call_getter_on_plain
    ),
    "(C)=>{class D extends C{}; new D().meth()}": lambda: call_method_of_subclass,
    "(C)=>{'use strict'; new C().meth=1}": lambda: assign_strictly("meth"),
    "(C)=>{'use strict'; new C().acc=1}": lambda: assign_strictly("acc"),
    "(C)=>{'use strict'; delete C.prototype.val}": lambda: delete_strictly,
    "(C)=>{throw [C.name,C.length,String(C),Object.getOwnPropertyNames(C),"
    "Object.getOwnPropertyNames(C.prototype),"
    "JSON.stringify(Object.getOwnPropertyDescriptor(C,'prototype'))].join('|')}": (
        lambda: throw_description
    ),
    "(function(){var G=function(){};G.prototype=undefined;return G})()": (
        without_prototype
    ),
    "({[Symbol.hasInstance]:()=>true})": lambda: with_symbol(
        napi.Symbol.hasInstance, lambda *_: True
    ),
    "Object.create(Error.prototype)": lambda: inherit(prototype_of(napi.Error)),
    "(function(){})": anonymous,
    "(o)=>Object.create(o)": lambda: inherit,
    "1+": lambda: fail(napi.SyntaxError("Unexpected end of input")),
    "throw new Error('rs')": lambda: fail(napi.Error("rs")),
}


def evaluate(source, info):
    """The value of one of the probe's scripts, for napi.set_script_evaluator.

    Raises:
        KeyError: The script is not one of them.
    """
    return SCRIPTS[source]()
