/* The pointer into an array buffer is read after the buffer was detached.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-use-after-free
 * finds: arraybuffer_detach
 * finds: sum .*detached_buffer_read\.c:\d+
 * python: b = m.make()
 * python: m.sum(b)
 */
#include "planted.h"

static napi_value
make(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result;
    void *data;
    OK(napi_create_arraybuffer(env, 16, &data, &result));
    return result;
}

static napi_value
sum(napi_env env, napi_callback_info info)
{
    napi_value given = argument(env, info), result;
    unsigned char *data;
    size_t length;
    int total = 0;
    OK(napi_get_arraybuffer_info(env, given, (void **)&data, &length));
    OK(napi_detach_arraybuffer(env, given));
#ifdef REPAIRED
    OK(napi_get_arraybuffer_info(env, given, (void **)&data, &length));
#endif
    for (size_t i = 0; i < length; ++i) {
        total += data[i];
    }
    OK(napi_create_int32(env, total, &result));
    return result;
}

EXPORT(make, sum)
