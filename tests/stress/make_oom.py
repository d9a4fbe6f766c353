"""Makes an addon that calls each function while memory runs out.

Valid arguments come from tests/abi/make_null_matrix.py, so a new function of the
ledger is in the sweep by itself. The addon exports ``run(index, start, stop,
full)``: the call numbered ``index`` with allocations ``start`` up to (not
including) ``stop`` failing, or all from ``start`` on where ``stop`` is 0. ``full``
makes the arena of handles so full before the call that the next handle needs
memory. The answer is ``[status, last error, pending exception or undefined,
allocations]``. For Python's own operations the library has ``oom_call(callable,
start, stop)``, which calls it so, and ``oom_seen()``: how many allocations it made.
"""

import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "abi"), str(ROOT / "tools")]

import extract  # noqa: E402
import ledger  # noqa: E402
import make_null_matrix as matrix  # noqa: E402

# Calls with the scope of an argument, which must stay the innermost one.
KEEPS_SCOPES = {
    "napi_close_callback_scope",
    "napi_close_escapable_handle_scope",
    "napi_close_handle_scope",
    "napi_escape_handle",
}
DROP_REFERENCE = "napi_delete_reference(env, ref);"
# What undoes a call, where the matrix lets go of it at its process's end.
AFTER = {
    **matrix.AFTER,
    "napi_get_reference_value": DROP_REFERENCE,
    "napi_reference_ref": DROP_REFERENCE,
    "napi_reference_unref": DROP_REFERENCE,
    "napi_make_callback": "napi_async_destroy(env, async_context);",
    "napi_open_callback_scope": matrix.AFTER["napi_open_callback_scope"]
    + " napi_async_destroy(env, context);",
    "napi_wrap": "if (status == napi_ok && *result_) {"
    " napi_remove_wrap(env, js_object, NULL); napi_delete_reference(env, *result_); }",
    "napi_add_finalizer": matrix.DONE + "napi_delete_reference(env, *result_);",
}
RICH = "make_rich(env)"
PYTHON = "from_python(env, {})"
# A Python object that is wrapped, and must be so after the call.
TRACKED = "wrap_python(env)"
STILL = "SETUP(napi_unwrap(env, {}, &(void *){{NULL}}));"
ATTRIBUTES = (
    '(napi_property_descriptor[4]){{.utf8name = "p", .method = called,'
    " .attributes = napi_static}, "
    '{.utf8name = "q", .getter = called, .setter = called}, '
    '{.utf8name = "r", .value = make_object(env), .attributes = napi_default}, '
    "{.name = make_symbol(env), .method = called}}"
)
# Arguments that take other paths than the valid ones of the matrix.
OTHERS = {
    "napi_create_string_utf8": [{"str": "long_text", "length": "300"}],
    "napi_create_string_latin1": [{"str": "long_text", "length": "300"}],
    "napi_create_string_utf16": [{"str": "long_wide", "length": "300"}],
    "node_api_create_property_key_utf8": [{"str": "long_text", "length": "300"}],
    "node_api_create_property_key_utf16": [{"str": "long_wide", "length": "300"}],
    "node_api_create_property_key_latin1": [{"str": "long_text", "length": "300"}],
    "node_api_symbol_for": [{"utf8description": "fresh_text()", "length": "16"}],
    "napi_create_int64": [{"value": "1LL << 52"}],
    "napi_create_double": [{"value": "1e300"}],
    "napi_create_int32": [{"value": "1 << 30"}],
    "napi_create_uint32": [{"value": "3u << 30"}],
    "napi_create_bigint_int64": [{"value": "INT64_MIN"}],
    "napi_create_bigint_uint64": [{"value": "UINT64_MAX"}],
    "napi_create_bigint_words": [
        {"word_count": "5", "words": "(uint64_t[5]){1, 2, 3, 4, 5}", "sign_bit": "1"}
    ],
    "napi_get_value_bigint_int64": [{"value": "make_huge(env)"}],
    "napi_get_value_bigint_uint64": [{"value": "make_huge(env)"}],
    "napi_get_value_bigint_words": [
        {
            "value": "make_huge(env)",
            "word_count": "&(size_t){5}",
            "words": "(uint64_t[5]){0}",
        }
    ],
    "napi_get_value_int64": [{"value": PYTHON.format('"big"')}],
    "napi_get_value_double": [{"value": PYTHON.format('"big"')}],
    "napi_get_value_string_utf8": [
        {"value": PYTHON.format('"text"')},
        {"value": PYTHON.format('"lone"'), "buf": "NULL"},
    ],
    "napi_get_value_string_latin1": [{"value": PYTHON.format('"text"')}],
    "napi_get_value_string_utf16": [{"value": PYTHON.format('"text"')}],
    "napi_create_array_with_length": [{"length": "1000"}],
    "napi_create_arraybuffer": [{"byte_length": "100000"}],
    "napi_create_buffer": [{"length": "100000"}],
    "napi_create_typedarray": [
        {"type": "napi_float64_array", "length": "1"},
        {"type": "napi_float64_array", "length": "1", "byte_offset": "4"},
        {"length": "1000"},
    ],
    "napi_create_dataview": [{"length": "1000"}],
    "napi_get_typedarray_info": [
        {"typedarray": "make_buffer(env)"},
        {"typedarray": PYTHON.format('"bytes"')},
    ],
    "napi_get_dataview_info": [],
    "napi_get_buffer_info": [{"value": PYTHON.format('"bytes"')}],
    "napi_get_arraybuffer_info": [{"arraybuffer": "buffer_of_buffer(env)"}],
    "napi_detach_arraybuffer": [{"arraybuffer": "buffer_of_buffer(env)"}],
    "napi_is_buffer": [{"value": PYTHON.format('"bytes"')}],
    "napi_coerce_to_string": [
        {"value": "make_number(env)"},
        {"value": PYTHON.format('"list"')},
        {"value": PYTHON.format('"instance"')},
        {"value": "make_bigint(env)"},
        {"value": "make_symbol(env)"},
    ],
    "napi_coerce_to_number": [
        {"value": PYTHON.format('"digits"')},
        {"value": PYTHON.format('"list"')},
        {"value": "make_date(env)"},
        {"value": "make_bigint(env)"},
    ],
    "napi_coerce_to_object": [
        {"value": "make_number(env)"},
        {"value": "make_string(env)"},
        {"value": "make_symbol(env)"},
    ],
    "napi_coerce_to_bool": [{"value": PYTHON.format('"instance"')}],
    **{
        name: [
            {"object": RICH},
            {"object": RICH, "key": "make_symbol(env)"},
            {"object": "make_array(env)"},
            {"object": "make_function(env)"},
            {"object": "make_class(env)"},
            {"object": "make_wrapped(env)"},
            {"object": "make_buffer(env)"},
            *(
                {"object": PYTHON.format(f'"{one}"')}
                for one in ("dict", "list", "instance", "error", "counter")
            ),
        ]
        for name in (
            "napi_define_properties",
            "napi_delete_element",
            "napi_delete_property",
            "napi_get_all_property_names",
            "napi_get_element",
            "napi_get_named_property",
            "napi_get_property",
            "napi_get_property_names",
            "napi_get_prototype",
            "napi_has_element",
            "napi_has_named_property",
            "napi_has_property",
            "napi_object_freeze",
            "napi_object_seal",
            "napi_set_element",
            "napi_set_named_property",
            "napi_set_property",
            "node_api_set_prototype",
        )
    },
    "napi_has_own_property": [
        {"object": RICH},
        {"object": PYTHON.format('"dict"')},
        {"object": PYTHON.format('"instance"'), "key": "make_symbol(env)"},
    ],
    "napi_define_class": [
        {"property_count": "4", "properties": ATTRIBUTES},
        {"utf8name": "long_text", "length": "300"},
    ],
    "napi_new_instance": [
        {"constructor": "make_class(env)"},
        {"constructor": PYTHON.format('"type"')},
    ],
    "napi_instanceof": [
        {"object": "make_instance(env)", "constructor": "make_class(env)"},
        {"constructor": PYTHON.format('"type"')},
    ],
    "napi_call_function": [
        {"func": PYTHON.format('"function"')},
        {"func": PYTHON.format('"raises"')},
        {"recv": "make_number(env)"},
    ],
    "napi_make_callback": [{"func": PYTHON.format('"function"')}],
    "napi_strict_equals": [
        {"lhs": PYTHON.format('"big"'), "rhs": "make_number(env)"},
        {"lhs": "make_string(env)", "rhs": PYTHON.format('"text"')},
    ],
    "napi_typeof": [{"value": PYTHON.format('"instance"')}],
    **{
        name: [
            {"js_object": PYTHON.format('"instance"')},
            {"js_object": PYTHON.format('"dict"')},
            {"js_object": "make_function(env)"},
            {"js_object": TRACKED, "then": STILL.format("js_object")},
        ]
        for name in ("napi_wrap", "napi_add_finalizer")
    },
    "napi_check_object_type_tag": [{"value": PYTHON.format('"instance"')}],
    "napi_type_tag_object": [
        {"value": PYTHON.format('"instance"')},
        {"value": PYTHON.format('"dict"')},
        {"value": TRACKED, "then": STILL.format("value")},
    ],
    "napi_create_reference": [
        {"value": RICH, "initial_refcount": "0"},
        {"value": PYTHON.format('"instance"'), "initial_refcount": "0"},
        {"value": PYTHON.format('"dict"'), "initial_refcount": "0"},
        {"value": TRACKED, "initial_refcount": "0", "then": STILL.format("value")},
        {"value": PYTHON.format('"bytes"')},
        {"value": "make_number(env)"},
    ],
    "napi_unwrap": [{"js_object": TRACKED}],
    "napi_remove_wrap": [{"js_object": TRACKED}],
    "napi_reference_ref": [{"ref": "make_weak(env)"}],
    "napi_get_reference_value": [{"ref": "make_weak(env)"}],
    "napi_throw": [{"error": "make_object(env)"}, {"error": "make_string(env)"}],
    "napi_resolve_deferred": [
        {"resolution": PYTHON.format('"promise"')},
        {"resolution": PYTHON.format('"thenable"')},
    ],
    "napi_reject_deferred": [{"rejection": "make_error(env)"}],
    "napi_create_external": [{"finalize_cb": "NULL"}],
    "napi_is_error": [{"value": "make_error(env)"}],
    "napi_run_script": [{"script": "make_object(env)"}],
    "napi_get_and_clear_last_exception": [{"": "throw(env)"}],
    "napi_is_exception_pending": [{"": "throw(env)"}],
    "node_api_create_object_with_properties": [
        {
            "prototype_or_null": "make_null(env)",
            "property_names": "(napi_value[2]){make_string(env), make_symbol(env)}",
            "property_values": "(napi_value[2]){make_object(env), make_string(env)}",
            "property_count": "2",
        }
    ],
}
PREFIX = r"""
struct allocator {
    void *ctx;
    void *(*malloc)(void *ctx, size_t size);
    void *(*calloc)(void *ctx, size_t count, size_t size);
    void *(*realloc)(void *ctx, void *block, size_t size);
    void (*free)(void *ctx, void *block);
};
/* CPython's, in the process that loads this. */
extern void PyMem_GetAllocator(int domain, struct allocator *allocator);
extern void PyMem_SetAllocator(int domain, struct allocator *allocator);

static struct allocator real[3];
static long seen, first_failing, end_failing;

static int fails(void)
{
    long number = seen++;
    return number >= first_failing &&
           (end_failing == 0 || number < end_failing);
}
static void *hook_malloc(void *ctx, size_t size)
{
    struct allocator *to = ctx;
    return fails() ? NULL : to->malloc(to->ctx, size);
}
static void *hook_calloc(void *ctx, size_t count, size_t size)
{
    struct allocator *to = ctx;
    return fails() ? NULL : to->calloc(to->ctx, count, size);
}
static void *hook_realloc(void *ctx, void *block, size_t size)
{
    struct allocator *to = ctx;
    return fails() ? NULL : to->realloc(to->ctx, block, size);
}
static void hook_free(void *ctx, void *block)
{
    struct allocator *to = ctx;
    to->free(to->ctx, block);
}
static void oom_arm(long start, long stop)
{
    seen = 0;
    first_failing = start;
    end_failing = stop;
    for (int domain = 0; domain < 3; ++domain) {
        PyMem_GetAllocator(domain, &real[domain]);
        struct allocator hooked = {&real[domain], hook_malloc, hook_calloc,
                                   hook_realloc, hook_free};
        PyMem_SetAllocator(domain, &hooked);
    }
}
static long oom_disarm(void)
{
    for (int domain = 0; domain < 3; ++domain) {
        PyMem_SetAllocator(domain, &real[domain]);
    }
    return seen;
}

extern void *PyObject_CallNoArgs(void *callable);
void *oom_call(void *callable, long start, long stop)
{
    oom_arm(start, stop);
    void *result = PyObject_CallNoArgs(callable);
    oom_disarm();
    return result;
}
long oom_seen(void) { return seen; }

static char long_text[301];
static char16_t long_wide[301];
static char *fresh_text(void)
{
    static unsigned number;
    static char made[20];
    snprintf(made, sizeof(made), "%016x", ++number);
    return made;
}
MAKE(null, napi_value, napi_get_null(env, &made))
MAKE(symbol, napi_value, napi_create_symbol(env, make_string(env), &made))
MAKE(weak, napi_ref, napi_create_reference(env, make_object(env), 0, &made))
MAKE(class, napi_value,
     napi_define_class(env, "C", 1, called, NULL, 0, NULL, &made))
MAKE(instance, napi_value,
     napi_new_instance(env, make_class(env), 0, NULL, &made))
MAKE(huge, napi_value,
     napi_create_bigint_words(env, 1, 5, (uint64_t[5]){1, 2, 3, 4, 5}, &made))
static napi_value make_rich(napi_env env)
{
    napi_value made = make_object(env);
    napi_property_descriptor properties[] = {
        {.utf8name = "k", .getter = called, .setter = called,
         .attributes = napi_enumerable | napi_configurable},
        {.name = make_symbol(env), .method = called},
        {.utf8name = "7", .method = called, .attributes = napi_enumerable},
    };
    SETUP(napi_define_properties(env, made, 3, properties));
    return made;
}
static napi_value buffer_of_buffer(napi_env env)
{
    napi_value made = NULL;
    SETUP(napi_get_named_property(env, make_buffer(env), "buffer", &made));
    return made;
}
static int throw(napi_env env)
{
    SETUP(napi_throw_error(env, NULL, "pending"));
    return 0;
}
/* A value that globalThis.samples makes, by its name. */
static napi_value from_python(napi_env env, const char *name)
{
    napi_value global, samples, make, made = NULL;
    SETUP(napi_get_global(env, &global));
    SETUP(napi_get_named_property(env, global, "samples", &samples));
    SETUP(napi_get_named_property(env, samples, name, &make));
    SETUP(napi_call_function(env, global, make, 0, NULL, &made));
    return made;
}

enum { ROOM = 100000 };
static napi_value wrap_python(napi_env env)
{
    napi_value made = from_python(env, "instance");
    SETUP(napi_wrap(env, made, text, finalized, NULL, NULL));
    return made;
}
struct ask {
    int64_t start, stop;
    bool full;
    napi_ref drained[100];
    napi_escapable_handle_scope scopes[ROOM];
    napi_handle_scope outer;
    size_t drained_count, scopes_count;
    napi_status status, last;
    napi_ref exception;
    long seen;
};
static struct ask ask;

static void take_exception(napi_env env)
{
    bool pending = false;
    napi_value exception = NULL;
    SETUP(napi_is_exception_pending(env, &pending));
    if (!pending) {
        return;
    }
    SETUP(napi_get_and_clear_last_exception(env, &exception));
    if (ask.exception == NULL) {
        SETUP(napi_create_reference(env, exception, 1, &ask.exception));
    }
}
/* The next reference needs memory: no freed one is kept. */
static void drain(napi_env env)
{
    napi_value object = make_object(env);
    ask.drained_count = 0;
    long allocated = 0;
    while (allocated == 0 && ask.drained_count < 100) {
        oom_arm(1000000, 0);
        napi_status status = napi_create_reference(
            env, object, 1, &ask.drained[ask.drained_count++]);
        allocated = oom_disarm();
        SETUP(status);
    }
}
static void close_scopes(napi_env env, size_t count)
{
    while (count > 0) {
        SETUP(napi_close_escapable_handle_scope(env, ask.scopes[--count]));
    }
    SETUP(napi_close_handle_scope(env, ask.outer));
}
/* The next handle needs memory: as many are open as there is room for. */
static void fill(napi_env env)
{
    size_t room = 0;
    ask.scopes_count = 0;
    if (!ask.full) {
        return;
    }
    SETUP(napi_open_handle_scope(env, &ask.outer));
    oom_arm(0, 0);
    while (room < ROOM && napi_open_escapable_handle_scope(
                              env, &ask.scopes[room]) == napi_ok) {
        ++room;
    }
    oom_disarm();
    close_scopes(env, room);
    napi_value exception;
    SETUP(napi_open_handle_scope(env, &ask.outer));
    SETUP(napi_get_and_clear_last_exception(env, &exception));
    SETUP(napi_close_handle_scope(env, ask.outer));
    SETUP(napi_open_handle_scope(env, &ask.outer));
    for (; ask.scopes_count < room; ++ask.scopes_count) {
        SETUP(napi_open_escapable_handle_scope(
            env, &ask.scopes[ask.scopes_count]));
    }
}
static void before(napi_env env)
{
    drain(env);
    fill(env);
    oom_arm(ask.start, ask.stop);
}
static void after(napi_env env, napi_status status)
{
    const napi_extended_error_info *info = NULL;
    ask.seen = oom_disarm();
    ask.status = status;
    SETUP(napi_get_last_error_info(env, &info));
    ask.last = info == NULL ? -1 : info->error_code;
    take_exception(env);
}
static void undo(napi_env env)
{
    if (ask.full) {
        close_scopes(env, ask.scopes_count);
    }
    while (ask.drained_count > 0) {
        SETUP(napi_delete_reference(env, ask.drained[--ask.drained_count]));
    }
}
"""
SUFFIX = r"""
static napi_value run(napi_env env, napi_callback_info info)
{
    size_t argc = 4;
    napi_value argv[4], results[4], result;
    uint32_t index = 0;
    memset(long_text, 'x', sizeof(long_text) - 1);
    for (int i = 0; i < 300; ++i) {
        long_wide[i] = 0x263a;
    }
    text[0] = 0;
    ask.exception = NULL;
    SETUP(napi_get_cb_info(env, info, &argc, argv, NULL, NULL));
    SETUP(napi_get_value_uint32(env, argv[0], &index));
    SETUP(napi_get_value_int64(env, argv[1], &ask.start));
    SETUP(napi_get_value_int64(env, argv[2], &ask.stop));
    SETUP(napi_get_value_bool(env, argv[3], &ask.full));
    if (index >= sizeof(cases) / sizeof(cases[0])) {
        return NULL;
    }
    cases[index](env, info);
    SETUP(napi_create_int32(env, ask.status, &results[0]));
    SETUP(napi_create_int32(env, ask.last, &results[1]));
    SETUP(napi_get_undefined(env, &results[2]));
    if (ask.exception != NULL) {
        SETUP(napi_get_reference_value(env, ask.exception, &results[2]));
        SETUP(napi_delete_reference(env, ask.exception));
    }
    SETUP(napi_create_int64(env, ask.seen, &results[3]));
    if (text[0] != 0) {
        napi_throw_error(env, NULL, text);
        return NULL;
    }
    SETUP(napi_create_array(env, &result));
    for (uint32_t i = 0; i < 4; ++i) {
        SETUP(napi_set_element(env, result, i, results[i]));
    }
    return result;
}
"""


