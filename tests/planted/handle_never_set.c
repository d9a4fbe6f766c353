/* One branch forgets to set the result that the callback returns.
 *
 * tool: strict
 * finds: handle-invalid
 * python: m.name(3)
 */
#include "planted.h"

static napi_value
name(napi_env env, napi_callback_info info)
{
    napi_value result, value = argument(env, info);
    memset(&result, 0x5A, sizeof(result)); /* what the stack has */
    int32_t number;
    OK(napi_get_value_int32(env, value, &number));
    if (number == 1) {
        result = text(env, "one");
    } else if (number == 2) {
        result = text(env, "two");
    }
#ifdef REPAIRED
    else {
        result = text(env, "many");
    }
#endif
    return result;
}

EXPORT(name)
