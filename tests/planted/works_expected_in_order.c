/* Each work gets the name that is next when it completes, as if works completed
 * in the order in which they were queued.
 *
 * tool: orders
 * finds: seed 1: .*, seed \d: 
 * python: result = {}
 * python: for n in range(6): m.start(n, lambda n, at: result.update({n: at}))
 * python: napi.run()
 * python: result = sorted(result.items())
 */
#include "planted.h"

struct job {
    napi_async_work work;
    napi_ref callback;
    int number, place;
};

static int queued, completed;

static void
execute(napi_env env, void *data)
{
    (void)env;
    (void)data;
}

static void
complete(napi_env env, napi_status status, void *data)
{
    (void)status;
    struct job *job = data;
    napi_value callback, argv[2];
#ifdef REPAIRED
    int place = job->place;
#else
    int place = completed % 6;
#endif
    ++completed;
    OK(napi_create_int32(env, job->number, &argv[0]));
    OK(napi_create_int32(env, place, &argv[1]));
    OK(napi_get_reference_value(env, job->callback, &callback));
    OK(napi_call_function(env, undefined(env), callback, 2, argv, NULL));
    OK(napi_delete_reference(env, job->callback));
    OK(napi_delete_async_work(env, job->work));
    free(job);
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    size_t count = 2;
    napi_value argv[2];
    struct job *job = calloc(1, sizeof(*job));
    OK(napi_get_cb_info(env, info, &count, argv, NULL, NULL));
    OK(napi_get_value_int32(env, argv[0], &job->number));
    job->place = queued++ % 6;
    OK(napi_create_reference(env, argv[1], 1, &job->callback));
    OK(napi_create_async_work(env, NULL, text(env, "start"), execute,
                              complete, job, &job->work));
    OK(napi_queue_async_work(env, job->work));
    return undefined(env);
}

EXPORT(start)
