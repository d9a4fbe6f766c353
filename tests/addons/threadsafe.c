/* Threadsafe functions, fed by the thread that owns them and by others. */
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

static pthread_t started[32];
static uint32_t started_count;
static intptr_t numbers;

static void *
produce_numbered(void *arg)
{
    intptr_t number = __atomic_fetch_add(&numbers, 1, __ATOMIC_RELAXED);
    for (intptr_t i = 0; i < (intptr_t)arg; ++i) {
        napi_call_threadsafe_function(made, (void *)(i * 16 + number),
                                      napi_tsfn_blocking);
    }
    napi_release_threadsafe_function(made, napi_tsfn_release);
    return NULL;
}

static void *
produce_held(void *arg)
{
    napi_status status = napi_ok;
    for (intptr_t i = 0; i < (intptr_t)arg && status == napi_ok; ++i) {
        status = napi_call_threadsafe_function(made, (void *)i,
                                               napi_tsfn_blocking);
    }
    if (status == napi_ok) {
        napi_release_threadsafe_function(made, napi_tsfn_release);
    }
    return NULL;
}

/* Threads that hold the function before this returns; join() waits for them. */
static napi_value
start_threads(napi_env env, napi_callback_info info, void *(*run)(void *))
{
    napi_value argv[2];
    uint32_t n = 0;
    int64_t items = INT64_MAX;
    addon_args(env, info, argv, 2);
    napi_get_value_uint32(env, argv[0], &n);
    napi_get_value_int64(env, argv[1], &items);
    numbers = 0;
    for (started_count = 0; started_count < n; ++started_count) {
        napi_acquire_threadsafe_function(made);
        pthread_create(&started[started_count], NULL, run,
                       (void *)(intptr_t)items);
    }
    return NULL;
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    return start_threads(env, info, produce_held);
}

static napi_value
start_numbered(napi_env env, napi_callback_info info)
{
    return start_threads(env, info, produce_numbered);
}

static napi_value
start_endless(napi_env env, napi_callback_info info)
{
    return start_threads(env, info, produce_held);
}

static napi_value
join(napi_env env, napi_callback_info info)
{
    (void)env;
    (void)info;
    while (started_count > 0) {
        pthread_join(started[--started_count], NULL);
    }
    return NULL;
}

static napi_value
make_abort(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_release_threadsafe_function(
                              made, napi_tsfn_abort));
}

static napi_value
unref(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_unref_threadsafe_function(env, made));
}

static napi_value
ref(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_ref_threadsafe_function(env, made));
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

static napi_deferred owed;

/* owe() -> a promise that pay(value) resolves */
static napi_value
owe(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value promise;
    ASSERT_OK(env, napi_create_promise(env, &owed, &promise));
    return promise;
}

static napi_value
pay(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_resolve_deferred(env, owed, argv[0]));
    return NULL;
}

ADDON(EXPORT(create), EXPORT(push), EXPORT(push_blocking), EXPORT(threads),
      EXPORT(release), EXPORT(get_finalized), EXPORT(start),
      EXPORT(start_numbered), EXPORT(start_endless), EXPORT(join),
      {"abort", make_abort},
      EXPORT(ref), EXPORT(unref), EXPORT(owe), EXPORT(pay))
