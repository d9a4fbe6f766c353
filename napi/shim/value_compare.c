/* Node-API chapter "Working with JavaScript values": what a value is, and
 * whether two are the same. */

#include "value.h"

/* numpy's bool has no common base with Python's. */
bool
compare_is_foreign_bool(PyTypeObject *type)
{
    return strcmp(type->tp_name, "numpy.bool") == 0 ||
           strcmp(type->tp_name, "numpy.bool_") == 0;
}

/* a number of foreign make, or an object */
static napi_valuetype
typeof_foreign(struct shim_state *state, PyObject *value)
{
    PyObject *real = number_from_foreign(state, value);
    if (real == NULL) {
        return napi_object;
    }
    int64_t ignored;
    bool safe = !PyLong_Check(real) || long_as_safe(real, &ignored);
    Py_DECREF(real);
    return safe ? napi_number : napi_bigint;
}

/* subclasses of builtins, foreign numbers, callables, and all else */
static napi_valuetype
typeof_slow(struct shim_state *state, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (PyUnicode_Check(value)) {
        return napi_string;
    }
    if (PyLong_Check(value)) {
        return PyBool_Check(value)        ? napi_boolean
               : bigint_is(state, value) ? napi_bigint
                                         : napi_number;
    }
    if (PyFloat_Check(value)) {
        return napi_number;
    }
    if (type == state->symbol_type) {
        return napi_symbol;
    }
    if (type == state->external_type) {
        return napi_external;
    }
    if (PyCallable_Check(value)) {
        return napi_function;
    }
    if (compare_is_foreign_bool(type)) {
        return napi_boolean;
    }
    return typeof_foreign(state, value);
}

napi_valuetype
compare_typeof(struct shim_state *state, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type == state->object_type || type == state->array_type ||
        type == &PyDict_Type || type == &PyList_Type) {
        return napi_object;
    }
    if (type == &PyUnicode_Type) {
        return napi_string;
    }
    if (type == &PyFloat_Type) {
        return napi_number;
    }
    if (type == &PyLong_Type) {
        int64_t ignored;
        return long_as_safe(value, &ignored) ? napi_number : napi_bigint;
    }
    if (value == UNDEFINED) {
        return napi_undefined;
    }
    if (value == Py_True || value == Py_False) {
        return napi_boolean;
    }
    if (value == state->null) {
        return napi_null;
    }
    if (type == state->function_type || type == state->builtin_type) {
        return napi_function;
    }
    return typeof_slow(state, value);
}

bool
compare_is_object_slow(struct shim_state *state, PyObject *value)
{
    napi_valuetype type = compare_typeof(state, value);
    return type == napi_object || type == napi_function ||
           type == napi_external;
}

/* Two lone halves side by side equal the pair they spell; only text with
 * characters beyond the BMP can be spelled in two ways. */
static bool
equal_units(PyObject *a, PyObject *b)
{
    if (PyUnicode_KIND(a) != PyUnicode_4BYTE_KIND &&
        PyUnicode_KIND(b) != PyUnicode_4BYTE_KIND) {
        return false;
    }
    Py_ssize_t i = 0, j = 0;
    Py_ssize_t a_length = PyUnicode_GET_LENGTH(a);
    Py_ssize_t b_length = PyUnicode_GET_LENGTH(b);
    while (i < a_length && j < b_length) {
        if (string_next(PyUnicode_KIND(a), PyUnicode_DATA(a), a_length, &i) !=
            string_next(PyUnicode_KIND(b), PyUnicode_DATA(b), b_length, &j)) {
            return false;
        }
    }
    return i == a_length && j == b_length;
}

static int
compare_strings(PyObject *a, PyObject *b)
{
    PyObject *equal = PyUnicode_RichCompare(a, b, Py_EQ);
    if (equal == NULL) {
        return -1;
    }
    int same = equal == Py_True;
    Py_DECREF(equal);
    return same || equal_units(a, b);
}

static int
compare_bigints(struct shim_state *state, PyObject *a, PyObject *b)
{
    PyObject *x = bigint_as_long(state, a), *y = bigint_as_long(state, b);
    PyObject *equal =
        x && y ? PyLong_Type.tp_richcompare(x, y, Py_EQ) : NULL;
    Py_XDECREF(x);
    Py_XDECREF(y);
    Py_XDECREF(equal); /* a singleton */
    return equal == NULL ? -1 : equal == Py_True;
}

