/* The completion deletes the work, and so does cancel().
 *
 * tool: strict
 * finds: work-deleted: napi_delete_async_work
 * finds: ended:
    in napi_delete_async_work
    by complete at
 * python: m.start()
 * python: napi.run()
 * python: m.cancel()
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
    OK(napi_delete_async_work(env, work));
#ifdef REPAIRED
    work = NULL;
#endif
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    (void)info;
    OK(napi_create_async_work(env, NULL, text(env, "job"), execute, complete,
                              NULL, &work));
    OK(napi_queue_async_work(env, work));
    return undefined(env);
}

static napi_value
cancel(napi_env env, napi_callback_info info)
{
    (void)info;
    if (work != NULL) {
        napi_delete_async_work(env, work);
    }
    return undefined(env);
}

EXPORT(start, cancel)
