/* The same cleanup hook is added for each call.
 *
 * tool: strict
 * finds: hook-added: napi_add_env_cleanup_hook
 * finds: made:
 * finds: start at .*hook_added_twice\.c:\d+
 * python: m.start()
 * python: m.start()
 */
#include "planted.h"

static int data;
static bool added;

static void
clean(void *given)
{
    (void)given;
    added = false;
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    (void)info;
#ifdef REPAIRED
    if (added) {
        return undefined(env);
    }
#endif
    napi_add_env_cleanup_hook(env, clean, &data);
    added = true;
    return undefined(env);
}

EXPORT(start)
