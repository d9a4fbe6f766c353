/* Memory of the addon is to be a buffer's; a host that does not allow it, as
 * Electron, is not thought of.
 *
 * tool: hosts
 * finds: without external buffers: Error: no buffer
 * python: result = bytes(m.make())
 */
#include "planted.h"

static void
release(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    free(data);
}

static napi_value
make(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result = NULL;
    char *data = malloc(3);
    memcpy(data, "abc", 3);
    napi_status status =
        napi_create_external_buffer(env, 3, data, release, NULL, &result);
#ifdef REPAIRED
    if (status == napi_no_external_buffers_allowed) {
        status = napi_create_buffer_copy(env, 3, data, NULL, &result);
        free(data);
    }
#endif
    if (status != napi_ok) {
        napi_throw_error(env, NULL, "no buffer");
    }
    return result;
}

EXPORT(make)
