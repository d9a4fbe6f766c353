/* What ends or happens later: cleanup.c, threadsafe*.c, async_*.c, pool.c. */
#ifndef NAPI_ASYNC_H
#define NAPI_ASYNC_H

#include "builtin.h"

/* === cleanup.c === */
/* Hooks, newest first; then waits for the asynchronous ones. */
void cleanup_run(napi_env env);

/* Node's order: a function of the shim that the env's close calls among the
 * hooks; 0 or -1 */
int cleanup_add(napi_env env, void (*callback)(void *), void *arg);
void cleanup_remove(napi_env env, void (*callback)(void *), void *arg);
napi_env cleanup_env(napi_async_cleanup_hook_handle handle); /* borrowed */

/* === threadsafe.c === owner thread, GIL held */
/* Hands back the items of the env's closed functions and finalizes them. */
void threadsafe_finish(napi_env env);
/* housekeeping: only functions that nothing but themselves can see */
void threadsafe_dispatch(struct agent *agent, bool housekeeping);
bool threadsafe_is_referenced(napi_env env); /* one of the env's */

/* === async_work.c, pool.c === */
struct napi_async_work__ {
    struct napi_async_work__ *next, *previous; /* agent->works */
    struct napi_async_work__ *queue_next; /* of the pool, then agent->done */
    struct napi_async_work__ *queue_previous; /* of the pool: its mutex */
    bool pooled; /* no thread has it yet: the pool's mutex */
    napi_env env;        /* retained */
    struct agent *agent; /* borrowed */
    napi_async_execute_callback execute;
    napi_async_complete_callback complete;
    void *data;
    struct async_resource *resource;
    napi_status status; /* for complete */
    bool listed;        /* in agent->works: queued, running or completed */
    bool completing;    /* in complete */
    bool deleted;       /* freed when it is neither */
};
/* Any thread: complete will be called with this status. */
void work_complete(napi_async_work work, napi_status status);
void work_dispatch(struct agent *agent); /* completed works; owner thread */
/* At the env's close: waits for what runs, cancels what does not. */
void work_close(napi_env env);
/* 0 or -1 raised; starts a thread where fewer than UV_THREADPOOL_SIZE run */
int pool_queue(struct shim_state *state, napi_async_work work);
/* true: taken back before a thread had it */
bool pool_cancel(struct shim_state *state, napi_async_work work);
void pool_forget(struct shim_state *state); /* after fork, in the child */
void pool_stop(struct shim_state *state);   /* at exit: joins idle threads */

/* === async_context.c, async_hook.c === */
struct async_resource; /* what async_hooks sees of an operation */
/* napi_ok and new *made; name must be coercible to a string */
napi_status async_resource_new(napi_env env, napi_value resource,
                               napi_value name,
                               struct async_resource **made);
void async_resource_free(struct async_resource *resource);
/* Around a callback of the operation. */
struct async_moment {
    double execution_id, trigger_id;
    struct async_resource *resource; /* a use of what ran before; NULL */
};
void async_before(struct async_resource *resource,
                  struct async_moment *moment);
void async_after(struct async_resource *resource, struct async_moment *moment);
/* A hook is told of each call. */
static inline bool
async_is_observed(struct shim_state *state)
{
    return state->async_hook != NULL;
}
int async_hook_init(PyObject *module, struct shim_state *state);

#endif
