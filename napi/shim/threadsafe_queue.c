/* Node-API chapter "Asynchronous thread-safe function calls": delivery.
 *
 * Only the owner thread is in here, but for push, request and unlock. Items are
 * taken in blocks under one lock where the queue has no limit. The allocation
 * is freed once the function is finalized and no thread holds it. */

#include "threadsafe.h"
#include "track.h"

#define ITEMS_PER_TURN 1000

int
threadsafe_push(napi_threadsafe_function func, void *data)
{
    struct item_block *block = func->tail;
    if (block == NULL || block->end == BLOCK_ITEMS) {
        block = PyMem_RawMalloc(sizeof(*block));
        if (block == NULL) {
            return -1;
        }
        block->next = NULL;
        block->start = block->end = 0;
        if (func->tail != NULL) {
            func->tail->next = block;
        } else {
            func->head = block;
        }
        func->tail = block;
    }
    block->items[block->end++] = data;
    ++func->queued;
    return 0;
}

/* with the agent's mutex held */
static void
unlink_ready(napi_threadsafe_function func)
{
    struct agent *agent = func->agent;
    if (!func->ready) {
        return;
    }
    func->ready = false;
    --agent->ready_count;
    if (func->ready_previous != NULL) {
        func->ready_previous->ready_next = func->ready_next;
    } else {
        agent->ready = func->ready_next;
    }
    if (func->ready_next != NULL) {
        func->ready_next->ready_previous = func->ready_previous;
    } else {
        agent->ready_tail = func->ready_previous;
    }
}

/* with the agent's mutex held */
static void
link_ready(napi_threadsafe_function func)
{
    struct agent *agent = func->agent;
    if (func->ready) {
        return;
    }
    func->ready = true;
    ++agent->ready_count;
    func->ready_next = NULL;
    func->ready_previous = agent->ready_tail;
    if (agent->ready_tail != NULL) {
        agent->ready_tail->ready_next = func;
    } else {
        agent->ready = func;
    }
    agent->ready_tail = func;
}

/* A function that is not waited for and calls nothing of the program's is the
 * addon's housekeeping: it need not wait for a turn. */
static bool
is_housekeeping(napi_threadsafe_function func)
{
    return func->function == NULL &&
           !__atomic_load_n(&func->referenced, __ATOMIC_RELAXED);
}

/* After a wake-up nothing more is to be done until the owner has looked. */
void
threadsafe_request(napi_threadsafe_function func)
{
    struct agent *agent = func->agent;
    pthread_mutex_lock(&agent->mutex);
    link_ready(func);
    pthread_mutex_unlock(&agent->mutex);
    if (is_housekeeping(func)) {
        __atomic_store_n(&agent->housekeeping, 1, __ATOMIC_RELEASE);
    }
    loop_wake(agent);
}

void
threadsafe_unlock(napi_threadsafe_function func)
{
    bool last = func->finalized && func->thread_count == 0 &&
                func->dispatching == 0;
    pthread_mutex_unlock(&func->mutex);
    if (last) {
        struct agent *agent = func->agent;
        pthread_cond_destroy(&func->room);
        pthread_mutex_destroy(&func->mutex);
#ifdef NAPI_STRICT
        func = strict_keep_function(agent->state, func);
#endif
        PyMem_RawFree(func);
        __atomic_sub_fetch(&agent->functions, 1, __ATOMIC_RELEASE);
    }
}

static void
unlink_agent(napi_threadsafe_function func)
{
    struct agent *agent = func->agent;
    pthread_mutex_lock(&agent->mutex);
    unlink_ready(func);
    pthread_mutex_unlock(&agent->mutex);
    if (func->previous != NULL) {
        func->previous->next = func->next;
    } else {
        agent->threadsafe = func->next;
    }
    if (func->next != NULL) {
        func->next->previous = func->previous;
    }
    --agent->interested;
    agent->alive -= func->referenced;
    __atomic_store_n(&func->referenced, false, __ATOMIC_RELAXED);
}

/* with the mutex held */
static void
set_closing(napi_threadsafe_function func)
{
    __atomic_store_n(&func->closing, true, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&func->room);
}

static bool
is_closing(napi_threadsafe_function func)
{
    return __atomic_load_n(&func->closing, __ATOMIC_RELAXED);
}

