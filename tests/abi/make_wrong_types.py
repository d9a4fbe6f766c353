#!/usr/bin/env python3
"""Makes an addon that calls each function with each value of a wrong type.

The functions come from the ledger, their parameters from the headers; what is valid
for the other parameters from make_null_matrix.py. The addon exports ``run(index)``,
for one parameter of one function, which gives one line a kind of value::

    napi_get_array_length value undefined: 8 8 -

that is: the status, the last error's code, and the exception that is then pending:
its name if it is an error, ``a`` and the number of its type if it is another value.

python tests/abi/make_wrong_types.py        prints the addon
python tests/abi/record.py                  records what Node answers
"""

import json
import subprocess
import tempfile
from pathlib import Path

import extract
import make_null_matrix as matrix

HERE = Path(__file__).resolve().parent
RECORD = HERE / "wrong_types.json"
# kind -> the C expression
KINDS = {
    "undefined": "make_undefined(env)",
    "null": "make_null(env)",
    "boolean": "make_bool(env)",
    "number": "make_number(env)",
    "string": "make_script(env)",
    "symbol": "make_symbol(env)",
    "bigint": "make_bigint(env)",
    "object": "make_object(env)",
    "array": "make_array(env)",
    "function": "make_function(env)",
    "external": "make_external(env)",
    "date": "make_date(env)",
    "promise": "make_promise(env)",
    "arraybuffer": "make_arraybuffer(env)",
    "sharedarraybuffer": "make_shared(env)",
    "typedarray": "make_typedarray(env)",
    "dataview": "make_dataview(env)",
    "buffer": "make_buffer(env)",
    "error": "make_error(env)",
}
LISTS = ("const napi_value *",)
PRIMITIVES = ("undefined", "boolean", "number", "string", "symbol", "bigint")
# (function, parameter, kind) that Node does not survive, and why.
FATAL = {
    **{
        (
            "node_api_create_object_with_properties",
            "prototype_or_null",
            kind,
        ): "V8 expects an object or null"
        for kind in (*PRIMITIVES, "external")
    },
    ("node_api_set_prototype", "value", "external"): "V8 reads past it and crashes",
    ("napi_wrap", "js_object", "external"): "V8 has it in memory that is read-only",
}
PENDS = "Node throws it when the callback returns, and until then does not know it"
# (function, parameter, kind): what is answered here instead, and why.
DIFFERENT = {
    (function, "async_resource", kind): ("2 2 TypeError", PENDS)
    for function in (
        "napi_async_init",
        "napi_create_async_work",
        "napi_create_threadsafe_function",
    )
    for kind in ("undefined", "null")
}
MORE = r"""
#define JUST(what, call) MAKE(what, napi_value, call)
JUST(undefined, napi_get_undefined(env, &made))
JUST(null, napi_get_null(env, &made))
JUST(symbol, napi_create_symbol(env, NULL, &made))
JUST(shared, node_api_create_sharedarraybuffer(env, 16, NULL, &made))
static napi_value make_promise(napi_env env)
{
    napi_deferred deferred;
    napi_value made = NULL;
    SETUP(napi_create_promise(env, &deferred, &made));
    SETUP(napi_resolve_deferred(env, deferred, make_object(env)));
    return made;
}

static void describe(napi_env env, napi_value exception, char *name)
{
    bool is_error = false;
    napi_value property;
    napi_valuetype type;
    SETUP(napi_is_error(env, exception, &is_error));
    if (is_error) {
        SETUP(napi_get_named_property(env, exception, "name", &property));
        SETUP(napi_get_value_string_utf8(env, property, name, 40, NULL));
    } else {
        SETUP(napi_typeof(env, exception, &type));
        snprintf(name, 40, "a%d", (int)type);
    }
}

static void tell(napi_env env, const char *function, const char *parameter,
                 const char *kind, napi_status status)
{
    const napi_extended_error_info *info = NULL;
    bool pending = false;
    char name[40] = "-";
    napi_value exception;
    SETUP(napi_get_last_error_info(env, &info));
    int last = info == NULL ? -1 : (int)info->error_code;
    SETUP(napi_is_exception_pending(env, &pending));
    if (pending) {
        SETUP(napi_get_and_clear_last_exception(env, &exception));
        describe(env, exception, name);
    }
    add("%s %s %s: %d %d %s\n", function, parameter, kind, (int)status, last,
        name);
}
"""


