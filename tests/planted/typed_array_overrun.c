/* A loop over a typed array takes one element too many.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-buffer-overflow
 * finds: sum .*typed_array_overrun\.c:\d+
 * finds: 0 bytes
 * python: m.sum(napi.Float64Array([1, 2, 3]))
 */
#include "planted.h"

static napi_value
sum(napi_env env, napi_callback_info info)
{
    napi_value result;
    size_t length;
    void *data;
    double total = 0;
    OK(napi_get_typedarray_info(env, argument(env, info), NULL, &length, &data,
                                NULL, NULL));
#ifdef REPAIRED
    for (size_t i = 0; i < length; ++i) {
#else
    for (size_t i = 0; i <= length; ++i) {
#endif
        total += ((double *)data)[i];
    }
    OK(napi_create_double(env, total, &result));
    return result;
}

EXPORT(sum)