/* Node only warns of what a callback of an older module throws. */
static void
warn_instead(napi_env env)
{
    PyObject *warn = env->state->callback_warning;
    napi_value ignored;
    if (warn == NULL || env->version >= 10 || env->pending == NULL) {
        return;
    }
    napi_get_and_clear_last_exception(env, &ignored);
    PyObject *done = PyObject_CallNoArgs(warn);
    if (done == NULL) {
        error_from_python(env);
    }
    Py_XDECREF(done);
}

static void
call_finalize(napi_env env, void *arg)
{
    napi_threadsafe_function func = arg;
    func->finalize(env, func->finalize_data, func->context);
    warn_instead(env);
}

/* Takes the mutex at the end and lets it go. */
static void
finalize(napi_threadsafe_function func)
{
    napi_env env = func->env;
    pthread_mutex_lock(&func->mutex);
    set_closing(func);
    func->detached = true;
    pthread_mutex_unlock(&func->mutex);
    unlink_agent(func);
    track_died(env, func);
    cleanup_remove(env, threadsafe_close, func);
    Py_CLEAR(func->function);
    ++func->dispatching;
    if (func->finalize != NULL) {
        loop_run(env, call_finalize, func);
    }
    async_resource_free(func->resource);
    --func->dispatching;
    pthread_mutex_lock(&func->mutex);
    func->finalized = true;
    threadsafe_unlock(func);
    env_release(env);
}

/* === the queue === */

/* Every block in a list has an item. */
static bool
pop_first(struct item_block **first, void **data)
{
    struct item_block *block = *first;
    if (block == NULL) {
        return false;
    }
    *data = block->items[block->start++];
    if (block->start == block->end) {
        *first = block->next;
        PyMem_RawFree(block);
    }
    return true;
}

/* Producers wait for each place of a queue with a limit. */
static bool
pop_limited(napi_threadsafe_function func, void **data)
{
    pthread_mutex_lock(&func->mutex);
    bool found = pop_first(&func->head, data);
    if (func->head == NULL) {
        func->tail = NULL;
    }
    if (found) {
        --func->queued;
        pthread_cond_signal(&func->room);
    }
    pthread_mutex_unlock(&func->mutex);
    return found;
}

/* true and the oldest item; false: there is none */
static bool
pop_item(napi_threadsafe_function func, void **data)
{
    if (func->max_queue_size > 0) {
        return pop_limited(func, data);
    }
    if (func->taken == NULL) {
        pthread_mutex_lock(&func->mutex);
        func->taken = func->head;
        func->head = func->tail = NULL;
        func->queued = 0;
        pthread_mutex_unlock(&func->mutex);
    }
    return pop_first(&func->taken, data);
}

/* === items === */

/* One item, and how many may follow. */
struct delivery {
    napi_threadsafe_function func;
    void *data;
    int left;
};

static void
call_item(napi_env env, napi_threadsafe_function func, void *data)
{
    if (func->call_js != NULL) {
        napi_value handle =
            func->function ? scope_borrow(env, func->function) : NULL;
        func->call_js(env, handle, func->context, data);
    } else {
        PyObject *result =
            function_call(env->state, func->function, UNDEFINED, NULL, 0);
        if (result == NULL) {
            error_from_python(env);
        }
        Py_XDECREF(result);
    }
    warn_instead(env);
}

static bool
is_over(napi_threadsafe_function func)
{
    return is_closing(func) || func->env->closing;
}

/* Whether the frame of the last item serves the next one. */
static bool
goes_on(napi_env env, struct delivery *items)
{
    return items->left > 0 && frame_renew(env) && !is_over(items->func) &&
           !async_is_observed(env->state) &&
           !agent_is_interrupted(env->agent) &&
           pop_item(items->func, &items->data);
}

static void
call_items(napi_env env, void *arg)
{
    struct delivery *items = arg;
    struct async_moment moment;
    async_before(items->func->resource, &moment);
    call_item(env, items->func, items->data);
    while (goes_on(env, items)) {
        --items->left;
        call_item(env, items->func, items->data);
    }
    async_after(items->func->resource, &moment);
}

