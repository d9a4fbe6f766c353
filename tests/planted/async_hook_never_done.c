/* An asynchronous cleanup hook does not say that it is done: the end waits for it.
 *
 * tool: strict
 * finds: hook-not-removed
 * finds: made:
 * finds: open at .*async_hook_never_done\.c:\d+
 * python: m.open()
 */
#include "planted.h"

static void
clean(napi_async_cleanup_hook_handle handle, void *data)
{
    free(data);
#ifdef REPAIRED
    napi_remove_async_cleanup_hook(handle);
#else
    (void)handle;
#endif
}

static napi_value
open(napi_env env, napi_callback_info info)
{
    (void)info;
    OK(napi_add_async_cleanup_hook(env, clean, malloc(16), NULL));
    return undefined(env);
}

EXPORT(open)
