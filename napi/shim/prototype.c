/* Node-API chapter "Working with JavaScript properties": the prototype of any
 * value.
 *
 * Only a prototype that was chosen is stored, in side->prototype; the default
 * one follows from the kind of value. */

#include "shim.h"

/* new; by the format of a native buffer, as view.c adopts it */
static PyObject *
prototype_of_buffer(struct shim_state *state, PyObject *object)
{
    static const struct {
        char format;
        napi_typedarray_type kind;
    } kinds[] = {
        {'b', napi_int8_array},      {'h', napi_int16_array},
        {'H', napi_uint16_array},    {'i', napi_int32_array},
        {'I', napi_uint32_array},    {'f', napi_float32_array},
        {'d', napi_float64_array},   {'e', napi_float16_array},
        {'q', napi_bigint64_array},  {'l', napi_bigint64_array},
        {'Q', napi_biguint64_array}, {'L', napi_biguint64_array},
    };
    if (PyBytes_Check(object) || PyByteArray_Check(object)) {
        /* Buffers, as packages ask for them with Buffer.isBuffer. */
        return prototype_of_type(state, state->buffer_type);
    }
    Py_buffer buffer;
    if (PyObject_GetBuffer(object, &buffer, PyBUF_FULL_RO) < 0) {
        PyErr_Clear(); /* released: it has no elements any more */
        return prototype_builtin(state, "typedarray:Uint8Array");
    }
    const char *format = buffer.format != NULL ? buffer.format : "B";
    PyTypeObject *type = state->typed_types[napi_uint8_array];
    for (size_t i = 0; i < Py_ARRAY_LENGTH(kinds); ++i) {
        if (format[strspn(format, "@=<")] == kinds[i].format) {
            type = state->typed_types[kinds[i].kind];
        }
    }
    PyBuffer_Release(&buffer);
    return prototype_of_type(state, type);
}

/* new; a class inherits from its first base */
static PyObject *
prototype_of_constructor(struct shim_state *state, PyTypeObject *type)
{
    PyTypeObject *base = prototype_base(type);
    bool named = PyType_HasFeature(base, Py_TPFLAGS_HEAPTYPE) &&
                 (prototype_kind_of_type(state, base) == NULL ||
                  builtin_is_closed(state, base));
    return named ? Py_NewRef((PyObject *)base)
                 : prototype_builtin(state, "function");
}

static PyObject * /* new */
prototype_of_primitive(struct shim_state *state, PyObject *value)
{
    switch (compare_typeof(state, value)) {
    case napi_boolean:
        return prototype_builtin(state, "boolean");
    case napi_number:
        return prototype_builtin(state, "number");
    case napi_bigint:
        return prototype_builtin(state, "bigint");
    case napi_symbol:
        return prototype_builtin(state, "symbol");
    default:
        return Py_NewRef(state->null);
    }
}

/* new; compiled generators and async functions have parents of their own */
static PyObject *
prototype_of_function(struct js_function *function, struct shim_state *state)
{
    static const char *const kinds[] = {
        "function",
        "generatorfunction",
        "asyncfunction",
        "asyncgeneratorfunction",
    };
    int kind = ((function->flags & JS_GENERATOR) != 0 ? 1 : 0) +
               ((function->flags & JS_ASYNC) != 0 ? 2 : 0);
    return prototype_builtin(state, kinds[kind]);
}

static PyObject * /* new */
default_prototype(struct shim_state *state, PyObject *object,
                  enum property_kind kind)
{
    switch (kind) {
    case KIND_DICT:
    case KIND_MAPPING:
        return Py_XNewRef(state_object_prototype(state));
    case KIND_LIST:
        return prototype_builtin(state, "array");
    case KIND_STRING:
        return prototype_builtin(state, "string");
    case KIND_PRIMITIVE:
        return prototype_of_primitive(state, object);
    case KIND_FUNCTION:
        return prototype_of_function((struct js_function *)object, state);
    case KIND_CALLABLE:
        return prototype_builtin(state, "function");
    case KIND_CLASS:
    case KIND_TYPE:
        return prototype_of_constructor(state, (PyTypeObject *)object);
    case KIND_VIEW:
        return host_of(state, object) == NULL
                   ? prototype_of_buffer(state, object)
                   : prototype_of_type(state, Py_TYPE(object));
    default:
        return Py_TYPE(object) == state->external_type
                   ? Py_NewRef(state->null)
                   : prototype_of_type(state, Py_TYPE(object));
    }
}

