/* Node-API chapter "Working with JavaScript values": abstract operations
 * (ECMA-262 chapter 7.1). A failure answers the status of the type that was
 * wanted, with the TypeError pending. */

#include "value.h"

#include <math.h>

static PyObject * /* new callable, NULL and 0: none, NULL and -1: raised */
find_method(struct shim_state *state, PyObject *value, const char *name,
            int *failed)
{
    PyObject *key = string_key(state, name, NAPI_AUTO_LENGTH);
    PyObject *method = key ? property_get(state, value, key) : NULL;
    Py_XDECREF(key);
    *failed = method == NULL ? -1 : 0;
    if (method != NULL && !function_is(state, method)) {
        Py_CLEAR(method);
    }
    return method;
}

static PyObject * /* new str; what undefined is read as: fallback */
read_text(struct shim_state *state, PyObject *value, PyObject *key,
          const char *fallback)
{
    PyObject *found = property_get(state, value, key);
    PyObject *text = found == UNDEFINED ? PyUnicode_FromString(fallback)
                     : found != NULL    ? coerce_to_string(state, found)
                                        : NULL;
    Py_XDECREF(found);
    return text;
}

/* Error.prototype.toString, ECMA-262 20.5.3.4, for what Python raised */
static PyObject * /* new str */
error_text(struct shim_state *state, PyObject *error)
{
    PyObject *name = read_text(state, error, state->str_name, "Error");
    PyObject *message =
        name ? read_text(state, error, state->str_message, "") : NULL;
    PyObject *text = NULL;
    if (message != NULL) {
        text = PyUnicode_GET_LENGTH(name) == 0      ? Py_NewRef(message)
               : PyUnicode_GET_LENGTH(message) == 0 ? Py_NewRef(name)
                                                    : PyUnicode_FromFormat(
                                                          "%U: %U", name,
                                                          message);
    }
    Py_XDECREF(name);
    Py_XDECREF(message);
    return text;
}

/* An exception of Python's own has no toString of its own kind: it is shown as
 * Error.prototype.toString would. 1, 0, -1 raised */
static int
lacks_text(struct shim_state *state, PyObject *value, const char *name)
{
    if (!PyExceptionInstance_Check(value) || strcmp(name, "toString") != 0) {
        return 0;
    }
    struct side *side = side_of(state, value);
    if (side != NULL && (side->table != NULL || side->prototype != NULL)) {
        return 0;
    }
    PyObject *key = string_key(state, name, NAPI_AUTO_LENGTH);
    PyObject *found = NULL;
    int status = key ? PyObject_GetOptionalAttr(value, key, &found) : -1;
    Py_XDECREF(key);
    Py_XDECREF(found);
    return status < 0 ? -1 : found == NULL;
}

/* 1 and new primitive, 0: an object came or there is no method, -1 raised */
static int
try_method(struct shim_state *state, PyObject *value, const char *name,
           PyObject **result)
{
    int failed = lacks_text(state, value, name);
    if (failed > 0) {
        *result = error_text(state, value);
        return *result != NULL ? 1 : -1;
    }
    PyObject *method =
        failed == 0 ? find_method(state, value, name, &failed) : NULL;
    if (method == NULL) {
        return failed;
    }
    *result = function_call(state, method, value, NULL, 0);
    Py_DECREF(method);
    if (*result == NULL) {
        return -1;
    }
    if (compare_is_object(state, *result)) {
        Py_CLEAR(*result);
        return 0;
    }
    return 1;
}

static PyObject *primitive_to_string(struct shim_state *state,
                                     PyObject *value);

static void
refuse_method(struct shim_state *state, PyObject *value, PyObject *method)
{
    PyObject *text = compare_is_object(state, method)
                         ? object_describe(state, method)
                         : primitive_to_string(state, method);
    PyObject *owner = text != NULL ? object_describe(state, value) : NULL;
    if (owner != NULL) {
        error_raise(state, "TypeError", NULL,
                    "'%U' returned for property 'Symbol(Symbol.toPrimitive)' "
                    "of object '%U' is not a function",
                    text, owner);
    }
    Py_XDECREF(text);
    Py_XDECREF(owner);
}

/* 1 and new primitive of value[Symbol.toPrimitive], 0: none, -1 raised */
static int
try_exotic(struct shim_state *state, PyObject *value, const char *hint,
           PyObject **result)
{
    PyObject *symbol = symbol_well_known(state, "toPrimitive");
    PyObject *method = symbol ? property_get(state, value, symbol) : NULL;
    Py_XDECREF(symbol);
    if (method == NULL || method == UNDEFINED || method == state->null) {
        Py_XDECREF(method);
        return method == NULL ? -1 : 0;
    }
    if (!function_is(state, method)) {
        refuse_method(state, value, method);
        Py_DECREF(method);
        return -1;
    }
    PyObject *argument = PyUnicode_FromString(hint);
    *result = argument ? function_call(state, method, value, &argument, 1)
                       : NULL;
    Py_XDECREF(argument);
    Py_DECREF(method);
    if (*result != NULL && compare_is_object(state, *result)) {
        Py_CLEAR(*result);
        error_raise(state, "TypeError", NULL,
                    "Cannot convert object to primitive value");
    }
    return *result != NULL ? 1 : -1;
}

static PyObject * /* new */
date_to_primitive(struct shim_state *state, PyObject *value, const char *hint)
{
    PyObject *date = date_from_native(state, value);
    PyObject *result = date ? coerce_to_primitive(state, date, hint) : NULL;
    Py_XDECREF(date);
    return result;
}

