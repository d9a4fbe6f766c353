/* The completion of an async work does not delete it.
 *
 * tool: leaks
 * finds: 2 async works
 * finds: start at .*work_leak\.c:\d+
 * python: m.start(); m.start()
 */
#include "planted.h"

struct job {
    napi_async_work work;
};

static void
execute(napi_env env, void *data)
{
    (void)env;
    (void)data;
}

static void
complete(napi_env env, napi_status status, void *data)
{
    (void)status;
    struct job *job = data;
#ifdef REPAIRED
    OK(napi_delete_async_work(env, job->work));
#else
    (void)env;
#endif
    free(job);
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    (void)info;
    struct job *job = malloc(sizeof(*job));
    OK(napi_create_async_work(env, NULL, text(env, "job"), execute, complete,
                              job, &job->work));
    OK(napi_queue_async_work(env, job->work));
    return undefined(env);
}

EXPORT(start)
