/* The callback threw, and the addon goes on as if it had not.
 *
 * tool: strict
 * finds: exception-pending: napi_set_named_property
 * finds: store at .*call_while_pending\.c:\d+
 * finds: exception pending: ValueError
 * finds: in napi_call_function
 * python: def throw(): raise ValueError
 * python: try: m.store(throw)
 * python: except ValueError: pass
 */
#include "planted.h"

static napi_value
store(napi_env env, napi_callback_info info)
{
    napi_value object, result = undefined(env);
    OK(napi_create_object(env, &object));
    napi_status status = napi_call_function(
        env, result, argument(env, info), 0, NULL, &result);
#ifdef REPAIRED
    if (status != napi_ok) {
        return NULL;
    }
#else
    (void)status;
#endif
    napi_set_named_property(env, object, "result", result);
    return object;
}

EXPORT(store)
