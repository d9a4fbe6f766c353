/* A cache of results grows without an end.
 *
 * tool: leaks
 * finds: 4 buffers
 * finds: 4 strong references
 * finds: in napi_create_buffer_copy
 * python: for i in range(4): m.get(b"x")
 */
#include "planted.h"

static napi_ref cache[64];
static size_t cached;

static napi_value
get(napi_env env, napi_callback_info info)
{
    char *data;
    size_t length;
    napi_value result;
    OK(napi_get_buffer_info(env, argument(env, info), (void **)&data,
                            &length));
    OK(napi_create_buffer_copy(env, length, data, NULL, &result));
#ifdef REPAIRED
    (void)cache;
    (void)cached;
#else
    OK(napi_create_reference(env, result, 1, &cache[cached++ % 64]));
#endif
    return result;
}

EXPORT(get)
