/* Functions: what a callback is told, calls in both directions, run_script. */
#include "addon.h"

static napi_value
noop(napi_env env, napi_callback_info info)
{
    (void)env;
    (void)info;
    return NULL;
}

static napi_value
identity(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    return argv[0];
}

static napi_value
receiver(napi_env env, napi_callback_info info)
{
    napi_value this_arg;
    ASSERT_OK(env, napi_get_cb_info(env, info, NULL, NULL, &this_arg, NULL));
    return this_arg;
}

/* [argc, argv[0..3)]: padded with undefined */
static napi_value
arguments(napi_env env, napi_callback_info info)
{
    napi_value argv[3], result, count;
    size_t argc = addon_args(env, info, argv, 3);
    ASSERT_OK(env, napi_create_array(env, &result));
    ASSERT_OK(env, napi_create_uint32(env, (uint32_t)argc, &count));
    ASSERT_OK(env, napi_set_element(env, result, 0, count));
    for (uint32_t i = 0; i < 3; ++i) {
        ASSERT_OK(env, napi_set_element(env, result, i + 1, argv[i]));
    }
    return result;
}

/* the new.target, undefined in a plain call; `this` learns the arguments */
static napi_value
target(napi_env env, napi_callback_info info)
{
    napi_value argv[1], this_arg, new_target;
    size_t argc = 1;
    ASSERT_OK(env,
              napi_get_cb_info(env, info, &argc, argv, &this_arg, NULL));
    ASSERT_OK(env, napi_get_new_target(env, info, &new_target));
    if (new_target != NULL) {
        ASSERT_OK(env,
                  napi_set_named_property(env, this_arg, "first", argv[0]));
        ASSERT_OK(env, napi_set_named_property(env, this_arg, "target",
                                               new_target));
        return NULL;
    }
    return addon_string(env, "no target");
}

/* as a constructor: its argument takes the place of `this` if an object */
static napi_value
replace(napi_env env, napi_callback_info info)
{
    return identity(env, info);
}

/* call(function, this, ...arguments) */
static napi_value
call(napi_env env, napi_callback_info info)
{
    napi_value argv[12], result = NULL;
    size_t argc = addon_args(env, info, argv, 12);
    ASSERT_OK(env, napi_call_function(env, argv[1], argv[0],
                                      argc > 2 ? argc - 2 : 0, argv + 2,
                                      &result));
    return result;
}

/* construct(function, ...arguments) */
static napi_value
construct(napi_env env, napi_callback_info info)
{
    napi_value argv[12], result = NULL;
    size_t argc = addon_args(env, info, argv, 12);
    ASSERT_OK(env, napi_new_instance(env, argv[0], argc - 1, argv + 1,
                                     &result));
    return result;
}

/* [status, exception]: of calling or constructing the argument */
static napi_value
attempt(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result, pair, error = NULL;
    bool constructs, pending;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_bool(env, argv[1], &constructs));
    napi_status status =
        constructs ? napi_new_instance(env, argv[0], 0, NULL, &result)
                   : napi_call_function(env, argv[0], argv[0], 0, NULL, NULL);
    ASSERT_OK(env, napi_is_exception_pending(env, &pending));
    if (pending) {
        ASSERT_OK(env, napi_get_and_clear_last_exception(env, &error));
    } else {
        ASSERT_OK(env, napi_get_undefined(env, &error));
    }
    ASSERT_OK(env, napi_create_array(env, &pair));
    ASSERT_OK(env, napi_set_element(env, pair, 0, addon_int(env, status)));
    ASSERT_OK(env, napi_set_element(env, pair, 1, error));
    return pair;
}

static void
note(napi_env env, napi_value array, uint32_t *count, napi_status status)
{
    napi_set_element(env, array, (*count)++, addon_int(env, status));
}