PyObject *
coerce_to_primitive(struct shim_state *state, PyObject *value,
                    const char *hint)
{
    if (!compare_is_object(state, value)) {
        return Py_NewRef(value);
    }
    if (date_is_native(value)) {
        return date_to_primitive(state, value, hint);
    }
    PyObject *result = NULL;
    int found = Py_TYPE(value) == state->external_type
                    ? 0
                    : try_exotic(state, value, hint, &result);
    bool string_first = strcmp(hint, "string") == 0;
    for (int i = 0; i < 2 && found == 0; ++i) {
        found = try_method(state, value,
                           (i == 0) == string_first ? "toString" : "valueOf",
                           &result);
    }
    if (found == 0) {
        error_raise(state, "TypeError", NULL,
                    "Cannot convert object to primitive value");
    }
    return found > 0 ? result : NULL;
}

static PyObject * /* new; a bigint of any make */
bigint_text(struct shim_state *state, PyObject *value)
{
    PyObject *integer = bigint_as_long(state, value);
    PyObject *text = integer ? bigint_to_string(integer) : NULL;
    Py_XDECREF(integer);
    return text;
}

static PyObject * /* new; value is no object */
primitive_to_string(struct shim_state *state, PyObject *value)
{
    double number;
    switch (compare_typeof(state, value)) {
    case napi_string:
        return Py_NewRef(value);
    case napi_undefined:
        return PyUnicode_FromString("undefined");
    case napi_null:
        return PyUnicode_FromString("null");
    case napi_boolean:
        return PyUnicode_FromString(PyObject_IsTrue(value) ? "true"
                                                           : "false");
    case napi_number:
        if (PyLong_CheckExact(value)) {
            return PyLong_Type.tp_repr(value);
        }
        number_as_double(state, value, &number);
        return number_to_string(number);
    case napi_bigint:
        return bigint_text(state, value);
    default:
        return error_raise(state, "TypeError", NULL,
                           "Cannot convert a Symbol value to a string");
    }
}

PyObject *
coerce_to_string(struct shim_state *state, PyObject *value)
{
    if (PyUnicode_CheckExact(value)) {
        return Py_NewRef(value);
    }
    PyObject *primitive = coerce_to_primitive(state, value, "string");
    PyObject *text =
        primitive ? primitive_to_string(state, primitive) : NULL;
    Py_XDECREF(primitive);
    return text;
}

static PyObject * /* new; value is no object */
primitive_to_number(struct shim_state *state, PyObject *value)
{
    double number = NAN;
    switch (compare_typeof(state, value)) {
    case napi_number:
        return Py_NewRef(value);
    case napi_string:
        return number_from_string(value, &number) < 0
                   ? NULL
                   : number_from_double(number);
    case napi_undefined:
        return PyFloat_FromDouble(NAN);
    case napi_null:
        return PyLong_FromLong(0);
    case napi_boolean:
        return PyLong_FromLong(PyObject_IsTrue(value));
    case napi_bigint:
        return error_raise(state, "TypeError", NULL,
                           "Cannot convert a BigInt value to a number");
    default:
        return error_raise(state, "TypeError", NULL,
                           "Cannot convert a Symbol value to a number");
    }
}

PyObject *
coerce_to_number(struct shim_state *state, PyObject *value)
{
    PyObject *primitive = coerce_to_primitive(state, value, "number");
    PyObject *number =
        primitive ? primitive_to_number(state, primitive) : NULL;
    Py_XDECREF(primitive);
    return number;
}

PyObject *
coerce_to_object(struct shim_state *state, PyObject *value)
{
    if (compare_is_object(state, value)) {
        return Py_NewRef(value);
    }
    if (value == UNDEFINED || value == state->null) {
        return error_raise(state, "TypeError", NULL,
                           "Cannot convert undefined or null to object");
    }
    PyObject *box = state_lookup(state, "make_box");
    PyObject *boxed = box ? PyObject_CallOneArg(box, value) : NULL;
    Py_XDECREF(box);
    return boxed;
}

int
coerce_to_bool(struct shim_state *state, PyObject *value)
{
    double number = 0;
    switch (compare_typeof(state, value)) {
    case napi_undefined:
    case napi_null:
        return 0;
    case napi_boolean:
    case napi_bigint:
        return PyObject_IsTrue(value);
    case napi_number:
        number_as_double(state, value, &number);
        return number != 0 && !isnan(number);
    case napi_string:
        return PyUnicode_GET_LENGTH(value) > 0;
    default:
        return 1;
    }
}

static napi_status
finish(napi_env env, PyObject *made, napi_status failure, napi_value *result)
{
    if (made == NULL) {
        return error_from_python_as(env, failure);
    }
    return scope_return(env, made, result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_coerce_to_bool(napi_env env, napi_value value, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    int truth = coerce_to_bool(env->state, value_of(env, value));
    CHECK_PY(env, truth >= 0);
    CHECK_PY(env, scope_lend(env, truth ? Py_True : Py_False, result));
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_coerce_to_number(napi_env env, napi_value value, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    return finish(env, coerce_to_number(env->state, value_of(env, value)),
                  napi_number_expected, result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_coerce_to_object(napi_env env, napi_value value, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    return finish(env, coerce_to_object(env->state, value_of(env, value)),
                  napi_object_expected, result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_coerce_to_string(napi_env env, napi_value value, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    return finish(env, coerce_to_string(env->state, value_of(env, value)),
                  napi_string_expected, result);
}
