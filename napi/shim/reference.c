/* Node-API chapter "References to values with a lifespan longer than that of
 * the native method".
 *
 * While count is 0 the value is borrowed and the object's side knows of the
 * reference; the object's death sets value to NULL. Primitives cannot be weak:
 * they are let go at count 0. */

#include "shim.h"
#include "track.h"

#define SPARE_LIMIT 64 /* freed references kept for the next ones */

static napi_ref *
list_of(napi_ref reference)
{
    napi_env env = reference->env;
    return reference->listed_finalizing ? &env->finalizing : &env->references;
}

static void
link_env(napi_ref reference)
{
    reference->listed_finalizing = reference->finalize != NULL;
    napi_ref *list = list_of(reference);
    reference->next = *list;
    if (*list != NULL) {
        (*list)->previous = reference;
    }
    *list = reference;
}

static void
unlink_env(napi_ref reference)
{
    if (reference->previous != NULL) {
        reference->previous->next = reference->next;
    } else {
        *list_of(reference) = reference->next;
    }
    if (reference->next != NULL) {
        reference->next->previous = reference->previous;
    }
}

static int
attach(napi_ref reference)
{
    if (reference->side != NULL) {
        return 0;
    }
    struct side *side = side_make(reference->env->state, reference->value);
    if (side == NULL) {
        return -1;
    }
    reference->side = side;
    reference->side_next = side->trackers;
    side->trackers = reference;
    return 0;
}

static void
detach(napi_ref reference)
{
    struct side *side = reference->side;
    if (side == NULL) {
        return;
    }
    napi_ref *link = &side->trackers;
    while (*link != reference) {
        link = &(*link)->side_next;
    }
    *link = reference->side_next;
    reference->side = NULL;
    if (side->wrap == reference) {
        side->wrap = NULL;
    }
}

/* An adopted view of a native buffer lives as long as a reference to it. */
static void
pin_buffer(napi_ref reference)
{
    PyObject *value = reference->value;
    PyBufferProcs *procs = Py_TYPE(value)->tp_as_buffer;
    if (procs == NULL || procs->bf_getbuffer == NULL ||
        host_of(reference->env->state, value) != NULL) {
        return;
    }
    struct js_view *view = view_of(reference->env, value);
    if (view == NULL) {
        PyErr_Clear();
        return;
    }
    reference->pin = Py_NewRef((PyObject *)view);
}

static napi_ref
allocate(struct shim_state *state)
{
    napi_ref reference = state->spare;
    if (reference != NULL) {
        state->spare = reference->next;
        --state->spares;
        return reference;
    }
    reference = PyObject_Malloc(sizeof(*reference));
    if (reference == NULL) {
        PyErr_NoMemory();
    }
    return reference;
}

static void
give_back(struct shim_state *state, napi_ref reference)
{
    /* Whoever looks for lost memory must not find it here. */
    reference->data = reference->hint = NULL;
#ifdef NAPI_STRICT
    if (strict_hold(reference)) {
        return;
    }
#endif
    if (state->spares == SPARE_LIMIT) {
        PyObject_Free(reference);
        return;
    }
    reference->next = state->spare;
    state->spare = reference;
    ++state->spares;
}

napi_ref
reference_new(napi_env env, PyObject *value, uint32_t count, bool user_owned,
              napi_finalize finalize, void *data, void *hint)
{
    napi_ref reference = allocate(env->state);
    if (reference == NULL) {
        return NULL;
    }
    *reference = (struct napi_ref__){
        .env = env,
        .value = value,
        .count = count,
        .user_owned = user_owned,
        .finalize = finalize,
        .data = data,
        .hint = hint,
    };
    if (value != NULL) {
        reference->weakable = compare_is_object(env->state, value) ||
                              Py_TYPE(value) == env->state->symbol_type;
        if (count > 0) {
            Py_INCREF(value);
        } else if (!reference->weakable) {
            reference->value = NULL;
        } else if (attach(reference) < 0) {
            give_back(env->state, reference);
            return NULL;
        }
        if (count > 0) {
            pin_buffer(reference);
        }
    }
    link_env(reference);
    ++env->counters[finalize ? COUNT_FINALIZERS : COUNT_REFERENCES];
    return reference;
}

