/* Dates. */
#include "addon.h"

static napi_value
create(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    double time;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_double(env, argv[0], &time));
    ASSERT_OK(env, napi_create_date(env, time, &result));
    return result;
}

static napi_value
is_date(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    bool result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_is_date(env, argv[0], &result));
    return addon_bool(env, result);
}

/* value(date): the time value; a status as a string */
static napi_value
value(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    double time;
    char text[16];
    addon_args(env, info, argv, 1);
    napi_status status = napi_get_date_value(env, argv[0], &time);
    if (status != napi_ok) {
        snprintf(text, sizeof(text), "status %d", (int)status);
        return addon_string(env, text);
    }
    ASSERT_OK(env, napi_create_double(env, time, &result));
    return result;
}

ADDON(EXPORT(create), EXPORT(is_date), EXPORT(value))