PyObject *
prototype_get(struct shim_state *state, PyObject *object)
{
    struct side *side = side_of(state, object);
    if (side != NULL && side->prototype != NULL) {
        return Py_NewRef(side->prototype);
    }
    if (proxy_is(state, object)) {
        return proxy_get_prototype(state, object);
    }
    return default_prototype(state, object, property_kind_of(state, object));
}

/* 1: object is in the chain that starts at prototype; 0, -1 raised */
static int
is_in_chain(struct shim_state *state, PyObject *object, PyObject *prototype)
{
    PyObject *holder = Py_NewRef(prototype);
    while (holder != NULL && holder != state->null &&
           !proxy_is(state, holder)) {
        if (holder == object) {
            Py_DECREF(holder);
            return 1;
        }
        Py_SETREF(holder, prototype_get(state, holder));
    }
    int status = holder != NULL ? 0 : -1;
    Py_XDECREF(holder);
    return status;
}

/* 1 go on, 0: it is so already, or refused (*done tells), -1 raised */
static int
check_change(struct shim_state *state, PyObject *object, PyObject *prototype,
             int *done)
{
    /* Object.prototype itself gets its null before there is a default. */
    struct side *side = side_of(state, object);
    bool asks = prototype != state->null ||
                (side != NULL && side->prototype != NULL);
    PyObject *current = asks ? prototype_get(state, object) : NULL;
    if (asks && current == NULL) {
        return -1;
    }
    *done = current == prototype;
    Py_XDECREF(current);
    if (*done || object == state->object_prototype ||
        !property_is_extensible(state, object)) {
        return 0;
    }
    int cyclic = is_in_chain(state, object, prototype);
    return cyclic < 0 ? -1 : cyclic == 0;
}

/* Python's attribute look-up cannot follow it by itself. */
static void
tell_classes(struct shim_state *state, PyObject *object,
             enum property_kind kind, struct side *side)
{
    if (kind == KIND_INSTANCE) {
        class_make_exotic(state, Py_TYPE(object));
    } else if (side->klass != NULL &&
               PyObject_TypeCheck(side->klass, state->class_type)) {
        class_make_exotic(state, (PyTypeObject *)side->klass);
    }
}

int
prototype_set(struct shim_state *state, PyObject *object, PyObject *prototype)
{
    enum property_kind kind = property_kind_of(state, object);
    if (kind == KIND_STRING || kind == KIND_PRIMITIVE ||
        (prototype != state->null && !compare_is_object(state, prototype))) {
        return 1; /* of a box that is dropped, or to what is none */
    }
    if (kind == KIND_PROXY) {
        return proxy_set_prototype(state, object, prototype);
    }
    int done = 0;
    int go_on = check_change(state, object, prototype, &done);
    if (go_on <= 0) {
        return go_on < 0 ? -1 : done;
    }
    if (kind == KIND_DICT || kind == KIND_LIST) {
        return property_refuse_native(state, object, "have another prototype");
    }
    struct side *side = side_make(state, object);
    if (side == NULL) {
        return -1;
    }
    Py_XSETREF(side->prototype, Py_NewRef(prototype));
    tell_classes(state, object, kind, side);
    return 1;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_prototype(napi_env env, napi_value object, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    return scope_return(env, prototype_get(env->state, target), result);
}

/* Experimental. */
napi_status NAPI_CDECL
node_api_set_prototype(napi_env env, napi_value object, napi_value value)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, value);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    int done = prototype_set(env->state, target, value_of(env, value));
    CHECK_PY(env, done >= 0);
    CHECK(env, done > 0, napi_generic_failure);
    return error_clear(env);
}
