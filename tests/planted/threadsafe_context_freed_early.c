/* The thread frees the context as it releases the function; calls are queued.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-use-after-free
 * finds: call \(.*threadsafe_context_freed_early\.c:\d+\)
 * finds: run \(.*threadsafe_context_freed_early\.c:\d+\)
 * python: m.start(lambda number: None)
 * python: napi.run(10)
 */
#include "planted.h"

#include <pthread.h>

struct context {
    napi_threadsafe_function function;
    int number;
};

static void
call(napi_env env, napi_value function, void *data, void *item)
{
    struct context *context = data;
    napi_value number;
    (void)item;
    if (env != NULL) {
        OK(napi_create_int32(env, ++context->number, &number));
        OK(napi_call_function(env, undefined(env), function, 1, &number,
                              NULL));
    }
}

static void
finish(napi_env env, void *data, void *context)
{
    (void)env;
    (void)data;
#ifdef REPAIRED
    free(context);
#else
    (void)context;
#endif
}

static void *
run(void *data)
{
    struct context *context = data;
    napi_call_threadsafe_function(context->function, NULL,
                                  napi_tsfn_nonblocking);
    napi_release_threadsafe_function(context->function, napi_tsfn_release);
#ifndef REPAIRED
    free(context);
#endif
    return NULL;
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    struct context *context = calloc(1, sizeof(*context));
    pthread_t thread;
    OK(napi_create_threadsafe_function(env, argument(env, info), NULL,
                                       text(env, "context"), 0, 1, NULL,
                                       finish, context, call,
                                       &context->function));
    pthread_create(&thread, NULL, run, context);
    pthread_join(thread, NULL);
    return undefined(env);
}

EXPORT(start)
