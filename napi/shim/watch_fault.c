/* The strict build's watch: calls that fail because a test wants it.
 *
 * A fault strikes before the function does anything: the answer is the wanted
 * status, recorded as the last error, and the exception where there is one. */

#include "watch_state.h"

#ifdef NAPI_STRICT

static void
free_fault(struct watch_fault *fault)
{
    Py_XDECREF(fault->exception);
    PyMem_Free(fault->functions);
    PyMem_Free(fault);
}

void
fault_clear(struct watch *watch)
{
    pthread_mutex_lock(&watch->mutex);
    struct watch_fault *fault = watch->faults;
    watch->faults = NULL;
    watch_set_active(watch, WATCH_FAULTS, false);
    pthread_mutex_unlock(&watch->mutex);
    while (fault != NULL) {
        struct watch_fault *next = fault->next;
        free_fault(fault);
        fault = next;
    }
}

/* All faults count the call; the first that is due strikes. A fault outlives
 * this: only the owner of the GIL frees one, and who has no GIL takes the
 * status with the mutex held. */
static bool
take_due(struct watch_call *call, struct watch_fault *taken)
{
    struct watch *watch = call->watch;
    bool due = false;
    pthread_mutex_lock(&watch->mutex);
    struct watch_fault *fault = watch->faults;
    for (; fault != NULL; fault = fault->next) {
        if (fault->functions != NULL && !fault->functions[call->function]) {
            continue;
        }
        ++fault->seen;
        if (!due && (fault->seen == fault->nth ||
                     (fault->onward && fault->seen > fault->nth))) {
            *taken = *fault;
            due = true;
        }
    }
    pthread_mutex_unlock(&watch->mutex);
    return due;
}

bool
fault_strikes(struct watch_call *call)
{
    struct watch_fault fault = {0};
    if (!take_due(call, &fault)) {
        return false;
    }
    call->status = fault.status;
    if (call->owned) {
        error_set(call->env, fault.status);
        PyObject *thrown = fault.exception;
        if (thrown != NULL) {
            error_pend(call->env, PyExceptionInstance_Check(thrown)
                                      ? error_value(call->watch->state, thrown)
                                      : Py_NewRef(thrown));
        }
    }
    return true;
}

static int /* 0 or -1 raised */
mark_function(bool *functions, PyObject *name)
{
    const char *text = PyUnicode_AsUTF8(name);
    if (text == NULL) {
        return -1;
    }
    for (size_t i = 0; i < watch_function_count; ++i) {
        if (strcmp(watch_functions[i].name, text) == 0) {
            functions[i] = true;
            return 0;
        }
    }
    PyErr_Format(PyExc_ValueError, "Node-API has no function %R", name);
    return -1;
}

/* names: None, a str, or a sequence of them; 0 or -1 raised */
static int
mark_functions(struct watch_fault *fault, PyObject *names)
{
    if (names == Py_None) {
        return 0;
    }
    fault->functions = PyMem_Calloc(watch_function_count, sizeof(bool));
    if (fault->functions == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (PyUnicode_Check(names)) {
        return mark_function(fault->functions, names);
    }
    PyObject *listed = PySequence_Tuple(names);
    int done = listed != NULL ? 0 : -1;
    for (Py_ssize_t i = 0; done == 0 && i < PyTuple_GET_SIZE(listed); ++i) {
        done = mark_function(fault->functions, PyTuple_GET_ITEM(listed, i));
    }
    Py_XDECREF(listed);
    return done;
}

static void
add_fault(struct watch *watch, struct watch_fault *fault)
{
    pthread_mutex_lock(&watch->mutex);
    struct watch_fault **link = &watch->faults;
    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = fault;
    watch_set_active(watch, WATCH_FAULTS, true);
    pthread_mutex_unlock(&watch->mutex);
}

PyDoc_STRVAR(fault_doc,
             "watch_fault(names, nth, status, exception=None) -> int\n\nThe "
             "nth call of these functions from now on fails; -nth: and all after "
             "it; 0:\neach call. names is a name, a sequence of them, or None "
             "for all. The result is\nfor watch_unfault().");

static PyObject *
watch_fault(PyObject *module, PyObject *args)
{
    struct watch *watch =
        ((struct shim_state *)PyModule_GetState(module))->watch;
    PyObject *names, *exception = Py_None;
    Py_ssize_t nth;
    int status;
    if (!PyArg_ParseTuple(args, "Oni|O:watch_fault", &names, &nth, &status,
                          &exception)) {
        return NULL;
    }
    if (status <= 0 || status >= WATCH_STATUSES) {
        PyErr_SetString(PyExc_ValueError,
                        "the status must be one, and not napi_ok");
        return NULL;
    }
    struct watch_fault *fault = PyMem_Calloc(1, sizeof(*fault));
    if (fault == NULL) {
        return PyErr_NoMemory();
    }
    fault->onward = nth <= 0;
    fault->nth = (size_t)(nth <= 0 ? -nth : nth);
    fault->status = (napi_status)status;
    fault->exception = exception == Py_None ? NULL : Py_NewRef(exception);
    if (mark_functions(fault, names) < 0) {
        free_fault(fault);
        return NULL;
    }
    add_fault(watch, fault);
    return PyLong_FromVoidPtr(fault);
}

PyDoc_STRVAR(unfault_doc,
             "watch_unfault(fault) -> int\n\nTakes back what watch_fault() has "
             "set; how many calls it has seen, or -1 where\nit is gone.");

static PyObject *
watch_unfault(PyObject *module, PyObject *number)
{
    struct watch *watch =
        ((struct shim_state *)PyModule_GetState(module))->watch;
    void *address = PyLong_AsVoidPtr(number);
    if (address == NULL && PyErr_Occurred()) {
        return NULL;
    }
    pthread_mutex_lock(&watch->mutex);
    struct watch_fault **link = &watch->faults;
    while (*link != NULL && *link != address) {
        link = &(*link)->next;
    }
    struct watch_fault *fault = *link;
    if (fault != NULL) {
        *link = fault->next;
    }
    watch_set_active(watch, WATCH_FAULTS, watch->faults != NULL);
    pthread_mutex_unlock(&watch->mutex);
    if (fault == NULL) {
        return PyLong_FromLong(-1);
    }
    PyObject *seen = PyLong_FromSize_t(fault->seen);
    free_fault(fault);
    return seen;
}

PyMethodDef fault_methods[] = {
    {"watch_fault", watch_fault, METH_VARARGS, fault_doc},
    {"watch_unfault", watch_unfault, METH_O, unfault_doc},
    {NULL, NULL, 0, NULL},
};

#else
typedef int watch_fault_is_empty_in_the_release_build;
#endif
