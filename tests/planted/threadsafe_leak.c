/* The error path does not release the threadsafe function: the program cannot end
 * by itself any more.
 *
 * tool: leaks
 * finds: 1 threadsafe function
 * finds: watch at .*threadsafe_leak\.c:\d+
 * python: m.watch(lambda: None)
 */
#include "planted.h"

static napi_value
watch(napi_env env, napi_callback_info info)
{
    napi_threadsafe_function function;
    OK(napi_create_threadsafe_function(env, argument(env, info), NULL,
                                       text(env, "watch"), 0, 1, NULL, NULL,
                                       NULL, NULL, &function));
    bool opened = false; /* what is watched is not there */
    if (!opened) {
#ifdef REPAIRED
        OK(napi_release_threadsafe_function(function, napi_tsfn_release));
#endif
        return undefined(env);
    }
    return undefined(env);
}

EXPORT(watch)
