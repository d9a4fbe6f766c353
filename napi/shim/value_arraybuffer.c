/* Node-API chapter "Working with JavaScript values": array buffers, plain,
 * shared and external. */

#include "memory.h"
#include "shim.h"
#include "track.h"

static napi_status
return_new(napi_env env, PyObject *buffer, void **data, napi_value *result)
{
    if (buffer != NULL) {
        track_value(env, TRACK_BUFFER, buffer,
                    ((struct js_arraybuffer *)buffer)->length);
    }
    if (buffer != NULL && data != NULL) {
        *data = ((struct js_arraybuffer *)buffer)->data;
    }
    return scope_return(env, buffer, result);
}

/* Node-API v1. Too large is a RangeError; Node stops the process. */
napi_status NAPI_CDECL
napi_create_arraybuffer(napi_env env, size_t byte_length, void **data,
                        napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    return return_new(env, arraybuffer_new(env->state, byte_length, false),
                      data, result);
}

/* Experimental. */
napi_status NAPI_CDECL
node_api_create_sharedarraybuffer(napi_env env, size_t byte_length,
                                  void **data, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    return return_new(env, arraybuffer_new(env->state, byte_length, true),
                      data, result);
}

/* new; NULL data is a detached buffer, as in Node */
static PyObject *
make_external(napi_env env, void *data, size_t length, bool shared)
{
    PyObject *buffer =
        arraybuffer_over(env->state, data, length, NULL, shared);
    if (buffer != NULL && data == NULL) {
        ((struct js_arraybuffer *)buffer)->detached = true;
        ((struct js_arraybuffer *)buffer)->length = 0;
    }
    return buffer;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_external_arraybuffer(napi_env env, void *external_data,
                                 size_t byte_length,
                                 napi_finalize finalize_cb,
                                 void *finalize_hint, napi_value *result)
{
    NAPI_PREAMBLE(env);
    PyObject *buffer = make_external(env, external_data, byte_length, false);
    if (buffer != NULL && finalize_cb != NULL &&
        reference_new(env, buffer, 0, false, finalize_cb, external_data,
                      finalize_hint) == NULL) {
        Py_CLEAR(buffer);
    }
    napi_value ignored;
    return return_new(env, buffer, NULL, result != NULL ? result : &ignored);
}

struct shared_finalizer {
    node_api_noenv_finalize callback;
    void *hint;
};

/* The finalizer of shared memory knows no env. */
static void
finalize_shared(napi_env env, void *data, void *hint)
{
    (void)env;
    struct shared_finalizer finalizer = *(struct shared_finalizer *)hint;
    PyMem_RawFree(hint);
    finalizer.callback(data, finalizer.hint);
}

/* Experimental. */
napi_status NAPI_CDECL
node_api_create_external_sharedarraybuffer(
    napi_env env, void *external_data, size_t byte_length,
    node_api_noenv_finalize finalize_cb, void *finalize_hint,
    napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *buffer = make_external(env, external_data, byte_length, true);
    if (buffer != NULL && finalize_cb != NULL) {
        struct shared_finalizer *finalizer =
            PyMem_RawMalloc(sizeof(*finalizer));
        if (finalizer != NULL) {
            *finalizer = (struct shared_finalizer){finalize_cb,
                                                   finalize_hint};
        }
        if (finalizer == NULL ||
            reference_new(env, buffer, 0, false, finalize_shared,
                          external_data, finalizer) == NULL) {
            PyMem_RawFree(finalizer);
            PyErr_NoMemory();
            Py_CLEAR(buffer);
        }
    }
    return return_new(env, buffer, NULL, result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_is_arraybuffer(napi_env env, napi_value value, bool *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    *result = arraybuffer_is(env->state, value_of(env, value));
    return error_clear(env);
}

/* Experimental. */
napi_status NAPI_CDECL
node_api_is_sharedarraybuffer(napi_env env, napi_value value, bool *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    *result = arraybuffer_is_shared(env->state, value_of(env, value));
    return error_clear(env);
}

/* Node-API v1. NULL and 0 once detached. */
napi_status NAPI_CDECL
napi_get_arraybuffer_info(napi_env env, napi_value arraybuffer, void **data,
                          size_t *byte_length)
{
    CHECK_ENV(env);
    CHECK_ARG(env, arraybuffer);
    PyObject *value = value_of(env, arraybuffer);
    CHECK(env,
          arraybuffer_is(env->state, value) ||
              arraybuffer_is_shared(env->state, value),
          napi_invalid_arg);
    struct js_arraybuffer *buffer = (struct js_arraybuffer *)value;
    if (data != NULL) {
        *data = buffer->detached ? NULL : buffer->data;
    }
    if (byte_length != NULL) {
        *byte_length = buffer->detached ? 0 : buffer->length;
    }
    return error_clear(env);
}

/* A Buffer with storage of its own lends it to the array buffer: from here on
 * it is the one that owns, or it would have its bytes back after it. */
void
arraybuffer_detach(struct shim_state *state, struct js_arraybuffer *buffer)
{
    PyObject *owner = buffer->owner;
    if (buffer->allocated && memory_inline_limit() == 0) {
        PyMem_RawFree(buffer->data); /* who uses it is told so */
        buffer->allocated = false;
        buffer->data = NULL;
    } else if (!buffer->external) {
        strict_guard(state, owner ? owner : (PyObject *)buffer,
                     "buffer-detached", buffer->data, buffer->length);
    }
    buffer->detached = true;
    buffer->length = 0;
    if (owner != NULL && PyObject_TypeCheck(owner, state->view_type)) {
        struct js_view *view = (struct js_view *)owner;
        view->buffer = Py_NewRef((PyObject *)buffer);
        view->owns_buffer = true;
        buffer->data = NULL;
        Py_CLEAR(buffer->owner);
    }
}

/* Node-API v7. Refused while Python holds an export of the memory. */
napi_status NAPI_CDECL
napi_detach_arraybuffer(napi_env env, napi_value arraybuffer)
{
    CHECK_ENV(env);
    CHECK_ARG(env, arraybuffer);
    PyObject *value = value_of(env, arraybuffer);
    CHECK(env, arraybuffer_is(env->state, value), napi_arraybuffer_expected);
    struct js_arraybuffer *buffer = (struct js_arraybuffer *)value;
    CHECK(env, buffer->exports == 0, napi_detachable_arraybuffer_expected);
    arraybuffer_detach(env->state, buffer);
    return error_clear(env);
}

/* Node-API v7. */
napi_status NAPI_CDECL
napi_is_detached_arraybuffer(napi_env env, napi_value value, bool *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    PyObject *buffer = value_of(env, value);
    *result = arraybuffer_is(env->state, buffer) &&
              ((struct js_arraybuffer *)buffer)->detached;
    return error_clear(env);
}
