/* A thread passes the address of its own variable to a queue, and ends.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: stack-use-after-return|SEGV
 * finds: call \(.*threadsafe_data_on_the_stack\.c:\d+\)
 * python: m.start(lambda number: None)
 * python: napi.run(10)
 */
#include "planted.h"

#include <pthread.h>

static void
call(napi_env env, napi_value function, void *context, void *data)
{
    napi_value number;
    (void)context;
    if (env != NULL) {
        OK(napi_create_int32(env, *(int *)data, &number));
        OK(napi_call_function(env, undefined(env), function, 1, &number,
                              NULL));
    }
#ifdef REPAIRED
    free(data);
#endif
}

static void
send(napi_threadsafe_function function, int number)
{
#ifdef REPAIRED
    int *data = malloc(sizeof(*data));
    *data = number;
    napi_call_threadsafe_function(function, data, napi_tsfn_nonblocking);
#else
    int data[16] = {number};
    napi_call_threadsafe_function(function, data, napi_tsfn_nonblocking);
#endif
}

static void *
run(void *function)
{
    send(function, 42);
    napi_release_threadsafe_function(function, napi_tsfn_release);
    return NULL;
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    napi_threadsafe_function function;
    pthread_t thread;
    OK(napi_create_threadsafe_function(env, argument(env, info), NULL,
                                       text(env, "stack"), 0, 1, NULL, NULL,
                                       NULL, call, &function));
    pthread_create(&thread, NULL, run, function);
    pthread_join(thread, NULL);
    return undefined(env);
}

EXPORT(start)
