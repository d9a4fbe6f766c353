/* napi.Promise as Python sees it: then, catch, finally_, await, result. */

#include "shim.h"

#define SELF(object) ((struct js_promise *)(object))

/* While the interpreter goes away, no Python code of ours can run any more. */
static void
report_late(struct js_promise *self)
{
    PyErr_Clear();
    if (PyExceptionInstance_Check(self->value)) {
        PyErr_SetObject((PyObject *)Py_TYPE(self->value), self->value);
    } else {
        PyErr_Format(PyExc_RuntimeError, "a promise was rejected with %R",
                     self->value);
    }
    PyErr_WriteUnraisable((PyObject *)self);
}

static void
report_unhandled(struct shim_state *state, struct js_promise *self)
{
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *report = state_lookup(state, "report_unhandled");
    PyObject *done = report ? PyObject_CallFunctionObjArgs(
                                  report, self->value,
                                  self->place ? self->place : Py_None, NULL)
                            : NULL;
    Py_XDECREF(report);
    if (done == NULL && PyErr_ExceptionMatches(PyExc_ImportError)) {
        report_late(self);
    } else if (done == NULL) {
        PyErr_WriteUnraisable(NULL);
    }
    Py_XDECREF(done);
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

PyObject *
promise_all(struct shim_state *state)
{
    PyObject *gc = PyImport_ImportModule("gc");
    PyObject *all = gc ? PyObject_CallMethod(gc, "get_objects", NULL) : NULL;
    PyObject *found = all ? PyList_New(0) : NULL;
    Py_XDECREF(gc);
    for (Py_ssize_t i = 0; found != NULL && i < PyList_GET_SIZE(all); ++i) {
        PyObject *object = PyList_GET_ITEM(all, i);
        if (Py_IS_TYPE(object, state->promise_type) &&
            PyList_Append(found, object) < 0) {
            Py_CLEAR(found);
        }
    }
    Py_XDECREF(all);
    return found;
}

void
promise_report_all(struct shim_state *state)
{
    PyObject *all = state->has_rejections ? promise_all(state) : NULL;
    state->has_rejections = false;
    for (Py_ssize_t i = 0; all != NULL && i < PyList_GET_SIZE(all); ++i) {
        struct js_promise *self = SELF(PyList_GET_ITEM(all, i));
        if (self->state == PROMISE_REJECTED && !self->handled &&
            self->value != NULL) {
            self->handled = true;
            report_unhandled(state, self);
        }
    }
    Py_XDECREF(all);
    PyErr_Clear();
}

static int
promise_traverse(PyObject *object, visitproc visit, void *arg)
{
    struct js_promise *self = SELF(object);
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->value);
    Py_VISIT(self->reactions);
    return side_traverse(self->host.side, visit, arg);
}

static int
promise_clear(PyObject *object)
{
    struct js_promise *self = SELF(object);
    Py_CLEAR(self->reactions);
    if (self->host.side != NULL) {
        side_clear(self->host.side);
    }
    return 0;
}

static void
promise_finalize(PyObject *object)
{
    struct js_promise *self = SELF(object);
    if (self->state == PROMISE_REJECTED && !self->handled &&
        self->value != NULL) {
        self->handled = true;
        report_unhandled(state_of_object(object), self);
    }
}

static void
promise_dealloc(PyObject *object)
{
    struct js_promise *self = SELF(object);
    PyTypeObject *type = Py_TYPE(object);
    if (PyObject_CallFinalizerFromDealloc(object) < 0) {
        return;
    }
    PyObject_GC_UnTrack(object);
    if (self->host.weaklist != NULL) {
        PyObject_ClearWeakRefs(object);
    }
    if (self->host.side != NULL) {
        side_free(self->host.side);
        self->host.side = NULL;
    }
    promise_clear(object);
    Py_CLEAR(self->value);
    Py_CLEAR(self->place);
    type->tp_free(object);
    Py_DECREF(type);
}

