/* Node-API chapter "Working with JavaScript values": dates.
 *
 * napi.Date is Python's work (napi.runtime.date) and keeps its time value, a
 * float that TimeClip has been through, as `__time__`; datetime objects are
 * dates too, naive ones in local time. */

#include "value.h"

#include <math.h>

#define TIME_LIMIT 8.64e15 /* ms: 100 million days from the epoch */

/* a base class of that name, heap type or not */
static bool
has_base(PyObject *value, const char *name)
{
    PyObject *mro = Py_TYPE(value)->tp_mro;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); ++i) {
        PyTypeObject *type = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        if (strcmp(type->tp_name, name) == 0) {
            return true;
        }
    }
    return false;
}

bool
date_is_native(PyObject *value)
{
    return has_base(value, "datetime.datetime");
}

static PyObject * /* new type napi.Date; NULL: raised */
find_class(struct shim_state *state)
{
    PyObject *name = NULL, *class = NULL;
    if (state->runtime == NULL) {
        return state_lookup(state, "Date");
    }
    name = string_key(state, "Date", NAPI_AUTO_LENGTH);
    class = name ? PyObject_GetAttr(state->runtime, name) : NULL;
    Py_XDECREF(name);
    return class;
}

/* Only what is called a Date makes napi.runtime be asked. 1, 0, -1 raised */
static int
is_own(struct shim_state *state, PyObject *value)
{
    if (!has_base(value, "Date")) {
        return 0;
    }
    PyObject *class = find_class(state);
    int result = class ? PyObject_TypeCheck(value, (PyTypeObject *)class) : -1;
    Py_XDECREF(class);
    return result;
}

/* 1, 0, -1 raised */
static int
is_date(struct shim_state *state, PyObject *value)
{
    return date_is_native(value) ? 1 : is_own(state, value);
}

PyObject *
date_from_native(struct shim_state *state, PyObject *value)
{
    PyObject *class = find_class(state);
    PyObject *date = class ? PyObject_CallOneArg(class, value) : NULL;
    Py_XDECREF(class);
    return date;
}

/* ECMA-262 21.4.1.31 */
static double
clip_time(double time)
{
    return fabs(time) <= TIME_LIMIT ? trunc(time) + 0.0 : NAN;
}

static PyObject * /* new napi.Date; its __init__ would be Python code */
make_date(struct shim_state *state, double time)
{
    PyObject *class = find_class(state);
    PyObject *name =
        class ? string_key(state, "__time__", NAPI_AUTO_LENGTH) : NULL;
    PyObject *number = name ? PyFloat_FromDouble(clip_time(time)) : NULL;
    PyObject *nothing = number ? PyTuple_New(0) : NULL;
    PyObject *date =
        nothing ? PyBaseObject_Type.tp_new((PyTypeObject *)class, nothing,
                                           NULL)
                : NULL;
    if (date != NULL && PyObject_SetAttr(date, name, number) < 0) {
        Py_CLEAR(date);
    }
    Py_XDECREF(class);
    Py_XDECREF(name);
    Py_XDECREF(number);
    Py_XDECREF(nothing);
    return date;
}

/* 0 or -1 raised */
static int
read_time(struct shim_state *state, PyObject *date, double *result)
{
    PyObject *own =
        date_is_native(date) ? date_from_native(state, date) : Py_NewRef(date);
    PyObject *name =
        own ? string_key(state, "__time__", NAPI_AUTO_LENGTH) : NULL;
    PyObject *time = name ? PyObject_GetAttr(own, name) : NULL;
    int status = -1;
    if (time != NULL) {
        *result = PyFloat_AsDouble(time);
        status = *result == -1 && PyErr_Occurred() ? -1 : 0;
    }
    Py_XDECREF(own);
    Py_XDECREF(name);
    Py_XDECREF(time);
    return status;
}

/* Node-API v5. Out of range is an invalid date (NaN). */
napi_status NAPI_CDECL
napi_create_date(napi_env env, double time, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    return scope_return(env, make_date(env->state, time), result);
}

/* Node-API v5. */
napi_status NAPI_CDECL
napi_is_date(napi_env env, napi_value value, bool *is_date_result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, is_date_result);
    int answer = is_date(env->state, value_of(env, value));
    CHECK_PY(env, answer >= 0);
    *is_date_result = answer;
    return error_clear(env);
}

/* Node-API v5. */
napi_status NAPI_CDECL
napi_get_date_value(napi_env env, napi_value value, double *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    PyObject *date = value_of(env, value);
    int answer = is_date(env->state, date);
    CHECK_PY(env, answer >= 0);
    CHECK(env, answer, napi_date_expected);
    CHECK_PY(env, read_time(env->state, date, result) == 0);
    return error_clear(env);
}
