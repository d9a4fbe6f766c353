/* Node-API chapter "Environment life cycle APIs": envs and frames.
 *
 * Addon code runs only between frame_open and frame_close: on the env's own
 * thread, with no Python exception raised, and never inside a dealloc. When
 * the last frame of a thread closes, microtasks and finalizers run. */

#include "shim.h"
#include "track.h"

/* KeyboardInterrupt and SystemExit come out even if the addon cleared them. */
static PyObject * /* steals and returns result; NULL: raised */
raise_sticky(struct agent *agent, PyObject *result)
{
    PyObject *sticky = agent->sticky;
    agent->sticky = NULL;
    PyObject *raised = PyErr_GetRaisedException();
    Py_XDECREF(raised);
    Py_XDECREF(result);
    PyErr_SetRaisedException(sticky);
    return NULL;
}

PyObject *
env_leave(napi_env env, PyObject *result)
{
    struct agent *agent = env->agent;
    if (env->adopted != NULL || env->lent != NULL) {
        view_drop_adopted(env);
    }
    if (PySet_GET_SIZE(env->state->pinned) > 0) {
        finalizer_sweep(env->state);
    }
#ifdef NAPI_STRICT
    watch_collect(env->state);
#endif
    if (agent_has_work(agent)) {
        agent_drain(agent);
    }
    if (agent->uv != NULL) {
        libuv_leave(agent);
    }
    if (agent->interested) {
        loop_attach(agent);
    }
    if (agent->sticky != NULL) {
        result = raise_sticky(agent, result);
    }
#ifdef NAPI_STRICT
    result = strict_leave(env, result);
#endif
    return result;
}

/* A daemon thread ends there without a word, as one ends that the interpreter
 * itself does not wait for. */
static bool
refuse_frame(napi_env env)
{
    if (agent_is_left_over(env->state)) {
        PyErr_SetNone(PyExc_SystemExit);
    } else if (env->closed) {
        error_raise(env->state, "Error", "ERR_NAPI_ENV_CLOSED",
                    "the environment of this addon is closed");
    } else {
        error_raise(env->state, "WrongThreadError", NULL,
                    "this addon was loaded on another thread; load it on this "
                    "thread too (napi.load(path, fresh=True))");
    }
    return false;
}

bool
frame_open(napi_env env, struct frame *frame)
{
    if (env->closed || env->agent->thread != PyThread_get_thread_ident()) {
        return refuse_frame(env);
    }
    if (Py_EnterRecursiveCall(" in a native function")) {
        return false;
    }
    if (env->agent->queue_head != NULL && env->agent->depth == 0) {
        agent_drain(env->agent); /* deaths since the last call */
    }
    if (env->agent->uv != NULL && env->agent->depth == 0) {
        libuv_enter(env->agent);
    }
    if (env->stale_end != 0) {
        scope_settle(env);
    }
#ifdef NAPI_STRICT
    frame->began = watch_begin(env);
    frame->callback = NULL;
#endif
    frame->frame_top = env->frame_top;
    frame->open_scopes = env->open_scopes;
    env->frame_top = env->top;
    env->open_scopes = 0;
    ++env->agent->depth;
    return true;
}

PyObject *
frame_close(napi_env env, struct frame *frame, napi_value result)
{
    PyObject *value = NULL;
    if (env->pending == NULL) {
        value = result == NULL ? UNDEFINED : scope_result(env, result);
        if (value == NULL) {
            value = UNDEFINED;
        }
        Py_INCREF(value);
    }
#ifdef NAPI_STRICT
    strict_return(env, true, result);
    watch_frame(env, frame);
#endif
    env->stale_end = 0;
    scope_drop(env, env->frame_top);
    env->frame_top = frame->frame_top;
    env->open_scopes = frame->open_scopes;
    Py_LeaveRecursiveCall();
    if (env->pending != NULL) {
        error_to_python(env);
    }
    if (--env->agent->depth == 0) {
        value = env_leave(env, value);
    }
    return value;
}

bool
frame_renew(napi_env env)
{
#ifdef NAPI_STRICT
    (void)env;
    return false; /* each call is looked at */
#else
    struct agent *agent = env->agent;
    env->stale_end = 0;
    scope_drop(env, env->frame_top);
    env->open_scopes = 0;
    return env->pending == NULL && agent->depth == 1 && agent->uv == NULL &&
           agent->sticky == NULL && env->adopted == NULL &&
           env->lent == NULL && !env->closed &&
           PySet_GET_SIZE(env->state->pinned) == 0 && !agent_has_work(agent);
#endif
}

