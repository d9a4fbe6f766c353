/* stop() deletes the callback's reference, a late event still calls it.
 *
 * tool: strict
 * finds: reference-deleted: napi_get_reference_value
 * finds: made:
    in napi_create_reference
    by start at
 * finds: ended:
    in napi_delete_reference
    by stop at .*reference_used_after_delete\.c:\d+
 * python: m.start(lambda: None)
 * python: m.stop()
 * python: m.event()
 */
#include "planted.h"

static napi_ref callback;

static napi_value
start(napi_env env, napi_callback_info info)
{
    OK(napi_create_reference(env, argument(env, info), 1, &callback));
    return undefined(env);
}

static napi_value
stop(napi_env env, napi_callback_info info)
{
    (void)info;
    OK(napi_delete_reference(env, callback));
#ifdef REPAIRED
    callback = NULL;
#endif
    return undefined(env);
}

static napi_value
event(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value function;
    if (callback != NULL) {
        napi_get_reference_value(env, callback, &function);
    }
    return undefined(env);
}

EXPORT(start, stop, event)
