/* Node-API chapter "Asynchronous thread-safe function calls".
 *
 * Producers take the mutex only, never the GIL. The owner thread delivers at
 * its next safe point; waking a loop that sleeps is not here yet. The
 * allocation is freed once the function is finalized and no thread holds it. */

#include "shim.h"

#include <pthread.h>

#define ITEMS_PER_TURN 1000

struct item {
    struct item *next;
    void *data;
};

struct napi_threadsafe_function__ {
    napi_env env;         /* retained; owner thread only */
    struct agent *agent;  /* borrowed */
    struct napi_threadsafe_function__ *next, *previous; /* agent list */
    PyObject *function;   /* owned or NULL */
    void *context;
    napi_threadsafe_function_call_js call_js; /* NULL: call with nothing */
    napi_finalize finalize;
    void *finalize_data;
    size_t max_queue_size; /* 0: no limit */
    bool referenced;       /* keeps napi.run() alive; owner thread only */
    bool finalized;        /* owner thread only */
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t room;
    struct item *head, *tail;
    size_t queued, thread_count;
    bool closing;
};

/* with the mutex held */
static void
request_dispatch(napi_threadsafe_function func)
{
    __atomic_store_n(&func->agent->wanted, 1, __ATOMIC_RELEASE);
}

/* unlocks and, when nobody holds it any more, frees */
static void
unlock(napi_threadsafe_function func)
{
    bool last = func->finalized && func->thread_count == 0;
    pthread_mutex_unlock(&func->mutex);
    if (last) {
        pthread_cond_destroy(&func->room);
        pthread_mutex_destroy(&func->mutex);
        PyMem_RawFree(func);
    }
}

static void
finalize(napi_threadsafe_function func)
{
    napi_env env = func->env;
    struct agent *agent = func->agent;
    if (func->previous != NULL) {
        func->previous->next = func->next;
    } else {
        agent->threadsafe = func->next;
    }
    if (func->next != NULL) {
        func->next->previous = func->previous;
    }
    Py_CLEAR(func->function);
    napi_finalize callback = func->finalize;
    void *data = func->finalize_data, *context = func->context;
    pthread_mutex_lock(&func->mutex);
    func->closing = func->finalized = true;
    pthread_cond_broadcast(&func->room);
    unlock(func);
    if (callback != NULL &&
        finalizer_post(env, callback, data, context) < 0) {
        PyErr_WriteUnraisable(NULL);
    }
    env_release(env);
}

/* the oldest item, owned by the caller; NULL: the queue is empty */
static struct item *
pop_item(napi_threadsafe_function func, bool *closing)
{
    pthread_mutex_lock(&func->mutex);
    struct item *item = func->head;
    if (item != NULL) {
        func->head = item->next;
        if (func->head == NULL) {
            func->tail = NULL;
        }
        --func->queued;
        pthread_cond_signal(&func->room);
    }
    *closing = func->closing;
    pthread_mutex_unlock(&func->mutex);
    return item;
}

static void
call_default(napi_env env, PyObject *function)
{
    PyObject *result =
        function_call(env->state, function, UNDEFINED, NULL, 0);
    if (result == NULL) {
        error_from_python(env);
    }
    Py_XDECREF(result);
}

/* An exception that a callback leaves is an uncaught one. */
static void
deliver(napi_threadsafe_function func, void *data, bool closing)
{
    napi_env env = func->env;
    if (closing || env->closing) {
        if (func->call_js != NULL) {
            func->call_js(NULL, NULL, func->context, data);
        }
        return;
    }
    struct frame frame;
    if (!frame_open(env, &frame)) {
        PyErr_WriteUnraisable(func->function);
        return;
    }
    if (func->call_js == NULL) {
        call_default(env, func->function);
    } else {
        napi_value handle =
            func->function ? scope_borrow(env, func->function) : NULL;
        func->call_js(env, handle, func->context, data);
    }
    PyObject *result = frame_close(env, &frame, NULL);
    if (result == NULL) {
        PyErr_WriteUnraisable(NULL);
    }
    Py_XDECREF(result);
}

