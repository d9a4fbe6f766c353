/* The extension module: its state, its types, its place in the process.
 *
 * Addons look the napi_* functions up in the global scope, some with dlsym, so
 * the extension promotes itself to RTLD_GLOBAL; nothing else becomes visible. */

#include "counters.h"
#include "shim.h"
#include "track.h"

#include <dlfcn.h>

#ifdef NAPI_STRICT
#define MODULE_NAME "napi._shim_strict"
#define MODULE_INIT PyInit__shim_strict
#else
#define MODULE_NAME "napi._shim"
#define MODULE_INIT PyInit__shim
#endif

PyMODINIT_FUNC MODULE_INIT(void);
static struct PyModuleDef shim_module;

struct shim_state *
state_of_type(PyTypeObject *type)
{
    PyObject *mro = type->tp_mro;
    for (Py_ssize_t i = 0; mro != NULL && i < PyTuple_GET_SIZE(mro); ++i) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        if (!PyType_HasFeature(base, Py_TPFLAGS_HEAPTYPE)) {
            continue;
        }
        PyObject *module = ((PyHeapTypeObject *)base)->ht_module;
        if (module != NULL && PyModule_Check(module) &&
            PyModule_GetDef(module) == &shim_module) {
            return PyModule_GetState(module);
        }
    }
    return NULL;
}

struct shim_state *
state_of_object(PyObject *object)
{
    return state_of_type(Py_TYPE(object));
}

PyObject *
state_lookup(struct shim_state *state, const char *name)
{
    if (state->runtime == NULL) {
        state->runtime = PyImport_ImportModule("napi.runtime");
        if (state->runtime == NULL) {
            return NULL;
        }
    }
    return PyObject_GetAttrString(state->runtime, name);
}

PyObject *
state_make(struct shim_state *state, PyObject **slot, const char *factory)
{
    if (*slot == NULL) {
        PyObject *make = state_lookup(state, factory);
        PyObject *made = make ? PyObject_CallNoArgs(make) : NULL;
        Py_XDECREF(make);
        if (*slot == NULL) {
            *slot = made;
        } else {
            Py_XDECREF(made);
        }
    }
    return *slot;
}

PyObject *
state_global(struct shim_state *state)
{
    return state->global != NULL ? state->global : realm_global(state);
}

PyObject *
state_object_prototype(struct shim_state *state)
{
    return state_make(state, &state->object_prototype,
                      "make_object_prototype");
}

PyTypeObject *
module_add_type(PyObject *module, PyType_Spec *spec, PyObject *bases)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, bases);
    if (type == NULL) {
        return NULL;
    }
    if (PyModule_AddType(module, (PyTypeObject *)type) < 0) {
        Py_DECREF(type);
        return NULL;
    }
    return (PyTypeObject *)type;
}

static int
intern_names(struct shim_state *state)
{
    struct {
        PyObject **slot;
        const char *text;
    } names[] = {
        {&state->str_prototype, "prototype"},
        {&state->str_constructor, "constructor"},
        {&state->str_length, "length"},
        {&state->str_name, "name"},
        {&state->str_message, "message"},
        {&state->str_stack, "stack"},
        {&state->str_code, "code"},
        {&state->str_call_hook, "__napi_call__"},
        {&state->str_construct_hook, "__napi_construct__"},
        {&state->str_closed, "__napi_closed__"},
    };
    for (size_t i = 0; i < Py_ARRAY_LENGTH(names); ++i) {
        *names[i].slot = PyUnicode_InternFromString(names[i].text);
        if (*names[i].slot == NULL) {
            return -1;
        }
    }
    return 0;
}

/* 0, or -1 with ImportError where another host's functions are found first */
static int
promote(void)
{
    Dl_info self, other;
    if (!dladdr((void *)&shim_module, &self)) {
        PyErr_SetString(PyExc_ImportError, "napi cannot find its own file");
        return -1;
    }
    void *found = dlsym(RTLD_DEFAULT, "napi_create_function");
    if (found != NULL && dladdr(found, &other) &&
        strcmp(self.dli_fname, other.dli_fname) != 0) {
        PyErr_Format(PyExc_ImportError,
                     "another Node-API host is in this process: %s; napi can "
                     "only be the first",
                     other.dli_fname);
        return -1;
    }
    if (dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL) == NULL) {
        PyErr_Format(PyExc_ImportError, "napi cannot be made visible: %s",
                     dlerror());
        return -1;
    }
    return 0;
}

