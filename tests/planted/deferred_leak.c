/* The error path forgets the promise: who awaits it waits for ever.
 *
 * tool: leaks
 * finds: 1 promise that was never settled
 * finds: ask at .*deferred_leak\.c:\d+
 * python: m.ask(-1)
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
#ifdef REPAIRED
        napi_value error;
        OK(napi_create_error(env, NULL, text(env, "negative"), &error));
        OK(napi_resolve_deferred(env, deferred, error));
#endif
        return promise;
    }
    OK(napi_resolve_deferred(env, deferred, value));
    return promise;
}

EXPORT(ask)
