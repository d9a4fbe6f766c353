/* The result is written into the argument. From Python that may be bytes, which do
 * not change: the addon had a copy.
 *
 * tool: strict
 * finds: bytes-written
 * python: m.swap(b"abcd")
 */
#include "planted.h"

static napi_value
swap(napi_env env, napi_callback_info info)
{
    char *data;
    size_t length;
    napi_value buffer = argument(env, info);
#ifdef REPAIRED
    OK(napi_get_buffer_info(env, buffer, (void **)&data, &length));
    OK(napi_create_buffer_copy(env, length, data, (void **)&data, &buffer));
#else
    OK(napi_get_buffer_info(env, buffer, (void **)&data, &length));
#endif
    for (size_t i = 0; i + 1 < length; i += 2) {
        char first = data[i];
        data[i] = data[i + 1];
        data[i + 1] = first;
    }
    return buffer;
}

EXPORT(swap)
