/* A callback scope is closed where it failed, and at the end.
 *
 * tool: strict
 * finds: callback-scope-closed: napi_close_callback_scope
 * python: m.work()
 */
#include "planted.h"

static napi_value
work(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_async_context context;
    napi_callback_scope outer, inner;
    OK(napi_async_init(env, NULL, text(env, "work"), &context));
    OK(napi_open_callback_scope(env, NULL, context, &outer));
    OK(napi_open_callback_scope(env, NULL, context, &inner));
    OK(napi_close_callback_scope(env, inner));
#ifndef REPAIRED
    napi_close_callback_scope(env, inner);
#endif
    OK(napi_close_callback_scope(env, outer));
    OK(napi_async_destroy(env, context));
    return undefined(env);
}

EXPORT(work)
