/* A work is queued that is in the queue.
 *
 * tool: strict
 * finds: work-queued: napi_queue_async_work
 * finds: start at .*work_queued_twice\.c:\d+
 * python: m.start()
 * python: napi.run(10)
 */
#include "planted.h"

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
    napi_delete_async_work(env, *(napi_async_work *)data);
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    static napi_async_work work;
    (void)info;
    OK(napi_create_async_work(env, NULL, text(env, "work"), execute, complete,
                              &work, &work));
    napi_queue_async_work(env, work);
#ifndef REPAIRED
    napi_queue_async_work(env, work);
#endif
    return undefined(env);
}

EXPORT(start)
