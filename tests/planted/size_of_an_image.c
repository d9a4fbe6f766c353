/* Width by height by four, in ints that have no room for it.
 *
 * tool: ubsan
 * flags: -fsanitize=undefined
 * finds: signed integer overflow
 * finds: bytes_of .*size_of_an_image\.c:\d+
 * python: m.bytes_of(50000)
 */
#include "planted.h"

static napi_value
bytes_of(napi_env env, napi_callback_info info)
{
    napi_value result;
    int32_t side;
    OK(napi_get_value_int32(env, argument(env, info), &side));
#ifdef REPAIRED
    double bytes = 4.0 * side * side;
#else
    double bytes = side * side * 4;
#endif
    OK(napi_create_double(env, bytes, &result));
    return result;
}

EXPORT(bytes_of)
