/* Classes: constructors, methods, accessors, statics, and what is refused. */
#include "addon.h"

struct counter {
    double value;
};

static int alive;

static void
free_counter(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    --alive;
    free(data);
}

static napi_value
construct(napi_env env, napi_callback_info info)
{
    napi_value argv[2], this_arg, new_target;
    size_t argc = 2;
    struct counter *counter;
    napi_valuetype type;
    ASSERT_OK(env,
              napi_get_cb_info(env, info, &argc, argv, &this_arg, NULL));
    ASSERT_OK(env, napi_get_new_target(env, info, &new_target));
    if (new_target == NULL) {
        return addon_string(env, "called without new");
    }
    ASSERT_OK(env, napi_typeof(env, argv[0], &type));
    if (type == napi_object) {
        return argv[0]; /* takes the place of `this` */
    }
    if (type == napi_string) {
        napi_throw_type_error(env, "E_COUNTER", "a number was expected");
        return NULL;
    }
    counter = calloc(1, sizeof(*counter));
    if (type == napi_number) {
        ASSERT_OK(env, napi_get_value_double(env, argv[0], &counter->value));
    }
    ASSERT_OK(env,
              napi_wrap(env, this_arg, counter, free_counter, NULL, NULL));
    ++alive;
    return NULL;
}

/* borrowed; NULL with an exception: `this` is no counter */
static struct counter *
unwrap(napi_env env, napi_callback_info info, size_t *argc, napi_value *argv)
{
    napi_value this_arg;
    void *data = NULL;
    if (napi_get_cb_info(env, info, argc, argv, &this_arg, NULL) != napi_ok ||
        napi_unwrap(env, this_arg, &data) != napi_ok) {
        napi_throw_error(env, NULL, "not wrapped");
        return NULL;
    }
    return data;
}

static napi_value
increment(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    size_t argc = 1;
    double by = 1;
    struct counter *counter = unwrap(env, info, &argc, argv);
    if (counter == NULL) {
        return NULL;
    }
    if (argc > 0) {
        ASSERT_OK(env, napi_get_value_double(env, argv[0], &by));
    }
    counter->value += by;
    ASSERT_OK(env, napi_create_double(env, counter->value, &result));
    return result;
}

static napi_value
get_value(napi_env env, napi_callback_info info)
{
    napi_value result;
    struct counter *counter = unwrap(env, info, NULL, NULL);
    if (counter == NULL) {
        return NULL;
    }
    ASSERT_OK(env, napi_create_double(env, counter->value, &result));
    return result;
}

static napi_value
set_value(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    size_t argc = 1;
    struct counter *counter = unwrap(env, info, &argc, argv);
    if (counter != NULL) {
        ASSERT_OK(env, napi_get_value_double(env, argv[0], &counter->value));
    }
    return NULL;
}

static napi_value
get_this(napi_env env, napi_callback_info info)
{
    napi_value this_arg;
    ASSERT_OK(env, napi_get_cb_info(env, info, NULL, NULL, &this_arg, NULL));
    return this_arg;
}

static napi_value
count_alive(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, alive);
}

static napi_value
define_counter(napi_env env)
{
    napi_value result, answer = addon_int(env, 42);
    const napi_property_descriptor properties[] = {
        {"increment", NULL, increment, NULL, NULL, NULL, napi_default_method,
         NULL},
        {"fixed", NULL, increment, NULL, NULL, NULL, napi_default, NULL},
        {"value", NULL, NULL, get_value, set_value, NULL, napi_enumerable,
         NULL},
        {"self", NULL, NULL, get_this, NULL, NULL, napi_default, NULL},
        {"answer", NULL, NULL, NULL, NULL, answer, napi_default, NULL},
        {"not an identifier", NULL, get_this, NULL, NULL, NULL, napi_default,
         NULL},
        {"both", NULL, get_this, NULL, NULL, NULL, napi_default, NULL},
        {"both", NULL, NULL, NULL, NULL, answer, napi_static, NULL},
        {"me", NULL, get_this, NULL, NULL, NULL, napi_static, NULL},
        {"limit", NULL, NULL, NULL, NULL, answer,
         napi_static | napi_enumerable, NULL},
        {"free", NULL, NULL, NULL, NULL, answer,
         napi_static | napi_writable | napi_configurable, NULL},
        {"alive", NULL, NULL, count_alive, NULL, NULL, napi_static, NULL},
        {"__init__", NULL, get_this, NULL, NULL, NULL, napi_default, NULL},
    };
    ASSERT_OK(env, napi_define_class(
                       env, "Counter", NAPI_AUTO_LENGTH, construct, NULL,
                       sizeof(properties) / sizeof(properties[0]), properties,
                       &result));
    return result;
}

