/* The status of napi_get_named_property is not looked at. For a value that is no
 * object it fails, and its result was never set.
 *
 * tool: strict
 * finds: status-ignored: napi_get_value_int32
 * finds: the result of napi_get_named_property was used, which had failed
 * python: try: m.size(None)
 * python: except TypeError: pass
 */
#include "planted.h"

static napi_value
size(napi_env env, napi_callback_info info)
{
    napi_value value;
    memset(&value, 0x5A, sizeof(value)); /* what the stack has */
    int32_t number = 0;
    napi_status status =
        napi_get_named_property(env, argument(env, info), "size", &value);
#ifdef REPAIRED
    if (status != napi_ok) {
        return NULL;
    }
#else
    napi_value ignored;
    if (status == napi_pending_exception) {
        OK(napi_get_and_clear_last_exception(env, &ignored));
    }
#endif
    napi_get_value_int32(env, value, &number);
    return undefined(env);
}

EXPORT(size)
