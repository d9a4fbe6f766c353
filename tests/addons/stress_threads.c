/* Producers on many threads and async work in masses. Items are counted and
 * their order checked in C; a callback hears of every n-th one, so that a test
 * can act in the middle without a clock. */
#include "addon.h"

#include <pthread.h>
#include <unistd.h>

#define MOST_PRODUCERS 32

static napi_threadsafe_function made;
static pthread_t threads[MOST_PRODUCERS];
static uint32_t started;
static pid_t starter;
static int64_t items, every;
static int64_t next_item[MOST_PRODUCERS];
static int64_t pushed, refused, received, disordered, handed_back, finalized;
static int64_t executed, completed, cancelled;
static napi_ref listener;

static void
tell(napi_env env, napi_value function, int64_t number)
{
    napi_value receiver, argument = addon_int(env, number), result;
    napi_get_undefined(env, &receiver);
    napi_call_function(env, receiver, function, 1, &argument, &result);
}

static void
on_item(napi_env env, napi_value function, void *context, void *data)
{
    uint64_t item = (uint64_t)(uintptr_t)data;
    uint64_t producer = item >> 32, number = item & UINT32_MAX;
    (void)context;
    if (env == NULL) {
        ++handed_back;
        return;
    }
    disordered += next_item[producer] != (int64_t)number;
    next_item[producer] = (int64_t)number + 1;
    if (++received % every == 0) {
        tell(env, function, received);
    }
}

static void
on_finalize(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)data;
    (void)hint;
    ++finalized;
}

static void *
produce(void *arg)
{
    uint64_t producer = (uint64_t)(uintptr_t)arg;
    int64_t done = 0;
    napi_status status = napi_ok;
    while (done < items && status == napi_ok) {
        uint64_t item = producer << 32 | (uint64_t)done;
        status = napi_call_threadsafe_function(made, (void *)(uintptr_t)item,
                                               napi_tsfn_blocking);
        done += status == napi_ok;
    }
    if (status == napi_ok) {
        napi_release_threadsafe_function(made, napi_tsfn_release);
    } else {
        __atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED);
    }
    __atomic_fetch_add(&pushed, done, __ATOMIC_RELAXED);
    return NULL;
}

static int64_t
integer(napi_env env, napi_value value)
{
    int64_t result = 0;
    napi_get_value_int64(env, value, &result);
    return result;
}

/* join(): the producers of start() have ended */
static napi_value
join(napi_env env, napi_callback_info info)
{
    (void)env;
    (void)info;
    while (started > 0) {
        --started;
        if (starter == getpid()) { /* a child has none of them */
            pthread_join(threads[started], NULL);
        }
    }
    return NULL;
}

/* start(function, producers, items, queue size, every): function(received) is
 * called for every n-th item; each producer holds the function, and so does
 * the owner until release() or abort() */
static napi_value
start(napi_env env, napi_callback_info info)
{
    napi_value argv[5];
    addon_args(env, info, argv, 5);
    int64_t producers = integer(env, argv[1]);
    join(env, info); /* those of an environment that was closed */
    items = integer(env, argv[2]);
    every = integer(env, argv[4]);
    pushed = refused = received = disordered = handed_back = finalized = 0;
    memset(next_item, 0, sizeof(next_item));
    ASSERT_OK(env, napi_create_threadsafe_function(
                       env, argv[0], NULL, addon_string(env, "stress"),
                       (size_t)integer(env, argv[3]), (size_t)producers + 1,
                       NULL, on_finalize, NULL, on_item, &made));
    starter = getpid();
    for (started = 0; started < producers; ++started) {
        pthread_create(&threads[started], NULL, produce,
                       (void *)(uintptr_t)started);
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
make_abort(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_release_threadsafe_function(made,
                                                           napi_tsfn_abort));
}

static napi_value
push(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_call_threadsafe_function(
                              made, NULL, napi_tsfn_nonblocking));
}

struct job {
    napi_async_work work;
};

static void
execute(napi_env env, void *data)
{
    (void)env;
    (void)data;
    __atomic_fetch_add(&executed, 1, __ATOMIC_RELAXED);
}

static void
complete(napi_env env, napi_status status, void *data)
{
    struct job *job = data;
    napi_value function = NULL;
    cancelled += status == napi_cancelled;
    napi_delete_async_work(env, job->work);
    free(job);
    if (++completed % every == 0) {
        napi_get_reference_value(env, listener, &function);
        tell(env, function, completed);
    }
}