static void
dispatch(napi_threadsafe_function func)
{
    bool closing = false;
    for (int turn = 0; turn < ITEMS_PER_TURN; ++turn) {
        struct item *item = pop_item(func, &closing);
        if (item == NULL) {
            break;
        }
        void *data = item->data;
        PyMem_RawFree(item);
        deliver(func, data, closing);
    }
    pthread_mutex_lock(&func->mutex);
    bool more = func->head != NULL;
    bool done = !more && (func->closing || func->thread_count == 0);
    if (more) {
        request_dispatch(func);
    }
    pthread_mutex_unlock(&func->mutex);
    if (done) {
        finalize(func);
    }
}

void
threadsafe_dispatch(struct agent *agent)
{
    napi_threadsafe_function func = agent->threadsafe;
    while (func != NULL) {
        napi_threadsafe_function next = func->next;
        dispatch(func);
        func = next;
    }
}

void
threadsafe_close(napi_env env)
{
    napi_threadsafe_function func = env->agent->threadsafe;
    while (func != NULL) {
        napi_threadsafe_function next = func->next;
        if (func->env == env) {
            bool closing;
            struct item *item;
            pthread_mutex_lock(&func->mutex);
            func->closing = true;
            pthread_mutex_unlock(&func->mutex);
            while ((item = pop_item(func, &closing)) != NULL) {
                deliver(func, item->data, true);
                PyMem_RawFree(item);
            }
            finalize(func);
        }
        func = next;
    }
}

static napi_status
check_function(napi_env env, napi_value func,
               napi_threadsafe_function_call_js call_js_cb)
{
    if (func == NULL) {
        CHECK(env, call_js_cb != NULL, napi_invalid_arg);
        return napi_ok;
    }
    CHECK_ARG(env, func);
    CHECK(env, function_is(env->state, value_of(env, func)),
          napi_invalid_arg);
    return napi_ok;
}

/* napi_ok and nothing kept: the name must be coercible to a string */
static napi_status
check_resource(napi_env env, napi_value resource, napi_value name)
{
    if (resource != NULL) {
        PyObject *target;
        napi_status status = property_target(env, resource, &target);
        if (status != napi_ok) {
            return status;
        }
    }
    PyObject *text = coerce_to_string(env->state, value_of(env, name));
    if (text == NULL) {
        PyErr_Clear(); /* Node leaves nothing pending here */
        return error_set(env, napi_string_expected);
    }
    Py_DECREF(text);
    return napi_ok;
}

static void
link_agent(napi_threadsafe_function func)
{
    func->next = func->agent->threadsafe;
    if (func->next != NULL) {
        func->next->previous = func;
    }
    func->agent->threadsafe = func;
}

/* Node-API v4. */
napi_status NAPI_CDECL
napi_create_threadsafe_function(
    napi_env env, napi_value func, napi_value async_resource,
    napi_value async_resource_name, size_t max_queue_size,
    size_t initial_thread_count, void *thread_finalize_data,
    napi_finalize thread_finalize_cb, void *context,
    napi_threadsafe_function_call_js call_js_cb,
    napi_threadsafe_function *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, async_resource_name);
    CHECK(env, initial_thread_count > 0, napi_invalid_arg);
    CHECK_ARG(env, result);
    napi_status status = check_function(env, func, call_js_cb);
    if (status == napi_ok) {
        status = check_resource(env, async_resource, async_resource_name);
    }
    if (status != napi_ok) {
        return status;
    }
    napi_threadsafe_function made = PyMem_RawCalloc(1, sizeof(*made));
    CHECK_PY(env, made != NULL || PyErr_NoMemory());
    made->env = env;
    made->agent = env->agent;
    made->function = func ? Py_NewRef(value_of(env, func)) : NULL;
    made->context = context;
    made->call_js = call_js_cb;
    made->finalize = thread_finalize_cb;
    made->finalize_data = thread_finalize_data;
    made->max_queue_size = max_queue_size;
    made->thread_count = initial_thread_count;
    made->referenced = true;
    pthread_mutex_init(&made->mutex, NULL);
    pthread_cond_init(&made->room, NULL);
    env_retain(env);
    link_agent(made);
    *result = made;
    return error_clear(env);
}

