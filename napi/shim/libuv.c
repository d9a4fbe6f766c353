/* Node-API chapter "libuv event loop": a real libuv's loop, turned with ours.
 *
 * Addons that call libuv have it from a library that Python code finds
 * (napi/libuv). Each thread has one uv_loop_t; a turn runs it without waiting,
 * and whoever waits for turns - asyncio, or the pump - also watches its
 * descriptor and its next timer. */

#include "shim.h"

#include <dlfcn.h>

/* The public beginning of uv_loop_t, the same in all of libuv 1.x. */
struct uv_loop_s {
    void *data;
    unsigned int active_handles;
    void *handle_queue[2];
    union {
        void *unused;
        unsigned int count;
    } active_requests;
    void *internal_fields;
    unsigned int stop_flag;
    unsigned long flags;
    int backend_fd;
    void *pending_queue[2];
    void *watcher_queue[2]; /* not yet known to the kernel */
};

/* libuv counts milliseconds. */
#define CLOCK_STEP 1e-3

enum { RUN_NOWAIT = 2, SETTLE_TURNS = 16 };

struct libuv {
    size_t (*loop_size)(void);
    int (*loop_init)(struct uv_loop_s *loop);
    int (*loop_close)(struct uv_loop_s *loop);
    int (*loop_fork)(struct uv_loop_s *loop);
    int (*loop_alive)(const struct uv_loop_s *loop);
    int (*run)(struct uv_loop_s *loop, int mode);
    int (*backend_fd)(const struct uv_loop_s *loop);
    int (*backend_timeout)(const struct uv_loop_s *loop);
    void (*update_time)(struct uv_loop_s *loop);
    const char *(*strerror)(int status);
    void *queue_work; /* for accessors.c */
    void **queue_work_slot;
    /* of napi/libuv/accessors.c: what uv_default_loop answers */
    void (*set_loop)(struct uv_loop_s *previous, struct uv_loop_s *loop);
};

/* === the library === */

static void * /* NULL: OSError raised */
find_symbol(void *library, const char *name)
{
    void *address = library ? dlsym(library, name) : NULL;
    if (address == NULL) {
        PyErr_SetString(PyExc_OSError, dlerror());
    }
    return address;
}

