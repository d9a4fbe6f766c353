/* What a callback throws is cleared, and the sum goes on without it.
 *
 * tool: calls
 * finds: lost
 * finds: napi_call_function
 * finds: called by total at .*error_swallowed\.c:\d+
 * python: result = m.total(napi.Array([1, 2, 3]), lambda x: x * 2)
 */
#include "planted.h"

static napi_value
total(napi_env env, napi_callback_info info)
{
    size_t count = 2;
    napi_value values[2], element, result, ignored;
    double sum = 0, one;
    uint32_t length;
    (void)ignored;
    if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok ||
        napi_get_array_length(env, values[0], &length) != napi_ok) {
        napi_throw_error(env, NULL, "an array is expected");
        return NULL;
    }
    for (uint32_t i = 0; i < length; ++i) {
        if (napi_get_element(env, values[0], i, &element) != napi_ok) {
            return NULL; /* it has thrown */
        }
        if (napi_call_function(env, values[0], values[1], 1, &element,
                               &result) != napi_ok) {
#ifdef REPAIRED
            return NULL; /* the exception is pending */
#else
            napi_get_and_clear_last_exception(env, &ignored);
            continue;
#endif
        }
        if (napi_get_value_double(env, result, &one) != napi_ok) {
            napi_throw_error(env, NULL, "a number is expected");
            return NULL;
        }
        sum += one;
    }
    if (napi_create_double(env, sum, &result) != napi_ok) {
        napi_throw_error(env, NULL, "no number");
        return NULL;
    }
    return result;
}

EXPORT(total)
