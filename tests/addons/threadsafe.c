/* Threadsafe functions as far as there is no event loop: items are delivered
 * when a call into the host returns. */
#include "addon.h"

#include <pthread.h>

static napi_threadsafe_function made;
static int finalized;

static void
on_finalize(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)data;
    (void)hint;
    ++finalized;
}

static void
on_item(napi_env env, napi_value function, void *context, void *data)
{
    napi_value receiver, argument, result;
    (void)context;
    if (env == NULL) {
        return;
    }
    napi_get_undefined(env, &receiver);
    napi_create_int64(env, (int64_t)(intptr_t)data, &argument);
    napi_call_function(env, receiver, function, 1, &argument, &result);
}

/* create(function, queue size) -> status */
static napi_value
create(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    uint32_t size = 0;
    addon_args(env, info, argv, 2);
    napi_get_value_uint32(env, argv[1], &size);
    finalized = 0;
    return addon_int(
        env, napi_create_threadsafe_function(
                 env, argv[0], NULL, addon_string(env, "test"), size, 1, NULL,
                 on_finalize, NULL, on_item, &made));
}

/* push(n): n from this thread -> last status */
static napi_value
push(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    uint32_t n = 0;
    napi_status status = napi_ok;
    addon_args(env, info, argv, 1);
    napi_get_value_uint32(env, argv[0], &n);
    for (uint32_t i = 0; i < n && status == napi_ok; ++i) {
        status = napi_call_threadsafe_function(made, (void *)(intptr_t)i,
                                               napi_tsfn_nonblocking);
    }
    return addon_int(env, status);
}

static napi_value
push_blocking(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_call_threadsafe_function(
                              made, NULL, napi_tsfn_blocking));
}

static void *
produce(void *arg)
{
    napi_acquire_threadsafe_function(made);
    for (intptr_t i = 0; i < (intptr_t)arg; ++i) {
        napi_call_threadsafe_function(made, (void *)i, napi_tsfn_blocking);
    }
    napi_release_threadsafe_function(made, napi_tsfn_release);
    return NULL;
}

/* threads(n, items): joins them before it returns; unbounded queue only */
static napi_value
threads(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    uint32_t n = 0, items = 0;
    pthread_t ids[32];
    addon_args(env, info, argv, 2);
    napi_get_value_uint32(env, argv[0], &n);
    napi_get_value_uint32(env, argv[1], &items);
    for (uint32_t i = 0; i < n; ++i) {
        pthread_create(&ids[i], NULL, produce, (void *)(intptr_t)items);
    }
    for (uint32_t i = 0; i < n; ++i) {
        pthread_join(ids[i], NULL);
    }
    return NULL;
}

static napi_value
release(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_release_threadsafe_function(
                              made, napi_tsfn_release));
}

static napi_value
get_finalized(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, finalized);
}

ADDON(EXPORT(create), EXPORT(push), EXPORT(push_blocking), EXPORT(threads),
      EXPORT(release), EXPORT(get_finalized))
