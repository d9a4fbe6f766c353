/* The data of a callback is taken for a handle.
 *
 * tool: strict
 * finds: handle-invalid: napi_typeof
 * python: m.use()
 */
#include "planted.h"

static napi_value
use(napi_env env, napi_callback_info info)
{
    napi_valuetype type;
    napi_value value = undefined(env);
    (void)info;
#ifndef REPAIRED
    static double data[2];
    value = (napi_value)data;
#endif
    napi_typeof(env, value, &type);
    return undefined(env);
}

EXPORT(use)
