/* Node-API chapter "Cleanup on exit of the current Node.js environment".
 *
 * Hooks run newest first when the env closes, in one list with the shim's own,
 * which tell the producers of threadsafe functions to stop. Asynchronous hooks
 * begin in that order; all are waited for together. Adding and removing a hook
 * leaves the last error as it was, as in Node. */

#include "shim.h"
#include "track.h"

#include <stdio.h>

struct cleanup_hook {
    struct cleanup_hook *next;
    bool internal; /* the shim's own: not counted */
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

napi_env
cleanup_env(napi_async_cleanup_hook_handle handle)
{
    return handle->env;
}

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
    env->counters[COUNT_HOOKS] += !hook->internal;
}

static void
drop_hook(napi_env env, struct cleanup_hook **link)
{
    struct cleanup_hook *hook = *link;
    *link = hook->next;
    track_died(env, hook);
    env->counters[COUNT_HOOKS] -= !hook->internal;
    PyMem_RawFree(hook);
}

/* Node-API v3. Node stops the process for a duplicate; here it is refused. */
napi_status NAPI_CDECL
napi_add_env_cleanup_hook(node_api_basic_env basic_env,
                          void(NAPI_CDECL *fun)(void *arg), void *arg)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK(env, fun != NULL, napi_invalid_arg);
    if (*find_hook(env, fun, arg) != NULL) {
        strict_report_thing(env, "hook-added", *find_hook(env, fun, arg),
                            "a cleanup hook was added a second time with the "
                            "same data: Node ends the process");
        return error_set(env, napi_invalid_arg);
    }
    struct cleanup_hook *hook = PyMem_RawMalloc(sizeof(*hook));
    CHECK(env, hook != NULL, napi_generic_failure);
    *hook = (struct cleanup_hook){.callback = fun, .arg = arg};
    track_born(env, TRACK_HOOK, hook);
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

/* Node-API v8. The env's close calls the hook and waits until the addon has
 * removed the handle. */
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
    track_born(env, TRACK_ASYNC_HOOK, handle);
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
    } else if (remove_handle->hook == NULL) {
        --env->async_hooks;
    }
    track_end(env, remove_handle);
    env_release(env);
    return napi_ok;
}

int
cleanup_add(napi_env env, void (*callback)(void *), void *arg)
{
    struct cleanup_hook *hook = PyMem_RawMalloc(sizeof(*hook));
    if (hook == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    *hook = (struct cleanup_hook){
        .internal = true, .callback = callback, .arg = arg};
    push_hook(env, hook);
    return 0;
}

void
cleanup_remove(napi_env env, void (*callback)(void *), void *arg)
{
    struct cleanup_hook **link = find_hook(env, callback, arg);
    if (*link != NULL) {
        drop_hook(env, link);
    }
}

static void
run_hooks(napi_env env)
{
    while (env->hooks != NULL) {
        struct cleanup_hook hook = *env->hooks;
        drop_hook(env, &env->hooks);
        if (hook.callback != NULL) {
            hook.callback(hook.arg);
        } else {
            hook.handle->hook = NULL;
            ++env->async_hooks;
            hook.async_callback(hook.handle, hook.arg);
        }
    }
}

/* Turns the loop until the asynchronous hooks have removed their handles. */
static void
wait_for_hooks(napi_env env, double until)
{
    struct agent *agent = env->agent;
    while (env->async_hooks > 0 && loop_now() < until) {
        if (loop_open(agent) < 0 || loop_turn(agent) < 0 ||
            PyErr_CheckSignals() < 0) {
            PyErr_WriteUnraisable(NULL);
            return;
        }
        if (env->async_hooks > 0) {
            loop_sleep(agent, 0.04);
        }
    }
}

/* Node's order: what a hook uses, a threadsafe function for one, is finalized
 * after all hooks have run. */
void
cleanup_run(napi_env env)
{
    double limit = loop_close_limit(), until = loop_now() + limit;
    do {
        run_hooks(env);
        threadsafe_finish(env);
        wait_for_hooks(env, until);
    } while (env->hooks != NULL);
    if (env->async_hooks > 0) {
        track_report(env, TRACK_ASYNC_HOOK, "hook-not-removed",
                     "an asynchronous cleanup hook did not say that it is "
                     "done, by napi_remove_async_cleanup_hook");
        fprintf(stderr,
                "napi: %zu asynchronous cleanup hooks of %s have not "
                "finished after %g s; going on without them\n",
                env->async_hooks, env->filename, limit);
    }
}
