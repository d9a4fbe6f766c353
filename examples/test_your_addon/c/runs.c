/* Run-length coding: pairs of a count and a byte.
 *
 *   encode(bytes) -> Buffer
 *   decode(bytes) -> Buffer            RangeError where the pairs are broken
 *   encodeLater(bytes) -> Promise      of a Buffer, on a thread of the pool
 */
#include <node_api.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The call failed: what it threw is thrown; without that, an Error. */
static napi_value
fail(napi_env env)
{
    const napi_extended_error_info *info;
    bool is_pending = false;
    napi_get_last_error_info(env, &info);
    const char *message = info->error_message;
    napi_is_exception_pending(env, &is_pending);
    if (!is_pending) {
        napi_throw_error(env, NULL, message ? message : "a call failed");
    }
    return NULL;
}

#define TRY(env, call)                                                        \
    do {                                                                      \
        if ((call) != napi_ok) {                                              \
            return fail(env);                                                 \
        }                                                                     \
    } while (0)

static size_t
encode_bytes(const uint8_t *from, size_t size, uint8_t *to)
{
    size_t made = 0;
    for (size_t start = 0; start < size;) {
        size_t end = start;
        while (end < size && end - start < 255 && from[end] == from[start]) {
            end++;
        }
        to[made++] = (uint8_t)(end - start);
        to[made++] = from[start];
        start = end;
    }
    return made;
}

/* The only argument, which has to be a Buffer; false: a TypeError is thrown. */
static bool
take_bytes(napi_env env, napi_callback_info info, napi_value *argument,
           uint8_t **data, size_t *size)
{
    size_t count = 1;
    bool is_buffer = false;
    if (napi_get_cb_info(env, info, &count, argument, NULL, NULL) != napi_ok
        || napi_is_buffer(env, *argument, &is_buffer) != napi_ok) {
        fail(env);
        return false;
    }
    if (!is_buffer) {
        napi_throw_type_error(env, NULL, "bytes have to be a Buffer");
        return false;
    }
    if (napi_get_buffer_info(env, *argument, (void **)data, size) != napi_ok) {
        fail(env);
        return false;
    }
    return true;
}

static napi_value
encode(napi_env env, napi_callback_info info)
{
    napi_value argument, result = NULL;
    uint8_t *data;
    size_t size;
    if (!take_bytes(env, info, &argument, &data, &size)) {
        return NULL;
    }
    uint8_t *made = malloc(2 * size + 1);
    if (made == NULL) {
        napi_throw_error(env, NULL, "out of memory");
        return NULL;
    }
    size_t length = encode_bytes(data, size, made);
    napi_status status =
        napi_create_buffer_copy(env, length, made, NULL, &result);
    free(made);
    TRY(env, status);
    return result;
}

static napi_value
decode(napi_env env, napi_callback_info info)
{
    napi_value argument, result;
    uint8_t *data;
    void *to;
    size_t size, length = 0;
    if (!take_bytes(env, info, &argument, &data, &size)) {
        return NULL;
    }
    if (size % 2 != 0) {
        napi_throw_range_error(env, NULL, "a count without its byte");
        return NULL;
    }
    for (size_t index = 0; index < size; index += 2) {
        length += data[index];
    }
    TRY(env, napi_create_buffer(env, length, &to, &result));
    uint8_t *place = to;
    for (size_t index = 0; index < size; index += 2) {
        memset(place, data[index + 1], data[index]);
        place += data[index];
    }
    return result;
}

struct job {
    napi_async_work work;
    napi_deferred deferred;
    napi_ref source; /* keeps the bytes while the thread reads them */
    const uint8_t *data;
    size_t size;
    uint8_t *made;
    size_t length;
};

static void
run_job(napi_env env, void *data)
{
    (void)env;
    struct job *job = data;
    job->made = malloc(2 * job->size + 1);
    if (job->made != NULL) {
        job->length = encode_bytes(job->data, job->size, job->made);
    }
}

/* Rejects the promise with what was thrown; without that, with an Error. */
static void
reject(napi_env env, napi_deferred deferred)
{
    bool is_pending = false;
    napi_value reason = NULL, message;
    napi_is_exception_pending(env, &is_pending);
    if (is_pending) {
        napi_get_and_clear_last_exception(env, &reason);
    }
    else if (napi_create_string_utf8(env, "not encoded", NAPI_AUTO_LENGTH,
                                     &message) != napi_ok
             || napi_create_error(env, NULL, message, &reason) != napi_ok) {
        napi_get_undefined(env, &reason);
    }
    napi_reject_deferred(env, deferred, reason);
}

static void
end_job(napi_env env, napi_status status, void *data)
{
    struct job *job = data;
    napi_value result;
    if (status != napi_ok || job->made == NULL
        || napi_create_buffer_copy(env, job->length, job->made, NULL, &result)
               != napi_ok
        || napi_resolve_deferred(env, job->deferred, result) != napi_ok) {
        reject(env, job->deferred);
    }
    napi_delete_reference(env, job->source);
    napi_delete_async_work(env, job->work);
    free(job->made);
    free(job);
}

/* Sets the parts of a job up; what was made before a failure is undone. */
static napi_status
start_job(napi_env env, struct job *job, napi_value bytes, napi_value *promise)
{
    napi_value name;
    napi_status status =
        napi_create_string_utf8(env, "runs", NAPI_AUTO_LENGTH, &name);
    if (status == napi_ok) {
        status = napi_create_reference(env, bytes, 1, &job->source);
    }
    if (status == napi_ok) {
        status = napi_create_async_work(env, NULL, name, run_job, end_job, job,
                                        &job->work);
    }
    if (status == napi_ok) {
        status = napi_create_promise(env, &job->deferred, promise);
    }
    if (status == napi_ok) {
        status = napi_queue_async_work(env, job->work);
    }
    if (status != napi_ok) {
        if (job->deferred != NULL) {
            reject(env, job->deferred); /* nobody has the promise */
        }
        if (job->work != NULL) {
            napi_delete_async_work(env, job->work);
        }
        if (job->source != NULL) {
            napi_delete_reference(env, job->source);
        }
    }
    return status;
}

static napi_value
encode_later(napi_env env, napi_callback_info info)
{
    napi_value argument, promise;
    uint8_t *data;
    size_t size;
    if (!take_bytes(env, info, &argument, &data, &size)) {
        return NULL;
    }
    struct job *job = calloc(1, sizeof(*job));
    if (job == NULL) {
        napi_throw_error(env, NULL, "out of memory");
        return NULL;
    }
    job->data = data;
    job->size = size;
    if (start_job(env, job, argument, &promise) != napi_ok) {
        free(job);
        return fail(env);
    }
    return promise;
}

NAPI_MODULE_INIT()
{
    napi_property_descriptor all[] = {
        {"encode", NULL, encode, NULL, NULL, NULL, napi_enumerable, NULL},
        {"decode", NULL, decode, NULL, NULL, NULL, napi_enumerable, NULL},
        {"encodeLater", NULL, encode_later, NULL, NULL, NULL, napi_enumerable,
         NULL},
    };
    TRY(env, napi_define_properties(env, exports, 3, all));
    return exports;
}
