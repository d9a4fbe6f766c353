/* Externals: pointers in Python's hands. */
#include "addon.h"

/* the sums of the hints finalizers were called with, by number */
static int *
sums(napi_env env)
{
    void *data = NULL;
    napi_get_instance_data(env, &data);
    return data;
}

static void
note(napi_env env, void *data, void *hint)
{
    sums(env)[(intptr_t)data] += (int)(intptr_t)hint;
}

static void
free_sums(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    free(data);
}

static napi_value
set_up(napi_env env, napi_callback_info info)
{
    (void)info;
    ASSERT_OK(env, napi_set_instance_data(env, calloc(16, sizeof(int)),
                                          free_sums, NULL));
    return NULL;
}

/* create(number, with_finalizer) */
static napi_value
create(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result;
    uint32_t number;
    bool watched;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[0], &number));
    ASSERT_OK(env, napi_get_value_bool(env, argv[1], &watched));
    ASSERT_OK(env, napi_create_external(env, (void *)(uintptr_t)number,
                                        watched ? note : NULL, (void *)10,
                                        &result));
    return result;
}

/* value(external): its number, or -status */
static napi_value
value(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    void *data;
    addon_args(env, info, argv, 1);
    napi_status status = napi_get_value_external(env, argv[0], &data);
    return addon_int(env, status == napi_ok ? (int64_t)(intptr_t)data
                                            : -(int64_t)status);
}

static napi_value
type_of(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    napi_valuetype type;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_typeof(env, argv[0], &type));
    return addon_int(env, type);
}

/* count(number): the sum of the hints its finalizer was called with */
static napi_value
count(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    uint32_t number;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[0], &number));
    return addon_int(env, sums(env)[number]);
}

/* same(a, b) */
static napi_value
same(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool result;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_strict_equals(env, argv[0], argv[1], &result));
    return addon_bool(env, result);
}

ADDON(EXPORT(create), EXPORT(value), EXPORT(type_of), EXPORT(count),
      EXPORT(same), EXPORT(set_up))