class Case:
    """A call of the sweep: a function, and the arguments that are not the usual."""

    def __init__(self, index, function, other, variant):
        self.index = index
        self.name = function.name
        self.function = function
        self.variant = variant
        self.other = other

    def __repr__(self):
        return f"{self.name}[{self.variant}]"

    def source(self):
        """The C function that makes the call."""
        declared, passed = [], []
        for parameter in self.function.parameters:
            type, name = parameter
            if name == "env":
                passed.append("env")
                continue
            value = self.other.get(name)
            if value is None:
                value = matrix.valid_argument(self.function, parameter)
            declared.append(f"    {type} {name}_ = {value};")
            passed.append(f"{name}_")
        undo = AFTER.get(self.name, "")
        # The matrix names what it passes and what was valid apart.
        for parameter in self.function.parameters:
            if parameter.name != "env":
                declared.append(
                    f"    {parameter.type} {parameter.name} = {parameter.name}_;"
                )
                declared.append(f"    (void){parameter.name};")
        full = "ask.full = false;" if self.name in KEEPS_SCOPES else ""
        return "\n".join(
            [
                f"static void case_{self.index}(napi_env env, napi_callback_info info)",
                "{",
                "    (void)info;",
                f"    (void)({self.other['']});" if "" in self.other else "",
                *declared,
                f"    {full}",
                "    before(env);",
                f"    napi_status status = {self.name}({', '.join(passed)});",
                "    after(env, status);",
                f"    {self.other.get('then', '')}",
                f"    {undo}",
                "    undo(env);",
                "}",
            ]
        )


