/* ECMA-262 chapter "Realms", and the agents of Workers.
 *
 * A Worker is a thread whose agent has a realm of its own: begin_worker() and
 * end_worker() are called on it, first and last. All that an agent of a Worker
 * has ends there, its environments in Node's order. Threads give each other
 * callables: post(). All of this happens with the GIL held. */

#include "shim.h"

/* borrowed; the agent of this thread if it is a Worker, else NULL */
static struct agent *
find_worker(struct shim_state *state)
{
    unsigned long thread = PyThread_get_thread_ident();
    struct agent *agent = state->workers > 0 ? state->agents : NULL;
    while (agent != NULL && agent->thread != thread) {
        agent = agent->next;
    }
    return agent != NULL && agent->is_worker ? agent : NULL;
}

static struct realm *
find_realm(struct shim_state *state)
{
    struct agent *worker = find_worker(state);
    return worker != NULL ? &worker->realm : &state->main;
}

PyObject *
realm_global(struct shim_state *state)
{
    PyObject *global =
        state_make(state, &find_realm(state)->global, "make_global");
    if (state->workers == 0) {
        state->global = global;
    }
    return global;
}

napi_env
realm_code(struct shim_state *state)
{
    struct agent *worker = find_worker(state);
    napi_env *slot = worker != NULL ? &worker->code : &state->main_code;
    if (*slot == NULL || (*slot)->closed) {
        napi_env made = env_new(state, "", NAPI_STABLE_VERSION);
        if (made == NULL) {
            return NULL;
        }
        env_retain(made);
        *slot = made; /* a closed one stays: functions may need it */
    }
    if (state->workers == 0) {
        state->code = *slot;
    }
    return *slot;
}

PyDoc_STRVAR(slots_doc,
             "slots() -> dict[str, Any]\n\nWhat Python files keep once in each "
             "realm.");

static PyObject *
get_slots(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct realm *realm = find_realm(PyModule_GetState(module));
    if (realm->slots == NULL) {
        realm->slots = PyDict_New();
    }
    return Py_XNewRef(realm->slots);
}

/* === the life of a Worker === */

PyDoc_STRVAR(begin_worker_doc,
             "begin_worker() -> None\n\nThis thread, on which nothing of ours "
             "has run, is a Worker until end_worker().");

static PyObject *
begin_worker(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct shim_state *state = PyModule_GetState(module);
    struct agent *agent = agent_current(state);
    if (agent != NULL && (agent->is_worker || agent->uses > 0)) {
        PyErr_SetString(PyExc_RuntimeError,
                        "a Worker needs a thread of its own");
        return NULL;
    }
    if (agent == NULL || loop_open(agent) < 0) {
        return NULL;
    }
    agent->is_worker = true;
    ++state->workers;
    state->global = NULL;
    state->code = NULL;
    Py_RETURN_NONE;
}

static void
close_envs(struct agent *agent)
{
    napi_env env = agent->state->envs;
    while (env != NULL) {
        if (env->agent != agent || env->ending || env_is_busy(env)) {
            env = env->next;
        } else {
            env_close(env);
            env = agent->state->envs;
        }
    }
}

/* What another thread posts while this runs goes nowhere. */
static void
empty_agent(struct agent *agent)
{
    PyObject **owned[] = {
        &agent->realm.global,    &agent->realm.slots,
        &agent->rejections,      &agent->rejection_tracker,
        &agent->posted,          &agent->ticks.list,
        &agent->microtasks.list, &agent->immediates,
        &agent->sticky,          &agent->uncaught,
    };
    for (size_t i = 0; i < Py_ARRAY_LENGTH(owned); ++i) {
        Py_CLEAR(*owned[i]);
    }
}

PyDoc_STRVAR(end_worker_doc,
             "end_worker() -> None\n\nCloses the environments of this thread, "
             "the newest first, and drops its realm.");

static PyObject *
end_worker(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct shim_state *state = PyModule_GetState(module);
    struct agent *agent = find_worker(state);
    if (agent == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "this thread is no Worker");
        return NULL;
    }
    agent->ending = true;
    agent->deadline = 0;
    PyList_SetSlice(agent->immediates, 0, PY_SSIZE_T_MAX, NULL);
    close_envs(agent);
    loop_close(agent);
    napi_env code = agent->code;
    agent->code = NULL;
    if (code != NULL) {
        env_release(code);
    }
    __atomic_store_n(&agent->thread, 0, __ATOMIC_RELAXED); /* nobody's */
    agent->is_worker = false;
    if (--state->workers == 0) {
        state->global = state->main.global;
        state->code = state->main_code;
    }
    empty_agent(agent);
    agent_free_ended(state);
    Py_RETURN_NONE;
}