/* the statuses of bad arguments, in the order of the test's list */
static napi_value
refusals(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value list, result, number = addon_int(env, 5);
    const napi_property_descriptor unnamed = {
        NULL, number, increment, NULL, NULL, NULL, napi_default, NULL};
    const napi_property_descriptor nameless = {
        NULL, NULL, increment, NULL, NULL, NULL, napi_default, NULL};
    ASSERT_OK(env, napi_create_array(env, &list));
    const napi_status statuses[] = {
        napi_define_class(env, NULL, 0, construct, NULL, 0, NULL, &result),
        napi_define_class(env, "C", 1, NULL, NULL, 0, NULL, &result),
        napi_define_class(env, "C", 1, construct, NULL, 1, NULL, &result),
        napi_define_class(env, "C", 1, construct, NULL, 0, NULL, NULL),
        napi_define_class(env, "C", (size_t)1 << 40, construct, NULL, 0, NULL,
                          &result),
        napi_define_class(env, "C", 1, construct, NULL, 1, &unnamed, &result),
        napi_define_class(env, "C", 1, construct, NULL, 1, &nameless,
                          &result),
    };
    for (uint32_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); ++i) {
        ASSERT_OK(env, napi_set_element(env, list, i,
                                        addon_int(env, statuses[i])));
    }
    return list;
}

/* call(function, this, ...arguments) */
static napi_value
call(napi_env env, napi_callback_info info)
{
    napi_value argv[4], result = NULL;
    size_t argc = addon_args(env, info, argv, 4);
    ASSERT_OK(env, napi_call_function(env, argv[1], argv[0],
                                      argc > 2 ? argc - 2 : 0, argv + 2,
                                      &result));
    return result;
}

/* create(constructor, ...arguments) */
static napi_value
create(napi_env env, napi_callback_info info)
{
    napi_value argv[4], result = NULL;
    size_t argc = addon_args(env, info, argv, 4);
    ASSERT_OK(env,
              napi_new_instance(env, argv[0], argc - 1, argv + 1, &result));
    return result;
}

static napi_value
get(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result = NULL;
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
    return NULL;
}

/* own string keys, enumerable or not */
static napi_value
own_names(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result = NULL;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_all_property_names(
                       env, argv[0], napi_key_own_only, napi_key_skip_symbols,
                       napi_key_numbers_to_strings, &result));
    return result;
}

/* special(object, key, value): a read-only own property */
static napi_value
special(napi_env env, napi_callback_info info)
{
    napi_value argv[3];
    addon_args(env, info, argv, 3);
    const napi_property_descriptor property = {
        NULL, argv[1], NULL, NULL, NULL, argv[2], napi_default, NULL};
    ASSERT_OK(env, napi_define_properties(env, argv[0], 1, &property));
    return NULL;
}

/* define(name): a class of that name without members */
static napi_value
define(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result = NULL;
    char name[64];
    size_t length;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_string_utf8(env, argv[0], name,
                                              sizeof(name), &length));
    ASSERT_OK(env, napi_define_class(env, name, length, construct, NULL, 0,
                                     NULL, &result));
    return result;
}

static napi_value
seven(napi_env env, napi_callback_info info)
{
    return addon_int(env, 7);
}

/* define_with(kind, member): its only member is an accessor, a method, a value
 * or a method of the class */
static napi_value
define_with(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result = NULL;
    char kind[16];
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_string_utf8(env, argv[0], kind,
                                              sizeof(kind), NULL));
    napi_property_descriptor member = {.name = argv[1],
                                       .attributes = napi_configurable};
    if (strcmp(kind, "accessor") == 0) {
        member.getter = seven;
    } else if (strcmp(kind, "value") == 0) {
        member.value = addon_int(env, 7);
    } else {
        member.method = seven;
        member.attributes = strcmp(kind, "static") == 0
                                ? napi_static
                                : napi_default_method;
    }
    ASSERT_OK(env, napi_define_class(env, "C", 1, construct, NULL, 1, &member,
                                     &result));
    return result;
}

static const struct addon_export exports_of[] = {
    EXPORT(refusals), EXPORT(call),    EXPORT(create),
    EXPORT(get),      EXPORT(set),     EXPORT(own_names),
    EXPORT(special),  EXPORT(define), EXPORT(count_alive),
    EXPORT(define_with),
};

NAPI_MODULE_INIT()
{
    for (size_t i = 0; i < sizeof(exports_of) / sizeof(exports_of[0]); ++i) {
        napi_value function;
        ASSERT_OK(env, napi_create_function(env, exports_of[i].name,
                                            NAPI_AUTO_LENGTH,
                                            exports_of[i].callback, NULL,
                                            &function));
        ASSERT_OK(env, napi_set_named_property(env, exports,
                                               exports_of[i].name, function));
    }
    napi_value counter = define_counter(env);
    if (counter != NULL) {
        ASSERT_OK(env, napi_set_named_property(env, exports, "Counter",
                                               counter));
    }
    return exports;
}
