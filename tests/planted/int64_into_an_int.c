/* A 64-bit number is read into an int.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: stack-buffer-overflow
 * finds: half .*int64_into_an_int\.c:\d+
 * python: m.half(10)
 */
#include "planted.h"

static napi_value
half(napi_env env, napi_callback_info info)
{
    napi_value result;
#ifdef REPAIRED
    int64_t number;
    OK(napi_get_value_int64(env, argument(env, info), &number));
#else
    int number;
    OK(napi_get_value_int64(env, argument(env, info), (int64_t *)&number));
#endif
    OK(napi_create_double(env, number / 2.0, &result));
    return result;
}

EXPORT(half)
