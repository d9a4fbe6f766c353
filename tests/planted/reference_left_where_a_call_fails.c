/* The way out where the second call fails does not delete what the first made.
 *
 * tool: calls
 * finds: napi_get_reference_value -> \w+: leak: 1 strong reference
 * finds: in napi_create_reference
 * finds: pass_on at .*reference_left_where_a_call_fails\.c:\d+
 * python: m.pass_on({})
 */
#include "planted.h"

static napi_value
pass_on(napi_env env, napi_callback_info info)
{
    napi_ref reference;
    napi_value value = argument(env, info), result = NULL;
    if (napi_create_reference(env, value, 1, &reference) != napi_ok) {
        napi_throw_error(env, NULL, "no reference");
        return NULL;
    }
    if (napi_get_reference_value(env, reference, &result) != napi_ok) {
        napi_throw_error(env, NULL, "no value");
#ifdef REPAIRED
        result = NULL;
#else
        return NULL;
#endif
    }
    OK(napi_delete_reference(env, reference));
    return result;
}

EXPORT(pass_on)
