"""What the fixture addons are asked, under Node and here: lists of steps.

A step is a dict that JSON can hold:

    text    what its line begins with
    do      "call" and "new" of the export at `path`, "settle" (all that is pending),
            or an operation on its arguments: "get", "set", "invoke", "text"...
    args    a list of values; `on` is the receiver of a call
    save    the name by which later steps refer to what came out
    show    True to print the arguments too, as they are afterwards

A value is itself where JSON has it, or a dict whose "$" says what it is. run.mjs and
run.py make them and print what comes out; record.py keeps what Node printed.
"""

import itertools

UNDEFINED = {"$": "undefined"}
HOLE = {"$": "hole"}
# Steps that no list has, because Node has no answer that could be compared.
LEFT_OUT = {
    "object.create_with(a primitive)": "Node stops the process",
    "reference.use_deleted": "Node reads memory that it has freed",
    "class.refusals": "Node crashes",
    "class.define_with": "each of its classes is tried by name: tests/test_class.py",
    "class.count_alive": "when Node's collector runs is its own affair",
    "function.refusals": "Node crashes",
    "property.missing_arguments": "Node crashes",
    "threadsafe.start_endless": "when its threads end is their own affair",
    "async_work.queue_again": "Node crashes when the work is done",
    "async_work.cancel": "whether a thread took the work yet is its own affair",
    "async_work.cancel_unqueued": "Node reads a request that was never started",
    "async_work.named_by_text": "the strict build reports it",
    "async_work.drop": "the works of this list delete themselves",
    "leaks.count_of_finalized": "when Node's collector runs is its own affair",
    "value_string.released": "when Node's collector runs is its own affair",
    "view.external": "when Node's collector runs is its own affair",
    "view.finalized": "when Node's collector runs is its own affair",
    "view.memory": "it belongs to `external`",
    "view.set_up": "it belongs to `external`",
    "value_coerce.coerce(2, a function)": "the text of a function is its source",
    "object.all_names(..., all of the prototypes)": "V8 has more, in another order",
    "error.recurse": "Node runs out of its stack",
    "finalizer.add_throwing": "an error in a finalizer ends Node",
    "finalizer.loop": "when Node's collector runs is its own affair",
    "finalizer.print_from_now": "Node finalizes at exit in an order of its own",
    "function.run": "nothing evaluates JavaScript here, see limits.md",
    "scope.return_closed": "Node reads a slot that it may use again",
    "scope.many_scopes": "it is about memory",
    "scope.leave_open": "Node stops the process",
    "scope.use_after_close": "Node reads memory that is no longer a handle",
    "scope.close_out_of_order": "Node restores the scopes of another handle",
    "threadsafe.owe": "the promise is for the end of the process",
    "threadsafe.pay": "it belongs to `owe`",
    "threadsafe.push_blocking": "a full queue would wait for ever",
}
# Fixtures without a list.
NOT_COMPARED = {
    "basic_finalizer": "Node crashes",
    "bounds": "full of faults: tests/testing/test_sanitize.py",
    "async_context": "programs of its own: tests/js/test_async_program.py",
    "complaints": "threads, and what ends with a process: tests/test_complaints.py",
    "fuzz": "full of faults: tests/testing/test_fuzz.py",
    "lent": "memory that Python lends: tests/test_lent.py",
    "leaks": "leaks: tests/testing/test_leaks.py",
    "sanitize": "full of faults: tests/testing/test_sanitize.py",
    "watch": "what the strict build watches: tests/testing/test_watch.py",
    "gc": "what dies when is the collector's: tests/test_gc.py",
    "stress_threads": "runs for long: tests/stress/test_threads.py",
    "teardown": "prints as it ends; recorded in tests/test_teardown.py",
    "uncaught": "ends Node's process: tests/test_uncaught.py",
    "libuv": "calls back by the clock: tests/test_libuv.py",
    "probe": "has a transcript of its own",
}


def number(text):
    return {"$": "number", "text": text}


def bigint(value):
    return {"$": "bigint", "text": str(value)}


def symbol(description=None):
    made = {"$": "symbol"}
    if description is not None:
        made["description"] = description
    return made


def known(name):
    return {"$": "symbol", "known": name}


def obj(*entries, **more):
    return {"$": "object", "entries": [list(pair) for pair in entries], **more}


def returns(value, name="f"):
    return {"$": "function", "name": name, "does": "returns", "value": value}


def throws(value, name="f"):
    return {"$": "function", "name": name, "does": "throws", "value": value}


def error(kind, message, *own):
    return {"$": "error", "kind": kind, "message": message, "own": list(own)}


def data(kind, items, **where):
    return {"$": "bytes", "kind": kind, "data": items, **where}


def ref(name, *path):
    return {"$": "ref", "name": name, "path": list(path)}


def world(*path):
    return {"$": "global", "path": list(path)}


def export(*path):
    return {"$": "export", "path": list(path)}


def changed(act, value):
    return {"$": "changed", "act": act, "value": value}


def promise(state, value=UNDEFINED):
    return {"$": "promise", "state": state, "value": value}


def box(value):
    return {"$": "box", "value": value}


