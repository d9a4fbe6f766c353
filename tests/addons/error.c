/* Errors thrown, caught and passed through. */
#include "addon.h"

static napi_value
throw_value(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_throw(env, argv[0]));
    return NULL;
}

/* throw_kind(kind, code, text) */
static napi_value
throw_kind(napi_env env, napi_callback_info info)
{
    napi_value argv[3];
    char kind[16], code[64], text[64];
    size_t length;
    addon_args(env, info, argv, 3);
    napi_get_value_string_utf8(env, argv[0], kind, sizeof(kind), &length);
    bool coded = napi_get_value_string_utf8(env, argv[1], code, sizeof(code),
                                            &length) == napi_ok;
    napi_get_value_string_utf8(env, argv[2], text, sizeof(text), &length);
    napi_status (*act)(napi_env, const char *, const char *) =
        strcmp(kind, "type") == 0    ? napi_throw_type_error
        : strcmp(kind, "range") == 0 ? napi_throw_range_error
                                     : napi_throw_error;
    ASSERT_OK(env, act(env, coded ? code : NULL, text));
    return NULL;
}

/* call(f): f(), the exception stays pending */
static napi_value
call(napi_env env, napi_callback_info info)
{
    napi_value argv[1], receiver, result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_undefined(env, &receiver));
    ASSERT_OK(env, napi_call_function(env, receiver, argv[0], 0, NULL,
                                      &result));
    return result;
}

/* swallow(f) -> [status, exception] */
static napi_value
swallow(napi_env env, napi_callback_info info)
{
    napi_value argv[1], receiver, result, pair;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_undefined(env, &receiver));
    napi_status status =
        napi_call_function(env, receiver, argv[0], 0, NULL, &result);
    ASSERT_OK(env, napi_get_and_clear_last_exception(env, &result));
    ASSERT_OK(env, napi_create_array(env, &pair));
    ASSERT_OK(env, napi_set_element(env, pair, 0, addon_int(env, status)));
    ASSERT_OK(env, napi_set_element(env, pair, 1, result));
    return pair;
}

static napi_value
is_error(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    bool result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_is_error(env, argv[0], &result));
    return addon_bool(env, result);
}

/* recurse(f): f(recurse, f) without end */
static napi_value
recurse(napi_env env, napi_callback_info info)
{
    napi_value argv[1], receiver, result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_undefined(env, &receiver));
    ASSERT_OK(env, napi_call_function(env, receiver, argv[0], 1, argv,
                                      &result));
    return result;
}

/* last_error(): [code, message] after a failing call, and after success */
static napi_value
last_error(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    const napi_extended_error_info *error;
    double number;
    addon_args(env, info, argv, 1);
    napi_get_value_double(env, argv[0], &number);
    napi_get_last_error_info(env, &error);
    return addon_string(env,
                        error->error_message ? error->error_message : "ok");
}

ADDON(EXPORT(throw_value), EXPORT(throw_kind), EXPORT(call), EXPORT(swallow),
      EXPORT(is_error), EXPORT(recurse), EXPORT(last_error))
