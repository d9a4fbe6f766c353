/* Writes and deletions by kind of object: adding plain data, lists, types,
 * functions, views, and what only has attributes. */

#include "shim.h"

/* borrowed dict of an instance, made when missing */
static PyObject *
instance_dict(PyObject *object)
{
    struct js_instance *self = (struct js_instance *)object;
    if (self->dict == NULL) {
        self->dict = PyDict_New();
    }
    return self->dict;
}

/* Once there is an order every new string key goes to its end. */
int
property_note_order(struct side *side, PyObject *key)
{
    if (side == NULL || side->order == NULL || !PyUnicode_Check(key)) {
        return 0;
    }
    return PyDict_SetItem(side->order, key, Py_None);
}

static int
add_to_table(struct shim_state *state, PyObject *object, PyObject *key,
             PyObject *value)
{
    struct js_property *property = property_new(
        state, value, NULL, NULL,
        napi_writable | napi_enumerable | napi_configurable);
    int status =
        property ? property_put(state, object, key, property) : -1;
    Py_XDECREF(property);
    return status < 0 ? -1 : 1;
}

int
property_add_plain(struct shim_state *state, PyObject *object, PyObject *key,
                   PyObject *value)
{
    struct side *side = side_of(state, object);
    if (side != NULL && side->inextensible) {
        return 0;
    }
    bool is_object = PyObject_TypeCheck(object, state->object_type);
    bool is_instance = Py_TYPE(Py_TYPE(object)) == state->class_type;
    if (!PyUnicode_Check(key) || (!is_object && !is_instance)) {
        return add_to_table(state, object, key, value);
    }
    PyObject *dict = is_object ? object : instance_dict(object);
    if (dict == NULL || PyDict_SetItem(dict, key, value) < 0 ||
        property_note_order(side, key) < 0) {
        return -1;
    }
    return side != NULL ? property_mirror_plain(state, side, key, value) : 1;
}

/* A value given to a class's prototype after its definition is visible to
 * Python too. */
int
property_mirror_plain(struct shim_state *state, struct side *side,
                      PyObject *key, PyObject *value)
{
    if (side->klass == NULL || Py_TYPE(side->klass) != state->class_type) {
        return 1;
    }
    struct js_property *property =
        property_new(state, value, NULL, NULL, napi_writable);
    int status = property ? class_mirror(state, (PyTypeObject *)side->klass,
                                         key, property, false)
                          : -1;
    Py_XDECREF(property);
    return status < 0 ? -1 : 1;
}

static int
set_length(struct shim_state *state, PyObject *list, PyObject *value)
{
    double length;
    if (!number_as_double(state, value, &length) || length < 0 ||
        length > 4294967295.0 || length != (double)(size_t)length) {
        error_raise(state, "RangeError", NULL, "Invalid array length");
        return -1;
    }
    if (PyObject_TypeCheck(list, state->array_type)) {
        return array_set_length(state, (struct js_array *)list,
                                (size_t)length) < 0
                   ? -1
                   : 1;
    }
    Py_ssize_t wanted = (Py_ssize_t)length, size = PyList_GET_SIZE(list);
    if (wanted < size) {
        return PyList_SetSlice(list, wanted, size, NULL) < 0 ? -1 : 1;
    }
    if ((size_t)wanted > ARRAY_LIMIT) {
        error_raise(state, "RangeError", NULL, "Invalid array length");
        return -1;
    }
    while (PyList_GET_SIZE(list) < wanted) {
        if (PyList_Append(list, Py_None) < 0) {
            return -1;
        }
    }
    return 1;
}

static int
set_element(struct shim_state *state, PyObject *list, uint32_t index,
            PyObject *value)
{
    struct side *side = side_of(state, list);
    bool present = (Py_ssize_t)index < PyList_GET_SIZE(list);
    if (side != NULL &&
        (side->frozen || (side->inextensible && !present))) {
        return 0;
    }
    if (PyObject_TypeCheck(list, state->array_type)) {
        return array_set(state, (struct js_array *)list, index, value) < 0
                   ? -1
                   : 1;
    }
    PyObject *length = PyLong_FromUnsignedLong(index + 1ul);
    int status = length == NULL ? -1 : 1;
    if (status > 0 && !present) {
        status = set_length(state, list, length);
    }
    Py_XDECREF(length);
    if (status < 0 ||
        PyList_SetItem(list, index, Py_NewRef(value)) < 0) {
        return -1;
    }
    return 1;
}

