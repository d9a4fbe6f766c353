/* Node-API chapter "Error handling".
 *
 * Two error domains, one crossing. The Python error indicator is clear while
 * addon code runs; the exception that a JavaScript caller would see is
 * env->pending. error_from_python and error_to_python are the only doors. */

#include "shim.h"
#include "site.h"

#include <stdarg.h>

static const char *const messages[] = {
    NULL,
    "Invalid argument",
    "An object was expected",
    "A string was expected",
    "A string or symbol was expected",
    "A function was expected",
    "A number was expected",
    "A boolean was expected",
    "An array was expected",
    "Unknown failure",
    "An exception is pending",
    "The async work item was cancelled",
    "napi_escape_handle already called on scope",
    "Invalid handle scope usage",
    "Invalid callback scope usage",
    "Thread-safe function queue is full",
    "Thread-safe function handle is closing",
    "A bigint was expected",
    "A date was expected",
    "An arraybuffer was expected",
    "A detachable arraybuffer was expected",
    "Main thread would deadlock",
    "External buffers are not allowed",
    "Cannot run JavaScript",
};

static void
update_blocked(napi_env env)
{
    env->blocked = env->pending != NULL || env->in_finalizer ||
                   (env->closing && !env->cut_off);
}

napi_status
error_set_text(napi_env env, napi_status status, const char *text)
{
    env->last_error.error_code = status;
    env->last_error_text = text;
    return status;
}

napi_status
error_blocked(napi_env env, const char *function)
{
    (void)function;
    if (env->pending != NULL) {
#ifdef NAPI_STRICT
        strict_report_sites(env, "exception-pending", env->strict->thrown,
                            NULL, "called with an exception pending: %s",
                            Py_TYPE(env->pending)->tp_name);
#endif
        return error_set(env, napi_pending_exception);
    }
    if (env->closing) {
        return error_set(env, env->version >= 10 ? napi_cannot_run_js
                                                 : napi_pending_exception);
    }
    finalizer_breach(env, function);
    return napi_ok;
}

void
error_pend(napi_env env, PyObject *value)
{
    if (env->pending != NULL) {
        Py_DECREF(value);
        return;
    }
    env->pending = value;
    env->blocked = true;
#ifdef NAPI_STRICT
    site_free(env->strict->thrown);
    env->strict->thrown = site_of_call(env);
#endif
}

/* steals the RecursionError; new RangeError that has it as its cause */
static PyObject *
range_error_from_recursion(struct shim_state *state, PyObject *exception)
{
    PyObject *text = PyUnicode_FromString("Maximum call stack size exceeded");
    PyObject *error =
        text ? error_new(state, "RangeError", NULL, text) : NULL;
    Py_XDECREF(text);
    if (error == NULL) {
        PyErr_Clear();
        return exception;
    }
    PyException_SetCause(error, exception);
    return error;
}

PyObject *
error_value(struct shim_state *state, PyObject *exception)
{
    PyObject *thrown = state_lookup(state, "Thrown");
    if (thrown == NULL) {
        PyErr_Clear();
        return Py_NewRef(exception);
    }
    PyObject *value = NULL;
    if (Py_TYPE(exception) == (PyTypeObject *)thrown) {
        value = PyObject_GetAttrString(exception, "value");
        if (value == NULL) {
            PyErr_Clear();
        }
    }
    Py_DECREF(thrown);
    return value != NULL ? value : Py_NewRef(exception);
}

napi_status
error_from_python_as(napi_env env, napi_status status)
{
    PyObject *exception = PyErr_GetRaisedException();
    if (exception == NULL) {
        return error_set(env, napi_generic_failure);
    }
    if (PyErr_GivenExceptionMatches(exception, PyExc_RecursionError)) {
        exception = range_error_from_recursion(env->state, exception);
    } else if (!PyErr_GivenExceptionMatches(exception, PyExc_Exception)) {
        Py_XSETREF(env->agent->sticky, Py_NewRef(exception));
    } else if (!PyErr_GivenExceptionMatches(exception, PyExc_MemoryError)) {
        PyObject *value = error_value(env->state, exception);
        Py_DECREF(exception);
        exception = value;
    }
    error_pend(env, exception);
    return error_set(env, status);
}

napi_status
error_from_python(napi_env env)
{
    return error_from_python_as(env, napi_pending_exception);
}

void
error_raise_value(struct shim_state *state, PyObject *value)
{
    if (PyExceptionInstance_Check(value)) {
        PyErr_SetRaisedException(Py_NewRef(value));
        return;
    }
    PyObject *thrown = state_lookup(state, "Thrown");
    if (thrown == NULL) {
        return;
    }
    PyObject *exception = PyObject_CallOneArg(thrown, value);
    Py_DECREF(thrown);
    if (exception != NULL) {
        PyErr_SetRaisedException(exception);
    }
}

void
error_to_python(napi_env env)
{
    PyObject *value = env->pending;
    env->pending = NULL;
    update_blocked(env);
    error_raise_value(env->state, value);
    Py_DECREF(value);
}

