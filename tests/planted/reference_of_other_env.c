/* A constructor's reference is kept in a static variable. A second environment finds
 * the one of the first.
 *
 * tool: strict
 * finds: reference-other-env
 * python: m.get()
 * python: other = napi.load(m.__file__, fresh=True)
 * python: other.get()
 */
#include "planted.h"

#ifndef REPAIRED
static napi_ref shared;
#endif

static napi_value
get(napi_env env, napi_callback_info info)
{
    napi_value object;
    (void)info;
#ifdef REPAIRED
    napi_ref shared = NULL;
    OK(napi_get_instance_data(env, (void **)&shared));
#endif
    if (shared == NULL) {
        OK(napi_create_object(env, &object));
        OK(napi_create_reference(env, object, 1, &shared));
#ifdef REPAIRED
        OK(napi_set_instance_data(env, shared, NULL, NULL));
#endif
    }
    napi_get_reference_value(env, shared, &object);
    return undefined(env);
}

EXPORT(get)
