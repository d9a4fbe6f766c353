/* Promises made, settled and recognised. */
#include "addon.h"

struct data {
    napi_deferred deferred;
};

static napi_value
make(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value promise, external, pair;
    struct data *data = calloc(1, sizeof(*data));
    ASSERT_OK(env, napi_create_promise(env, &data->deferred, &promise));
    ASSERT_OK(env, napi_create_external(env, data, NULL, NULL, &external));
    ASSERT_OK(env, napi_create_array(env, &pair));
    ASSERT_OK(env, napi_set_element(env, pair, 0, promise));
    ASSERT_OK(env, napi_set_element(env, pair, 1, external));
    return pair;
}

static napi_value
settle(napi_env env, napi_callback_info info,
       napi_status (*act)(napi_env, napi_deferred, napi_value))
{
    napi_value argv[2];
    void *data = NULL;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_external(env, argv[0], &data));
    ASSERT_OK(env, act(env, ((struct data *)data)->deferred, argv[1]));
    free(data);
    return NULL;
}

static napi_value
resolve(napi_env env, napi_callback_info info)
{
    return settle(env, info, napi_resolve_deferred);
}

static napi_value
reject(napi_env env, napi_callback_info info)
{
    return settle(env, info, napi_reject_deferred);
}

static napi_value
is_promise(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    bool result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_is_promise(env, argv[0], &result));
    return addon_bool(env, result);
}

ADDON(EXPORT(make), EXPORT(resolve), EXPORT(reject), EXPORT(is_promise))