/* works(function, n, every): n works; function(completed) for every n-th */
static napi_value
works(napi_env env, napi_callback_info info)
{
    napi_value argv[3], name;
    addon_args(env, info, argv, 3);
    int64_t count = integer(env, argv[1]);
    every = integer(env, argv[2]);
    __atomic_store_n(&executed, 0, __ATOMIC_RELAXED);
    completed = cancelled = 0;
    ASSERT_OK(env, napi_create_reference(env, argv[0], 1, &listener));
    name = addon_string(env, "work");
    for (int64_t i = 0; i < count; ++i) {
        struct job *job = malloc(sizeof(*job));
        ASSERT_OK(env, napi_create_async_work(env, NULL, name, execute,
                                              complete, job, &job->work));
        ASSERT_OK(env, napi_queue_async_work(env, job->work));
    }
    return NULL;
}

static void
complete_again(napi_env env, napi_status status, void *data)
{
    struct job *job = data;
    napi_value object;
    for (int i = 0; i < 1000; ++i) { /* slower than the pool */
        napi_create_object(env, &object);
    }
    ++completed;
    if (status == napi_ok &&
        napi_queue_async_work(env, job->work) == napi_ok) {
        return;
    }
    napi_delete_async_work(env, job->work);
    free(job);
}

/* relay(n): n works, each of which queues itself again for ever */
static napi_value
relay(napi_env env, napi_callback_info info)
{
    napi_value argv[1], name = addon_string(env, "relay");
    addon_args(env, info, argv, 1);
    completed = 0;
    for (int64_t i = integer(env, argv[0]); i > 0; --i) {
        struct job *job = malloc(sizeof(*job));
        ASSERT_OK(env,
                  napi_create_async_work(env, NULL, name, execute,
                                         complete_again, job, &job->work));
        ASSERT_OK(env, napi_queue_async_work(env, job->work));
    }
    return NULL;
}

static pthread_mutex_t jam_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t jam_ends = PTHREAD_COND_INITIALIZER;
static int64_t blocking, jammed;

static void
execute_blocker(napi_env env, void *data)
{
    (void)env;
    (void)data;
    pthread_mutex_lock(&jam_mutex);
    ++blocking;
    pthread_cond_broadcast(&jam_ends);
    while (jammed > 0) {
        pthread_cond_wait(&jam_ends, &jam_mutex);
    }
    pthread_mutex_unlock(&jam_mutex);
}

static void
complete_jammed(napi_env env, napi_status status, void *data)
{
    pthread_mutex_lock(&jam_mutex);
    jammed -= status == napi_cancelled;
    pthread_cond_broadcast(&jam_ends);
    pthread_mutex_unlock(&jam_mutex);
    complete(env, status, data);
}

/* jam(blockers, n): blockers that end when all of n works behind them have
 * been cancelled; returns as they run */
static napi_value
jam(napi_env env, napi_callback_info info)
{
    napi_value argv[2], name = addon_string(env, "jam");
    addon_args(env, info, argv, 2);
    int64_t blockers = integer(env, argv[0]);
    jammed = integer(env, argv[1]);
    every = INT64_MAX;
    completed = cancelled = blocking = 0;
    for (int64_t i = 0, n = blockers + jammed; i < n; ++i) {
        struct job *job = malloc(sizeof(*job));
        ASSERT_OK(env, napi_create_async_work(
                           env, NULL, name,
                           i < blockers ? execute_blocker : execute,
                           complete_jammed, job, &job->work));
        ASSERT_OK(env, napi_queue_async_work(env, job->work));
    }
    pthread_mutex_lock(&jam_mutex);
    while (blocking < blockers) {
        pthread_cond_wait(&jam_ends, &jam_mutex);
    }
    pthread_mutex_unlock(&jam_mutex);
    return NULL;
}

/* stats() -> object of all counters */
static napi_value
stats(napi_env env, napi_callback_info info)
{
    const struct {
        const char *name;
        const int64_t *value;
    } counters[] = {
        {"pushed", &pushed},           {"refused", &refused},
        {"received", &received},       {"disordered", &disordered},
        {"handed_back", &handed_back}, {"finalized", &finalized},
        {"executed", &executed},       {"completed", &completed},
        {"cancelled", &cancelled},
    };
    napi_value result;
    (void)info;
    ASSERT_OK(env, napi_create_object(env, &result));
    for (size_t i = 0; i < sizeof(counters) / sizeof(*counters); ++i) {
        int64_t value = __atomic_load_n(counters[i].value, __ATOMIC_RELAXED);
        ASSERT_OK(env, napi_set_named_property(env, result, counters[i].name,
                                               addon_int(env, value)));
    }
    return result;
}

ADDON(EXPORT(start), EXPORT(release), {"abort", make_abort}, EXPORT(join),
      EXPORT(push), EXPORT(works), EXPORT(relay), EXPORT(jam),
      EXPORT(stats))
