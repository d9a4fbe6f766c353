/* The own properties of every kind of value (ECMA-262 [[GetOwnProperty]]).
 *
 * find_own gives plain data as a bare value and only what is special as a
 * js_property, so that the common case makes nothing. Native Python objects
 * have what their keys, elements or attributes are. */

#include "shim.h"

#define PLAIN (napi_writable | napi_enumerable | napi_configurable)

static int
found(struct property_slot *slot, PyObject *value /* steals */,
      int attributes)
{
    slot->value = value;
    slot->attributes = attributes;
    return value != NULL ? 1 : -1;
}

int
property_find_table(struct side *side, PyObject *key,
                    struct property_slot *slot)
{
    *slot = (struct property_slot){NULL, NULL, 0};
    if (side == NULL || side->table == NULL) {
        return 0;
    }
    PyObject *entry = PyDict_GetItemWithError(side->table, key);
    if (entry == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    struct js_property *property = (struct js_property *)entry;
    if (property->value != NULL) {
        return found(slot, Py_NewRef(property->value), property->attributes);
    }
    slot->special = (struct js_property *)Py_NewRef(entry);
    slot->attributes = property->attributes;
    return 1;
}

static int
plain_attributes(struct side *side)
{
    if (side == NULL) {
        return PLAIN;
    }
    if (side->frozen) {
        return napi_enumerable;
    }
    return side->sealed ? napi_enumerable | napi_writable : PLAIN;
}

/* A Python class's own attribute as its prototype object shows it. */
static int
find_in_class(struct shim_state *state, PyTypeObject *type, PyObject *key,
              struct property_slot *slot)
{
    const int hidden = napi_writable | napi_configurable;
    if (!PyUnicode_Check(key) || type->tp_dict == NULL) {
        return 0;
    }
    if (PyUnicode_Compare(key, state->str_constructor) == 0) {
        return found(slot, Py_NewRef((PyObject *)type), hidden);
    }
    PyObject *value = PyDict_GetItemWithError(type->tp_dict, key);
    if (value == NULL || object_is_dunder(key)) {
        return PyErr_Occurred() ? -1 : 0;
    }
    PyTypeObject *kind = Py_TYPE(value);
    if (kind == &PyProperty_Type || kind == &PyGetSetDescr_Type ||
        kind == &PyMemberDescr_Type) {
        slot->special = property_of_descriptor(state, value);
        slot->attributes = napi_configurable;
        return slot->special != NULL ? 1 : -1;
    }
    if (kind == state->method_type || kind == &PyStaticMethod_Type ||
        kind == &PyClassMethod_Type || !PyCallable_Check(value) ||
        PyType_Check(value)) {
        return found(slot, Py_NewRef(value), hidden);
    }
    return found(slot, method_new(state, value, NULL, false), hidden);
}

static int
find_object(struct shim_state *state, PyObject *object, PyObject *key,
            struct property_slot *slot)
{
    struct side *side = ((struct js_object *)object)->host.side;
    if (PyUnicode_Check(key)) {
        PyObject *value = PyDict_GetItemWithError(object, key);
        if (value != NULL) {
            return found(slot, Py_NewRef(value), plain_attributes(side));
        }
        if (PyErr_Occurred()) {
            return -1;
        }
    }
    int status = property_find_table(side, key, slot);
    if (status == 0 && side != NULL && side->klass != NULL &&
        (Py_TYPE(side->klass) != state->class_type ||
         ((struct js_class *)side->klass)->env == NULL)) {
        return find_in_class(state, (PyTypeObject *)side->klass, key, slot);
    }
    return status;
}

/* borrowed: how a native dict spells the key; NULL: it has it not */
PyObject *
property_find_spelling(PyObject *dict, PyObject *key, PyObject **index_key)
{
    *index_key = NULL;
    if (PyDict_Contains(dict, key) > 0) {
        return key;
    }
    uint32_t index;
    if (!PyUnicode_Check(key) || !string_as_index(key, &index)) {
        return NULL;
    }
    PyObject *number = PyLong_FromUnsignedLong(index);
    if (number == NULL) {
        return NULL;
    }
    /* True and 1 are one key to Python: a bool is no index */
    PyObject *stored, *value;
    Py_ssize_t position = 0;
    int present = PyDict_Contains(dict, number);
    while (present > 0 && index <= 1 &&
           PyDict_Next(dict, &position, &stored, &value)) {
        if (PyBool_Check(stored) &&
            (stored == Py_True) == (index == 1)) {
            present = 0;
        }
    }
    *index_key = number;
    return present > 0 ? number : NULL;
}

static int
find_dict(PyObject *dict, PyObject *key, struct property_slot *slot)
{
    PyObject *number;
    PyObject *spelling = property_find_spelling(dict, key, &number);
    PyObject *value =
        spelling ? PyDict_GetItemWithError(dict, spelling) : NULL;
    Py_XINCREF(value);
    Py_XDECREF(number);
    if (value == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    return found(slot, value, PLAIN);
}

static int
find_sequence(struct shim_state *state, PyObject *object, PyObject *key,
              struct property_slot *slot)
{
    uint32_t index;
    bool tuple = PyTuple_Check(object);
    struct side *side = tuple ? NULL : side_of(state, object);
    int attributes = tuple ? napi_enumerable : plain_attributes(side);
    Py_ssize_t size = Py_SIZE(object);
    if (!PyUnicode_Check(key)) {
        return property_find_table(side, key, slot);
    }
    if (string_as_index(key, &index)) {
        if ((Py_ssize_t)index >= size ||
            (PyObject_TypeCheck(object, state->array_type) &&
             array_is_hole((struct js_array *)object, index))) {
            return 0;
        }
        return found(slot, PySequence_GetItem(object, index), attributes);
    }
    if (PyUnicode_Compare(key, state->str_length) == 0) {
        return found(slot, PyLong_FromSsize_t(size),
                     attributes & napi_writable);
    }
    return property_find_table(side, key, slot);
}

static int
find_instance(PyObject *object, PyObject *key, struct property_slot *slot)
{
    struct js_instance *self = (struct js_instance *)object;
    if (self->dict != NULL && PyUnicode_Check(key)) {
        PyObject *value = PyDict_GetItemWithError(self->dict, key);
        if (value != NULL) {
            return found(slot, Py_NewRef(value),
                         plain_attributes(self->host.side));
        }
        if (PyErr_Occurred()) {
            return -1;
        }
    }
    return property_find_table(self->host.side, key, slot);
}

/* napi.Function: name and length until they are deleted, prototype on demand */
static int
find_function(struct shim_state *state, PyObject *object, PyObject *key,
              struct property_slot *slot)
{
    struct js_function *self = (struct js_function *)object;
    int status = property_find_table(self->host.side, key, slot);
    if (status != 0 || !PyUnicode_Check(key)) {
        return status;
    }
    if (PyUnicode_Compare(key, state->str_name) == 0) {
        return found(slot, Py_NewRef(self->name), napi_configurable);
    }
    if (PyUnicode_Compare(key, state->str_length) == 0) {
        return found(slot, PyLong_FromLong(0), napi_configurable);
    }
    if (PyUnicode_Compare(key, state->str_prototype) == 0 &&
        self->receiver == NULL) {
        return found(slot, prototype_of_function(state, object),
                     napi_writable);
    }
    return 0;
}

/* Statics of a class, or the attributes of a Python type. */
static int
find_type(struct shim_state *state, PyObject *object, PyObject *key,
          struct property_slot *slot)
{
    PyTypeObject *type = (PyTypeObject *)object;
    int status = property_find_table(side_of(state, object), key, slot);
    if (status != 0 || !PyUnicode_Check(key)) {
        return status;
    }
    if (PyUnicode_Compare(key, state->str_prototype) == 0) {
        return found(slot, prototype_of_type(state, type), napi_writable);
    }
    if (class_native(state, type) == (struct js_class *)object ||
        PyUnicode_Compare(key, state->str_name) == 0 ||
        PyUnicode_Compare(key, state->str_length) == 0) {
        if (PyUnicode_Compare(key, state->str_name) == 0) {
            return found(slot, PyObject_GetAttrString(object, "__name__"),
                         napi_configurable);
        }
        if (PyUnicode_Compare(key, state->str_length) == 0) {
            return found(slot, PyLong_FromLong(0), napi_configurable);
        }
        return 0;
    }
    return property_find_attribute(object, key, slot);
}

static int
find_string(struct shim_state *state, PyObject *object, PyObject *key,
            struct property_slot *slot)
{
    uint32_t index;
    if (!PyUnicode_Check(key)) {
        return 0;
    }
    if (PyUnicode_Compare(key, state->str_length) == 0) {
        return found(slot, PyLong_FromSsize_t(string_length(object)), 0);
    }
    if (!string_as_index(key, &index) ||
        (Py_ssize_t)index >= string_length(object)) {
        return 0;
    }
    return found(slot, string_unit_at(object, index), napi_enumerable);
}

/* length, byteLength and the like are computed by the type. */
static int
find_geometry(PyObject *object, struct side *side, PyObject *key,
              struct property_slot *slot)
{
    int status = property_find_table(side, key, slot);
    PyObject *descriptor = status == 0 && PyUnicode_Check(key)
                               ? _PyType_Lookup(Py_TYPE(object), key)
                               : NULL;
    if (descriptor == NULL || Py_TYPE(descriptor) != &PyGetSetDescr_Type) {
        return status;
    }
    return found(slot,
                 Py_TYPE(descriptor)->tp_descr_get(
                     descriptor, object, (PyObject *)Py_TYPE(object)),
                 napi_configurable);
}

static int
find_view(struct shim_state *state, PyObject *object, PyObject *key,
          struct property_slot *slot)
{
    uint32_t index;
    struct js_view *view = (struct js_view *)object;
    if (view->kind != VIEW_DATAVIEW && PyUnicode_Check(key) &&
        string_as_index(key, &index)) {
        return index < view_length(view)
                   ? found(slot, view_get(state, view, index), PLAIN)
                   : 0;
    }
    return find_geometry(object, view->host.side, key, slot);
}

int
property_find_own(struct shim_state *state, PyObject *object, PyObject *key,
                  struct property_slot *slot)
{
    slot->value = NULL;
    slot->special = NULL;
    PyTypeObject *type = Py_TYPE(object);
    if (PyObject_TypeCheck(object, state->object_type)) {
        return find_object(state, object, key, slot);
    }
    if (Py_TYPE(type) == state->class_type) {
        return find_instance(object, key, slot);
    }
    if (type == state->function_type) {
        return find_function(state, object, key, slot);
    }
    if (PyDict_Check(object)) {
        return find_dict(object, key, slot);
    }
    if (PyList_Check(object) || PyTuple_Check(object)) {
        return find_sequence(state, object, key, slot);
    }
    if (PyUnicode_Check(object)) {
        return find_string(state, object, key, slot);
    }
    if (PyType_Check(object)) {
        return find_type(state, object, key, slot);
    }
    if (PyObject_TypeCheck(object, state->view_type)) {
        return find_view(state, object, key, slot);
    }
    if (arraybuffer_is(state, object) ||
        arraybuffer_is_shared(state, object)) {
        return find_geometry(object, side_of(state, object), key, slot);
    }
    return property_find_foreign(state, object, key, slot);
}

int
property_own(struct shim_state *state, PyObject *object, PyObject *key,
             struct js_property **result)
{
    struct property_slot slot;
    int status = property_find_own(state, object, key, &slot);
    *result = NULL;
    if (status <= 0) {
        return status;
    }
    if (slot.special != NULL) {
        *result = slot.special;
        return 1;
    }
    *result = property_new(state, slot.value, NULL, NULL, slot.attributes);
    Py_DECREF(slot.value);
    return *result != NULL ? 1 : -1;
}

int
property_has_own(struct shim_state *state, PyObject *object, PyObject *key)
{
    if (!PyDict_Check(object) && host_of(state, object) == NULL &&
        !PyCallable_Check(object) && property_is_mapping(object)) {
        int present = PySequence_Contains(object, key);
        if (present != 0) {
            return present;
        }
    }
    struct property_slot slot;
    int status = property_find_own(state, object, key, &slot);
    if (status > 0) {
        Py_XDECREF(slot.value);
        Py_XDECREF(slot.special);
    }
    return status;
}
