/* The argument is no number, the call says so, and nobody listens: what is
 * decided by was never written.
 *
 * tool: valgrind
 * finds: uninitialised
 * finds: is_large .*number_of_a_string\.c:\d+
 * python: m.is_large("12")
 */
#include "planted.h"

static napi_value
is_large(napi_env env, napi_callback_info info)
{
    napi_value result;
#ifdef REPAIRED
    int32_t number = 0;
#else
    int32_t number;
#endif
    napi_get_value_int32(env, argument(env, info), &number);
    OK(napi_get_boolean(env, number > 10, &result));
    return result;
}

EXPORT(is_large)
