/* Node-API chapter "Custom asynchronous operations".
 *
 * A context holds its resource; a callback scope counts as a native frame, so
 * microtasks run when the outermost one closes. Async hooks are not told. */

#include "shim.h"

struct napi_async_context__ {
    PyObject *resource; /* owned */
};

struct napi_callback_scope__ {
    napi_env env;
};

/* Node-API v1. */
napi_status NAPI_CDECL
napi_async_init(napi_env env, napi_value async_resource,
                napi_value async_resource_name, napi_async_context *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, async_resource_name);
    CHECK_ARG(env, result);
    PyObject *resource = UNDEFINED;
    if (async_resource != NULL) {
        napi_status status = property_target(env, async_resource, &resource);
        if (status != napi_ok) {
            return status;
        }
    }
    PyObject *name =
        coerce_to_string(env->state, value_of(env, async_resource_name));
    if (name == NULL) {
        PyErr_Clear(); /* Node leaves nothing pending here */
        return error_set(env, napi_string_expected);
    }
    Py_DECREF(name);
    napi_async_context context = PyMem_Malloc(sizeof(*context));
    CHECK_PY(env, context != NULL || PyErr_NoMemory());
    context->resource = Py_NewRef(resource);
    *result = context;
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_async_destroy(napi_env env, napi_async_context async_context)
{
    CHECK_ENV(env);
    CHECK_ARG(env, async_context);
    Py_DECREF(async_context->resource);
    PyMem_Free(async_context);
    return error_clear(env);
}

static void
drain_outermost(napi_env env)
{
    if (env->agent->depth == 0) {
        agent_drain(env->agent);
    }
}

/* Node-API v1. Microtasks run after it only where no native frame is left. */
napi_status NAPI_CDECL
napi_make_callback(napi_env env, napi_async_context async_context,
                   napi_value recv, napi_value func, size_t argc,
                   const napi_value *argv, napi_value *result)
{
    (void)async_context;
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, recv);
    CHECK(env, argc == 0 || argv != NULL, napi_invalid_arg);
    PyObject *receiver;
    napi_status status = property_target(env, recv, &receiver);
    if (status != napi_ok) {
        return status;
    }
    status = napi_call_function(env, recv, func, argc, argv, result);
    drain_outermost(env);
    return status;
}

/* Node-API v3. */
napi_status NAPI_CDECL
napi_open_callback_scope(napi_env env, napi_value resource_object,
                         napi_async_context context,
                         napi_callback_scope *result)
{
    (void)resource_object;
    (void)context;
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    napi_callback_scope scope = PyMem_Malloc(sizeof(*scope));
    CHECK_PY(env, scope != NULL || PyErr_NoMemory());
    scope->env = env;
    ++env->open_callback_scopes;
    ++env->agent->depth;
    *result = scope;
    return error_clear(env);
}

/* Node-API v3. */
napi_status NAPI_CDECL
napi_close_callback_scope(napi_env env, napi_callback_scope scope)
{
    CHECK_ENV(env);
    CHECK(env, scope != NULL, napi_invalid_arg);
    if (env->open_callback_scopes == 0) {
        return napi_callback_scope_mismatch;
    }
    --env->open_callback_scopes;
    PyMem_Free(scope);
    --env->agent->depth;
    drain_outermost(env);
    return error_clear(env);
}