static PyObject *
promise_construct(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    struct shim_state *state = state_of_type(type);
    PyObject *executor = Py_None;
    static char *names[] = {"executor", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:Promise", names,
                                     &executor)) {
        return NULL;
    }
    PyObject *promise = promise_new(state);
    if (promise == NULL || executor == Py_None) {
        return promise;
    }
    PyObject *resolve = PyObject_GetAttrString(promise, "_resolve");
    PyObject *reject = PyObject_GetAttrString(promise, "_reject");
    PyObject *result = NULL;
    if (resolve != NULL && reject != NULL) {
        PyObject *argv[2] = {resolve, reject};
        result = function_call(state, executor, UNDEFINED, argv, 2);
    }
    if (result == NULL) {
        PyObject *raised = PyErr_GetRaisedException();
        PyObject *reason = error_value(state, raised);
        if (promise_reject(state, promise, reason) < 0) {
            Py_CLEAR(promise);
        }
        Py_DECREF(reason);
        Py_DECREF(raised);
    }
    Py_XDECREF(result);
    Py_XDECREF(resolve);
    Py_XDECREF(reject);
    return promise;
}

static PyObject *
settle_method(PyObject *self, PyObject *args,
              int (*act)(struct shim_state *, PyObject *, PyObject *))
{
    PyObject *value =
        PyTuple_GET_SIZE(args) > 0 ? PyTuple_GET_ITEM(args, 0) : UNDEFINED;
    if (act(state_of_object(self), self, value) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
promise_resolve_method(PyObject *self, PyObject *args)
{
    return settle_method(self, args, promise_resolve);
}

static PyObject *
promise_reject_method(PyObject *self, PyObject *args)
{
    return settle_method(self, args, promise_reject);
}

PyDoc_STRVAR(then_doc,
             "then(on_fulfilled=None, on_rejected=None) -> Promise\n\n"
             "The callables get the value or the reason, as microtasks "
             "(ECMA-262 27.2.5.4).");

static PyObject *
promise_then_method(PyObject *self, PyObject *args)
{
    PyObject *on_fulfilled = Py_None, *on_rejected = Py_None;
    if (!PyArg_ParseTuple(args, "|OO:then", &on_fulfilled, &on_rejected)) {
        return NULL;
    }
    return promise_then(state_of_object(self), self, on_fulfilled,
                        on_rejected);
}

PyDoc_STRVAR(catch_doc, "catch(on_rejected) -> Promise\n\n"
                        "then(None, on_rejected) (ECMA-262 27.2.5.1).");

static PyObject *
promise_catch_method(PyObject *self, PyObject *on_rejected)
{
    return promise_then(state_of_object(self), self, Py_None, on_rejected);
}

/* self is (callback, is_rejection): runs it, passes value or reason on */
static PyObject *
pass_through(PyObject *self, PyObject *value)
{
    PyObject *result = PyObject_CallNoArgs(PyTuple_GET_ITEM(self, 0));
    if (result == NULL) {
        return NULL;
    }
    Py_DECREF(result);
    if (PyTuple_GET_ITEM(self, 1) == Py_False) {
        return Py_NewRef(value);
    }
    PyObject *owner = PyTuple_GET_ITEM(self, 2);
    error_raise_value(state_of_object(owner), value);
    return NULL;
}

static PyMethodDef pass_through_def = {"finally", pass_through, METH_O, NULL};

static PyObject * /* new callable */
make_pass_through(PyObject *promise, PyObject *callback, PyObject *rejected)
{
    PyObject *self = PyTuple_Pack(3, callback, rejected, promise);
    PyObject *made = self ? PyCFunction_New(&pass_through_def, self) : NULL;
    Py_XDECREF(self);
    return made;
}

PyDoc_STRVAR(finally_doc,
             "finally_(callback) -> Promise\n\nCalls callback() either way "
             "and keeps the outcome (ECMA-262 27.2.5.3).");

static PyObject *
promise_finally_method(PyObject *self, PyObject *callback)
{
    PyObject *fulfilled = make_pass_through(self, callback, Py_False);
    PyObject *rejected = make_pass_through(self, callback, Py_True);
    PyObject *result = NULL;
    if (fulfilled != NULL && rejected != NULL) {
        result =
            promise_then(state_of_object(self), self, fulfilled, rejected);
    }
    Py_XDECREF(fulfilled);
    Py_XDECREF(rejected);
    return result;
}

/* new value, or NULL with the reason raised; the promise is settled */
static PyObject *
take_outcome(struct js_promise *self)
{
    self->handled = true;
    if (self->state == PROMISE_FULFILLED) {
        return Py_NewRef(self->value);
    }
    error_raise_value(state_of_object((PyObject *)self), self->value);
    return NULL;
}

PyDoc_STRVAR(result_doc,
             "result(timeout=None) -> object\n\n"
             "The value of the promise; raises its reason if it is rejected. "
             "Runs turns of the\nevent loop until it is settled, for at most "
             "timeout seconds. Raises TimeoutError\nafter them, napi.Error "
             "where nothing is left that could settle it, and\n"
             "napi.WrongThreadError on another thread than that of its addon.");

/* Whether only another thread, which runs, can settle it. */
static bool
is_foreign(struct js_promise *self, struct agent *agent)
{
    return self->state == PROMISE_PENDING && self->owner != NULL &&
           self->owner->agent != agent;
}

static PyObject *
promise_result_method(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"timeout", NULL};
    struct js_promise *self = SELF(object);
    struct shim_state *state = state_of_object(object);
    PyObject *timeout = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:result", names,
                                     &timeout)) {
        return NULL;
    }
    struct agent *agent = agent_current(state);
    if (agent == NULL) {
        return NULL;
    }
    if (self->state != PROMISE_FULFILLED && agent_is_left_over(state)) {
        PyErr_SetNone(PyExc_SystemExit); /* what it waits for was cancelled */
        return NULL;
    }
    if (is_foreign(self, agent)) {
        error_raise(state, "WrongThreadError", NULL,
                    "the promise is still pending, and settled by the thread "
                    "that loaded the addon: wait for it there, or await it");
        return NULL;
    }
    if (self->state == PROMISE_PENDING && agent->depth == 0) {
        ++agent->pumping;
        agent_drain(agent);
        --agent->pumping;
        if (agent_is_interrupted(agent)) {
            return loop_raise(agent);
        }
    }
    if (self->state == PROMISE_PENDING) {
        PyObject *wait = state_lookup(state, "wait_for");
        PyObject *done =
            wait ? PyObject_CallFunctionObjArgs(wait, object, timeout, NULL)
                 : NULL;
        Py_XDECREF(wait);
        if (done == NULL) {
            return NULL;
        }
        Py_DECREF(done);
    }
    return take_outcome(self);
}

