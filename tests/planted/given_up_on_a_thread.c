/* execute makes a value on a thread of the pool, and ends the process when that
 * fails, as wrappers of C++ do: the cause is told before the end.
 *
 * tool: ends
 * finds: FATAL ERROR: job no object
 * finds: wrong-thread: napi_create_object
 * finds: make at .*given_up_on_a_thread\.c:\d+
 * finds: execute at .*given_up_on_a_thread\.c:\d+
 * python: m.start()
 * python: napi.run(10)
 */
#include "planted.h"

static napi_async_work work;

static void __attribute__((noinline))
make(napi_env env)
{
    napi_value object;
    if (napi_create_object(env, &object) != napi_ok) {
        napi_fatal_error("job", NAPI_AUTO_LENGTH, "no object",
                         NAPI_AUTO_LENGTH);
    }
}

static void
execute(napi_env env, void *data)
{
    (void)data;
#ifdef REPAIRED
    (void)env;
#else
    make(env);
#endif
}

static void
complete(napi_env env, napi_status status, void *data)
{
    (void)status;
    (void)data;
#ifdef REPAIRED
    make(env);
#endif
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

EXPORT(start)
