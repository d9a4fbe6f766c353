/* Properties and prototypes of any value. */
#define NAPI_EXPERIMENTAL
#define NODE_API_EXPERIMENTAL_NO_WARNING
#include "addon.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static napi_value
integers(napi_env env, const int *values, size_t count)
{
    napi_value list;
    ASSERT_OK(env, napi_create_array(env, &list));
    for (size_t i = 0; i < count; ++i) {
        ASSERT_OK(env, napi_set_element(env, list, (uint32_t)i,
                                        addon_int(env, values[i])));
    }
    return list;
}

/* a string argument as C text; one buffer a function is enough */
static const char *
text_of(napi_env env, napi_value value, char *buffer, size_t size)
{
    size_t length;
    napi_status status =
        napi_get_value_string_utf8(env, value, buffer, size, &length);
    return status == napi_ok ? buffer : "";
}

static uint32_t
index_of(napi_env env, napi_value value)
{
    uint32_t index = 0;
    napi_get_value_uint32(env, value, &index);
    return index;
}

/* === by key === */

static napi_value
get(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_property(env, argv[0], argv[1], &result));
    return result;
}

static napi_value
set(napi_env env, napi_callback_info info)
{
    napi_value argv[3];
    addon_args(env, info, argv, 3);
    ASSERT_OK(env, napi_set_property(env, argv[0], argv[1], argv[2]));
    return argv[0];
}

static napi_value
has(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool result;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_has_property(env, argv[0], argv[1], &result));
    return addon_bool(env, result);
}

/* has_own(object, key): a boolean, or the status */
static napi_value
has_own(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool result;
    addon_args(env, info, argv, 2);
    napi_status status =
        napi_has_own_property(env, argv[0], argv[1], &result);
    return status == napi_ok ? addon_bool(env, result)
                             : addon_int(env, status);
}

static napi_value
delete_key(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool result;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_delete_property(env, argv[0], argv[1], NULL));
    ASSERT_OK(env, napi_delete_property(env, argv[0], argv[1], &result));
    return addon_bool(env, result);
}

/* === by name and by index === */

static napi_value
get_named(napi_env env, napi_callback_info info)
{
    char name[100];
    napi_value argv[2], result;
    addon_args(env, info, argv, 2);
    text_of(env, argv[1], name, sizeof(name));
    ASSERT_OK(env, napi_get_named_property(env, argv[0], name, &result));
    return result;
}

static napi_value
set_named(napi_env env, napi_callback_info info)
{
    char name[100];
    napi_value argv[3];
    addon_args(env, info, argv, 3);
    text_of(env, argv[1], name, sizeof(name));
    ASSERT_OK(env, napi_set_named_property(env, argv[0], name, argv[2]));
    return argv[0];
}

static napi_value
has_named(napi_env env, napi_callback_info info)
{
    char name[100];
    bool result;
    napi_value argv[2];
    addon_args(env, info, argv, 2);
    text_of(env, argv[1], name, sizeof(name));
    ASSERT_OK(env, napi_has_named_property(env, argv[0], name, &result));
    return addon_bool(env, result);
}

static napi_value
get_element(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_element(env, argv[0], index_of(env, argv[1]),
                                    &result));
    return result;
}

static napi_value
set_element(napi_env env, napi_callback_info info)
{
    napi_value argv[3];
    addon_args(env, info, argv, 3);
    ASSERT_OK(env, napi_set_element(env, argv[0], index_of(env, argv[1]),
                                    argv[2]));
    return argv[0];
}

static napi_value
has_element(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool result;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_has_element(env, argv[0], index_of(env, argv[1]),
                                    &result));
    return addon_bool(env, result);
}

static napi_value
delete_element(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool result;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_delete_element(env, argv[0], index_of(env, argv[1]),
                                       &result));
    return addon_bool(env, result);
}

/* === definitions, integrity, prototypes: the status === */

static napi_value
answer(napi_env env, napi_callback_info info)
{
    napi_value self;
    ASSERT_OK(env, napi_get_cb_info(env, info, NULL, NULL, &self, NULL));
    return self;
}