def cases():
    """All calls, in the order of ``run``'s index."""
    found = []
    for function in matrix.covered():
        names = {parameter.name for parameter in function.parameters} | {"", "then"}
        others = [{}]
        for other in OTHERS.get(function.name, []):
            unknown = set(other) - names
            if not unknown:
                others.append(other)
            elif unknown != {"key"}:
                raise LookupError(f"{function.name} has no {unknown}")
        for variant, other in enumerate(others):
            found.append(Case(len(found), function, other, variant))
    return found


def source():
    """The text of the addon."""
    lines = [matrix.PREFIX, PREFIX]
    made = cases()
    lines += [case.source() for case in made]
    lines.append("static void (*const cases[])(napi_env, napi_callback_info) = {")
    lines += [f"    case_{case.index}," for case in made]
    lines.append("};")
    tail = matrix.SUFFIX[matrix.SUFFIX.index("NAPI_MODULE_EXPORT int32_t") :]
    return "\n".join([*lines, SUFFIX, tail])


def build(target):
    """Compiles the addon."""
    command = [extract.compiler(), "-std=gnu11", "-g", "-fPIC", "-shared", "-Wall"]
    command += ["-Wno-unused-function", "-Wno-parentheses", f"-I{ROOT / 'include'}"]
    if sysconfig.get_platform().startswith("macosx"):
        command += ["-undefined", "dynamic_lookup"]
    extract.run([*command, "-o", target, "-xc", "-"], source())
    return target


def chapters():
    """The files of the shim that have functions of the sweep."""
    return sorted(
        {row.file for row in ledger.read() if row.name not in matrix.LEFT_OUT}
    )


FILES = {row.name: row.file for row in ledger.read()}
