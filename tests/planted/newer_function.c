/* The module declares version 8, and calls a function of version 9 that it declares
 * itself: an older Node refuses to load it.
 *
 * tool: strict
 * finds: newer-function: node_api_symbol_for.* version 9 .*declares version 8
 * python: m.symbol()
 * version: 8
 */
#include "planted.h"

#if NAPI_VERSION < 9
NAPI_EXTERN napi_status NAPI_CDECL node_api_symbol_for(napi_env env,
                                                       const char *text,
                                                       size_t length,
                                                       napi_value *result);
#endif

static napi_value
symbol(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result;
#ifdef REPAIRED
    OK(napi_create_symbol(env, text(env, "planted"), &result));
#else
    OK(node_api_symbol_for(env, "planted", NAPI_AUTO_LENGTH, &result));
#endif
    return result;
}

EXPORT(symbol)
