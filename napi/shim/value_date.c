/* Node-API chapter "Working with JavaScript values": dates.
 *
 * napi.Date is Python's work (napi.runtime.date); datetime objects are dates
 * too, naive ones in local time. */

#include "shim.h"

/* datetime is not imported for the question: whoever has one did that */
static bool
is_datetime(PyObject *value)
{
    PyObject *mro = Py_TYPE(value)->tp_mro;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); ++i) {
        PyTypeObject *type = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        if (strcmp(type->tp_name, "datetime.datetime") == 0) {
            return true;
        }
    }
    return false;
}

/* 1, 0, -1 raised */
static int
is_date(struct shim_state *state, PyObject *value)
{
    if (is_datetime(value)) {
        return 1;
    }
    if (!PyType_HasFeature(Py_TYPE(value), Py_TPFLAGS_HEAPTYPE)) {
        return 0;
    }
    PyObject *date = state_lookup(state, "Date");
    int result = date ? PyObject_TypeCheck(value, (PyTypeObject *)date) : -1;
    Py_XDECREF(date);
    return result;
}

/* Node-API v5. Out of range is an invalid date (NaN). */
napi_status NAPI_CDECL
napi_create_date(napi_env env, double time, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *date = state_lookup(env->state, "Date");
    PyObject *number = date ? PyFloat_FromDouble(time) : NULL;
    PyObject *made = number ? PyObject_CallOneArg(date, number) : NULL;
    Py_XDECREF(number);
    Py_XDECREF(date);
    return scope_return(env, made, result);
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

static PyObject * /* new number: ms since the epoch */
read_time(PyObject *value)
{
    if (!is_datetime(value)) {
        return PyObject_CallMethod(value, "getTime", NULL);
    }
    PyObject *seconds = PyObject_CallMethod(value, "timestamp", NULL);
    PyObject *ms =
        seconds ? PyFloat_FromDouble(PyFloat_AsDouble(seconds) * 1000) : NULL;
    Py_XDECREF(seconds);
    return ms;
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
    PyObject *time = read_time(date);
    CHECK_PY(env, time != NULL);
    *result = PyFloat_AsDouble(time);
    Py_DECREF(time);
    CHECK_PY(env, !PyErr_Occurred());
    return error_clear(env);
}