/* One of a kind and itself: 1. -1: not known yet */
static int
compare_identity(PyObject *a, PyObject *b)
{
    if (a != b) {
        return -1;
    }
    if (PyFloat_CheckExact(a)) {
        return PyFloat_AS_DOUBLE(a) == PyFloat_AS_DOUBLE(a);
    }
    return PyLong_CheckExact(a) || PyUnicode_CheckExact(a) ? 1 : -1;
}

int
compare_strict(struct shim_state *state, PyObject *a, PyObject *b)
{
    int same = compare_identity(a, b);
    if (same >= 0) {
        return same;
    }
    napi_valuetype type = compare_typeof(state, a);
    if (type != compare_typeof(state, b)) {
        return 0;
    }
    double x, y;
    switch (type) {
    case napi_number:
        return number_as_double(state, a, &x) &&
               number_as_double(state, b, &y) && x == y;
    case napi_string:
        return compare_strings(a, b);
    case napi_bigint:
        return compare_bigints(state, a, b);
    case napi_boolean:
        return PyObject_IsTrue(a) == PyObject_IsTrue(b);
    default:
        return a == b;
    }
}

/* 1, 0, -1 raised: prototype is in the chain of object */
static int
inherits(struct shim_state *state, PyObject *object, PyObject *prototype)
{
    PyObject *holder = prototype_get(state, object);
    while (holder != NULL && holder != state->null) {
        if (holder == prototype) {
            Py_DECREF(holder);
            return 1;
        }
        Py_SETREF(holder, prototype_get(state, holder));
    }
    Py_XDECREF(holder);
    return holder == NULL ? -1 : 0;
}

static int
instance_of_function(struct shim_state *state, PyObject *object,
                     PyObject *constructor)
{
    PyObject *prototype =
        property_get(state, constructor, state->str_prototype);
    if (prototype == NULL) {
        return -1;
    }
    int result = -1;
    if (compare_is_object(state, prototype)) {
        result = inherits(state, object, prototype);
    } else {
        PyObject *text = coerce_to_string(state, prototype);
        if (text != NULL) {
            error_raise(state, "TypeError", NULL,
                        "Function has non-object prototype '%U' in "
                        "instanceof check",
                        text);
            Py_DECREF(text);
        }
    }
    Py_DECREF(prototype);
    return result;
}

/* What Python made counts as an instance of its JavaScript equivalent. */
static int
ask_runtime(struct shim_state *state, PyObject *object, PyObject *constructor)
{
    PyObject *ask = state_lookup(state, "native_instance");
    PyObject *answer =
        ask ? PyObject_CallFunctionObjArgs(ask, constructor, object, NULL)
            : NULL;
    int result = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(ask);
    Py_XDECREF(answer);
    return result;
}

/* 1: a type made by Python alone, whose isinstance() is the last word; 0: one
 * of ours or of napi.runtime; -1 raised */
static int
is_plain_type(struct shim_state *state, PyTypeObject *type)
{
    if (Py_TYPE(type) == state->class_type || state_of_type(type) != NULL) {
        return 0;
    }
    PyObject *module = PyObject_GetAttrString((PyObject *)type, "__module__");
    if (module == NULL) {
        return -1;
    }
    bool ours = PyUnicode_Check(module) &&
                PyUnicode_CompareWithASCIIString(module, "napi") == 0;
    Py_DECREF(module);
    return !ours;
}

/* -1 raised, else whether the prototype of a type is in the object's chain */
static int
inherits_type(struct shim_state *state, PyObject *object, PyTypeObject *type)
{
    PyObject *prototype = prototype_of_type(state, type);
    int result = prototype ? inherits(state, object, prototype) : -1;
    Py_XDECREF(prototype);
    return result;
}

static int
instance_of_type(struct shim_state *state, PyObject *object,
                 PyTypeObject *type)
{
    /* An object that was given a prototype is what that says. */
    struct side *side = side_of(state, object);
    bool is_given = side != NULL && side->prototype != NULL;
    if (PyType_IsSubtype(Py_TYPE(object), type)) {
        return is_given ? inherits_type(state, object, type) : 1;
    }
    if (builtin_is_closed(state, type)) {
        int result = inherits_type(state, object, type);
        return result != 0 ? result
                           : ask_runtime(state, object, (PyObject *)type);
    }
    int plain = is_plain_type(state, type);
    if (plain != 0) {
        return plain < 0 ? -1
                         : PyObject_IsInstance(object, (PyObject *)type);
    }
    if (is_given || proxy_is(state, object)) {
        int result = inherits_type(state, object, type);
        if (result != 0) {
            return result;
        }
    }
    return ask_runtime(state, object, (PyObject *)type);
}

