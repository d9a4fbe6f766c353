/* napi_wrap gave a reference back; it was thought to go with the object. It is the
 * addon's, and outlives the object until it is deleted.
 *
 * tool: leaks
 * finds: 1 weak reference
 * finds: in napi_wrap
 * python: m.wrap(napi.Object())
 */
#include "planted.h"

struct native {
    napi_ref reference;
};

static void
finish(napi_env env, void *data, void *hint)
{
    (void)hint;
    struct native *native = data;
#ifdef REPAIRED
    OK(napi_delete_reference(env, native->reference));
#else
    (void)env;
#endif
    free(native);
}

static napi_value
wrap(napi_env env, napi_callback_info info)
{
    struct native *native = malloc(sizeof(*native));
    OK(napi_wrap(env, argument(env, info), native, finish, NULL,
                 &native->reference));
    return undefined(env);
}

EXPORT(wrap)
