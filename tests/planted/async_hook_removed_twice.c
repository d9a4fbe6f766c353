/* An asynchronous cleanup hook that is given up is removed twice.
 *
 * tool: strict
 * finds: hook-removed: napi_remove_async_cleanup_hook
 * finds: ended:
    in napi_remove_async_cleanup_hook
    by stop at
 * python: m.start()
 * python: m.stop()
 * python: m.stop()
 */
#include "planted.h"

static napi_async_cleanup_hook_handle handle;

static void
hook(napi_async_cleanup_hook_handle mine, void *data)
{
    (void)data;
    napi_remove_async_cleanup_hook(mine);
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    (void)info;
    OK(napi_add_async_cleanup_hook(env, hook, NULL, &handle));
    return undefined(env);
}

static napi_value
stop(napi_env env, napi_callback_info info)
{
    (void)info;
    if (handle != NULL) {
        napi_remove_async_cleanup_hook(handle);
    }
#ifdef REPAIRED
    handle = NULL;
#endif
    return undefined(env);
}

EXPORT(start, stop)
