/* A cleanup hook uses a handle of a call that is long over. No call of Python
 * is left to raise it: it is told where the process ends.
 *
 * tool: ends
 * finds: handle-after-scope: napi_typeof
 * finds: clean at .*handle_used_by_a_hook\.c:\d+
 * python: m.start({})
 */
#include "planted.h"

static napi_env owner;
static napi_value kept;

static void
clean(void *unused)
{
    (void)unused;
#ifndef REPAIRED
    napi_valuetype type;
    napi_typeof(owner, kept, &type);
#endif
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    owner = env;
    kept = argument(env, info);
    OK(napi_add_env_cleanup_hook(env, clean, NULL));
    return undefined(env);
}

EXPORT(start)
