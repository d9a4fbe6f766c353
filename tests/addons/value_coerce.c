/* The four coercions: the value that comes out, or the exception that stays
 * pending. */
#include "addon.h"

typedef napi_status (*coercion)(napi_env, napi_value, napi_value *);

static const coercion coercions[] = {
    napi_coerce_to_bool,
    napi_coerce_to_number,
    napi_coerce_to_string,
    napi_coerce_to_object,
};

/* coerce(which, value): where it fails, the exception stays pending */
static napi_value
coerce(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result = NULL;
    uint32_t which;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[0], &which));
    napi_status status = coercions[which](env, argv[1], &result);
    return status == napi_ok ? result : NULL;
}

/* failure(which, value) -> [status, exception]; [0] where it works */
static napi_value
failure(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result, pair;
    uint32_t which;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[0], &which));
    napi_status status = coercions[which](env, argv[1], &result);
    if (status != napi_ok) {
        ASSERT_OK(env, napi_get_and_clear_last_exception(env, &result));
    }
    ASSERT_OK(env, napi_create_array(env, &pair));
    ASSERT_OK(env, napi_set_element(env, pair, 0, addon_int(env, status)));
    if (status != napi_ok) {
        ASSERT_OK(env, napi_set_element(env, pair, 1, result));
    }
    return pair;
}

ADDON(EXPORT(coerce), EXPORT(failure))
