/* Node-API chapter "Custom asynchronous operations".
 *
 * A callback scope counts as a native frame: ticks and microtasks run when the
 * outermost one closes. */

#include "shim.h"
#include "track.h"

struct napi_callback_scope__ {
    struct async_resource *resource; /* borrowed from the context; or NULL */
    struct async_moment moment;
};

/* Node-API v1. */
napi_status NAPI_CDECL
napi_async_init(napi_env env, napi_value async_resource,
                napi_value async_resource_name, napi_async_context *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, async_resource_name);
    CHECK_ARG(env, result);
    struct async_resource *resource;
    napi_status status = async_resource_new(env, async_resource,
                                            async_resource_name, &resource);
    if (status != napi_ok) {
        return status;
    }
    ++env->counters[COUNT_CONTEXTS];
    track_born(env, TRACK_CONTEXT, resource);
    *result = (napi_async_context)resource;
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_async_destroy(napi_env env, napi_async_context async_context)
{
    CHECK_ENV(env);
    CHECK_ARG(env, async_context);
    --env->counters[COUNT_CONTEXTS];
    track_died(env, async_context);
    async_resource_free((struct async_resource *)async_context);
    return error_clear(env);
}

static void
open_scope(napi_env env, napi_callback_scope scope, napi_async_context context)
{
    ++env->agent->depth;
    scope->resource = (struct async_resource *)context;
    if (scope->resource != NULL) {
        async_before(scope->resource, &scope->moment);
    }
}

static void
close_scope(napi_env env, napi_callback_scope scope)
{
    if (scope->resource != NULL) {
        async_after(scope->resource, &scope->moment);
    }
    if (--env->agent->depth == 0) {
        agent_drain(env->agent);
    }
}

/* A domain that the receiver belongs to is entered for the callback. */
static napi_status
wrap_callback(napi_env env, napi_value receiver, napi_value func,
              napi_value *wrapped)
{
    PyObject *made = PyObject_CallFunctionObjArgs(
        env->state->callback_wrapper, value_of(env, receiver),
        value_of(env, func), NULL);
    return scope_return(env, made, wrapped); /* steals; NULL -> pending */
}

/* Node-API v1. Microtasks run after it only where no native frame is left. */
napi_status NAPI_CDECL
napi_make_callback(napi_env env, napi_async_context async_context,
                   napi_value recv, napi_value func, size_t argc,
                   const napi_value *argv, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, recv);
    CHECK(env, argc == 0 || argv != NULL, napi_invalid_arg);
    PyObject *receiver;
    napi_status status = property_target(env, recv, &receiver);
    napi_value object; /* a primitive is boxed, as Node does it */
    if (status == napi_ok) {
        status = napi_coerce_to_object(env, recv, &object);
    }
    if (status != napi_ok) {
        return status;
    }
    if (env->state->callback_wrapper != NULL && func != NULL) {
        status = wrap_callback(env, object, func, &func);
        if (status != napi_ok) {
            return status;
        }
    }
    struct napi_callback_scope__ scope;
    open_scope(env, &scope, async_context);
    status = napi_call_function(env, object, func, argc, argv, result);
    close_scope(env, &scope);
    return status;
}

/* Node-API v3. */
napi_status NAPI_CDECL
napi_open_callback_scope(napi_env env, napi_value resource_object,
                         napi_async_context context,
                         napi_callback_scope *result)
{
    (void)resource_object;
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    napi_callback_scope scope = PyMem_Malloc(sizeof(*scope));
    CHECK_PY(env, scope != NULL || PyErr_NoMemory());
    open_scope(env, scope, context);
    ++env->open_callback_scopes;
    track_born(env, TRACK_CALLBACK_SCOPE, scope);
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
    track_died(env, scope);
    close_scope(env, scope);
    PyMem_Free(scope);
    return error_clear(env);
}