NOTHING = {"undefined": UNDEFINED, "null": None}
BOOLEANS = {"true": True, "false": False}
NUMBERS = {
    "0": 0,
    "-0": number("-0"),
    "1": 1,
    "-1": -1,
    "1.5": 1.5,
    "-2.5": -2.5,
    "2**31": 2**31,
    "2**32": 2**32,
    "2**32-1": 2**32 - 1,
    "2**53": number("9007199254740992"),
    "-2**63": number("-9223372036854775808"),
    "2**63": number("9223372036854775808"),
    "1e21": number("1e21"),
    "1e-7": 1e-7,
    "5e-324": number("5e-324"),
    "NaN": number("NaN"),
    "Infinity": number("Infinity"),
    "-Infinity": number("-Infinity"),
}
STRINGS = {
    "''": "",
    "'a'": "a",
    "'12'": "12",
    "' 0x1f '": " 0x1f ",
    "'length'": "length",
    "'é€'": "\u00e9\u20ac",
    "'😀'": "\U0001f600",
    "half": "a\ud83d",
    "NUL": "a\0b",
}
BIGINTS = {
    "0n": bigint(0),
    "-5n": bigint(-5),
    "2n**63n": bigint(2**63),
    "2n**64n": bigint(2**64),
    "-(2n**63n)": bigint(-(2**63)),
    "-(2n**64n)-1n": bigint(-(2**64) - 1),
    "2n**200n": bigint(2**200),
}
SYMBOLS = {
    "Symbol()": symbol(),
    "Symbol('')": symbol(""),
    "Symbol('s')": symbol("s"),
    "Symbol.for('s')": {"$": "symbol", "registered": "s"},
    "Symbol.iterator": known("iterator"),
}
PRIMITIVES = {**NOTHING, **BOOLEANS, **NUMBERS, **STRINGS, **BIGINTS, **SYMBOLS}
PLAIN = {
    "{}": obj(),
    "{b,a,1}": obj(("b", 1), ("a", 2), ("1", 3)),
    "{symbol}": obj((symbol("k"), 1), ("a", 2)),
    "{accessor}": obj(
        ("a", 1),
        accessors=[{"key": "g", "get": returns(5, "g"), "enumerable": True}],
    ),
    "{fails}": obj(
        accessors=[
            {
                "key": "a",
                "get": throws(error("Error", "no a"), "a"),
                "set": throws(error("TypeError", "keep a"), "a"),
                "enumerable": True,
            }
        ],
    ),
    "{hidden}": obj(
        accessors=[{"key": "a", "get": returns(5, "a"), "enumerable": False}]
    ),
    "create(null)": obj(("a", 1), prototype=None),
    "create({a})": obj(("own", 2), prototype=obj(("a", 1), ("own", 3))),
    "create([])": obj(("a", 2), prototype=[1, 2]),
    "[]": [],
    "[1,2]": [1, 2],
    "[1,,3]": [1, HOLE, 3],
    "[[1],{}]": [[1], obj()],
}
CONVERTING = {
    "{toString}": obj(("toString", returns("text", "toString"))),
    "{valueOf}": obj(("valueOf", returns(42, "valueOf"))),
    "{toString fails}": obj(
        ("toString", throws(error("RangeError", "no text"), "toString"))
    ),
    "{neither}": obj(
        ("toString", returns(obj(), "toString")), ("valueOf", returns(obj(), "valueOf"))
    ),
    "{toPrimitive}": obj((known("toPrimitive"), returns(7, "toPrimitive"))),
    "{toPrimitive 1}": obj((known("toPrimitive"), 1)),
    "{toPrimitive {}}": obj((known("toPrimitive"), returns(obj(), "toPrimitive"))),
    "{toStringTag}": obj((known("toStringTag"), "Tag")),
}
FUNCTIONS = {
    "f": returns(1),
    "f throws": throws(error("TypeError", "thrown", ["code", "E_F"])),
    "f throws 42": throws(42),
    "f throws undefined": throws(UNDEFINED),
    "arguments": {"$": "function", "name": "args", "does": "arguments"},
    "method": {"$": "method", "name": "m"},
    "class K": {"$": "class", "name": "K"},
}
ERRORS = {
    "Error('e')": error("Error", "e"),
    "Error('')": error("Error", ""),
    "TypeError('t')": error("TypeError", "t", ["code", "E_T"]),
    "RangeError('r')": error("RangeError", "r", ["extra", 1], ["code", 5]),
    "SyntaxError('s')": error("SyntaxError", "s"),
    "EvalError('v')": error("EvalError", "v", ["name", "Mine"]),
}
BYTES = {
    "Buffer": data("Buffer", [104, 195, 169]),
    "Uint8Array": data("Uint8Array", [1, 2, 255]),
    "Int16Array": data("Int16Array", [1, -2]),
    "Float64Array": data("Float64Array", [1.5, number("-0"), number("NaN")]),
    "BigInt64Array": data("BigInt64Array", [bigint(-1), bigint(5)]),
    "Uint8ClampedArray": data("Uint8ClampedArray", [9]),
    "Uint8Array at 1": data("Uint8Array", [1, 2, 3, 4], offset=1, length=2),
    "ArrayBuffer": data("ArrayBuffer", [1, 2, 3]),
    "DataView": data("DataView", [1, 2, 3, 4], offset=1, length=2),
}
EXOTIC = {
    "Date(0)": {"$": "date", "time": 0},
    "Date(NaN)": {"$": "date", "time": number("NaN")},
    "Map": {"$": "map", "entries": [["a", 1], [number("NaN"), [1]]]},
    "Set": {"$": "set", "items": ["a", 1]},
    "Promise": promise("pending"),
    "Number(5)": box(5),
    "String('ab')": box("ab"),
    "Boolean(false)": box(False),
    "Object(5n)": box(bigint(5)),
    "Object(Symbol('b'))": box(symbol("b")),
    "frozen": changed("freeze", obj(("a", 1))),
    "sealed": changed("seal", obj(("a", 1))),
    "closed": changed("close", obj(("a", 1))),
    "frozen []": changed("freeze", [1]),
    "sealed []": changed("seal", [1]),
}
OBJECTS = {**PLAIN, **CONVERTING, **FUNCTIONS, **ERRORS, **BYTES, **EXOTIC}
INHERITED = obj(prototype=world("Error", "prototype"))
POOL = {**PRIMITIVES, **OBJECTS}


