/* Promises, built-ins and proxies: promise*.c, builtin.c, proxy.c. */
#ifndef NAPI_BUILTIN_H
#define NAPI_BUILTIN_H

#include "view.h"

/* === promise.c === */

struct js_promise {
    PyObject_HEAD
    struct host host;
    PyObject *value;     /* result or reason once settled */
    PyObject *reactions; /* list of (promise, on_fulfilled, on_rejected) */
    PyObject *place; /* owned str: where it was rejected with no observer */
    enum { PROMISE_PENDING, PROMISE_FULFILLED, PROMISE_REJECTED } state;
    bool resolved; /* resolve was called: later calls do nothing */
    bool handled;  /* a rejection has an observer, or was reported */
    bool reported; /* to the tracker, and has no observer since */
    bool told;     /* the tracker was told that it has none */
    napi_env owner; /* whose deferred it has: only compared; NULL: none */
};

struct host *promise_host(PyObject *promise);
PyObject *promise_new(struct shim_state *state); /* new, pending */
/* Is this the type of promises, or of what Python can await? */
static inline bool
promise_awaits(PyTypeObject *type)
{
    return type->tp_as_async != NULL && type->tp_as_async->am_await != NULL;
}
/* new promise of the reaction's outcome; handlers borrowed, None: none */
/* new; what is called later in the callable's place, so that it keeps the values
 * of AsyncLocalStorage that hold now; NULL: raised */
PyObject *promise_bind(struct shim_state *state, PyObject *callable);
PyObject *promise_then(struct shim_state *state, PyObject *promise,
                       PyObject *on_fulfilled, PyObject *on_rejected);
int promise_resolve(struct shim_state *state, PyObject *promise,
                    PyObject *value); /* adopts thenables; 0 or -1 raised */
int promise_reject(struct shim_state *state, PyObject *promise,
                   PyObject *reason);
/* Rejects what the deferreds of a closed env leave pending. 0 or -1 raised */
int promise_abandon(napi_env env);
PyObject *promise_all(struct shim_state *state); /* new list: all there are */
/* At exit: the rejections that nobody has looked at until now. */
void promise_report_all(struct shim_state *state);

/* === rejection.c === */
PyObject *rejection_place(void); /* new str; NULL: no Python code runs */
void rejection_note(struct shim_state *state, struct js_promise *promise);
void rejection_observe(struct shim_state *state, struct js_promise *promise);
void rejection_tell(struct agent *agent); /* when the jobs are done */
int rejection_init(PyObject *module, struct shim_state *state);

/* === builtin.c ===
 * The runtime's functions. napi.Host, base of its objects, has the layout of
 * struct js_instance. */
PyObject *builtin_call(PyObject *builtin, PyObject *receiver,
                       PyObject *const *argv, size_t argc); /* new */
/* 1: the type says what a call of it (`new`) does, *result is new or NULL with
 * an error raised; 0: it does not */
int builtin_call_type(struct shim_state *state, PyObject *type,
                      PyObject *receiver, PyObject *const *argv, size_t argc,
                      PyObject **result);
int builtin_construct(struct shim_state *state, PyObject *constructor,
                      PyObject *const *argv, size_t argc,
                      PyObject *new_target, PyObject **result);
/* false: a builtin that `new` does not go with */
bool builtin_is_constructor(struct shim_state *state, PyObject *value);
/* true: what Python finds in the type's dict is not JavaScript's */
bool builtin_is_closed(struct shim_state *state, PyTypeObject *type);

/* 1 or 0: `new` goes with a value */
bool function_is_constructor(struct shim_state *state, PyObject *value);

/* === proxy.c === 1, 0 or -1 raised; new or NULL raised; keys are exact */
bool proxy_is(struct shim_state *state, PyObject *object);
PyObject *proxy_get(struct shim_state *state, PyObject *proxy, PyObject *key,
                    PyObject *receiver);
int proxy_set(struct shim_state *state, PyObject *proxy, PyObject *key,
              PyObject *value, PyObject *receiver);
int proxy_has(struct shim_state *state, PyObject *proxy, PyObject *key);
int proxy_delete(struct shim_state *state, PyObject *proxy, PyObject *key);
int proxy_find_own(struct shim_state *state, PyObject *proxy, PyObject *key,
                   struct property_slot *slot);
int proxy_define(struct shim_state *state, PyObject *proxy, PyObject *key,
                 struct js_property *property);
PyObject *proxy_keys(struct shim_state *state, PyObject *proxy); /* list */
PyObject *proxy_get_prototype(struct shim_state *state, PyObject *proxy);
int proxy_set_prototype(struct shim_state *state, PyObject *proxy,
                        PyObject *prototype);
int proxy_is_extensible(struct shim_state *state, PyObject *proxy);
/* how: "frozen", "sealed" or "closed" */
int proxy_close(struct shim_state *state, PyObject *proxy, const char *how);
PyObject *proxy_call(struct shim_state *state, PyObject *proxy,
                     PyObject *receiver, PyObject *const *argv, size_t argc);
PyObject *proxy_construct(struct shim_state *state, PyObject *proxy,
                          PyObject *const *argv, size_t argc,
                          PyObject *new_target);

#endif
