/* The own keys of every kind of value, with their attributes.
 *
 * What is virtual (a function's name, an exception's message, the methods of a
 * prototype object) is only named here; property_own decides whether it is
 * there and what its attributes are. */

#include "shim.h"

#define PLAIN (napi_writable | napi_enumerable | napi_configurable)

struct walk {
    struct shim_state *state;
    PyObject *object;
    struct side *side; /* or NULL */
    property_visitor visitor;
    void *context;
    PyObject *named[3]; /* borrowed: virtual names, visited already */
};

/* Attributes of plain data. Freezing leaves those of elements as they are,
 * as far as the filters of V8 go. */
static int
plain_attributes(struct side *side, PyObject *key)
{
    uint32_t index;
    if (side == NULL || !(side->frozen || side->sealed) ||
        PyLong_Check(key) ||
        (PyUnicode_Check(key) && string_as_index(key, &index))) {
        return PLAIN;
    }
    return side->frozen ? napi_enumerable : napi_enumerable | napi_writable;
}

static int
visit_plain(struct walk *walk, PyObject *key)
{
    return walk->visitor(walk->context, key,
                         plain_attributes(walk->side, key));
}

/* A key that may or may not name an own property. */
static int
visit_named(struct walk *walk, PyObject *key)
{
    struct js_property *property = NULL;
    int found = property_own(walk->state, walk->object, key, &property);
    if (found > 0) {
        found = walk->visitor(walk->context, key, property->attributes);
        Py_DECREF(property);
    }
    return found < 0 ? -1 : 0;
}

/* The same; what the table or the __dict__ has under the name is passed over
 * later on. */
static int
visit_virtual(struct walk *walk, int slot, PyObject *key)
{
    walk->named[slot] = key;
    return visit_named(walk, key);
}

static bool
was_named(struct walk *walk, PyObject *key)
{
    for (size_t i = 0; i < Py_ARRAY_LENGTH(walk->named); ++i) {
        if (walk->named[i] != NULL && PyUnicode_Check(key) &&
            PyUnicode_Compare(walk->named[i], key) == 0) {
            return true;
        }
    }
    return false;
}

