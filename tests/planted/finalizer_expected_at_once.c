/* There is room for four, and it is made by finalizers, which a collector runs
 * when it likes.
 *
 * tool: hosts
 * finds: with late finalizers: Error: too many
 * python: result = [m.open() is None for _ in range(6)]
 */
#include "planted.h"

static int opened;

static void
release(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)data;
    (void)hint;
    --opened;
}

static napi_value
open(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result = NULL;
#ifndef REPAIRED
    if (opened >= 4) {
        napi_throw_error(env, NULL, "too many");
        return NULL;
    }
#endif
    ++opened;
    OK(napi_create_external(env, NULL, release, NULL, &result));
    return result;
}

EXPORT(open)
