/* A finalizer of a module for the experimental version makes a value. That may only be
 * done in what node_api_post_finalizer runs.
 *
 * tool: strict
 * finds: heap-in-finalizer: napi_create_object
 * python: m.make()
 */
#define NAPI_EXPERIMENTAL
#include "planted.h"

static void
later(napi_env env, void *data, void *hint)
{
    (void)hint;
    napi_value object;
    OK(napi_create_object(env, &object));
    free(data);
}

static void
finish(node_api_basic_env env, void *data, void *hint)
{
#ifdef REPAIRED
    OK(node_api_post_finalizer(env, later, data, hint));
#else
    later((napi_env)env, data, hint);
#endif
}

static napi_value
make(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result;
    OK(napi_create_external(env, malloc(8), finish, NULL, &result));
    return result;
}

EXPORT(make)
