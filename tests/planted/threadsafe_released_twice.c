/* Each of two ways out releases a threadsafe function that was acquired once.
 *
 * tool: strict
 * finds: threadsafe-not-held: napi_release_threadsafe_function
 * finds: in napi_create_threadsafe_function
 * finds: stop at .*threadsafe_released_twice\.c:\d+
 * python: m.start(lambda: None)
 * python: m.stop()
 * python: napi.run()
 */
#include "planted.h"

static napi_threadsafe_function function;

static napi_value
start(napi_env env, napi_callback_info info)
{
    OK(napi_create_threadsafe_function(env, argument(env, info), NULL,
                                       text(env, "events"), 0, 1, NULL, NULL,
                                       NULL, NULL, &function));
    return undefined(env);
}

static napi_value
stop(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_release_threadsafe_function(function, napi_tsfn_release);
#ifndef REPAIRED
    napi_release_threadsafe_function(function, napi_tsfn_release);
#endif
    return undefined(env);
}

EXPORT(start, stop)
