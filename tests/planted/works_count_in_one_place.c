/* Works of one kind count what they did in a variable of the file.
 *
 * tool: tsan
 * flags: -fsanitize=thread
 * finds: data race
 * finds: execute .*works_count_in_one_place\.c:\d+
 * python: m.start()
 * python: m.start()
 * python: napi.run(10)
 */
#include "planted.h"

#include <unistd.h>

static int done, running;

static void
execute(napi_env env, void *data)
{
    (void)env;
    (void)data;
    __atomic_fetch_add(&running, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&running, __ATOMIC_RELAXED) < 2) {
        usleep(1000); /* two threads of the pool are at it */
    }
    for (int i = 0; i < 1000; ++i) {
#ifdef REPAIRED
        __atomic_fetch_add(&done, 1, __ATOMIC_RELAXED);
#else
        done++;
#endif
    }
}

static void
complete(napi_env env, napi_status status, void *data)
{
    (void)status;
    OK(napi_delete_async_work(env, *(napi_async_work *)data));
    free(data);
}

static napi_value
start(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_async_work *work = malloc(sizeof(*work));
    OK(napi_create_async_work(env, NULL, text(env, "count"), execute, complete,
                              work, work));
    OK(napi_queue_async_work(env, *work));
    return undefined(env);
}

EXPORT(start)
