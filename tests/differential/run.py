"""Runs a list of steps over an addon under napi and prints a line for each.

python run.py ADDON STEPS.json [native]

steps.py says what a step and a value of it look like; run.mjs prints the same lines
under Node where nothing differs. With `native`, plain objects and arrays are dicts and
lists.
"""

import json
import re
import sys
import time
from pathlib import Path

import napi
from napi._native import shim
from napi.runtime.box import Box

MOST_DEPTH = 3
MOST_ITEMS = 40
MOST_SECONDS = 30
HOLE = {"$": "hole"}
INDEX = re.compile(r"0|[1-9]\d*")
DIGITS_OR_LENGTH = re.compile(r"\d+|length")

is_native = sys.argv[3:] == ["native"]
saved = {}
heard = []
exported = None


def is_object(value):
    return shim.typeof(value) in ("object", "function", "external")


def follow(path, value):
    for key in path or ():
        value = shim.get(value, make(key))
    return value


# === values of a step ===


def make(spec):
    if spec is None:
        return napi.null
    if isinstance(spec, list):
        return make_array(spec)
    if isinstance(spec, dict):
        return MAKERS[spec["$"]](spec)
    return spec


def make_array(items):
    if is_native and HOLE not in items:
        return [make(item) for item in items]
    made = napi.Array()
    for index, item in enumerate(items):
        if item == HOLE:
            shim.set(made, "length", index + 1)
        else:
            shim.set(made, str(index), make(item))
    return made


def make_object(spec):
    entries = spec.get("entries", ())
    has_more = "prototype" in spec or "accessors" in spec
    if is_native and not has_more and all(isinstance(key, str) for key, _ in entries):
        return {key: make(value) for key, value in entries}
    made = napi.Object()
    if "prototype" in spec:
        shim.set_prototype(made, make(spec["prototype"]))
    for key, value in spec.get("entries", ()):
        shim.set(made, make(key), make(value))
    for accessor in spec.get("accessors", ()):
        halves = {
            half: make(accessor[half]) for half in ("get", "set") if half in accessor
        }
        shim.define(
            made,
            make(accessor["key"]),
            enumerable=accessor["enumerable"],
            configurable=True,
            **halves,
        )
    return made


def make_symbol(spec):
    if "registered" in spec:
        return napi.Symbol.for_(spec["registered"])
    if "known" in spec:
        return getattr(napi.Symbol, spec["known"])
    return napi.Symbol(spec.get("description"))


def make_function(spec):
    does, value = spec["does"], spec.get("value")

    def made(*given):
        if does == "throws":
            raise throwable(make(value))
        return napi.Array(given) if does == "arguments" else make(value)

    made.__name__ = spec["name"]
    return made


def throwable(value):
    return value if isinstance(value, BaseException) else napi.Thrown(value)


def make_method(spec):
    def made(this, *_):
        return this

    made.__name__ = spec["name"]
    return napi.method(made)


def make_class(spec):
    return type(spec["name"], (), {"__init__": lambda self, *_: None})


def make_error(spec):
    made = getattr(napi, spec["kind"])(spec["message"])
    for key, value in spec.get("own", ()):
        shim.set(made, key, make(value))
    return made


def make_bytes(spec):
    kind, data = spec["kind"], spec["data"]
    if kind == "Buffer":
        return napi.Buffer(bytes(data))
    if kind in ("ArrayBuffer", "DataView"):
        memory = napi.ArrayBuffer(len(data))
        memoryview(memory)[:] = bytes(data)
        if kind == "ArrayBuffer":
            return memory
        return napi.DataView(memory, spec["offset"], spec["length"])
    made = getattr(napi, kind)([make(item) for item in data])
    if "offset" in spec:
        made = getattr(napi, kind)(
            shim.get(made, "buffer"), spec["offset"], spec["length"]
        )
    return made


def make_promise(spec):
    made = napi.Promise()
    if spec["state"] == "fulfilled":
        made._resolve(make(spec["value"]))
    elif spec["state"] == "rejected":
        made._reject(make(spec["value"]))
        made.catch(lambda *_: None)
    return made


def make_changed(spec):
    acts = {"freeze": shim.freeze, "seal": shim.seal, "close": shim.prevent_extensions}
    made = make(spec["value"])
    if type(made) in (dict, list):
        made = (napi.Object if type(made) is dict else napi.Array)(made)
    acts[spec["act"]](made)
    return made


def make_map(spec):
    made = napi.Map()
    for key, value in spec["entries"]:
        shim.call(shim.get(made, "set"), made, make(key), make(value))
    return made


