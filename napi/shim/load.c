/* Node-API chapter "Module registration".
 *
 * An addon is opened with RTLD_NOW, so that a missing symbol is an error here
 * and not the end of the process later, and never closed. Constructors run only
 * at the first dlopen: what they registered is remembered by (device, inode). */

#include "counters.h"
#include "shim.h"

#include <dlfcn.h>
#include <sys/stat.h>

/* The constructor of an addon runs inside dlopen and has no other argument. */
static _Thread_local napi_module *registered;

/* Node-API v1. */
void NAPI_CDECL
napi_module_register(napi_module *mod)
{
    registered = mod;
}

static PyObject * /* always NULL */
raise_load_error(const char *class_name, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *message = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    PyObject *errors = PyImport_ImportModule("napi.errors");
    PyObject *class =
        errors ? PyObject_GetAttrString(errors, class_name) : NULL;
    if (class != NULL && message != NULL) {
        PyErr_SetObject(class, message);
    }
    Py_XDECREF(class);
    Py_XDECREF(errors);
    Py_XDECREF(message);
    return NULL;
}

static PyObject * /* new (device, inode); NULL: raised */
make_file_key(const char *path)
{
    struct stat info;
    if (stat(path, &info) < 0) {
        return PyErr_SetFromErrnoWithFilename(PyExc_OSError, path);
    }
    return Py_BuildValue("(KK)", (unsigned long long)info.st_dev,
                         (unsigned long long)info.st_ino);
}

/* borrowed or NULL; error raised only if *failed */
static napi_module *
remember_module(struct shim_state *state, const char *path,
                napi_module *fresh, bool *failed)
{
    PyObject *key = make_file_key(path);
    *failed = key == NULL;
    if (key == NULL) {
        return NULL;
    }
    if (fresh != NULL) {
        PyObject *address = PyLong_FromVoidPtr(fresh);
        *failed = address == NULL ||
                  PyDict_SetItem(state->modules, key, address) < 0;
        Py_XDECREF(address);
    } else {
        PyObject *address = PyDict_GetItemWithError(state->modules, key);
        *failed = address == NULL && PyErr_Occurred();
        fresh = address ? PyLong_AsVoidPtr(address) : NULL;
    }
    Py_DECREF(key);
    return fresh;
}

struct addon {
    napi_addon_register_func init;
    int32_t version;
    bool declared; /* the version is the module's own word */
};

static int32_t
ask_version(void *handle, bool *declared)
{
    node_api_addon_get_api_version_func get_version =
        (node_api_addon_get_api_version_func)dlsym(
            handle, "node_api_module_get_api_version_v1");
    *declared = get_version != NULL;
    int32_t version = get_version != NULL ? get_version() : 8;
    return version < 8 ? 8 : version;
}