PyObject *
env_call(napi_env env, napi_callback callback, napi_callback_info info)
{
    struct frame frame;
    if (!frame_open(env, &frame)) {
        return NULL;
    }
#ifdef NAPI_STRICT
    frame.callback = (const void *)(uintptr_t)callback;
#endif
    error_clear(env); /* a callback does not see the error of another one */
#ifdef NAPI_STRICT
    napi_callback_info copy = strict_copy_info(info);
    struct strict_callback running = {copy ? copy : info,
                                      env->strict->callback};
    env->strict->callback = &running;
    napi_value result = callback(env, running.info);
    env->strict->callback = running.outer;
    strict_drop_info(env, copy);
    return frame_close(env, &frame, result);
#else
    return frame_close(env, &frame, callback(env, info));
#endif
}

/* 0 or -1 raised; target.method(<our function>), steals target */
static int
subscribe(struct shim_state *state, PyObject *target, const char *method,
          const char *function)
{
    PyObject *ours =
        target ? PyObject_GetAttrString(state->module, function) : NULL;
    PyObject *done =
        ours ? PyObject_CallMethod(target, method, "O", ours) : NULL;
    Py_XDECREF(target);
    Py_XDECREF(ours);
    Py_XDECREF(done);
    return done != NULL ? 0 : -1;
}

/* To close what is open at exit, and to know when the collector is at work. */
static int
subscribe_all(struct shim_state *state)
{
    PyObject *gc = PyImport_ImportModule("gc");
    PyObject *callbacks = gc ? PyObject_GetAttrString(gc, "callbacks") : NULL;
    Py_XDECREF(gc);
    if (subscribe(state, callbacks, "append", "watch_collector") < 0) {
        return -1;
    }
    PyObject *os = PyImport_ImportModule("os");
    PyObject *fork =
        os ? PyObject_GetAttrString(os, "register_at_fork") : NULL;
    PyObject *ours = PyObject_GetAttrString(state->module, "after_fork");
    PyObject *names = ours ? Py_BuildValue("{s:O}", "after_in_child", ours)
                           : NULL;
    PyObject *none = PyTuple_New(0);
    PyObject *done =
        fork && names && none ? PyObject_Call(fork, none, names) : NULL;
    Py_XDECREF(os);
    Py_XDECREF(fork);
    Py_XDECREF(ours);
    Py_XDECREF(names);
    Py_XDECREF(none);
    Py_XDECREF(done);
    return done == NULL
               ? -1
               : subscribe(state, PyImport_ImportModule("atexit"), "register",
                           "close_all");
}

napi_env
env_new(struct shim_state *state, const char *path, int32_t version)
{
    struct agent *agent = agent_current(state);
    if (agent == NULL ||
        (!state->subscribed && subscribe_all(state) < 0)) {
        return NULL;
    }
    state->subscribed = true;
    napi_env env = PyMem_Calloc(1, sizeof(*env));
    char *filename = env ? PyMem_Malloc(strlen(path) + 1) : NULL;
    if (filename == NULL) {
        PyMem_Free(env);
        PyErr_NoMemory();
        return NULL;
    }
    strcpy(filename, path);
    env->filename = filename;
    env->state = state;
    env->agent = agent;
    ++agent->uses;
    env->version = version;
    env->refcount = 1;
    env->frame_top = NO_FRAME;
    env->next = state->envs;
    if (state->envs != NULL) {
        state->envs->previous = env;
    }
    state->envs = env;
    Py_INCREF(state->module);
#ifdef NAPI_STRICT
    env->id = ++state->last_env_id;
    if (!strict_env_new(env)) {
        env_close(env);
        return NULL;
    }
#endif
    return env;
}

void
env_retain(napi_env env)
{
    ++env->refcount;
}

void
env_release(napi_env env)
{
    if (--env->refcount > 0) {
        return;
    }
    --env->agent->uses;
    Py_XDECREF(env->loaded);
    PyMem_Free(env->arena);
#ifdef NAPI_STRICT
    strict_env_free(env);
    if (strict_keep_env(env)) {
        return;
    }
#endif
    PyMem_Free(env->filename);
    PyMem_Free(env);
}

/* An addon that owes promises and has a busy libuv loop as the process ends is
 * in the middle of things: Node gets there by process.exit() only, which has no
 * finalizers. Those of what is in use would reject the promises, and fail. */
