/* Two arguments are used, and room was given for one.
 *
 * tool: strict
 * finds: handle-invalid: napi_get_value_int32
 * finds: add at .*argument_behind_the_last\.c:\d+
 * python: try: m.add(1, 2)
 * python: except napi.Error: pass
 */
#include "planted.h"

static napi_value
add(napi_env env, napi_callback_info info)
{
#ifdef REPAIRED
    size_t count = 2;
#else
    size_t count = 1;
#endif
    napi_value values[2], result;
    int32_t a = 0, b = 0;
    memset(values, 0x5a, sizeof(values)); /* what lies on a stack */
    OK(napi_get_cb_info(env, info, &count, values, NULL, NULL));
    if (napi_get_value_int32(env, values[0], &a) != napi_ok ||
        napi_get_value_int32(env, values[1], &b) != napi_ok) {
        napi_throw_type_error(env, NULL, "numbers are expected");
        return NULL;
    }
    OK(napi_create_int32(env, a + b, &result));
    return result;
}

EXPORT(add)
