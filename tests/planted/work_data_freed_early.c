/* The data of a work is freed when the work is queued; the thread reads it.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-use-after-free
 * finds: execute .*work_data_freed_early\.c:\d+
 * finds: start .*work_data_freed_early\.c:\d+
 * python: m.start()
 * python: napi.run(10)
 */
#include "planted.h"

#include <unistd.h>

struct job {
    napi_async_work work;
    int number;
};

static napi_async_work queued;

static void
execute(napi_env env, void *data)
{
    (void)env;
    struct job *job = data;
    usleep(50000); /* it is freed by now */
    job->number++;
}

static void
complete(napi_env env, napi_status status, void *data)
{
    (void)status;
    OK(napi_delete_async_work(env, queued));
#ifdef REPAIRED
    free(data);
#else
    (void)data;
#endif
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    (void)info;
    struct job *job = calloc(1, sizeof(*job));
    OK(napi_create_async_work(env, NULL, text(env, "job"), execute, complete,
                              job, &job->work));
    queued = job->work;
    OK(napi_queue_async_work(env, job->work));
#ifndef REPAIRED
    free(job);
#endif
    return undefined(env);
}

EXPORT(start)
