/* napi.Class: the metaclass of the classes that addons define.
 *
 * A class is a real Python type; what JavaScript sees on its constructor is in
 * the host side, what Python's look-up finds is mirrored in the type's dict.
 * All instances of a napi.Class are laid out as struct js_instance. */

#include "shim.h"

#define SELF(object) ((struct js_class *)(object))

struct js_class *
class_native(struct shim_state *state, PyTypeObject *type)
{
    PyObject *mro = type->tp_mro;
    for (Py_ssize_t i = 0; mro != NULL && i < PyTuple_GET_SIZE(mro); ++i) {
        PyObject *base = PyTuple_GET_ITEM(mro, i);
        if (PyObject_TypeCheck(base, state->class_type) &&
            SELF(base)->env != NULL) {
            return SELF(base);
        }
    }
    return NULL;
}

/* === mirror === */

static bool
is_virtual(struct shim_state *state, PyObject *key)
{
    return PyUnicode_Compare(key, state->str_name) == 0 ||
           PyUnicode_Compare(key, state->str_length) == 0 ||
           PyUnicode_Compare(key, state->str_prototype) == 0;
}

/* Names that Python keeps for itself, and those the metaclass and the base of
 * all instances look up on their own. */
static bool
is_mirrored(struct shim_state *state, PyObject *key, bool is_static)
{
    return PyUnicode_Check(key) && !object_is_dunder(key) &&
           (is_static ? !is_virtual(state, key)
                      : PyUnicode_Compare(key, state->str_constructor) != 0);
}

/* 1, 0, -1: the other one of constructor and prototype has the name too */
static int
has_twin(struct shim_state *state, PyTypeObject *type, PyObject *key,
         bool is_static)
{
    if (!PyObject_TypeCheck((PyObject *)type, state->class_type)) {
        return 0;
    }
    if (!is_static) {
        return is_virtual(state, key)
                   ? 0
                   : property_has_own(state, (PyObject *)type, key);
    }
    PyObject *prototype = SELF(type)->prototype;
    return prototype == NULL ? 0 : property_has_own(state, prototype, key);
}

/* Callables know their `this` from us; a napi.method binds by itself, and a
 * class is a value. */
static bool
is_wrapped(struct shim_state *state, PyObject *value, bool is_static)
{
    return Py_TYPE(value) == state->function_type ||
           (!is_static && Py_TYPE(value) != state->method_type &&
            !PyType_Check(value) && function_is(state, value));
}

/* new: what goes into the type's dict */
static PyObject *
make_entry(struct shim_state *state, PyObject *key,
           struct js_property *property, bool is_static, bool is_shared)
{
    if (!is_shared && property->value != NULL) {
        return is_wrapped(state, property->value, is_static)
                   ? method_new(state, property->value, NULL, is_static)
                   : Py_NewRef(property->value);
    }
    if (!is_shared) {
        return (PyObject *)accessor_new(state, key, property->getter,
                                        property->setter, is_static);
    }
    struct js_accessor *accessor =
        accessor_new(state, key, NULL, NULL, false);
    if (accessor != NULL) {
        accessor->is_shared = true;
    }
    return (PyObject *)accessor;
}

/* entry NULL: it is removed. What the metaclass has under the same name would
 * refuse to be set; instances do not see it. */
static int
put_entry(struct shim_state *state, PyTypeObject *type, PyObject *key,
          PyObject *entry)
{
    if (!is_virtual(state, key)) {
        return PyType_Type.tp_setattro((PyObject *)type, key, entry);
    }
    int status = entry != NULL ? PyDict_SetItem(type->tp_dict, key, entry)
                               : PyDict_DelItem(type->tp_dict, key);
    PyType_Modified(type);
    return status;
}

static int
remove_entry(struct shim_state *state, PyTypeObject *type, PyObject *key)
{
    int found = PyDict_Contains(type->tp_dict, key);
    return found > 0 ? put_entry(state, type, key, NULL) : found;
}

