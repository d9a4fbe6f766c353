/* The pump of programs without an event loop, and what Python sees of the loop
 * seam (loop.c): turns until a promise is settled or nothing is left to wait
 * for. It sleeps without the GIL, and never long: signals must get through. */

#include "shim.h"

#include <poll.h>
#include <time.h>

/* The longest sleep in seconds: a signal that the system gives to another
 * thread does not end ours. */
#define SIGNAL_LATENCY 0.04

/* Of the first timer, ours or libuv's; 0: there is none. */
static double
find_deadline(struct agent *agent)
{
    double ours = agent->deadline, other = agent->uv_deadline;
    return ours > 0 && (other == 0 || ours < other) ? ours : other;
}

/* Seconds to sleep at most: until the caller's limit or the first timer. */
static double
find_patience(struct agent *agent, double until)
{
    double now = loop_now(), patience = 3600;
    if (PyList_GET_SIZE(agent->immediates) > 0 || agent_has_work(agent) ||
        agent->posted != NULL) {
        return 0;
    }
    if (until > 0) {
        patience = until - now;
    }
    double deadline = find_deadline(agent);
    if (deadline > 0) {
        patience = Py_MIN(patience, deadline - now);
    }
    return Py_MIN(Py_MAX(patience, 0), SIGNAL_LATENCY);
}

void
loop_sleep(struct agent *agent, double seconds)
{
    struct pollfd watched[3] = {{agent->wake_read, POLLIN, 0}};
    nfds_t count = 1;
    if (agent->uv != NULL && !agent->uv_running) {
        watched[count++] = (struct pollfd){agent->uv_descriptor, POLLIN, 0};
    }
    if (agent->poller != NULL) {
        watched[count++] =
            (struct pollfd){agent->poller_descriptor, POLLIN, 0};
    }
    struct timespec limit = {(time_t)seconds,
                             (long)((seconds - (double)(time_t)seconds) *
                                    1e9)};
    Py_BEGIN_ALLOW_THREADS
    if (!__atomic_load_n(&agent->wanted, __ATOMIC_ACQUIRE)) {
#ifdef __linux__
        ppoll(watched, count, &limit, NULL);
#else
        poll(watched, count,
             (int)(limit.tv_sec * 1000 + limit.tv_nsec / 1000000));
#endif
    }
    Py_END_ALLOW_THREADS
    loop_empty(agent);
}

static bool
is_settled(PyObject *promise)
{
    return promise != NULL &&
           ((struct js_promise *)promise)->state != PROMISE_PENDING;
}

/* why the pump stopped; NULL: raised */
static const char *
pump_until(struct agent *agent, PyObject *promise, double until, bool once)
{
    for (;;) {
        while (agent->thread != PyThread_get_thread_ident()) {
            loop_sleep(agent, SIGNAL_LATENCY); /* another one tears down */
        }
        if (agent_is_left_over(agent->state)) {
            PyErr_SetNone(PyExc_SystemExit);
            return NULL;
        }
        if (loop_turn(agent) < 0) {
            return NULL;
        }
        if (is_settled(promise)) {
            return "settled";
        }
        if (once) {
            return "turned";
        }
        if (agent->awaitables > 0) {
            return "awaitables";
        }
        if (agent->alive == 0 && !agent_has_work(agent) &&
            agent->posted == NULL &&
            !libuv_is_alive(agent) &&
            PyList_GET_SIZE(agent->immediates) == 0) {
            return "idle";
        }
        if (until > 0 && loop_now() >= until) {
            return "timeout";
        }
        loop_sleep(agent, find_patience(agent, until));
        if (PyErr_CheckSignals() < 0) {
            return NULL;
        }
    }
}

PyDoc_STRVAR(pump_doc,
             "pump(promise, seconds, once=False) -> str\n\n"
             "Runs turns until the promise (or None) is settled, or for some "
             "seconds (None: no\nlimit). Answers 'settled', 'turned', "
             "'timeout', 'idle' (nothing is left that could\ncall back) or "
             "'awaitables' (an asyncio loop must run). Raises uncaught "
             "exceptions.");

