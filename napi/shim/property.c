/* Node-API chapter "Working with JavaScript properties": get, set, has, delete
 * for any value (ECMA-262 [[Get]], [[Set]], [[HasProperty]], [[Delete]]).
 *
 * The receiver stays the object that was asked, however far up the prototype
 * chain the property is found. A write that JavaScript refuses answers 0. */

#include "shim.h"

PyObject *
property_key(struct shim_state *state, PyObject *value)
{
    if (PyUnicode_CheckExact(value) ||
        Py_TYPE(value) == state->symbol_type) {
        return Py_NewRef(value);
    }
    if (PyUnicode_Check(value)) {
        return PyUnicode_FromObject(value);
    }
    PyObject *primitive = coerce_to_primitive(state, value, "string");
    if (primitive == NULL || Py_TYPE(primitive) == state->symbol_type) {
        return primitive;
    }
    Py_SETREF(primitive, coerce_to_string(state, primitive));
    return primitive;
}

/* A method that a Python class has is bound, as getattr would: it takes self
 * from there and not from `this`. Steals and returns value. */
static PyObject *
bind_python(struct shim_state *state, PyObject *value, PyObject *receiver)
{
    if (Py_TYPE(value) != state->method_type ||
        Py_TYPE(Py_TYPE(receiver)) != state->class_type) {
        return value;
    }
    struct js_method *method = (struct js_method *)value;
    if (method->bound == NULL && PyFunction_Check(method->function)) {
        Py_SETREF(value, PyMethod_New(method->function, receiver));
    }
    return value;
}

/* new: the value a slot stands for; steals what is in it */
static PyObject *
read_slot(struct shim_state *state, struct property_slot *slot,
          PyObject *receiver)
{
    if (slot->special == NULL) {
        return bind_python(state, slot->value, receiver);
    }
    PyObject *getter = slot->special->getter;
    PyObject *value =
        getter ? function_call(state, getter, receiver, NULL, 0)
               : Py_NewRef(UNDEFINED);
    Py_DECREF(slot->special);
    return value;
}

/* Looks the chain up from object itself. */
static int
find(struct shim_state *state, PyObject *object, PyObject *key,
     struct property_slot *slot)
{
    int status = property_find_own(state, object, key, slot);
    if (status != 0) {
        return status;
    }
    PyObject *holder = prototype_get(state, object);
    while (status == 0 && holder != NULL && holder != state->null) {
        status = property_find_own(state, holder, key, slot);
        if (status == 0) {
            Py_SETREF(holder, prototype_get(state, holder));
        }
    }
    if (holder == NULL) {
        status = -1;
    }
    Py_XDECREF(holder);
    return status;
}

/* true: own properties are in the dict alone, and the chain is the default */
static bool
is_simple(struct shim_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->object_type &&
           ((struct js_object *)object)->host.side == NULL;
}

PyObject *
property_get(struct shim_state *state, PyObject *object, PyObject *key)
{
    struct property_slot slot;
    if ((is_simple(state, object) || PyDict_CheckExact(object)) &&
        PyUnicode_CheckExact(key)) {
        PyObject *value = PyDict_GetItemWithError(object, key);
        if (value != NULL) {
            return Py_NewRef(value);
        }
        if (PyErr_Occurred()) {
            return NULL;
        }
    }
    int status;
    if (is_simple(state, object)) {
        PyObject *prototype = state_object_prototype(state);
        status = prototype
                     ? property_find_own(state, prototype, key, &slot)
                     : -1;
    } else {
        status = find(state, object, key, &slot);
    }
    if (status <= 0) {
        return status == 0 ? Py_NewRef(UNDEFINED) : NULL;
    }
    return read_slot(state, &slot, object);
}

int
property_has(struct shim_state *state, PyObject *object, PyObject *key)
{
    struct property_slot slot;
    int status = property_has_own(state, object, key);
    if (status == 0) {
        status = find(state, object, key, &slot);
    } else {
        return status;
    }
    if (status > 0) {
        Py_XDECREF(slot.value);
        Py_XDECREF(slot.special);
    }
    return status;
}

static PyObject * /* new decimal str */
make_index_key(uint32_t index)
{
    return PyUnicode_FromFormat("%u", (unsigned int)index);
}

PyObject *
property_get_index(struct shim_state *state, PyObject *object, uint32_t index)
{
    if ((PyList_CheckExact(object) || Py_TYPE(object) == state->array_type) &&
        (Py_ssize_t)index < PyList_GET_SIZE(object)) {
        return Py_NewRef(PyList_GET_ITEM(object, index));
    }
    PyObject *key = make_index_key(index);
    PyObject *value = key ? property_get(state, object, key) : NULL;
    Py_XDECREF(key);
    return value;
}

/* 1 done, 0 refused, -1 raised: what an inherited property says to a write;
 * 2: nothing is in the way */
