/* napi.Property: what side->table holds, as Python sees it. */

#include "shim.h"

#define SELF(object) ((struct js_property *)(object))

static int
property_traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(SELF(object)->value);
    Py_VISIT(SELF(object)->getter);
    Py_VISIT(SELF(object)->setter);
    return 0;
}

static int
property_clear(PyObject *object)
{
    Py_CLEAR(SELF(object)->getter);
    Py_CLEAR(SELF(object)->setter);
    return 0;
}

static void
property_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    property_clear(object);
    Py_CLEAR(SELF(object)->value);
    type->tp_free(object);
    Py_DECREF(type);
}

static PyMemberDef members[] = {
    {"value", T_OBJECT, offsetof(struct js_property, value), READONLY,
     "the value of a data property"},
    {"get", T_OBJECT, offsetof(struct js_property, getter), READONLY,
     "the getter, or None"},
    {"set", T_OBJECT, offsetof(struct js_property, setter), READONLY,
     "the setter, or None"},
    {"attributes", T_INT, offsetof(struct js_property, attributes), READONLY,
     "bits: 1 writable, 2 enumerable, 4 configurable"},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)"A property that is not plain data."},
    {Py_tp_dealloc, (void *)property_dealloc},
    {Py_tp_traverse, (void *)property_traverse},
    {Py_tp_clear, (void *)property_clear},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.Property",
    .basicsize = sizeof(struct js_property),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};

int
property_init(PyObject *module, struct shim_state *state)
{
    state->property_type = module_add_type(module, &spec, NULL);
    return state->property_type == NULL ? -1 : 0;
}
