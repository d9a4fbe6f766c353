/* Symbols. */
#include "addon.h"

/* create(description): the symbol, or the status */
static napi_value
create(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    addon_args(env, info, argv, 1);
    napi_status status = napi_create_symbol(env, argv[0], &result);
    return status == napi_ok ? result : addon_int(env, status);
}

static napi_value
create_plain(napi_env env, napi_callback_info info)
{
    napi_value result;
    (void)info;
    ASSERT_OK(env, napi_create_symbol(env, NULL, &result));
    return result;
}

static napi_value
symbol_for(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    char key[256];
    size_t length;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_string_utf8(env, argv[0], key, sizeof(key),
                                              &length));
    ASSERT_OK(env, node_api_symbol_for(env, key, length, &result));
    return result;
}

static napi_value
symbol_for_nothing(napi_env env, napi_callback_info info)
{
    napi_value result;
    (void)info;
    ASSERT_OK(env, node_api_symbol_for(env, NULL, 0, &result));
    return result;
}

/* refused() -> statuses of node_api_symbol_for(NULL, 1), (NULL, AUTO) and
 * without a result */
static napi_value
refused(napi_env env, napi_callback_info info)
{
    napi_value list, result;
    (void)info;
    napi_status statuses[] = {
        node_api_symbol_for(env, NULL, 1, &result),
        node_api_symbol_for(env, NULL, NAPI_AUTO_LENGTH, &result),
        node_api_symbol_for(env, "x", 1, NULL),
    };
    ASSERT_OK(env, napi_create_array(env, &list));
    for (uint32_t i = 0; i < 3; ++i) {
        ASSERT_OK(env, napi_set_element(env, list, i,
                                        addon_int(env, statuses[i])));
    }
    return list;
}

/* set(object, key, value) */
static napi_value
set(napi_env env, napi_callback_info info)
{
    napi_value argv[3];
    addon_args(env, info, argv, 3);
    ASSERT_OK(env, napi_set_property(env, argv[0], argv[1], argv[2]));
    return argv[0];
}

static napi_value
get(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_property(env, argv[0], argv[1], &result));
    return result;
}

ADDON(EXPORT(create), EXPORT(create_plain), EXPORT(symbol_for),
      EXPORT(symbol_for_nothing), EXPORT(refused), EXPORT(set), EXPORT(get))