/* Objects that have outlived their env refer to it, and it to its agent. */
static bool
has_ended(struct agent *agent)
{
    return agent->thread == 0 && agent->uses == 0 && !agent->scheduled &&
           __atomic_load_n(&agent->functions, __ATOMIC_ACQUIRE) == 0 &&
           agent->works == NULL && agent->microtasks.list == NULL &&
           agent->depth == 0;
}

void
agent_free_ended(struct shim_state *state)
{
    struct agent **link = &state->agents;
    while (*link != NULL) {
        struct agent *agent = *link;
        if (has_ended(agent)) {
            *link = agent->next;
            pthread_mutex_destroy(&agent->mutex);
            PyMem_RawFree(agent);
        } else {
            link = &agent->next;
        }
    }
}

PyDoc_STRVAR(is_worker_doc, "is_worker() -> bool\n\nWhether this thread is a "
                            "Worker, with a realm of its own.");

static PyObject *
is_worker(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    return PyBool_FromLong(find_worker(PyModule_GetState(module)) != NULL);
}

/* === what threads give each other === */

PyDoc_STRVAR(agent_id_doc, "agent_id() -> int\n\nWhat post() calls this "
                           "thread's agent.");

static PyObject *
agent_id(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct agent *agent = agent_current(PyModule_GetState(module));
    return agent != NULL ? PyLong_FromSize_t(agent->id) : NULL;
}

static struct agent *
find_agent(struct shim_state *state, size_t id)
{
    struct agent *agent = state->agents;
    while (agent != NULL && (agent->id != id || agent->thread == 0)) {
        agent = agent->next;
    }
    return agent;
}

PyDoc_STRVAR(post_doc,
             "post(agent, callable) -> bool\n\nHas the callable called in a "
             "turn of the thread with this agent_id(). False: that\nthread has "
             "ended.");

static PyObject *
post(PyObject *module, PyObject *args)
{
    Py_ssize_t id;
    PyObject *callable;
    if (!PyArg_ParseTuple(args, "nO:post", &id, &callable)) {
        return NULL;
    }
    struct agent *agent = find_agent(PyModule_GetState(module), (size_t)id);
    if (agent == NULL) {
        Py_RETURN_FALSE;
    }
    if (agent->posted == NULL) {
        agent->posted = PyList_New(0);
    }
    if (agent->posted == NULL || PyList_Append(agent->posted, callable) < 0) {
        return NULL;
    }
    loop_wake(agent);
    Py_RETURN_TRUE;
}

/* Those that are posted meanwhile wait for the next turn. */
void
agent_run_posted(struct agent *agent)
{
    PyObject *batch = agent->posted;
    agent->posted = NULL;
    Py_ssize_t i = agent->ending ? PyList_GET_SIZE(batch) : 0;
    while (i < PyList_GET_SIZE(batch) && !agent_is_interrupted(agent)) {
        agent_call(agent, PyList_GET_ITEM(batch, i++));
        agent_drain(agent);
    }
    if (i < PyList_GET_SIZE(batch)) {
        PyList_SetSlice(batch, 0, i, NULL);
        PyObject *rest = agent->posted;
        if (rest != NULL) {
            PyList_SetSlice(batch, PY_SSIZE_T_MAX, PY_SSIZE_T_MAX, rest);
            Py_DECREF(rest);
        }
        agent->posted = Py_NewRef(batch);
        loop_wake(agent);
        PyErr_Clear();
    }
    Py_DECREF(batch);
}

static PyMethodDef methods[] = {
    {"slots", get_slots, METH_NOARGS, slots_doc},
    {"begin_worker", begin_worker, METH_NOARGS, begin_worker_doc},
    {"end_worker", end_worker, METH_NOARGS, end_worker_doc},
    {"is_worker", is_worker, METH_NOARGS, is_worker_doc},
    {"agent_id", agent_id, METH_NOARGS, agent_id_doc},
    {"post", post, METH_VARARGS, post_doc},
    {NULL, NULL, 0, NULL},
};

int
realm_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, methods);
}
