/* The pointer into an array buffer is used after the buffer was detached.
 *
 * tool: strict
 * finds: buffer-detached
 * finds: in napi_detach_arraybuffer
 * python: kept = m.make()
 */
#include "planted.h"

static napi_value
make(napi_env env, napi_callback_info info)
{
    (void)info;
    char *data;
    napi_value buffer;
    OK(napi_create_arraybuffer(env, 64, (void **)&data, &buffer));
    data[0] = 1;
#ifdef REPAIRED
    data[1] = 2;
    OK(napi_detach_arraybuffer(env, buffer));
#else
    OK(napi_detach_arraybuffer(env, buffer));
    data[1] = 2;
#endif
    return buffer;
}

EXPORT(make)
