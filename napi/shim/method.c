/* Methods and accessors of addon classes as Python's attribute look-up finds
 * them, bound functions, and napi.method.
 *
 * A js_method is called with `this` as its first argument, which is what
 * CPython passes for x.m() without making a bound method. Three kinds, told
 * apart by their vectorcall: of a function that is given its `this` separately
 * (call_unbound), bound to a receiver (call_bound), and napi.method, whose
 * function takes `this` as its first argument itself (call_through). */

#include "shim.h"

#define SELF(object) ((struct js_method *)(object))
#define ACCESSOR(object) ((struct js_accessor *)(object))
#define INLINE_ARGUMENTS 8

/* function(first, *argv, **keywords) */
static PyObject *
call_prepended(PyObject *function, PyObject *first, PyObject *const *argv,
               size_t argc, PyObject *kwnames)
{
    PyObject *small[INLINE_ARGUMENTS + 1], **all = small;
    size_t count = argc + (kwnames ? (size_t)PyTuple_GET_SIZE(kwnames) : 0);
    if (count > INLINE_ARGUMENTS) {
        all = PyMem_Malloc((count + 1) * sizeof(*all));
        if (all == NULL) {
            return PyErr_NoMemory();
        }
    }
    all[0] = first;
    for (size_t i = 0; i < count; ++i) {
        all[i + 1] = argv[i];
    }
    PyObject *result = PyObject_Vectorcall(function, all, argc + 1, kwnames);
    if (all != small) {
        PyMem_Free(all);
    }
    return result;
}

/* new; "" where a callable has none */
static PyObject *
name_of(PyObject *function)
{
    PyObject *name = PyObject_GetAttrString(function, "__name__");
    if (name == NULL || !PyUnicode_Check(name)) {
        Py_XDECREF(name);
        PyErr_Clear();
        name = PyUnicode_FromStringAndSize("", 0);
    }
    return name;
}

static bool
has_keywords(struct js_method *self, PyObject *kwnames)
{
    if (kwnames == NULL || PyTuple_GET_SIZE(kwnames) == 0) {
        return false;
    }
    PyObject *name = name_of(self->function);
    if (name != NULL) {
        function_refuse_keywords(name);
        Py_DECREF(name);
    }
    return true;
}

static PyObject *
call_unbound(PyObject *callable, PyObject *const *args, size_t nargsf,
             PyObject *kwnames)
{
    struct js_method *self = SELF(callable);
    size_t argc = (size_t)PyVectorcall_NARGS(nargsf);
    if (has_keywords(self, kwnames)) {
        return NULL;
    }
    if (argc == 0) {
        return error_raise(self->state, "TypeError", NULL,
                           "Illegal invocation");
    }
    if (Py_TYPE(self->function) == self->state->function_type) {
        return function_run_sloppy((struct js_function *)self->function,
                                   args[0], args + 1, argc - 1);
    }
    return function_call(self->state, self->function, args[0], args + 1,
                         argc - 1);
}

static PyObject *
call_through(PyObject *callable, PyObject *const *args, size_t nargsf,
             PyObject *kwnames)
{
    return PyObject_Vectorcall(SELF(callable)->function, args, nargsf,
                               kwnames);
}

static bool
takes_this_first(struct shim_state *state, PyObject *function)
{
    return Py_TYPE(function) == state->method_type &&
           SELF(function)->vectorcall == call_through;
}

static PyObject *
call_bound(PyObject *callable, PyObject *const *args, size_t nargsf,
           PyObject *kwnames)
{
    struct js_method *self = SELF(callable);
    size_t argc = (size_t)PyVectorcall_NARGS(nargsf);
    if (takes_this_first(self->state, self->function)) {
        return call_prepended(SELF(self->function)->function, self->bound,
                              args, argc, kwnames);
    }
    if (has_keywords(self, kwnames)) {
        return NULL;
    }
    return function_call(self->state, self->function, self->bound, args,
                         argc);
}

PyObject *
method_call(struct js_method *method, PyObject *receiver,
            PyObject *const *argv, size_t argc)
{
    if (method->bound != NULL) {
        return call_bound((PyObject *)method, argv, argc, NULL);
    }
    if (method->vectorcall == call_through) {
        return call_prepended(method->function,
                              receiver != NULL ? receiver : UNDEFINED, argv,
                              argc, NULL);
    }
    return function_call(method->state, method->function, receiver, argv,
                         argc);
}

static struct js_method *
make_method(PyTypeObject *type, struct shim_state *state, PyObject *function,
            vectorcallfunc vectorcall)
{
    struct js_method *self = PyObject_GC_New(struct js_method, type);
    if (self != NULL) {
        self->vectorcall = vectorcall;
        self->function = Py_NewRef(function);
        self->bound = NULL;
        self->is_static = false;
        self->state = state;
        self->weaklist = NULL;
    }
    return self;
}