class Script:
    """A list of steps under construction."""

    def __init__(self):
        self.steps = []

    def add(self, do, names, args, path=(), **more):
        where = ".".join(str(key) for key in path) or do
        text = f"{where}({', '.join(names)})"
        if do == "new":
            text = f"new {text}"
        if "save" in more:
            text = f"{more['save']}: {text}"
        step = {"text": text, "do": do, "path": list(path), "args": list(args)}
        self.steps.append({**step, **more})

    def call(self, path, *args, do="call", **more):
        """A call whose arguments are names of the pool, or (text, value)."""
        pairs = [argument(value) for value in args]
        names, values = zip(*pairs, strict=True) if pairs else ((), ())
        self.add(do, names, values, path.split("."), **more)

    def act(self, do, *args, **more):
        pairs = [argument(value) for value in args]
        names, values = zip(*pairs, strict=True) if pairs else ((), ())
        self.add(do, names, values, **more)

    def each(self, path, *choices, **more):
        """A call for each combination of the choices."""
        for args in itertools.product(*choices):
            self.call(path, *args, **more)

    def settle(self):
        self.add("settle", (), ())


def argument(value):
    """(text, value) of a name of the pool, a ref, a small literal, or itself."""
    if isinstance(value, tuple):
        return str(value[0]), value[1]
    if isinstance(value, str):
        return value, POOL[value]
    if isinstance(value, dict) and value.get("$") == "ref":
        return "".join([value["name"], *(f"[{key!r}]" for key in value["path"])]), value
    if isinstance(value, dict) and value.get("$") in ("global", "export"):
        return ".".join(map(str, value["path"])) or value["$"], value
    return str(value), value


def lit(value):
    """A string literal as an argument."""
    return f"'{value}'", value


# === a list for each fixture ===


def steps_of_class(s):
    for name in ("Counter", "create", "get"):
        s.act("value", export(name))
    s.act("value", export("Counter", "prototype"))
    s.act("text", export("Counter"))
    s.call("Counter", do="new", save="plain")
    s.each("Counter", POOL, do="new")
    s.each("Counter", ["undefined", "1", "{}"])
    members_of_class(s)
    methods_of_class(s)
    s.each("create", [export("Counter")], [*NOTHING, "1", "'a'", "{}", "[]", "f"])
    s.each("create", FUNCTIONS)
    s.each("create", FUNCTIONS, ["1"])
    s.each("call", [*FUNCTIONS, "1", "{}"], ["undefined", "null", "1", "{}"], ["'a'"])
    s.call("create", export("define"))
    s.call("create", export("call"), (1, 1))
    s.each("define", [*STRINGS, "1", "undefined"])
    s.call("define", lit("K1"), save="K1")
    s.act("construct", ref("K1"), (5, 5))
    s.act("text", ref("K1"))
    for name in ("prototype", "name", "length", "new"):
        s.act("get", ref("K1"), lit(name))
        s.call("set", ref("K1"), lit(name), (8, 8), show=True)
        s.act("set", ref("K1"), lit(name), (9, 9))
        s.act("delete", ref("K1"), lit(name), show=True)


def members_of_class(s):
    members = ("value", "self", "answer", "both", "fixed", "increment", "none")
    s.call("Counter", (5, 5), do="new", save="five")
    for name in members:
        s.act("get", ref("five"), lit(name))
        s.act("has", ref("five"), lit(name))
        s.act("get", export("Counter"), lit(name))
    for value in ["undefined", "1", "-0", "NaN", "'a'", "null", "{}", "2**53"]:
        s.act("invoke", ref("five"), lit("increment"), value)
        s.act("set", ref("five"), lit("value"), value, show=True)
        s.act("invoke", ref("five"), lit("fixed"), value)
    for name in ("increment", "not an identifier", "__init__"):
        s.act("invoke", ref("five"), lit(name))
    s.act("kind", ref("five"))
    s.act("text", ref("five"))
    s.call("Counter", (6, 6), do="new", save="six")
    for name in members:
        s.act("set", ref("six"), lit(name), (9, 9), show=True)
        s.act("delete", ref("six"), lit(name))
        s.call("get", ref("six"), lit(name))
        s.call("set", ref("six"), lit(name), (8, 8), show=True)
        s.act("set", export("Counter"), lit(name), (8, 8))
        s.act("delete", export("Counter"), lit(name))
    for name in ("limit", "free", "me"):
        s.act("get", export("Counter"), lit(name))
        s.call("set", export("Counter"), lit(name), (8, 8))
        s.act("set", export("Counter"), lit(name), (9, 9))
        s.act("delete", export("Counter"), lit(name))


