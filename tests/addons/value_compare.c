/* What values are, and whether two are the same. */
#include "addon.h"

static napi_value
type_of(napi_env env, napi_callback_info info)
{
    static const char *const names[] = {
        "undefined", "null",   "boolean",  "number",   "string",
        "symbol",    "object", "function", "external", "bigint"};
    napi_value argv[1];
    napi_valuetype type;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_typeof(env, argv[0], &type));
    return addon_string(env, names[type]);
}

static napi_value
strict_equals(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool result;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_strict_equals(env, argv[0], argv[1], &result));
    return addon_bool(env, result);
}

/* instance(object, constructor): bool, or the status with the exception still
 * pending when wanted(third) is true, else cleared */
static napi_value
instance(napi_env env, napi_callback_info info)
{
    napi_value argv[3], error;
    bool result = true, raise = false;
    addon_args(env, info, argv, 3);
    napi_get_value_bool(env, argv[2], &raise);
    napi_status status =
        napi_instanceof(env, argv[0], argv[1], &result);
    if (status == napi_ok) {
        return addon_bool(env, result);
    }
    if (!raise) {
        ASSERT_OK(env, napi_get_and_clear_last_exception(env, &error));
    }
    return addon_int(env, status);
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

static napi_value
is_promise(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    bool result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_is_promise(env, argv[0], &result));
    return addon_bool(env, result);
}

/* get_bool(value): itself, or the status */
static napi_value
get_bool(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    bool result;
    addon_args(env, info, argv, 1);
    napi_status status = napi_get_value_bool(env, argv[0], &result);
    return status == napi_ok ? addon_bool(env, result)
                             : addon_int(env, status);
}

/* singletons() -> [undefined, null, true, false, global] */
static napi_value
singletons(napi_env env, napi_callback_info info)
{
    napi_value list, items[5];
    (void)info;
    ASSERT_OK(env, napi_create_array(env, &list));
    ASSERT_OK(env, napi_get_undefined(env, &items[0]));
    ASSERT_OK(env, napi_get_null(env, &items[1]));
    ASSERT_OK(env, napi_get_boolean(env, true, &items[2]));
    ASSERT_OK(env, napi_get_boolean(env, false, &items[3]));
    ASSERT_OK(env, napi_get_global(env, &items[4]));
    for (uint32_t i = 0; i < 5; ++i) {
        ASSERT_OK(env, napi_set_element(env, list, i, items[i]));
    }
    return list;
}

static napi_value
nothing(napi_env env, napi_callback_info info)
{
    (void)env;
    (void)info;
    return NULL;
}

/* make_class() -> class with a static [Symbol.hasInstance] from its argument */
static napi_value
make_class(napi_env env, napi_callback_info info)
{
    napi_value argv[2], class;
    napi_valuetype type;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_typeof(env, argv[0], &type));
    napi_property_descriptor property = {.name = argv[0],
                                         .value = argv[1],
                                         .attributes = napi_static};
    ASSERT_OK(env, napi_define_class(env, "Made", NAPI_AUTO_LENGTH, nothing,
                                     NULL, type == napi_symbol ? 1 : 0,
                                     &property, &class));
    return class;
}

ADDON(EXPORT(type_of), EXPORT(strict_equals), EXPORT(instance),
      EXPORT(is_error), EXPORT(is_promise), EXPORT(get_bool),
      EXPORT(singletons), EXPORT(nothing), EXPORT(make_class))