static napi_value
remember(napi_env env, napi_callback_info info)
{
    napi_value self, argv[1];
    size_t argc = 1;
    ASSERT_OK(env, napi_get_cb_info(env, info, &argc, argv, &self, NULL));
    ASSERT_OK(env, napi_set_named_property(env, self, "seen", argv[0]));
    return NULL;
}

/* define(object, name, what, attributes, value): what is "value", "method",
 * "getter", "setter" or "both"; raises what is pending */
static napi_value
define(napi_env env, napi_callback_info info)
{
    char what[20];
    napi_value argv[5];
    addon_args(env, info, argv, 5);
    text_of(env, argv[2], what, sizeof(what));
    napi_property_descriptor descriptor = {
        .name = argv[1],
        .attributes = (napi_property_attributes)index_of(env, argv[3]),
    };
    if (strcmp(what, "value") == 0) {
        descriptor.value = argv[4];
    } else if (strcmp(what, "method") == 0) {
        descriptor.method = answer;
    }
    if (strcmp(what, "getter") == 0 || strcmp(what, "both") == 0) {
        descriptor.getter = answer;
    }
    if (strcmp(what, "setter") == 0 || strcmp(what, "both") == 0) {
        descriptor.setter = remember;
    }
    napi_status status =
        napi_define_properties(env, argv[0], 1, &descriptor);
    return addon_int(env, (int)status);
}

static napi_value
freeze(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    return addon_int(env, (int)napi_object_freeze(env, argv[0]));
}

static napi_value
seal(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    return addon_int(env, (int)napi_object_seal(env, argv[0]));
}

static napi_value
get_prototype(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_prototype(env, argv[0], &result));
    return result;
}

static napi_value
set_prototype(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    addon_args(env, info, argv, 2);
    return addon_int(env, (int)node_api_set_prototype(env, argv[0], argv[1]));
}

/* nothing(): undefined */
static napi_value
nothing(napi_env env, napi_callback_info info)
{
    (void)env;
    (void)info;
    return NULL;
}

/* === statuses === */

/* All functions with each argument NULL in turn, on an object. */
static napi_value
missing_arguments(napi_env env, napi_callback_info info)
{
    napi_value o, k, r;
    bool b;
    ASSERT_OK(env, napi_create_object(env, &o));
    k = addon_string(env, "a");
    napi_property_descriptor unnamed = {.value = k};
    napi_property_descriptor empty = {.utf8name = "a"};
    napi_property_descriptor numbered = {.name = addon_int(env, 1),
                                         .value = k};
    int statuses[] = {
        napi_set_property(NULL, o, k, k),
        napi_set_property(env, NULL, k, k),
        napi_set_property(env, o, NULL, k),
        napi_set_property(env, o, k, NULL),
        napi_get_property(env, NULL, k, &r),
        napi_get_property(env, o, NULL, &r),
        napi_get_property(env, o, k, NULL),
        napi_has_property(env, NULL, k, &b),
        napi_has_property(env, o, NULL, &b),
        napi_has_property(env, o, k, NULL),
        napi_has_own_property(env, NULL, k, &b),
        napi_has_own_property(env, o, NULL, &b),
        napi_has_own_property(env, o, k, NULL),
        napi_delete_property(env, NULL, k, &b),
        napi_delete_property(env, o, NULL, &b),
        napi_set_named_property(env, NULL, "a", k),
        napi_set_named_property(env, o, NULL, k),
        napi_set_named_property(env, o, "a", NULL),
        napi_get_named_property(env, NULL, "a", &r),
        napi_get_named_property(env, o, NULL, &r),
        napi_get_named_property(env, o, "a", NULL),
        napi_has_named_property(env, NULL, "a", &b),
        napi_has_named_property(env, o, NULL, &b),
        napi_has_named_property(env, o, "a", NULL),
        napi_set_element(env, NULL, 0, k),
        napi_set_element(env, o, 0, NULL),
        napi_get_element(env, NULL, 0, &r),
        napi_get_element(env, o, 0, NULL),
        napi_has_element(env, NULL, 0, &b),
        napi_has_element(env, o, 0, NULL),
        napi_delete_element(env, NULL, 0, &b),
        napi_define_properties(env, NULL, 0, NULL),
        napi_define_properties(env, o, 1, NULL),
        napi_define_properties(env, o, 1, &empty),
        napi_object_freeze(env, NULL),
        napi_object_seal(env, NULL),
        napi_get_prototype(env, NULL, &r),
        napi_get_prototype(env, o, NULL),
        node_api_set_prototype(env, NULL, o),
        node_api_set_prototype(env, o, NULL),
        napi_define_properties(env, o, 1, &unnamed),
        napi_define_properties(env, o, 1, &numbered),
    };
    return integers(env, statuses, COUNT(statuses));
}

