/* execute runs on a thread of the pool, and makes the result there.
 *
 * tool: strict
 * finds: wrong-thread: napi_create_object: it was called on a thread
 * finds: by execute at .*call_on_another_thread\.c:\d+
 * python: m.start()
 * python: napi.run()
 * python: m.done()
 */
#include "planted.h"

static napi_async_work work;

static void
execute(napi_env env, void *data)
{
    (void)data;
#ifdef REPAIRED
    (void)env;
#else
    napi_value result;
    napi_create_object(env, &result);
#endif
}

static void
complete(napi_env env, napi_status status, void *data)
{
    (void)status;
    (void)data;
    OK(napi_delete_async_work(env, work));
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
done(napi_env env, napi_callback_info info)
{
    (void)info;
    return undefined(env);
}

EXPORT(start, done)