/* What has Symbol.iterator is a Python iterable too. */
static int
mirror_symbol(struct shim_state *state, PyTypeObject *type, PyObject *key)
{
    PyObject *iterator = symbol_well_known(state, "iterator");
    if (iterator == NULL) {
        return -1;
    }
    Py_DECREF(iterator);
    if (key != iterator) {
        return 0;
    }
    PyObject *module = PyImport_ImportModule("napi.runtime.iterator");
    PyObject *iterate =
        module ? PyObject_GetAttrString(module, "iterate") : NULL;
    int status = iterate ? PyObject_SetAttrString((PyObject *)type,
                                                  "__iter__", iterate)
                         : -1;
    Py_XDECREF(module);
    Py_XDECREF(iterate);
    return status;
}

/* property NULL: it was deleted. */
int
class_mirror(struct shim_state *state, PyTypeObject *type, PyObject *key,
             struct js_property *property, bool is_static)
{
    if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
        return 0;
    }
    if (!PyUnicode_Check(key) && property != NULL && !is_static) {
        return mirror_symbol(state, type, key);
    }
    if (!is_mirrored(state, key, is_static)) {
        return 0;
    }
    int twin = has_twin(state, type, key, is_static);
    if (twin < 0) {
        return -1;
    }
    if (property == NULL && !twin) {
        return remove_entry(state, type, key);
    }
    PyObject *entry = make_entry(state, key, property, is_static, twin > 0);
    if (entry == NULL) {
        return -1;
    }
    int status = put_entry(state, type, key, entry);
    Py_DECREF(entry);
    return status;
}

/* === the metaclass === */

static struct shim_state *
state_of(PyObject *class)
{
    return SELF(class)->env != NULL ? SELF(class)->env->state
                                    : state_of_object(class);
}

/* How many classes of addons a type is derived from. */
static int
count_natives(struct shim_state *state, PyTypeObject *type)
{
    int count = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(type->tp_mro); ++i) {
        PyObject *base = PyTuple_GET_ITEM(type->tp_mro, i);
        count += PyObject_TypeCheck(base, state->class_type) &&
                 SELF(base)->env != NULL && SELF(base)->constructor == NULL;
    }
    return count;
}

/* Instances must have the one layout, and be wrapped by the one constructor
 * whose methods they pass the receiver check of. */
static const char * /* or NULL */
find_fault(struct shim_state *state, PyTypeObject *made)
{
    if (state->instance_type == NULL) {
        return NULL; /* it is being made */
    }
    if (!PyType_IsSubtype(made, state->instance_type)) {
        return "a napi.Class must derive from napi.Instance";
    }
    return count_natives(state, made) > 1
               ? "a class cannot derive from two classes of addons"
               : NULL;
}

static PyObject *
make_class(PyTypeObject *metatype, PyObject *args, PyObject *kwargs)
{
    PyObject *made = PyType_Type.tp_new(metatype, args, kwargs);
    if (made == NULL || !PyType_Check(made)) {
        return made;
    }
    const char *fault =
        find_fault(state_of_type(metatype), (PyTypeObject *)made);
    if (fault != NULL) {
        PyErr_SetString(PyExc_TypeError, fault);
        Py_CLEAR(made);
    }
    return made;
}

static int
traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(SELF(object)->prototype);
    Py_VISIT(SELF(object)->constructor);
    int status = side_traverse(SELF(object)->host.side, visit, arg);
    return status != 0 ? status
                       : PyType_Type.tp_traverse(object, visit, arg);
}

static int
clear(PyObject *object)
{
    Py_CLEAR(SELF(object)->prototype);
    Py_CLEAR(SELF(object)->constructor);
    side_clear(SELF(object)->host.side);
    return PyType_Type.tp_clear(object);
}

/* type's own dealloc untracks the object, and must find it tracked. */
static void
dealloc(PyObject *object)
{
    struct js_class *self = SELF(object);
    PyTypeObject *metatype = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (self->host.side != NULL) {
        side_free(self->host.side);
        self->host.side = NULL;
    }
    Py_CLEAR(self->prototype);
    Py_CLEAR(self->constructor);
    if (self->env != NULL) {
        env_release(self->env);
    }
    PyObject_GC_Track(object);
    PyType_Type.tp_dealloc(object);
    Py_DECREF(metatype);
}

