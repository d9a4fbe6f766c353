/* close() frees what an object wraps, and so does its finalizer, later.
 *
 * tool: asan
 * finds: double-free
 * finds: close
 * finds: finish
 * python: file = napi.Object()
 * python: m.open(file)
 * python: m.close(file)
 * python: del file
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
open(napi_env env, napi_callback_info info)
{
    OK(napi_wrap(env, argument(env, info), malloc(64), finish, NULL, NULL));
    return undefined(env);
}

static napi_value
close(napi_env env, napi_callback_info info)
{
    void *data;
#ifdef REPAIRED
    OK(napi_remove_wrap(env, argument(env, info), &data));
#else
    OK(napi_unwrap(env, argument(env, info), &data));
#endif
    free(data);
    return undefined(env);
}

EXPORT(open, close)
