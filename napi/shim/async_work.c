/* Node-API chapter "Simple asynchronous operations": not here yet.
 *
 * Arguments are checked as Node does; then each function answers
 * napi_generic_failure with a last error that names what is missing. */

#include "shim.h"

static const char missing[] =
    "async work is not supported by this version of napi";

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_async_work(napi_env env, napi_value async_resource,
                       napi_value async_resource_name,
                       napi_async_execute_callback execute,
                       napi_async_complete_callback complete, void *data,
                       napi_async_work *result)
{
    (void)complete;
    (void)data;
    CHECK_ENV(env);
    CHECK(env, execute != NULL, napi_invalid_arg);
    CHECK_ARG(env, result);
    if (async_resource != NULL) {
        PyObject *resource;
        napi_status status = property_target(env, async_resource, &resource);
        if (status != napi_ok) {
            return status;
        }
    }
    CHECK_ARG(env, async_resource_name);
    PyObject *name =
        coerce_to_string(env->state, value_of(env, async_resource_name));
    if (name == NULL) {
        PyErr_Clear(); /* Node leaves nothing pending here */
        return error_set(env, napi_string_expected);
    }
    Py_DECREF(name);
    return error_set_text(env, napi_generic_failure, missing);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_delete_async_work(napi_env env, napi_async_work work)
{
    CHECK_ENV(env);
    CHECK_ARG(env, work);
    return error_set_text(env, napi_generic_failure, missing);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_queue_async_work(node_api_basic_env basic_env, napi_async_work work)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, work);
    return error_set_text(env, napi_generic_failure, missing);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_cancel_async_work(node_api_basic_env basic_env, napi_async_work work)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, work);
    return error_set_text(env, napi_generic_failure, missing);
}
