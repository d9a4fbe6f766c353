/* The asynchronous rows: each function answers a promise that is resolved when
 * the last of n operations is over. */

#include <node_api.h>
#include <pthread.h>
#include <stdlib.h>

struct run {
    napi_env env;
    napi_deferred deferred;
    int32_t left;
};

static struct run *
new_run(napi_env env, int32_t count, napi_value *promise)
{
    struct run *run = calloc(1, sizeof(*run));
    run->env = env;
    run->left = count;
    napi_create_promise(env, &run->deferred, promise);
    return run;
}

static void
finish(struct run *run)
{
    napi_value undefined;
    napi_get_undefined(run->env, &undefined);
    napi_resolve_deferred(run->env, run->deferred, undefined);
    free(run);
}

static napi_value
text(napi_env env)
{
    napi_value name;
    napi_create_string_utf8(env, "bench", NAPI_AUTO_LENGTH, &name);
    return name;
}

/* === threadsafe function === */

struct stream {
    struct run *run;
    napi_threadsafe_function func;
    int32_t count;
};

static void *
produce(void *arg)
{
    struct stream *stream = arg;
    for (int32_t i = 0; i < stream->count; ++i) {
        napi_call_threadsafe_function(stream->func, NULL, napi_tsfn_blocking);
    }
    napi_release_threadsafe_function(stream->func, napi_tsfn_release);
    return NULL;
}

static void
on_stream_end(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    struct stream *stream = data;
    finish(stream->run);
    free(stream);
}

/* items(n, function): n calls of it, from one thread */
static napi_value
items(napi_env env, napi_callback_info info)
{
    napi_value argv[2], promise;
    size_t argc = 2;
    pthread_t thread;
    struct stream *stream = calloc(1, sizeof(*stream));
    napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
    napi_get_value_int32(env, argv[0], &stream->count);
    stream->run = new_run(env, 0, &promise);
    napi_create_threadsafe_function(env, argv[1], NULL, text(env), 0, 1,
                                    stream, on_stream_end, stream, NULL,
                                    &stream->func);
    pthread_create(&thread, NULL, produce, stream);
    pthread_detach(thread);
    return promise;
}

/* === async work === */

struct work {
    struct run *run;
    napi_async_work work;
};

static void
execute(napi_env env, void *data)
{
    (void)env;
    (void)data;
}

static void
end_work(struct work *work)
{
    napi_delete_async_work(work->run->env, work->work);
    free(work);
}

static void
complete_one(napi_env env, napi_status status, void *data)
{
    (void)env;
    (void)status;
    struct work *work = data;
    struct run *run = work->run;
    end_work(work);
    if (--run->left == 0) {
        finish(run);
    }
}

static void
complete_and_queue(napi_env env, napi_status status, void *data)
{
    (void)status;
    struct work *work = data;
    struct run *run = work->run;
    if (--run->left == 0) {
        end_work(work);
        finish(run);
    } else {
        napi_queue_async_work(env, work->work);
    }
}

static void
queue_work(napi_env env, struct run *run, napi_async_complete_callback complete)
{
    struct work *work = calloc(1, sizeof(*work));
    work->run = run;
    napi_create_async_work(env, NULL, text(env), execute, complete, work,
                           &work->work);
    napi_queue_async_work(env, work->work);
}

static int32_t
count_of(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    size_t argc = 1;
    int32_t count = 0;
    napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
    napi_get_value_int32(env, argv[0], &count);
    return count;
}

/* batch(n): n works at once */
static napi_value
batch(napi_env env, napi_callback_info info)
{
    napi_value promise;
    int32_t count = count_of(env, info);
    struct run *run = new_run(env, count, &promise);
    for (int32_t i = 0; i < count; ++i) {
        queue_work(env, run, complete_one);
    }
    return promise;
}

/* chain(n): each work is queued when the one before is complete */
static napi_value
chain(napi_env env, napi_callback_info info)
{
    napi_value promise;
    queue_work(env, new_run(env, count_of(env, info), &promise),
               complete_and_queue);
    return promise;
}

NAPI_MODULE_INIT()
{
    static const struct {
        const char *name;
        napi_callback callback;
    } functions[] = {{"items", items}, {"batch", batch}, {"chain", chain}};
    for (size_t i = 0; i < 3; ++i) {
        napi_value function;
        napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH,
                             functions[i].callback, NULL, &function);
        napi_set_named_property(env, exports, functions[i].name, function);
    }
    return exports;
}