void
reference_free(napi_ref reference)
{
    napi_env env = reference->env;
    if (env->instance_data == reference) {
        env->instance_data = NULL;
    }
    --env->counters[reference->listed_finalizing ? COUNT_FINALIZERS
                                                 : COUNT_REFERENCES];
    track_died(env, reference);
    finalizer_unqueue(reference);
    detach(reference);
    unlink_env(reference);
    PyObject *value = reference->count > 0 ? reference->value : NULL;
    PyObject *pin = reference->pin;
    give_back(env->state, reference);
    Py_XDECREF(value);
    Py_XDECREF(pin);
}

/* Node-API v1. Versions below 10 take only what can be weak. */
napi_status NAPI_CDECL
napi_create_reference(napi_env env, napi_value value, uint32_t initial_refcount,
                      napi_ref *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    PyObject *object = value_of(env, value);
    CHECK(env,
          env->version >= 10 || compare_is_object(env->state, object) ||
              Py_TYPE(object) == env->state->symbol_type,
          napi_invalid_arg);
    napi_ref reference =
        reference_new(env, object, initial_refcount, true, NULL, NULL, NULL);
    CHECK_PY(env, reference != NULL);
    track_born(env, TRACK_REFERENCE, reference);
    *result = reference;
    return error_clear(env);
}

/* On the pool's threads, say; the owner's always holds the GIL. */
static bool
is_without_gil(napi_env env)
{
    return env->agent->thread != PyThread_get_thread_ident() &&
           !PyGILState_Check();
}

/* Node-API v1. Legal in a finalizer; a queued finalizer is cancelled. Some
 * addons give references back while their async work executes: with the GIL
 * that is as safe as anywhere. */
napi_status NAPI_CDECL
napi_delete_reference(node_api_basic_env basic_env, napi_ref ref)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    if (python_has_ended()) {
        return napi_generic_failure; /* neither is there any more */
    }
    if (is_without_gil(env)) {
        PyGILState_STATE held = PyGILState_Ensure();
        napi_status status = napi_delete_reference(basic_env, ref);
        PyGILState_Release(held);
        return status;
    }
    CHECK_ARG(env, ref);
    reference_free(ref);
    return error_clear(env);
}

/* Node-API v1. 0 for a reference whose value is gone. The highest count stays:
 * 0 would be a weak reference that holds its value. */
napi_status NAPI_CDECL
napi_reference_ref(napi_env env, napi_ref ref, uint32_t *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, ref);
    if (ref->value != NULL && ref->count < UINT32_MAX && ref->count++ == 0) {
        Py_INCREF(ref->value);
        pin_buffer(ref);
    }
    if (result != NULL) {
        *result = ref->count;
    }
    return error_clear(env);
}

static int
weaken(napi_ref ref)
{
    PyObject *value = ref->value;
    if (!ref->weakable) {
        ref->value = NULL;
    } else if (attach(ref) < 0) {
        return -1;
    }
    ref->count = 0;
    Py_CLEAR(ref->pin);
    Py_DECREF(value);
    return 0;
}

/* Node-API v1. Without the GIL: as napi_delete_reference. */
napi_status NAPI_CDECL
napi_reference_unref(napi_env env, napi_ref ref, uint32_t *result)
{
    CHECK_ENV(env);
    if (is_without_gil(env)) {
        PyGILState_STATE held = PyGILState_Ensure();
        napi_status status = napi_reference_unref(env, ref, result);
        PyGILState_Release(held);
        return status;
    }
    CHECK_ARG(env, ref);
    if (ref->count == 0) {
        strict_report_thing(env, "reference-below-zero", ref,
                            "a reference was given up that is weak already");
        return error_set(env, napi_generic_failure);
    }
    uint32_t count = ref->count - 1;
    if (count > 0) {
        ref->count = count;
    } else {
        CHECK_PY(env, weaken(ref) == 0);
    }
    if (result != NULL) {
        *result = count;
    }
    return error_clear(env);
}

/* Node-API v1. NULL where the value is gone. */
napi_status NAPI_CDECL
napi_get_reference_value(napi_env env, napi_ref ref, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, ref);
    CHECK_ARG(env, result);
    if (ref->value == NULL) {
        *result = NULL;
        return error_clear(env);
    }
    return scope_return(env, Py_NewRef(ref->value), result);
}

/* From now on there is no finalizer: it runs, or was taken away. */
void
reference_spend(napi_ref reference)
{
    if (reference->listed_finalizing) {
        --reference->env->counters[COUNT_FINALIZERS];
        ++reference->env->counters[COUNT_REFERENCES];
        unlink_env(reference);
        reference->next = reference->previous = NULL;
        reference->finalize = NULL;
        link_env(reference);
    }
}