def make_set(spec):
    made = napi.Set()
    for item in spec["items"]:
        shim.call(shim.get(made, "add"), made, make(item))
    return made


def make_number(spec):
    return float(spec["text"].replace("Infinity", "inf"))


MAKERS = {
    "undefined": lambda spec: None,
    "number": make_number,
    "bigint": lambda spec: napi.BigInt(spec["text"]),
    "symbol": make_symbol,
    "object": make_object,
    "function": make_function,
    "method": make_method,
    "class": make_class,
    "error": make_error,
    "bytes": make_bytes,
    "promise": make_promise,
    "date": lambda spec: napi.Date(make(spec["time"])),
    "map": make_map,
    "set": make_set,
    "box": lambda spec: shim.to_object(make(spec["value"])),
    "ref": lambda spec: follow(spec.get("path"), saved[spec["name"]]),
    "global": lambda spec: follow(spec["path"], napi.globalThis),
    "export": lambda spec: follow(spec["path"], exported),
    "changed": make_changed,
}

# === the printer ===


def show_symbol(value):
    text = value.description
    if text is not None and napi.Symbol.for_(text) is value:
        return f"Symbol.for({json.dumps(text)})"
    return "Symbol()" if text is None else f"Symbol({json.dumps(text)})"


def show_primitive(value):
    kind = shim.typeof(value)
    if kind == "string":
        return json.dumps(value)
    if kind == "symbol":
        return show_symbol(value)
    if kind == "bigint":
        return f"{int(value)}n"
    if kind == "number" and value == 0 and str(value).startswith("-"):
        return "-0"
    return shim.to_string(value)


def class_name(value):
    found = shim.get_prototype(value)
    if found is napi.null:
        return "null"
    while found is not napi.null:
        shim.get(found, "constructor")  # lazy ones are made now
        own = shim.own_property(found, "constructor")
        if own and "value" in own and shim.typeof(own["value"]) == "function":
            return shim.to_string(shim.get(own["value"], "name"))
        found = shim.get_prototype(found)
    return "?"


def show_marks(found):
    marks = " const" if found.get("writable") is False else ""
    marks += "" if found["enumerable"] else " hidden"
    return marks + ("" if found["configurable"] else " fixed")


def show_text(text):
    """V8 names the expression that is running where it can, we name the function."""
    return json.dumps(re.sub(r"^.* (?=is not a constructor$)", "... ", text))


def show_property(value, key, depth):
    found = shim.own_property(value, key)
    name = json.dumps(key) if isinstance(key, str) else f"[{show_symbol(key)}]"
    if key == "message" and isinstance(found.get("value"), str):
        what = show_text(found["value"])
    elif "value" in found:
        what = show(found["value"], depth)
    else:
        halves = (show(found[half], depth) for half in ("get", "set"))
        what = f"accessor({', '.join(halves)})"
    return f"{name}{show_marks(found)}: {what}"


def show_list(items, show_item, brackets):
    items = list(items)
    texts = [show_item(item) for item in items[:MOST_ITEMS]]
    if len(items) > MOST_ITEMS:
        texts.append(f"{len(items)} in all")
    return brackets[0] + ", ".join(texts) + brackets[1]


def show_integrity(value):
    if shim.is_extensible(value):
        return ""
    if shim.is_frozen(value):
        return " frozen"
    return " sealed" if shim.is_sealed(value) else " closed"


def built_in(kind, key):
    """A property of a prototype: a value may have got another one."""
    prototype = shim.get(shim.get(napi.globalThis, kind), "prototype")
    return shim.get(prototype, key)


def show_inside(value, depth):
    """What is inside of an object, beside its properties."""

    def inner(item):
        return show(item, depth)

    if isinstance(value, napi.Date):
        return f"({show(shim.call(built_in('Date', 'getTime'), value))})"
    if isinstance(value, napi.Map):
        pairs = [(key, value[key]) for key in value]
        return show_list(pairs, lambda pair: " => ".join(map(inner, pair)), "()")
    if isinstance(value, napi.Set):
        return show_list(value, inner, "()")
    if isinstance(value, Box):
        return f"({inner(value.primitive)})"
    if isinstance(value, napi.DataView):
        return f"({value.byteOffset}, {value.byteLength})"
    if isinstance(value, napi.ArrayBuffer | napi.SharedArrayBuffer):
        return show_list(bytes(value), inner, "()")
    if isinstance(value, napi.TypedArray):
        # The memory of a Buffer is a part of Node's pool.
        at = f"{value.byteOffset}: "
        at = "" if isinstance(value, napi.Buffer) else at
        return f"({at}{show_list(value, inner, '[]')})"
    return ""


