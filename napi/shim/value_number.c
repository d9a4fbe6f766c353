/* Node-API chapter "Working with JavaScript values": numbers.
 *
 * A number is canonical from the moment it is made: an int where it is
 * integral, safe and not -0, else a float. JavaScript cannot tell 8 from 8.0,
 * so neither can what Python gets to see. */

#include "shim.h"

#include <math.h>

PyObject *
number_from_double(double value)
{
    if (value >= -(double)MAX_SAFE_INTEGER &&
        value <= (double)MAX_SAFE_INTEGER) {
        long long integer = (long long)value;
        if ((double)integer == value && (integer != 0 || !signbit(value))) {
            return PyLong_FromLongLong(integer);
        }
    }
    return PyFloat_FromDouble(value);
}

/* true and the value of an int in the safe range */
static bool
read_safe(PyObject *value, double *result)
{
    int overflow;
    long long integer = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow != 0 || integer > MAX_SAFE_INTEGER ||
        integer < -MAX_SAFE_INTEGER) {
        return false;
    }
    *result = (double)integer;
    return true;
}

/* numpy scalars and the like: a numeric slot, no length, no truth value */
static bool
is_scalar(PyTypeObject *type)
{
    PyNumberMethods *number = type->tp_as_number;
    if (number == NULL ||
        (number->nb_index == NULL && number->nb_float == NULL)) {
        return false;
    }
    if (number->nb_add == NULL) {
        return false; /* a date or the like: it only converts */
    }
    bool has_length =
        (type->tp_as_sequence != NULL &&
         type->tp_as_sequence->sq_length != NULL) ||
        (type->tp_as_mapping != NULL && type->tp_as_mapping->mp_length != NULL);
    return !has_length && !compare_is_foreign_bool(type);
}

static bool
read_foreign(PyObject *value, double *result)
{
    PyTypeObject *type = Py_TYPE(value);
    if (!is_scalar(type)) {
        return false;
    }
    PyObject *real = type->tp_as_number->nb_index != NULL
                         ? PyNumber_Index(value)
                         : PyNumber_Float(value);
    if (real == NULL) {
        PyErr_Clear();
        return false;
    }
    bool known = PyLong_Check(real) && read_safe(real, result);
    if (PyFloat_Check(real)) {
        *result = PyFloat_AS_DOUBLE(real);
        known = true;
    }
    Py_DECREF(real);
    return known;
}

bool
number_as_double(struct shim_state *state, PyObject *value, double *result)
{
    if (PyFloat_CheckExact(value)) {
        *result = PyFloat_AS_DOUBLE(value);
        return true;
    }
    if (PyLong_CheckExact(value)) {
        return read_safe(value, result);
    }
    if (PyBool_Check(value) || PyUnicode_Check(value) ||
        Py_TYPE(value) == state->bigint_type || value == Py_None) {
        return false;
    }
    if (PyFloat_Check(value)) {
        *result = PyFloat_AS_DOUBLE(value);
        return true;
    }
    if (PyLong_Check(value)) {
        return !PyObject_TypeCheck(value, state->bigint_type) &&
               read_safe(value, result);
    }
    return read_foreign(value, result);
}

bool
number_is(struct shim_state *state, PyObject *value)
{
    double ignored;
    return number_as_double(state, value, &ignored);
}

/* Number::toString, ECMA-262 6.1.6.1.20, from the shortest digits. */
static PyObject *
format_digits(const char *digits, int count, int point, bool negative)
{
    char text[64];
    char *out = text;
    if (negative) {
        *out++ = '-';
    }
    if (count <= point && point <= 21) {
        out += sprintf(out, "%.*s", count, digits);
        memset(out, '0', (size_t)(point - count));
        out += point - count;
    } else if (0 < point && point <= 21) {
        out += sprintf(out, "%.*s.%.*s", point, digits, count - point,
                       digits + point);
    } else if (-6 < point && point <= 0) {
        out += sprintf(out, "0.");
        memset(out, '0', (size_t)-point);
        out += -point;
        out += sprintf(out, "%.*s", count, digits);
    } else {
        int exponent = point - 1;
        out += sprintf(out, "%c", digits[0]);
        if (count > 1) {
            out += sprintf(out, ".%.*s", count - 1, digits + 1);
        }
        out += sprintf(out, "e%c%d", exponent < 0 ? '-' : '+',
                       exponent < 0 ? -exponent : exponent);
    }
    return PyUnicode_FromStringAndSize(text, out - text);
}

