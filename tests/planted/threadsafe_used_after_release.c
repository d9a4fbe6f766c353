/* The last release ends the function; the producer calls it once more.
 *
 * tool: strict
 * finds: threadsafe-finished: napi_call_threadsafe_function
 * finds: by late at .*threadsafe_used_after_release\.c:\d+
 * python: m.start(lambda: None)
 * python: napi.run()
 * python: m.late()
 */
#include "planted.h"

static napi_threadsafe_function function;

static napi_value
start(napi_env env, napi_callback_info info)
{
    OK(napi_create_threadsafe_function(env, argument(env, info), NULL,
                                       text(env, "events"), 0, 1, NULL, NULL,
                                       NULL, NULL, &function));
    OK(napi_release_threadsafe_function(function, napi_tsfn_release));
#ifdef REPAIRED
    function = NULL;
#endif
    return undefined(env);
}

static napi_value
late(napi_env env, napi_callback_info info)
{
    (void)info;
    if (function != NULL) {
        napi_call_threadsafe_function(function, NULL, napi_tsfn_nonblocking);
    }
    return undefined(env);
}

EXPORT(start, late)
