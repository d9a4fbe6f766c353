/* An error is thrown while one is pending.
 *
 * tool: strict
 * finds: exception-pending: napi_throw_error
 * finds: made:
 * finds: in napi_throw_type_error
 * finds: check at .*thrown_twice\.c:\d+
 * python: try: m.check("x")
 * python: except napi.Error: pass
 */
#include "planted.h"

static napi_value
check(napi_env env, napi_callback_info info)
{
    napi_valuetype type;
    OK(napi_typeof(env, argument(env, info), &type));
    if (type != napi_number) {
        napi_throw_type_error(env, NULL, "no number");
#ifdef REPAIRED
        return NULL;
#endif
    }
    if (type == napi_string) {
        napi_throw_error(env, NULL, "a string");
    }
    return NULL;
}

EXPORT(check)
