/* The strict build's watch: what happens around each call of an addon.
 *
 * Wrappers call watch_enter_* and watch_leave; calls among the functions of
 * Node-API go past both. Functions for any thread come here without the GIL:
 * counters are atomic, all else is behind a mutex, and Python's objects are
 * touched only where call->owned says so. */

#include "watch_state.h"

#include "site.h"
#include "threadsafe.h"

#ifdef NAPI_STRICT

void
watch_set_active(struct watch *watch, unsigned bit, bool on)
{
    unsigned active = __atomic_load_n(&watch->active, __ATOMIC_RELAXED);
    active = on ? active | bit : active & ~bit;
    __atomic_store_n(&watch->active, active, __ATOMIC_RELAXED);
}

static void
remember_call(struct watch *watch, const struct watch_call *call)
{
    pthread_mutex_lock(&watch->mutex);
    if (watch->sequence_count == watch->sequence_size) {
        size_t size = watch->sequence_size * 2 + 256;
        uint16_t *grown =
            realloc(watch->sequence, size * sizeof(*watch->sequence));
        watch->sequence = grown != NULL ? grown : watch->sequence;
        const void **callers =
            grown ? realloc(watch->callers, size * sizeof(*callers)) : NULL;
        if (callers == NULL) {
            pthread_mutex_unlock(&watch->mutex);
            return;
        }
        watch->callers = callers;
        watch->sequence_size = size;
    }
    watch->callers[watch->sequence_count] = call->caller;
    watch->sequence[watch->sequence_count++] = call->function;
    pthread_mutex_unlock(&watch->mutex);
}

/* What the addon has room for is overwritten by what there is. */
static bool
is_cb_info(struct watch_call *call)
{
    return call->arguments[2] != 0 &&
           strcmp(watch_functions[call->function].name, "napi_get_cb_info") ==
               0;
}

/* false: the call ends here, with call->status */
static bool
begin(struct watch_call *call, struct shim_state *state)
{
    struct watch *watch = call->watch = state->watch;
    if (watch == NULL) {
        return true;
    }
    if (!strict_enter(call)) {
        return false;
    }
    __atomic_fetch_add(&watch->calls, 1, __ATOMIC_RELAXED);
    call->active = __atomic_load_n(&watch->active, __ATOMIC_RELAXED);
    if (call->active == 0) {
        return true;
    }
    if (call->active & WATCH_SEQUENCE) {
        remember_call(watch, call);
    }
    if (call->active & WATCH_TRACE) {
        call->began = trace_now();
        if (is_cb_info(call)) {
            call->capacity = *(size_t *)(uintptr_t)call->arguments[2];
        }
    }
    if (call->active & WATCH_RECORD) {
        record_enter(call);
    }
    call->struck = (call->active & WATCH_FAULTS) && fault_strikes(call);
    return !call->struck;
}

bool
watch_enter_env(struct watch_call *call, napi_env env)
{
    if (env == NULL) {
        return true;
    }
    if (python_has_ended()) {
        strict_tell_late(call);
        return false;
    }
    call->env = env;
    call->owned = env->agent->thread == PyThread_get_thread_ident();
    if (call->owned) {
        call->outer = env->agent->call;
        env->agent->call = call;
    }
    return begin(call, env->state);
}

bool
watch_enter_threadsafe(struct watch_call *call, napi_threadsafe_function func)
{
    if (func != NULL && python_has_ended()) {
        strict_tell_late(call);
        return false;
    }
    return func == NULL || (strict_enter_threadsafe(call, func) &&
                            begin(call, func->agent->state));
}

/* The handle does not say whose it is before it was looked at. */
bool
watch_enter_hook(struct watch_call *call,
                 napi_async_cleanup_hook_handle handle)
{
    return handle == NULL ||
           (strict_enter_hook(call, cleanup_env(handle), handle) &&
            begin(call, cleanup_env(handle)->state));
}

napi_status
watch_leave(struct watch_call *call)
{
    if (call->owned) {
        call->env->agent->call = call->outer;
    }
    if (call->watch != NULL) {
        strict_after(call);
        if (call->watch->host.version != 0 ||
            call->watch->host.node.release != NULL) {
            host_answer(call);
        }
        if (call->told) {
            record_leave(call);
        }
        if (call->active & WATCH_TRACE) {
            trace_call(call);
        }
        size_t status = (size_t)call->status % WATCH_STATUSES;
        __atomic_fetch_add(
            &call->watch->counts[call->function * WATCH_STATUSES + status], 1,
            __ATOMIC_RELAXED);
    }
    return call->status;
}

PyDoc_STRVAR(coverage_doc,
             "watch_coverage(clear=False) -> dict[tuple[str, int], int]\n\nHow "
             "often addons have seen which status of which function.");