def methods_of_class(s):
    s.act("get", export("Counter"), lit("increment"))
    s.act("get", export("Counter", "prototype"), lit("increment"), save="method")
    for value in ["undefined", "1", "{}", "'a'", "f", "class K"]:
        s.act("apply", ref("method"), value)
        s.call("call", ref("method"), value)
        s.call("special", value, lit("key"), (1, 1))
        s.call("own_names", value)
        s.act("construct", ref("method"), value)
        s.call("create", value)
    s.act("apply", ref("method"), ref("five"), (2, 2))
    s.call("own_names", export("Counter"))
    s.call("own_names", export("Counter", "prototype"))
    s.call("own_names", ref("five"))
    s.call("special", ref("five"), lit("key"), (1, 1), show=True)
    s.call("special", ref("five"), lit("key"), (2, 2), show=True)
    s.call("set", ref("five"), lit("key"), (3, 3), show=True)
    s.call("special", export("Counter"), lit("key"), (1, 1))
    s.call("special", export("Counter"), lit("key"), (2, 2))


def steps_of_error(s):
    s.each("throw_value", POOL)
    kinds = [lit("type"), lit("range"), lit("error"), "undefined"]
    codes = [*NOTHING, "''", "'a'", "'é€'", "1", "{}"]
    s.each("throw_kind", kinds, codes, ["''", "'a'", "'😀'"])
    s.each("call", POOL)
    s.each("swallow", FUNCTIONS)
    s.each("swallow", POOL)
    s.each("is_error", POOL)
    s.call("is_error", ("create(Error.prototype)", INHERITED))
    s.each("last_error", POOL)
    for name in ("throw_value", "call", "swallow", "is_error", "last_error"):
        s.call(name)
        s.call("call", export(name))
        s.call("swallow", export(name))
        s.act("construct", export(name), "f throws")


def steps_of_external(s):
    s.call("set_up")
    for index, watched in enumerate(["true", "false", "true"], 1):
        s.call("create", (index, index), watched, save=f"e{index}")
    s.each("create", ["undefined", "'a'", "{}", "0n"], ["true"])
    s.each("create", ["1"], ["undefined", "0", "'a'", "{}"])
    s.each("value", [*POOL, ref("e1"), ref("e2")])
    s.each("type_of", [*POOL, ref("e1"), ref("e2")])
    s.each("same", [ref("e1"), ref("e2"), "{}"], [ref("e1"), ref("e2"), "{}", "1"])
    s.each("count", [*range(16), "undefined", "'a'", "{}"])
    operate_on_any(s, ref("e1"))


def operate_on_any(s, value):
    """What else can be done with a value: strings, keys, prototypes."""
    s.act("text", value)
    s.act("kind", value)
    for key in ["'a'", "Symbol.iterator", "1", lit("name"), lit("toString")]:
        s.act("has", value, key)
        s.act("get", value, key)
    s.act("set", value, "'a'", "1", show=True)
    s.act("delete", value, "'a'", show=True)


def steps_of_finalizer(s):
    s.call("set_data")
    for name in ("wrap", "tag", "add", "add_cancelled"):
        s.each(name, PRIMITIVES, ["1"])
    s.each("unwrap", POOL)
    s.each("remove_wrap", POOL)
    s.each("check", PRIMITIVES, ["1"])
    for index, name in enumerate(OBJECTS):
        s.act("value", name, save=f"o{index}")
        kept = ref(f"o{index}")
        for step in ("unwrap", "remove_wrap"):
            s.call(step, kept)
        s.call("wrap", kept, (index + 1, index + 1))
        s.call("wrap", kept, (5, 5))
        for step in ("unwrap", "remove_wrap", "unwrap"):
            s.call(step, kept)
        s.call("wrap", kept, (index + 2, index + 2), show=True)
        s.call("check", kept, (1, 1))
        s.call("tag", kept, (1, 1))
        s.call("tag", kept, (1, 1))
        s.call("tag", kept, (2, 2), show=True)
        s.call("check", kept, (1, 1))
        s.call("check", kept, (2, 2))
        s.call("add", kept, (3, 3))
        s.call("add_self_deleting", kept, (4, 4))
        s.call("add_cancelled", kept, (5, 5), show=True)
    s.call("take")
    s.each("external", ["1", "0", "undefined"])
    for kind in ("external_buffer", "external_arraybuffer"):
        s.call(kind, (7, 7), save=kind)
        s.call("unwrap", ref(kind))
        s.call("wrap", ref(kind), (7, 7), show=True)
        s.call("unwrap", ref(kind))
    s.each("add_hook", [1, 2, 3])
    s.each("remove_hook", [2])
    s.each("remove_hook", [4, "undefined", "'a'"])