int
property_set_list(struct shim_state *state, PyObject *list, PyObject *key,
                  PyObject *value)
{
    uint32_t index;
    struct side *side = side_of(state, list);
    if (PyUnicode_Check(key) && string_as_index(key, &index)) {
        return set_element(state, list, index, value);
    }
    if (PyUnicode_Check(key) &&
        PyUnicode_Compare(key, state->str_length) == 0) {
        return side != NULL && side->frozen ? 0
                                            : set_length(state, list, value);
    }
    struct property_slot slot;
    int own = property_find_table(side, key, &slot);
    if (own < 0) {
        return -1;
    }
    if (own == 0) {
        return property_add_plain(state, list, key, value);
    }
    if (slot.special != NULL) {
        return property_call_setter(state, slot.special, list, value);
    }
    Py_DECREF(slot.value);
    return (slot.attributes & napi_writable)
               ? add_to_table(state, list, key, value)
               : 0;
}

/* An AttributeError of an assignment is a refusal. */
static int
set_attribute(PyObject *object, PyObject *key, PyObject *value)
{
    if (!PyUnicode_Check(key)) {
        return 0;
    }
    int status = PyObject_SetAttr(object, key, value);
    if (status == 0) {
        return 1;
    }
    if (PyErr_ExceptionMatches(PyExc_AttributeError) ||
        (PyErr_ExceptionMatches(PyExc_TypeError) && PyType_Check(object))) {
        PyErr_Clear();
        return 0;
    }
    return -1;
}

static int
set_item(PyObject *object, PyObject *key, PyObject *value)
{
    if (PyObject_SetItem(object, key, value) == 0) {
        return 1;
    }
    if (PyErr_ExceptionMatches(PyExc_LookupError) ||
        PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Clear();
        return 0;
    }
    return -1;
}

static bool
is_mutable_mapping(PyObject *object)
{
    return Py_TYPE(object)->tp_as_mapping != NULL &&
           Py_TYPE(object)->tp_as_mapping->mp_ass_subscript != NULL &&
           property_is_mapping(object);
}

int
property_set_other(struct shim_state *state, PyObject *object, PyObject *key,
                   PyObject *value)
{
    uint32_t index;
    bool is_index = PyUnicode_Check(key) && string_as_index(key, &index);
    if (PyObject_TypeCheck(object, state->view_type) && is_index) {
        return view_set(state, (struct js_view *)object, index, value) < 0
                   ? -1
                   : 1;
    }
    if (Py_TYPE(object) == state->function_type ||
        Py_TYPE(object) == state->class_type ||
        (host_of(state, object) != NULL && !PyType_Check(object))) {
        struct property_slot slot;
        int own = property_find_own(state, object, key, &slot);
        if (own > 0) {
            Py_XDECREF(slot.value);
            Py_XDECREF(slot.special);
            return slot.attributes & napi_writable
                       ? add_to_table(state, object, key, value)
                       : 0;
        }
        return own < 0 ? -1 : property_add_plain(state, object, key, value);
    }
    if (is_index && PyObject_CheckBuffer(object)) {
        PyObject *number = PyLong_FromUnsignedLong(index);
        int status = number ? set_item(object, number, value) : -1;
        Py_XDECREF(number);
        return status;
    }
    if (is_mutable_mapping(object)) {
        return set_item(object, key, value);
    }
    return set_attribute(object, key, value);
}

/* === delete === */

