/* Node-API chapter "Working with JavaScript properties": whether there is one,
 * and deleting it, of any value. */

#include "shim.h"

static int
has_mapping_item(PyObject *object, PyObject *key)
{
    int found = PySequence_Contains(object, key);
    uint32_t index;
    if (found != 0 || !PyUnicode_Check(key) ||
        !string_as_index(key, &index)) {
        return found;
    }
    PyObject *number = PyLong_FromUnsignedLong(index);
    found = number != NULL ? PySequence_Contains(object, number) : -1;
    Py_XDECREF(number);
    return found;
}

static int
has_own_key(struct shim_state *state, PyObject *object,
            enum property_kind kind, PyObject *key)
{
    if (kind == KIND_MAPPING) {
        return has_mapping_item(object, key);
    }
    struct property_slot slot = {0};
    int found = property_find_own(state, object, kind, key, &slot);
    property_slot_clear(&slot);
    return found;
}

/* 1: plain data, at the first look, 0: ask on, -1 raised */
static inline int
has_at_once(struct shim_state *state, PyObject *object, PyObject *key)
{
    return PyUnicode_CheckExact(key) &&
                   (Py_TYPE(object) == state->object_type ||
                    PyDict_CheckExact(object))
               ? PyDict_Contains(object, key)
               : 0;
}

int
property_has_own(struct shim_state *state, PyObject *object, PyObject *key)
{
    int found = has_at_once(state, object, key);
    if (found != 0) {
        return found;
    }
    PyObject *name = property_key(state, key);
    if (name == NULL) {
        return -1;
    }
    found = has_own_key(state, object, property_kind_of(state, object), name);
    Py_DECREF(name);
    return found;
}

int
property_has(struct shim_state *state, PyObject *object, PyObject *key)
{
    int found = has_at_once(state, object, key);
    if (found != 0) {
        return found;
    }
    PyObject *name = property_key(state, key);
    if (name == NULL) {
        return -1;
    }
    enum property_kind kind = property_kind_of(state, object);
    if (kind == KIND_PROXY) {
        found = proxy_has(state, object, name);
        Py_DECREF(name);
        return found;
    }
    found = has_own_key(state, object, kind, name);
    if (found == 0) {
        struct property_slot slot = {.is_probe = true};
        found = property_find_inherited(state, object, kind, name, &slot);
        property_slot_clear(&slot);
    }
    Py_DECREF(name);
    return found;
}

/* KeyError means that there was nothing to delete, or that the mapping keeps
 * it: the mapping knows. What it raises then is dropped, as a refusal. */
static int
delete_item(PyObject *object, PyObject *key)
{
    int done = property_store_mapping(object, key, NULL);
    if (done != 0) {
        return done;
    }
    int found = has_mapping_item(object, key);
    PyErr_Clear();
    return found == 0;
}

static int
delete_key(struct shim_state *state, PyObject *object, PyObject *key)
{
    enum property_kind kind = property_kind_of(state, object);
    if (kind == KIND_MAPPING) {
        return delete_item(object, key);
    }
    if (kind == KIND_PROXY) {
        return proxy_delete(state, object, key);
    }
    struct property_slot slot = {0};
    int found = property_find_own(state, object, kind, key, &slot);
    int attributes = slot.attributes;
    property_slot_clear(&slot);
    if (found <= 0) {
        return found == 0 ? 1 : -1;
    }
    return (attributes & napi_configurable) != 0
               ? property_remove(state, object, kind, key)
               : 0;
}

int
property_delete(struct shim_state *state, PyObject *object, PyObject *key)
{
    PyObject *name = property_key(state, key);
    int done = name != NULL ? delete_key(state, object, name) : -1;
    Py_XDECREF(name);
    return done;
}
