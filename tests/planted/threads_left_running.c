/* Each call starts a thread that nobody stops.
 *
 * tool: growth
 * finds: 10 threads
 * python: m.watch()
 */
#include "planted.h"

#include <pthread.h>
#include <unistd.h>

static void *
run(void *unused)
{
    (void)unused;
#ifdef REPAIRED
    usleep(1000);
#else
    pause();
#endif
    return NULL;
}

static napi_value
watch(napi_env env, napi_callback_info info)
{
    pthread_t thread;
    (void)info;
    pthread_create(&thread, NULL, run, NULL);
#ifdef REPAIRED
    pthread_join(thread, NULL);
#else
    pthread_detach(thread);
#endif
    return undefined(env);
}

EXPORT(watch)