def steps_of_function(s):
    for name in ("noop", "target", "fail", "call"):
        s.act("value", export(name))
        s.act("text", export(name))
    operate_on_any(s, export("identity"))
    s.each("noop", ["undefined", "{}"])
    s.each("identity", POOL)
    for name in POOL:
        s.call("receiver", on=POOL[name])
        s.steps[-1]["text"] += f" on {name}"
    for count in range(6):
        s.call("arguments", *range(count))
        s.call("target", *range(count), do="new")
        s.call("target", *range(count))
        s.call("replace", *range(count), do="new")
    s.each("target", POOL, do="new")
    s.each("replace", POOL, do="new")
    s.each("noop", ["undefined"], do="new")
    s.each("fail", ["undefined"], do="new")
    s.call("fail")
    s.each("call", ["arguments", "method", "f", "f throws", "f throws 42"], POOL)
    s.each("call", POOL, ["undefined"], ["1"])
    s.each("call", ["arguments"], ["undefined"], POOL)
    s.call("call", "arguments", "null", *range(10))
    s.call("call", export("arguments"), "null", *range(10))
    s.call("call", export("receiver"), "null")
    s.call("call", export("receiver"), "1")
    s.call("call", export("fail"), "1")
    s.each("construct", POOL)
    s.each("construct", FUNCTIONS, ["1", "{}"])
    for name in ("target", "replace", "noop", "receiver", "arguments", "fail"):
        s.call("construct", export(name))
        s.call("construct", export(name), (1, 1))
        s.call("construct", export(name), "{}")
        s.call("call", export(name), "{}")
    for kind in ("Object", "Array", "Map", "Error", "Uint8Array"):
        s.call("construct", world(kind))
        s.call("construct", world(kind), (1, 1))
        s.call("attempt", world(kind), "true")
    for name in ("Symbol", "BigInt", "Promise", "Math", "parseInt"):
        s.call("attempt", world(name), "true")
    s.each("attempt", POOL, ["true", "false"])
    s.each("make", [*STRINGS, *NOTHING, "1"], ["1"])
    s.each("make", ["'a'"], NUMBERS)
    s.each("make", ["'a'"], ["'a'", "{}", "undefined"])
    s.call("make", lit("made"), (77, 77), save="made")
    s.act("apply", ref("made"), "undefined")
    s.act("construct", ref("made"))
    operate_on_any(s, ref("made"))
    for key in ("name", "length", "prototype", "caller", "arguments"):
        s.act("set", ref("made"), lit(key), "'a'", show=True)
        s.act("delete", ref("made"), lit(key), show=True)
    s.each("recurse", ["f", "f throws", "1", "arguments"])
    not_strings = {key: value for key, value in POOL.items() if key not in STRINGS}
    s.each("run_failing", not_strings)
    s.call("while_pending")


def steps_of_object(s):
    s.call("create")
    s.call("array")
    s.each("array_with_length", [0, 1, 3, 100, "1.5", "NaN", "undefined", "'a'"])
    s.each("array_length", POOL)
    s.each("is_array", POOL)
    every = [name for name in POOL if name != "Buffer"]
    s.each("names", every)
    # All keys of a prototype are more than a host without JavaScript has.
    s.each("all_names", every, [0], [2, 10, 18], [0, 1])
    s.each("all_names", OBJECTS, [1], [0, 1, 8, 16, 24], [0, 1])
    some = ["{b,a,1}", "{symbol}", "[1,,3]", "create(null)", "create({a})"]
    s.each("all_names", some, [1], range(32), [0, 1])
    s.each("all_names", ["create(null)"], [0], range(32), [0, 1])
    s.each("all_names", ["{}"], [2, -1], [2], [0])
    s.each("all_names", ["{b,a,1}"], [1], [0], [2, -1])
    prototypes = ["null", "{}", "{b,a,1}", "f", "[]"]
    names = ["a", "b", "1", symbol("s"), "a"]
    lists = [("no names", []), ("names", names), ("[1]", [1]), ("[{}]", [obj()])]
    s.each("create_with", prototypes, lists, [("values", [1, "x", obj(), 4, 5])])
    s.call("create_with")
    s.each("create_with", prototypes)
    s.call("receiver")
    s.call("receiver", on=export())
    s.each("is_hole", ["[1,,3]", "{b,a,1}", "Uint8Array"], [0, 1, 2, 5, "2**32-1"])
    s.each("set_element", OBJECTS, [0, 1, 6], ["'a'"])
    s.each("set_element", PRIMITIVES, [0], ["'a'"])
    s.call("missing_arguments")
    s.call("while_pending")


KEYS = {
    **{f"'{key}'": key for key in ("a", "0", "1", "length", "none", "-0", "01")},
    **{"0": 0, "1": 1, "-1": -1, "1.5": 1.5, "-0": number("-0")},
    **{name: POOL[name] for name in ("undefined", "null", "true", "-5n", "NaN")},
    **{name: POOL[name] for name in ("Symbol.iterator", "Symbol.for('s')")},
    **{name: POOL[name] for name in ("[1,2]", "{toString}", "{toString fails}")},
}


