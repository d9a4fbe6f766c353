/* Each call adds a cleanup hook for its memory, which is freed at once: the hook
 * stays, and runs over freed memory at the end.
 *
 * tool: leaks
 * finds: 1 cleanup hook
 * finds: in napi_add_env_cleanup_hook
 * python: m.work()
 */
#include "planted.h"

static void
clean(void *data)
{
    (void)data;
}

static napi_value
work(napi_env env, napi_callback_info info)
{
    (void)info;
    void *memory = malloc(16);
    OK(napi_add_env_cleanup_hook(env, clean, memory));
#ifdef REPAIRED
    OK(napi_remove_env_cleanup_hook(env, clean, memory));
#endif
    free(memory);
    return undefined(env);
}

EXPORT(work)
