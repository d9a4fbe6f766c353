/* A cleanup hook is removed with another argument than it was added with: it stays.
 *
 * tool: leaks
 * finds: 1 cleanup hook
 * finds: start at .*hook_removed_with_other_data\.c:\d+
 * python: m.start()
 * python: m.stop()
 */
#include "planted.h"

static int data, other;

static void
clean(void *given)
{
    (void)given;
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    (void)info;
    OK(napi_add_env_cleanup_hook(env, clean, &data));
    return undefined(env);
}

static napi_value
stop(napi_env env, napi_callback_info info)
{
    (void)info;
    (void)other;
#ifdef REPAIRED
    napi_remove_env_cleanup_hook(env, clean, &data);
#else
    napi_remove_env_cleanup_hook(env, clean, &other);
#endif
    return undefined(env);
}

EXPORT(start, stop)
