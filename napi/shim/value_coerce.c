/* Node-API chapter "Working with JavaScript values": abstract operations
 * (ECMA-262 chapter 7.1). A failure answers the status of the type that was
 * wanted, with the TypeError pending. */

#include "shim.h"

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

/* 1 and new primitive, 0: an object came or there is no method, -1 raised */
static int
try_method(struct shim_state *state, PyObject *value, const char *name,
           PyObject **result)
{
    int failed;
    PyObject *method = find_method(state, value, name, &failed);
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

PyObject *
coerce_to_primitive(struct shim_state *state, PyObject *value,
                    const char *hint)
{
    if (!compare_is_object(state, value)) {
        return Py_NewRef(value);
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

static PyObject * /* new: decimal digits */
bigint_digits(PyObject *value)
{
    return PyLong_Type.tp_repr(value);
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
        return bigint_digits(value);
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

/* WhiteSpace and LineTerminator of ECMA-262 */
static bool
is_space(Py_UCS4 c)
{
    return c == 0xFEFF ||
           (Py_UNICODE_ISSPACE(c) && c != 0x85 && !(c >= 0x1C && c <= 0x1F));
}

/* 0x, 0o, 0b: the value, or NaN */
static double
parse_radix(const char *text, Py_ssize_t length)
{
    int base = text[1] == 'x' || text[1] == 'X'   ? 16
               : text[1] == 'o' || text[1] == 'O' ? 8
               : text[1] == 'b' || text[1] == 'B' ? 2
                                                  : 0;
    if (base == 0 || length < 3 || memchr(text, '_', (size_t)length)) {
        return NAN;
    }
    char *end;
    PyObject *integer = PyLong_FromString(text + 2, &end, base);
    bool whole = integer != NULL && end == text + length &&
                 text[2] != '-' && text[2] != '+';
    double value = whole ? PyLong_AsDouble(integer) : NAN;
    Py_XDECREF(integer);
    if (PyErr_Occurred()) {
        value = PyErr_ExceptionMatches(PyExc_OverflowError) ? INFINITY : NAN;
        PyErr_Clear();
    }
    return value;
}

/* StrDecimalLiteral has no "inf", "nan" or "_" */
static double
parse_decimal(const char *text, Py_ssize_t length)
{
    const char *digits = text + (*text == '-' || *text == '+');
    if (strcmp(digits, "Infinity") == 0) {
        return *text == '-' ? -INFINITY : INFINITY;
    }
    for (Py_ssize_t i = 0; i < length; ++i) {
        if (strchr("0123456789.eE+-", text[i]) == NULL) {
            return NAN;
        }
    }
    char *end;
    double value = PyOS_string_to_double(text, &end, NULL);
    if (PyErr_Occurred()) {
        PyErr_Clear();
        return NAN;
    }
    return end == text + length ? value : NAN;
}

/* StringToNumber, ECMA-262 7.1.4.1.1; -1 with an error raised: no memory */
static int
parse_number(PyObject *string, double *value)
{
    int kind = PyUnicode_KIND(string);
    const void *data = PyUnicode_DATA(string);
    Py_ssize_t first = 0, last = PyUnicode_GET_LENGTH(string);
    while (first < last && is_space(PyUnicode_READ(kind, data, first))) {
        ++first;
    }
    while (last > first && is_space(PyUnicode_READ(kind, data, last - 1))) {
        --last;
    }
    *value = first == last ? 0 : NAN;
    PyObject *trimmed = PyUnicode_Substring(string, first, last);
    if (trimmed == NULL) {
        return -1;
    }
    if (first < last && PyUnicode_IS_ASCII(trimmed)) {
        const char *text = (const char *)PyUnicode_1BYTE_DATA(trimmed);
        Py_ssize_t length = last - first;
        *value = length > 1 && text[0] == '0' && !Py_ISDIGIT(text[1]) &&
                         strchr(".eE", text[1]) == NULL
                     ? parse_radix(text, length)
                     : parse_decimal(text, length);
    }
    Py_DECREF(trimmed);
    return 0;
}

static PyObject * /* new; value is no object */
primitive_to_number(struct shim_state *state, PyObject *value)
{
    double number = NAN;
    switch (compare_typeof(state, value)) {
    case napi_number:
        return Py_NewRef(value);
    case napi_string:
        return parse_number(value, &number) < 0 ? NULL
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
    PyObject *box = state_lookup(state, "box");
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
    *result = scope_borrow(env, truth ? Py_True : Py_False);
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
