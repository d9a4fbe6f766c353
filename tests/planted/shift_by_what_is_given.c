/* A shift by a number that comes from outside.
 *
 * tool: ubsan
 * flags: -fsanitize=undefined
 * finds: shift exponent 40 is too large
 * finds: mask .*shift_by_what_is_given\.c:\d+
 * python: m.mask(40)
 */
#include "planted.h"

static napi_value
mask(napi_env env, napi_callback_info info)
{
    napi_value result;
    uint32_t bits;
    OK(napi_get_value_uint32(env, argument(env, info), &bits));
#ifdef REPAIRED
    uint32_t made = bits < 32 ? (UINT32_C(1) << bits) - 1 : UINT32_MAX;
#else
    uint32_t made = (UINT32_C(1) << bits) - 1;
#endif
    OK(napi_create_uint32(env, made, &result));
    return result;
}

EXPORT(mask)