/* Node-API v4. */
napi_status NAPI_CDECL
napi_get_threadsafe_function_context(napi_threadsafe_function func,
                                     void **result)
{
    if (func == NULL || result == NULL) {
        return napi_invalid_arg;
    }
    *result = func->context;
    return napi_ok;
}

/* with the mutex held: napi_ok, or what the caller is told */
static napi_status
wait_for_room(napi_threadsafe_function func,
              napi_threadsafe_function_call_mode mode)
{
    while (func->max_queue_size > 0 && func->queued >= func->max_queue_size &&
           !func->closing) {
        if (mode == napi_tsfn_nonblocking) {
            return napi_queue_full;
        }
        if (func->agent->thread == PyThread_get_thread_ident()) {
            return napi_would_deadlock;
        }
        pthread_cond_wait(&func->room, &func->mutex);
    }
    return napi_ok;
}

/* Node-API v4. Any thread, without the GIL. */
napi_status NAPI_CDECL
napi_call_threadsafe_function(napi_threadsafe_function func, void *data,
                              napi_threadsafe_function_call_mode is_blocking)
{
    if (func == NULL) {
        return napi_invalid_arg;
    }
    struct item *item = PyMem_RawMalloc(sizeof(*item));
    if (item == NULL) {
        return napi_generic_failure;
    }
    *item = (struct item){NULL, data};
    pthread_mutex_lock(&func->mutex);
    napi_status status = wait_for_room(func, is_blocking);
    if (status == napi_ok && func->closing) {
        status = func->thread_count > 0 ? napi_closing : napi_invalid_arg;
        func->thread_count -= func->thread_count > 0;
    } else if (status == napi_ok) {
        if (func->tail != NULL) {
            func->tail->next = item;
        } else {
            func->head = item;
        }
        func->tail = item;
        ++func->queued;
        item = NULL;
        request_dispatch(func);
    }
    unlock(func);
    PyMem_RawFree(item);
    return status;
}

/* Node-API v4. Any thread. */
napi_status NAPI_CDECL
napi_acquire_threadsafe_function(napi_threadsafe_function func)
{
    if (func == NULL) {
        return napi_invalid_arg;
    }
    pthread_mutex_lock(&func->mutex);
    napi_status status = func->closing ? napi_closing : napi_ok;
    func->thread_count += status == napi_ok;
    pthread_mutex_unlock(&func->mutex);
    return status;
}

/* Node-API v4. Any thread. */
napi_status NAPI_CDECL
napi_release_threadsafe_function(napi_threadsafe_function func,
                                 napi_threadsafe_function_release_mode mode)
{
    if (func == NULL) {
        return napi_invalid_arg;
    }
    pthread_mutex_lock(&func->mutex);
    napi_status status = napi_ok;
    if (func->thread_count == 0) {
        status = napi_invalid_arg;
    } else {
        --func->thread_count;
        if (func->thread_count == 0 || mode == napi_tsfn_abort) {
            func->closing = func->closing || mode == napi_tsfn_abort;
            pthread_cond_broadcast(&func->room);
            request_dispatch(func);
        }
    }
    unlock(func);
    return status;
}

/* Node-API v4. Idempotent. */
napi_status NAPI_CDECL
napi_unref_threadsafe_function(node_api_basic_env basic_env,
                               napi_threadsafe_function func)
{
    (void)basic_env;
    if (func == NULL) {
        return napi_invalid_arg;
    }
    func->referenced = false;
    return napi_ok;
}

/* Node-API v4. Idempotent. */
napi_status NAPI_CDECL
napi_ref_threadsafe_function(node_api_basic_env basic_env,
                             napi_threadsafe_function func)
{
    (void)basic_env;
    if (func == NULL) {
        return napi_invalid_arg;
    }
    func->referenced = true;
    return napi_ok;
}
