#!/usr/bin/env python3
"""Makes an addon that calls each function with each pointer argument NULL.

The functions come from the ledger, their parameters from the headers. The addon
exports ``run(index)``, which gives one line a row of the matrix::

    napi_wrap js_object=NULL: 1 1 0

that is: the status, the last error's code, and whether an exception is pending.
Further rows are ``valid`` (nothing is NULL), ``all=NULL`` (all but env), ``x=NULL,
y=0`` (x is a list of y elements) and ``pending`` (called with an exception pending).

python tests/abi/make_null_matrix.py        prints the addon
python tests/abi/record.py                  records what Node answers
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RECORD = HERE / "null_arguments.json"
sys.path[:0] = [str(HERE), str(ROOT), str(ROOT / "tools")]

import extract  # noqa: E402
import ledger  # noqa: E402

from napi.testing import abi  # noqa: E402

# Functions that are not called at all, and why.
LEFT_OUT = {
    "napi_fatal_error": "ends the process",
    "napi_module_register": "has no status, and belongs to loading",
}
NO_FUNC = "Node expects a function and stops the process"
NO_MEMORY = "Node expects memory and stops the process"
NO_DEFERRED = "Node reads from it and crashes"
# Rows that Node does not survive, and why: here they must have an answer.
FATAL = {
    ("napi_acquire_threadsafe_function", "func=NULL"): NO_FUNC,
    ("napi_call_threadsafe_function", "func=NULL"): NO_FUNC,
    ("napi_get_threadsafe_function_context", "func=NULL"): NO_FUNC,
    ("napi_get_threadsafe_function_context", "result=NULL"): "Node expects a result",
    ("napi_ref_threadsafe_function", "func=NULL"): NO_FUNC,
    ("napi_release_threadsafe_function", "func=NULL"): NO_FUNC,
    ("napi_unref_threadsafe_function", "func=NULL"): NO_FUNC,
    ("napi_cancel_async_work", "valid"): "Node crashes for work that is not queued",
    ("napi_cancel_async_work", "pending"): "Node crashes for work that is not queued",
    ("napi_create_buffer_copy", "data=NULL"): NO_MEMORY,
    ("napi_create_external_arraybuffer", "external_data=NULL"): NO_MEMORY,
    ("napi_create_external_arraybuffer", "all=NULL"): NO_MEMORY,
    ("napi_create_external_buffer", "data=NULL"): NO_MEMORY,
    ("node_api_create_external_sharedarraybuffer", "external_data=NULL"): NO_MEMORY,
    ("node_api_create_external_string_utf16", "str=NULL,length=0"): NO_MEMORY,
    ("napi_open_callback_scope", "context=NULL"): "Node reads from it and crashes",
    ("napi_reject_deferred", "deferred=NULL"): NO_DEFERRED,
    ("napi_resolve_deferred", "deferred=NULL"): NO_DEFERRED,
}
SCALARS = {
    *("bool", "double", "int", "int32_t", "int64_t", "size_t", "uint32_t"),
    *("uint64_t", "napi_typedarray_type", "napi_key_collection_mode"),
    *("napi_key_filter", "napi_key_conversion"),
    *("napi_threadsafe_function_call_mode", "napi_threadsafe_function_release_mode"),
}
# A list and the parameter that says how long it is.
COUNTS = {
    "argv": "argc",
    "buf": "bufsize",
    "properties": "property_count",
    "property_names": "property_count",
    "property_values": "property_count",
    "str": "length",
    "utf8description": "length",
    "utf8name": "length",
    "words": "word_count",
    "external_data": "byte_length",
    "napi_create_external_buffer.data": "length",
    "napi_create_buffer_copy.data": "length",
}
# Parameter, or function.parameter -> a valid argument.
ARGUMENTS = {
    "env": "env",
    "cbinfo": "info",
    # values
    **dict.fromkeys(
        [
            "object",
            "js_object",
            "recv",
            "prototype_or_null",
            "async_resource",
            "resource_object",
            "value",
            "lhs",
            "rhs",
            "resolution",
            "rejection",
            "escapee",
        ],
        "make_object(env)",
    ),
    **dict.fromkeys(
        ["key", "description", "code", "msg", "script", "async_resource_name"],
        "make_string(env)",
    ),
    "func": "make_function(env)",
    "constructor": "make_function(env)",
    "arraybuffer": "make_arraybuffer(env)",
    "typedarray": "make_typedarray(env)",
    "dataview": "make_dataview(env)",
    "error": "make_error(env)",
    "err": "make_error(env)",
    "napi_get_array_length.value": "make_array(env)",
    "napi_get_buffer_info.value": "make_buffer(env)",
    "napi_get_date_value.value": "make_date(env)",
    "napi_get_value_bigint_int64.value": "make_bigint(env)",
    "napi_get_value_bigint_uint64.value": "make_bigint(env)",
    "napi_get_value_bigint_words.value": "make_bigint(env)",
    "napi_get_value_bool.value": "make_bool(env)",
    "napi_get_value_double.value": "make_number(env)",
    "napi_get_value_external.value": "make_external(env)",
    "napi_get_value_int32.value": "make_number(env)",
    "napi_get_value_int64.value": "make_number(env)",
    "napi_get_value_string_latin1.value": "make_string(env)",
    "napi_get_value_string_utf16.value": "make_string(env)",
    "napi_get_value_string_utf8.value": "make_string(env)",
    "napi_get_value_uint32.value": "make_number(env)",
    "napi_run_script.script": "make_script(env)",
    "napi_remove_wrap.js_object": "make_wrapped(env)",
    "napi_unwrap.js_object": "make_wrapped(env)",
    # scalars
    **dict.fromkeys(
        [
            "argc",
            "property_count",
            "word_count",
            "length",
            "index",
            "initial_thread_count",
        ],
        "1",
    ),
    **dict.fromkeys(["byte_length", "bufsize"], "8"),
    "napi_create_function.length": "1",
    "napi_create_dataview.length": "8",
    "napi_create_buffer.length": "8",
    "napi_create_external_buffer.length": "8",
    "napi_create_buffer_copy.length": "8",
    "byte_offset": "0",
    "max_queue_size": "0",
    "sign_bit": "0",
    "change_in_bytes": "0",
    "initial_refcount": "1",
    "time": "1",
    "type": "napi_uint8_array",
    "key_mode": "napi_key_own_only",
    "key_filter": "napi_key_all_properties",
    "key_conversion": "napi_key_keep_numbers",
    "is_blocking": "napi_tsfn_nonblocking",
    "mode": "napi_tsfn_release",
    # texts and lists
    **dict.fromkeys(["utf8name", "utf8description"], '"k"'),
    **dict.fromkeys(["code:const char *", "msg:const char *"], '"k"'),
    "str:const char *": '"k"',
    "str:char *": "copy_text()",
    "str:const char16_t *": "wide",
    "str:char16_t *": "copy_wide()",
    "buf:char *": "(char[16]){0}",
    "buf:char16_t *": "(char16_t[16]){0}",
    "argv:const napi_value *": "(napi_value[1]){make_object(env)}",
    "argv:napi_value *": "(napi_value[1]){NULL}",
    "argc:size_t *": "&(size_t){1}",
    "property_names": "(napi_value[1]){make_string(env)}",
    "property_values": "(napi_value[1]){make_object(env)}",
    "properties": '&(napi_property_descriptor){.utf8name = "k", .method = called}',
    "type_tag": "&(napi_type_tag){1, 2}",
    "words:const uint64_t *": "(uint64_t[1]){1}",
    "words:uint64_t *": "(uint64_t[1]){0}",
    "word_count:size_t *": "&(size_t){1}",
    # memory and callbacks
    **dict.fromkeys(
        [
            "data",
            "native_object",
            "finalize_hint",
            "finalize_data",
            "arg",
            "external_data",
            "context",
            "thread_finalize_data",
        ],
        "malloc(64)",
    ),
    "cb": "called",
    "napi_define_class.constructor": "called",
    "finalize_cb": "finalized",
    "finalize_callback": "finalized",
    "thread_finalize_cb": "finalized",
    "finalize_cb:node_api_noenv_finalize": "finalized_without_env",
    "fun": "hook",
    "hook": "async_hook",
    "execute": "executed",
    "complete": "completed",
    "call_js_cb": "called_js",
    # handles
    "ref": "make_reference(env)",
    "deferred:napi_deferred": "make_deferred(env)",
    "work": "make_work(env)",
    "async_context": "make_context(env)",
    "context:napi_async_context": "make_context(env)",
    "func:napi_threadsafe_function": "make_threadsafe(env)",
    "scope:napi_handle_scope": "open_scope(env)",
    "scope:napi_escapable_handle_scope": "open_escapable(env)",
    "scope:napi_callback_scope": "open_callback_scope(env)",
    "remove_handle:napi_async_cleanup_hook_handle": "add_async_hook(env)",
}
FAILED = "if (status != napi_ok) "
DONE = "if (status == napi_ok && result_ != NULL) "
DROP_FUNC = "napi_release_threadsafe_function(func, napi_tsfn_abort);"
# What undoes a call, whether its argument was used up or not.
AFTER = {
    "napi_close_handle_scope": FAILED + "napi_close_handle_scope(env, scope);",
    "napi_close_escapable_handle_scope": FAILED
    + "napi_close_escapable_handle_scope(env, scope);",
    "napi_close_callback_scope": FAILED + "napi_close_callback_scope(env, scope);",
    "napi_escape_handle": "napi_close_escapable_handle_scope(env, scope);",
    "napi_open_handle_scope": DONE + "napi_close_handle_scope(env, *result_);",
    "napi_open_escapable_handle_scope": DONE
    + "napi_close_escapable_handle_scope(env, *result_);",
    "napi_open_callback_scope": DONE + "napi_close_callback_scope(env, *result_);",
    "napi_create_async_work": DONE + "napi_delete_async_work(env, *result_);",
    "napi_async_init": DONE + "napi_async_destroy(env, *result_);",
    "napi_async_destroy": FAILED + "napi_async_destroy(env, async_context);",
    "napi_delete_async_work": FAILED + "napi_delete_async_work(env, work);",
    "napi_queue_async_work": FAILED + "napi_delete_async_work(env, work);",
    "napi_cancel_async_work": "napi_delete_async_work(env, work);",
    "napi_create_threadsafe_function": DONE
    + "napi_release_threadsafe_function(*result_, napi_tsfn_abort);",
    "napi_acquire_threadsafe_function": DROP_FUNC + DROP_FUNC,
    "napi_call_threadsafe_function": DROP_FUNC,
    "napi_get_threadsafe_function_context": DROP_FUNC,
    "napi_ref_threadsafe_function": DROP_FUNC,
    "napi_unref_threadsafe_function": DROP_FUNC,
    "napi_add_env_cleanup_hook": FAILED.replace("!=", "==")
    + "napi_remove_env_cleanup_hook(env, fun_, arg_);",
    "napi_add_async_cleanup_hook": FAILED.replace("!=", "==")
    + "if (remove_handle_ != NULL) napi_remove_async_cleanup_hook(*remove_handle_);",
    "napi_set_instance_data": "napi_set_instance_data(env, NULL, NULL, NULL);",
    "napi_delete_reference": FAILED + "napi_delete_reference(env, ref);",
    "napi_create_reference": DONE + "napi_delete_reference(env, *result_);",
}
PREFIX = r"""
/* Made by tests/abi/make_null_matrix.py from the ledger and the headers. */
#define NAPI_EXPERIMENTAL
#define NODE_API_EXPERIMENTAL_NO_WARNING
#define NODE_API_EXPERIMENTAL_BASIC_ENV_OPT_OUT
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALL = -1, VALID = -2, PENDING = -3 };
static char text[4096];
static const char16_t wide[] = {'k', 0};

