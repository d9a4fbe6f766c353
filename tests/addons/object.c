/* Objects, arrays and the names of their properties. */
#define NAPI_EXPERIMENTAL
#define NODE_API_EXPERIMENTAL_NO_WARNING
#include "addon.h"

#define LIMIT 8

static napi_value
create(napi_env env, napi_callback_info info)
{
    napi_value result;
    ASSERT_OK(env, napi_create_object(env, &result));
    return result;
}

/* the elements of an array: how many there are */
static uint32_t
unpack(napi_env env, napi_value array, napi_value *elements)
{
    uint32_t length = 0;
    napi_get_array_length(env, array, &length);
    for (uint32_t i = 0; i < length && i < LIMIT; ++i) {
        napi_get_element(env, array, i, &elements[i]);
    }
    return length < LIMIT ? length : LIMIT;
}

/* create_with(prototype, names, values): the object, or the status; without
 * arguments the prototype is NULL and there are no properties */
static napi_value
create_with(napi_env env, napi_callback_info info)
{
    napi_value argv[3], names[LIMIT], values[LIMIT], result;
    size_t argc = addon_args(env, info, argv, 3);
    uint32_t count = argc > 1 ? unpack(env, argv[1], names) : 0;
    if (argc > 2) {
        unpack(env, argv[2], values);
    }
    napi_status status = node_api_create_object_with_properties(
        env, argc > 0 ? argv[0] : NULL, count > 0 ? names : NULL,
        count > 0 ? values : NULL, count, &result);
    return status == napi_ok ? result : addon_int(env, status);
}

static napi_value
array(napi_env env, napi_callback_info info)
{
    napi_value result;
    ASSERT_OK(env, napi_create_array(env, &result));
    return result;
}

static napi_value
array_with_length(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    int64_t length;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_int64(env, argv[0], &length));
    ASSERT_OK(env,
              napi_create_array_with_length(env, (size_t)length, &result));
    return result;
}

/* the length, or minus the status */
static napi_value
array_length(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    uint32_t length;
    addon_args(env, info, argv, 1);
    napi_status status = napi_get_array_length(env, argv[0], &length);
    return addon_int(env, status == napi_ok ? (int64_t)length : -(int64_t)status);
}

static napi_value
is_array(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    bool result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_is_array(env, argv[0], &result));
    return addon_bool(env, result);
}

/* names(object): an array, or the status */
static napi_value
names(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    addon_args(env, info, argv, 1);
    napi_status status = napi_get_property_names(env, argv[0], &result);
    if (status != napi_ok) {
        napi_get_and_clear_last_exception(env, &result);
        return addon_int(env, status);
    }
    return result;
}

/* all_names(object, mode, filter, conversion): an array, or the status */
static napi_value
all_names(napi_env env, napi_callback_info info)
{
    napi_value argv[4], result;
    int32_t number[4];
    addon_args(env, info, argv, 4);
    for (int i = 1; i < 4; ++i) {
        ASSERT_OK(env, napi_get_value_int32(env, argv[i], &number[i]));
    }
    napi_status status = napi_get_all_property_names(
        env, argv[0], (napi_key_collection_mode)number[1],
        (napi_key_filter)number[2], (napi_key_conversion)number[3], &result);
    return status == napi_ok ? result : addon_int(env, status);
}

/* statuses of calls with a missing argument */
static napi_value
missing_arguments(napi_env env, napi_callback_info info)
{
    napi_value object, list, result;
    uint32_t length;
    bool truth;
    ASSERT_OK(env, napi_create_object(env, &object));
    int statuses[] = {
        napi_create_object(env, NULL),
        napi_create_object(NULL, &result),
        napi_create_array(env, NULL),
        napi_create_array_with_length(env, 3, NULL),
        napi_is_array(env, NULL, &truth),
        napi_is_array(env, object, NULL),
        napi_get_array_length(env, NULL, &length),
        napi_get_array_length(env, object, NULL),
        napi_get_property_names(env, object, NULL),
        napi_get_property_names(env, NULL, &result),
        node_api_create_object_with_properties(env, NULL, NULL, NULL, 0, NULL),
        node_api_create_object_with_properties(env, NULL, NULL, &object, 1,
                                               &result),
        node_api_create_object_with_properties(env, NULL, &object, NULL, 1,
                                               &result),
    };
    ASSERT_OK(env, napi_create_array(env, &list));
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); ++i) {
        ASSERT_OK(env, napi_set_element(env, list, (uint32_t)i,
                                        addon_int(env, statuses[i])));
    }
    return list;
}

/* statuses while an exception is pending: three creates, is_array, then the
 * three that may throw */
static napi_value
while_pending(napi_env env, napi_callback_info info)
{
    napi_value list, result;
    uint32_t length;
    bool truth;
    ASSERT_OK(env, napi_create_array(env, &list));
    ASSERT_OK(env, napi_throw_error(env, NULL, "pending"));
    int statuses[] = {
        napi_create_object(env, &result),
        napi_create_array(env, &result),
        napi_create_array_with_length(env, 3, &result),
        napi_is_array(env, list, &truth),
        napi_get_array_length(env, NULL, &length),
        napi_get_property_names(env, NULL, NULL),
        napi_get_all_property_names(env, NULL, napi_key_own_only,
                                    napi_key_all_properties,
                                    napi_key_keep_numbers, NULL),
    };
    ASSERT_OK(env, napi_get_and_clear_last_exception(env, &result));
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); ++i) {
        ASSERT_OK(env, napi_set_element(env, list, (uint32_t)i,
                                        addon_int(env, statuses[i])));
    }
    return list;
}

/* receiver(): what `this` is */
static napi_value
receiver(napi_env env, napi_callback_info info)
{
    napi_value self;
    ASSERT_OK(env, napi_get_cb_info(env, info, NULL, NULL, &self, NULL));
    return self;
}

/* is_hole(array, index): there is no such own property */
static napi_value
is_hole(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool has;
    uint32_t index;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[1], &index));
    ASSERT_OK(env, napi_has_element(env, argv[0], index, &has));
    return addon_bool(env, !has);
}

/* set_element(array, index, value) */
static napi_value
set_element(napi_env env, napi_callback_info info)
{
    napi_value argv[3];
    uint32_t index;
    addon_args(env, info, argv, 3);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[1], &index));
    ASSERT_OK(env, napi_set_element(env, argv[0], index, argv[2]));
    return argv[0];
}

ADDON(EXPORT(create), EXPORT(create_with), EXPORT(array),
      EXPORT(array_with_length), EXPORT(array_length), EXPORT(is_array),
      EXPORT(names), EXPORT(all_names), EXPORT(missing_arguments),
      EXPORT(while_pending), EXPORT(receiver), EXPORT(is_hole),
      EXPORT(set_element))
