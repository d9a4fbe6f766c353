/* Each call hangs another finalizer on an object that lives on.
 *
 * tool: leaks
 * finds: 2 finalizers
 * finds: in napi_add_finalizer
 * python: kept = napi.Object()
 * python: m.touch(kept)
 * python: m.touch(kept)
 */
#include "planted.h"

static void
finish(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    free(data);
}

static napi_value
touch(napi_env env, napi_callback_info info)
{
    napi_value object = argument(env, info);
#ifdef REPAIRED
    (void)finish;
    (void)object;
#else
    OK(napi_add_finalizer(env, object, malloc(8), finish, NULL, NULL));
#endif
    return undefined(env);
}

EXPORT(touch)
