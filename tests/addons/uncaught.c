/* Exceptions that no caller can catch: each function leaves the value it is
 * given pending where no JavaScript is below. */
#include "addon.h"

struct job {
    napi_async_work work;
    napi_ref value;
    napi_threadsafe_function function;
};

static napi_value
take_value(napi_env env, struct job *job)
{
    napi_value box = NULL, value = NULL;
    napi_get_reference_value(env, job->value, &box);
    napi_get_named_property(env, box, "value", &value);
    napi_delete_reference(env, job->value);
    return value;
}

static struct job *
make_job(napi_env env, napi_value value)
{
    struct job *job = calloc(1, sizeof(*job));
    napi_value box;
    napi_create_object(env, &box);
    napi_set_named_property(env, box, "value", value);
    napi_create_reference(env, box, 1, &job->value);
    return job;
}

static void
execute(napi_env env, void *data)
{
    (void)env;
    (void)data;
}

static void
complete(napi_env env, napi_status status, void *data)
{
    struct job *job = data;
    (void)status;
    napi_throw(env, take_value(env, job));
    napi_delete_async_work(env, job->work);
    free(job);
}

/* work(value): thrown as an async work completes */
static napi_value
work(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    struct job *job = make_job(env, argv[0]);
    ASSERT_OK(env, napi_create_async_work(env, NULL, addon_string(env, "w"),
                                          execute, complete, job,
                                          &job->work));
    ASSERT_OK(env, napi_queue_async_work(env, job->work));
    return NULL;
}

static void
on_item(napi_env env, napi_value function, void *context, void *data)
{
    struct job *job = data;
    (void)function;
    (void)context;
    if (env != NULL) {
        napi_throw(env, take_value(env, job));
    }
    free(job);
}

/* item(value): thrown by the call_js of a threadsafe function */
static napi_value
item(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    napi_threadsafe_function function;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_threadsafe_function(
                       env, NULL, NULL, addon_string(env, "f"), 0, 1, NULL,
                       NULL, NULL, on_item, &function));
    ASSERT_OK(env, napi_call_threadsafe_function(
                       function, make_job(env, argv[0]),
                       napi_tsfn_nonblocking));
    ASSERT_OK(env, napi_release_threadsafe_function(function,
                                                    napi_tsfn_release));
    return NULL;
}

/* call(function): from a threadsafe function without a call_js */
static napi_value
call(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    napi_threadsafe_function function;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_threadsafe_function(
                       env, argv[0], NULL, addon_string(env, "f"), 0, 1, NULL,
                       NULL, NULL, NULL, &function));
    ASSERT_OK(env, napi_call_threadsafe_function(function, NULL,
                                                 napi_tsfn_nonblocking));
    ASSERT_OK(env, napi_release_threadsafe_function(function,
                                                    napi_tsfn_release));
    return NULL;
}

static void
finalize(napi_env env, void *data, void *hint)
{
    struct job *job = data;
    (void)hint;
    napi_throw(env, take_value(env, job));
    free(job);
}

/* finalizer(value): thrown by the finalizer of an object that dies at once */
static napi_value
finalizer(napi_env env, napi_callback_info info)
{
    napi_value argv[1], object;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_object(env, &object));
    ASSERT_OK(env, napi_add_finalizer(env, object, make_job(env, argv[0]),
                                      finalize, NULL, NULL));
    return NULL;
}

/* fatal(value) -> status of napi_fatal_exception */
static napi_value
fatal(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    return addon_int(env, napi_fatal_exception(env, argv[0]));
}

/* rejected(value) -> a rejected promise */
static napi_value
rejected(napi_env env, napi_callback_info info)
{
    napi_value argv[1], promise;
    napi_deferred deferred;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_promise(env, &deferred, &promise));
    ASSERT_OK(env, napi_reject_deferred(env, deferred, argv[0]));
    return promise;
}

/* awaited(value) -> a promise that adopts it */
static napi_value
awaited(napi_env env, napi_callback_info info)
{
    napi_value argv[1], promise;
    napi_deferred deferred;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_promise(env, &deferred, &promise));
    ASSERT_OK(env, napi_resolve_deferred(env, deferred, argv[0]));
    return promise;
}

ADDON(EXPORT(work), EXPORT(item), EXPORT(call), EXPORT(finalizer),
      EXPORT(fatal), EXPORT(rejected), EXPORT(awaited))
