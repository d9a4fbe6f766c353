/* Numbers of eight bytes at an offset that is no multiple of eight.
 *
 * tool: strict
 * finds: exception-pending: napi_set_named_property
 * finds: in napi_create_typedarray
 * finds: numbers at .*typed_array_at_an_odd_place\.c:\d+
 * python: try: m.numbers()
 * python: except napi.Error: pass
 */
#include "planted.h"

static napi_value
numbers(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value buffer, array, result;
    void *data;
    OK(napi_create_arraybuffer(env, 36, &data, &buffer));
    OK(napi_create_object(env, &result));
#ifdef REPAIRED
    napi_create_typedarray(env, napi_float64_array, 4, buffer, 0, &array);
#else
    napi_create_typedarray(env, napi_float64_array, 4, buffer, 4, &array);
#endif
    napi_set_named_property(env, result, "numbers", array);
    return result;
}

EXPORT(numbers)