PyObject *
number_to_string(double value)
{
    if (isnan(value)) {
        return PyUnicode_FromString("NaN");
    }
    if (isinf(value)) {
        return PyUnicode_FromString(value > 0 ? "Infinity" : "-Infinity");
    }
    if (value == 0) {
        return PyUnicode_FromString("0");
    }
    char *text = PyOS_double_to_string(value, 'r', 0, 0, NULL);
    if (text == NULL) {
        return NULL;
    }
    /* [-]digits[.digits][e[+-]digits] -> digits and the decimal point */
    char digits[32];
    int count = 0, point = -1, exponent = 0;
    const char *in = text + (*text == '-');
    for (; *in != '\0' && *in != 'e'; ++in) {
        if (*in == '.') {
            point = count;
        } else if (count < 31) {
            digits[count++] = *in;
        }
    }
    if (*in == 'e') {
        exponent = atoi(in + 1);
    }
    PyMem_Free(text);
    point = (point < 0 ? count : point) + exponent;
    int first = 0;
    while (first < count - 1 && digits[first] == '0') {
        ++first;
        --point;
    }
    while (count > first + 1 && digits[count - 1] == '0') {
        --count;
    }
    return format_digits(digits + first, count - first, point, value < 0);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_double(napi_env env, double value, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    return scope_return(env, number_from_double(value), result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_int32(napi_env env, int32_t value, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    return scope_return(env, PyLong_FromLong(value), result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_uint32(napi_env env, uint32_t value, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    return scope_return(env, PyLong_FromUnsignedLong(value), result);
}

/* Node-API v1. Beyond 2**53 it is the nearest double. */
napi_status NAPI_CDECL
napi_create_int64(napi_env env, int64_t value, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    bool safe = value <= MAX_SAFE_INTEGER && value >= -MAX_SAFE_INTEGER;
    return scope_return(env,
                        safe ? PyLong_FromLongLong(value)
                             : PyFloat_FromDouble((double)value),
                        result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_value_double(napi_env env, napi_value value, double *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    CHECK(env, number_as_double(env->state, value_of(env, value), result),
          napi_number_expected);
    return error_clear(env);
}

/* ToInt32's modulo, ECMA-262 7.1.6; not finite is 0 */
static uint32_t
wrap_double(double value)
{
    if (value >= -2147483648.0 && value <= 4294967295.0) {
        return (uint32_t)(int64_t)value;
    }
    if (!isfinite(value)) {
        return 0;
    }
    double rest = fmod(trunc(value), 4294967296.0);
    return (uint32_t)(int64_t)rest;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_value_int32(napi_env env, napi_value value, int32_t *result)
{
    double number;
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    CHECK(env, number_as_double(env->state, value_of(env, value), &number),
          napi_number_expected);
    *result = (int32_t)wrap_double(number);
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_value_uint32(napi_env env, napi_value value, uint32_t *result)
{
    double number;
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    CHECK(env, number_as_double(env->state, value_of(env, value), &number),
          napi_number_expected);
    *result = wrap_double(number);
    return error_clear(env);
}

/* Node-API v1. Saturates; what is not finite is 0. */
napi_status NAPI_CDECL
napi_get_value_int64(napi_env env, napi_value value, int64_t *result)
{
    double number;
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    CHECK(env, number_as_double(env->state, value_of(env, value), &number),
          napi_number_expected);
    if (!isfinite(number)) {
        *result = 0;
    } else if (number >= 9223372036854775808.0) {
        *result = INT64_MAX;
    } else if (number <= -9223372036854775808.0) {
        *result = INT64_MIN;
    } else {
        *result = (int64_t)number;
    }
    return error_clear(env);
}
