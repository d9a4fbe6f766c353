/* A number of any size becomes an int by a cast.
 *
 * tool: ubsan
 * flags: -fsanitize=undefined,float-cast-overflow
 * finds: is outside the range of representable values
 * finds: position .*number_cast_without_a_look\.c:\d+
 * python: m.position(1e20)
 */
#include "planted.h"

static napi_value
position(napi_env env, napi_callback_info info)
{
    napi_value result;
    double number;
    OK(napi_get_value_double(env, argument(env, info), &number));
#ifdef REPAIRED
    int index = number >= -1000 && number <= 1000 ? (int)number : 0;
#else
    int index = (int)number;
#endif
    OK(napi_create_int32(env, index, &result));
    return result;
}


EXPORT(position)
