/* Node-API chapter "Object lifetime management": finalizers.
 *
 * A death signal only queues; the queue is drained at a safe point (depth 0),
 * never inside a dealloc. A finalizer runs exactly once: either here or, for
 * what is still alive, when the env closes. */

#include "shim.h"
#include "track.h"

/* Runs in the main thread between two bytecodes, soon after the death. */
static int
drain_pending(void *arg)
{
    struct agent *agent = arg;
    agent->scheduled = false;
    if (agent->depth == 0 && agent->thread == PyThread_get_thread_ident()) {
        agent_drain(agent);
    }
    return 0;
}

void
finalizer_queue(napi_ref reference)
{
    struct agent *agent = reference->env->agent;
    if (reference->queued) {
        return;
    }
    reference->queued = true;
    reference->queue_next = NULL;
    reference->queue_previous = agent->queue_tail;
    if (agent->queue_tail != NULL) {
        agent->queue_tail->queue_next = reference;
    } else {
        agent->queue_head = reference;
    }
    agent->queue_tail = reference;
}

/* A finalizer runs at once where Python code lets the last reference go, as
 * __del__ does. Within a collection it waits: the garbage that it could reach
 * is half cleared. */
void
finalizer_settle(struct shim_state *state)
{
    for (struct agent *agent = state->agents; agent; agent = agent->next) {
        if (agent->queue_head == NULL || agent->depth > 0) {
            continue;
        }
        if (!state->collecting &&
            agent->thread == PyThread_get_thread_ident()) {
            agent_drain(agent);
        } else if (!agent->scheduled) {
            agent->scheduled = Py_AddPendingCall(drain_pending, agent) == 0;
        }
    }
}

void
finalizer_unqueue(napi_ref reference)
{
    struct agent *agent = reference->env->agent;
    if (!reference->queued) {
        return;
    }
    reference->queued = false;
    if (reference->queue_previous != NULL) {
        reference->queue_previous->queue_next = reference->queue_next;
    } else {
        agent->queue_head = reference->queue_next;
    }
    if (reference->queue_next != NULL) {
        reference->queue_next->queue_previous = reference->queue_previous;
    } else {
        agent->queue_tail = reference->queue_previous;
    }
}

/* What a finalizer leaves pending is an uncaught exception. */
static void
report_pending(napi_env env)
{
    if (env->pending != NULL) {
        error_to_python(env);
        agent_report(env->agent);
    }
}

/* Modules of the experimental version promise not to touch the heap in a
 * finalizer. The strict build reports those that do; in a JavaScript program
 * they end the process, as in Node. Elsewhere it does no harm: no collection
 * is under way. */
static bool
is_guarded(napi_env env)
{
#ifdef NAPI_STRICT
    return env->version == INT32_MAX;
#else
    return env->version == INT32_MAX && env->state->guards_finalizers;
#endif
}

void
finalizer_breach(napi_env env, const char *function)
{
    if (env->state->guards_finalizers) {
        napi_fatal_error(
            function, NAPI_AUTO_LENGTH,
            "Finalizer is calling a function that may affect GC state.\n"
            "It was called for a dying object of a module that asked for the "
            "experimental version.\n"
            "What needs the heap belongs into node_api_post_finalizer().",
            NAPI_AUTO_LENGTH);
    }
#ifdef NAPI_STRICT
    strict_report(env, "heap-in-finalizer",
                  "called from a finalizer: it may affect the heap");
#endif
}

/* A full arena makes scope_push() ask for room: what makes a value is found
 * out without a test in each function. */
static void
guard(napi_env env)
{
    env->in_finalizer = env->blocked = true;
    env->withheld = env->capacity - env->top;
    env->capacity = env->top;
}

static void
unguard(napi_env env)
{
    env->capacity += env->withheld;
    env->withheld = 0;
    env->in_finalizer = false;
}