static struct libuv * /* new, or NULL with an error raised */
read_library(const char *provider, const char *accessors)
{
    struct libuv *uv = PyMem_RawCalloc(1, sizeof(*uv));
    if (uv == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    /* Never closed: addons keep using them. */
    void *library = dlopen(provider, RTLD_NOW | RTLD_LOCAL);
    void *own = library ? dlopen(accessors, RTLD_NOW | RTLD_LOCAL) : NULL;
    const struct {
        void *library;
        void *slot;
        const char *name;
    } wanted[] = {
        {library, &uv->loop_size, "uv_loop_size"},
        {library, &uv->loop_init, "uv_loop_init"},
        {library, &uv->loop_close, "uv_loop_close"},
        {library, &uv->loop_fork, "uv_loop_fork"},
        {library, &uv->loop_alive, "uv_loop_alive"},
        {library, &uv->run, "uv_run"},
        {library, &uv->backend_fd, "uv_backend_fd"},
        {library, &uv->backend_timeout, "uv_backend_timeout"},
        {library, &uv->update_time, "uv_update_time"},
        {library, &uv->strerror, "uv_strerror"},
        {library, &uv->queue_work, "uv_queue_work"},
        {own, &uv->queue_work_slot, "napi_libuv_queue_work"},
        {own, &uv->set_loop, "napi_libuv_set_loop"},
    };
    for (size_t i = 0; i < Py_ARRAY_LENGTH(wanted); ++i) {
        void *address = find_symbol(wanted[i].library, wanted[i].name);
        if (address == NULL) {
            PyMem_RawFree(uv);
            return NULL;
        }
        memcpy(wanted[i].slot, &address, sizeof(address));
    }
    *uv->queue_work_slot = uv->queue_work;
    return uv;
}

static int
refuse_loop(struct libuv *uv, struct uv_loop_s *loop, int status)
{
    PyMem_RawFree(loop);
    PyErr_SetString(PyExc_OSError, status < 0 ? uv->strerror(status)
                                              : "its loops are of a layout "
                                                "that is not known");
    return -1;
}

/* 0, or -1 with an error raised */
static int
make_loop(struct agent *agent)
{
    struct libuv *uv = agent->state->libuv;
    size_t size = uv->loop_size();
    struct uv_loop_s *loop =
        PyMem_RawCalloc(1, Py_MAX(size, sizeof(struct uv_loop_s)));
    if (loop == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int status = uv->loop_init(loop);
    if (status < 0 || loop->backend_fd != uv->backend_fd(loop)) {
        return refuse_loop(uv, loop, status);
    }
    agent->uv = loop;
    agent->uv_descriptor = loop->backend_fd;
    ++agent->interested;
    uv->set_loop(NULL, loop);
    Py_CLEAR(agent->loop); /* it does not watch this descriptor yet */
    return 0;
}

PyDoc_STRVAR(open_doc,
             "open_libuv(provider, accessors) -> None\n\nGives this thread a "
             "loop of the libuv in the library provider. Raises OSError\n"
             "where that is none.");

static PyObject *
open_libuv(PyObject *module, PyObject *args)
{
    struct shim_state *state = PyModule_GetState(module);
    struct agent *agent = agent_current(state);
    PyObject *provider, *accessors;
    if (agent == NULL ||
        !PyArg_ParseTuple(args, "O&O&:open_libuv", PyUnicode_FSConverter,
                          &provider, PyUnicode_FSConverter, &accessors)) {
        return NULL;
    }
    if (state->libuv == NULL) {
        state->libuv = read_library(PyBytes_AS_STRING(provider),
                                    PyBytes_AS_STRING(accessors));
    }
    Py_DECREF(provider);
    Py_DECREF(accessors);
    if (state->libuv == NULL ||
        (agent->uv == NULL && make_loop(agent) < 0)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* === turns === */

bool
libuv_is_alive(struct agent *agent)
{
    return agent->uv != NULL &&
           agent->state->libuv->loop_alive(agent->uv) != 0;
}

bool
libuv_has_requests(struct agent *agent)
{
    return agent->uv != NULL && agent->uv->active_requests.count > 0;
}

/* When the loop's own work is due, in monotonic seconds; 0: never. */
static double
find_deadline(struct agent *agent)
{
    struct libuv *uv = agent->state->libuv;
    uv->update_time(agent->uv);
    int timeout = uv->backend_timeout(agent->uv);
    return timeout < 0 ? 0 : loop_now() + timeout * 1e-3;
}

static bool
has_watchers(struct agent *agent)
{
    return agent->uv->watcher_queue[0] != &agent->uv->watcher_queue;
}

/* Whether something was started that the next sleep would miss. */
static bool
has_news(struct agent *agent)
{
    double known = agent->uv_deadline, now = find_deadline(agent);
    return has_watchers(agent) ||
           (now > 0 && (known == 0 || now < known - CLOCK_STEP));
}

/* A thread may have the identifier of one that has ended, and so its agent: what
 * libuv knows by thread is told each time. */
static void
announce_loop(struct agent *agent)
{
    agent->state->libuv->set_loop(NULL, agent->uv);
}

void
libuv_enter(struct agent *agent)
{
    if (!agent->uv_running) {
        announce_loop(agent);
        agent->state->libuv->update_time(agent->uv);
    }
}

void
libuv_leave(struct agent *agent)
{
    if (!agent->uv_running && libuv_is_alive(agent) && has_news(agent)) {
        loop_wake(agent);
    }
}

/* What callbacks have thrown and their addons have left. */
static void
report_pending(struct agent *agent)
{
    for (napi_env env = agent->state->envs; env != NULL; env = env->next) {
        if (env->agent == agent && env->pending != NULL) {
            error_to_python(env);
            agent_report(agent);
        }
    }
}

void
libuv_turn(struct agent *agent)
{
    if (agent->uv_running) {
        return; /* a pump inside of a callback: uv_run cannot be nested */
    }
    agent->uv_running = true;
    announce_loop(agent);
    agent->state->libuv->run(agent->uv, RUN_NOWAIT);
    agent->uv_running = false;
    report_pending(agent);
    agent_drain(agent);
    bool alive = libuv_is_alive(agent);
    agent->uv_deadline = alive ? find_deadline(agent) : 0;
    if (alive && has_watchers(agent)) {
        loop_wake(agent);
    }
}

/* Handles that cleanup hooks have closed are not gone before a turn. */
void
libuv_settle(struct agent *agent)
{
    for (int i = 0; i < SETTLE_TURNS && libuv_is_alive(agent); ++i) {
        libuv_turn(agent);
    }
}

/* A loop with handles that nobody has closed stays as it is: they may be used
 * yet, by threads of the addon. */
void
libuv_close_loop(struct agent *agent)
{
    if (agent->uv == NULL || agent->uv_running) {
        return;
    }
    struct libuv *uv = agent->state->libuv;
    libuv_settle(agent);
    uv->set_loop(agent->uv, NULL);
    if (uv->loop_close(agent->uv) == 0) {
        PyMem_RawFree(agent->uv);
    }
    agent->uv = NULL;
    agent->uv_deadline = 0;
    --agent->interested;
}

void
libuv_abandon(struct agent *agent)
{
    agent->interested -= agent->uv != NULL;
    agent->uv = NULL;
    agent->uv_deadline = 0;
}

void
libuv_forget(struct agent *agent)
{
    if (agent->uv != NULL && agent->state->libuv->loop_fork(agent->uv) < 0) {
        agent->uv = NULL;
    } else if (agent->uv != NULL) {
        agent->uv_descriptor = agent->uv->backend_fd;
    }
}

/* Node-API v2. The loop stays valid as long as the addon's environment. */
napi_status NAPI_CDECL
napi_get_uv_event_loop(node_api_basic_env basic_env, struct uv_loop_s **loop)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, loop);
    struct agent *agent = env->agent;
    if (agent->uv == NULL) {
        PyObject *open = state_lookup(env->state, "open_libuv");
        PyObject *done = open ? PyObject_CallNoArgs(open) : NULL;
        Py_XDECREF(open);
        Py_XDECREF(done);
        PyErr_Clear();
    }
    if (agent->uv == NULL) {
        return error_set_text(env, napi_generic_failure,
                              "napi_get_uv_event_loop: there is no libuv: pip "
                              "install napi[uv]");
    }
    *loop = agent->uv;
    return error_clear(env);
}

static PyMethodDef methods[] = {
    {"open_libuv", open_libuv, METH_VARARGS, open_doc},
    {NULL, NULL, 0, NULL},
};

int
libuv_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, methods);
}
