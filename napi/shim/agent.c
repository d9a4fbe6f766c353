/* Node-API chapter "Environment life cycle APIs": agents, one a thread.
 *
 * An agent has the jobs of its thread: next ticks, microtasks, finalizers. They
 * run at safe points only: as the outermost native call returns, or after a
 * callback of the event loop. */

#include "shim.h"

struct agent *
agent_current(struct shim_state *state)
{
    unsigned long thread = PyThread_get_thread_ident();
    for (struct agent *agent = state->agents; agent; agent = agent->next) {
        if (agent->thread == thread) {
            return agent;
        }
    }
    agent_free_ended(state);
    struct agent *agent = PyMem_RawCalloc(1, sizeof(*agent));
    PyObject *ticks = PyList_New(0);
    PyObject *microtasks = PyList_New(0);
    PyObject *immediates = PyList_New(0);
    if (agent == NULL || ticks == NULL || microtasks == NULL ||
        immediates == NULL) {
        PyMem_RawFree(agent);
        Py_XDECREF(ticks);
        Py_XDECREF(microtasks);
        Py_XDECREF(immediates);
        PyErr_NoMemory();
        return NULL;
    }
    *agent = (struct agent){
        .state = state,
        .thread = thread,
        .ticks = {ticks, 0},
        .microtasks = {microtasks, 0},
        .immediates = immediates,
        .id = ++state->last_agent,
        .next = state->agents,
    };
    loop_init(agent);
    state->agents = agent;
    return agent;
}

/* What Python code queues between two calls waits for the next turn of the loop
 * that runs now, or of the one that ran last. */
static int
queue_job(struct agent *agent, struct job_queue *queue, PyObject *callable)
{
    bool first = agent->depth == 0 && !agent_has_work(agent);
    if (PyList_Append(queue->list, callable) < 0) {
        return -1;
    }
    if (first) {
        loop_adopt(agent);
    }
    return 0;
}

int
agent_queue_microtask(struct agent *agent, PyObject *callable)
{
    return queue_job(agent, &agent->microtasks, callable);
}

int
agent_queue_tick(struct agent *agent, PyObject *callable)
{
    return queue_job(agent, &agent->ticks, callable);
}

/* Stops where KeyboardInterrupt or SystemExit must come out first. */
static void
run_queue(struct agent *agent, struct job_queue *queue)
{
    if (agent->ending) {
        queue->next = PyList_GET_SIZE(queue->list);
    }
    while (queue->next < PyList_GET_SIZE(queue->list) &&
           agent->sticky == NULL) {
        PyObject *job = PyList_GET_ITEM(queue->list, queue->next++);
        Py_INCREF(job);
        agent_call(agent, job);
        Py_DECREF(job);
    }
    if (queue->next > 0 &&
        PyList_SetSlice(queue->list, 0, queue->next, NULL) < 0) {
        PyErr_Clear();
        return;
    }
    queue->next = 0;
}

/* Node's order: all ticks, then all microtasks, until there are none. */
static void
run_jobs(struct agent *agent)
{
    do {
        if (agent_has_jobs(&agent->ticks)) {
            run_queue(agent, &agent->ticks);
        }
        if (agent_has_jobs(&agent->microtasks)) {
            run_queue(agent, &agent->microtasks);
        }
    } while (agent->sticky == NULL && agent_has_jobs(&agent->ticks));
}

/* The jobs of a task, or of a program's main code, wait for its end. */
static bool
is_to_drain(struct agent *agent)
{
    return agent->in_task
               ? agent_has_finalizers(agent) ||
                     __atomic_load_n(&agent->housekeeping, __ATOMIC_ACQUIRE)
               : agent_has_work(agent);
}

void
agent_drain(struct agent *agent)
{
    if (agent->draining || !agent_has_work(agent)) {
        return;
    }
    agent->draining = true;
    PyObject *raised = PyErr_GetRaisedException();
    ++agent->depth;
    while (agent->sticky == NULL && is_to_drain(agent)) {
        if (!agent->in_task) {
            run_jobs(agent);
        }
        if (agent->sticky == NULL && !agent->in_task &&
            agent_has_rejections(agent)) {
            rejection_tell(agent);
        } else if (agent_has_finalizers(agent)) {
            finalizer_run(agent->queue_head);
        } else if (__atomic_exchange_n(&agent->housekeeping, 0,
                                       __ATOMIC_ACQ_REL)) {
            threadsafe_dispatch(agent, true);
        }
    }
    --agent->depth;
    agent->draining = false;
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

/* napi.on_uncaught_exception, or the running loop's handler, take it; else it
 * comes out of the pump, or is written where nobody waits. */
void
agent_report(struct agent *agent)
{
    if (!PyErr_ExceptionMatches(PyExc_Exception)) {
        PyObject *raised = PyErr_GetRaisedException();
        Py_XSETREF(agent->sticky, raised);
        return;
    }
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *report = state_lookup(agent->state, "report_uncaught");
    PyObject *done = report ? PyObject_CallOneArg(report, raised) : NULL;
    Py_XDECREF(report);
    Py_DECREF(raised);
    if (done != NULL) {
        Py_DECREF(done);
    } else if (!PyErr_ExceptionMatches(PyExc_Exception)) {
        Py_XSETREF(agent->sticky, PyErr_GetRaisedException());
    } else if (agent->pumping && agent->uncaught == NULL) {
        agent->uncaught = PyErr_GetRaisedException();
    } else {
        PyErr_WriteUnraisable(NULL);
    }
}

bool
agent_is_interrupted(struct agent *agent)
{
    return agent->sticky != NULL || agent->uncaught != NULL;
}

bool
agent_is_left_over(struct shim_state *state)
{
    return state->exit_thread != 0 &&
           state->exit_thread != PyThread_get_thread_ident();
}

void
agent_call(struct agent *agent, PyObject *callable)
{
    PyObject *result = PyObject_CallNoArgs(callable);
    if (result == NULL) {
        agent_report(agent);
    }
    Py_XDECREF(result);
}
