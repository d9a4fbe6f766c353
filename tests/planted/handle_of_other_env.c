/* A static variable holds a handle while the callback runs; another environment of
 * the addon finds it there.
 *
 * tool: strict
 * finds: handle-other-env
 * python: other = napi.load(m.__file__, fresh=True)
 * python: m.call(other.read)
 */
#include "planted.h"

static napi_value current;

static napi_value
read(napi_env env, napi_callback_info info)
{
    napi_valuetype type;
    napi_value value = argument(env, info);
#ifndef REPAIRED
    value = current;
#endif
    napi_typeof(env, value, &type);
    return undefined(env);
}

static napi_value
call(napi_env env, napi_callback_info info)
{
    napi_value function = argument(env, info), result;
    current = text(env, "mine");
    OK(napi_call_function(env, undefined(env), function, 1, &current,
                          &result));
    return undefined(env);
}

EXPORT(read, call)