def own_keys(value):
    keys = shim.own_keys(value, True)
    hidden = re.compile("(?!)")
    if isinstance(value, napi.TypedArray):
        hidden = INDEX
    elif isinstance(value, BaseException):
        hidden = re.compile("stack")
    elif isinstance(value, Box) and isinstance(value.primitive, str):
        hidden = DIGITS_OR_LENGTH
    return [key for key in keys if not (isinstance(key, str) and hidden.fullmatch(key))]


def show_properties(value, depth):
    keys = own_keys(value)
    if isinstance(value, list | tuple):
        length = shim.get(value, "length")
        plain = len(keys) == length + 1 and all(
            key == "length" or not show_marks(shim.own_property(value, key))
            for key in keys
        )
        if plain:
            items = [shim.get(value, str(index)) for index in range(length)]
            return f" {show_list(items, lambda item: show(item, depth), '[]')}"
    return f" {show_list(keys, lambda key: show_property(value, key, depth), '{}')}"


def name_in_realm(value):
    """What every realm has goes by its name alone."""
    found = shim.get(value, "constructor") if shim.has_own(value, "constructor") else 0
    if shim.typeof(found) == "function" and shim.get(found, "prototype") is value:
        name = name_in_realm(found)
        return name and f"{name}.prototype"
    if shim.typeof(value) != "function":
        return None
    name = shim.get(value, "name")
    found = isinstance(name, str) and name and shim.get(napi.globalThis, name)
    return name if found is value else None


def show(value, depth=0):
    kind = shim.typeof(value)
    if not is_object(value):
        return show_primitive(value)
    if kind == "external":
        return "External"
    if value is napi.globalThis:
        return "globalThis"
    if value is exported:
        return "exports"
    name = name_in_realm(value)
    if name:
        return name
    head = class_name(value)
    if kind == "function":
        head = f"{head} {show(shim.get(value, 'name'), MOST_DEPTH)}"
    if depth >= MOST_DEPTH:
        return head
    inside = show_inside(value, depth + 1)
    properties = show_properties(value, depth + 1)
    return head + inside + properties + show_integrity(value)


def show_result(value, args):
    """An argument that comes back is named: identity is a part of the answer."""
    if is_object(value):
        for index, argument in enumerate(args):
            if argument is value:
                return f"argument {index} = {show(value)}"
    return show(value)


# === steps ===


def listen(promise, name):
    def note(how):
        return lambda value=None: heard.append(f"{name} {how} {show(value)}")

    promise.then(note("fulfilled"), note("rejected"))


def listener(name):
    def made(*given):
        heard.append(f"{name} got {show(napi.Array(given))}")

    return made


def invoke(target, key, *args):
    return shim.call(shim.get(target, key), target, *args)


OPERATIONS = {
    "construct": shim.construct,
    "apply": shim.call,
    "invoke": invoke,
    "get": shim.get,
    "set": shim.set,
    "delete": shim.delete,
    "has": shim.has,
    "value": lambda value: value,
    "kind": class_name,
    "text": shim.to_string,
    "listen": listen,
    "listener": listener,
}


def operate(step, args):
    if step["do"] == "call":
        on = make(step.get("on", {"$": "undefined"}))
        return shim.call(follow(step["path"], exported), on, *args)
    if step["do"] == "new":
        return shim.construct(follow(step["path"], exported), *args)
    return OPERATIONS[step["do"]](*args)


def run(step):
    if step["do"] == "wait":
        deadline = time.monotonic() + MOST_SECONDS
        promise = make(step["args"][0])
        while promise.state == "pending" and time.monotonic() < deadline:
            napi.run_once()
        return ""
    if step["do"] == "settle":
        for _ in range(5):
            napi.run_once()
        answer = ": " + "; ".join(heard)
        heard.clear()
        return answer
    args = [make(spec) for spec in step["args"]]
    try:
        value = operate(step, args)
        if "save" in step:
            saved[step["save"]] = value
        answer = f" = {show_result(value, args)}"
    except napi.Thrown as error:
        answer = f" ! {show_result(error.value, args)}"
    except Exception as error:
        answer = f" ! {show_result(error, args)}"
    if step.get("show"):
        shown = (show(value) for value in args if is_object(value))
        answer += f" << {', '.join(shown)}"
    return answer


def main():
    global exported
    shim.reports(keep=True)  # some steps misuse on purpose
    addon, steps = sys.argv[1:3]
    exported = napi.load(addon).__exports__
    for step in json.loads(Path(steps).read_text(encoding="utf-8")):
        print(step["text"] + run(step), flush=True)


if __name__ == "__main__":
    main()
