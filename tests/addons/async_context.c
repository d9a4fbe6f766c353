/* Asynchronous contexts that outlive a call or die within one, and a
 * threadsafe function whose callbacks throw. */
#include "addon.h"

static napi_async_context contexts[8];

/* open(index, resource) */
static napi_value
open_context(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    int64_t index;
    napi_valuetype type;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_int64(env, argv[0], &index));
    ASSERT_OK(env, napi_typeof(env, argv[1], &type));
    ASSERT_OK(env, napi_async_init(
                       env, type == napi_undefined ? NULL : argv[1],
                       addon_string(env, "own"), &contexts[index & 7]));
    return NULL;
}

/* call(index, receiver, function) */
static napi_value
call(napi_env env, napi_callback_info info)
{
    napi_value argv[3], result = NULL;
    int64_t index;
    addon_args(env, info, argv, 3);
    ASSERT_OK(env, napi_get_value_int64(env, argv[0], &index));
    ASSERT_OK(env, napi_make_callback(env, contexts[index & 7], argv[1],
                                      argv[2], 0, NULL, &result));
    return result;
}

/* close(index) */
static napi_value
close_context(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    int64_t index;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_int64(env, argv[0], &index));
    ASSERT_OK(env, napi_async_destroy(env, contexts[index & 7]));
    return NULL;
}

static void
finalize(napi_env env, void *data, void *hint)
{
    napi_throw_error(env, NULL, "of the finalizer");
}

/* later(function): a threadsafe function calls it once and ends */
static napi_value
later(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    napi_threadsafe_function func;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_threadsafe_function(
                       env, argv[0], NULL, addon_string(env, "later"), 0, 1,
                       NULL, finalize, NULL, NULL, &func));
    ASSERT_OK(env, napi_call_threadsafe_function(func, NULL,
                                                 napi_tsfn_nonblocking));
    ASSERT_OK(env,
              napi_release_threadsafe_function(func, napi_tsfn_release));
    return NULL;
}

ADDON({"open", open_context}, EXPORT(call),
      {"close", close_context}, EXPORT(later))
