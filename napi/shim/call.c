/* Node-API chapter "Working with JavaScript functions": the exported half.
 *
 * In the release build a napi_value is the object, so that the addon's argument
 * vector goes to the callee as it is; the strict build decodes it first. */

#include "shim.h"

#ifdef NAPI_STRICT
#define INLINE_ARGUMENTS 8
#endif

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_function(napi_env env, const char *utf8name, size_t length,
                     napi_callback cb, void *data, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    CHECK(env, cb != NULL, napi_invalid_arg);
    if (utf8name == NULL) {
        return scope_return(env, function_new(env, NULL, cb, data), result);
    }
    CHECK(env, string_arguments_ok(utf8name, length), napi_invalid_arg);
    PyObject *name = string_key(env->state, utf8name, length);
    CHECK_PY(env, name != NULL);
    PyObject *function = function_new(env, name, cb, data);
    Py_DECREF(name);
    return scope_return(env, function, result);
}

/* `this`: globalThis is made when a callback asks for it */
static napi_status
give_receiver(napi_env env, napi_callback_info info, napi_value *this_arg)
{
    PyObject *receiver = info->receiver;
    if (receiver == NULL) {
        receiver = state_global(env->state);
        CHECK_PY(env, receiver != NULL);
    }
    CHECK_PY(env, scope_lend(env, receiver, this_arg));
    return napi_ok;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_cb_info(napi_env env, napi_callback_info cbinfo, size_t *argc,
                 napi_value *argv, napi_value *this_arg, void **data)
{
    CHECK_ENV(env);
    CHECK(env, cbinfo != NULL, napi_invalid_arg);
    if (argv != NULL) {
        CHECK_ARG(env, argc);
        size_t given = Py_MIN(*argc, cbinfo->argc), i = 0;
        for (; i < given; ++i) {
            CHECK_PY(env, scope_lend(env, cbinfo->argv[i], &argv[i]));
        }
        for (; i < *argc; ++i) {
            CHECK_PY(env, scope_lend(env, UNDEFINED, &argv[i]));
        }
    }
    if (argc != NULL) {
        *argc = cbinfo->argc;
    }
    if (this_arg != NULL) {
        napi_status status = give_receiver(env, cbinfo, this_arg);
        if (status != napi_ok) {
            return status;
        }
    }
    if (data != NULL) {
        *data = cbinfo->data;
    }
    return error_clear(env);
}

/* Node-API v1. NULL where the call is no construction. */
napi_status NAPI_CDECL
napi_get_new_target(napi_env env, napi_callback_info cbinfo,
                    napi_value *result)
{
    CHECK_ENV(env);
    CHECK(env, cbinfo != NULL, napi_invalid_arg);
    CHECK_ARG(env, result);
    *result = NULL;
    CHECK_PY(env, cbinfo->new_target == NULL ||
                      scope_lend(env, cbinfo->new_target, result));
    return error_clear(env);
}

/* A call or, where receiver is NULL, a construction. New, or NULL with an
 * exception raised. */
static PyObject *
invoke(napi_env env, PyObject *receiver, PyObject *function,
       PyObject *const *argv, size_t argc)
{
    return receiver != NULL
               ? function_call(env->state, function, receiver, argv, argc)
               : function_construct(env->state, function, argv, argc, NULL);
}

#ifdef NAPI_STRICT
static PyObject *
invoke_handles(napi_env env, PyObject *receiver, PyObject *function,
               const napi_value *argv, size_t argc)
{
    PyObject *small[INLINE_ARGUMENTS], **values = small;
    if (argc > INLINE_ARGUMENTS) {
        values = PyMem_Malloc(argc * sizeof(*values));
        if (values == NULL) {
            return PyErr_NoMemory();
        }
    }
    for (size_t i = 0; i < argc; ++i) {
        values[i] = value_of(env, argv[i]);
    }
    PyObject *result = invoke(env, receiver, function, values, argc);
    if (values != small) {
        PyMem_Free(values);
    }
    return result;
}
#else
static inline PyObject *
invoke_handles(napi_env env, PyObject *receiver, PyObject *function,
               const napi_value *argv, size_t argc)
{
    return invoke(env, receiver, function, (PyObject *const *)argv, argc);
}
#endif

static inline bool
arguments_ok(napi_env env, const napi_value *argv, size_t argc)
{
    for (size_t i = 0; i < argc; ++i) {
        if (!handle_ok(env, argv[i])) {
            return false;
        }
    }
    return true;
}

/* Node-API v1. What is no function is an invalid argument. An argument that is
 * NULL, which stops Node, is one too. */
napi_status NAPI_CDECL
napi_call_function(napi_env env, napi_value recv, napi_value func,
                   size_t argc, const napi_value *argv, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, recv);
    CHECK(env, argc == 0 || argv != NULL, napi_invalid_arg);
    CHECK_ARG(env, func);
    PyObject *function = value_of(env, func);
    CHECK(env, function_is(env->state, function), napi_invalid_arg);
    CHECK(env, arguments_ok(env, argv, argc), napi_invalid_arg);
    PyObject *value =
        invoke_handles(env, value_of(env, recv), function, argv, argc);
    if (result != NULL) {
        return scope_return(env, value, result);
    }
    CHECK_PY(env, value != NULL);
    Py_DECREF(value);
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_new_instance(napi_env env, napi_value constructor, size_t argc,
                  const napi_value *argv, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, constructor);
    CHECK(env, argc == 0 || argv != NULL, napi_invalid_arg);
    CHECK_ARG(env, result);
    PyObject *function = value_of(env, constructor);
    CHECK(env, function_is(env->state, function), napi_invalid_arg);
    CHECK(env, arguments_ok(env, argv, argc), napi_invalid_arg);
    return scope_return(env, invoke_handles(env, NULL, function, argv, argc),
                        result);
}
