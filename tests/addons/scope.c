/* Handle scopes, and their misuse. */
#include "addon.h"

static napi_value
escape(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    napi_escapable_handle_scope scope;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_open_escapable_handle_scope(env, &scope));
    napi_value object;
    ASSERT_OK(env, napi_create_object(env, &object));
    ASSERT_OK(env, napi_set_named_property(env, object, "x", argv[0]));
    ASSERT_OK(env, napi_escape_handle(env, scope, object, &result));
    ASSERT_OK(env, napi_close_escapable_handle_scope(env, scope));
    return result;
}

static napi_value
escape_twice(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    napi_escapable_handle_scope scope;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_open_escapable_handle_scope(env, &scope));
    ASSERT_OK(env, napi_escape_handle(env, scope, argv[0], &result));
    napi_status status = napi_escape_handle(env, scope, argv[0], &result);
    ASSERT_OK(env, napi_close_escapable_handle_scope(env, scope));
    return addon_int(env, status);
}

static napi_value
close_unopened(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_handle_scope scope;
    ASSERT_OK(env, napi_open_handle_scope(env, &scope));
    ASSERT_OK(env, napi_close_handle_scope(env, scope));
    return addon_int(env, napi_close_handle_scope(env, scope));
}

/* many(n): n handles, each in a scope of its own */
static napi_value
many(napi_env env, napi_callback_info info)
{
    napi_value argv[1], value;
    uint32_t n;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[0], &n));
    for (uint32_t i = 0; i < n; ++i) {
        napi_handle_scope scope;
        ASSERT_OK(env, napi_open_handle_scope(env, &scope));
        ASSERT_OK(env, napi_create_double(env, i + 0.5, &value));
        ASSERT_OK(env, napi_close_handle_scope(env, scope));
    }
    return NULL;
}

static napi_value
leave_open(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_handle_scope scope;
    ASSERT_OK(env, napi_open_handle_scope(env, &scope));
    return NULL;
}

/* the status of typeof for a handle whose scope is closed */
static napi_value
use_after_close(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value object;
    napi_handle_scope scope;
    napi_valuetype type;
    ASSERT_OK(env, napi_open_handle_scope(env, &scope));
    ASSERT_OK(env, napi_create_object(env, &object));
    ASSERT_OK(env, napi_close_handle_scope(env, scope));
    return addon_int(env, napi_typeof(env, object, &type));
}

static napi_value
close_out_of_order(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_handle_scope outer, inner;
    napi_value value;
    ASSERT_OK(env, napi_open_handle_scope(env, &outer));
    ASSERT_OK(env, napi_create_object(env, &value));
    ASSERT_OK(env, napi_open_handle_scope(env, &inner));
    napi_close_handle_scope(env, outer);
    napi_close_handle_scope(env, inner);
    return NULL;
}

static napi_value
call_while_pending(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result, error;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_throw_error(env, NULL, "pending"));
    napi_status status =
        napi_get_named_property(env, argv[0], "x", &result);
    ASSERT_OK(env, napi_get_and_clear_last_exception(env, &error));
    return addon_int(env, status);
}

/* A string out of the scope that was closed just before, as C++ destructors do */
static napi_value
return_closed(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_handle_scope scope;
    napi_value text, other;
    ASSERT_OK(env, napi_open_handle_scope(env, &scope));
    ASSERT_OK(env, napi_create_string_utf8(env, "a text of its own",
                                           NAPI_AUTO_LENGTH, &text));
    ASSERT_OK(env, napi_create_object(env, &other));
    ASSERT_OK(env, napi_close_handle_scope(env, scope));
    return text;
}

/* n scopes that are closed, a handle outside of each -> the last one's number */
static napi_value
many_scopes(napi_env env, napi_callback_info info)
{
    napi_value argv[1], value = NULL, inner;
    uint32_t n = 0;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[0], &n));
    for (uint32_t i = 0; i < n; ++i) {
        napi_handle_scope scope;
        ASSERT_OK(env, napi_open_handle_scope(env, &scope));
        ASSERT_OK(env, napi_create_double(env, i + 0.5, &inner));
        ASSERT_OK(env, napi_create_double(env, i + 0.5, &inner));
        ASSERT_OK(env, napi_close_handle_scope(env, scope));
        ASSERT_OK(env, napi_create_double(env, i + 0.25, &value));
    }
    return value;
}

ADDON(EXPORT(return_closed), EXPORT(many_scopes), EXPORT(escape), EXPORT(escape_twice), EXPORT(close_unopened),
      EXPORT(many), EXPORT(leave_open), EXPORT(use_after_close),
      EXPORT(close_out_of_order), EXPORT(call_while_pending))