#define SETUP(call)                                                           \
    do {                                                                      \
        napi_status setup_ = (call);                                          \
        if (setup_ != napi_ok)                                                \
            add("setup: %s: %d\n", #call, (int)setup_);                       \
    } while (0)
#define add(...)                                                              \
    snprintf(text + strlen(text), sizeof(text) - strlen(text), __VA_ARGS__)

static napi_value called(napi_env env, napi_callback_info info)
{ (void)env; (void)info; return NULL; }
static void finalized(napi_env env, void *data, void *hint)
{ (void)env; (void)data; (void)hint; }
static void finalized_without_env(void *data, void *hint)
{ (void)data; (void)hint; }
static void hook(void *arg) { (void)arg; }
static void async_hook(napi_async_cleanup_hook_handle handle, void *data)
{ (void)data; napi_remove_async_cleanup_hook(handle); }
static void executed(napi_env env, void *data) { (void)env; (void)data; }
static void completed(napi_env env, napi_status status, void *data)
{ (void)status; napi_delete_async_work(env, *(napi_async_work *)data); }
static void called_js(napi_env env, napi_value func, void *context, void *data)
{ (void)env; (void)func; (void)context; (void)data; }
static char *copy_text(void) { return strdup("k"); }
static char16_t *copy_wide(void)
{ return memcpy(malloc(sizeof(wide)), wide, sizeof(wide)); }

#define MAKE(what, type, call)                                                \
    static type make_##what(napi_env env)                                     \
    { type made = NULL; SETUP(call); return made; }
MAKE(object, napi_value, napi_create_object(env, &made))
MAKE(array, napi_value, napi_create_array(env, &made))
MAKE(string, napi_value, napi_create_string_utf8(env, "k", 1, &made))
MAKE(script, napi_value, napi_create_string_utf8(env, "1", 1, &made))
MAKE(number, napi_value, napi_create_double(env, 1.5, &made))
MAKE(bool, napi_value, napi_get_boolean(env, true, &made))
MAKE(bigint, napi_value, napi_create_bigint_int64(env, 5, &made))
MAKE(date, napi_value, napi_create_date(env, 5, &made))
MAKE(external, napi_value, napi_create_external(env, text, NULL, NULL, &made))
MAKE(function, napi_value,
     napi_create_function(env, "f", 1, called, NULL, &made))
MAKE(arraybuffer, napi_value, napi_create_arraybuffer(env, 16, NULL, &made))
MAKE(buffer, napi_value, napi_create_buffer(env, 16, NULL, &made))
MAKE(typedarray, napi_value,
     napi_create_typedarray(env, napi_uint8_array, 8, make_arraybuffer(env), 0,
                            &made))
MAKE(dataview, napi_value,
     napi_create_dataview(env, 8, make_arraybuffer(env), 0, &made))
MAKE(error, napi_value, napi_create_error(env, NULL, make_string(env), &made))
MAKE(reference, napi_ref,
     napi_create_reference(env, make_object(env), 1, &made))
MAKE(context, napi_async_context,
     napi_async_init(env, make_object(env), make_string(env), &made))
MAKE(threadsafe, napi_threadsafe_function,
     napi_create_threadsafe_function(env, make_function(env), NULL,
                                     make_string(env), 0, 1, NULL, NULL, NULL,
                                     NULL, &made))
static napi_async_work make_work(napi_env env)
{
    napi_async_work *made = calloc(1, sizeof(*made));
    napi_create_async_work(env, NULL, make_string(env), executed, completed,
                           made, made);
    return *made;
}
static napi_value make_wrapped(napi_env env)
{
    napi_value made = make_object(env);
    SETUP(napi_wrap(env, made, text, NULL, NULL, NULL));
    return made;
}
static napi_deferred make_deferred(napi_env env)
{
    napi_value promise, catch, bound;
    napi_deferred made = NULL;
    SETUP(napi_create_promise(env, &made, &promise));
    /* A rejection that nobody handles would end Node. */
    SETUP(napi_get_named_property(env, promise, "catch", &catch));
    bound = make_function(env);
    SETUP(napi_call_function(env, promise, catch, 1, &bound, NULL));
    return made;
}
static napi_handle_scope open_scope(napi_env env)
{
    napi_handle_scope made = NULL;
    SETUP(napi_open_handle_scope(env, &made));
    return made;
}
static napi_escapable_handle_scope open_escapable(napi_env env)
{
    napi_escapable_handle_scope made = NULL;
    SETUP(napi_open_escapable_handle_scope(env, &made));
    return made;
}
static napi_callback_scope open_callback_scope(napi_env env)
{
    napi_callback_scope made = NULL;
    SETUP(napi_open_callback_scope(env, make_object(env), make_context(env),
                                   &made));
    return made;
}
static napi_async_cleanup_hook_handle add_async_hook(napi_env env)
{
    napi_async_cleanup_hook_handle made = NULL;
    SETUP(napi_add_async_cleanup_hook(env, async_hook, NULL, &made));
    return made;
}

/* Before the call: a clean last error, and an exception where one is asked. */
static void enter(napi_env env, int row)
{
    napi_value undefined;
    SETUP(napi_get_undefined(env, &undefined));
    if (row == PENDING) {
        SETUP(napi_throw_error(env, NULL, "pending"));
    }
}

static void leave(napi_env env, const char *name, const char *row,
                  napi_status status)
{
    const napi_extended_error_info *info = NULL;
    bool pending = false;
    napi_value exception;
    SETUP(napi_get_last_error_info(env, &info));
    int last = info == NULL ? -1 : (int)info->error_code;
    SETUP(napi_is_exception_pending(env, &pending));
    if (pending) {
        SETUP(napi_get_and_clear_last_exception(env, &exception));
    }
    add("%s %s: %d %d %d\n", name, row, (int)status, last, pending);
}
"""
SUFFIX = r"""
static napi_value run(napi_env env, napi_callback_info info)
{
    size_t argc = 1;
    napi_value argument, result = NULL;
    uint32_t index = 0;
    text[0] = 0;
    SETUP(napi_get_cb_info(env, info, &argc, &argument, NULL, NULL));
    SETUP(napi_get_value_uint32(env, argument, &index));
    if (index < sizeof(cases) / sizeof(cases[0])) {
        cases[index](env, info);
    }
    napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
    return result;
}

NAPI_MODULE_EXPORT int32_t NODE_API_MODULE_GET_API_VERSION(void)
{
    return 10; /* not experimental: finalizers are queued */
}
NAPI_MODULE_EXPORT napi_value NAPI_MODULE_INITIALIZER(napi_env env,
                                                      napi_value exports)
{
    napi_value function;
    if (napi_create_function(env, "run", 3, run, NULL, &function) == napi_ok) {
        napi_set_named_property(env, exports, "run", function);
    }
    return exports;
}
"""


def is_pointer(parameter):
    return parameter.type not in SCALARS


def valid_argument(function, parameter):
    """The C expression, and the declaration of what a result goes to."""
    for key in (
        f"{function.name}.{parameter.name}",
        f"{parameter.name}:{parameter.type}",
        parameter.name,
    ):
        if key in ARGUMENTS and (key != parameter.name or fits(key, parameter.type)):
            return ARGUMENTS[key]
    if parameter.type in SCALARS:
        return "1"
    if parameter.type.endswith("*") and parameter.type != "const char *":
        return f"&({parameter.type[:-1].strip()}){{0}}"
    raise LookupError(f"no valid argument for {function.name}: {parameter}")


def fits(name, type):
    """Whether the argument for any parameter of a name has this type."""
    expression = ARGUMENTS[name]
    if expression == "malloc(64)":
        return type in ("void *", "const void *")
    if expression.startswith("make_"):
        made = {
            "make_reference": "napi_ref",
            "make_work": "napi_async_work",
            "make_context": "napi_async_context",
        }
        return type == made.get(expression.partition("(")[0], "napi_value")
    if expression.isdigit() or expression.startswith("napi_"):
        return type in SCALARS
    return True


def rows(function, fatal=False):
    """(label, number of the C row, count that is 0) for each row."""
    pointers = [
        (number, parameter)
        for number, parameter in enumerate(function.parameters)
        if is_pointer(parameter)
    ]
    names = {parameter.name for parameter in function.parameters}
    found = [("valid", "VALID", None), ("pending", "PENDING", None)]
    for number, parameter in pointers:
        found.append((f"{parameter.name}=NULL", str(number), None))
        count = COUNTS.get(
            f"{function.name}.{parameter.name}", COUNTS.get(parameter.name)
        )
        if count in names and not is_pointer(
            next(one for one in function.parameters if one.name == count)
        ):
            found.append((f"{parameter.name}=NULL,{count}=0", str(number), count))
    if len(pointers) > 2:
        found.append(("all=NULL", "ALL", None))
    return [row for row in found if fatal or (function.name, row[0]) not in FATAL]


def make_case(function, fatal):
    """The C functions of one function of the ABI."""
    declared, passed = [], []
    for number, parameter in enumerate(function.parameters):
        name = parameter.name
        if name != "env":
            type = parameter.type
            declared.append(
                f"    {type} {name} = {valid_argument(function, parameter)};"
            )
        if name == "env":
            passed.append(f"row == {number} ? NULL : env")
            continue
        chosen = f"row == {number} || row == ALL ? NULL : {name}"
        if not is_pointer(parameter):
            chosen = f'zero != NULL && strcmp(zero, "{name}") == 0 ? 0 : {name}'
        declared.append(f"    {parameter.type} {name}_ = {chosen};")
        passed.append(f"{name}_")
    lines = [
        "",
        f"static void row_{function.name}(napi_env env, napi_callback_info info,",
        "    int row, const char *label, const char *zero)",
        "{",
        "    (void)info;",
        "    (void)zero;",
        *declared,
        "    enter(env, row);",
        f"    napi_status status = {function.name}({', '.join(passed)});",
        f'    leave(env, "{function.name}", label, status);',
    ]
    if function.name in AFTER:
        lines.append(f"    {AFTER[function.name]}")
    lines += [
        "}",
        f"static void case_{function.name}(napi_env env, napi_callback_info info)",
        "{",
    ]
    for label, row, zero in rows(function, fatal):
        zeroed = f'"{zero}"' if zero else "NULL"
        lines.append(f'    row_{function.name}(env, info, {row}, "{label}", {zeroed});')
    return [*lines, "}"]


def covered():
    """The functions of the matrix, in the order of ``run``'s index."""
    prototypes = abi.functions()
    return [prototypes[row.name] for row in ledger.read() if row.name not in LEFT_OUT]


def source(fatal=False):
    """The text of the addon; with the rows that Node does not survive, or not."""
    lines = [PREFIX]
    for function in covered():
        lines += make_case(function, fatal)
    lines.append("static void (*const cases[])(napi_env, napi_callback_info) = {")
    lines += [f"    case_{function.name}," for function in covered()]
    lines.append("};")
    lines.append(SUFFIX)
    return "\n".join(lines)


def build(target, include=ROOT / "include", fatal=False):
    """Compiles the addon."""
    command = [extract.compiler(), "-std=gnu11", "-g", "-fPIC", "-shared", "-Wall"]
    command += ["-Werror", "-Wno-parentheses", f"-I{include}", "-o", target, "-xc", "-"]
    extract.run(command, source(fatal))
    return target


def parse(text):
    """Lines of the addon -> {function: {row: answer}}."""
    found = {}
    for line in text.splitlines():
        what, _, answer = line.rpartition(": ")
        name, _, row = what.partition(" ")
        found.setdefault(name, {})[row] = answer
    return found


SCRIPT = """
process.on('uncaughtException', () => {});
const addon = require(process.argv[1]);
for (let i = 0; i < Number(process.argv[2]); ++i) console.log(addon.run(i).trim());
"""


def ask_node(include, node):
    """Runs the matrix under Node: {function: {row: answer}}."""
    with tempfile.TemporaryDirectory() as scratch:
        addon = build(Path(scratch) / "matrix.node", include)
        count = str(len(covered()))
        done = subprocess.run(
            [node, "-e", SCRIPT, addon, count], capture_output=True, text=True
        )
    if done.returncode != 0:
        raise RuntimeError(f"Node ended with {done.returncode}\n{done.stderr}")
    return parse(done.stdout)


def record(include, node):
    """Writes what Node answers."""
    found = ask_node(include, node)
    RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{RECORD}: {sum(map(len, found.values()))} rows of {len(found)} functions")


if __name__ == "__main__":
    print(source())
