/* The loop seam: turns, and the wake-up of a loop that sleeps.
 *
 * Producers on any thread set `wanted` and write to the descriptor only when it
 * was not set: one wake-up for a burst. Either an asyncio loop watches the
 * descriptor and calls turn(), or pump() sleeps on it. Callbacks of addons run
 * in turns only, never while the program's own code is between two calls. */

#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/eventfd.h>
#endif

double
loop_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

double
loop_close_limit(void)
{
    const char *text = getenv("NAPI_CLOSE_TIMEOUT");
    double limit = text ? PyOS_string_to_double(text, NULL, NULL) : 10;
    if (limit < 0) {
        PyErr_Clear();
        return 10;
    }
    return limit;
}

void
loop_init(struct agent *agent)
{
    agent->wake_read = agent->wake_write = -1;
    pthread_mutex_init(&agent->mutex, NULL);
}

static int
open_descriptors(struct agent *agent)
{
#ifdef __linux__
    agent->wake_read = agent->wake_write =
        eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return agent->wake_read;
#else
    int ends[2];
    if (pipe(ends) < 0) {
        return -1;
    }
    for (int i = 0; i < 2; ++i) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    agent->wake_read = ends[0];
    agent->wake_write = ends[1];
    return 0;
#endif
}

static void
write_descriptor(struct agent *agent)
{
    uint64_t one = 1;
    while (agent->wake_write >= 0 &&
           write(agent->wake_write, &one, sizeof(one)) < 0 &&
           errno == EINTR) {
    }
}

