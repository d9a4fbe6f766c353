/* Lifetimes: scope.c, reference.c, finalizer.c, wrap.c, side.c. */
#ifndef NAPI_SCOPE_H
#define NAPI_SCOPE_H

#include "error.h"

/* === scope.c ===
 * A napi_value is a PyObject * kept alive by the innermost open scope, or by
 * whoever holds it for longer (arguments, singletons). The arena holds just the
 * references to drop. In the strict build a napi_value is a tagged index. */

#ifdef NAPI_STRICT
PyObject *value_of(napi_env env, napi_value handle); /* borrowed */
/* the same, also where the scope was just closed: what a callback returns */
PyObject *scope_result(napi_env env, napi_value handle);
napi_value scope_borrow(napi_env env, PyObject *value);
napi_value strict_handle(napi_env env, size_t slot);
#else
static inline PyObject * /* borrowed; the handle was checked not NULL */
value_of(napi_env env, napi_value handle)
{
    (void)env;
    return (PyObject *)handle;
}

#define scope_result value_of

static inline napi_value
scope_borrow(napi_env env, PyObject *value /* outlives every scope */)
{
    (void)env;
    return (napi_value)value;
}
#endif

/* false: out of memory, MemoryError raised; only in the strict build */
static inline bool
scope_lend(napi_env env, PyObject *value /* outlives every scope */,
           napi_value *result)
{
    *result = scope_borrow(env, value);
#ifdef NAPI_STRICT
    return *result != NULL;
#else
    return true;
#endif
}

bool scope_grow(napi_env env); /* false: out of memory, MemoryError raised */

/* NULL: out of memory, value dropped, MemoryError raised */
static inline napi_value
scope_push(napi_env env, PyObject *value /* steals */)
{
#ifndef NAPI_STRICT
    if (env->top < env->capacity || scope_grow(env)) {
        env->arena[env->top++] = value;
        return (napi_value)value;
    }
    Py_DECREF(value);
    return NULL;
#else
    napi_value handle = scope_borrow(env, value);
    Py_DECREF(value);
    return handle;
#endif
}

/* The end of most functions: NULL -> the raised exception is pending. */
static inline napi_status
scope_return(napi_env env, PyObject *value /* steals */, napi_value *result)
{
    if (value == NULL) {
        return error_from_python(env);
    }
    napi_value handle = scope_push(env, value);
    if (handle == NULL) {
        return error_from_python(env);
    }
    *result = handle;
    return error_clear(env);
}
void scope_drop(napi_env env, size_t top); /* releases all above top */
void scope_settle(napi_env env); /* releases what a closed scope left */

/* === reference.c, finalizer.c, wrap.c ===
 * A napi_ref__ tracks an object: a reference, a wrap or a finalizer. While
 * count is 0 value is borrowed, and the death of the object (side_free) sets it
 * to NULL and, where there is a finalizer, queues the tracker. Exactly once. */

struct napi_ref__ {
    napi_env env; /* NULL once deleted (strict build) */
    struct napi_ref__ *next, *previous; /* env list */
    struct napi_ref__ *side_next;       /* list of the object's side */
    struct napi_ref__ *queue_next, *queue_previous;
    struct side *side;  /* borrowed, NULL once the object is dead */
    PyObject *value;    /* owned while count > 0, else borrowed or NULL */
    PyObject *pin;      /* owned: adopted view of a native buffer, or NULL */
    uint32_t count;
    bool user_owned;    /* freed by napi_delete_reference, else by itself */
    bool queued, weakable;
    bool posted; /* by the addon: no object died */
    bool listed_finalizing; /* in env->finalizing, else env->references */
    napi_finalize finalize; /* NULL: none */
    void *data, *hint;
};

/* new tracker or NULL with an error raised */
napi_ref reference_new(napi_env env, PyObject *value, uint32_t count,
                       bool user_owned, napi_finalize finalize, void *data,
                       void *hint);
void reference_free(napi_ref reference); /* unlinks everywhere, then frees */
void reference_spend(napi_ref reference); /* its finalizer will not run */
void finalizer_queue(napi_ref reference); /* the object died */
/* What was queued runs now, or soon where this is no safe point. */
void finalizer_settle(struct shim_state *state);
void finalizer_run_basic(struct agent *agent); /* what a collection runs */
void finalizer_unqueue(napi_ref reference);
void finalizer_run(napi_ref reference);   /* at a safe point */
void finalizer_end(napi_ref reference);   /* its env ends */
void finalizer_sweep(struct shim_state *state); /* pinned objects */
/* Runs finalize(env, data, hint) for memory that is not tied to an object's
 * tracker, at the next safe point; 0 or -1 raised. */
int finalizer_post(napi_env env, napi_finalize finalize, void *data,
                   void *hint);

/* === side.c === */

struct host *host_slow(struct shim_state *state, PyObject *object);
/* borrowed; NULL: not host-made */
static inline struct host *
host_of(struct shim_state *state, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type == state->object_type) {
        return &((struct js_object *)object)->host;
    }
    if (Py_TYPE(type) == state->class_type) {
        return &((struct js_instance *)object)->host;
    }
    return host_slow(state, object);
}
/* borrowed; NULL: there is none (no error) */
struct side *side_of(struct shim_state *state, PyObject *object);
/* borrowed; made when missing; NULL: raised (MemoryError) */
struct side *side_make(struct shim_state *state, PyObject *object);
/* from tp_dealloc (first thing): the object's trackers learn of its death */
void side_free(struct side *side);
int side_traverse(struct side *side, visitproc visit, void *arg);
void side_clear(struct side *side); /* prototype, table, order, klass */

#endif
