/* The bytes are read though the call that should have told where they are
 * failed.
 *
 * tool: calls
 * finds: napi_get_buffer_info -> \w+: crash: SIGSEGV
 * finds: called by first at .*pointer_of_a_failed_call\.c:\d+
 * python: result = m.first(b"abc")
 */
#include "planted.h"

static napi_value
first(napi_env env, napi_callback_info info)
{
    char *data = NULL;
    size_t length = 0;
    napi_value result = NULL;
    napi_status status = napi_get_buffer_info(env, argument(env, info),
                                              (void **)&data, &length);
#ifdef REPAIRED
    if (status != napi_ok) {
        napi_throw_error(env, NULL, "no buffer");
        return NULL;
    }
#else
    (void)status;
#endif
    if (napi_create_int32(env, *(volatile char *)data, &result) != napi_ok) {
        napi_throw_error(env, NULL, "no number");
    }
    return result;
}

EXPORT(first)
