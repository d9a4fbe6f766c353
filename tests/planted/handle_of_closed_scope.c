/* The inner scope keeps a loop from collecting handles; the last one is used after
 * it was closed.
 *
 * tool: strict
 * finds: handle-after-scope
 * finds: ended:
    in napi_close_handle_scope
    by last at .*handle_of_closed_scope\.c:\d+
 * python: m.last([1, 2, 3])
 */
#include "planted.h"

static napi_value
last(napi_env env, napi_callback_info info)
{
    napi_value list = argument(env, info), element = NULL;
    uint32_t count;
    OK(napi_get_array_length(env, list, &count));
    for (uint32_t i = 0; i < count; ++i) {
        napi_handle_scope scope;
        OK(napi_open_handle_scope(env, &scope));
        OK(napi_get_element(env, list, i, &element));
        OK(napi_close_handle_scope(env, scope));
    }
    double number;
#ifdef REPAIRED
    OK(napi_get_element(env, list, count - 1, &element));
#endif
    napi_get_value_double(env, element, &number);
    return undefined(env);
}

EXPORT(last)
