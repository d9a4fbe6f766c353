/* Two scopes, closed in the order in which they were opened.
 *
 * tool: strict
 * finds: scope-out-of-order: napi_close_handle_scope
 * python: m.work()
 */
#include "planted.h"

static napi_value
work(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_handle_scope outer, inner;
    OK(napi_open_handle_scope(env, &outer));
    text(env, "outer");
    OK(napi_open_handle_scope(env, &inner));
    text(env, "inner");
#ifdef REPAIRED
    OK(napi_close_handle_scope(env, inner));
    OK(napi_close_handle_scope(env, outer));
#else
    OK(napi_close_handle_scope(env, outer));
    OK(napi_close_handle_scope(env, inner));
#endif
    return undefined(env);
}

EXPORT(work)