/* the statuses of bad arguments, in the order of the test's list */
static napi_value
refusals(napi_env env, napi_callback_info info)
{
    napi_value list, undefined, function, number, result, none[1] = {NULL};
    uint32_t n = 0;
    size_t argc = 1;
    ASSERT_OK(env, napi_create_array(env, &list));
    ASSERT_OK(env, napi_get_undefined(env, &undefined));
    number = addon_int(env, 5);
    ASSERT_OK(env, napi_create_function(env, NULL, 0, noop, NULL, &function));
#define NOTE(call) note(env, list, &n, (call))
    NOTE(napi_call_function(env, NULL, function, 0, NULL, &result));
    NOTE(napi_call_function(env, undefined, number, 0, NULL, &result));
    NOTE(napi_call_function(env, undefined, NULL, 0, NULL, &result));
    NOTE(napi_call_function(env, undefined, function, 1, NULL, &result));
    NOTE(napi_call_function(env, undefined, function, 1, none, &result));
    NOTE(napi_call_function(NULL, undefined, function, 0, NULL, &result));
    NOTE(napi_new_instance(env, NULL, 0, NULL, &result));
    NOTE(napi_new_instance(env, number, 0, NULL, &result));
    NOTE(napi_new_instance(env, function, 1, NULL, &result));
    NOTE(napi_new_instance(env, function, 0, NULL, NULL));
    NOTE(napi_create_function(env, "f", NAPI_AUTO_LENGTH, NULL, NULL,
                              &result));
    NOTE(napi_create_function(env, "f", NAPI_AUTO_LENGTH, noop, NULL, NULL));
    NOTE(napi_create_function(env, "f", (size_t)1 << 40, noop, NULL,
                              &result));
    NOTE(napi_get_cb_info(env, NULL, &argc, &result, NULL, NULL));
    NOTE(napi_get_cb_info(env, info, NULL, &result, NULL, NULL));
    NOTE(napi_get_new_target(env, NULL, &result));
    NOTE(napi_get_new_target(env, info, NULL));
    NOTE(napi_run_script(env, NULL, &result));
    NOTE(napi_run_script(env, number, &result));
    NOTE(napi_run_script(env, number, NULL));
#undef NOTE
    return list;
}

/* the statuses of call, create, new_instance and cb_info with one pending */
static napi_value
while_pending(napi_env env, napi_callback_info info)
{
    napi_value list, function, result, error;
    napi_status statuses[4];
    size_t argc = 0;
    ASSERT_OK(env, napi_create_function(env, NULL, 0, noop, NULL, &function));
    ASSERT_OK(env, napi_throw_error(env, NULL, "pending"));
    statuses[0] = napi_call_function(env, NULL, NULL, 0, NULL, NULL);
    statuses[1] = napi_create_function(env, NULL, 0, noop, NULL, &result);
    statuses[2] = napi_new_instance(env, function, 0, NULL, &result);
    statuses[3] = napi_get_cb_info(env, info, &argc, NULL, NULL, NULL);
    ASSERT_OK(env, napi_get_and_clear_last_exception(env, &error));
    ASSERT_OK(env, napi_create_array(env, &list));
    for (uint32_t n = 0, i = 0; i < 4; ++i) {
        note(env, list, &n, statuses[i]);
    }
    return list;
}

static napi_value
give_data(napi_env env, napi_callback_info info)
{
    void *data;
    ASSERT_OK(env, napi_get_cb_info(env, info, NULL, NULL, NULL, &data));
    return addon_int(env, (int64_t)(intptr_t)data);
}

/* make(name or undefined, number): a function that returns the number */
static napi_value
make(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result;
    char name[64];
    size_t length = 0;
    int64_t number;
    napi_valuetype type;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_int64(env, argv[1], &number));
    ASSERT_OK(env, napi_typeof(env, argv[0], &type));
    if (type == napi_string) {
        ASSERT_OK(env, napi_get_value_string_utf8(env, argv[0], name,
                                                  sizeof(name), &length));
    }
    ASSERT_OK(env, napi_create_function(env, type == napi_string ? name : NULL,
                                        length, give_data,
                                        (void *)(intptr_t)number, &result));
    return result;
}

static napi_value
fail(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_throw_range_error(env, "E_FAIL", "failed on purpose");
    return addon_int(env, 1);
}

/* recurse(function): calls it with itself and the function */
static napi_value
recurse(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result = NULL;
    addon_args(env, info, argv, 1);
    napi_call_function(env, argv[0], argv[0], 1, argv, &result);
    return result;
}

static napi_value
run(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result = NULL;
    addon_args(env, info, argv, 1);
    napi_status status = napi_run_script(env, argv[0], &result);
    return status == napi_ok ? result : addon_int(env, -(int)status);
}

/* [status, exception] of a script that fails */
static napi_value
run_failing(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result, error, pair;
    addon_args(env, info, argv, 1);
    napi_status status = napi_run_script(env, argv[0], &result);
    ASSERT_OK(env, napi_get_and_clear_last_exception(env, &error));
    ASSERT_OK(env, napi_create_array(env, &pair));
    ASSERT_OK(env, napi_set_element(env, pair, 0, addon_int(env, status)));
    ASSERT_OK(env, napi_set_element(env, pair, 1, error));
    return pair;
}

ADDON(EXPORT(noop), EXPORT(identity), EXPORT(receiver), EXPORT(arguments),
      EXPORT(target), EXPORT(replace), EXPORT(call), EXPORT(construct),
      EXPORT(attempt), EXPORT(refusals), EXPORT(while_pending), EXPORT(make),
      EXPORT(fail), EXPORT(recurse), EXPORT(run), EXPORT(run_failing))
