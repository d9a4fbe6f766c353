/* The memory of an external buffer is freed when the function that made the
 * buffer is done, and not by its finalizer.
 *
 * tool: asan
 * finds: heap-use-after-free
 * finds: freed by
 * finds: make
 * python: bytes(m.make())
 */
#include "planted.h"

static void
finish(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
#ifdef REPAIRED
    free(data);
#else
    (void)data;
#endif
}

static napi_value
make(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value buffer;
    char *memory = calloc(1, 64);
    OK(napi_create_external_buffer(env, 64, memory, finish, NULL, &buffer));
#ifndef REPAIRED
    free(memory);
#endif
    return buffer;
}

EXPORT(make)
