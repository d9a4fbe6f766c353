/* A static variable has the environment of the first load; it was torn down.
 *
 * tool: strict
 * finds: env-closed: napi_create_object
 * python: with napi.Environment() as env: env.load(m.__file__).first()
 * python: m.use()
 */
#include "planted.h"

static napi_env kept;

static napi_value
first(napi_env env, napi_callback_info info)
{
    (void)info;
    kept = env;
    return undefined(env);
}

static napi_value
use(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value object;
    napi_env wanted = kept;
#ifdef REPAIRED
    wanted = env;
#endif
    napi_create_object(wanted, &object);
    return undefined(env);
}

EXPORT(first, use)
