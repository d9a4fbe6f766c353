/* The finalizer frees what a cleanup hook is to look at when all ends.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-use-after-free
 * finds: clean \(.*hook_of_freed_data\.c:\d+\)
 * finds: finish \(.*hook_of_freed_data\.c:\d+\)
 * python: m.open()
 * python: import gc; gc.collect()
 */
#include "planted.h"

struct file {
    int is_open;
};

static void
clean(void *data)
{
    struct file *file = data;
    file->is_open = 0;
}

static void
finish(napi_env env, void *data, void *hint)
{
    (void)hint;
#ifdef REPAIRED
    OK(napi_remove_env_cleanup_hook(env, clean, data));
#else
    (void)env;
#endif
    free(data);
}

static napi_value
open(napi_env env, napi_callback_info info)
{
    napi_value object;
    struct file *file = malloc(sizeof(*file));
    (void)info;
    file->is_open = 1;
    OK(napi_create_object(env, &object));
    OK(napi_wrap(env, object, file, finish, NULL, NULL));
    OK(napi_add_env_cleanup_hook(env, clean, file));
    return object;
}

EXPORT(open)