static PyObject *
watch_coverage(PyObject *module, PyObject *args)
{
    struct watch *watch =
        ((struct shim_state *)PyModule_GetState(module))->watch;
    int clear = 0;
    if (!PyArg_ParseTuple(args, "|p:watch_coverage", &clear)) {
        return NULL;
    }
    PyObject *result = PyDict_New();
    size_t size = watch_function_count * WATCH_STATUSES;
    for (size_t i = 0; result != NULL && i < size; ++i) {
        uint64_t count =
            __atomic_load_n(&watch->counts[i], __ATOMIC_RELAXED);
        if (count == 0) {
            continue;
        }
        PyObject *key =
            Py_BuildValue("sn", watch_functions[i / WATCH_STATUSES].name,
                          (Py_ssize_t)(i % WATCH_STATUSES));
        PyObject *value = PyLong_FromUnsignedLongLong(count);
        if (!key || !value || PyDict_SetItem(result, key, value) < 0) {
            Py_CLEAR(result);
        }
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    for (size_t i = 0; clear && i < size; ++i) {
        __atomic_store_n(&watch->counts[i], 0, __ATOMIC_RELAXED);
    }
    return result;
}

PyDoc_STRVAR(count_doc, "watch_count() -> int\n\nCalls of addons since "
                        "watch_clear().");

static PyObject *
watch_count(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct shim_state *state = PyModule_GetState(module);
    return PyLong_FromSize_t(
        __atomic_load_n(&state->watch->calls, __ATOMIC_RELAXED));
}

PyDoc_STRVAR(clear_doc, "watch_clear() -> None\n\nForgets the faults that "
                        "were set, and begins to count anew.");

static PyObject *
watch_clear(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct watch *watch =
        ((struct shim_state *)PyModule_GetState(module))->watch;
    fault_clear(watch);
    memory_disarm(watch);
    __atomic_store_n(&watch->calls, 0, __ATOMIC_RELAXED);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(sequence_doc,
             "watch_sequence(on) -> list[str]\n\nTakes the names of the "
             "functions that were called while it was on, in order,\nand "
             "turns it on or off.");

static PyObject *
watch_sequence(PyObject *module, PyObject *on)
{
    struct watch *watch =
        ((struct shim_state *)PyModule_GetState(module))->watch;
    int wanted = PyObject_IsTrue(on);
    if (wanted < 0) {
        return NULL;
    }
    pthread_mutex_lock(&watch->mutex);
    uint16_t *taken = watch->sequence;
    size_t count = watch->sequence_count;
    free(watch->callers);
    watch->sequence = NULL;
    watch->callers = NULL;
    watch->sequence_count = watch->sequence_size = 0;
    watch_set_active(watch, WATCH_SEQUENCE, wanted);
    pthread_mutex_unlock(&watch->mutex);
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list != NULL && i < count; ++i) {
        PyObject *name =
            PyUnicode_InternFromString(watch_functions[taken[i]].name);
        if (name == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, (Py_ssize_t)i, name);
        }
    }
    free(taken);
    return list;
}

PyDoc_STRVAR(places_doc,
             "watch_places() -> list[dict[str, Any]]\n\nWhere each call was "
             "made whose name watch_sequence() will give.");

static PyObject *
watch_places(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct watch *watch =
        ((struct shim_state *)PyModule_GetState(module))->watch;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < watch->sequence_count; ++i) {
        struct site there = {
            .depth = 1,
            .stack = {(void *)(uintptr_t)watch->callers[i]},
        };
        PyObject *place = site_to_python(&there);
        if (place == NULL || PyList_Append(list, place) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(place);
    }
    return list;
}

static PyMethodDef methods[] = {
    {"watch_places", watch_places, METH_NOARGS, places_doc},
    {"watch_coverage", watch_coverage, METH_VARARGS, coverage_doc},
    {"watch_count", watch_count, METH_NOARGS, count_doc},
    {"watch_clear", watch_clear, METH_NOARGS, clear_doc},
    {"watch_sequence", watch_sequence, METH_O, sequence_doc},
    {NULL, NULL, 0, NULL},
};

int
watch_init(PyObject *module, struct shim_state *state)
{
    struct watch *watch = PyMem_Calloc(1, sizeof(*watch));
    if (watch == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    state->watch = watch;
    watch->state = state;
    watch->counts = PyMem_Calloc(watch_function_count * WATCH_STATUSES,
                                 sizeof(*watch->counts));
    if (watch->counts == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    pthread_mutex_init(&watch->mutex, NULL);
    PyMethodDef *const all[] = {methods, fault_methods, memory_methods,
                                host_methods, trace_methods, record_methods};
    for (size_t i = 0; i < Py_ARRAY_LENGTH(all); ++i) {
        if (PyModule_AddFunctions(module, all[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

void
watch_free(struct shim_state *state)
{
    struct watch *watch = state->watch;
    state->watch = NULL;
    if (watch == NULL) {
        return;
    }
    fault_clear(watch);
    memory_disarm(watch);
    trace_close(watch);
    Py_CLEAR(watch->recorder);
    pthread_mutex_destroy(&watch->mutex);
    free(watch->sequence);
    free(watch->callers);
    PyMem_Free(watch->counts);
    PyMem_Free(watch);
}

#else
typedef int watch_is_empty_in_the_release_build;
#endif
