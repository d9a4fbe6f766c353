/* Node-API chapter "Simple asynchronous operations".
 *
 * execute runs on a thread of the pool without the GIL, complete in a turn of
 * the owner's loop, once for each time a work was queued. A work that is
 * deleted before that is freed when the pool is done with it. */

#include "shim.h"
#include "track.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>

#define NEWEST_HANDLES 8 /* a name was made just before, as a rule */
#define PROMISE_SECONDS 2 /* how long the close waits for promises */
#define WORK_SECONDS 1 /* and how long it runs what is queued */

static void
free_work(napi_async_work work)
{
    --work->env->counters[COUNT_WORKS];
    napi_env env = work->env;
    async_resource_free(work->resource);
    track_end(env, work);
    env_release(env);
}

#ifndef NAPI_STRICT
/* Whether it is bytes of the addon's own: no value lives there. */
static bool
is_addons_memory(napi_env env, napi_value handle, const void *function)
{
    Dl_info of_handle, of_function;
    size_t newest = Py_MIN(env->top, NEWEST_HANDLES);
    for (size_t i = 1; i <= newest; ++i) {
        if ((napi_value)env->arena[env->top - i] == handle) {
            return false;
        }
    }
    return handle != NULL && dladdr(handle, &of_handle) != 0 &&
           dladdr(function, &of_function) != 0 &&
           of_handle.dli_fbase == of_function.dli_fbase;
}
#endif

/* Modules of napi-rs 1 give the text itself for the handle of a name: V8 takes
 * its first bytes for a small integer. The strict build reports it. */
static napi_status
find_name(napi_env env, napi_async_execute_callback execute, napi_value *name)
{
#ifndef NAPI_STRICT
    const void *function = (const void *)(uintptr_t)execute;
    if (is_addons_memory(env, *name, function)) {
        return napi_create_string_utf8(env, "", 0, name);
    }
#endif
    (void)env, (void)execute, (void)name;
    return napi_ok;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_async_work(napi_env env, napi_value async_resource,
                       napi_value async_resource_name,
                       napi_async_execute_callback execute,
                       napi_async_complete_callback complete, void *data,
                       napi_async_work *result)
{
    CHECK_ENV(env);
    CHECK(env, execute != NULL, napi_invalid_arg);
    CHECK_ARG(env, result);
    struct async_resource *resource;
    napi_status status = find_name(env, execute, &async_resource_name);
    if (status == napi_ok) {
        status = async_resource_new(env, async_resource, async_resource_name,
                                    &resource);
    }
    if (status != napi_ok) {
        return status;
    }
    napi_async_work work = PyMem_RawCalloc(1, sizeof(*work));
    if (work == NULL) {
        async_resource_free(resource);
        PyErr_NoMemory();
        return error_from_python(env);
    }
    work->env = env;
    work->agent = env->agent;
    work->execute = execute;
    work->complete = complete;
    work->data = data;
    work->resource = resource;
    ++env->counters[COUNT_WORKS];
    track_born(env, TRACK_WORK, work);
    env_retain(env);
    *result = work;
    return error_clear(env);
}

/* Node-API v1. Of a work that is queued or runs, complete is not called. */
napi_status NAPI_CDECL
napi_delete_async_work(napi_env env, napi_async_work work)
{
    CHECK_ENV(env);
    CHECK_ARG(env, work);
    if (work->listed || work->completing) {
        work->deleted = true;
    } else {
        free_work(work);
    }
    return error_clear(env);
}

static void
link_agent(napi_async_work work)
{
    struct agent *agent = work->agent;
    work->listed = true;
    work->previous = NULL;
    work->next = agent->works;
    if (work->next != NULL) {
        work->next->previous = work;
    }
    agent->works = work;
    ++agent->alive;
    ++agent->interested;
    agent->exits = 0; /* look for a loop at the next exit */
}

static void
unlink_agent(napi_async_work work)
{
    struct agent *agent = work->agent;
    work->listed = false;
    if (work->previous != NULL) {
        work->previous->next = work->next;
    } else {
        agent->works = work->next;
    }
    if (work->next != NULL) {
        work->next->previous = work->previous;
    }
    --agent->alive;
    --agent->interested;
}

/* Node-API v1. What an env's end has completions queue is cancelled at once. */
napi_status NAPI_CDECL
napi_queue_async_work(node_api_basic_env basic_env, napi_async_work work)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, work);
    if (work->listed) {
        strict_report_thing(env, "work-queued", work,
                            "an async work was queued that is in the queue, "
                            "or runs");
        return error_set_text(env, napi_generic_failure,
                              "this async work is queued already");
    }
    CHECK_PY(env, loop_open(work->agent) == 0);
    link_agent(work);
    if (env->cancelling) {
        work_complete(work, napi_cancelled);
        return error_clear(env);
    }
    if (pool_queue(env->state, work) < 0) {
        unlink_agent(work);
        return error_from_python(env);
    }
    return error_clear(env);
}

