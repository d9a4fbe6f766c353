/* A static object's destructor deletes a reference when the process ends: its
 * environment is gone by then.
 *
 * tool: ends
 * finds: env-closed: napi_delete_reference
 * finds: reference_deleted_at_exit-\w+\.node\+0x
 * python: m.start({})
 */
#include "planted.h"

static napi_env owner;
static napi_ref kept;

static napi_value
start(napi_env env, napi_callback_info info)
{
    OK(napi_create_reference(env, argument(env, info), 1, &kept));
    owner = env;
    return undefined(env);
}

#ifndef REPAIRED
__attribute__((destructor)) static void
end(void)
{
    if (kept) {
        napi_delete_reference(owner, kept);
    }
}
#endif

EXPORT(start)
