/* Where the number cannot be read, 0 is taken for it: a wrong result, and no
 * error.
 *
 * tool: calls
 * finds: napi_get_value_double -> \w+: lost: the result is 0(\.0)?, not 42
 * finds: called by twice at .*number_of_a_failed_call\.c:\d+
 * python: result = m.twice(21)
 */
#include "planted.h"

static napi_value
twice(napi_env env, napi_callback_info info)
{
    double number = 0;
    napi_value result = NULL;
    napi_status status =
        napi_get_value_double(env, argument(env, info), &number);
#ifdef REPAIRED
    if (status != napi_ok) {
        napi_throw_type_error(env, NULL, "a number is needed");
        return NULL;
    }
#else
    (void)status;
#endif
    if (napi_create_double(env, number * 2, &result) != napi_ok) {
        napi_throw_error(env, NULL, "no number");
    }
    return result;
}

EXPORT(twice)