/* Node-API v1. Only what no thread has begun can be cancelled. */
napi_status NAPI_CDECL
napi_cancel_async_work(node_api_basic_env basic_env, napi_async_work work)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, work);
    if (!work->listed || !pool_cancel(env->state, work)) {
        env->last_error.engine_error_code =
            (uint32_t)-(work->listed ? EBUSY : EINVAL);
        return error_set(env, work->listed ? napi_generic_failure
                                           : napi_invalid_arg);
    }
    work_complete(work, napi_cancelled);
    return error_clear(env);
}

/* === completion === */

/* Any thread, without the GIL. The work is the owner's again. */
void
work_complete(napi_async_work work, napi_status status)
{
    struct agent *agent = work->agent;
    pthread_mutex_lock(&agent->mutex);
    work->status = status;
    work->queue_next = NULL;
    if (agent->done_tail != NULL) {
        agent->done_tail->queue_next = work;
    } else {
        agent->done = work;
    }
    agent->done_tail = work;
    loop_wake(agent);
    pthread_mutex_unlock(&agent->mutex);
}

static void
begin(napi_async_work work)
{
    unlink_agent(work);
    work->completing = true;
    work->env->state->cancelling =
        work->env->ending && work->status == napi_cancelled;
}

static void
end(napi_async_work work)
{
    work->env->state->cancelling = false;
    work->completing = false;
    if (work->deleted && !work->listed) {
        free_work(work);
    }
}

static napi_async_work
pop_taken(struct agent *agent)
{
    napi_async_work work = agent->taken;
    agent->taken = work->queue_next;
    work->queue_next = NULL;
    return work;
}

static bool
is_called(napi_async_work work)
{
    return work->complete != NULL && !work->deleted && !work->env->closed;
}

/* Whether the frame of the last completion serves that of the next work. */
static bool
goes_on(napi_env env)
{
    struct agent *agent = env->agent;
    return agent->taken != NULL && frame_renew(env) &&
           agent->taken->env == env && is_called(agent->taken) &&
           !env->ending && !async_is_observed(env->state) &&
           !agent_is_interrupted(agent);
}

static void
call_complete(napi_env env, napi_async_work work)
{
    struct async_moment moment;
    async_before(work->resource, &moment);
    work->complete(env, work->status, work->data);
    async_after(work->resource, &moment);
}

/* arg: the work, and in the end the last one that is not through */
static void
call_completes(napi_env env, void *arg)
{
    napi_async_work *work = arg;
    call_complete(env, *work);
    while (goes_on(env)) {
        end(*work);
        *work = pop_taken(env->agent);
        begin(*work);
        call_complete(env, *work);
    }
}

/* And those behind it, as many as one frame serves. */
static void
finish(napi_async_work work)
{
    begin(work);
    if (is_called(work)) {
        loop_run(work->env, call_completes, &work);
    }
    end(work);
}

