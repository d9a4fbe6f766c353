/* Bytes that Python lends without a copy are changed in place: each user of that
 * constant sees it.
 *
 * tool: strict
 * finds: borrowed-written
 * python: data = bytes(range(100, 164))
 * python: m.clear(napi.borrow(data))
 */
#include "planted.h"

static napi_value
clear(napi_env env, napi_callback_info info)
{
    char *data;
    size_t length;
    OK(napi_get_typedarray_info(env, argument(env, info), NULL, &length,
                                (void **)&data, NULL, NULL));
#ifndef REPAIRED
    memset(data, 0, length);
#endif
    return undefined(env);
}

EXPORT(clear)
