/* Node-API chapter "Promises": napi.Promise, ECMA-262 27.2.
 *
 * Reactions run as microtasks, when no native frame is left on the thread; a
 * settled promise can be awaited without any event loop. A rejection that
 * nobody observed is reported when the promise dies. */

#include "shim.h"
#include "track.h"

#define SELF(object) ((struct js_promise *)(object))

struct host *
promise_host(PyObject *promise)
{
    return &SELF(promise)->host;
}

PyObject *
promise_new(struct shim_state *state)
{
    struct js_promise *promise =
        PyObject_GC_New(struct js_promise, state->promise_type);
    if (promise == NULL) {
        return NULL;
    }
    promise->host = (struct host){NULL, NULL};
    promise->value = NULL;
    promise->reactions = NULL;
    promise->place = NULL;
    promise->owner = NULL;
    promise->state = PROMISE_PENDING;
    promise->resolved = promise->handled = false;
    promise->reported = promise->told = false;
    PyObject_GC_Track(promise);
    return (PyObject *)promise;
}

/* 0, or -1 raised: target settles as on_settled(value) says. self is the tuple
 * (target or None, callback or None, value, is_rejection) */
static PyObject *
run_reaction(PyObject *job, PyObject *ignored)
{
    (void)ignored;
    PyObject *target = PyTuple_GET_ITEM(job, 0);
    PyObject *callback = PyTuple_GET_ITEM(job, 1);
    PyObject *value = PyTuple_GET_ITEM(job, 2);
    bool rejected = PyTuple_GET_ITEM(job, 3) == Py_True;
    struct shim_state *state = state_of_object(target);
    if (callback == Py_None) {
        if ((rejected ? promise_reject : promise_resolve)(state, target,
                                                          value) < 0) {
            return NULL;
        }
        Py_RETURN_NONE;
    }
    PyObject *argv[1] = {value};
    PyObject *result = function_call(state, callback, UNDEFINED, argv, 1);
    int failed;
    if (result != NULL) {
        failed = promise_resolve(state, target, result);
        Py_DECREF(result);
    } else {
        if (!PyErr_ExceptionMatches(PyExc_Exception)) {
            return NULL;
        }
        PyObject *raised = PyErr_GetRaisedException();
        PyObject *reason = error_value(state, raised);
        Py_DECREF(raised);
        failed = promise_reject(state, target, reason);
        Py_DECREF(reason);
    }
    return failed < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef reaction_def = {"promise reaction", run_reaction,
                                   METH_NOARGS, NULL};

static int
queue_job(struct shim_state *state, PyMethodDef *def, PyObject *job)
{
    struct agent *agent = agent_current(state);
    PyObject *task = agent && job ? PyCFunction_New(def, job) : NULL;
    int failed = task ? agent_queue_microtask(agent, task) : -1;
    Py_XDECREF(task);
    return failed;
}

/* steals nothing; reaction is (target, on_fulfilled, on_rejected) */
static int
queue_reaction(struct shim_state *state, struct js_promise *promise,
               PyObject *reaction)
{
    bool rejected = promise->state == PROMISE_REJECTED;
    PyObject *job = PyTuple_Pack(
        4, PyTuple_GET_ITEM(reaction, 0),
        PyTuple_GET_ITEM(reaction, rejected ? 2 : 1), promise->value,
        rejected ? Py_True : Py_False);
    int failed = queue_job(state, &reaction_def, job);
    Py_XDECREF(job);
    return failed;
}

static int
settle(struct shim_state *state, struct js_promise *promise, int outcome,
       PyObject *value)
{
    promise->state = outcome;
    promise->resolved = true;
    promise->handled |= outcome == PROMISE_REJECTED && state->cancelling;
    promise->value = Py_NewRef(value);
    PyObject *reactions = promise->reactions;
    promise->reactions = NULL;
    int failed = 0;
    for (Py_ssize_t i = 0; reactions && i < PyList_GET_SIZE(reactions); ++i) {
        failed |=
            queue_reaction(state, promise, PyList_GET_ITEM(reactions, i));
    }
    Py_XDECREF(reactions);
    return failed;
}

static int resolve_now(struct shim_state *state, PyObject *promise,
                       PyObject *value);
static int reject_now(struct shim_state *state, PyObject *promise,
                      PyObject *reason);

/* Whether this is the first use of a pair: the list is empty until then. */
static int /* 1, 0 or -1 */
take_turn(PyObject *used)
{
    if (PyList_GET_SIZE(used) > 0) {
        return 0;
    }
    return PyList_Append(used, Py_True) < 0 ? -1 : 1;
}

/* self is (promise, is_rejection, used): what a thenable is given. The promise
 * is resolved already; the first call of the pair says what with. */
static PyObject *
settle_from_thenable(PyObject *self, PyObject *args)
{
    PyObject *promise = PyTuple_GET_ITEM(self, 0);
    PyObject *value =
        PyTuple_GET_SIZE(args) > 0 ? PyTuple_GET_ITEM(args, 0) : UNDEFINED;
    struct shim_state *state = state_of_object(promise);
    int status = take_turn(PyTuple_GET_ITEM(self, 2));
    if (status > 0) {
        status = PyTuple_GET_ITEM(self, 1) == Py_True
                     ? reject_now(state, promise, value)
                     : resolve_now(state, promise, value);
    }
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef settle_def = {"settle", settle_from_thenable, METH_VARARGS,
                                 NULL};

static PyObject * /* new callable */
make_settler(PyObject *promise, PyObject *is_rejection, PyObject *used)
{
    PyObject *self = PyTuple_Pack(3, promise, is_rejection, used);
    PyObject *settler = self ? PyCFunction_New(&settle_def, self) : NULL;
    Py_XDECREF(self);
    return settler;
}

static int
reject_with_raised(struct shim_state *state, PyObject *promise)
{
    if (!PyErr_ExceptionMatches(PyExc_Exception)) {
        return -1;
    }
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *reason = error_value(state, raised);
    Py_DECREF(raised);
    int failed = reject_now(state, promise, reason);
    Py_DECREF(reason);
    return failed;
}

/* What then() raises counts unless it has settled the promise. */
static int
fail_thenable(struct shim_state *state, PyObject *promise, PyObject *used)
{
    if (PyList_GET_SIZE(used) == 0) {
        return reject_with_raised(state, promise);
    }
    if (!PyErr_ExceptionMatches(PyExc_Exception)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

/* self is (promise, thenable, then): then.call(thenable, resolve, reject) */
static PyObject *
run_thenable(PyObject *job, PyObject *ignored)
{
    (void)ignored;
    PyObject *promise = PyTuple_GET_ITEM(job, 0);
    struct shim_state *state = state_of_object(promise);
    PyObject *used = PyList_New(0);
    if (used == NULL) {
        return NULL;
    }
    PyObject *argv[2] = {make_settler(promise, Py_False, used),
                         make_settler(promise, Py_True, used)};
    PyObject *result = NULL;
    if (argv[0] != NULL && argv[1] != NULL) {
        result = function_call(state, PyTuple_GET_ITEM(job, 2),
                               PyTuple_GET_ITEM(job, 1), argv, 2);
    }
    Py_XDECREF(argv[0]);
    Py_XDECREF(argv[1]);
    int failed = result == NULL ? fail_thenable(state, promise, used) : 0;
    Py_DECREF(used);
    Py_XDECREF(result);
    return failed < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef thenable_def = {"promise thenable", run_thenable,
                                   METH_NOARGS, NULL};

/* 1 and new `then` where value is a thenable, 0, -1 raised */
static int
find_then(struct shim_state *state, PyObject *value, PyObject **then)
{
    if (!compare_is_object(state, value)) {
        return 0;
    }
    PyObject *key = string_key(state, "then", 4);
    *then = key ? property_get(state, value, key) : NULL;
    Py_XDECREF(key);
    if (*then == NULL) {
        return -1;
    }
    if (function_is(state, *then)) {
        return 1;
    }
    Py_CLEAR(*then);
    return 0;
}

int
promise_resolve(struct shim_state *state, PyObject *promise, PyObject *value)
{
    if (SELF(promise)->resolved) {
        return 0;
    }
    SELF(promise)->resolved = true;
    return resolve_now(state, promise, value);
}

static int
resolve_now(struct shim_state *state, PyObject *promise, PyObject *value)
{
    struct js_promise *self = SELF(promise);
    if (value == promise) {
        error_raise(state, "TypeError", NULL,
                    "Chaining cycle detected for promise #<Promise>");
        return reject_with_raised(state, promise);
    }
    PyObject *then = NULL;
    int thenable = find_then(state, value, &then);
    if (thenable < 0) {
        return reject_with_raised(state, promise);
    }
    if (thenable == 0) {
        return settle(state, self, PROMISE_FULFILLED, value);
    }
    PyObject *job = PyTuple_Pack(3, promise, value, then);
    int failed = queue_job(state, &thenable_def, job);
    Py_XDECREF(job);
    Py_DECREF(then);
    return failed;
}

int
promise_reject(struct shim_state *state, PyObject *promise, PyObject *reason)
{
    return SELF(promise)->resolved ? 0 : reject_now(state, promise, reason);
}

static int
reject_now(struct shim_state *state, PyObject *promise, PyObject *reason)
{
    struct js_promise *self = SELF(promise);
    if (!self->handled) {
        self->place = rejection_place();
        state->has_rejections = true;
        rejection_note(state, self);
    }
    return settle(state, self, PROMISE_REJECTED, reason);
}

PyObject *
promise_bind(struct shim_state *state, PyObject *callable)
{
    return state->job_binder == NULL
               ? Py_NewRef(callable)
               : PyObject_CallOneArg(state->job_binder, callable);
}

/* new (target, on_fulfilled, on_rejected); what is no function is None */
static PyObject *
make_reaction(struct shim_state *state, PyObject *target,
              PyObject *on_fulfilled, PyObject *on_rejected)
{
    bool both[] = {function_is(state, on_fulfilled),
                   function_is(state, on_rejected)};
    if (state->job_binder == NULL) {
        return PyTuple_Pack(3, target, both[0] ? on_fulfilled : Py_None,
                            both[1] ? on_rejected : Py_None);
    }
    PyObject *first =
        both[0] ? promise_bind(state, on_fulfilled) : Py_NewRef(Py_None);
    PyObject *second =
        both[1] ? promise_bind(state, on_rejected) : Py_NewRef(Py_None);
    PyObject *made =
        first && second ? PyTuple_Pack(3, target, first, second) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(second);
    return made;
}

PyObject *
promise_then(struct shim_state *state, PyObject *promise,
             PyObject *on_fulfilled, PyObject *on_rejected)
{
    struct js_promise *self = SELF(promise);
    PyObject *target = promise_new(state);
    PyObject *reaction =
        target ? make_reaction(state, target, on_fulfilled, on_rejected)
               : NULL;
    int failed = reaction == NULL ? -1 : 0;
    rejection_observe(state, self);
    if (!failed && self->state != PROMISE_PENDING) {
        failed = queue_reaction(state, self, reaction);
    } else if (!failed) {
        if (self->reactions == NULL) {
            self->reactions = PyList_New(0);
        }
        failed = self->reactions == NULL ||
                         PyList_Append(self->reactions, reaction) < 0
                     ? -1
                     : 0;
    }
    Py_XDECREF(reaction);
    if (failed < 0) {
        Py_CLEAR(target);
    }
    return target;
}

/* A deferred is the promise; in the strict build it is a box, so that what was
 * settled is told from what another promise was given. */
#ifdef NAPI_STRICT
static napi_deferred /* NULL: no memory, raised */
make_deferred(napi_env env, PyObject *promise)
{
    PyObject **box = PyMem_RawMalloc(sizeof(*box));
    if (box == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    *box = promise;
    track_born(env, TRACK_DEFERRED, box);
    return (napi_deferred)box;
}

static PyObject * /* the deferred's reference */
take_deferred(napi_env env, napi_deferred deferred)
{
    PyObject *promise = *(PyObject **)deferred;
    track_end(env, deferred);
    return promise;
}
#else
#define make_deferred(env, promise) ((napi_deferred)(promise))
#define take_deferred(env, deferred) ((PyObject *)(deferred))
#endif

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_promise(napi_env env, napi_deferred *deferred,
                    napi_value *promise)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, deferred);
    CHECK_ARG(env, promise);
    PyObject *made = promise_new(env->state);
    napi_deferred made_deferred = made ? make_deferred(env, made) : NULL;
    if (made_deferred == NULL) {
        Py_XDECREF(made);
        return error_from_python(env);
    }
    napi_status status = scope_return(env, Py_NewRef(made), promise);
    if (status == napi_ok) {
        *deferred = made_deferred;
        ((struct js_promise *)made)->owner = env;
        ++env->counters[COUNT_DEFERREDS];
    } else {
        Py_DECREF(take_deferred(env, made_deferred));
    }
    return status;
}

static napi_status
conclude(napi_env env, napi_deferred deferred, napi_value value,
         int (*act)(struct shim_state *, PyObject *, PyObject *))
{
    CHECK_ARG(env, deferred);
    CHECK_ARG(env, value);
    PyObject *promise = take_deferred(env, deferred);
    --env->counters[COUNT_DEFERREDS];
    ((struct js_promise *)promise)->owner = NULL;
    int failed = act(env->state, promise, value_of(env, value));
    Py_DECREF(promise);
    CHECK_PY(env, failed == 0);
    return error_clear(env);
}

/* Node-API v1. Frees the deferred. */
napi_status NAPI_CDECL
napi_resolve_deferred(napi_env env, napi_deferred deferred,
                      napi_value resolution)
{
    NAPI_PREAMBLE(env);
    return conclude(env, deferred, resolution, promise_resolve);
}

/* Node-API v1. Frees the deferred. */
napi_status NAPI_CDECL
napi_reject_deferred(napi_env env, napi_deferred deferred,
                     napi_value rejection)
{
    NAPI_PREAMBLE(env);
    return conclude(env, deferred, rejection, promise_reject);
}

/* Who waits is told; where nobody does, nothing is reported. */
static void
abandon(napi_env env, struct js_promise *promise)
{
    PyObject *text = PyUnicode_FromString(
        "the environment was closed before the promise was settled");
    PyObject *reason =
        text ? error_new(env->state, "Error", "ERR_NAPI_ENV_CLOSED", text)
             : NULL;
    Py_XDECREF(text);
    promise->owner = NULL;
    promise->handled = true;
    if (reason == NULL ||
        promise_reject(env->state, (PyObject *)promise, reason) < 0) {
        PyErr_WriteUnraisable((PyObject *)promise);
    }
    Py_XDECREF(reason);
    Py_DECREF(promise); /* the deferred's: the addon cannot use it now */
}

int
promise_abandon(napi_env env)
{
    if (env->counters[COUNT_DEFERREDS] == 0) {
        return 0;
    }
    env->counters[COUNT_DEFERREDS] = 0;
    PyObject *all = promise_all(env->state);
    for (Py_ssize_t i = 0; all != NULL && i < PyList_GET_SIZE(all); ++i) {
        struct js_promise *promise = SELF(PyList_GET_ITEM(all, i));
        if (promise->owner == env) {
            abandon(env, promise);
        }
    }
    Py_XDECREF(all);
    return all != NULL ? 0 : -1;
}
