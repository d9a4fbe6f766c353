/* Node-API chapter "Working with JavaScript values": Buffer.
 *
 * Node takes any ArrayBufferView for a Buffer; so do we, and native buffers. */

#include "shim.h"
#include "track.h"

static PyObject * /* always NULL */
refuse_size(struct shim_state *state)
{
    char limit[24];
    snprintf(limit, sizeof(limit), "0x%zx", BUFFER_LIMIT);
    return error_raise(state, "Error", "ERR_BUFFER_TOO_LARGE",
                       "Cannot create a Buffer larger than %s bytes", limit);
}

static PyObject * /* new; NULL: raised */
make_buffer(struct shim_state *state, size_t length)
{
    return length > BUFFER_LIMIT ? refuse_size(state)
                                 : view_new_buffer(state, length, true);
}

static napi_status
return_buffer(napi_env env, PyObject *view, void **data, napi_value *result)
{
    if (view == NULL) {
        return error_from_python_as(env, napi_generic_failure);
    }
    if (data != NULL) {
        *data = ((struct js_view *)view)->data;
    }
    track_value(env, TRACK_BUFFER, view, ((struct js_view *)view)->length);
    return scope_return(env, view, result);
}

/* Node-API v1. The contents are zero. */
napi_status NAPI_CDECL
napi_create_buffer(napi_env env, size_t length, void **data,
                   napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    return return_buffer(env, make_buffer(env->state, length), data, result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_buffer_copy(napi_env env, size_t length, const void *data,
                        void **result_data, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *view = make_buffer(env->state, length);
    if (view != NULL && length > 0 && data != NULL) {
        memcpy(((struct js_view *)view)->data, data, length);
    }
    return return_buffer(env, view, result_data, result);
}

/* Node-API v1. No copy; the finalizer runs once, after the memory is let go. */
napi_status NAPI_CDECL
napi_create_external_buffer(napi_env env, size_t length, void *data,
                            napi_finalize finalize_cb, void *finalize_hint,
                            napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    struct shim_state *state = env->state;
    PyObject *storage = arraybuffer_over(state, data, length, NULL, false);
    PyObject *view = NULL;
    if (storage != NULL) {
        ((struct js_arraybuffer *)storage)->detached = data == NULL;
        view = view_new(state, state->buffer_type, napi_uint8_array, storage,
                        0, length);
    }
    if (view != NULL && finalize_cb != NULL &&
        reference_new(env, storage, 0, false, finalize_cb, data,
                      finalize_hint) == NULL) {
        Py_CLEAR(view);
    }
    Py_XDECREF(storage);
    if (view != NULL) {
        track_value(env, TRACK_BUFFER, view, length);
    }
    return scope_return(env, view, result);
}

/* Node-API v10. */
napi_status NAPI_CDECL
node_api_create_buffer_from_arraybuffer(napi_env env, napi_value arraybuffer,
                                        size_t byte_offset,
                                        size_t byte_length,
                                        napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, arraybuffer);
    CHECK_ARG(env, result);
    PyObject *storage = value_of(env, arraybuffer);
    if (!arraybuffer_is(env->state, storage)) {
        return napi_invalid_arg;
    }
    size_t length = ((struct js_arraybuffer *)storage)->length;
    if (byte_offset > length || byte_length > length - byte_offset) {
        error_throw(env, "RangeError", "ERR_OUT_OF_RANGE",
                    "The byte offset + length is out of range");
        return error_set(env, napi_pending_exception);
    }
    return scope_return(env,
                        view_new(env->state, env->state->buffer_type,
                                 napi_uint8_array, storage, byte_offset,
                                 byte_length),
                        result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_is_buffer(napi_env env, napi_value value, bool *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    *result = view_of(env, value_of(env, value)) != NULL;
    CHECK_PY(env, !PyErr_Occurred());
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_buffer_info(napi_env env, napi_value value, void **data,
                     size_t *length)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    struct js_view *view = view_of(env, value_of(env, value));
    CHECK_PY(env, view != NULL || !PyErr_Occurred());
    CHECK(env, view != NULL, napi_invalid_arg);
    if (data != NULL) {
        *data = view_data(view);
    }
    if (length != NULL) {
        *length = view_length(view) * view_element_size(view->kind);
    }
    return error_clear(env);
}
