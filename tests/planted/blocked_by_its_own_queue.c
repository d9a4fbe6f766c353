/* The thread of the loop waits for room in a queue that only it can empty.
 *
 * tool: strict
 * finds: threadsafe-deadlock: napi_call_threadsafe_function
 * finds: fill at .*blocked_by_its_own_queue\.c:\d+
 * python: m.fill(lambda: None)
 */
#include "planted.h"

static napi_value
fill(napi_env env, napi_callback_info info)
{
    napi_threadsafe_function function;
    OK(napi_create_threadsafe_function(env, argument(env, info), NULL,
                                       text(env, "queue"), 1, 1, NULL, NULL,
                                       NULL, NULL, &function));
    OK(napi_call_threadsafe_function(function, NULL, napi_tsfn_nonblocking));
#ifdef REPAIRED
    napi_call_threadsafe_function(function, NULL, napi_tsfn_nonblocking);
#else
    napi_call_threadsafe_function(function, NULL, napi_tsfn_blocking);
#endif
    OK(napi_release_threadsafe_function(function, napi_tsfn_release));
    return undefined(env);
}

EXPORT(fill)
