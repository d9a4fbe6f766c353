/* Async work: numbered works with an execute that waits for nothing, or for a
 * gate that the test opens. */
#include "addon.h"

#include <pthread.h>

struct job {
    napi_async_work work;
    napi_deferred deferred;
    napi_ref callback;
    int32_t input, output;
    bool gated, keep;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool gate_open = true;
static int running, executed, completed, last_status;
static struct job *last;

static void
execute(napi_env env, void *data)
{
    struct job *job = data;
    (void)env;
    pthread_mutex_lock(&mutex);
    ++running;
    pthread_cond_broadcast(&changed);
    while (job->gated && !gate_open) {
        pthread_cond_wait(&changed, &mutex);
    }
    --running;
    ++executed;
    pthread_mutex_unlock(&mutex);
    job->output = job->input * 2;
}

static void
complete(napi_env env, napi_status status, void *data)
{
    struct job *job = data;
    napi_value value, receiver;
    ++completed;
    last_status = status;
    if (job->deferred != NULL) {
        napi_create_int32(env, job->output, &value);
        if (status == napi_ok) {
            napi_resolve_deferred(env, job->deferred, value);
        } else {
            napi_reject_deferred(env, job->deferred, value);
        }
    }
    if (job->callback != NULL) {
        napi_value callback = NULL, result;
        napi_get_reference_value(env, job->callback, &callback);
        napi_get_undefined(env, &receiver);
        napi_create_int32(env, (int32_t)status, &value);
        napi_delete_reference(env, job->callback);
        napi_call_function(env, receiver, callback, 1, &value, &result);
    }
    if (!job->keep) {
        napi_delete_async_work(env, job->work);
        free(job);
    }
}

static struct job *
make(napi_env env, int32_t input, bool gated)
{
    struct job *job = calloc(1, sizeof(*job));
    job->input = input;
    job->gated = gated;
    if (napi_create_async_work(env, NULL, addon_string(env, "double"), execute,
                               complete, job, &job->work) != napi_ok) {
        free(job);
        return NULL;
    }
    last = job;
    return job;
}

/* doubled(n, gated=false) -> Promise */
static napi_value
doubled(napi_env env, napi_callback_info info)
{
    napi_value argv[2], promise;
    int32_t input = 0;
    bool gated = false;
    addon_args(env, info, argv, 2);
    napi_get_value_int32(env, argv[0], &input);
    napi_get_value_bool(env, argv[1], &gated);
    struct job *job = make(env, input, gated);
    ASSERT_OK(env, napi_create_promise(env, &job->deferred, &promise));
    ASSERT_OK(env, napi_queue_async_work(env, job->work));
    return promise;
}

/* later(callback, gated=false) -> status */
static napi_value
later(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool gated = false;
    addon_args(env, info, argv, 2);
    napi_get_value_bool(env, argv[1], &gated);
    struct job *job = make(env, 1, gated);
    ASSERT_OK(env, napi_create_reference(env, argv[0], 1, &job->callback));
    return addon_int(env, napi_queue_async_work(env, job->work));
}

/* batch(n) -> status: n works that nobody hears of */
static napi_value
batch(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    uint32_t n = 0;
    napi_status status = napi_ok;
    addon_args(env, info, argv, 1);
    napi_get_value_uint32(env, argv[0], &n);
    for (uint32_t i = 0; i < n && status == napi_ok; ++i) {
        status = napi_queue_async_work(env, make(env, 1, false)->work);
    }
    return addon_int(env, status);
}

/* of the work made last: queue_again(), cancel(), cancel_unqueued(), drop() */
static napi_value
queue_again(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_queue_async_work(env, last->work));
}

static napi_value
cancel(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_cancel_async_work(env, last->work));
}

static napi_value
cancel_unqueued(napi_env env, napi_callback_info info)
{
    (void)info;
    struct job *job = make(env, 1, false);
    napi_status status = napi_cancel_async_work(env, job->work);
    napi_delete_async_work(env, job->work);
    free(job);
    return addon_int(env, status);
}

static napi_value
drop(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_delete_async_work(env, last->work));
}

static napi_value
open_gate(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    pthread_mutex_lock(&mutex);
    napi_get_value_bool(env, argv[0], &gate_open);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* wait_running(n): until n works are being executed */
static napi_value
wait_running(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    int32_t n = 0;
    addon_args(env, info, argv, 1);
    napi_get_value_int32(env, argv[0], &n);
    pthread_mutex_lock(&mutex);
    while (running < n) {
        pthread_cond_wait(&changed, &mutex);
    }
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* named_by_text() -> Promise: the name is no handle, but the text itself */
static napi_value
named_by_text(napi_env env, napi_callback_info info)
{
    static const char text[] = "named by text";
    struct job *job = calloc(1, sizeof(*job));
    napi_value promise;
    (void)info;
    job->input = 21;
    if (napi_create_async_work(env, NULL, (napi_value)(uintptr_t)text, execute,
                               complete, job, &job->work) != napi_ok) {
        free(job);
        return NULL;
    }
    ASSERT_OK(env, napi_create_promise(env, &job->deferred, &promise));
    ASSERT_OK(env, napi_queue_async_work(env, job->work));
    return promise;
}

/* counts() -> executed * 1000000 + completed; then both are 0 */
static napi_value
counts(napi_env env, napi_callback_info info)
{
    (void)info;
    pthread_mutex_lock(&mutex);
    int64_t both = (int64_t)executed * 1000000 + completed;
    executed = completed = 0;
    pthread_mutex_unlock(&mutex);
    return addon_int(env, both);
}

static napi_value
get_last_status(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, last_status);
}

/* call_back(receiver, function): through napi_make_callback */
static napi_value
call_back(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result = NULL;
    napi_async_context context;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_async_init(env, NULL, addon_string(env, "context"),
                                   &context));
    ASSERT_OK(env, napi_make_callback(env, context, argv[0], argv[1], 0, NULL,
                                      &result));
    ASSERT_OK(env, napi_async_destroy(env, context));
    return result;
}

ADDON(EXPORT(doubled), EXPORT(later), EXPORT(batch), EXPORT(queue_again),
      EXPORT(cancel), EXPORT(cancel_unqueued), EXPORT(drop),
      EXPORT(open_gate), EXPORT(wait_running), EXPORT(counts),
      EXPORT(get_last_status), EXPORT(call_back), EXPORT(named_by_text))
