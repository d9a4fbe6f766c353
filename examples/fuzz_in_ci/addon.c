/* An addon with a bug for the fuzzer to find: first(text) gives the part before the
 * first comma, and forgets that a text may be longer than its buffer. */
#include <node_api.h>
#include <string.h>

static napi_value
first(napi_env env, napi_callback_info info)
{
    napi_value argument, result = NULL;
    size_t count = 1, length = 0;
    char text[16];
    napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
    if (napi_get_value_string_utf8(env, argument, NULL, 0, &length) != napi_ok) {
        napi_throw_type_error(env, NULL, "first(text)");
        return NULL;
    }
    /* The bug: the size of the buffer is not length + 1. */
    napi_get_value_string_utf8(env, argument, text, length + 1, NULL);
    char *comma = strchr(text, ',');
    napi_create_string_utf8(env, text,
                            comma ? (size_t)(comma - text) : length, &result);
    return result;
}

NAPI_MODULE_INIT()
{
    napi_value function;
    napi_create_function(env, "first", NAPI_AUTO_LENGTH, first, NULL,
                         &function);
    napi_set_named_property(env, exports, "first", function);
    return exports;
}
