/* References: strong, weak, of primitives. Refs are kept in an External. */
#include "addon.h"

static napi_ref
ref_of(napi_env env, napi_value external)
{
    void *data = NULL;
    napi_get_value_external(env, external, &data);
    return data;
}

/* create(value, count) -> external, or the status */
static napi_value
create(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result;
    uint32_t count;
    napi_ref ref;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[1], &count));
    napi_status status = napi_create_reference(env, argv[0], count, &ref);
    if (status != napi_ok) {
        return addon_int(env, status);
    }
    ASSERT_OK(env, napi_create_external(env, ref, NULL, NULL, &result));
    return result;
}

static napi_value
get(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env,
              napi_get_reference_value(env, ref_of(env, argv[0]), &result));
    return result == NULL ? addon_string(env, "gone") : result;
}

static napi_value
ref(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    uint32_t count = 99;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_reference_ref(env, ref_of(env, argv[0]), &count));
    return addon_int(env, count);
}

static napi_value
unref(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    uint32_t count = 99;
    addon_args(env, info, argv, 1);
    napi_status status =
        napi_reference_unref(env, ref_of(env, argv[0]), &count);
    return addon_int(env, status == napi_ok ? (int64_t)count
                                              : -(int64_t)status);
}

static napi_value
drop(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_delete_reference(env, ref_of(env, argv[0])));
    return NULL;
}

/* use_deleted(value): status of a get through a deleted reference */
static napi_value
use_deleted(napi_env env, napi_callback_info info)
{
    napi_value argv[1], value;
    napi_ref made;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_reference(env, argv[0], 1, &made));
    ASSERT_OK(env, napi_delete_reference(env, made));
    return addon_int(env, napi_get_reference_value(env, made, &value));
}

/* churn(value, n): n times create and delete */
static napi_value
churn(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    uint32_t n;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[1], &n));
    for (uint32_t i = 0; i < n; ++i) {
        napi_ref made;
        ASSERT_OK(env, napi_create_reference(env, argv[0], i & 1, &made));
        ASSERT_OK(env, napi_delete_reference(env, made));
    }
    return NULL;
}

ADDON(EXPORT(create), EXPORT(get), EXPORT(ref), EXPORT(unref), EXPORT(drop),
      EXPORT(use_deleted), EXPORT(churn))
