/* Node-API chapter "Working with JavaScript properties": dicts and other
 * mappings of Python.
 *
 * A property is an item with the same str, else, for an array index, with the
 * same int (never a bool). Writing keeps the spelling that is there. */

#include "shim.h"

#define PLAIN (napi_writable | napi_enumerable | napi_configurable)

/* new int of a key that is an array index, or NULL; errors are raised */
static PyObject *
take_index(PyObject *key)
{
    uint32_t index;
    return PyUnicode_Check(key) && PyUnicode_GET_LENGTH(key) > 0 &&
                   PyUnicode_READ_CHAR(key, 0) <= '9' &&
                   string_as_index(key, &index)
               ? PyLong_FromUnsignedLong(index)
               : NULL;
}

/* Only True and False look like the ints 0 and 1. */
static bool
is_bool_key(PyObject *dict, PyObject *number)
{
    if (PyLong_AsLong(number) > 1) {
        return false;
    }
    PyObject *truth = PyLong_AsLong(number) == 1 ? Py_True : Py_False;
    PyObject *key, *value;
    Py_ssize_t position = 0;
    while (PyDict_Next(dict, &position, &key, &value)) {
        if (key == truth) {
            return true;
        }
    }
    return false;
}

/* 1 and new: the key as the dict has it, and its value (borrowed) */
static int
find_spelling(PyObject *dict, PyObject *key, PyObject **spelling,
              PyObject **value)
{
    *spelling = NULL;
    *value = PyDict_GetItemWithError(dict, key);
    if (*value != NULL) {
        *spelling = Py_NewRef(key);
        return 1;
    }
    PyObject *number = PyErr_Occurred() ? NULL : take_index(key);
    if (number == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    *value = PyDict_GetItemWithError(dict, number);
    if (*value != NULL && !is_bool_key(dict, number)) {
        *spelling = number;
        return 1;
    }
    Py_DECREF(number);
    return PyErr_Occurred() ? -1 : 0;
}

int
property_find_dict(struct shim_state *state, PyObject *object, PyObject *key,
                   struct property_slot *slot)
{
    (void)state;
    PyObject *spelling, *value;
    int found = find_spelling(object, key, &spelling, &value);
    if (found > 0) {
        slot->value = Py_NewRef(value);
        slot->attributes = PLAIN;
        Py_DECREF(spelling);
    }
    return found;
}

int
property_store_dict(PyObject *object, PyObject *key, PyObject *value)
{
    PyObject *spelling, *old;
    int found = find_spelling(object, key, &spelling, &old);
    if (found < 0) {
        return -1;
    }
    PyObject *name = found > 0 ? spelling : key;
    int status = value != NULL ? PyObject_SetItem(object, name, value)
                               : PyObject_DelItem(object, name);
    Py_XDECREF(spelling);
    return status < 0 ? -1 : 1;
}

bool
property_is_mapping(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    PyMappingMethods *methods = type->tp_as_mapping;
    return PyType_HasFeature(type, Py_TPFLAGS_MAPPING) ||
           (methods != NULL && methods->mp_subscript != NULL &&
            methods->mp_length != NULL &&
            PyObject_HasAttrString(object, "keys"));
}

/* 1 and new, 0: KeyError, -1 raised */
static int
get_item(PyObject *object, PyObject *key, PyObject **value)
{
    *value = PyObject_GetItem(object, key);
    if (*value != NULL) {
        return 1;
    }
    if (!PyErr_ExceptionMatches(PyExc_KeyError)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

int
property_find_mapping(PyObject *object, PyObject *key,
                      struct property_slot *slot)
{
    slot->attributes = PLAIN;
    int found = get_item(object, key, &slot->value);
    PyObject *number = found == 0 ? take_index(key) : NULL;
    if (number != NULL) {
        found = get_item(object, number, &slot->value);
        Py_DECREF(number);
    }
    return PyErr_Occurred() ? -1 : found;
}

/* new: the key as the mapping has it; NULL: raised */
static PyObject *
choose_spelling(PyObject *object, PyObject *key)
{
    PyObject *number = take_index(key);
    if (number == NULL) {
        return PyErr_Occurred() ? NULL : Py_NewRef(key);
    }
    int found = PySequence_Contains(object, key);
    if (found == 0) {
        found = PySequence_Contains(object, number);
        if (found > 0) {
            return number;
        }
    }
    Py_DECREF(number);
    return found < 0 ? NULL : Py_NewRef(key);
}

int
property_store_mapping(PyObject *object, PyObject *key, PyObject *value)
{
    PyMappingMethods *methods = Py_TYPE(object)->tp_as_mapping;
    if (methods == NULL || methods->mp_ass_subscript == NULL) {
        return 0; /* a read-only mapping */
    }
    PyObject *name = choose_spelling(object, key);
    if (name == NULL) {
        return -1;
    }
    int status = value != NULL ? PyObject_SetItem(object, name, value)
                               : PyObject_DelItem(object, name);
    Py_DECREF(name);
    if (status < 0 && value == NULL &&
        PyErr_ExceptionMatches(PyExc_KeyError)) {
        PyErr_Clear();
        return 0; /* it is there, and the mapping keeps it */
    }
    return status < 0 ? -1 : 1;
}
