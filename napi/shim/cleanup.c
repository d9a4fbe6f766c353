/* Node-API chapter "Cleanup on exit of the current Node.js environment".
 *
 * Hooks run newest first when the env closes. Adding and removing one leaves
 * the last error as it was, as in Node. */

#include "shim.h"

struct cleanup_hook {
    struct cleanup_hook *next;
    void (*callback)(void *); /* NULL: an asynchronous hook */
    void *arg;
    napi_async_cleanup_hook async_callback;
    napi_async_cleanup_hook_handle handle;
};

/* Lives until the addon removes it, which may be after the env has closed. */
struct napi_async_cleanup_hook_handle__ {
    napi_env env; /* retained */
    struct cleanup_hook *hook; /* NULL once it has been called */
};

static struct cleanup_hook **
find_hook(napi_env env, void (*callback)(void *), void *arg)
{
    struct cleanup_hook **link = &env->hooks;
    while (*link != NULL &&
           ((*link)->callback != callback || (*link)->arg != arg)) {
        link = &(*link)->next;
    }
    return link;
}

static void
push_hook(napi_env env, struct cleanup_hook *hook)
{
    hook->next = env->hooks;
    env->hooks = hook;
    ++env->counters[COUNT_HOOKS];
}

static void
drop_hook(napi_env env, struct cleanup_hook **link)
{
    struct cleanup_hook *hook = *link;
    *link = hook->next;
    PyMem_RawFree(hook);
    --env->counters[COUNT_HOOKS];
}

/* Node-API v3. Node stops the process for a duplicate; here it is refused. */
napi_status NAPI_CDECL
napi_add_env_cleanup_hook(node_api_basic_env basic_env,
                          void(NAPI_CDECL *fun)(void *arg), void *arg)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK(env, fun != NULL, napi_invalid_arg);
    CHECK(env, *find_hook(env, fun, arg) == NULL, napi_invalid_arg);
    struct cleanup_hook *hook = PyMem_RawMalloc(sizeof(*hook));
    CHECK(env, hook != NULL, napi_generic_failure);
    *hook = (struct cleanup_hook){.callback = fun, .arg = arg};
    push_hook(env, hook);
    return napi_ok;
}

/* Node-API v3. Removing what is not there is fine. */
napi_status NAPI_CDECL
napi_remove_env_cleanup_hook(node_api_basic_env basic_env,
                             void(NAPI_CDECL *fun)(void *arg), void *arg)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK(env, fun != NULL, napi_invalid_arg);
    struct cleanup_hook **link = find_hook(env, fun, arg);
    struct cleanup_hook *hook = *link;
    if (hook != NULL) {
        drop_hook(env, link);
    }
    return napi_ok;
}

/* Node-API v8. The env's close calls the hook; it does not wait for the
 * removal of the handle yet. */
napi_status NAPI_CDECL
napi_add_async_cleanup_hook(node_api_basic_env basic_env,
                            napi_async_cleanup_hook hook, void *arg,
                            napi_async_cleanup_hook_handle *remove_handle)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK(env, hook != NULL, napi_invalid_arg);
    struct cleanup_hook *entry = PyMem_RawMalloc(sizeof(*entry));
    napi_async_cleanup_hook_handle handle = PyMem_RawMalloc(sizeof(*handle));
    if (entry == NULL || handle == NULL) {
        PyMem_RawFree(entry);
        PyMem_RawFree(handle);
        return error_set(env, napi_generic_failure);
    }
    *entry = (struct cleanup_hook){
        .arg = arg, .async_callback = hook, .handle = handle};
    handle->env = env;
    handle->hook = entry;
    env_retain(env);
    push_hook(env, entry);
    if (remove_handle != NULL) {
        *remove_handle = handle;
    }
    return error_clear(env);
}

/* Node-API v8. Before the close it takes the hook away. */
napi_status NAPI_CDECL
napi_remove_async_cleanup_hook(napi_async_cleanup_hook_handle remove_handle)
{
    if (remove_handle == NULL) {
        return napi_invalid_arg;
    }
    napi_env env = remove_handle->env;
    struct cleanup_hook **link = &env->hooks;
    while (*link != NULL && *link != remove_handle->hook) {
        link = &(*link)->next;
    }
    if (remove_handle->hook != NULL && *link != NULL) {
        drop_hook(env, link);
    }
    PyMem_RawFree(remove_handle);
    env_release(env);
    return napi_ok;
}

void
cleanup_run(napi_env env)
{
    while (env->hooks != NULL) {
        struct cleanup_hook hook = *env->hooks;
        drop_hook(env, &env->hooks);
        if (hook.callback != NULL) {
            hook.callback(hook.arg);
        } else {
            hook.handle->hook = NULL;
            hook.async_callback(hook.handle, hook.arg);
        }
    }
}
