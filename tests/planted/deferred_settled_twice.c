/* The error path rejects the promise, and then it is resolved all the same.
 *
 * tool: strict
 * finds: deferred-settled: napi_resolve_deferred
 * finds: ended:
    in napi_reject_deferred
    by ask at
 * python: m.ask(-1).catch(lambda error: None)
 */
#include "planted.h"

static napi_value
ask(napi_env env, napi_callback_info info)
{
    napi_deferred deferred;
    napi_value promise, value = argument(env, info);
    int32_t number;
    OK(napi_create_promise(env, &deferred, &promise));
    OK(napi_get_value_int32(env, value, &number));
    if (number < 0) {
        OK(napi_reject_deferred(env, deferred, value));
#ifdef REPAIRED
        return promise;
#endif
    }
    napi_resolve_deferred(env, deferred, value);
    return promise;
}

EXPORT(ask)
