/* The arguments are asked for when the callback is over.
 *
 * tool: strict
 * finds: callback-info-stale: napi_get_cb_info
 * python: m.begin(1)
 * python: m.end()
 */
#include "planted.h"

static napi_callback_info kept;

static napi_value
begin(napi_env env, napi_callback_info info)
{
    kept = info;
    return undefined(env);
}

static napi_value
end(napi_env env, napi_callback_info info)
{
    size_t count = 0;
    napi_callback_info wanted = kept;
#ifdef REPAIRED
    wanted = info;
#else
    (void)info;
#endif
    napi_get_cb_info(env, wanted, &count, NULL, NULL, NULL);
    return undefined(env);
}

EXPORT(begin, end)
