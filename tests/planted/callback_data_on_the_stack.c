/* The data of a function is a variable of the function that made it.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: stack-use-after-return
 * finds: tell .*callback_data_on_the_stack\.c:\d+
 * python: m.make()()
 */
#include "planted.h"

static napi_value
tell(napi_env env, napi_callback_info info)
{
    int *data;
    napi_value result;
    OK(napi_get_cb_info(env, info, NULL, NULL, NULL, (void **)&data));
    OK(napi_create_int32(env, *data, &result));
    return result;
}

static napi_value
make(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result;
#ifdef REPAIRED
    static int number;
#else
    volatile int number;
#endif
    number = 12;
    OK(napi_create_function(env, "tell", NAPI_AUTO_LENGTH, tell,
                            (void *)&number, &result));
    return result;
}

EXPORT(make)
