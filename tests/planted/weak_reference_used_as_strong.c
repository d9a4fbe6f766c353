/* A callback is held by a weak reference; when nobody else holds it, it is gone.
 *
 * tool: strict
 * finds: reference-empty: napi_call_function
 * finds: start at .*weak_reference_used_as_strong\.c:\d+
 * finds: event at .*weak_reference_used_as_strong\.c:\d+
 * python: m.start(lambda: None)
 * python: m.event()
 */
#include "planted.h"

static napi_ref kept;

static napi_value
start(napi_env env, napi_callback_info info)
{
#ifdef REPAIRED
    uint32_t count = 1;
#else
    uint32_t count = 0;
#endif
    OK(napi_create_reference(env, argument(env, info), count, &kept));
    return undefined(env);
}

static napi_value
event(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value f;
    OK(napi_get_reference_value(env, kept, &f));
    napi_call_function(env, undefined(env), f, 0, NULL, NULL);
    return undefined(env);
}

EXPORT(start, event)