static void
deliver(struct delivery *items)
{
    napi_threadsafe_function func = items->func;
    --items->left;
    if (!is_over(func)) {
        loop_run(func->env, call_items, items);
    } else if (func->call_js != NULL) {
        func->call_js(NULL, NULL, func->context, items->data);
    }
}

/* === turns === */

/* borrowed; NULL: no function waits for the owner */
static napi_threadsafe_function
pop_ready(struct agent *agent, bool housekeeping)
{
    pthread_mutex_lock(&agent->mutex);
    napi_threadsafe_function func = agent->ready;
    while (func != NULL && housekeeping && !is_housekeeping(func)) {
        func = func->ready_next;
    }
    if (func != NULL) {
        unlink_ready(func);
    }
    pthread_mutex_unlock(&agent->mutex);
    return func;
}

static void
conclude(napi_threadsafe_function func)
{
    pthread_mutex_lock(&func->mutex);
    bool more = func->taken != NULL || func->head != NULL;
    bool done = !more && (is_closing(func) || func->thread_count == 0);
    if (more && !func->requested) {
        func->requested = true;
        threadsafe_request(func);
    }
    pthread_mutex_unlock(&func->mutex);
    if (done) {
        finalize(func);
    }
}

static void
dispatch(napi_threadsafe_function func)
{
    struct delivery items = {func, NULL, ITEMS_PER_TURN};
    pthread_mutex_lock(&func->mutex);
    func->requested = false;
    pthread_mutex_unlock(&func->mutex);
    ++func->dispatching;
    while (items.left > 0 && !agent_is_interrupted(func->agent) &&
           pop_item(func, &items.data)) {
        deliver(&items);
    }
    --func->dispatching;
    if (func->dispatching == 0) {
        conclude(func);
    }
}

/* Those that become ready meanwhile wait for the next turn. */
void
threadsafe_dispatch(struct agent *agent, bool housekeeping)
{
    pthread_mutex_lock(&agent->mutex);
    size_t left = agent->ready_count;
    pthread_mutex_unlock(&agent->mutex);
    for (; left > 0 && !agent_is_interrupted(agent); --left) {
        napi_threadsafe_function func = pop_ready(agent, housekeeping);
        if (func == NULL) {
            return;
        }
        dispatch(func);
    }
    if (left > 0) {
        loop_wake(agent); /* interrupted */
    }
}

bool
threadsafe_is_referenced(napi_env env)
{
    napi_threadsafe_function func = env->agent->threadsafe;
    while (func != NULL && !(func->env == env && func->referenced)) {
        func = func->next;
    }
    return func != NULL;
}

/* Among the env's hooks: producers are told to stop, nothing is freed yet. No
 * turn sees it any more: threadsafe_finish() has its own order. */
void
threadsafe_close(void *arg)
{
    napi_threadsafe_function func = arg;
    pthread_mutex_lock(&func->mutex);
    set_closing(func);
    func->detached = true;
    pthread_mutex_lock(&func->agent->mutex);
    unlink_ready(func);
    pthread_mutex_unlock(&func->agent->mutex);
    pthread_mutex_unlock(&func->mutex);
}

/* What is queued is handed back without an env, as in Node; oldest first. */
void
threadsafe_finish(napi_env env)
{
    napi_threadsafe_function func = env->agent->threadsafe, newer;
    while (func != NULL && func->next != NULL) {
        func = func->next;
    }
    for (; func != NULL; func = newer) {
        struct delivery item = {func, NULL, 1};
        newer = func->previous;
        if (func->env != env || !is_closing(func)) {
            continue;
        }
        for (; pop_item(func, &item.data); item.left = 1) {
            deliver(&item);
        }
        finalize(func);
    }
}

/* Its producers stayed behind in the parent, and so do the items. A producer
 * may have been in the middle of a push: the blocks are not looked at. */
void
threadsafe_forget(struct agent *agent)
{
    agent->ready = agent->ready_tail = NULL;
    agent->ready_count = 0;
    for (napi_threadsafe_function func = agent->threadsafe; func != NULL;
         func = func->next) {
        pthread_mutex_init(&func->mutex, NULL);
        pthread_cond_init(&func->room, NULL);
        func->taken = func->head = func->tail = NULL;
        func->queued = 0;
        func->ready = func->requested = false;
        agent->alive -= func->referenced;
        func->referenced = false;
    }
}