static PyObject *
pump(PyObject *module, PyObject *args)
{
    struct shim_state *state = PyModule_GetState(module);
    struct agent *agent = agent_current(state);
    PyObject *promise, *limit;
    int once = 0;
    if (agent == NULL ||
        !PyArg_ParseTuple(args, "OO|p:pump", &promise, &limit, &once) ||
        loop_open(agent) < 0) {
        return NULL;
    }
    double seconds = limit == Py_None ? 0 : PyFloat_AsDouble(limit);
    if (seconds == -1 && PyErr_Occurred()) {
        return NULL;
    }
    double until = limit == Py_None ? 0 : loop_now() + Py_MAX(seconds, 0);
    ++agent->pumping;
    const char *why = pump_until(agent, promise == Py_None ? NULL : promise,
                                 until, once);
    --agent->pumping;
    return why != NULL ? PyUnicode_FromString(why) : NULL;
}

PyDoc_STRVAR(turn_doc, "turn() -> None\n\nOne turn, as the loop that watches "
                       "wake_descriptor() calls it.");

static PyObject *
turn(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct agent *agent = agent_current(PyModule_GetState(module));
    if (agent == NULL) {
        return NULL;
    }
    if (agent_is_left_over(agent->state)) {
        Py_RETURN_NONE;
    }
    loop_empty(agent);
    return loop_turn(agent) < 0 ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(attach_doc,
             "attach(loop) -> tuple[int, ...]\n\nRemembers the loop that runs "
             "this thread's turns; the descriptors that it must\nwatch: our "
             "own, and libuv's and the poller's. None that it watches "
             "already.");

static PyObject *
attach(PyObject *module, PyObject *loop)
{
    struct agent *agent = agent_current(PyModule_GetState(module));
    if (agent == NULL || loop_open(agent) < 0) {
        return NULL;
    }
    if (agent->loop == loop) {
        return PyTuple_New(0);
    }
    Py_XSETREF(agent->loop, Py_NewRef(loop));
    if (agent_has_work(agent)) {
        loop_wake(agent);
    }
    int found[3] = {agent->wake_read};
    Py_ssize_t count = 1;
    if (agent->uv != NULL) {
        found[count++] = agent->uv_descriptor;
    }
    if (agent->poller != NULL) {
        found[count++] = agent->poller_descriptor;
    }
    PyObject *descriptors = PyTuple_New(count);
    for (Py_ssize_t i = 0; descriptors != NULL && i < count; ++i) {
        PyObject *one = PyLong_FromLong(found[i]);
        if (one == NULL) {
            Py_CLEAR(descriptors);
            break;
        }
        PyTuple_SET_ITEM(descriptors, i, one);
    }
    return descriptors;
}

PyDoc_STRVAR(set_poller_doc,
             "set_poller(descriptor, callable) -> None\n\nHas each turn in "
             "which the descriptor can be read call the callable, and whoever\n"
             "waits for turns watch it, too.");

static PyObject *
set_poller(PyObject *module, PyObject *args)
{
    struct agent *agent = agent_current(PyModule_GetState(module));
    PyObject *callable;
    int descriptor;
    if (agent == NULL || !PyArg_ParseTuple(args, "iO:set_poller", &descriptor,
                                           &callable)) {
        return NULL;
    }
    agent->poller_descriptor = descriptor;
    Py_XSETREF(agent->poller, Py_NewRef(callable));
    Py_CLEAR(agent->loop); /* it does not watch this descriptor yet */
    Py_RETURN_NONE;
}

PyDoc_STRVAR(hold_doc,
             "hold(alive, interested, awaitables=0) -> None\n\nAdds to what "
             "keeps napi.run() going, to the sources of turns, and to the "
             "Python\nawaitables that wait for an asyncio loop.");

static PyObject *
hold(PyObject *module, PyObject *args)
{
    struct agent *agent = agent_current(PyModule_GetState(module));
    Py_ssize_t alive, interested, awaitables = 0;
    if (agent == NULL || !PyArg_ParseTuple(args, "nn|n:hold", &alive,
                                           &interested, &awaitables)) {
        return NULL;
    }
    agent->alive += (size_t)alive;
    agent->interested += (size_t)interested;
    agent->awaitables += (size_t)awaitables;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(set_deadline_doc,
             "set_deadline(seconds) -> None\n\nWhen expire_timers() is due, on "
             "time.monotonic(); 0: never.");

static PyObject *
set_deadline(PyObject *module, PyObject *seconds)
{
    struct agent *agent = agent_current(PyModule_GetState(module));
    double deadline = PyFloat_AsDouble(seconds);
    if (agent == NULL || (deadline == -1 && PyErr_Occurred())) {
        return NULL;
    }
    agent->deadline = deadline;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(queue_immediate_doc,
             "queue_immediate(callable) -> None\n\nFor the end of this turn, "
             "or of the next one when called from an immediate.");

static PyObject *
queue_immediate(PyObject *module, PyObject *callable)
{
    struct agent *agent = agent_current(PyModule_GetState(module));
    if (agent == NULL || PyList_Append(agent->immediates, callable) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(queue_tick_doc, "queue_tick(callable) -> None\n\nprocess.nextTick: "
                             "before the waiting microtasks.");

static PyObject *
queue_tick(PyObject *module, PyObject *callable)
{
    struct shim_state *state = PyModule_GetState(module);
    struct agent *agent = agent_current(state);
    PyObject *bound = agent ? promise_bind(state, callable) : NULL;
    int failed = bound ? agent_queue_tick(agent, bound) : -1;
    Py_XDECREF(bound);
    return failed < 0 ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(is_pumping_doc, "is_pumping() -> bool\n\nWhether a pump runs on "
                             "this thread: what it calls may raise out of it.");

static PyObject *
is_pumping(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct agent *agent = agent_current(PyModule_GetState(module));
    return agent ? PyBool_FromLong(agent->pumping > 0) : NULL;
}

PyDoc_STRVAR(is_forked_doc, "is_forked() -> bool\n\nWhether this thread had "
                            "addons before the process was forked.");

static PyObject *
is_forked(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct agent *agent = agent_current(PyModule_GetState(module));
    return agent ? PyBool_FromLong(agent->forked) : NULL;
}

PyDoc_STRVAR(deadline_doc, "deadline() -> float\n\nWhen the next turn is due "
                           "for a timer, on time.monotonic(); 0: never.");

static PyObject *
get_deadline(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct agent *agent = agent_current(PyModule_GetState(module));
    return agent ? PyFloat_FromDouble(find_deadline(agent)) : NULL;
}

PyDoc_STRVAR(has_immediates_doc,
             "has_immediates() -> bool\n\nWhether a turn is due for them.");

static PyObject *
has_immediates(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct agent *agent = agent_current(PyModule_GetState(module));
    return agent ? PyBool_FromLong(PyList_GET_SIZE(agent->immediates) > 0)
                 : NULL;
}

PyDoc_STRVAR(run_macrotask_doc,
             "run_macrotask(callable) -> None\n\nCalls it, then the ticks and "
             "microtasks; an exception is an uncaught one.");

static PyObject * /* new, or NULL and raised; its jobs wait */
call_task(struct agent *agent, PyObject *callable)
{
    bool outer = agent->in_task;
    agent->in_task = true;
    PyObject *result = PyObject_CallNoArgs(callable);
    agent->in_task = outer;
    return result;
}

static PyObject *
run_macrotask(PyObject *module, PyObject *callable)
{
    struct agent *agent = agent_current(PyModule_GetState(module));
    if (agent == NULL) {
        return NULL;
    }
    PyObject *result = call_task(agent, callable);
    if (result == NULL) {
        agent_report(agent);
    }
    Py_XDECREF(result);
    agent_drain(agent);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(run_main_doc,
             "run_main(callable) -> object\n\nCalls a program's main code: its "
             "ticks and microtasks wait for the next turn, and\nwhere it raises "
             "nothing runs any more.");

static PyObject *
run_main(PyObject *module, PyObject *callable)
{
    struct agent *agent = agent_current(PyModule_GetState(module));
    return agent != NULL ? call_task(agent, callable) : NULL;
}

static PyMethodDef methods[] = {
    {"run_main", run_main, METH_O, run_main_doc},
    {"deadline", get_deadline, METH_NOARGS, deadline_doc},
    {"has_immediates", has_immediates, METH_NOARGS, has_immediates_doc},
    {"run_macrotask", run_macrotask, METH_O, run_macrotask_doc},
    {"pump", pump, METH_VARARGS, pump_doc},
    {"turn", turn, METH_NOARGS, turn_doc},
    {"attach", attach, METH_O, attach_doc},
    {"set_poller", set_poller, METH_VARARGS, set_poller_doc},
    {"hold", hold, METH_VARARGS, hold_doc},
    {"set_deadline", set_deadline, METH_O, set_deadline_doc},
    {"queue_immediate", queue_immediate, METH_O, queue_immediate_doc},
    {"queue_tick", queue_tick, METH_O, queue_tick_doc},
    {"is_forked", is_forked, METH_NOARGS, is_forked_doc},
    {"is_pumping", is_pumping, METH_NOARGS, is_pumping_doc},
    {NULL, NULL, 0, NULL},
};

int
pump_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, methods);
}