/* All that are done, oldest first, behind those that an interrupted turn left. */
static void
take_done(struct agent *agent)
{
    pthread_mutex_lock(&agent->mutex);
    napi_async_work *end = &agent->taken;
    while (*end != NULL) {
        end = &(*end)->queue_next;
    }
    *end = agent->done;
    agent->done = agent->done_tail = NULL;
    pthread_mutex_unlock(&agent->mutex);
}

/* What completes meanwhile waits for the next turn, which it has asked for: a
 * work that queues itself again must not keep others out. */
void
work_dispatch(struct agent *agent)
{
#ifdef NAPI_STRICT
    watch_gather(agent);
#endif
    take_done(agent);
#ifdef NAPI_STRICT
    agent->taken = watch_shuffle(agent, agent->taken);
#endif
    while (agent->taken != NULL) {
        if (agent_is_interrupted(agent)) {
            loop_wake(agent);
            return;
        }
        finish(pop_taken(agent));
    }
}

/* The parent completes them; the addon may queue them again here. */
void
work_forget(struct agent *agent)
{
    agent->taken = agent->done = agent->done_tail = NULL;
    while (agent->works != NULL) {
        agent->works->pooled = false;
        unlink_agent(agent->works);
    }
}

/* === the env's close === */

static size_t
count_works(napi_env env, bool cancel)
{
    size_t count = 0;
    for (napi_async_work work = env->agent->works; work; work = work->next) {
        if (work->env == env) {
            ++count;
            if (cancel && pool_cancel(env->state, work)) {
                work_complete(work, napi_cancelled);
            }
        }
    }
    return count;
}

/* A promise that a referenced threadsafe function may settle is in flight as a
 * work that runs is; but it may as well be that of an endless wait. */
static bool
is_in_flight(napi_env env, double start, double limit, size_t *works)
{
    double passed = loop_now() - start;
    *works = count_works(env, false);
    return *works > 0 ? passed < limit
                      : passed < Py_MIN(PROMISE_SECONDS, limit) &&
                            env->counters[COUNT_DEFERREDS] > 0 &&
                            threadsafe_is_referenced(env);
}

/* false: something was raised that ends the wait */
static bool
wait_once(struct agent *agent)
{
    if (PyErr_CheckSignals() < 0) {
        return false;
    }
    loop_sleep(agent, 0.04);
    __atomic_store_n(&agent->wanted, 0, __ATOMIC_RELAXED);
    work_dispatch(agent);
    threadsafe_dispatch(agent, false);
    if (libuv_has_requests(agent)) {
        libuv_turn(agent);
    }
    if (agent->sticky != NULL) {
        PyErr_SetRaisedException(agent->sticky);
        agent->sticky = NULL;
    }
    return !PyErr_Occurred();
}

/* As Node does, which has no end to it: an addon that never cancels anything
 * may take what was cancelled for what is done, and use what never was made. */
static bool
run_queued(napi_env env, double until)
{
    bool going = true;
    while (going && loop_now() < until &&
           (count_works(env, false) > 0 || libuv_has_requests(env->agent))) {
        going = wait_once(env->agent);
    }
    return going;
}

/* What is queued runs at first. A work that queues itself again would never
 * end: it is cancelled then, too. */
void
work_close(napi_env env)
{
    struct agent *agent = env->agent;
    double start = loop_now(), limit = loop_close_limit();
    size_t left;
    if (!run_queued(env, start + Py_MIN(WORK_SECONDS, limit))) {
        PyErr_WriteUnraisable(NULL);
    }
    env->cancelling = true;
    count_works(env, true);
    while (is_in_flight(env, start, limit, &left) && wait_once(agent)) {
    }
    env->cancelling = false;
    if (left > 0) {
        fprintf(stderr,
                "napi: %zu async works of %s still run, %g s after its "
                "environment began to close; they are left alone\n",
                left, env->filename, limit);
    }
    loop_wake(agent); /* threadsafe functions may be ready, too */
    if (PyErr_Occurred()) {
        PyErr_WriteUnraisable(NULL);
    }
}