def steps_of_property(s):
    keys = list(KEYS.items())
    some = ["{b,a,1}", "[1,,3]", "f", "class K", "Uint8Array", "String('ab')"]
    some += ["create({a})", "create(null)", "frozen", "frozen []", "Error('e')", "Map"]
    for name in ("get", "has", "has_own"):
        s.each(name, some, keys)
        s.each(name, POOL, ["'a'", "0"])
    s.each("delete_key", some, keys, show=True)
    s.each("delete_key", POOL, ["'a'", "0"])
    s.each("set", some, keys, ["'12'"])
    s.each("set", POOL, ["'a'", "0"], ["1.5"])
    s.each("set", BYTES, ["0", "-0", lit("5")], ["NaN", "'12'", "'a'", "{}", "-5n"])
    named = [lit(key) for key in ("a", "0", "length", "name", "none", "prototype")]
    named += ["''", "'😀'", "'é€'", lit("__proto__"), lit("constructor")]
    s.each("get_named", OBJECTS, named)
    s.each("has_named", OBJECTS, named)
    s.each("set_named", OBJECTS, named, ["1.5"])
    for name in ("get_named", "has_named", "set_named"):
        s.each(name, PRIMITIVES, ["'a'", "'length'"], ["1.5"])
    s.each("get_element", POOL, [0, 1, "2**32-1"])
    s.each("has_element", POOL, [0, 1])
    s.each("set_element", OBJECTS, [0, 1, 4], ["'a'"])
    s.each("delete_element", POOL, [0, 5], show=True)
    whats = [lit(what) for what in ("value", "method", "getter", "setter", "both")]
    some = ["{}", "{b,a,1}", "[1,2]", "f", "class K", "frozen", "sealed", "closed"]
    some += ["{accessor}", "Uint8Array", "Error('e')", "String('ab')", "Map"]
    keys = ["'a'", lit("0"), "Symbol('s')", lit("length")]
    s.each("define", some, keys, whats, [0, 7], ["1.5"], show=True)
    s.each("define", ["{b,a,1}"], ["'a'"], whats, range(8), ["1.5"], show=True)
    s.each("define", ["{b,a,1}"], [*NOTHING, "1", "{}"], whats, [0], ["1"])
    s.each("define", PRIMITIVES, ["'a'"], whats[:1], [0], ["1.5"])
    for name in ("freeze", "seal", "get_prototype", "on"):
        s.each(name, POOL, show=True)
    some = [name for name in OBJECTS if name != "Buffer"]
    s.each("set_prototype", some, ["null", "{b,a,1}", "[1,2]"], show=True)
    s.each("set_prototype", PRIMITIVES, ["null", "{}"])
    s.each("set_prototype", ["{}"], POOL)
    s.call("while_pending")
    s.call("nothing")


def steps_of_promise(s):
    s.each("is_promise", POOL)
    s.call("is_promise", ("thenable", obj(("then", returns(1, "then")))))
    s.each("resolve", POOL)
    s.each("reject", ["undefined", "{}", "1"])
    answers = [*PRIMITIVES, *PLAIN, *FUNCTIONS, *ERRORS, "Date(0)", "Buffer"]
    values = [argument(name) for name in answers]
    values += [
        ("fulfilled", promise("fulfilled", 5)),
        ("rejected", promise("rejected", error("Error", "no"))),
        ("thenable", obj(("then", throws(error("Error", "in then"), "then")))),
        ("then 1", obj(("then", 1))),
    ]
    for index, value in enumerate(values):
        for act in ("resolve", "reject"):
            name = f"{act}{index}"
            s.call("make", save=name)
            s.act("listen", ref(name, 0), lit(name))
            s.call(act, ref(name, 1), value)
            s.settle()
    s.call("make", save="late")
    s.call("is_promise", ref("late", 0))
    s.call("resolve", ref("late", 1), "1")
    s.act("listen", ref("late", 0), lit("late"))
    s.act("listen", ref("late", 0), lit("again"))
    s.settle()
    s.call("make", save="own")
    s.act("listen", ref("own", 0), lit("own"))
    s.call("resolve", ref("own", 1), ref("own", 0))
    s.settle()
    operate_on_any(s, ref("late", 0))


def steps_of_reference(s):
    s.each("create", PRIMITIVES, [0, 1])
    s.each("create", ["{}"], [0, 1, "'a'", "undefined"])
    for index, name in enumerate(OBJECTS):
        for count in (0, 2):
            kept, made = f"o{index}", f"r{index}.{count}"
            s.act("value", name, save=kept)
            s.call("create", ref(kept), count, save=made)
            s.call("get", ref(made))
            for step in ("ref", "ref", "unref", "unref", "unref", "unref"):
                s.call(step, ref(made))
            s.call("get", ref(made))
            s.call("ref", ref(made))
            s.call("drop", ref(made))
        s.call("churn", ref(kept), (20, 20))
    for name in ("get", "ref", "unref", "drop"):
        s.each(name, ["undefined", "null", "1", "{}", "'a'"])
    s.each("churn", [*PRIMITIVES], [2])
    s.each("churn", ["{}"], ["'a'", "undefined", "0"])


def steps_of_scope(s):
    s.each("escape", POOL)
    s.each("escape_twice", POOL)
    s.call("close_unopened")
    s.each("many", [0, 1, 1000, "'a'", "undefined", "NaN"])
    s.each("call_while_pending", POOL)


def steps_of_symbol(s):
    s.each("create", POOL)
    s.each("symbol_for", POOL)
    s.call("create_plain")
    s.call("symbol_for_nothing")
    s.call("refused")
    s.call("create", "'a'", save="made")
    s.call("symbol_for", "'a'", save="shared")
    for key in [ref("made"), ref("shared"), *SYMBOLS]:
        s.each("set", OBJECTS, [key], ["1"])
        s.each("get", POOL, [key])
    s.each("get", ["{symbol}"], [ref("made"), *NOTHING])
    for name in ("made", "shared"):
        s.act("text", ref(name))
        s.act("get", ref(name), lit("description"))
        s.act("kind", ref(name))