/* Could constructor[Symbol.hasInstance] be other than Function.prototype's? */
static bool
has_special(struct shim_state *state, PyObject *constructor)
{
    struct side *side = side_of(state, constructor);
    if (side != NULL && (side->table != NULL || side->prototype != NULL)) {
        return true;
    }
    if (!PyType_Check(constructor)) {
        return false;
    }
    PyObject *mro = ((PyTypeObject *)constructor)->tp_mro;
    for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(mro); ++i) {
        PyObject *base = PyTuple_GET_ITEM(mro, i);
        side = Py_TYPE(base) == state->class_type ? side_of(state, base)
                                                  : NULL;
        if (side != NULL && side->table != NULL) {
            return true;
        }
    }
    return false;
}

/* 1 and the answer of constructor[Symbol.hasInstance], 0: none, -1 raised */
static int
ask_has_instance(struct shim_state *state, PyObject *object,
                 PyObject *constructor, int *answer)
{
    if (!has_special(state, constructor)) {
        return 0;
    }
    PyObject *symbol = symbol_well_known(state, "hasInstance");
    PyObject *method =
        symbol ? property_get(state, constructor, symbol) : NULL;
    Py_XDECREF(symbol);
    /* The one builtin of this kind is Function.prototype's. */
    if (method == NULL || method == UNDEFINED || method == state->null ||
        Py_TYPE(method) == state->builtin_type) {
        Py_XDECREF(method);
        return method == NULL ? -1 : 0;
    }
    PyObject *result =
        function_call(state, method, constructor, &object, 1);
    Py_DECREF(method);
    *answer = result ? coerce_to_bool(state, result) : -1;
    Py_XDECREF(result);
    return *answer < 0 ? -1 : 1;
}

int
compare_instanceof(struct shim_state *state, PyObject *object,
                   PyObject *constructor)
{
    int answer = 0;
    int asked = ask_has_instance(state, object, constructor, &answer);
    if (asked != 0) {
        return asked < 0 ? -1 : answer;
    }
    if (!compare_is_object(state, object)) {
        return 0;
    }
    if (PyType_Check(constructor)) {
        return instance_of_type(state, object, (PyTypeObject *)constructor);
    }
    return instance_of_function(state, object, constructor);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_typeof(napi_env env, napi_value value, napi_valuetype *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    *result = compare_typeof(env->state, value_of(env, value));
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_strict_equals(napi_env env, napi_value lhs, napi_value rhs, bool *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, lhs);
    CHECK_ARG(env, rhs);
    CHECK_ARG(env, result);
    int equal = compare_strict(env->state, value_of(env, lhs),
                               value_of(env, rhs));
    CHECK_PY(env, equal >= 0);
    *result = equal;
    return error_clear(env);
}

/* Node-API v1. Native Python objects count as their JavaScript equivalents. */
napi_status NAPI_CDECL
napi_instanceof(napi_env env, napi_value object, napi_value constructor,
                bool *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, object);
    CHECK_ARG(env, result);
    *result = false;
    PyObject *class;
    napi_status status = property_target(env, constructor, &class);
    if (status != napi_ok) {
        return status;
    }
    if (!function_is(env->state, class)) {
        error_throw(env, "TypeError", "ERR_NAPI_CONS_FUNCTION",
                    "Constructor must be a function");
        return error_set(env, napi_function_expected);
    }
    int answer =
        compare_instanceof(env->state, value_of(env, object), class);
    if (answer < 0) {
        return error_from_python_as(env, napi_generic_failure);
    }
    *result = answer;
    return error_clear(env);
}

/* Node-API v1. Any exception: what has [[ErrorData]]. */
napi_status NAPI_CDECL
napi_is_error(napi_env env, napi_value value, bool *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    *result = PyExceptionInstance_Check(value_of(env, value));
    return error_clear(env);
}

/* Node-API v1. Python awaitables count. */
napi_status NAPI_CDECL
napi_is_promise(napi_env env, napi_value value, bool *is_promise)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, is_promise);
    *is_promise = promise_awaits(Py_TYPE(value_of(env, value)));
    return error_clear(env);
}
