/* Objects that refer to one another through the addon, and memory that only it
 * knows of. Death is counted. */
#include "addon.h"

static int64_t died;
static napi_ref held[16];

static void
on_death(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)data;
    (void)hint;
    ++died;
}

/* watch(object) -> object: its death is counted, by a wrap of its own */
static napi_value
watch(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_wrap(env, argv[0], &died, on_death, NULL, NULL));
    return argv[0];
}

/* hold(index, object, count), ref(index), unref(index), drop(index) */
static int64_t
integer(napi_env env, napi_value value)
{
    int64_t result = 0;
    napi_get_value_int64(env, value, &result);
    return result;
}

static napi_value
hold(napi_env env, napi_callback_info info)
{
    napi_value argv[3];
    addon_args(env, info, argv, 3);
    ASSERT_OK(env, napi_create_reference(env, argv[1],
                                         (uint32_t)integer(env, argv[2]),
                                         &held[integer(env, argv[0]) & 15]));
    return NULL;
}

static napi_value
change(napi_env env, napi_callback_info info,
       napi_status (*act)(napi_env, napi_ref, uint32_t *))
{
    napi_value argv[1];
    uint32_t count = 0;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, act(env, held[integer(env, argv[0]) & 15], &count));
    return addon_int(env, count);
}

static napi_value
ref(napi_env env, napi_callback_info info)
{
    return change(env, info, napi_reference_ref);
}

static napi_value
unref(napi_env env, napi_callback_info info)
{
    return change(env, info, napi_reference_unref);
}

static napi_value
drop(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_delete_reference(
                       env, held[integer(env, argv[0]) & 15]));
    return NULL;
}

static napi_value
nothing(napi_env env, napi_callback_info info)
{
    (void)env;
    (void)info;
    return NULL;
}

/* closure() -> a function */
static napi_value
closure(napi_env env, napi_callback_info info)
{
    napi_value result;
    (void)info;
    ASSERT_OK(env, napi_create_function(env, "closure", NAPI_AUTO_LENGTH,
                                        nothing, NULL, &result));
    return result;
}

/* klass() -> a class of its own each time */
static napi_value
klass(napi_env env, napi_callback_info info)
{
    napi_value result;
    const napi_property_descriptor properties[] = {
        {.utf8name = "method", .method = nothing},
        {.utf8name = "value", .getter = nothing, .setter = nothing},
        {.utf8name = "of", .method = nothing, .attributes = napi_static},
    };
    (void)info;
    ASSERT_OK(env, napi_define_class(env, "Klass", NAPI_AUTO_LENGTH, nothing,
                                     NULL, 3, properties, &result));
    return result;
}

/* external() -> watched */
static napi_value
external(napi_env env, napi_callback_info info)
{
    napi_value result;
    (void)info;
    ASSERT_OK(env, napi_create_external(env, &died, on_death, NULL, &result));
    return result;
}

/* promise() -> pending, without a way to settle it */
static napi_value
promise(napi_env env, napi_callback_info info)
{
    napi_value result;
    napi_deferred deferred;
    (void)info;
    ASSERT_OK(env, napi_create_promise(env, &deferred, &result));
    ASSERT_OK(env, napi_resolve_deferred(env, deferred, result));
    return result;
}

/* count() of deaths since the last time */
static napi_value
count(napi_env env, napi_callback_info info)
{
    int64_t result = died;
    (void)info;
    died = 0;
    return addon_int(env, result);
}

/* adjust(bytes, times=1) -> the sum */
static napi_value
adjust(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    int64_t sum = 0;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env,
              napi_adjust_external_memory(env, integer(env, argv[0]), &sum));
    return addon_int(env, sum);
}

ADDON(EXPORT(watch), EXPORT(hold), EXPORT(ref), EXPORT(unref), EXPORT(drop),
      EXPORT(closure), EXPORT(klass), EXPORT(external), EXPORT(promise),
      EXPORT(count), EXPORT(adjust))
