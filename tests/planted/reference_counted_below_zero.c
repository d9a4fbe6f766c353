/* The reference is given up twice; its object may be gone by then.
 *
 * tool: strict
 * finds: reference-below-zero: napi_reference_unref
 * finds: stop at .*reference_counted_below_zero\.c:\d+
 * python: m.start({})
 * python: m.stop()
 * python: m.stop()
 */
#include "planted.h"

static napi_ref kept;
static bool held;

static napi_value
start(napi_env env, napi_callback_info info)
{
    OK(napi_create_reference(env, argument(env, info), 1, &kept));
    held = true;
    return undefined(env);
}

static napi_value
stop(napi_env env, napi_callback_info info)
{
    (void)info;
#ifdef REPAIRED
    if (!held) {
        return undefined(env);
    }
#endif
    napi_reference_unref(env, kept, NULL);
    held = false;
    return undefined(env);
}

EXPORT(start, stop)
