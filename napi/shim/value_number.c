/* Node-API chapter "Working with JavaScript values": numbers.
 *
 * A number is canonical from the moment it is made: an int where it is
 * integral, safe and not -0, else a float. JavaScript cannot tell 8 from 8.0,
 * so neither can what Python gets to see. */

#include "value.h"

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

static bool
has_length(PyTypeObject *type)
{
    return (type->tp_as_sequence != NULL &&
            type->tp_as_sequence->sq_length != NULL) ||
           (type->tp_as_mapping != NULL &&
            type->tp_as_mapping->mp_length != NULL);
}

/* What converts to int or float and can be added is a number. Conversion alone
 * is not enough (napi.Date has it), and containers of one element add too. */
static bool
is_scalar(struct shim_state *state, PyTypeObject *type)
{
    PyNumberMethods *number = type->tp_as_number;
    if (number == NULL || number->nb_add == NULL ||
        (number->nb_index == NULL && number->nb_float == NULL)) {
        return false;
    }
    return !has_length(type) && type->tp_call == NULL &&
           Py_TYPE(type) != state->class_type &&
           !compare_is_foreign_bool(type) &&
           strncmp(type->tp_name, "numpy.c", 7) != 0; /* complex, clongdouble */
}

PyObject *
number_from_foreign(struct shim_state *state, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (!is_scalar(state, type)) {
        return NULL;
    }
    PyObject *real = type->tp_as_number->nb_index != NULL
                         ? PyNumber_Index(value)
                         : PyNumber_Float(value);
    if (real == NULL) {
        if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) {
            PyErr_SetInterrupt();
        }
        PyErr_Clear();
    }
    return real;
}

static bool
read_foreign(struct shim_state *state, PyObject *value, double *result)
{
    int64_t integer;
    bool known = true;
    PyObject *real = number_from_foreign(state, value);
    if (real == NULL) {
        return false;
    }
    if (PyFloat_Check(real)) {
        *result = PyFloat_AS_DOUBLE(real);
    } else if (long_as_safe(real, &integer)) {
        *result = (double)integer;
    } else {
        known = false;
    }
    Py_DECREF(real);
    return known;
}

/* all that is not an exact float or int */
static bool
read_slow(struct shim_state *state, PyObject *value, double *result)
{
    int64_t integer;
    if (PyFloat_Check(value)) {
        *result = PyFloat_AS_DOUBLE(value);
        return true;
    }
    if (PyLong_Check(value)) {
        if (PyBool_Check(value) ||
            PyObject_TypeCheck(value, state->bigint_type) ||
            !long_as_safe(value, &integer)) {
            return false;
        }
        *result = (double)integer;
        return true;
    }
    return read_foreign(state, value, result);
}

bool
number_as_double(struct shim_state *state, PyObject *value, double *result)
{
    int64_t integer;
    if (PyFloat_CheckExact(value)) {
        *result = PyFloat_AS_DOUBLE(value);
        return true;
    }
    if (PyLong_CheckExact(value)) {
        if (!long_as_safe(value, &integer)) {
            return false;
        }
        *result = (double)integer;
        return true;
    }
    return read_slow(state, value, result);
}

bool
number_is(struct shim_state *state, PyObject *value)
{
    double ignored;
    return number_as_double(state, value, &ignored);
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
    int64_t integer;
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    PyObject *object = value_of(env, value);
    if (PyLong_CheckExact(object) && long_as_safe(object, &integer)) {
        *result = (int32_t)(uint32_t)integer;
        return error_clear(env);
    }
    CHECK(env, number_as_double(env->state, object, &number),
          napi_number_expected);
    *result = (int32_t)wrap_double(number);
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_value_uint32(napi_env env, napi_value value, uint32_t *result)
{
    double number;
    int64_t integer;
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    PyObject *object = value_of(env, value);
    if (PyLong_CheckExact(object) && long_as_safe(object, &integer)) {
        *result = (uint32_t)integer;
        return error_clear(env);
    }
    CHECK(env, number_as_double(env->state, object, &number),
          napi_number_expected);
    *result = wrap_double(number);
    return error_clear(env);
}

/* truncates and saturates; not finite is 0 */
static int64_t
saturate_double(double value)
{
    if (!isfinite(value)) {
        return 0;
    }
    if (value >= 9223372036854775808.0) {
        return INT64_MAX;
    }
    return value <= -9223372036854775808.0 ? INT64_MIN : (int64_t)value;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_value_int64(napi_env env, napi_value value, int64_t *result)
{
    double number;
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    PyObject *object = value_of(env, value);
    if (PyLong_CheckExact(object) && long_as_safe(object, result)) {
        return error_clear(env);
    }
    CHECK(env, number_as_double(env->state, object, &number),
          napi_number_expected);
    *result = saturate_double(number);
    return error_clear(env);
}
