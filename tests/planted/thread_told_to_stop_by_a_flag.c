/* A thread looks at a plain variable to know when to stop.
 *
 * tool: tsan
 * flags: -fsanitize=thread
 * finds: data race
 * finds: watch .*thread_told_to_stop_by_a_flag\.c:\d+
 * finds: stop .*thread_told_to_stop_by_a_flag\.c:\d+
 * python: m.start()
 * python: m.stop()
 */
#include "planted.h"

#include <pthread.h>
#include <unistd.h>

static pthread_t thread;
static int is_stopped;

#ifdef REPAIRED
#define SET(flag) __atomic_store_n(&(flag), 1, __ATOMIC_RELEASE)
#define IS_SET(flag) __atomic_load_n(&(flag), __ATOMIC_ACQUIRE)
#else
#define SET(flag) ((flag) = 1)
#define IS_SET(flag) (flag)
#endif

static void *
watch(void *unused)
{
    (void)unused;
    while (!IS_SET(is_stopped)) {
        usleep(1000);
    }
    return NULL;
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    (void)info;
    pthread_create(&thread, NULL, watch, NULL);
    return undefined(env);
}

static napi_value
stop(napi_env env, napi_callback_info info)
{
    (void)info;
    SET(is_stopped);
    pthread_join(thread, NULL);
    return undefined(env);
}

EXPORT(start, stop)
