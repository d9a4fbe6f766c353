/* A thread reads what is deep in an argument, while the program goes on. */
#include "addon.h"

#include <pthread.h>

struct job {
    napi_async_work work;
    napi_ref options, callback;
    const unsigned char *data;
    size_t length;
    int64_t sum;
};

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void
execute(napi_env env, void *data)
{
    struct job *job = data;
    pthread_mutex_lock(&gate);
    for (size_t i = 0; i < job->length; ++i) {
        job->sum += job->data[i];
    }
    pthread_mutex_unlock(&gate);
}

static void
complete(napi_env env, napi_status status, void *data)
{
    struct job *job = data;
    napi_value callback, undefined, sum = addon_int(env, job->sum);
    napi_get_undefined(env, &undefined);
    napi_get_reference_value(env, job->callback, &callback);
    napi_delete_reference(env, job->options);
    napi_delete_reference(env, job->callback);
    napi_delete_async_work(env, job->work);
    free(job);
    napi_call_function(env, undefined, callback, 1, &sum, NULL);
}

/* sum(options, callback): of the bytes options.data, once open() was called */
static napi_value
sum(napi_env env, napi_callback_info info)
{
    napi_value argv[2], data, name = addon_string(env, "sum");
    struct job *job = calloc(1, sizeof(*job));
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_named_property(env, argv[0], "data", &data));
    ASSERT_OK(env, napi_get_buffer_info(env, data, (void **)&job->data,
                                        &job->length));
    ASSERT_OK(env, napi_create_reference(env, argv[0], 1, &job->options));
    ASSERT_OK(env, napi_create_reference(env, argv[1], 1, &job->callback));
    ASSERT_OK(env, napi_create_async_work(env, NULL, name, execute, complete,
                                          job, &job->work));
    ASSERT_OK(env, napi_queue_async_work(env, job->work));
    return NULL;
}

/* touch(options): looks at options.data, and forgets it */
static napi_value
touch(napi_env env, napi_callback_info info)
{
    napi_value argv[1], data;
    size_t length;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_named_property(env, argv[0], "data", &data));
    ASSERT_OK(env, napi_get_buffer_info(env, data, NULL, &length));
    return addon_int(env, (int64_t)length);
}

static napi_value
close(napi_env env, napi_callback_info info)
{
    pthread_mutex_lock(&gate);
    return NULL;
}

static napi_value
open(napi_env env, napi_callback_info info)
{
    pthread_mutex_unlock(&gate);
    return NULL;
}

ADDON(EXPORT(sum), EXPORT(touch), EXPORT(close), EXPORT(open))
