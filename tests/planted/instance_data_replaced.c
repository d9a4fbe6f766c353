/* The data of the environment is set anew, and the old is nobody's.
 *
 * tool: asan
 * finds: leak of 100 byte
 * finds: set
 * python: m.set(); m.set()
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
set(napi_env env, napi_callback_info info)
{
    (void)info;
#ifdef REPAIRED
    void *old;
    OK(napi_get_instance_data(env, &old));
    free(old);
#endif
    OK(napi_set_instance_data(env, malloc(100), finish, NULL));
    return undefined(env);
}

EXPORT(set)
