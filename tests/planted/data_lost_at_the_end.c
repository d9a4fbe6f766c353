/* What is queued when the environment ends comes back without one, and is not freed.
 *
 * tool: asan
 * finds: leak of 300 byte
 * finds: start
 * python: m.start(lambda: None)
 * python: m.end()
 */
#include "planted.h"

static napi_threadsafe_function function;

static void
call(napi_env env, napi_value f, void *context, void *data)
{
    (void)context;
    if (env == NULL) {
#ifdef REPAIRED
        free(data);
#endif
        return;
    }
    napi_call_function(env, undefined(env), f, 0, NULL, NULL);
    free(data);
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    OK(napi_create_threadsafe_function(env, argument(env, info), NULL,
                                       text(env, "events"), 0, 1, NULL, NULL,
                                       NULL, call, &function));
    for (int i = 0; i < 3; ++i) {
        OK(napi_call_threadsafe_function(function, malloc(100),
                                         napi_tsfn_nonblocking));
    }
    return undefined(env);
}

static napi_value
end(napi_env env, napi_callback_info info)
{
    (void)info;
    OK(napi_release_threadsafe_function(function, napi_tsfn_abort));
    return undefined(env);
}

EXPORT(start, end)