static bool
is_in_the_middle(napi_env env)
{
    return env->state->exit_thread != 0 &&
           env->counters[COUNT_DEFERREDS] > 0 && libuv_is_alive(env->agent);
}

static void
run_finalizers(napi_env env)
{
    while (env->finalizing != NULL) {
        if (env->cut_off) {
            reference_free(env->finalizing);
        } else {
            finalizer_end(env->finalizing);
        }
    }
    while (env->references != NULL) {
        reference_free(env->references);
    }
}

static void
unlink_env(napi_env env)
{
    if (env->previous != NULL) {
        env->previous->next = env->next;
    } else {
        env->state->envs = env->next;
    }
    if (env->next != NULL) {
        env->next->previous = env->previous;
    }
}

/* The descriptor of a thread's last env is closed. */
static void
leave_agent(struct agent *agent)
{
    for (napi_env env = agent->state->envs; env != NULL; env = env->next) {
        if (env->agent == agent) {
            return;
        }
    }
    if (agent->uv != NULL) {
        libuv_close_loop(agent);
    }
    if (agent->interested == 0) {
        loop_close(agent);
    }
}

bool
env_is_busy(napi_env env)
{
    return env->frame_top != NO_FRAME;
}

int
env_is_foreign(napi_env env)
{
    unsigned long owner = env->agent->thread;
    if (owner == PyThread_get_thread_ident()) {
        return 0;
    }
    PyObject *ask = PySys_GetObject("_current_frames"); /* of living threads */
    PyObject *frames = ask ? PyObject_CallNoArgs(ask) : NULL;
    PyObject *key = frames ? PyLong_FromUnsignedLong(owner) : NULL;
    int found = key ? PyDict_Contains(frames, key) : -1;
    Py_XDECREF(frames);
    Py_XDECREF(key);
    return found;
}

static void
tear_down(napi_env env)
{
    env->ending = true;
    work_close(env);
    env->cut_off = is_in_the_middle(env);
    env->closing = true;
    env->blocked = !env->cut_off;
    env->state->cancelling = env->cut_off;
    env->frame_top = 0;
    cleanup_run(env);
    env->state->cancelling = false;
    run_finalizers(env);
    env->closed = true;
    track_env_end(env);
    scope_drop(env, 0);
    Py_CLEAR(env->pending);
    Py_CLEAR(env->adopted);
    Py_CLEAR(env->lent);
}

/* Producers ask whether they are the owner, without the GIL. */
static void
set_owner(struct agent *agent, unsigned long thread)
{
    __atomic_store_n(&agent->thread, thread, __ATOMIC_RELAXED);
}

/* Async work completes while JavaScript can still be called: what was begun in
 * a program without a loop ends as under one, and many addons cannot bear a
 * refusal there. Then hooks and threadsafe functions, then finalizers; the
 * newest first. This thread stands in for the owner, which is it or has ended. */
void
env_close(napi_env env)
{
    if (env->ending) {
        return;
    }
    struct agent *agent = env->agent;
    unsigned long owner = agent->thread;
    PyObject *raised = PyErr_GetRaisedException();
    set_owner(agent, PyThread_get_thread_ident());
    ++agent->depth;
    tear_down(env);
    --agent->depth;
    if (env->cut_off) {
        libuv_abandon(agent); /* its handles are still open, and call back */
    } else if (agent->uv != NULL) {
        libuv_settle(agent);
    }
    unlink_env(env);
    leave_agent(agent);
    set_owner(agent, owner);
    PyObject *module = env->state->module;
    env_release(env);
    Py_DECREF(module);
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

/* Node-API v6. The old data is not finalized. */
napi_status NAPI_CDECL
napi_set_instance_data(node_api_basic_env basic_env, void *data,
                       napi_finalize finalize_cb, void *finalize_hint)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    napi_ref holder = reference_new(env, NULL, 0, false, finalize_cb, data,
                                    finalize_hint);
    CHECK_PY(env, holder != NULL);
    if (env->instance_data != NULL) {
        reference_free(env->instance_data);
    }
    env->instance_data = holder;
    return error_clear(env);
}

/* Node-API v6. */
napi_status NAPI_CDECL
napi_get_instance_data(node_api_basic_env basic_env, void **data)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, data);
    *data = env->instance_data ? env->instance_data->data : NULL;
    return error_clear(env);
}

/* Node-API v9. A file:// URL; empty for an addon that has no file. */
napi_status NAPI_CDECL
node_api_get_module_file_name(node_api_basic_env basic_env,
                              const char **result)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    *result = env->filename;
    return error_clear(env);
}
