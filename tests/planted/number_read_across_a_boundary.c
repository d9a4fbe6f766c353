/* Four bytes anywhere in a buffer are read as if they were an int in memory.
 *
 * tool: ubsan
 * flags: -fsanitize=undefined
 * finds: misaligned address
 * finds: search .*number_read_across_a_boundary\.c:\d+
 * python: m.search(napi.Buffer.from_(bytes(8)))
 */
#include "planted.h"

static napi_value
search(napi_env env, napi_callback_info info)
{
    napi_value result;
    uint32_t number, most = 0;
    char *data;
    size_t length;
    OK(napi_get_buffer_info(env, argument(env, info), (void **)&data,
                            &length));
    for (size_t i = 0; i + sizeof(number) <= length; ++i) {
#ifdef REPAIRED
        memcpy(&number, data + i, sizeof(number));
#else
        number = *(uint32_t *)(data + i);
#endif
        most = number > most ? number : most;
    }
    OK(napi_create_uint32(env, most, &result));
    return result;
}

EXPORT(search)
