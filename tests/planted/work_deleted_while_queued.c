/* The work is deleted as soon as it is queued: nobody will hear of its end.
 *
 * tool: strict
 * finds: work-deleted-while-queued
 * python: m.start()
 */
#include "planted.h"

static napi_async_work work;

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
    (void)data;
#ifdef REPAIRED
    OK(napi_delete_async_work(env, work));
#else
    (void)env;
#endif
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    (void)info;
    OK(napi_create_async_work(env, NULL, text(env, "job"), execute, complete,
                              NULL, &work));
    OK(napi_queue_async_work(env, work));
#ifndef REPAIRED
    OK(napi_delete_async_work(env, work));
#endif
    return undefined(env);
}

EXPORT(start)
