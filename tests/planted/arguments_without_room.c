/* More arguments are asked for than there is room for.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: buffer-overflow
 * finds: sum .*arguments_without_room\.c:\d+
 * python: m.sum(1, 2)
 */
#include "planted.h"

static napi_value
sum(napi_env env, napi_callback_info info)
{
    napi_value values[4], result;
#ifdef REPAIRED
    size_t count = 4;
#else
    size_t count = 6;
#endif
    double total = 0;
    OK(napi_get_cb_info(env, info, &count, values, NULL, NULL));
    for (size_t i = 0; i < count && i < 4; ++i) {
        double number;
        if (napi_get_value_double(env, values[i], &number) == napi_ok) {
            total += number;
        }
    }
    OK(napi_create_double(env, total, &result));
    return result;
}

EXPORT(sum)
