/* An async context for each event, and none is destroyed.
 *
 * tool: leaks
 * finds: 1 async context
 * finds: in napi_async_init
 * python: m.event()
 */
#include "planted.h"

static napi_value
event(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_async_context context;
    OK(napi_async_init(env, NULL, text(env, "event"), &context));
#ifdef REPAIRED
    OK(napi_async_destroy(env, context));
#endif
    return undefined(env);
}

EXPORT(event)
