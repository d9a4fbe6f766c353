/* The memory of a result is reported to the collector and never taken back.
 *
 * tool: leaks
 * finds: 4096 bytes of external memory
 * python: m.make()
 */
#include "planted.h"

#define SIZE 4096

static void
finish(napi_env env, void *data, void *hint)
{
    (void)hint;
    free(data);
#ifdef REPAIRED
    int64_t now;
    OK(napi_adjust_external_memory(env, -SIZE, &now));
#else
    (void)env;
#endif
}

static napi_value
make(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result;
    int64_t now;
    OK(napi_create_external(env, malloc(SIZE), finish, NULL, &result));
    OK(napi_adjust_external_memory(env, SIZE, &now));
    return result;
}

EXPORT(make)