int
loop_open(struct agent *agent)
{
    if (agent->wake_read >= 0) {
        return 0;
    }
    if (open_descriptors(agent) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    if (__atomic_load_n(&agent->wanted, __ATOMIC_ACQUIRE)) {
        write_descriptor(agent);
    }
    return 0;
}

void
loop_close(struct agent *agent)
{
    if (agent->wake_read >= 0) {
        close(agent->wake_read);
        if (agent->wake_write != agent->wake_read) {
            close(agent->wake_write);
        }
    }
    agent->wake_read = agent->wake_write = -1;
    __atomic_store_n(&agent->wanted, 0, __ATOMIC_RELAXED);
    Py_CLEAR(agent->loop);
}

void
loop_forget(struct agent *agent)
{
    pthread_mutex_init(&agent->mutex, NULL);
    loop_close(agent);
    Py_CLEAR(agent->poller); /* its descriptor is the parent's, too */
    agent->forked = true;
}

void
loop_wake(struct agent *agent)
{
    if (__atomic_exchange_n(&agent->wanted, 1, __ATOMIC_ACQ_REL) == 0) {
        write_descriptor(agent);
    }
}

void
loop_empty(struct agent *agent)
{
    uint64_t ignored[8]; /* eight bytes of an event, or what a pipe has */
    while (agent->wake_read >= 0 &&
           read(agent->wake_read, ignored, sizeof(ignored)) ==
               (ssize_t)sizeof(ignored)) {
    }
}

/* === which loop runs our turns === */

/* new; None: no asyncio loop runs on this thread; NULL: raised */
static PyObject *
find_running(struct shim_state *state)
{
    if (state->running_loop == NULL) {
        PyObject *modules = PyImport_GetModuleDict();
        PyObject *events = PyDict_GetItemString(modules, "asyncio.events");
        if (events == NULL) {
            Py_RETURN_NONE; /* nobody has imported asyncio */
        }
        state->running_loop =
            PyObject_GetAttrString(events, "_get_running_loop");
        if (state->running_loop == NULL) {
            PyErr_Clear(); /* it is being imported right now */
            Py_RETURN_NONE;
        }
    }
    return PyObject_CallNoArgs(state->running_loop);
}

static void
attach_running(struct agent *agent)
{
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *running = find_running(agent->state);
    if (running != NULL && running != Py_None && running != agent->loop) {
        PyObject *attach = state_lookup(agent->state, "attach_loop");
        PyObject *done = attach ? PyObject_CallNoArgs(attach) : NULL;
        Py_XDECREF(attach);
        Py_XDECREF(done);
    }
    Py_XDECREF(running);
    if (PyErr_Occurred()) {
        PyErr_WriteUnraisable(NULL);
    }
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

void
loop_attach(struct agent *agent)
{
    if (agent->delivering) {
        return;
    }
    /* What only waits in the background is looked after now and then. */
    if (agent->alive > 0 || (agent->exits++ & 15) == 0 ||
        libuv_is_alive(agent)) {
        attach_running(agent);
    }
}

void
loop_adopt(struct agent *agent)
{
    attach_running(agent);
    if (agent->loop != NULL) {
        loop_wake(agent);
    }
}

/* === turns === */

void
loop_run(napi_env env, void (*act)(napi_env env, void *arg), void *arg)
{
    struct agent *agent = env->agent;
    struct frame frame;
    if (!frame_open(env, &frame)) {
        agent_report(agent);
        return;
    }
    act(env, arg);
    agent->delivering = agent->depth == 1;
    PyObject *result = frame_close(env, &frame, NULL);
    agent->delivering = false;
    if (result == NULL) {
        agent_report(agent);
    }
    Py_XDECREF(result);
    if (agent->depth > 0) {
        agent_drain(agent); /* a pump inside of a native call */
    }
}

static void
run_timers(struct agent *agent)
{
    if (agent->deadline == 0 || loop_now() < agent->deadline) {
        return;
    }
    PyObject *expire = state_lookup(agent->state, "expire_timers");
    if (expire == NULL) {
        agent_report(agent);
        return;
    }
    agent_call(agent, expire);
    Py_DECREF(expire);
}

/* Those that a callback adds wait for the next turn. */
static void
run_immediates(struct agent *agent)
{
    PyObject *batch = agent->immediates, *fresh = PyList_New(0);
    if (PyList_GET_SIZE(batch) == 0 || fresh == NULL) {
        Py_XDECREF(fresh);
        PyErr_Clear();
        return;
    }
    agent->immediates = fresh;
    Py_ssize_t i = 0;
    while (i < PyList_GET_SIZE(batch) && !agent_is_interrupted(agent)) {
        agent_call(agent, PyList_GET_ITEM(batch, i++));
        agent_drain(agent);
    }
    for (Py_ssize_t left = 0; i < PyList_GET_SIZE(batch); ++i, ++left) {
        PyList_Insert(fresh, left, PyList_GET_ITEM(batch, i));
    }
    Py_DECREF(batch);
}

PyObject *
loop_raise(struct agent *agent)
{
    PyObject **slot =
        agent->sticky != NULL ? &agent->sticky : &agent->uncaught;
    PyObject *raised = *slot;
    *slot = NULL;
    PyErr_SetRaisedException(raised);
    return NULL;
}

/* What Python code waits for: sockets, results of threads. */
static void
run_poller(struct agent *agent)
{
    struct pollfd watched = {agent->poller_descriptor, POLLIN, 0};
    if (agent->poller != NULL && poll(&watched, 1, 0) > 0) {
        PyObject *poller = Py_NewRef(agent->poller);
        agent_call(agent, poller);
        Py_DECREF(poller);
        agent_drain(agent);
    }
}

int
loop_turn(struct agent *agent)
{
    bool draining = agent->draining, in_task = agent->in_task;
    agent->draining = agent->in_task = false;
    run_timers(agent);
    agent_drain(agent);
    if (__atomic_exchange_n(&agent->wanted, 0, __ATOMIC_ACQ_REL)) {
        if (agent->posted != NULL) {
            agent_run_posted(agent);
        }
        work_dispatch(agent);
        threadsafe_dispatch(agent, false);
    }
    if (agent->uv != NULL) {
        libuv_turn(agent);
    }
    run_poller(agent);
    run_immediates(agent);
    agent_drain(agent);
    agent->draining = draining;
    agent->in_task = in_task;
    if (agent_is_interrupted(agent)) {
        loop_raise(agent);
        return -1;
    }
    return 0;
}
