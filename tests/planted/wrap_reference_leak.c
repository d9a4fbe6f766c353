/* The reference that napi_wrap gives is asked for, and never deleted.
 *
 * tool: leaks
 * finds: 3 (weak )?references
 * finds: in napi_wrap
 * finds: make at .*wrap_reference_leak\.c:\d+
 * python: for i in range(3): m.make()
 */
#include "planted.h"

struct thing {
    napi_ref self;
};

static void
finish(napi_env env, void *data, void *hint)
{
    struct thing *thing = data;
    (void)hint;
#ifdef REPAIRED
    OK(napi_delete_reference(env, thing->self));
#else
    (void)env;
#endif
    free(thing);
}

static napi_value
make(napi_env env, napi_callback_info info)
{
    napi_value object;
    struct thing *thing = malloc(sizeof(*thing));
    (void)info;
    OK(napi_create_object(env, &object));
    OK(napi_wrap(env, object, thing, finish, NULL, &thing->self));
    return object;
}

EXPORT(make)