static int
delete_from_table(struct side *side, PyObject *key)
{
    struct property_slot slot;
    int own = property_find_table(side, key, &slot);
    if (own <= 0) {
        return own < 0 ? -1 : 2;
    }
    Py_XDECREF(slot.value);
    Py_XDECREF(slot.special);
    if (!(slot.attributes & napi_configurable)) {
        return 0;
    }
    if (side->order != NULL && PyUnicode_Check(key) &&
        PyDict_DelItem(side->order, key) < 0) {
        PyErr_Clear();
    }
    return PyDict_DelItem(side->table, key) < 0 ? -1 : 1;
}

static int
delete_from_dict(struct side *side, PyObject *dict, PyObject *key)
{
    int own = dict != NULL ? PyDict_Contains(dict, key) : 0;
    if (own <= 0) {
        return own < 0 ? -1 : 2;
    }
    if (side != NULL && (side->frozen || side->sealed)) {
        return 0;
    }
    if (side != NULL && side->order != NULL &&
        PyDict_DelItem(side->order, key) < 0) {
        PyErr_Clear();
    }
    return PyDict_DelItem(dict, key) < 0 ? -1 : 1;
}

static int
delete_element(struct shim_state *state, PyObject *list, uint32_t index)
{
    struct side *side = side_of(state, list);
    if ((Py_ssize_t)index >= PyList_GET_SIZE(list)) {
        return 1;
    }
    if (side != NULL && (side->frozen || side->sealed)) {
        return 0;
    }
    if (PyList_SetItem(list, index, Py_NewRef(Py_None)) < 0) {
        return -1;
    }
    if (PyObject_TypeCheck(list, state->array_type)) {
        return array_make_holes((struct js_array *)list, index,
                                (Py_ssize_t)index + 1) < 0
                   ? -1
                   : 1;
    }
    return 1;
}

/* An item that is not there, or that stays, is a refusal. */
static int
delete_item(PyObject *object, PyObject *key)
{
    if (PyObject_DelItem(object, key) == 0) {
        return 1;
    }
    if (!PyErr_ExceptionMatches(PyExc_LookupError) &&
        !PyErr_ExceptionMatches(PyExc_TypeError) &&
        !PyErr_ExceptionMatches(PyExc_AttributeError)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

/* what is left when neither table nor dict has it */
static int
delete_other(struct shim_state *state, PyObject *object, PyObject *key)
{
    struct property_slot slot;
    if (host_of(state, object) == NULL && !PyCallable_Check(object) &&
        property_is_mapping(object)) {
        return delete_item(object, key);
    }
    int own = property_find_own(state, object, key, &slot);
    if (own <= 0) {
        return own < 0 ? -1 : 1;
    }
    Py_XDECREF(slot.value);
    Py_XDECREF(slot.special);
    if (!(slot.attributes & napi_configurable) || PyTuple_Check(object) ||
        PyUnicode_Check(object) || host_of(state, object) != NULL) {
        return 0;
    }
    if (PyUnicode_Check(key) && PyObject_DelAttr(object, key) == 0) {
        return 1;
    }
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_AttributeError) &&
        !PyErr_ExceptionMatches(PyExc_TypeError)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

int
property_delete(struct shim_state *state, PyObject *object, PyObject *key)
{
    uint32_t index;
    if (!compare_is_object(state, object)) {
        return 1;
    }
    struct side *side = side_of(state, object);
    int status = delete_from_table(side, key);
    if (status != 2) {
        return status;
    }
    if (PyList_Check(object) && PyUnicode_Check(key) &&
        string_as_index(key, &index)) {
        return delete_element(state, object, index);
    }
    PyObject *dict = PyObject_TypeCheck(object, state->object_type) ? object
                     : Py_TYPE(Py_TYPE(object)) == state->class_type
                         ? ((struct js_instance *)object)->dict
                         : NULL;
    if (dict == NULL && PyDict_Check(object)) {
        PyObject *number;
        PyObject *spelling = property_find_spelling(object, key, &number);
        status = spelling == NULL ? 1
                                  : PyDict_DelItem(object, spelling) < 0
                                        ? -1
                                        : 1;
        Py_XDECREF(number);
        return status;
    }
    status = delete_from_dict(side, dict, key);
    return status != 2 ? status : delete_other(state, object, key);
}