static int
visit_indexes(struct walk *walk, Py_ssize_t size, int attributes)
{
    for (Py_ssize_t i = 0; i < size; ++i) {
        PyObject *key = PyLong_FromSsize_t(i);
        int status = key != NULL
                         ? walk->visitor(walk->context, key, attributes)
                         : -1;
        Py_XDECREF(key);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

/* === what sides hold === */

/* ordered: its strings were visited already */
static int
visit_table(struct walk *walk, PyObject *order)
{
    PyObject *table = walk->side != NULL ? walk->side->table : NULL;
    PyObject *key, *value;
    Py_ssize_t position = 0;
    while (table != NULL && PyDict_Next(table, &position, &key, &value)) {
        if (was_named(walk, key)) {
            continue;
        }
        if (order != NULL) {
            int ordered = PyDict_Contains(order, key);
            if (ordered != 0) {
                if (ordered < 0) {
                    return -1;
                }
                continue;
            }
        }
        int attributes = ((struct js_property *)value)->attributes;
        if (walk->visitor(walk->context, key, attributes) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Both data and special properties, by insertion. */
static int
visit_order(struct walk *walk, PyObject *dict, PyObject *order)
{
    PyObject *key, *value;
    Py_ssize_t position = 0;
    while (PyDict_Next(order, &position, &key, &value)) {
        int found = PyDict_Contains(dict, key);
        if (found > 0) {
            found = visit_plain(walk, key);
        } else if (found == 0 && walk->side->table != NULL) {
            value = PyDict_GetItemWithError(walk->side->table, key);
            if (value != NULL) {
                found = walk->visitor(
                    walk->context, key,
                    ((struct js_property *)value)->attributes);
            } else if (PyErr_Occurred()) {
                found = -1;
            }
        }
        if (found < 0) {
            return -1;
        }
    }
    return 0;
}

/* dict: the plain data of the object; hides_dunder: it is a __dict__ */
static int
visit_data(struct walk *walk, PyObject *dict, bool hides_dunder)
{
    PyObject *order = walk->side != NULL ? walk->side->order : NULL;
    if (order != NULL && visit_order(walk, dict, order) < 0) {
        return -1;
    }
    PyObject *key, *value;
    Py_ssize_t position = 0;
    while (PyDict_Next(dict, &position, &key, &value)) {
        if (!PyUnicode_Check(key) ||
            (hides_dunder && object_is_dunder(key)) ||
            was_named(walk, key)) {
            continue;
        }
        int ordered = order != NULL ? PyDict_Contains(order, key) : 0;
        if (ordered < 0 || (ordered == 0 && visit_plain(walk, key) < 0)) {
            return -1;
        }
    }
    return visit_table(walk, order);
}

/* === Python's own containers === */

/* "1" is tried before 1: an int that has its string beside it is no key. */
static int
visit_int_key(struct walk *walk, PyObject *dict, PyObject *key)
{
    PyObject *text = PyObject_Str(key);
    int found = text != NULL ? PyDict_Contains(dict, text) : -1;
    if (found == 0) {
        found = walk->visitor(walk->context, text, PLAIN);
    }
    Py_XDECREF(text);
    return found < 0 ? -1 : 0;
}

static int
visit_dict(struct walk *walk)
{
    PyObject *key, *value;
    Py_ssize_t position = 0;
    int status = 0;
    while (status == 0 &&
           PyDict_Next(walk->object, &position, &key, &value)) {
        if (PyUnicode_Check(key)) {
            status = visit_plain(walk, key);
        } else if (PyLong_CheckExact(key)) {
            status = visit_int_key(walk, walk->object, key);
        } else if (Py_TYPE(key) == walk->state->symbol_type) {
            status = walk->visitor(walk->context, key, PLAIN);
        }
    }
    return status == 0 ? visit_table(walk, NULL) : status;
}

static int
visit_array(struct walk *walk)
{
    Py_ssize_t size = Py_SIZE(walk->object);
    struct js_array *array =
        PyObject_TypeCheck(walk->object, walk->state->array_type)
            ? (struct js_array *)walk->object
            : NULL;
    if (array == NULL || array->holes == NULL) {
        if (visit_indexes(walk, size, PLAIN) < 0) {
            return -1;
        }
        size = 0;
    }
    for (Py_ssize_t i = 0; i < size; ++i) {
        if (!array_is_hole(array, i)) {
            PyObject *key = PyLong_FromSsize_t(i);
            int status = key != NULL ? visit_plain(walk, key) : -1;
            Py_XDECREF(key);
            if (status < 0) {
                return -1;
            }
        }
    }
    return visit_named(walk, walk->state->str_length) < 0
               ? -1
               : visit_table(walk, NULL);
}

static int
visit_string(struct walk *walk)
{
    return visit_indexes(walk, string_length(walk->object),
                         napi_enumerable) < 0
               ? -1
               : visit_named(walk, walk->state->str_length);
}

/* Typed arrays and native buffers; what has no length has no elements. */
static int
visit_buffer(struct walk *walk)
{
    Py_ssize_t size;
    if (PyObject_TypeCheck(walk->object, walk->state->view_type)) {
        struct js_view *view = (struct js_view *)walk->object;
        size = view->kind == VIEW_DATAVIEW ? 0
                                           : (Py_ssize_t)view_length(view);
    } else {
        size = PyObject_Length(walk->object);
        if (size < 0) {
            PyErr_Clear();
        }
    }
    return visit_indexes(walk, size, PLAIN) < 0 ? -1
                                                : visit_table(walk, NULL);
}

/* === objects with attributes === */

/* 1 and a new dict, 0: there is none, -1 raised */
static int
take_dict(PyObject *object, PyObject **dict)
{
    PyObject *name = PyUnicode_InternFromString("__dict__");
    if (name == NULL) {
        return -1;
    }
    int found = PyObject_GetOptionalAttr(object, name, dict);
    Py_DECREF(name);
    if (found > 0 && !PyDict_Check(*dict)) {
        Py_CLEAR(*dict);
        return 0;
    }
    return found;
}

/* The names of a type dict; property_own knows which are properties. A copy is
 * walked: it may run Python code. */
static int
visit_type_dict(struct walk *walk, PyTypeObject *type, PyTypeObject *only)
{
    PyObject *items = type->tp_dict != NULL ? PyDict_Items(type->tp_dict)
                                            : PyList_New(0);
    int status = items != NULL ? 0 : -1;
    for (Py_ssize_t i = 0; status == 0 && i < PyList_GET_SIZE(items); ++i) {
        PyObject *item = PyList_GET_ITEM(items, i);
        PyObject *key = PyTuple_GET_ITEM(item, 0);
        PyObject *value = PyTuple_GET_ITEM(item, 1);
        if (PyUnicode_Check(key) && !object_is_dunder(key) &&
            (only == NULL || Py_TYPE(value) == only)) {
            status = visit_named(walk, key);
        }
    }
    Py_XDECREF(items);
    return status;
}

static int
visit_slots(struct walk *walk)
{
    PyObject *mro = Py_TYPE(walk->object)->tp_mro;
    for (Py_ssize_t i = 0; mro != NULL && i < PyTuple_GET_SIZE(mro); ++i) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        if (PyType_HasFeature(base, Py_TPFLAGS_HEAPTYPE) &&
            visit_type_dict(walk, base, &PyMemberDescr_Type) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
visit_attributes(struct walk *walk)
{
    PyObject *dict;
    int found = take_dict(walk->object, &dict);
    if (found > 0) {
        found = visit_data(walk, dict, true);
        Py_DECREF(dict);
    } else if (found == 0) {
        found = visit_table(walk, NULL);
    }
    return found < 0 ? -1 : 0;
}

/* An int key counts where its string is no key too. */
static int
visit_mapping_key(struct walk *walk, PyObject *keys, PyObject *key)
{
    if (PyUnicode_Check(key)) {
        return visit_plain(walk, key);
    }
    if (!PyLong_CheckExact(key)) {
        return 0;
    }
    PyObject *text = PyObject_Str(key);
    int found = text != NULL ? PySequence_Contains(keys, text) : -1;
    if (found == 0) {
        found = visit_plain(walk, text);
    }
    Py_XDECREF(text);
    return Py_MIN(found, 0);
}

static int
visit_mapping(struct walk *walk)
{
    PyObject *keys = PyMapping_Keys(walk->object);
    Py_ssize_t count = keys != NULL ? PyList_GET_SIZE(keys) : 0;
    int status = keys != NULL ? 0 : -1;
    for (Py_ssize_t i = 0; status == 0 && i < count; ++i) {
        status = visit_mapping_key(walk, keys, PyList_GET_ITEM(keys, i));
    }
    Py_XDECREF(keys);
    return status;
}

static int
visit_instance(struct walk *walk)
{
    return visit_slots(walk) < 0 ? -1 : visit_attributes(walk);
}

static int
visit_function(struct walk *walk)
{
    if (visit_virtual(walk, 0, walk->state->str_length) < 0 ||
        visit_virtual(walk, 1, walk->state->str_name) < 0 ||
        visit_virtual(walk, 2, walk->state->str_prototype) < 0) {
        return -1;
    }
    if (!PyType_Check(walk->object)) {
        return visit_attributes(walk);
    }
    if (!PyObject_TypeCheck(walk->object, walk->state->class_type) &&
        !builtin_is_closed(walk->state, (PyTypeObject *)walk->object) &&
        visit_type_dict(walk, (PyTypeObject *)walk->object, NULL) < 0) {
        return -1;
    }
    return visit_table(walk, NULL);
}

static int
visit_error(struct walk *walk)
{
    return visit_virtual(walk, 0, walk->state->str_stack) < 0 ||
                   visit_virtual(walk, 1, walk->state->str_message) < 0
               ? -1
               : visit_attributes(walk);
}

static int
visit_object(struct walk *walk)
{
    PyObject *klass = walk->side != NULL ? walk->side->klass : NULL;
    if (klass != NULL &&
        !PyObject_TypeCheck(klass, walk->state->class_type) &&
        !builtin_is_closed(walk->state, (PyTypeObject *)klass) &&
        (visit_named(walk, walk->state->str_constructor) < 0 ||
         visit_type_dict(walk, (PyTypeObject *)klass, NULL) < 0)) {
        return -1;
    }
    return visit_data(walk, walk->object, false);
}

int
property_visit(struct shim_state *state, PyObject *object,
               property_visitor visitor, void *context)
{
    struct walk walk = {state, object, side_of(state, object), visitor,
                        context, {NULL}};
    if (property_kind_of(state, object) == KIND_MAPPING) {
        return visit_mapping(&walk);
    }
    if (PyDict_Check(object)) {
        return PyObject_TypeCheck(object, state->object_type)
                   ? visit_object(&walk)
                   : visit_dict(&walk);
    }
    if (PyList_Check(object) || PyTuple_Check(object)) {
        return visit_array(&walk);
    }
    if (PyUnicode_Check(object)) {
        return visit_string(&walk);
    }
    if (PyObject_TypeCheck(object, state->view_type) ||
        (host_of(state, object) == NULL && PyObject_CheckBuffer(object))) {
        return visit_buffer(&walk);
    }
    if (function_is(state, object) &&
        !PyObject_TypeCheck(object, state->host_type) &&
        Py_TYPE(object) != state->builtin_type) {
        return visit_function(&walk);
    }
    if (PyExceptionInstance_Check(object)) {
        return visit_error(&walk);
    }
    if (Py_TYPE(object) == state->builtin_type) {
        return visit_table(&walk, NULL);
    }
    if (PyObject_TypeCheck(object, state->instance_type) ||
        PyObject_TypeCheck(object, state->host_type)) {
        PyObject *dict = ((struct js_instance *)object)->dict;
        return dict != NULL ? visit_data(&walk, dict, false)
                            : visit_table(&walk, NULL);
    }
    return host_of(state, object) != NULL ? visit_table(&walk, NULL)
                                          : visit_instance(&walk);
}
