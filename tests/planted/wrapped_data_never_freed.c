/* The finalizer of a wrap tears the object down, and forgets its memory.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: leak
 * finds: make \(.*wrapped_data_never_freed\.c:\d+\)
 * python: for i in range(5): m.make()
 */
#include "planted.h"

struct thing {
    char *name;
};

static void
finish(napi_env env, void *data, void *hint)
{
    struct thing *thing = data;
    (void)env;
    (void)hint;
    free(thing->name);
#ifdef REPAIRED
    free(thing);
#endif
}

static napi_value
make(napi_env env, napi_callback_info info)
{
    napi_value object;
    struct thing *thing = malloc(sizeof(*thing));
    (void)info;
    thing->name = strdup("a thing of some length");
    OK(napi_create_object(env, &object));
    OK(napi_wrap(env, object, thing, finish, NULL, NULL));
    return object;
}

EXPORT(make)
