/* An async context is destroyed by the callback and by the owner.
 *
 * tool: strict
 * finds: context-destroyed: napi_async_destroy
 * finds: ended:
    in napi_async_destroy
 * python: m.work()
 */
#include "planted.h"

static napi_value
work(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_async_context context;
    OK(napi_async_init(env, NULL, text(env, "work"), &context));
    OK(napi_async_destroy(env, context));
#ifndef REPAIRED
    napi_async_destroy(env, context);
#endif
    return undefined(env);
}

EXPORT(work)