static PyObject *
promise_await(PyObject *object)
{
    struct js_promise *self = SELF(object);
    struct shim_state *state = state_of_object(object);
    rejection_observe(state, self);
    PyObject *make = state_lookup(
        state, self->state == PROMISE_PENDING ? "await_pending"
                                              : "await_settled");
    PyObject *iterator = make ? PyObject_CallOneArg(make, object) : NULL;
    Py_XDECREF(make);
    return iterator;
}

static PyObject *
promise_get_state(PyObject *object, void *ignored)
{
    (void)ignored;
    static const char *const names[] = {"pending", "fulfilled", "rejected"};
    return PyUnicode_FromString(names[SELF(object)->state]);
}

static PyObject *
promise_repr(PyObject *object)
{
    struct js_promise *self = SELF(object);
    if (self->state == PROMISE_PENDING) {
        return PyUnicode_FromString("Promise { <pending> }");
    }
    return PyUnicode_FromFormat(
        self->state == PROMISE_FULFILLED ? "Promise { %R }"
                                         : "Promise { <rejected> %R }",
        self->value);
}

static PyMethodDef methods[] = {
    {"then", promise_then_method, METH_VARARGS, then_doc},
    {"catch", promise_catch_method, METH_O, catch_doc},
    {"finally_", promise_finally_method, METH_O, finally_doc},
    {"finally", promise_finally_method, METH_O, finally_doc},
    {"result", (PyCFunction)(void (*)(void))promise_result_method,
     METH_VARARGS | METH_KEYWORDS, result_doc},
    {"_resolve", promise_resolve_method, METH_VARARGS, NULL},
    {"_reject", promise_reject_method, METH_VARARGS, NULL},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS,
     "Promise[T]: for annotations."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"state", promise_get_state, NULL,
     "'pending', 'fulfilled' or 'rejected'", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_promise, host.weaklist), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

PyDoc_STRVAR(promise_doc,
             "Promise(executor=None)\n--\n\nA JavaScript promise: await it, or "
             "use then, catch, finally_ and result.\n(ECMA-262 27.2)");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)promise_doc},
    {Py_tp_new, (void *)promise_construct},
    {Py_tp_dealloc, (void *)promise_dealloc},
    {Py_tp_finalize, (void *)promise_finalize},
    {Py_tp_traverse, (void *)promise_traverse},
    {Py_tp_clear, (void *)promise_clear},
    {Py_tp_repr, (void *)promise_repr},
    {Py_am_await, (void *)promise_await},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.Promise",
    .basicsize = sizeof(struct js_promise),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

int
promise_init(PyObject *module, struct shim_state *state)
{
    state->promise_type = module_add_type(module, &spec, NULL);
    return state->promise_type == NULL ? -1 : 0;
}