PyObject *
method_new(struct shim_state *state, PyObject *function, PyObject *bound,
           bool is_static)
{
    if (bound != NULL && Py_TYPE(function) == state->method_type &&
        SELF(function)->bound != NULL) {
        return Py_NewRef(function); /* bound once and for all */
    }
    struct js_method *self =
        make_method(state->method_type, state, function,
                    bound != NULL ? call_bound : call_unbound);
    if (self != NULL) {
        self->bound = Py_XNewRef(bound);
        self->is_static = is_static;
        PyObject_GC_Track(self);
    }
    return (PyObject *)self;
}

/* === napi.method === */

static PyObject *
make_decorated(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"", NULL};
    PyObject *function;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:method", names,
                                     &function)) {
        return NULL;
    }
    if (!PyCallable_Check(function)) {
        return PyErr_Format(PyExc_TypeError,
                            "method() needs a callable, not %.200s",
                            Py_TYPE(function)->tp_name);
    }
    struct shim_state *state = state_of_type(type);
    if (takes_this_first(state, function)) {
        return Py_NewRef(function);
    }
    struct js_method *self = make_method(type, state, function, call_through);
    if (self != NULL) {
        PyObject_GC_Track(self);
    }
    return (PyObject *)self;
}

static int
method_traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(SELF(object)->function);
    Py_VISIT(SELF(object)->bound);
    return 0;
}