static int
exec_module(PyObject *module)
{
    static int (*const inits[])(PyObject *, struct shim_state *) = {
        singleton_init,   property_init, symbol_init,  bigint_init,
        external_init,    object_init,   array_init,   function_init,
        builtin_init,     proxy_init,   resize_init,
        class_init,       arraybuffer_init, view_init, promise_init,
        reflect_init,     script_init,   load_init,   pump_init,
        libuv_init,
        async_hook_init,  counters_init, track_init,
        rejection_init,   realm_init,
#ifdef NAPI_STRICT
        watch_init,       strict_init,
#endif
    };
    struct shim_state *state = PyModule_GetState(module);
    state->module = module;
    state->sides = PyDict_New();
    state->pinned = PySet_New(NULL);
    state->prototypes = PyDict_New();
    if (state->sides == NULL || state->prototypes == NULL || state->pinned == NULL || promote() < 0 ||
        intern_names(state) < 0) {
        return -1;
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(inits); ++i) {
        if (inits[i](module, state) < 0) {
            return -1;
        }
    }
    return 0;
}

/* All owned references of the state: the leading types and what follows. */
static int
visit_state(struct shim_state *state, visitproc visit, void *arg)
{
    PyTypeObject **types = &state->object_type;
    size_t count =
        (offsetof(struct shim_state, null) -
         offsetof(struct shim_state, object_type)) / sizeof(*types);
    for (size_t i = 0; i < count; ++i) {
        Py_VISIT(types[i]);
    }
    PyObject **objects = &state->null;
    count = (offsetof(struct shim_state, agents) -
             offsetof(struct shim_state, null)) / sizeof(*objects);
    for (size_t i = 0; i < count; ++i) {
        Py_VISIT(objects[i]);
    }
    return 0;
}

static int
traverse_module(PyObject *module, visitproc visit, void *arg)
{
    struct shim_state *state = PyModule_GetState(module);
    return state == NULL ? 0 : visit_state(state, visit, arg);
}

/* Only what may be part of a cycle with Python code: objects of ours still
 * need the rest when they die after this. */
static int
clear_module(PyObject *module)
{
    struct shim_state *state = PyModule_GetState(module);
    Py_CLEAR(state->runtime);
    Py_CLEAR(state->script_evaluator);
    Py_CLEAR(state->async_hook);
    Py_CLEAR(state->job_binder);
    Py_CLEAR(state->callback_wrapper);
    Py_CLEAR(state->callback_warning);
    Py_CLEAR(state->rejection_tracker);
    state->global = NULL;
    Py_CLEAR(state->main.global);
    Py_CLEAR(state->main.slots);
    Py_CLEAR(state->object_prototype);
    return 0;
}

/* Every type keeps the module alive: nothing of ours is left by now. */
static void
free_module(void *module)
{
    struct shim_state *state = PyModule_GetState(module);
    PyObject **objects = &state->null;
    size_t count = (offsetof(struct shim_state, agents) -
                    offsetof(struct shim_state, null)) / sizeof(*objects);
    for (size_t i = 0; i < count; ++i) {
        Py_CLEAR(objects[i]);
    }
    track_free(state);
#ifdef NAPI_STRICT
    strict_free(state);
#endif
    for (size_t i = 0; i < KEY_CACHE_SIZE; ++i) {
        Py_CLEAR(state->keys[i].key);
    }
    while (state->spare != NULL) {
        napi_ref reference = state->spare;
        state->spare = reference->next;
        PyObject_Free(reference);
    }
#ifdef NAPI_STRICT
    watch_free(state);
#endif
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)exec_module},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030D0000
    {Py_mod_gil, Py_MOD_GIL_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef shim_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = MODULE_NAME,
    .m_doc = "Node-API over Python objects: the C half of napi.",
    .m_size = sizeof(struct shim_state),
    .m_slots = slots,
    .m_traverse = traverse_module,
    .m_clear = clear_module,
    .m_free = free_module,
};

PyMODINIT_FUNC
MODULE_INIT(void)
{
    return PyModuleDef_Init(&shim_module);
}
