/* What the runtime is made of: functions of its own (napi.Builtin), and the
 * base of its objects (napi.Host).
 *
 * A builtin calls a Python function with as many arguments as that wants:
 * missing ones are undefined, those too many are dropped. Its length and name
 * are own properties like any other. A type that is a constructor says by
 * __napi_call__ and __napi_construct__ what JavaScript's call and `new` do;
 * the latter is given new.target as its `this`. */

#include "shim.h"

#define SELF(object) ((struct js_builtin *)(object))
#define INLINE_ARGUMENTS 8

/* === calls === */

static PyObject *
call_padded(struct js_builtin *self, PyObject *receiver, PyObject *const *argv,
            size_t argc)
{
    PyObject *small[INLINE_ARGUMENTS + 1], **all = small;
    size_t given = Py_MIN(argc, self->taken), first = self->takes_this;
    size_t count = first + Py_MAX(given, self->needed);
    if (count > INLINE_ARGUMENTS) {
        all = PyMem_Malloc(count * sizeof(*all));
        if (all == NULL) {
            return PyErr_NoMemory();
        }
    }
    all[0] = receiver != NULL ? receiver : UNDEFINED;
    for (size_t i = first; i < count; ++i) {
        all[i] = i - first < given ? argv[i - first] : UNDEFINED;
    }
    PyObject *result = PyObject_Vectorcall(self->function, all, count, NULL);
    if (all != small) {
        PyMem_Free(all);
    }
    return result;
}

/* new; NotImplemented: not a case that it knows */
static PyObject *
call_native(PyObject *native, PyObject *receiver, PyObject *const *argv,
            size_t argc)
{
    PyObject *all[INLINE_ARGUMENTS + 1];
    if (argc > INLINE_ARGUMENTS) {
        return Py_NewRef(Py_NotImplemented);
    }
    all[0] = receiver != NULL ? receiver : UNDEFINED;
    for (size_t i = 0; i < argc; ++i) {
        all[i + 1] = argv[i];
    }
    return PyObject_Vectorcall(native, all, argc + 1, NULL);
}

PyObject *
builtin_call(PyObject *builtin, PyObject *receiver, PyObject *const *argv,
             size_t argc)
{
    struct js_builtin *self = SELF(builtin);
    if (self->native != NULL) {
        PyObject *result = call_native(self->native, receiver, argv, argc);
        if (result != Py_NotImplemented) {
            return result;
        }
        Py_DECREF(result);
    }
    if (!self->takes_this && argc >= self->needed && argc <= self->taken) {
        return PyObject_Vectorcall(self->function, argv, argc, NULL);
    }
    return call_padded(self, receiver, argv, argc);
}

static PyObject *
vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf,
           PyObject *kwnames)
{
    if (kwnames != NULL && PyTuple_GET_SIZE(kwnames) > 0) {
        return function_refuse_keywords(SELF(callable)->name);
    }
    return builtin_call(callable, UNDEFINED, args,
                        (size_t)PyVectorcall_NARGS(nargsf));
}

/* borrowed: a hook that a type has itself, for a class over it has a
 * constructor of its own; NULL: none */
static PyObject *
find_hook(struct shim_state *state, PyObject *type, PyObject *name)
{
    PyTypeObject *self = (PyTypeObject *)type;
    PyObject *hook =
        PyType_HasFeature(self, Py_TPFLAGS_HEAPTYPE) && self->tp_dict != NULL
            ? PyDict_GetItemWithError(self->tp_dict, name)
            : NULL;
    return hook != NULL && Py_TYPE(hook) == state->builtin_type ? hook : NULL;
}

int
builtin_call_type(struct shim_state *state, PyObject *type,
                  PyObject *receiver, PyObject *const *argv, size_t argc,
                  PyObject **result)
{
    PyObject *hook = find_hook(state, type, state->str_call_hook);
    if (hook == NULL) {
        return 0;
    }
    Py_INCREF(hook);
    *result = builtin_call(hook, receiver, argv, argc);
    Py_DECREF(hook);
    return 1;
}

int
builtin_construct(struct shim_state *state, PyObject *constructor,
                  PyObject *const *argv, size_t argc, PyObject *new_target,
                  PyObject **result)
{
    PyObject *hook = NULL;
    if (Py_TYPE(constructor) == state->builtin_type) {
        hook = SELF(constructor)->construct;
    } else if (PyType_Check(constructor)) {
        hook = find_hook(state, constructor, state->str_construct_hook);
    }
    if (hook == NULL) {
        return 0;
    }
    Py_INCREF(hook);
    *result = function_call(state, hook, new_target, argv, argc);
    Py_DECREF(hook);
    return 1;
}

