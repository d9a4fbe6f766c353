/* close() may be called twice, and deletes the reference each time.
 *
 * tool: strict
 * finds: reference-deleted: napi_delete_reference
 * python: m.open({})
 * python: m.close()
 * python: m.close()
 */
#include "planted.h"

static napi_ref object;

static napi_value
open(napi_env env, napi_callback_info info)
{
    OK(napi_create_reference(env, argument(env, info), 1, &object));
    return undefined(env);
}

static napi_value
close(napi_env env, napi_callback_info info)
{
    (void)info;
    if (object != NULL) {
        napi_delete_reference(env, object);
    }
#ifdef REPAIRED
    object = NULL;
#endif
    return undefined(env);
}

EXPORT(open, close)
