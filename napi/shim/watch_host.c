/* The strict build's watch: another host than this one, for tests.
 *
 * It says other versions, runs finalizers late or early, and lets async works
 * complete in an order that a seed decides. */

#include "watch_state.h"

#ifdef NAPI_STRICT

#define SLICES 20 /* of 5 ms: how long works wait for the others */

bool
watch_runs_late(struct shim_state *state)
{
    return state->watch != NULL && state->watch->host.finalizers == HOST_LATE;
}

void
watch_collect(struct shim_state *state)
{
    if (state->watch == NULL ||
        state->watch->host.finalizers != HOST_EAGER || state->collecting) {
        return;
    }
    PyObject *raised = PyErr_GetRaisedException();
    PyGC_Collect();
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

int32_t
watch_version(struct shim_state *state)
{
    struct watch *watch = state->watch;
    return watch != NULL && watch->host.version > 0 ? watch->host.version
                                                    : NAPI_STABLE_VERSION;
}

void
host_answer(struct watch_call *call)
{
    struct watch_host *host = &call->watch->host;
    const char *name = watch_functions[call->function].name;
    if (call->status != napi_ok) {
        return;
    }
    void *result = (void *)(uintptr_t)call->arguments[1];
    if (host->version > 0 && strcmp(name, "napi_get_version") == 0) {
        *(uint32_t *)result = (uint32_t)host->version;
    } else if (host->node.release != NULL &&
               strcmp(name, "napi_get_node_version") == 0) {
        *(const napi_node_version **)result = &host->node;
    }
}

/* xorshift64*: the same order for the same seed, on each machine */
static uint64_t
next_random(struct watch *watch)
{
    uint64_t x = watch->host.random;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    watch->host.random = x;
    return x * 0x2545F4914F6CDD1DULL;
}

/* Is a work neither done nor deleted? */
static bool
are_running(struct agent *agent)
{
    size_t listed = 0, done = 0;
    for (napi_async_work work = agent->works; work; work = work->next) {
        ++listed;
    }
    pthread_mutex_lock(&agent->mutex);
    for (napi_async_work work = agent->done; work; work = work->queue_next) {
        ++done;
    }
    pthread_mutex_unlock(&agent->mutex);
    return done > 0 && done < listed;
}

void
watch_gather(struct agent *agent)
{
    struct watch *watch = agent->state->watch;
    if (watch == NULL || watch->host.random == 0 || agent->taken != NULL) {
        return;
    }
    for (int i = 0; i < SLICES && are_running(agent); ++i) {
        loop_sleep(agent, 0.005);
    }
}

/* The pool's threads finish in any order: back to that of the queueing. */
static napi_async_work
sort_works(struct agent *agent, napi_async_work first)
{
    napi_async_work sorted = NULL;
    for (napi_async_work work = agent->works; work; work = work->next) {
        napi_async_work *link = &first;
        while (*link != NULL && *link != work) {
            link = &(*link)->queue_next;
        }
        if (*link == work) {
            *link = work->queue_next;
            work->queue_next = sorted;
            sorted = work;
        }
    }
    while (first != NULL) { /* listed nowhere: at least it is not lost */
        napi_async_work next = first->queue_next;
        first->queue_next = sorted;
        sorted = first;
        first = next;
    }
    return sorted;
}

/* Takes one at random to the front, then of what is behind it, and so on. */
napi_async_work
watch_shuffle(struct agent *agent, napi_async_work first)
{
    struct watch *watch = agent->state->watch;
    if (watch == NULL || watch->host.random == 0) {
        return first;
    }
    first = sort_works(agent, first);
    size_t count = 0;
    for (napi_async_work work = first; work; work = work->queue_next) {
        ++count;
    }
    napi_async_work shuffled = NULL;
    while (first != NULL) {
        napi_async_work *link = &first;
        for (size_t n = next_random(watch) % count--; n > 0; --n) {
            link = &(*link)->queue_next;
        }
        napi_async_work work = *link;
        *link = work->queue_next;
        work->queue_next = shuffled;
        shuffled = work;
    }
    return shuffled;
}

PyDoc_STRVAR(host_doc,
             "watch_host(version, node, finalizers) -> None\n\nThe host "
             "answers another Node-API version (0: its own) and another "
             "version of\nNode (a tuple of three, or None), and runs "
             "finalizers as it does (0), late (1)\nor early (2).");

static PyObject *
watch_host(PyObject *module, PyObject *args)
{
    struct watch_host *host =
        &((struct shim_state *)PyModule_GetState(module))->watch->host;
    int version, finalizers;
    PyObject *node;
    unsigned major = 0, minor = 0, patch = 0;
    if (!PyArg_ParseTuple(args, "iOi:watch_host", &version, &node,
                          &finalizers) ||
        (node != Py_None &&
         !PyArg_ParseTuple(node, "III", &major, &minor, &patch))) {
        return NULL;
    }
    host->version = version;
    host->node = (napi_node_version){major, minor, patch,
                                     node != Py_None ? "node" : NULL};
    host->finalizers = finalizers;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(shuffle_doc,
             "watch_shuffle(seed) -> None\n\nAsync works complete in an order "
             "that the seed decides; 0: in their own.");

static PyObject *
shuffle(PyObject *module, PyObject *seed)
{
    struct watch *watch =
        ((struct shim_state *)PyModule_GetState(module))->watch;
    unsigned long long value = PyLong_AsUnsignedLongLong(seed);
    if (PyErr_Occurred()) {
        return NULL;
    }
    watch->host.random = value;
    for (int i = 0; value != 0 && i < 8; ++i) {
        next_random(watch); /* small seeds differ in few bits */
    }
    Py_RETURN_NONE;
}

PyMethodDef host_methods[] = {
    {"watch_host", watch_host, METH_VARARGS, host_doc},
    {"watch_shuffle", shuffle, METH_O, shuffle_doc},
    {NULL, NULL, 0, NULL},
};

#else
typedef int watch_host_is_empty_in_the_release_build;
#endif
