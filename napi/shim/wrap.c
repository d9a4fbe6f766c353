/* Node-API chapter "Object wrap": wraps and type tags.
 *
 * A wrap is a tracker that the object's side points at; it belongs to that one
 * object, never to what inherits from it. */

#include "shim.h"
#include "track.h"

/* borrowed or NULL; a load for instances and napi.Object */
static struct side *
find_side(struct shim_state *state, PyObject *object)
{
    struct host *host = host_of(state, object);
    return host != NULL ? host->side : side_of(state, object);
}

/* An External is no place for a wrap: Node stops the process there. */
static bool
is_wrappable(struct shim_state *state, PyObject *object)
{
    return compare_is_object(state, object) &&
           Py_TYPE(object) != state->external_type;
}

/* Node-API v1. The returned reference is weak and owned by the addon. */
napi_status NAPI_CDECL
napi_wrap(napi_env env, napi_value js_object, void *native_object,
          napi_finalize finalize_cb, void *finalize_hint, napi_ref *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, js_object);
    PyObject *object = value_of(env, js_object);
    CHECK(env, is_wrappable(env->state, object), napi_invalid_arg);
    CHECK(env, result == NULL || finalize_cb != NULL, napi_invalid_arg);
    struct side *side = find_side(env->state, object);
    CHECK(env, side == NULL || side->wrap == NULL, napi_invalid_arg);
    napi_ref wrap = reference_new(env, object, 0, result != NULL, finalize_cb,
                                  native_object, finalize_hint);
    CHECK_PY(env, wrap != NULL);
    track_born(env, TRACK_WRAP, wrap);
    wrap->side->wrap = wrap;
    if (result != NULL) {
        *result = wrap;
    }
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_unwrap(napi_env env, napi_value js_object, void **result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, js_object);
    CHECK_ARG(env, result);
    struct side *side = find_side(env->state, value_of(env, js_object));
    CHECK(env, side != NULL && side->wrap != NULL, napi_invalid_arg);
    *result = side->wrap->data;
    return error_clear(env);
}

/* Node-API v1. The finalizer will not run. */
napi_status NAPI_CDECL
napi_remove_wrap(napi_env env, napi_value js_object, void **result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, js_object);
    struct side *side = find_side(env->state, value_of(env, js_object));
    CHECK(env, side != NULL && side->wrap != NULL, napi_invalid_arg);
    napi_ref wrap = side->wrap;
    if (result != NULL) {
        *result = wrap->data;
    }
    side->wrap = NULL;
    if (wrap->user_owned) {
        reference_spend(wrap);
    } else {
        reference_free(wrap);
    }
    return error_clear(env);
}

/* napi_ok and a borrowed object to tag, or the boxed primitive is dropped */
static napi_status
tag_target(napi_env env, napi_value value, PyObject **target)
{
    CHECK_ARG(env, value);
    *target = value_of(env, value);
    if (*target == UNDEFINED || *target == env->state->null) {
        error_throw(env, "TypeError", NULL,
                    "Cannot convert undefined or null to object");
        return error_set(env, napi_pending_exception);
    }
    return napi_ok;
}

/* Node-API v8. A second tag is refused; a primitive's tag is lost. */
napi_status NAPI_CDECL
napi_type_tag_object(napi_env env, napi_value value,
                     const napi_type_tag *type_tag)
{
    NAPI_PREAMBLE(env);
    PyObject *object;
    napi_status status = tag_target(env, value, &object);
    if (status != napi_ok) {
        return status;
    }
    CHECK_ARG(env, type_tag);
    if (!compare_is_object(env->state, object)) {
        return error_clear(env);
    }
    struct side *side = side_make(env->state, object);
    CHECK_PY(env, side != NULL);
    CHECK(env, side->tag == NULL, napi_invalid_arg);
    side->tag = PyMem_Malloc(sizeof(*side->tag));
    CHECK_PY(env, side->tag != NULL || PyErr_NoMemory());
    *side->tag = *type_tag;
    return error_clear(env);
}

/* Node-API v8. */
napi_status NAPI_CDECL
napi_check_object_type_tag(napi_env env, napi_value value,
                           const napi_type_tag *type_tag, bool *result)
{
    NAPI_PREAMBLE(env);
    PyObject *object;
    napi_status status = tag_target(env, value, &object);
    if (status != napi_ok) {
        return status;
    }
    CHECK_ARG(env, type_tag);
    CHECK_ARG(env, result);
    struct side *side = compare_is_object(env->state, object)
                            ? find_side(env->state, object)
                            : NULL;
    *result = side != NULL && side->tag != NULL &&
              side->tag->lower == type_tag->lower &&
              side->tag->upper == type_tag->upper;
    return error_clear(env);
}
