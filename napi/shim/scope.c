/* Node-API chapter "Object lifetime management": handle scopes.
 *
 * The arena is one growing block per env that holds the references which the
 * open scopes own. A scope is the height of the arena when it was opened; a
 * handle scope's value is that height plus one, so it is never NULL. Below the
 * height of the running frame nothing is ever dropped.
 *
 * Many addons return a handle from the scope that they have just closed. V8
 * leaves a closed scope's slots as they are until others need them; so the
 * outermost scope of a frame is dropped by the next one, or with the frame. */

#include "shim.h"

bool
scope_grow(napi_env env)
{
    if (env->in_finalizer) {
        finalizer_breach(env, "a value was made");
        env->capacity += env->withheld;
        env->withheld = 0;
        if (env->top < env->capacity) {
            return true;
        }
    }
    size_t capacity = env->capacity ? env->capacity * 2 : 256;
    PyObject **arena =
        PyMem_Realloc(env->arena, capacity * sizeof(PyObject *));
    if (arena == NULL) {
        PyErr_NoMemory();
        return false;
    }
    env->arena = arena;
#ifdef NAPI_STRICT
    if (!strict_grow(env, capacity)) {
        return false;
    }
#endif
    env->capacity = capacity;
    return true;
}

/* A dropped object may run Python code; the arena must be consistent then. */
void
scope_drop(napi_env env, size_t top)
{
    env->stale_end = Py_MIN(env->stale_end, top);
    while (env->top > top) {
        PyObject *value = env->arena[--env->top];
#ifdef NAPI_STRICT
        strict_end(env, env->top);
#endif
        Py_XDECREF(value);
    }
}

/* Drops what a closed scope left, though handles above may be in use. */
void
scope_settle(napi_env env)
{
    size_t start = env->stale, end = env->stale_end;
    env->stale_end = 0;
    if (end == env->top && start < end) {
        scope_drop(env, start);
        return;
    }
    for (; start < end; ++start) {
        Py_CLEAR(env->arena[start]);
    }
}

static void
make_stale(napi_env env, size_t height)
{
    if (env->stale_end != 0) {
        scope_settle(env);
    }
    env->stale = height;
    env->stale_end = env->top;
#ifdef NAPI_STRICT
    for (size_t slot = height; slot < env->top; ++slot) {
        strict_end(env, slot);
    }
#endif
}

static napi_status
open_scope(napi_env env, uintptr_t *result)
{
    if (env->stale_end != 0) {
        scope_settle(env);
    }
#ifdef NAPI_STRICT
    strict_open(env);
#endif
    *result = (uintptr_t)env->top + 1;
    ++env->open_scopes;
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_open_handle_scope(napi_env env, napi_handle_scope *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    return open_scope(env, (uintptr_t *)result);
}

/* A mismatch leaves the last error as it was, as in Node. */
static napi_status
close_scope(napi_env env, uintptr_t scope)
{
    if (env->open_scopes == 0) {
        return napi_handle_scope_mismatch;
    }
    size_t height = (size_t)scope - 1;
#ifdef NAPI_STRICT
    strict_close(env, height);
#endif
    height = Py_MAX(height, env->frame_top);
    if (--env->open_scopes == 0) {
        make_stale(env, height);
    } else {
        scope_drop(env, height);
    }
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_close_handle_scope(napi_env env, napi_handle_scope scope)
{
    CHECK_ENV(env);
    CHECK(env, scope != NULL, napi_invalid_arg);
    return close_scope(env, (uintptr_t)scope);
}

/* Node-API v1. The slot below the scope is kept for the escaped handle. */
napi_status NAPI_CDECL
napi_open_escapable_handle_scope(napi_env env,
                                 napi_escapable_handle_scope *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    if (env->stale_end != 0) {
        scope_settle(env);
    }
    CHECK_PY(env, env->top < env->capacity || scope_grow(env));
    env->arena[env->top++] = NULL;
    return open_scope(env, (uintptr_t *)result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_close_escapable_handle_scope(napi_env env,
                                  napi_escapable_handle_scope scope)
{
    CHECK_ENV(env);
    CHECK(env, scope != NULL, napi_invalid_arg);
    return close_scope(env, (uintptr_t)scope);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_escape_handle(napi_env env, napi_escapable_handle_scope scope,
                   napi_value escapee, napi_value *result)
{
    CHECK_ENV(env);
    CHECK(env, scope != NULL, napi_invalid_arg);
    CHECK_ARG(env, escapee);
    CHECK_ARG(env, result);
    size_t slot = (size_t)(uintptr_t)scope - 2;
    CHECK(env, slot < env->top, napi_invalid_arg);
    CHECK(env, env->arena[slot] == NULL, napi_escape_called_twice);
    PyObject *value = value_of(env, escapee);
    env->arena[slot] = Py_NewRef(value);
#ifdef NAPI_STRICT
    *result = strict_handle(env, slot);
#else
    *result = (napi_value)value;
#endif
    return error_clear(env);
}