def steps_of_threadsafe(s):
    for count in (0, 3, 5):
        s.act("listener", lit(f"l{count}"), save=f"l{count}")
        s.call("create", ref(f"l{count}"), (count, count))
        s.call("push", (0, 0))
        s.call("push", (1, 1))
        s.settle()
        s.call("push", (3, 3))
        s.settle()
        s.call("release")
        s.settle()
        s.call("get_finalized")
    s.act("listener", lit("threads"), save="threads")
    s.call("create", ref("threads"), (0, 0))
    s.call("threads", (1, 1), (6, 6))
    s.settle()
    s.call("threads", (0, 0), (6, 6))
    s.call("release")
    s.settle()
    for start, items in (("start", 3), ("start_numbered", 4)):
        s.act("listener", lit(start), save=start)
        s.call("create", ref(start), (0, 0))
        s.call("unref")
        s.call("ref")
        s.call(start, (1, 1), (items, items))
        s.call("join")
        s.settle()
        s.call("release")
        s.settle()
        s.call("get_finalized")
    s.each("create", [name for name in POOL if name not in FUNCTIONS], [0])


def steps_of_value(s):
    sizes = [0, 1, 2, 3, 4, 5, 10, "'a'"]
    for name in ("utf8", "utf16"):
        s.each(name, STRINGS, sizes)
        s.each(name, ["1", "undefined", "{}", "String('ab')", "Symbol('s')"], [4])
    for name in ("from_utf8", "from_utf16"):
        s.each(name, POOL)
        for bytes_ in ([0x61, 0, 0x62], [0xC3, 0x28, 0x61], [0xED, 0xA0, 0x80]):
            s.call(name, (f"Buffer {bytes_}", data("Buffer", bytes_)))
        for bytes_ in ([0x3D, 0xD8, 0, 0xDE], [0, 0xD8], [0xF0, 0x9F, 0x98, 0x80]):
            s.call(name, (f"Buffer {bytes_}", data("Buffer", bytes_)))
    s.each("ints", POOL)
    s.each("words", POOL)


def steps_of_value_bigint(s):
    for name in ("int64", "uint64", "query", "half_query"):
        s.each(name, POOL)
    s.each("to_words", [*BIGINTS, "1", "{}", "undefined"], range(6))
    words = [[], [0], [5], [0, 0, 7], [2**64 - 1], [2**64 - 1, 2**63]]
    for sign, items in itertools.product((0, 1, 2, -1), words):
        value = [bigint(item) for item in items]
        s.call("from_words", sign, (str(items), value))
    s.each("from_words", [0], ["{}", "undefined", "[1,2]"])
    s.each("refuse", [0, 1])


def steps_of_value_coerce(s):
    for which in range(4):
        pool = [name for name in POOL if which != 2 or name not in FUNCTIONS]
        s.each("coerce", [which], pool)
        s.each("failure", [which], pool)


def steps_of_value_compare(s):
    s.each("type_of", POOL)
    s.each("is_error", POOL)
    s.each("is_promise", POOL)
    s.each("nothing", ["1"])
    s.each("get_bool", POOL)
    s.each("strict_equals", PRIMITIVES, PRIMITIVES)
    s.each("strict_equals", OBJECTS, ["{}", "1", "'a'"])
    for name in OBJECTS:
        s.act("value", name, save=f"same {name}")
        s.call("strict_equals", ref(f"same {name}"), ref(f"same {name}"))
    kinds = ("Object", "Array", "Function", "Error", "TypeError", "Date", "Map")
    kinds += ("Promise", "Uint8Array", "Buffer", "ArrayBuffer", "Number", "Symbol")
    s.each("instance", POOL, [world(kind) for kind in kinds])
    s.each("instance", ["{}"], POOL, BOOLEANS)
    s.call("singletons")
    s.each("make_class", [known_argument("hasInstance")], POOL)
    s.call("make_class", "undefined", "undefined", save="Made")
    s.call("instance", "{}", ref("Made"))
    s.act("construct", ref("Made"), save="made")
    s.call("instance", ref("made"), ref("Made"))
    for index, answer in enumerate(["true", "'a'", "0", "undefined", "{}"]):
        made = f"Made{index}"
        value = returns(POOL[answer], "hasInstance")
        s.call("make_class", known_argument("hasInstance"), (answer, value), save=made)
        s.call("instance", "{}", ref(made))
    s.call("make_class", known_argument("hasInstance"), "f throws", save="MadeThrowing")
    s.each("instance", ["{}"], [ref("MadeThrowing")], BOOLEANS)


def known_argument(name):
    return f"Symbol.{name}", known(name)


def steps_of_value_date(s):
    for name in ("create", "is_date", "value"):
        s.each(name, POOL)
    for time in ("8640000000000000", "8640000000000001", "-1", "1.9", "-1.9"):
        s.call("create", (time, number(time)), save="date")
        s.call("value", ref("date"))
    for time in (0, 86400000, -1):
        s.call("create", time, save="date")
        for method in ("toISOString", "getTime", "toJSON"):
            s.act("invoke", ref("date"), lit(method))


