/* A work reads the bytes of a Buffer that nobody holds until it runs.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-use-after-free
 * finds: execute \(.*worker_reads_a_collected_buffer\.c:\d+\)
 * python: m.sum(napi.Buffer.alloc(100))
 * python: import gc; gc.collect(); napi.run(10)
 */
#include "planted.h"

struct job {
    napi_async_work work;
    napi_ref buffer;
    unsigned char *data;
    size_t length;
    unsigned sum;
};

static void
execute(napi_env env, void *data)
{
    struct job *job = data;
    (void)env;
    for (size_t i = 0; i < job->length; ++i) {
        job->sum += job->data[i];
    }
}

static void
complete(napi_env env, napi_status status, void *data)
{
    struct job *job = data;
    (void)status;
#ifdef REPAIRED
    OK(napi_delete_reference(env, job->buffer));
#endif
    OK(napi_delete_async_work(env, job->work));
    free(job);
}

static napi_value
sum(napi_env env, napi_callback_info info)
{
    struct job *job = calloc(1, sizeof(*job));
    napi_value buffer = argument(env, info);
    OK(napi_get_buffer_info(env, buffer, (void **)&job->data, &job->length));
#ifdef REPAIRED
    OK(napi_create_reference(env, buffer, 1, &job->buffer));
#endif
    OK(napi_create_async_work(env, NULL, text(env, "sum"), execute, complete,
                              job, &job->work));
    OK(napi_queue_async_work(env, job->work));
    return undefined(env);
}

EXPORT(sum)
