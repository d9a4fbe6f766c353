/* A thread of the addon's own makes values.
 *
 * tool: strict
 * finds: wrong-thread: napi_create_double
 * finds: run at .*value_made_on_a_thread\.c:\d+
 * python: m.start()
 */
#include "planted.h"

#include <pthread.h>

static void *
run(void *data)
{
    napi_env env = data;
    napi_value result;
#ifdef REPAIRED
    (void)result;
    (void)env;
#else
    napi_create_double(env, 1, &result);
#endif
    return NULL;
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    (void)info;
    pthread_t thread;
    pthread_create(&thread, NULL, run, env);
    pthread_join(thread, NULL);
    return NULL;
}

EXPORT(start)
