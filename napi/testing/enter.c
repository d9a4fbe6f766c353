/* Gives Python an env: enter(address) calls the function there, which has the
 * type of a napi_callback, with the env and the info of this very call. */
#include <node_api.h>
#include <stdint.h>

static napi_value
enter(napi_env env, napi_callback_info info)
{
    size_t argc = 1;
    napi_value argument;
    int64_t address = 0;
    if (napi_get_cb_info(env, info, &argc, &argument, NULL, NULL) != napi_ok ||
        napi_get_value_int64(env, argument, &address) != napi_ok) {
        napi_throw_type_error(env, NULL, "enter(address)");
        return NULL;
    }
    return ((napi_callback)(uintptr_t)address)(env, info);
}

NAPI_MODULE_INIT()
{
    napi_value function;
    if (napi_create_function(env, "enter", NAPI_AUTO_LENGTH, enter, NULL,
                             &function) == napi_ok) {
        napi_set_named_property(env, exports, "enter", function);
    }
    return exports;
}
