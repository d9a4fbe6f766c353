/* A handle is kept for the next call. Its scope ended with the first one: a
 * reference would have lived on.
 *
 * tool: strict
 * finds: handle-after-scope: napi_get_value_double
 * finds: use at .*handle_kept\.c:\d+
 * python: m.keep(1.5)
 * python: m.use()
 */
#include "planted.h"

#ifdef REPAIRED
static napi_ref kept;
#else
static napi_value kept;
#endif

static napi_value
keep(napi_env env, napi_callback_info info)
{
    napi_value value = argument(env, info);
#ifdef REPAIRED
    napi_value box;
    OK(napi_create_object(env, &box));
    OK(napi_set_named_property(env, box, "value", value));
    OK(napi_create_reference(env, box, 1, &kept));
#else
    kept = value;
#endif
    return undefined(env);
}

static napi_value
use(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value value;
    double number = 0;
#ifdef REPAIRED
    OK(napi_get_reference_value(env, kept, &value));
    OK(napi_get_named_property(env, value, "value", &value));
    OK(napi_delete_reference(env, kept));
#else
    value = kept;
#endif
    napi_get_value_double(env, value, &number);
    return undefined(env);
}

EXPORT(keep, use)
