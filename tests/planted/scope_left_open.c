/* The early return forgets the scope.
 *
 * tool: strict
 * finds: scope-left-open
 * python: m.work(0)
 */
#include "planted.h"

static napi_value
work(napi_env env, napi_callback_info info)
{
    napi_handle_scope scope;
    int32_t number;
    OK(napi_get_value_int32(env, argument(env, info), &number));
    OK(napi_open_handle_scope(env, &scope));
    if (number == 0) {
#ifdef REPAIRED
        OK(napi_close_handle_scope(env, scope));
#endif
        return NULL;
    }
    OK(napi_close_handle_scope(env, scope));
    return NULL;
}

EXPORT(work)