static int
ask_inherited(struct shim_state *state, PyObject *object, PyObject *key,
              PyObject *value)
{
    struct property_slot slot = {NULL, NULL, 0};
    PyObject *holder = prototype_get(state, object);
    int status = 0;
    while (status == 0 && holder != NULL && holder != state->null) {
        status = property_find_own(state, holder, key, &slot);
        if (status == 0) {
            Py_SETREF(holder, prototype_get(state, holder));
        }
    }
    if (holder == NULL) {
        return -1;
    }
    Py_DECREF(holder);
    if (status <= 0) {
        return status == 0 ? 2 : -1;
    }
    if (slot.special != NULL) {
        return property_call_setter(state, slot.special, object, value);
    }
    Py_DECREF(slot.value);
    return (slot.attributes & napi_writable) ? 2 : 0;
}

int
property_call_setter(struct shim_state *state,
                     struct js_property *property /* steals */,
                     PyObject *receiver, PyObject *value)
{
    int status = 0;
    if (property->setter != NULL) {
        PyObject *result =
            function_call(state, property->setter, receiver, &value, 1);
        status = result != NULL ? 1 : -1;
        Py_XDECREF(result);
    }
    Py_DECREF(property);
    return status;
}

/* own special property: 1 done, 0 refused, -1 raised, 2 there is none */
static int
set_special(struct shim_state *state, PyObject *object, struct side *side,
            PyObject *key, PyObject *value)
{
    PyObject *entry = side != NULL && side->table != NULL
                          ? PyDict_GetItemWithError(side->table, key)
                          : NULL;
    if (entry == NULL) {
        return PyErr_Occurred() ? -1 : 2;
    }
    struct js_property *property = (struct js_property *)entry;
    if (property->value == NULL) {
        return property_call_setter(
            state, (struct js_property *)Py_NewRef(entry), object, value);
    }
    if (!(property->attributes & napi_writable)) {
        return 0;
    }
    Py_SETREF(property->value, Py_NewRef(value));
    property_mirror(state, object, key, property);
    return 1;
}

/* Host objects with a dict of plain data: napi.Object and instances. */
static int
set_with_dict(struct shim_state *state, PyObject *object, PyObject *dict,
              PyObject *key, PyObject *value)
{
    struct side *side = side_of(state, object);
    int own = dict != NULL && PyUnicode_Check(key)
                  ? PyDict_Contains(dict, key)
                  : 0;
    if (own > 0) {
        bool frozen = side != NULL && side->frozen;
        return frozen ? 0 : PyDict_SetItem(dict, key, value) < 0 ? -1 : 1;
    }
    int status = own < 0 ? -1 : set_special(state, object, side, key, value);
    if (status == 2) {
        status = ask_inherited(state, object, key, value);
    }
    if (status == 2) {
        status = property_add_plain(state, object, key, value);
    }
    return status;
}

static int
set_dict(PyObject *dict, PyObject *key, PyObject *value)
{
    PyObject *number;
    PyObject *spelling = property_find_spelling(dict, key, &number);
    int status = PyErr_Occurred()
                     ? -1
                     : PyDict_SetItem(dict, spelling ? spelling : key, value);
    Py_XDECREF(number);
    return status < 0 ? -1 : 1;
}

int
property_set(struct shim_state *state, PyObject *object, PyObject *key,
             PyObject *value)
{
    if (is_simple(state, object) && PyUnicode_CheckExact(key)) {
        return PyDict_SetItem(object, key, value) < 0 ? -1 : 1;
    }
    if (PyObject_TypeCheck(object, state->object_type)) {
        return set_with_dict(state, object, object, key, value);
    }
    if (Py_TYPE(Py_TYPE(object)) == state->class_type) {
        return set_with_dict(state, object,
                             ((struct js_instance *)object)->dict, key,
                             value);
    }
    if (PyDict_Check(object)) {
        return set_dict(object, key, value);
    }
    if (PyList_Check(object)) {
        return property_set_list(state, object, key, value);
    }
    if (!compare_is_object(state, object)) {
        return 1; /* a primitive: accepted and lost */
    }
    int status =
        set_special(state, object, side_of(state, object), key, value);
    return status != 2 ? status
                       : property_set_other(state, object, key, value);
}

int
property_set_index(struct shim_state *state, PyObject *object, uint32_t index,
                   PyObject *value)
{
    if (Py_TYPE(object) == state->array_type) {
        struct js_array *array = (struct js_array *)object;
        if (array->host.side == NULL) {
            return array_set(state, array, index, value) < 0 ? -1 : 1;
        }
    } else if (PyList_CheckExact(object) &&
               (Py_ssize_t)index < PyList_GET_SIZE(object)) {
        return PyList_SetItem(object, index, Py_NewRef(value)) < 0 ? -1 : 1;
    }
    PyObject *key = make_index_key(index);
    int status = key ? property_set(state, object, key, value) : -1;
    Py_XDECREF(key);
    return status;
}

int
property_assign(struct shim_state *state, PyObject *object, PyObject *name,
                PyObject *value)
{
    int status;
    if (value == NULL) {
        status = property_has_own(state, object, name);
        if (status == 0) {
            PyErr_SetObject(PyExc_AttributeError, name);
            return -1;
        }
        status = status > 0 ? property_delete(state, object, name) : -1;
        return status == 0 ? object_refuse_delete(state, object, name)
                           : status < 0 ? -1 : 0;
    }
    status = property_set(state, object, name, value);
    return status == 0 ? object_refuse_set(state, object, name)
                       : status < 0 ? -1 : 0;
}