static void
call_finalizer(napi_env env, napi_finalize finalize, void *data, void *hint,
               bool is_basic)
{
    size_t top = env->top, frame_top = env->frame_top;
    size_t open_scopes = env->open_scopes;
    env->frame_top = top;
    env->open_scopes = 0;
    if (is_basic && is_guarded(env)) {
        guard(env);
    }
    finalize(env, data, hint);
    if (env->in_finalizer) {
        unguard(env);
    }
    env->blocked = env->pending != NULL || env->closing;
#ifdef NAPI_STRICT
    strict_return(env, false, NULL);
#endif
    scope_drop(env, top);
    env->frame_top = frame_top;
    env->open_scopes = open_scopes;
    report_pending(env);
}

/* The finalizer may delete its own reference: it is not touched afterwards
 * where the addon owns it. */
void
finalizer_run(napi_ref reference)
{
    napi_env env = reference->env;
    napi_finalize finalize = reference->finalize;
    void *data = reference->data, *hint = reference->hint;
    bool is_basic = reference->queued && !reference->posted;
    finalizer_unqueue(reference);
    reference_spend(reference);
    if (!reference->user_owned) {
        reference_free(reference);
    }
    if (finalize != NULL) {
        env_retain(env);
        call_finalizer(env, finalize, data, hint, is_basic);
        env_release(env);
    }
}

/* The object lives on, but not what it points to: nobody reaches that any more,
 * as Node detaches its buffers. false: Python has an export of it. */
static bool
let_go(napi_ref reference)
{
    PyObject *value = reference->value;
    struct shim_state *state = reference->env->state;
    if (value == NULL) {
        return true;
    }
    if (Py_TYPE(value) == state->external_type) {
        struct js_external *external = (struct js_external *)value;
        if (external->data == reference->data) {
            external->data = NULL;
        }
    } else if (arraybuffer_is(state, value) ||
               arraybuffer_is_shared(state, value)) {
        struct js_arraybuffer *buffer = (struct js_arraybuffer *)value;
        if (buffer->external && buffer->data == reference->data) {
            if (buffer->exports > 0) {
                return false;
            }
            arraybuffer_detach(state, buffer);
        }
    }
    return true;
}

/* At the end of its env. Memory that Python has an export of stays for good. */
void
finalizer_end(napi_ref reference)
{
    if (let_go(reference)) {
        finalizer_run(reference);
    } else {
        reference_free(reference);
    }
}

int
finalizer_post(napi_env env, napi_finalize finalize, void *data, void *hint)
{
    napi_ref reference =
        reference_new(env, NULL, 0, false, finalize, data, hint);
    if (reference == NULL) {
        return -1;
    }
    reference->posted = true;
    finalizer_queue(reference);
    return 0;
}

/* Node-API v5. Independent of wraps; any number for one object. */
napi_status NAPI_CDECL
napi_add_finalizer(napi_env env, napi_value js_object, void *finalize_data,
                   napi_finalize finalize_cb, void *finalize_hint,
                   napi_ref *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, js_object);
    CHECK_ARG(env, finalize_cb);
    PyObject *object = value_of(env, js_object);
    CHECK(env, compare_is_object(env->state, object), napi_invalid_arg);
    napi_ref reference = reference_new(env, object, 0, result != NULL,
                                       finalize_cb, finalize_data,
                                       finalize_hint);
    CHECK_PY(env, reference != NULL);
    track_born(env, TRACK_FINALIZER, reference);
    if (result != NULL) {
        *result = reference;
    }
    return error_clear(env);
}

/* Experimental. Runs at the next safe point, where the heap may be used. */
napi_status NAPI_CDECL
node_api_post_finalizer(node_api_basic_env basic_env,
                        napi_finalize finalize_cb, void *finalize_data,
                        void *finalize_hint)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    if (finalize_cb == NULL) {
        return error_clear(env); /* nothing to run: fine with Node */
    }
    CHECK_PY(env, finalizer_post(env, finalize_cb, finalize_data,
                                 finalize_hint) == 0);
    return error_clear(env);
}

/* Those of modules of the experimental version: in V8 they run within the
 * collection, before the function that asked for it returns. */
void
finalizer_run_basic(struct agent *agent)
{
    napi_ref reference = agent->queue_head;
    while (reference != NULL) {
        if (reference->env->version == INT32_MAX) {
            finalizer_run(reference);
            reference = agent->queue_head;
        } else {
            reference = reference->queue_next;
        }
    }
}
