/* Node-API chapter "Asynchronous thread-safe function calls": what addons call.
 *
 * Producers take the mutex of the function only, never the GIL. Items reach the
 * owner in turns of its event loop, see threadsafe_queue.c. */

#include "threadsafe.h"
#include "track.h"

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

static void
link_agent(napi_threadsafe_function func)
{
    func->next = func->agent->threadsafe;
    if (func->next != NULL) {
        func->next->previous = func;
    }
    func->agent->threadsafe = func;
    __atomic_add_fetch(&func->agent->functions, 1, __ATOMIC_RELAXED);
    ++func->agent->alive;
    ++func->agent->interested;
    func->agent->exits = 0; /* look for a loop at the next exit */
}

static int
begin(napi_threadsafe_function func)
{
    if (loop_open(func->agent) < 0 ||
        cleanup_add(func->env, threadsafe_close, func) < 0) {
        return -1;
    }
    pthread_mutex_init(&func->mutex, NULL);
    pthread_cond_init(&func->room, NULL);
    env_retain(func->env);
    link_agent(func);
    return 0;
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
    struct async_resource *resource = NULL;
    napi_status status = check_function(env, func, call_js_cb);
    if (status == napi_ok) {
        status = async_resource_new(env, async_resource, async_resource_name,
                                    &resource);
    }
    if (status != napi_ok) {
        return status;
    }
    napi_threadsafe_function made = PyMem_RawCalloc(1, sizeof(*made));
    if (made == NULL) {
        async_resource_free(resource);
        PyErr_NoMemory();
        return error_from_python(env);
    }
    made->env = env;
    made->resource = resource;
    made->agent = env->agent;
    made->function = func ? Py_NewRef(value_of(env, func)) : NULL;
    made->context = context;
    made->call_js = call_js_cb;
    made->finalize = thread_finalize_cb;
    made->finalize_data = thread_finalize_data;
    made->max_queue_size = max_queue_size;
    made->thread_count = initial_thread_count;
    made->referenced = true;
    if (begin(made) < 0) {
        async_resource_free(resource);
        Py_XDECREF(made->function);
        PyMem_RawFree(made);
        return error_from_python(env);
    }
    track_born(env, TRACK_THREADSAFE, made);
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
        if (__atomic_load_n(&func->agent->thread, __ATOMIC_RELAXED) ==
            PyThread_get_thread_ident()) {
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
    pthread_mutex_lock(&func->mutex);
    napi_status status = wait_for_room(func, is_blocking);
    if (status == napi_ok && func->closing) {
        status = func->thread_count > 0 ? napi_closing : napi_invalid_arg;
        func->thread_count -= func->thread_count > 0;
    } else if (status == napi_ok && threadsafe_push(func, data) < 0) {
        status = napi_generic_failure;
    } else if (status == napi_ok && !func->requested) {
        func->requested = true;
        threadsafe_request(func);
    }
    threadsafe_unlock(func);
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
            if (mode == napi_tsfn_abort) {
                __atomic_store_n(&func->closing, true, __ATOMIC_RELAXED);
            }
            pthread_cond_broadcast(&func->room);
            if (!func->detached) {
                threadsafe_request(func);
            }
        }
    }
    threadsafe_unlock(func);
    return status;
}

/* Owner thread only, as in Node. */
static napi_status
set_referenced(napi_threadsafe_function func, bool referenced)
{
    if (func == NULL) {
        return napi_invalid_arg;
    }
    if (!func->detached && func->referenced != referenced) {
        func->agent->alive += referenced ? 1 : (size_t)-1;
        __atomic_store_n(&func->referenced, referenced, __ATOMIC_RELAXED);
    }
    return napi_ok;
}

/* Node-API v4. Idempotent. */
napi_status NAPI_CDECL
napi_unref_threadsafe_function(node_api_basic_env basic_env,
                               napi_threadsafe_function func)
{
    (void)basic_env;
    return set_referenced(func, false);
}

/* Node-API v4. Idempotent. */
napi_status NAPI_CDECL
napi_ref_threadsafe_function(node_api_basic_env basic_env,
                             napi_threadsafe_function func)
{
    (void)basic_env;
    return set_referenced(func, true);
}
