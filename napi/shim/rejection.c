/* ECMA-262, HostPromiseRejectionTracker: rejected promises that nobody observes.
 *
 * Without a tracker they are told of when they die, or at the end of the
 * process (promise_type.c). A JavaScript program sets a tracker: it is told when
 * ticks and microtasks are done, as in Node, and again of those that got an
 * observer after that. */

#include "shim.h"

/* Of the program, not of what runs its callbacks. */
static bool
is_machinery(PyFrameObject *frame)
{
    PyObject *globals = PyFrame_GetGlobals(frame);
    PyObject *name = PyDict_GetItemString(globals, "__name__");
    const char *text =
        name && PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : NULL;
    bool found = text != NULL && (strncmp(text, "napi.", 5) == 0 ||
                                  strncmp(text, "asyncio.", 8) == 0);
    Py_DECREF(globals);
    return found;
}

PyObject *
rejection_place(void)
{
    PyFrameObject *frame =
        (PyFrameObject *)Py_XNewRef((PyObject *)PyEval_GetFrame());
    while (frame != NULL && is_machinery(frame)) {
        Py_SETREF(frame, PyFrame_GetBack(frame));
    }
    PyCodeObject *code = frame ? PyFrame_GetCode(frame) : NULL;
    PyObject *place =
        code ? PyUnicode_FromFormat("%U:%d", code->co_filename,
                                    PyFrame_GetLineNumber(frame))
             : NULL;
    Py_XDECREF(code);
    Py_XDECREF(frame);
    PyErr_Clear();
    return place;
}

#define SELF(object) ((struct js_promise *)(object))

/* borrowed or NULL: of the program, or of the Worker whose agent this is */
static PyObject *
find_tracker(struct agent *agent)
{
    return agent->is_worker ? agent->rejection_tracker
                            : agent->state->rejection_tracker;
}

static void
add(struct shim_state *state, struct js_promise *promise)
{
    if (state->rejection_tracker == NULL && state->workers == 0) {
        return;
    }
    struct agent *agent = agent_current(state);
    if (agent != NULL && find_tracker(agent) != NULL) {
        if (agent->rejections == NULL) {
            agent->rejections = PyList_New(0);
        }
        if (agent->rejections != NULL) {
            PyList_Append(agent->rejections, (PyObject *)promise);
        }
    }
    PyErr_Clear();
}

void
rejection_note(struct shim_state *state, struct js_promise *promise)
{
    add(state, promise);
}

void
rejection_observe(struct shim_state *state, struct js_promise *promise)
{
    if (promise->reported) {
        promise->reported = false;
        add(state, promise);
    }
    promise->handled = true;
}

static void
tell(struct agent *agent, struct js_promise *promise)
{
    PyObject *tracker = find_tracker(agent);
    bool is_new = !promise->handled;
    if (promise->value == NULL || tracker == NULL) {
        return;
    }
    promise->handled = true;
    if (!is_new && !promise->told) {
        return; /* observed in time */
    }
    promise->reported = promise->told = is_new;
    PyObject *done = PyObject_CallFunctionObjArgs(
        tracker, promise, promise->value,
        is_new ? Py_True : Py_False, NULL);
    if (done == NULL) {
        agent_report(agent);
    }
    Py_XDECREF(done);
}

void
rejection_tell(struct agent *agent)
{
    PyObject *batch = agent->rejections, *fresh = PyList_New(0);
    if (fresh == NULL) {
        PyErr_Clear();
        return;
    }
    agent->rejections = fresh;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(batch); ++i) {
        if (agent->sticky != NULL) {
            break;
        }
        tell(agent, SELF(PyList_GET_ITEM(batch, i)));
    }
    Py_DECREF(batch);
}

PyDoc_STRVAR(set_rejection_tracker_doc,
             "set_rejection_tracker(tracker) -> None\n\n"
             "tracker(promise, reason, is_new) is told of rejections that "
             "nobody observes once the\nmicrotasks are done, and with False "
             "of those that are observed after that.\nNone: they are "
             "reported as they die.");

static PyObject *
set_rejection_tracker(PyObject *module, PyObject *tracker)
{
    struct shim_state *state = PyModule_GetState(module);
    struct agent *agent = agent_current(state);
    if (agent == NULL) {
        return NULL;
    }
    PyObject **slot = agent->is_worker ? &agent->rejection_tracker
                                       : &state->rejection_tracker;
    Py_XSETREF(*slot, tracker == Py_None ? NULL : Py_NewRef(tracker));
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"set_rejection_tracker", set_rejection_tracker, METH_O,
     set_rejection_tracker_doc},
    {NULL, NULL, 0, NULL},
};

int
rejection_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, methods);
}