def positions():
    """(function, number of the parameter), in the order of ``run``'s index."""
    return [
        (function, number)
        for function in matrix.covered()
        for number, parameter in enumerate(function.parameters)
        if parameter.type in ("napi_value", *LISTS)
    ]


def make_row(function, number):
    """The C function of one parameter of one function of the ABI."""
    name = f"row_{function.name}_{number}"
    lines = [
        "",
        f"static void {name}(napi_env env, napi_callback_info info, const char *kind,",
        "    napi_value wrong)",
        "{",
        "    (void)info;",
    ]
    passed = []
    for other, parameter in enumerate(function.parameters):
        if parameter.name == "env":
            passed.append("env")
            continue
        argument = matrix.valid_argument(function, parameter)
        if other == number:
            is_list = parameter.type in LISTS
            argument = "(napi_value[1]){wrong}" if is_list else "wrong"
        lines.append(f"    {parameter.type} {parameter.name} = {argument};")
        if parameter.name == "result" or f"{parameter.name}_" in matrix.AFTER.get(
            function.name, ""
        ):
            lines.append(f"    {parameter.type} {parameter.name}_ = {parameter.name};")
            lines.append(f"    (void){parameter.name}_;")
        passed.append(parameter.name)
    label = function.parameters[number].name
    lines += [
        "    enter(env, VALID);",
        f"    napi_status status = {function.name}({', '.join(passed)});",
        f'    tell(env, "{function.name}", "{label}", kind, status);',
    ]
    if function.name in matrix.AFTER:
        lines.append(f"    {matrix.AFTER[function.name]}")
    return [*lines, "}"]


def make_case(index, function, number, fatal):
    """The C function that goes through the kinds."""
    label = function.parameters[number].name
    lines = [f"static void case_{index}(napi_env env, napi_callback_info info)", "{"]
    for kind, expression in KINDS.items():
        if fatal or (function.name, label, kind) not in FATAL:
            row = f"row_{function.name}_{number}"
            lines.append(f'    {row}(env, info, "{kind}", {expression});')
    return [*lines, "}"]


def source(fatal=False):
    """The text of the addon; with the rows that Node does not survive, or not."""
    lines = [matrix.PREFIX, MORE]
    for index, (function, number) in enumerate(positions()):
        lines += make_row(function, number)
        lines += make_case(index, function, number, fatal)
    lines.append("static void (*const cases[])(napi_env, napi_callback_info) = {")
    lines += [f"    case_{index}," for index in range(len(positions()))]
    lines += ["};", matrix.SUFFIX]
    return "\n".join(lines)


def build(target, include=matrix.ROOT / "include", fatal=False):
    """Compiles the addon."""
    command = [extract.compiler(), "-std=gnu11", "-g", "-fPIC", "-shared", "-Wall"]
    command += ["-Werror", "-Wno-unused-function", f"-I{include}"]
    extract.run([*command, "-o", target, "-xc", "-"], source(fatal))
    return target


def parse(text):
    """Lines of the addon -> {function parameter: {kind: answer}}."""
    found = {}
    for line in text.splitlines():
        what, _, answer = line.rpartition(": ")
        position, _, kind = what.rpartition(" ")
        found.setdefault(position, {})[kind] = answer
    return found


def ask_node(include, node):
    """Runs the matrix under Node: {function parameter: {kind: answer}}."""
    with tempfile.TemporaryDirectory() as scratch:
        addon = build(Path(scratch) / "wrong.node", include)
        count = str(len(positions()))
        done = subprocess.run(
            [node, "-e", matrix.SCRIPT, addon, count], capture_output=True, text=True
        )
    found = parse(done.stdout)
    if done.returncode != 0:
        last = list(found)[-1] if found else "nothing"
        raise RuntimeError(
            f"Node ended with {done.returncode} after {last}\n{done.stderr}"
        )
    return found


def record(include, node):
    """Writes what Node answers."""
    found = ask_node(include, node)
    RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{RECORD}: {sum(map(len, found.values()))} rows of {len(found)} parameters")


if __name__ == "__main__":
    print(source())
