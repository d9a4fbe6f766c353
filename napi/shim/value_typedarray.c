/* Node-API chapter "Working with JavaScript values": typed arrays and
 * DataView. */

#include "shim.h"

/* borrowed js_arraybuffer, plain or shared, or NULL */
static struct js_arraybuffer *
storage_of(napi_env env, napi_value value)
{
    PyObject *buffer = value_of(env, value);
    return arraybuffer_is(env->state, buffer) ||
                   arraybuffer_is_shared(env->state, buffer)
               ? (struct js_arraybuffer *)buffer
               : NULL;
}

static const char *
name_of(struct shim_state *state, int kind)
{
    const char *name = state->typed_types[kind]->tp_name;
    const char *dot = strrchr(name, '.');
    return dot != NULL ? dot + 1 : name;
}

static napi_status
check_range(napi_env env, int kind, size_t length,
            struct js_arraybuffer *buffer, size_t offset)
{
    size_t size = view_element_size(kind);
    if (offset % size != 0) {
        error_throw(env, "RangeError",
                    "ERR_NAPI_INVALID_TYPEDARRAY_ALIGNMENT",
                    "start offset of %s should be a multiple of %zu",
                    name_of(env->state, kind), size);
        return error_set(env, napi_generic_failure);
    }
    if (length > SIZE_MAX / size || offset > buffer->length ||
        length * size > buffer->length - offset) {
        error_throw(env, "RangeError", "ERR_NAPI_INVALID_TYPEDARRAY_LENGTH",
                    "Invalid typed array length");
        return error_set(env, napi_generic_failure);
    }
    return napi_ok;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_typedarray(napi_env env, napi_typedarray_type type, size_t length,
                       napi_value arraybuffer, size_t byte_offset,
                       napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, arraybuffer);
    CHECK_ARG(env, result);
    struct js_arraybuffer *buffer = storage_of(env, arraybuffer);
    CHECK(env, buffer != NULL, napi_invalid_arg);
    CHECK(env, (unsigned int)type < VIEW_KINDS, napi_invalid_arg);
    napi_status status =
        check_range(env, (int)type, length, buffer, byte_offset);
    if (status != napi_ok) {
        return status;
    }
    return scope_return(env,
                        view_new(env->state, env->state->typed_types[type],
                                 (int)type, (PyObject *)buffer, byte_offset,
                                 length),
                        result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_is_typedarray(napi_env env, napi_value value, bool *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    struct js_view *view = view_of(env, value_of(env, value));
    CHECK_PY(env, view != NULL || !PyErr_Occurred());
    *result = view != NULL && view->kind != VIEW_DATAVIEW;
    return error_clear(env);
}

static napi_status
return_buffer(napi_env env, struct js_view *view, napi_value *arraybuffer)
{
    if (arraybuffer == NULL) {
        return error_clear(env);
    }
    return scope_return(env, view_buffer(env->state, view), arraybuffer);
}

/* Node-API v1. Each result may be left out. */
napi_status NAPI_CDECL
napi_get_typedarray_info(napi_env env, napi_value typedarray,
                         napi_typedarray_type *type, size_t *length,
                         void **data, napi_value *arraybuffer,
                         size_t *byte_offset)
{
    CHECK_ENV(env);
    CHECK_ARG(env, typedarray);
    struct js_view *view = view_of(env, value_of(env, typedarray));
    CHECK_PY(env, view != NULL || !PyErr_Occurred());
    CHECK(env, view != NULL && view->kind != VIEW_DATAVIEW,
          napi_invalid_arg);
    if (type != NULL) {
        *type = (napi_typedarray_type)view->kind;
    }
    if (length != NULL) {
        *length = view_length(view);
    }
    if (data != NULL) {
        *data = view_data(view);
    }
    if (byte_offset != NULL) {
        *byte_offset = view_offset(view);
    }
    return return_buffer(env, view, arraybuffer);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_dataview(napi_env env, size_t byte_length, napi_value arraybuffer,
                     size_t byte_offset, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, arraybuffer);
    CHECK_ARG(env, result);
    struct js_arraybuffer *buffer = storage_of(env, arraybuffer);
    CHECK(env, buffer != NULL, napi_invalid_arg);
    if (byte_offset > buffer->length ||
        byte_length > buffer->length - byte_offset) {
        error_throw(env, "RangeError", "ERR_NAPI_INVALID_DATAVIEW_ARGS",
                    "byte_offset + byte_length should be less than or equal "
                    "to the size in bytes of the array passed in");
        return error_set(env, napi_pending_exception);
    }
    return scope_return(env,
                        view_new(env->state, env->state->dataview_type,
                                 VIEW_DATAVIEW, (PyObject *)buffer,
                                 byte_offset, byte_length),
                        result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_is_dataview(napi_env env, napi_value value, bool *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    *result = PyObject_TypeCheck(value_of(env, value),
                                 env->state->dataview_type);
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_dataview_info(napi_env env, napi_value dataview,
                       size_t *bytelength, void **data,
                       napi_value *arraybuffer, size_t *byte_offset)
{
    CHECK_ENV(env);
    CHECK_ARG(env, dataview);
    PyObject *value = value_of(env, dataview);
    CHECK(env, PyObject_TypeCheck(value, env->state->dataview_type),
          napi_invalid_arg);
    struct js_view *view = (struct js_view *)value;
    if (bytelength != NULL) {
        *bytelength = view_length(view);
    }
    if (data != NULL) {
        *data = view_data(view);
    }
    if (byte_offset != NULL) {
        *byte_offset = view_offset(view);
    }
    return return_buffer(env, view, arraybuffer);
}