/* 0, or -1 with an error raised */
static int
open_addon(struct shim_state *state, const char *path, const char *group,
           struct addon *addon)
{
    registered = NULL;
    void *handle = group ? dlopen(group, RTLD_NOW | RTLD_LOCAL) : NULL;
    if (group == NULL || handle != NULL) {
        handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    if (handle == NULL) {
        PyErr_SetString(PyExc_OSError, dlerror());
        return -1;
    }
    bool failed;
    napi_module *module = remember_module(state, path, registered, &failed);
    if (failed) {
        return -1;
    }
    addon->init = (napi_addon_register_func)dlsym(handle,
                                                  "napi_register_module_v1");
    if (addon->init == NULL && module != NULL) {
        addon->init = module->nm_register_func;
        if (addon->init == NULL) {
            raise_load_error("ModuleNotRegisteredError",
                             "Module has no declared entry point.");
            return -1;
        }
    }
    if (addon->init == NULL) {
        raise_load_error("ModuleNotRegisteredError",
                         "Module did not self-register: '%s'.", path);
        return -1;
    }
    addon->version = ask_version(handle, &addon->declared);
    int32_t newest = NAPI_STABLE_VERSION;
#ifdef NAPI_STRICT
    newest = watch_version(state);
#endif
    if (addon->version > newest && addon->version != INT32_MAX) {
        raise_load_error("ModuleVersionError",
                         "%s requires Node-API version %d, but this host "
                         "supports versions up to %d",
                         path, (int)addon->version, (int)newest);
        return -1;
    }
    return 0;
}

static char * /* new (PyMem) file:// URL; NULL: raised */
make_url(const char *path)
{
    static const char hex[] = "0123456789ABCDEF";
    static const char plain[] = "-._~/!$&'()*+,;=:@";
    char *url = PyMem_Malloc(strlen(path) * 3 + 8);
    if (url == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    char *out = url + sprintf(url, "file://");
    for (const unsigned char *in = (const unsigned char *)path; *in; ++in) {
        if (Py_ISALNUM(*in) || strchr(plain, *in) != NULL) {
            *out++ = (char)*in;
        } else {
            *out++ = '%';
            *out++ = hex[*in >> 4];
            *out++ = hex[*in & 15];
        }
    }
    *out = '\0';
    return url;
}

static PyObject * /* new: what the addon exports; NULL: raised */
run_init(napi_env env, napi_addon_register_func init)
{
    struct frame frame;
    PyObject *exports = object_new(env->state);
    if (exports == NULL || !frame_open(env, &frame)) {
        Py_XDECREF(exports);
        return NULL;
    }
    napi_value handle = scope_borrow(env, exports);
    PyObject *value = frame_close(env, &frame, init(env, handle));
    if (value == UNDEFINED) {
        Py_SETREF(value, Py_NewRef(exports));
    }
    Py_DECREF(exports);
    return value;
}

PyDoc_STRVAR(load_doc,
             "load(path, group=None) -> tuple[exports, version: int, env]\n\n"
             "Opens the addon at path in a new environment; before it the "
             "library group,\nwhich needs the addon and what the addon shall "
             "see. Raises OSError with the text\nof the dynamic linker, or a "
             "napi.LoadError.");

static PyObject *
load(PyObject *module, PyObject *args)
{
    struct shim_state *state = PyModule_GetState(module);
    struct addon addon = {NULL, 0, false};
    PyObject *path;
    const char *group = NULL;
    if (!PyArg_ParseTuple(args, "O&|z:load", PyUnicode_FSConverter, &path,
                          &group)) {
        return NULL;
    }
    PyObject *result = NULL, *exports = NULL;
    char *url = make_url(PyBytes_AS_STRING(path));
    napi_env env = NULL;
    if (url != NULL &&
        open_addon(state, PyBytes_AS_STRING(path), group, &addon) == 0) {
        env = env_new(state, url, addon.version);
    }
#ifdef NAPI_STRICT
    if (env != NULL) {
        env->strict->declared = addon.declared;
    }
#endif
    if (env != NULL) {
        /* An addon whose init throws may have given its functions away (with
         * the exception): as in Node, its environment lives on. */
        exports = run_init(env, addon.init);
    }
    if (exports != NULL) {
        env->loaded = counters_of(env);
        result = Py_BuildValue("(NiN)", exports, (int)addon.version,
                               env->loaded ? counters_capsule(env) : NULL);
    }
    PyMem_Free(url);
    Py_DECREF(path);
    return result;
}

PyDoc_STRVAR(close_doc,
             "close(env) -> None\n\nTears an environment down: cleanup hooks, "
             "then finalizers, newest first. Raises\nWrongThreadError where "
             "another thread owns it, and Error where its code runs.");

static PyObject *
close_one(PyObject *module, PyObject *capsule)
{
    (void)module;
    napi_env env = counters_env(capsule);
    int foreign = env ? env_is_foreign(env) : -1;
    if (foreign < 0) {
        return NULL;
    }
    if (foreign) {
        return error_raise(env->state, "WrongThreadError", NULL,
                           "this addon was loaded on another thread, which "
                           "must close its environment");
    }
    if (env_is_busy(env) && !env->ending) {
        return error_raise(env->state, "Error", "ERR_NAPI_ENV_BUSY",
                           "a function of this addon runs: its environment "
                           "cannot be closed before it returns");
    }
    env_close(env);
    if (promise_abandon(env) < 0) {
        return NULL;
    }
    if (env->agent->depth == 0) {
        agent_drain(env->agent);
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(watch_collector_doc,
             "watch_collector(phase, info) -> None\n\n"
             "An entry of gc.callbacks; finalizers wait while phase is "
             "'start'.");

static PyObject *
watch_collector(PyObject *module, PyObject *args)
{
    struct shim_state *state = PyModule_GetState(module);
    PyObject *phase, *info;
    if (!PyArg_ParseTuple(args, "UO", &phase, &info)) {
        return NULL;
    }
    state->collecting = PyUnicode_CompareWithASCIIString(phase, "start") == 0;
    if (!state->collecting) {
        finalizer_settle(state);
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(close_all_doc,
             "close_all() -> None\n\nCloses every environment, newest first, "
             "but for those whose code still runs on\nanother thread, and "
             "those of the parent process.");

static PyObject *
close_all(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct shim_state *state = PyModule_GetState(module);
    napi_env env = state->envs;
    state->exit_thread = PyThread_get_thread_ident();
    promise_report_all(state);
    while (env != NULL) {
        if (env_is_busy(env) || env->ending || env->forked) {
            env = env->next;
        } else {
            env_close(env);
            env = state->envs;
        }
    }
    pool_stop(state);
#ifdef NAPI_STRICT
    if (state->raise_reports) { /* else who records them reads them */
        strict_tell(state);
    }
#endif
    Py_RETURN_NONE;
}

PyDoc_STRVAR(after_fork_doc,
             "after_fork() -> None\n\nIn the child: what threads of the parent "
             "were to finish never will.");

static PyObject *
after_fork(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct shim_state *state = PyModule_GetState(module);
    pool_forget(state);
    for (struct agent *agent = state->agents; agent; agent = agent->next) {
        loop_forget(agent);
        libuv_forget(agent);
        work_forget(agent);
        threadsafe_forget(agent);
    }
    for (napi_env env = state->envs; env != NULL; env = env->next) {
        env->forked = true;
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(run_basic_finalizers_doc,
             "run_basic_finalizers() -> None\n\nRuns the waiting finalizers "
             "of addons for the experimental version.");

static PyObject *
run_basic_finalizers(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct agent *agent = agent_current(PyModule_GetState(module));
    if (agent == NULL) {
        return NULL;
    }
    finalizer_run_basic(agent);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(drain_doc, "drain() -> None\n\nRuns the microtasks and finalizers "
                        "that wait on this thread.");

static PyObject *
drain(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct shim_state *state = PyModule_GetState(module);
    struct agent *agent = agent_current(state);
    if (agent == NULL) {
        return NULL;
    }
    if (PySet_GET_SIZE(state->pinned) > 0) {
        finalizer_sweep(state);
    }
    if (agent->depth == 0) {
        agent_drain(agent);
    }
    if (agent->sticky != NULL) {
        PyErr_SetRaisedException(agent->sticky);
        agent->sticky = NULL;
        return NULL;
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(reports_doc,
             "reports(*, keep=None) -> list[str]\n\nTakes the strict build's "
             "reports. keep=True records them from now on,\nkeep=False raises "
             "StrictError at the outermost call again.");

static PyObject *
reports(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"keep", NULL};
    struct shim_state *state = PyModule_GetState(module);
    PyObject *keep = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|$O:reports", names,
                                     &keep)) {
        return NULL;
    }
    if (keep != Py_None) {
        state->raise_reports = !PyObject_IsTrue(keep);
    }
#ifdef NAPI_STRICT
    return strict_take(state);
#else
    return PyList_New(0);
#endif
}

PyDoc_STRVAR(guard_finalizers_doc,
             "guard_finalizers() -> None\n\nFrom now on a finalizer of the "
             "experimental version that uses the heap\nends the process, as "
             "in Node.");

static PyObject *
guard_finalizers(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct shim_state *state = PyModule_GetState(module);
    state->guards_finalizers = true;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"load", load, METH_VARARGS, load_doc},
    {"close", close_one, METH_O, close_doc},
    {"watch_collector", watch_collector, METH_VARARGS, watch_collector_doc},
    {"after_fork", after_fork, METH_NOARGS, after_fork_doc},
    {"close_all", close_all, METH_NOARGS, close_all_doc},
    {"drain", drain, METH_NOARGS, drain_doc},
    {"guard_finalizers", guard_finalizers, METH_NOARGS, guard_finalizers_doc},
    {"run_basic_finalizers", run_basic_finalizers, METH_NOARGS,
     run_basic_finalizers_doc},
    {"reports", (PyCFunction)(void (*)(void))reports,
     METH_VARARGS | METH_KEYWORDS, reports_doc},
    {NULL, NULL, 0, NULL},
};

int
load_init(PyObject *module, struct shim_state *state)
{
    state->raise_reports = true;
    state->modules = PyDict_New();
    state->reports = PyList_New(0);
    if (state->modules == NULL || state->reports == NULL) {
        return -1;
    }
    return PyModule_AddFunctions(module, methods);
}