PyObject *
error_new(struct shim_state *state, const char *type, const char *code,
          PyObject *message)
{
    PyObject *class = state_lookup(state, type);
    if (class == NULL) {
        return NULL;
    }
    PyObject *error = PyObject_CallOneArg(class, message);
    Py_DECREF(class);
    if (error == NULL || code == NULL) {
        return error;
    }
    PyObject *text = string_from_utf8(code, NAPI_AUTO_LENGTH);
    if (text == NULL ||
        PyObject_SetAttr(error, state->str_code, text) < 0) {
        Py_CLEAR(error);
    }
    Py_XDECREF(text);
    return error;
}

static PyObject * /* new or NULL */
error_format(struct shim_state *state, const char *type, const char *code,
             const char *format, va_list arguments)
{
    PyObject *message = PyUnicode_FromFormatV(format, arguments);
    PyObject *error =
        message ? error_new(state, type, code, message) : NULL;
    Py_XDECREF(message);
    return error;
}

PyObject *
error_raise(struct shim_state *state, const char *type, const char *code,
            const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *error = error_format(state, type, code, format, arguments);
    va_end(arguments);
    if (error != NULL) {
        PyErr_SetRaisedException(error);
    }
    return NULL;
}

void
error_throw(napi_env env, const char *type, const char *code,
            const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *error = error_format(env->state, type, code, format, arguments);
    va_end(arguments);
    if (error != NULL) {
        error_pend(env, error);
    } else {
        error_from_python(env);
    }
}

/* Node-API v1. The stored code stays; only the text is filled in. */
napi_status NAPI_CDECL
napi_get_last_error_info(node_api_basic_env basic_env,
                         const napi_extended_error_info **result)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    napi_status code = env->last_error.error_code;
    env->last_error.error_message = env->last_error_text;
    if (env->last_error_text == NULL &&
        (size_t)code < Py_ARRAY_LENGTH(messages)) {
        env->last_error.error_message = messages[code];
    }
    if (code == napi_ok) {
        env->last_error.engine_error_code = 0;
        env->last_error.engine_reserved = NULL;
    }
    *result = &env->last_error;
    return napi_ok;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_throw(napi_env env, napi_value error)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, error);
    error_pend(env, Py_NewRef(value_of(env, error)));
    return error_clear(env);
}

static napi_status
throw_text(napi_env env, const char *type, const char *code, const char *text)
{
    CHECK(env, text != NULL, napi_invalid_arg);
    PyObject *message = string_from_utf8(text, NAPI_AUTO_LENGTH);
    CHECK_PY(env, message != NULL);
    PyObject *error = error_new(env->state, type, code, message);
    Py_DECREF(message);
    CHECK_PY(env, error != NULL);
    error_pend(env, error);
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_throw_error(napi_env env, const char *code, const char *msg)
{
    NAPI_PREAMBLE(env);
    return throw_text(env, "Error", code, msg);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_throw_type_error(napi_env env, const char *code, const char *msg)
{
    NAPI_PREAMBLE(env);
    return throw_text(env, "TypeError", code, msg);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_throw_range_error(napi_env env, const char *code, const char *msg)
{
    NAPI_PREAMBLE(env);
    return throw_text(env, "RangeError", code, msg);
}

/* Node-API v9. */
napi_status NAPI_CDECL
node_api_throw_syntax_error(napi_env env, const char *code, const char *msg)
{
    NAPI_PREAMBLE(env);
    return throw_text(env, "SyntaxError", code, msg);
}

static napi_status
create_error(napi_env env, const char *type, napi_value code, napi_value msg,
             napi_value *result)
{
    CHECK_ARG(env, msg);
    CHECK_ARG(env, result);
    PyObject *message = value_of(env, msg);
    CHECK(env, PyUnicode_Check(message), napi_string_expected);
    CHECK(env, code == NULL || PyUnicode_Check(value_of(env, code)),
          napi_string_expected);
    PyObject *error = error_new(env->state, type, NULL, message);
    if (error != NULL && code != NULL &&
        PyObject_SetAttr(error, env->state->str_code, value_of(env, code)) <
            0) {
        Py_CLEAR(error);
    }
    return scope_return(env, error, result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_error(napi_env env, napi_value code, napi_value msg,
                  napi_value *result)
{
    CHECK_ENV(env);
    return create_error(env, "Error", code, msg, result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_type_error(napi_env env, napi_value code, napi_value msg,
                       napi_value *result)
{
    CHECK_ENV(env);
    return create_error(env, "TypeError", code, msg, result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_range_error(napi_env env, napi_value code, napi_value msg,
                        napi_value *result)
{
    CHECK_ENV(env);
    return create_error(env, "RangeError", code, msg, result);
}

/* Node-API v9. */
napi_status NAPI_CDECL
node_api_create_syntax_error(napi_env env, napi_value code, napi_value msg,
                             napi_value *result)
{
    CHECK_ENV(env);
    return create_error(env, "SyntaxError", code, msg, result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_is_exception_pending(napi_env env, bool *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    *result = env->pending != NULL;
    return error_clear(env);
}

/* Node-API v1. undefined where nothing is pending. */
napi_status NAPI_CDECL
napi_get_and_clear_last_exception(napi_env env, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    PyObject *value = env->pending;
    if (value == NULL) {
        CHECK_PY(env, scope_lend(env, UNDEFINED, result));
        return error_clear(env);
    }
    env->pending = NULL;
    update_blocked(env);
    return scope_return(env, value, result);
}