def steps_of_value_number(s):
    for name in ("create_double", "create_int32", "create_uint32", "create_int64"):
        s.each(name, POOL)
    s.each("convert", POOL)
    for power in range(0, 70, 3):
        for offset in (-1, 0, 1):
            value = number(str(2**power + offset))
            s.call("convert", (f"2**{power}{offset:+}", value))
            value = bigint(2**power + offset)
            s.call("create_int64", (f"2n**{power}n{offset:+}", value))


def steps_of_value_string(s):
    encodings = [0, 1, 2]
    s.each("copy", encodings, STRINGS, range(7))
    s.each("copy", encodings, ["1", "undefined", "{}", "Symbol('s')"], [4])
    for name in ("measure", "without_result"):
        s.each(name, encodings, POOL)
    texts = ["", "61", "6100", "c3a9", "e9", "3dd800de", "00d8", "f09f9880", "eda080"]
    texts += ["c328", "f0808080", "ff61", "e282ac"]
    s.each("create", encodings, [lit(text) for text in texts], BOOLEANS, BOOLEANS)
    s.each("refuse", encodings, BOOLEANS)
    s.each("external", BOOLEANS, ["false"], BOOLEANS)
    s.call("external_plain")
    s.each("reused_name", OBJECTS, ["'a'", "'12'"], ["'a'", "'é€'"])
    s.each("reused_name", PRIMITIVES, ["'a'"], ["'12'"])


def steps_of_async_work(s):
    numbers = ["1", "-1", "1.5", "NaN", "undefined", "'a'", "{}"]
    for index, value in enumerate(numbers):
        s.call("doubled", value, save=f"d{index}")
        s.act("listen", ref(f"d{index}"), lit(f"d{index}"))
        s.call("wait_running", (0, 0))
        s.act("wait", ref(f"d{index}"))
        s.settle()
        s.call("counts")
        s.call("get_last_status")
    s.call("batch", (0, 0))
    s.call("open_gate", "false")
    s.call("doubled", (7, 7), "true", save="gated")
    s.act("listen", ref("gated"), lit("gated"))
    s.call("wait_running", (1, 1))
    s.settle()
    s.call("open_gate", "true")
    s.act("wait", ref("gated"))
    s.settle()
    s.each("call_back", ["{}", "undefined", "1"], FUNCTIONS)
    s.each("call_back", ["{}"], ["undefined", "1", "'a'", "{}"])
    s.act("listener", lit("later"), save="later")
    s.call("later", ref("later"))
    s.call("doubled", (1, 1), save="last")
    s.act("wait", ref("last"))
    s.settle()


def steps_of_leaks(s):
    s.call("names")
    s.each("echo", POOL)
    kinds = ("call", "string_utf8", "numbers", "bigint", "object", "array", "error")
    kinds += ("buffer", "typed_array", "promise", "function", "define_class", "scope")
    s.each("repeat", [lit(kind) for kind in kinds], [0, 3], ["f"])
    s.each("repeat", ["'a'", "1", "undefined"], [1], ["f"])


def steps_of_view(s):
    questions = ("arraybuffer", "shared", "detached", "typedarray", "dataview")
    for kind in (*questions, "buffer"):
        s.each(f"is_{kind}", POOL, [0])
        s.each(f"is_{kind}", ["{}"], [1, 2, 4])
    for name in ("info", "buffer_info", "typed_info", "dataview_info"):
        s.each(name, [key for key in POOL if key != "Buffer"], [0])
        s.each(name, ["ArrayBuffer", "Uint8Array", "DataView"], [1, 2])
    for name in ("create", "create_shared"):
        s.each(name, [0, 1, 5], [0, 7], [0, 1, 4])
    s.each("create_buffer", [0, 1, 5], [7], [0, 1, 4])
    buffers = ["ArrayBuffer", ("8 bytes", data("ArrayBuffer", [0] * 8)), "{}", "1"]
    s.each("typed", buffers, range(12), [0, 1, 2, 9], [0, 1, 4], [0])
    s.each("dataview", [*buffers, "Uint8Array"], [0, 1, 8, 9], [0, 1, 8, 9], [0])
    s.each("buffer_over", [*buffers, "Uint8Array"], [0, 1, 8], [0, 1, 9], [0])
    s.each("buffer_copy", ["''", "'a'", "'é€'"], [0, 1])
    for index, name in enumerate(BYTES):
        s.act("value", name, save=f"v{index}")
        s.each("write_byte", [ref(f"v{index}")], [0, 1], [65], show=True)
        s.each("element", [ref(f"v{index}")], [0, 1, 9])
        s.each("set_element", [ref(f"v{index}")], [0, 9], ["1.5"], show=True)
    s.call("create", (4, 4), (1, 1), (0, 0), save="made")
    s.call("detach", ref("made", 3), (0, 0))
    s.call("is_detached", ref("made", 3), (0, 0))
    s.call("info", ref("made", 3), (0, 0))
    s.each("detach", [name for name in POOL if name not in BYTES], [0])


BUILDERS = {
    name.removeprefix("steps_of_"): build
    for name, build in globals().items()
    if name.startswith("steps_of_")
}


def steps(fixture):
    """The steps of one fixture."""
    script = Script()
    BUILDERS[fixture](script)
    return script.steps
