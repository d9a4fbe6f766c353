/* The properties of what Python made and is neither dict, sequence, string nor
 * type: attributes, mappings, exceptions, callables.
 *
 * A missing attribute is an absent property; any other exception of a getter
 * is an exception. Names between double underscores are Python's. */

#include "shim.h"

#define PLAIN (napi_writable | napi_enumerable | napi_configurable)
#define HIDDEN (napi_writable | napi_configurable)

static int
found(struct property_slot *slot, PyObject *value /* steals */,
      int attributes)
{
    slot->value = value;
    slot->attributes = attributes;
    return value != NULL ? 1 : -1;
}

int
property_find_attribute(PyObject *object, PyObject *key,
                        struct property_slot *slot)
{
    PyObject *value;
    if (!PyUnicode_Check(key) || object_is_dunder(key)) {
        return 0;
    }
    int status = PyObject_GetOptionalAttr(object, key, &value);
    return status > 0 ? found(slot, value, PLAIN) : status;
}

/* name, message and stack are there for any exception. */
static int
find_exception(struct shim_state *state, PyObject *object, PyObject *key,
               struct property_slot *slot)
{
    PyObject *dict = ((PyBaseExceptionObject *)object)->dict;
    PyObject *own =
        dict != NULL && PyUnicode_Check(key)
            ? PyDict_GetItemWithError(dict, key)
            : NULL;
    if (own != NULL) {
        return found(slot, Py_NewRef(own), PLAIN);
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    PyObject *error_type = state_lookup(state, "Error");
    if (error_type == NULL) {
        return -1;
    }
    bool ours = PyObject_TypeCheck(object, (PyTypeObject *)error_type);
    Py_DECREF(error_type);
    if (!PyUnicode_Check(key)) {
        return 0;
    }
    if (PyUnicode_Compare(key, state->str_message) == 0) {
        return found(slot,
                     ours ? PyObject_GetAttr(object, key)
                          : PyObject_Str(object),
                     HIDDEN);
    }
    if (PyUnicode_Compare(key, state->str_stack) == 0) {
        PyObject *stack = state_lookup(state, "error_stack");
        PyObject *text =
            stack ? PyObject_CallOneArg(stack, object) : NULL;
        Py_XDECREF(stack);
        return found(slot, text, HIDDEN);
    }
    if (!ours && PyUnicode_Compare(key, state->str_name) == 0) {
        return found(slot,
                     PyUnicode_FromString(Py_TYPE(object)->tp_name), HIDDEN);
    }
    int status = property_find_attribute(object, key, slot);
    if (status > 0 && slot->value == Py_None) {
        Py_CLEAR(slot->value);
        return 0; /* code, cause: there when given */
    }
    if (status > 0) {
        slot->attributes = HIDDEN;
    }
    return status;
}

/* A callable has a name and a length unless its attributes say otherwise. */
static int
find_callable(struct shim_state *state, PyObject *object, PyObject *key,
              struct property_slot *slot)
{
    int status = property_find_attribute(object, key, slot);
    if (status != 0 || !PyUnicode_Check(key)) {
        return status;
    }
    if (PyUnicode_Compare(key, state->str_name) == 0) {
        PyObject *name;
        PyObject *attribute = PyUnicode_InternFromString("__name__");
        status = attribute
                     ? PyObject_GetOptionalAttr(object, attribute, &name)
                     : -1;
        Py_XDECREF(attribute);
        return status > 0
                   ? found(slot, name, napi_configurable)
                   : status < 0 ? -1
                                : found(slot, PyUnicode_New(0, 0),
                                        napi_configurable);
    }
    if (PyUnicode_Compare(key, state->str_length) == 0) {
        return found(slot, property_callable_length(object),
                     napi_configurable);
    }
    return 0;
}

PyObject *
property_callable_length(PyObject *callable)
{
    PyObject *code = PyObject_GetAttrString(callable, "__code__");
    if (code == NULL || !PyCode_Check(code)) {
        PyErr_Clear();
        Py_XDECREF(code);
        return PyLong_FromLong(0);
    }
    long count = ((PyCodeObject *)code)->co_argcount;
    Py_DECREF(code);
    if (PyMethod_Check(callable) && count > 0) {
        --count;
    }
    PyObject *defaults = PyObject_GetAttrString(callable, "__defaults__");
    if (defaults == NULL) {
        PyErr_Clear();
    } else if (PyTuple_Check(defaults)) {
        count -= (long)PyTuple_GET_SIZE(defaults);
    }
    Py_XDECREF(defaults);
    return PyLong_FromLong(count);
}

/* Mapping: has keys() and items by key */
bool
property_is_mapping(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    return type->tp_as_mapping != NULL &&
           type->tp_as_mapping->mp_subscript != NULL &&
           type->tp_as_mapping->mp_length != NULL &&
           PyObject_HasAttrString(object, "keys");
}

static int
find_item(PyObject *object, PyObject *key, struct property_slot *slot)
{
    PyObject *value = PyObject_GetItem(object, key);
    if (value != NULL) {
        return found(slot, value, PLAIN);
    }
    if (!PyErr_ExceptionMatches(PyExc_LookupError) &&
        !PyErr_ExceptionMatches(PyExc_TypeError)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

static bool
is_primitive(struct shim_state *state, PyObject *object)
{
    return object == Py_None || object == state->null ||
           PyBool_Check(object) || PyLong_Check(object) ||
           PyFloat_Check(object) || Py_TYPE(object) == state->symbol_type ||
           Py_TYPE(object) == state->external_type;
}

/* The elements of native buffers: bytes, bytearray, array, memoryview. */
static int
find_element(struct shim_state *state, PyObject *object, PyObject *key,
             struct property_slot *slot)
{
    uint32_t index;
    if (!PyUnicode_Check(key)) {
        return 0;
    }
    if (string_as_index(key, &index)) {
        PyObject *number = PyLong_FromUnsignedLong(index);
        int status = number ? find_item(object, number, slot) : -1;
        Py_XDECREF(number);
        return status;
    }
    if (PyUnicode_Compare(key, state->str_length) == 0) {
        return found(slot, PyLong_FromSsize_t(PyObject_Size(object)),
                     napi_configurable);
    }
    return 0;
}

int
property_find_foreign(struct shim_state *state, PyObject *object,
                      PyObject *key, struct property_slot *slot)
{
    if (is_primitive(state, object)) {
        return 0;
    }
    int status = property_find_table(side_of(state, object), key, slot);
    if (status != 0) {
        return status;
    }
    if (PyExceptionInstance_Check(object)) {
        return find_exception(state, object, key, slot);
    }
    if (PyCallable_Check(object)) {
        return find_callable(state, object, key, slot);
    }
    if (PyObject_CheckBuffer(object) && host_of(state, object) == NULL) {
        status = find_element(state, object, key, slot);
    } else if (property_is_mapping(object)) {
        status = find_item(object, key, slot);
    }
    return status != 0 ? status : property_find_attribute(object, key, slot);
}

static PyObject * /* new callable taking the receiver, or NULL and raised */
wrap_slot(struct shim_state *state, PyObject *descriptor, const char *name)
{
    PyObject *function = PyObject_GetAttrString(descriptor, name);
    if (function == NULL || function == Py_None) {
        Py_XDECREF(function);
        return NULL;
    }
    PyObject *method = method_new(state, function, NULL, false);
    Py_DECREF(function);
    return method;
}

/* new accessor property of a Python data descriptor; NULL: raised */
struct js_property *
property_of_descriptor(struct shim_state *state, PyObject *descriptor)
{
    bool is_property = Py_TYPE(descriptor) == &PyProperty_Type;
    PyObject *getter = wrap_slot(state, descriptor,
                                 is_property ? "fget" : "__get__");
    PyObject *setter = wrap_slot(state, descriptor,
                                 is_property ? "fset" : "__set__");
    PyErr_Clear();
    struct js_property *property =
        property_new(state, NULL, getter, setter, napi_configurable);
    Py_XDECREF(getter);
    Py_XDECREF(setter);
    return property;
}
