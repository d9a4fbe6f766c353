/* The strict build's watch: a recorder in Python hears what goes in and out.
 *
 * It is told of each function and class that an addon makes, of each call into
 * the addon with what came of it, and of each call of a host's function by the
 * addon. What it raises is written to stderr and changes nothing. */

#include "watch_state.h"

#ifdef NAPI_STRICT

static PyObject * /* borrowed; NULL: nobody listens, or it is at work */
recorder_of(struct shim_state *state)
{
    struct watch *watch = state->watch;
    return watch == NULL || watch->recording ? NULL : watch->recorder;
}

/* recorder(kind, *arguments); steals arguments, a tuple or NULL */
static void
tell(struct shim_state *state, PyObject *recorder, PyObject *arguments)
{
    PyObject *raised = PyErr_GetRaisedException();
    Py_INCREF(recorder);
    state->watch->recording = true;
    PyObject *done =
        arguments ? PyObject_CallObject(recorder, arguments) : NULL;
    if (done == NULL) {
        PyErr_WriteUnraisable(recorder);
    }
    state->watch->recording = false;
    Py_XDECREF(done);
    Py_XDECREF(arguments);
    Py_DECREF(recorder);
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

void
watch_made(napi_env env, PyObject *function)
{
    PyObject *recorder = recorder_of(env->state);
    if (recorder != NULL && function != NULL) {
        tell(env->state, recorder, Py_BuildValue("sO", "made", function));
    }
}

void
watch_call(struct shim_state *state, const char *kind, PyObject *function,
           PyObject *receiver, PyObject *const *argv, size_t argc)
{
    PyObject *recorder = recorder_of(state);
    if (recorder == NULL) {
        return;
    }
    PyObject *arguments = PyTuple_New((Py_ssize_t)argc);
    for (size_t i = 0; arguments != NULL && i < argc; ++i) {
        PyTuple_SET_ITEM(arguments, (Py_ssize_t)i, Py_NewRef(argv[i]));
    }
    tell(state, recorder,
         arguments ? Py_BuildValue("sOON", kind, function,
                                   receiver ? receiver : Py_None, arguments)
                   : NULL);
}

/* result NULL: the raised exception stays raised */
void
watch_return(struct shim_state *state, const char *kind, PyObject *result)
{
    PyObject *recorder = recorder_of(state);
    if (recorder == NULL) {
        return;
    }
    PyObject *raised = PyErr_GetRaisedException();
    tell(state, recorder,
         Py_BuildValue("sOO", kind, result ? result : Py_None,
                       raised ? raised : Py_None));
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

/* borrowed: the host's function that a call is about; NULL: none */
static PyObject *
host_function(struct watch_call *call)
{
    const char *name = watch_functions[call->function].name;
    size_t index = strcmp(name, "napi_call_function") == 0    ? 2
                   : strcmp(name, "napi_make_callback") == 0  ? 3
                   : strcmp(name, "napi_new_instance") == 0   ? 1
                                                              : 0;
    napi_value handle = (napi_value)(uintptr_t)call->arguments[index];
    if (index == 0 || handle == NULL || !call->owned) {
        return NULL;
    }
    struct shim_state *state = call->watch->state;
    PyObject *function = scope_result(call->env, handle);
    if (function == NULL || !PyCallable_Check(function) ||
        (Py_TYPE(function) == state->function_type &&
         ((struct js_function *)function)->code == NULL) ||
        Py_TYPE(function) == state->method_type ||
        Py_TYPE(function) == state->builtin_type ||
        Py_TYPE(function) == state->class_type) {
        return NULL;
    }
    return function;
}

void
record_enter(struct watch_call *call)
{
    PyObject *function = host_function(call);
    PyObject *recorder = recorder_of(call->watch->state);
    if (function == NULL || recorder == NULL) {
        return;
    }
    size_t last = watch_functions[call->function].count - 2;
    size_t count = (size_t)call->arguments[last - 1];
    const napi_value *given =
        (const napi_value *)(uintptr_t)call->arguments[last];
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list && given && i < count; ++i) {
        PyObject *value = given[i] ? scope_result(call->env, given[i]) : NULL;
        if (PyList_Append(list, value ? value : Py_None) < 0) {
            Py_CLEAR(list);
        }
    }
    call->told = true;
    tell(call->watch->state, recorder,
         list ? Py_BuildValue("sON", "host", function, list) : NULL);
}

void
record_leave(struct watch_call *call)
{
    struct shim_state *state = call->watch->state;
    PyObject *recorder = recorder_of(state);
    if (!call->told || recorder == NULL) {
        return;
    }
    size_t last = watch_functions[call->function].count - 1;
    napi_value *out = (napi_value *)(uintptr_t)call->arguments[last];
    PyObject *result = NULL;
    if (call->status == napi_ok && out != NULL && *out != NULL) {
        result = scope_result(call->env, *out);
    }
    PyObject *pending = call->status == napi_ok ? NULL : call->env->pending;
    tell(state, recorder,
         Py_BuildValue("sOO", "back", result ? result : Py_None,
                       pending ? pending : Py_None));
}

PyDoc_STRVAR(record_doc,
             "watch_record(recorder) -> None\n\nrecorder(kind, ...) is told "
             "what goes into addons and comes out; None: nobody\nis.");

static PyObject *
watch_record(PyObject *module, PyObject *recorder)
{
    struct watch *watch =
        ((struct shim_state *)PyModule_GetState(module))->watch;
    PyObject *old = watch->recorder;
    watch->recorder = recorder == Py_None ? NULL : Py_NewRef(recorder);
    pthread_mutex_lock(&watch->mutex);
    watch_set_active(watch, WATCH_RECORD, watch->recorder != NULL);
    pthread_mutex_unlock(&watch->mutex);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

PyMethodDef record_methods[] = {
    {"watch_record", watch_record, METH_O, record_doc},
    {NULL, NULL, 0, NULL},
};

#else
typedef int watch_record_is_empty_in_the_release_build;
#endif
