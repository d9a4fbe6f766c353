/* napi.Instance: the base of all instances of addon classes.
 *
 * Own plain data is in the instance's dict, so that attribute access is
 * CPython's own, with all its caches, until an instance gets properties that a
 * dict cannot hold: then its type asks the property chapter (exotic). */

#include "shim.h"

#define SELF(object) ((struct js_instance *)(object))

int
instance_initialize(PyObject *self, PyObject *args, PyObject *kwargs)
{
    (void)self;
    (void)args;
    (void)kwargs;
    return 0;
}

static int
traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(SELF(object)->dict);
    return side_traverse(SELF(object)->host.side, visit, arg);
}

static int
clear(PyObject *object)
{
    Py_CLEAR(SELF(object)->dict);
    side_clear(SELF(object)->host.side);
    return 0;
}

/* Also the tp_dealloc of addon classes themselves, in the place of CPython's
 * generic one, which has to look for slots and more. */
void
instance_dealloc(PyObject *object)
{
    struct js_instance *self = SELF(object);
    PyTypeObject *type = Py_TYPE(object);
    if (type->tp_finalize != NULL &&
        PyObject_CallFinalizerFromDealloc(object) < 0) {
        return;
    }
    PyObject_GC_UnTrack(object);
    if (self->host.weaklist != NULL) {
        PyObject_ClearWeakRefs(object);
    }
    if (self->host.side != NULL) {
        side_free(self->host.side);
        self->host.side = NULL;
    }
    Py_CLEAR(self->dict);
    type->tp_free(object);
    Py_DECREF(type);
}

/* === attributes === */

/* The dict is all that there is to an assignment. */
static bool
is_plain(struct side *side)
{
    return side == NULL ||
           (side->table == NULL && side->order == NULL &&
            side->prototype == NULL && !side->inextensible &&
            !side->frozen && !side->sealed);
}

/* A name that Python code gave the type, or a method of ours whose property is
 * read-only: only the property chapter can tell. */
static bool
is_generic(struct shim_state *state, PyObject *self, PyObject *name)
{
    PyObject *typed = _PyType_Lookup(Py_TYPE(self), name);
    if (typed != NULL && Py_TYPE(typed) != state->accessor_type &&
        Py_TYPE(typed)->tp_descr_set != NULL) {
        return true;
    }
    if (!is_plain(SELF(self)->host.side)) {
        return object_is_dunder(name);
    }
    return typed == NULL || Py_TYPE(typed)->tp_descr_set != NULL ||
           object_is_dunder(name);
}

/* Methods trust the type of their receiver: an instance of one addon class can
 * not become one of another. */
static bool
may_become(struct shim_state *state, PyObject *self, PyObject *name,
           PyObject *value)
{
    if (!object_is_dunder(name) ||
        PyUnicode_CompareWithASCIIString(name, "__class__") != 0 ||
        value == NULL || !PyType_Check(value) ||
        class_native(state, (PyTypeObject *)value) ==
            class_native(state, Py_TYPE(self))) {
        return true;
    }
    PyErr_Format(PyExc_TypeError,
                 "an instance of %.200s cannot become one of %.200s",
                 Py_TYPE(self)->tp_name, ((PyTypeObject *)value)->tp_name);
    return false;
}

static int
set_attribute(PyObject *self, PyObject *name, PyObject *value)
{
    struct js_class *native = (struct js_class *)Py_TYPE(self);
    struct shim_state *state = native->env != NULL ? native->env->state
                                                   : state_of_object(self);
    if (is_generic(state, self, name)) {
        return may_become(state, self, name, value)
                   ? PyObject_GenericSetAttr(self, name, value)
                   : -1;
    }
    return object_set_attribute(state, self, name, value);
}

/* Own properties come first, then Python's look-up; functions are bound. */
static PyObject *
get_exotic(PyObject *self, PyObject *name)
{
    struct shim_state *state = state_of_object(self);
    if (SELF(self)->host.side != NULL && !object_is_dunder(name)) {
        int found = object_has_special(state, self, name);
        if (found == 0 && SELF(self)->dict != NULL) {
            found = PyDict_Contains(SELF(self)->dict, name);
        }
        if (found < 0) {
            return NULL;
        }
        if (found > 0) {
            return function_bind_found(state, self,
                                       property_get(state, self, name));
        }
    }
    return PyObject_GenericGetAttr(self, name);
}

void
class_make_exotic(struct shim_state *state, PyTypeObject *type)
{
    if (PyType_IsSubtype(type, state->instance_type) &&
        type->tp_getattro == PyObject_GenericGetAttr) {
        type->tp_getattro = get_exotic;
        PyType_Modified(type);
    }
}

static PyObject *
get_constructor(PyObject *self, void *unused)
{
    (void)unused;
    struct shim_state *state = state_of_object(self);
    return property_get(state, self, state->str_constructor);
}

static int
set_constructor(PyObject *self, PyObject *value, void *unused)
{
    (void)unused;
    struct shim_state *state = state_of_object(self);
    return object_set_attribute(state, self, state->str_constructor, value);
}

/* Python's way to the property: no property of JavaScript itself. */
bool
instance_is_constructor(PyObject *descriptor)
{
    return Py_IS_TYPE(descriptor, &PyGetSetDescr_Type) &&
           ((PyGetSetDescrObject *)descriptor)->d_getset->set ==
               set_constructor;
}

/* === the types === */

static PyGetSetDef attributes[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL,
     NULL},
    {"constructor", get_constructor, set_constructor,
     "The class that made the object. (ECMA-262 20.1.3.1)", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(struct js_instance, dict),
     READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_instance, host.weaklist), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, (void *)construct_instance},
    {Py_tp_init, (void *)instance_initialize},
    {Py_tp_dealloc, (void *)instance_dealloc},
    {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear},
    {Py_tp_setattro, (void *)set_attribute},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi._Instance",
    .basicsize = sizeof(struct js_instance),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

/* The C base has no choice of metaclass before 3.12: a class statement's way
 * makes napi.Instance from it, with napi.Class as its type. */
int
instance_init(PyObject *module, struct shim_state *state)
{
    PyObject *base = PyType_FromModuleAndSpec(module, &spec, NULL);
    if (base == NULL) {
        return -1;
    }
    PyObject *made = PyObject_CallFunction(
        (PyObject *)state->class_type, "s(N){s:(),s:s,s:s}", "Instance", base,
        "__slots__", "__module__", "napi", "__doc__",
        "The base of all instances of classes that addons define.");
    if (made == NULL) {
        return -1;
    }
    state->instance_type = (PyTypeObject *)made;
    return PyModule_AddObjectRef(module, "Instance", made);
}