/* 1 and new: a class made in Python may well have a `name` of its own */
static int
find_in_python(PyObject *self, PyObject *key, PyObject **value)
{
    PyObject *mro = ((PyTypeObject *)self)->tp_mro;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); ++i) {
        PyObject *base = PyTuple_GET_ITEM(mro, i);
        if (!PyObject_TypeCheck(base, Py_TYPE(self)) ||
            SELF(base)->env != NULL) {
            break;
        }
        int found =
            PyDict_GetItemRef(((PyTypeObject *)base)->tp_dict, key, value);
        if (found != 0) {
            return found;
        }
    }
    return 0;
}

static PyObject *
get_virtual(PyObject *self, void *text)
{
    struct shim_state *state = state_of(self);
    PyObject *key = PyUnicode_InternFromString(text);
    PyObject *value = NULL;
    int found = key != NULL ? find_in_python(self, key, &value) : -1;
    if (found > 0 && Py_TYPE(value)->tp_descr_get != NULL) {
        PyObject *descriptor = value;
        value = Py_TYPE(descriptor)->tp_descr_get(descriptor, NULL, self);
        Py_DECREF(descriptor);
    } else if (found == 0) {
        value = property_get(state, self, key);
    }
    Py_XDECREF(key);
    return value;
}

/* Statics are set as in JavaScript; names of Python's kind as in Python. */
static bool
is_python_attribute(PyObject *self, PyObject *name)
{
    return SELF(self)->env == NULL || !PyUnicode_Check(name) ||
           PyUnicode_GET_LENGTH(name) == 0 ||
           PyUnicode_READ_CHAR(name, 0) == '_';
}

static int
delete_static(struct shim_state *state, PyObject *self, PyObject *name)
{
    int found = property_has_own(state, self, name);
    if (found < 0) {
        return -1;
    }
    if (found == 0) {
        return PyType_Type.tp_setattro(self, name, NULL);
    }
    int done = property_delete(state, self, name);
    if (done == 0) {
        return object_refuse_delete(state, self, name);
    }
    return done < 0 ? -1
                    : class_mirror(state, (PyTypeObject *)self, name, NULL,
                                   true);
}

static int
set_static(struct shim_state *state, PyObject *self, PyObject *name,
           PyObject *value)
{
    int done = property_set(state, self, name, value);
    if (done == 0) {
        return object_refuse_set(state, self, name);
    }
    struct js_property *property = NULL;
    if (done > 0) {
        done = property_own(state, self, name, &property);
    }
    if (done > 0) {
        done = class_mirror(state, (PyTypeObject *)self, name, property,
                            true);
        Py_DECREF(property);
    }
    return Py_MIN(done, 0);
}

static int
set_attribute(PyObject *self, PyObject *name, PyObject *value)
{
    struct shim_state *state = state_of(self);
    if (PyUnicode_Check(name) &&
        PyUnicode_CompareWithASCIIString(name, "__bases__") == 0) {
        PyErr_SetString(PyExc_TypeError,
                        "the bases of a napi.Class are fixed");
        return -1;
    }
    if (is_python_attribute(self, name)) {
        return PyType_Type.tp_setattro(self, name, value);
    }
    return value == NULL ? delete_static(state, self, name)
                         : set_static(state, self, name, value);
}

static PyGetSetDef attributes[] = {
    {"name", get_virtual, NULL, "The JavaScript name of the class.", "name"},
    {"length", get_virtual, NULL, "How many arguments it names.", "length"},
    {"prototype", get_virtual, NULL,
     "What instances inherit from, as an object.", "prototype"},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(PyTypeObject, tp_vectorcall),
     READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

PyDoc_STRVAR(class_doc, "The type of classes that addons define: a Python "
                        "type that is also a JavaScript constructor.");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)class_doc},
    {Py_tp_new, (void *)make_class},
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear},
    {Py_tp_setattro, (void *)set_attribute},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.Class",
    .basicsize = sizeof(struct js_class),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_TYPE_SUBCLASS,
    .slots = slots,
};

int
class_init(PyObject *module, struct shim_state *state)
{
    state->class_type =
        module_add_type(module, &spec, (PyObject *)&PyType_Type);
    if (state->class_type == NULL || instance_init(module, state) < 0) {
        return -1;
    }
    return script_init(module, state);
}
