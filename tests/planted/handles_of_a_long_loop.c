/* A loop over a large input without a scope: each round keeps its handles until the
 * callback returns.
 *
 * tool: peak
 * finds: \d{5} handles at a time
 * python: m.sum(list(range(20000)))
 */
#include "planted.h"

static napi_value
sum(napi_env env, napi_callback_info info)
{
    napi_value list = argument(env, info), element;
    uint32_t count;
    double total = 0, number;
    OK(napi_get_array_length(env, list, &count));
    for (uint32_t i = 0; i < count; ++i) {
#ifdef REPAIRED
        napi_handle_scope scope;
        OK(napi_open_handle_scope(env, &scope));
#endif
        OK(napi_get_element(env, list, i, &element));
        OK(napi_get_value_double(env, element, &number));
        total += number;
#ifdef REPAIRED
        OK(napi_close_handle_scope(env, scope));
#endif
    }
    napi_value result;
    OK(napi_create_double(env, total, &result));
    return result;
}

EXPORT(sum)