bool
builtin_is_constructor(struct shim_state *state, PyObject *value)
{
    return Py_TYPE(value) != state->builtin_type ||
           SELF(value)->construct != NULL;
}

bool
builtin_is_closed(struct shim_state *state, PyTypeObject *type)
{
    return type->tp_dict != NULL &&
           PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) &&
           PyDict_Contains(type->tp_dict, state->str_closed) == 1;
}

/* === making === */

/* 0 or -1: an own property that is configurable and no more */
static int
put_fixed(struct shim_state *state, PyObject *self, PyObject *key,
          PyObject *value /* borrowed */)
{
    struct js_property *property =
        property_new(state, value, NULL, NULL, napi_configurable);
    int done = property != NULL ? property_put(state, self, KIND_HOST, key,
                                               property)
                                : -1;
    Py_XDECREF((PyObject *)property);
    return done;
}

static int
put_length(struct shim_state *state, PyObject *self, int length)
{
    PyObject *number = PyLong_FromLong(length);
    int done = number != NULL
                   ? put_fixed(state, self, state->str_length, number)
                   : -1;
    Py_XDECREF(number);
    return done;
}

/* builtin(function, name, length, needed, taken, this, construct, native) */
static PyObject *
make_builtin(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"function", "name", "length", "needed", "taken",
                            "this", "construct", "native", NULL};
    PyObject *function, *name, *construct = NULL, *native = NULL;
    int length, needed, taken, takes_this = 1;
    if (!PyArg_ParseTupleAndKeywords(
            args, kwargs, "OUiii|pOO:Builtin", names, &function, &name,
            &length, &needed, &taken, &takes_this, &construct, &native)) {
        return NULL;
    }
    struct shim_state *state = state_of_type(type);
    struct js_builtin *self = PyObject_GC_New(struct js_builtin, type);
    if (self == NULL) {
        return NULL;
    }
    self->vectorcall = vectorcall;
    self->function = Py_NewRef(function);
    self->name = Py_NewRef(name);
    self->construct =
        construct != NULL && construct != Py_None ? Py_NewRef(construct)
                                                  : NULL;
    self->native =
        native != NULL && native != Py_None ? Py_NewRef(native) : NULL;
    self->needed = (size_t)Py_MAX(needed, 0);
    self->taken = taken < 0 ? SIZE_MAX : (size_t)taken;
    self->takes_this = takes_this;
    self->host = (struct host){NULL, NULL};
    PyObject_GC_Track(self);
    if (put_length(state, (PyObject *)self, length) < 0 ||
        put_fixed(state, (PyObject *)self, state->str_name, name) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static int
traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(SELF(object)->function);
    Py_VISIT(SELF(object)->construct);
    Py_VISIT(SELF(object)->native);
    return side_traverse(SELF(object)->host.side, visit, arg);
}

static int
clear(PyObject *object)
{
    side_clear(SELF(object)->host.side);
    return 0;
}

static void
dealloc(PyObject *object)
{
    struct js_builtin *self = SELF(object);
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (self->host.weaklist != NULL) {
        PyObject_ClearWeakRefs(object);
    }
    if (self->host.side != NULL) {
        side_free(self->host.side);
    }
    Py_XDECREF(self->function);
    Py_XDECREF(self->construct);
    Py_XDECREF(self->native);
    Py_XDECREF(self->name);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

/* === attributes, of both types === */

/* What Python's look-up does not find is JavaScript's. */
static PyObject *
get_attribute(PyObject *self, PyObject *name)
{
    PyObject *found = PyObject_GenericGetAttr(self, name);
    if (found != NULL || object_is_dunder(name) ||
        !PyErr_ExceptionMatches(PyExc_AttributeError)) {
        return found;
    }
    PyObject *raised = PyErr_GetRaisedException();
    struct shim_state *state = state_of_object(self);
    int has = property_has(state, self, name);
    if (has == 0) {
        PyErr_SetRaisedException(raised);
        return NULL;
    }
    Py_XDECREF(raised);
    return has < 0 ? NULL
                   : function_bind_found(state, self,
                                         property_get(state, self, name));
}

static int
set_attribute(PyObject *self, PyObject *name, PyObject *value)
{
    PyObject *typed = _PyType_Lookup(Py_TYPE(self), name);
    if (object_is_dunder(name) ||
        (typed != NULL && Py_TYPE(typed)->tp_descr_set != NULL)) {
        return PyObject_GenericSetAttr(self, name, value);
    }
    return object_set_attribute(state_of_object(self), self, name, value);
}

static PyObject *
repr(PyObject *self)
{
    return PyUnicode_FromFormat("<napi.Builtin %U>", SELF(self)->name);
}

static PyObject *
get_name(PyObject *self, void *unused)
{
    (void)unused;
    return Py_NewRef(SELF(self)->name);
}

static PyObject *
get_doc(PyObject *self, void *unused)
{
    (void)unused;
    return PyObject_GetAttrString(SELF(self)->function, "__doc__");
}

static PyGetSetDef attributes[] = {
    {"__name__", get_name, NULL, NULL, NULL},
    {"__qualname__", get_name, NULL, NULL, NULL},
    {"__doc__", get_doc, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET,
     offsetof(struct js_builtin, vectorcall), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_builtin, host.weaklist), READONLY, NULL},
    {"__wrapped__", T_OBJECT, offsetof(struct js_builtin, function), READONLY,
     NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, (void *)make_builtin},
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear},
    {Py_tp_call, (void *)PyVectorcall_Call},
    {Py_tp_getattro, (void *)get_attribute},
    {Py_tp_setattro, (void *)set_attribute},
    {Py_tp_repr, (void *)repr},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.Builtin",
    .basicsize = sizeof(struct js_builtin),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_HAVE_VECTORCALL,
    .slots = slots,
};

