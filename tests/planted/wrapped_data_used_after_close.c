/* close() frees what an object wraps; a method is called after it.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-use-after-free
 * finds: size .*wrapped_data_used_after_close\.c:\d+
 * finds: freed by
 * python: file = napi.Object()
 * python: m.open(file)
 * python: m.close(file)
 * python: m.size(file)
 */
#include "planted.h"

struct file {
    int size;
    bool is_open;
};

static napi_value
open(napi_env env, napi_callback_info info)
{
    struct file *file = calloc(1, sizeof(*file));
    file->is_open = true;
    OK(napi_wrap(env, argument(env, info), file, NULL, NULL, NULL));
    return undefined(env);
}

static napi_value
close(napi_env env, napi_callback_info info)
{
    void *file;
#ifdef REPAIRED
    OK(napi_remove_wrap(env, argument(env, info), &file));
#else
    OK(napi_unwrap(env, argument(env, info), &file));
#endif
    free(file);
    return undefined(env);
}

static napi_value
size(napi_env env, napi_callback_info info)
{
    void *file;
    napi_value result;
    if (napi_unwrap(env, argument(env, info), &file) != napi_ok) {
        return undefined(env);
    }
    OK(napi_create_int32(env, ((struct file *)file)->size, &result));
    return result;
}

EXPORT(open, close, size)
