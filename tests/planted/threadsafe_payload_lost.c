/* What a thread sends is allocated for each call, and freed by nobody.
 *
 * tool: asan
 * finds: leak of 5000 byte\(s\) in 5 object
 * finds: send
 * python: m.start(lambda: None)
 * python: napi.run(10)
 */
#include "planted.h"

#include <pthread.h>

static void
call_js(napi_env env, napi_value callback, void *context, void *data)
{
    (void)context;
    if (env != NULL) {
        napi_value receiver = undefined(env);
        OK(napi_call_function(env, receiver, callback, 0, NULL, NULL));
    }
#ifdef REPAIRED
    free(data);
#else
    (void)data;
#endif
}

static void *
send(void *argument)
{
    napi_threadsafe_function function = argument;
    for (int i = 0; i < 5; ++i) {
        OK(napi_call_threadsafe_function(function, malloc(1000),
                                         napi_tsfn_blocking));
    }
    OK(napi_release_threadsafe_function(function, napi_tsfn_release));
    return NULL;
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    napi_threadsafe_function function;
    pthread_t thread;
    OK(napi_create_threadsafe_function(env, argument(env, info), NULL,
                                       text(env, "send"), 0, 1, NULL, NULL,
                                       NULL, call_js, &function));
    pthread_create(&thread, NULL, send, function);
    pthread_detach(thread);
    return undefined(env);
}

EXPORT(start)