/* === napi.Host: a dict of own data, and what sides hold === */

static int
host_traverse(PyObject *object, visitproc visit, void *arg)
{
    struct js_instance *self = (struct js_instance *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->dict);
    return side_traverse(self->host.side, visit, arg);
}

static int
host_clear(PyObject *object)
{
    struct js_instance *self = (struct js_instance *)object;
    Py_CLEAR(self->dict);
    side_clear(self->host.side);
    return 0;
}

static PyMemberDef host_members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(struct js_instance, dict),
     READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_instance, host.weaklist), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef host_attributes[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL,
     NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot host_slots[] = {
    {Py_tp_new, (void *)PyType_GenericNew},
    {Py_tp_dealloc, (void *)instance_dealloc},
    {Py_tp_traverse, (void *)host_traverse},
    {Py_tp_clear, (void *)host_clear},
    {Py_tp_getattro, (void *)get_attribute},
    {Py_tp_setattro, (void *)set_attribute},
    {Py_tp_getset, host_attributes},
    {Py_tp_members, host_members},
    {0, NULL},
};

static PyType_Spec host_spec = {
    .name = "napi.Host",
    .basicsize = sizeof(struct js_instance),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = host_slots,
};

/* === functions for the runtime === */

PyDoc_STRVAR(is_constructor_doc, "is_constructor(value, /)\n--\n\n"
"Whether `new` goes with a value. (ECMA-262 7.2.4)");

static PyObject *
is_constructor(PyObject *module, PyObject *value)
{
    return PyBool_FromLong(
        function_is_constructor(PyModule_GetState(module), value));
}

PyDoc_STRVAR(put_doc, "put(target, key, value, /)\n--\n\n"
"Sets a property as strict code does: a refusal is a TypeError.");

static PyObject *
put(PyObject *module, PyObject *args)
{
    struct shim_state *state = PyModule_GetState(module);
    PyObject *target, *key, *value;
    if (!PyArg_ParseTuple(args, "OOO:put", &target, &key, &value)) {
        return NULL;
    }
    int done = property_set(state, target, key, value);
    if (done == 0) {
        done = object_refuse_set(state, target, key);
    }
    return done < 0 ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(remove_doc, "remove(target, key, /)\n--\n\n"
"Deletes a property as strict code does: a refusal is a TypeError.");

static PyObject *
remove_property(PyObject *module, PyObject *args)
{
    struct shim_state *state = PyModule_GetState(module);
    PyObject *target, *key;
    if (!PyArg_ParseTuple(args, "OO:remove", &target, &key)) {
        return NULL;
    }
    int done = property_delete(state, target, key);
    if (done == 0) {
        done = object_refuse_delete(state, target, key);
    }
    return done < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef functions[] = {
    {"is_constructor", is_constructor, METH_O, is_constructor_doc},
    {"put", put, METH_VARARGS, put_doc},
    {"remove", remove_property, METH_VARARGS, remove_doc},
    {NULL, NULL, 0, NULL},
};

int
builtin_init(PyObject *module, struct shim_state *state)
{
    if (PyModule_AddFunctions(module, functions) < 0) {
        return -1;
    }
    state->builtin_type = module_add_type(module, &spec, NULL);
    state->host_type = module_add_type(module, &host_spec, NULL);
    return state->builtin_type == NULL || state->host_type == NULL ? -1 : 0;
}