static void
method_dealloc(PyObject *object)
{
    struct js_method *self = SELF(object);
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (self->weaklist != NULL) {
        PyObject_ClearWeakRefs(object);
    }
    Py_XDECREF(self->function);
    Py_XDECREF(self->bound);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static PyObject *
method_descr_get(PyObject *object, PyObject *instance, PyObject *type)
{
    struct js_method *self = SELF(object);
    if (self->bound != NULL) {
        return Py_NewRef(object);
    }
    if (self->is_static) {
        PyObject *class =
            type != NULL ? type : (PyObject *)Py_TYPE(instance);
        return method_new(self->state, self->function, class, false);
    }
    return instance == NULL ? Py_NewRef(object)
                            : PyMethod_New(object, instance);
}

static PyObject *
method_repr(PyObject *object)
{
    struct js_method *self = SELF(object);
    PyObject *name = name_of(object);
    PyObject *text = NULL;
    if (name != NULL) {
        text = self->bound == NULL
                   ? PyUnicode_FromFormat("<napi.method %U>", name)
                   : PyUnicode_FromFormat("<napi.method %U of %R>", name,
                                          self->bound);
    }
    Py_XDECREF(name);
    return text;
}

/* One binding is as good as another of the same two. */
static PyObject *
method_compare(PyObject *left, PyObject *right, int operation)
{
    if ((operation != Py_EQ && operation != Py_NE) ||
        Py_TYPE(left) != Py_TYPE(right)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    bool equal = SELF(left)->function == SELF(right)->function &&
                 SELF(left)->bound == SELF(right)->bound &&
                 SELF(left)->vectorcall == SELF(right)->vectorcall;
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

static Py_hash_t
method_hash(PyObject *object)
{
    uintptr_t function = (uintptr_t)SELF(object)->function >> 4;
    uintptr_t bound = (uintptr_t)SELF(object)->bound >> 4;
    Py_hash_t hash = (Py_hash_t)(function ^ (bound * 1000003u));
    return hash == -1 ? -2 : hash;
}

static PyObject *
method_get_name(PyObject *object, void *unused)
{
    (void)unused;
    return name_of(SELF(object)->function);
}

static PyObject *
method_get_from_function(PyObject *object, void *attribute)
{
    return PyObject_GetAttrString(SELF(object)->function, attribute);
}

static PyObject *
method_get_self(PyObject *object, void *unused)
{
    (void)unused;
    if (SELF(object)->bound == NULL) {
        PyErr_SetString(PyExc_AttributeError, "__self__");
        return NULL;
    }
    return Py_NewRef(SELF(object)->bound);
}

static PyGetSetDef method_attributes[] = {
    {"__name__", method_get_name, NULL, NULL, NULL},
    {"__qualname__", method_get_from_function, NULL, NULL, "__qualname__"},
    {"__doc__", method_get_from_function, NULL, NULL, "__doc__"},
    {"__self__", method_get_self, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef method_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET,
     offsetof(struct js_method, vectorcall), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(struct js_method, weaklist),
     READONLY, NULL},
    {"__func__", T_OBJECT, offsetof(struct js_method, function), READONLY,
     NULL},
    {"__wrapped__", T_OBJECT, offsetof(struct js_method, function), READONLY,
     NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot method_slots[] = {
    {Py_tp_new, (void *)make_decorated},
    {Py_tp_dealloc, (void *)method_dealloc},
    {Py_tp_traverse, (void *)method_traverse},
    {Py_tp_call, (void *)PyVectorcall_Call},
    {Py_tp_descr_get, (void *)method_descr_get},
    {Py_tp_repr, (void *)method_repr},
    {Py_tp_richcompare, (void *)method_compare},
    {Py_tp_hash, (void *)method_hash},
    {Py_tp_getset, method_attributes},
    {Py_tp_members, method_members},
    {0, NULL},
};

static PyType_Spec method_spec = {
    .name = "napi.method",
    .basicsize = sizeof(struct js_method),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .slots = method_slots,
};

/* === accessors === */

struct js_accessor *
accessor_new(struct shim_state *state, PyObject *name, PyObject *getter,
             PyObject *setter, bool is_static)
{
    struct js_accessor *self =
        PyObject_GC_New(struct js_accessor, state->accessor_type);
    if (self != NULL) {
        self->getter = Py_XNewRef(getter);
        self->setter = Py_XNewRef(setter);
        self->name = Py_NewRef(name);
        self->is_static = is_static;
        self->is_shared = false;
        self->state = state;
        PyObject_GC_Track(self);
    }
    return self;
}

static int
accessor_traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(ACCESSOR(object)->getter);
    Py_VISIT(ACCESSOR(object)->setter);
    return 0;
}

static void
accessor_dealloc(PyObject *object)
{
    struct js_accessor *self = ACCESSOR(object);
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    Py_XDECREF(self->getter);
    Py_XDECREF(self->setter);
    Py_XDECREF(self->name);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static PyObject *
accessor_descr_get(PyObject *object, PyObject *instance, PyObject *type)
{
    struct js_accessor *self = ACCESSOR(object);
    PyObject *receiver = instance;
    if (instance == NULL || self->is_static) {
        receiver = type;
        if (!self->is_static && !self->is_shared) {
            return Py_NewRef(object);
        }
    }
    if (self->is_shared) {
        return function_bind_found(
            self->state, receiver,
            property_get(self->state, receiver, self->name));
    }
    if (self->getter == NULL) {
        return Py_NewRef(UNDEFINED);
    }
    return function_call(self->state, self->getter, receiver, NULL, 0);
}

static int
set_shared(struct js_accessor *self, PyObject *instance, PyObject *value)
{
    int done = property_set(self->state, instance, self->name, value);
    return done == 0 ? object_refuse_set(self->state, instance, self->name)
                     : Py_MIN(done, 0);
}

static int
accessor_descr_set(PyObject *object, PyObject *instance, PyObject *value)
{
    struct js_accessor *self = ACCESSOR(object);
    if (value == NULL) {
        PyErr_SetObject(PyExc_AttributeError, self->name);
        return -1;
    }
    if (self->is_shared) {
        return set_shared(self, instance, value);
    }
    if (self->setter == NULL) {
        return object_refuse_set(self->state, instance, self->name);
    }
    PyObject *receiver =
        self->is_static ? (PyObject *)Py_TYPE(instance) : instance;
    PyObject *result =
        function_call(self->state, self->setter, receiver, &value, 1);
    Py_XDECREF(result);
    return result != NULL ? 0 : -1;
}

static PyObject *
accessor_get_doc(PyObject *object, void *unused)
{
    (void)unused;
    return PyUnicode_FromFormat("%S: native accessor",
                                ACCESSOR(object)->name);
}

static PyObject *
accessor_repr(PyObject *object)
{
    return PyUnicode_FromFormat("<napi.Accessor %S>", ACCESSOR(object)->name);
}

static PyGetSetDef accessor_attributes[] = {
    {"__doc__", accessor_get_doc, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef accessor_members[] = {
    {"__name__", T_OBJECT, offsetof(struct js_accessor, name), READONLY,
     NULL},
    {"fget", T_OBJECT, offsetof(struct js_accessor, getter), READONLY, NULL},
    {"fset", T_OBJECT, offsetof(struct js_accessor, setter), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot accessor_slots[] = {
    {Py_tp_dealloc, (void *)accessor_dealloc},
    {Py_tp_traverse, (void *)accessor_traverse},
    {Py_tp_descr_get, (void *)accessor_descr_get},
    {Py_tp_descr_set, (void *)accessor_descr_set},
    {Py_tp_repr, (void *)accessor_repr},
    {Py_tp_getset, accessor_attributes},
    {Py_tp_members, accessor_members},
    {0, NULL},
};

static PyType_Spec accessor_spec = {
    .name = "napi.Accessor",
    .basicsize = sizeof(struct js_accessor),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = accessor_slots,
};

int
method_init(PyObject *module, struct shim_state *state)
{
    state->method_type = module_add_type(module, &method_spec, NULL);
    state->accessor_type = module_add_type(module, &accessor_spec, NULL);
    return state->method_type == NULL || state->accessor_type == NULL ? -1
                                                                      : 0;
}