/* Each call clears the exception of the one before. */
static int
after(napi_env env, napi_status status)
{
    napi_value ignored;
    napi_get_and_clear_last_exception(env, &ignored);
    return (int)status;
}

/* on(value): the statuses of all functions on this value */
static napi_value
on(napi_env env, napi_callback_info info)
{
    napi_value argv[1], k, r;
    bool b;
    addon_args(env, info, argv, 1);
    napi_value o = argv[0];
    k = addon_string(env, "a");
    int statuses[] = {
        after(env, napi_set_property(env, o, k, k)),
        after(env, napi_get_property(env, o, k, &r)),
        after(env, napi_has_property(env, o, k, &b)),
        after(env, napi_has_own_property(env, o, k, &b)),
        after(env, napi_delete_property(env, o, k, &b)),
        after(env, napi_set_named_property(env, o, "a", k)),
        after(env, napi_get_named_property(env, o, "a", &r)),
        after(env, napi_has_named_property(env, o, "a", &b)),
        after(env, napi_set_element(env, o, 0, k)),
        after(env, napi_get_element(env, o, 0, &r)),
        after(env, napi_has_element(env, o, 0, &b)),
        after(env, napi_delete_element(env, o, 0, &b)),
        after(env, napi_define_properties(env, o, 0, NULL)),
        after(env, napi_object_freeze(env, o)),
        after(env, napi_object_seal(env, o)),
        after(env, napi_get_prototype(env, o, &r)),
        after(env, node_api_set_prototype(env, o, k)),
    };
    return integers(env, statuses, COUNT(statuses));
}

/* The statuses of all functions without any argument, while pending. */
static napi_value
while_pending(napi_env env, napi_callback_info info)
{
    napi_value ignored;
    ASSERT_OK(env, napi_throw_error(env, NULL, "pending"));
    int statuses[] = {
        napi_set_property(env, NULL, NULL, NULL),
        napi_get_property(env, NULL, NULL, NULL),
        napi_has_property(env, NULL, NULL, NULL),
        napi_has_own_property(env, NULL, NULL, NULL),
        napi_delete_property(env, NULL, NULL, NULL),
        napi_set_named_property(env, NULL, NULL, NULL),
        napi_get_named_property(env, NULL, NULL, NULL),
        napi_has_named_property(env, NULL, NULL, NULL),
        napi_set_element(env, NULL, 0, NULL),
        napi_get_element(env, NULL, 0, NULL),
        napi_has_element(env, NULL, 0, NULL),
        napi_delete_element(env, NULL, 0, NULL),
        napi_define_properties(env, NULL, 1, NULL),
        napi_object_freeze(env, NULL),
        napi_object_seal(env, NULL),
        napi_get_prototype(env, NULL, NULL),
        node_api_set_prototype(env, NULL, NULL),
    };
    ASSERT_OK(env, napi_get_and_clear_last_exception(env, &ignored));
    return integers(env, statuses, COUNT(statuses));
}

ADDON(EXPORT(get), EXPORT(set), EXPORT(has), EXPORT(has_own),
      EXPORT(delete_key), EXPORT(get_named), EXPORT(set_named),
      EXPORT(has_named), EXPORT(get_element), EXPORT(set_element),
      EXPORT(has_element), EXPORT(delete_element), EXPORT(define),
      EXPORT(freeze), EXPORT(seal), EXPORT(get_prototype),
      EXPORT(set_prototype), EXPORT(nothing), EXPORT(missing_arguments),
      EXPORT(on), EXPORT(while_pending))
