/* A strong reference for each call, and nobody deletes it: the object lives as
 * long as the addon.
 *
 * tool: leaks
 * finds: 3 strong references
 * finds: in napi_create_reference
 * finds: remember at .*reference_leak\.c:\d+
 * python: for _ in range(3): m.remember({})
 */
#include "planted.h"

static napi_value
remember(napi_env env, napi_callback_info info)
{
    napi_ref reference;
    OK(napi_create_reference(env, argument(env, info), 1, &reference));
#ifdef REPAIRED
    OK(napi_delete_reference(env, reference));
#endif
    return undefined(env);
}

EXPORT(remember)
