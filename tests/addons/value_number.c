/* Numbers in and out of C. */
#include "addon.h"

static napi_value
create_double(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    double value;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_double(env, argv[0], &value));
    ASSERT_OK(env, napi_create_double(env, value, &result));
    return result;
}

static napi_value
create_int32(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    int32_t value;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_int32(env, argv[0], &value));
    ASSERT_OK(env, napi_create_int32(env, value, &result));
    return result;
}

static napi_value
create_uint32(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    uint32_t value;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[0], &value));
    ASSERT_OK(env, napi_create_uint32(env, value, &result));
    return result;
}

/* create_int64(bigint): all 64 bits come through as a bigint */
static napi_value
create_int64(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    int64_t value;
    bool lossless;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_bigint_int64(env, argv[0], &value,
                                               &lossless));
    ASSERT_OK(env, napi_create_int64(env, value, &result));
    return result;
}

/* convert(value) -> [double, int32, uint32, int64 as bigint], or the status
 * where all four agree on it */
static napi_value
convert(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result, item;
    double real;
    int32_t narrow;
    uint32_t natural;
    int64_t wide;
    addon_args(env, info, argv, 1);
    napi_status status = napi_get_value_double(env, argv[0], &real);
    if (napi_get_value_int32(env, argv[0], &narrow) != status ||
        napi_get_value_uint32(env, argv[0], &natural) != status ||
        napi_get_value_int64(env, argv[0], &wide) != status) {
        napi_throw_error(env, NULL, "the statuses differ");
        return NULL;
    }
    if (status != napi_ok) {
        return addon_int(env, status);
    }
    ASSERT_OK(env, napi_create_array(env, &result));
    ASSERT_OK(env, napi_create_double(env, real, &item));
    ASSERT_OK(env, napi_set_element(env, result, 0, item));
    ASSERT_OK(env, napi_create_int32(env, narrow, &item));
    ASSERT_OK(env, napi_set_element(env, result, 1, item));
    ASSERT_OK(env, napi_create_uint32(env, natural, &item));
    ASSERT_OK(env, napi_set_element(env, result, 2, item));
    ASSERT_OK(env, napi_create_bigint_int64(env, wide, &item));
    ASSERT_OK(env, napi_set_element(env, result, 3, item));
    return result;
}

ADDON(EXPORT(create_double), EXPORT(create_int32), EXPORT(create_uint32),
      EXPORT(create_int64), EXPORT(convert))
