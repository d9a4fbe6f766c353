/* Node-API chapter "Working with JavaScript properties": getting and setting,
 * of any value.
 *
 * The hot path is a napi.Object without a side: one look-up in its dict, and
 * for a miss one more in Object.prototype. All else goes by slots: what is
 * own, then what is inherited; the receiver stays the value that was asked. */

#include "shim.h"

/* A js_object that has nothing but its dict and the default prototype. */
static inline bool
is_bare(struct shim_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->object_type &&
           ((struct js_object *)object)->host.side == NULL;
}

/* === keys === */

PyObject *
property_key(struct shim_state *state, PyObject *value)
{
    if (PyUnicode_CheckExact(value) || Py_TYPE(value) == state->symbol_type) {
        return Py_NewRef(value);
    }
    if (PyUnicode_Check(value)) {
        return PyUnicode_FromObject(value);
    }
    if (PyLong_CheckExact(value)) {
        return PyObject_Str(value);
    }
    PyObject *primitive = coerce_to_primitive(state, value, "string");
    if (primitive == NULL || Py_TYPE(primitive) == state->symbol_type) {
        return primitive;
    }
    PyObject *text = coerce_to_string(state, primitive);
    Py_DECREF(primitive);
    return text;
}

/* true: key is no exact str or Symbol yet; an int may be converted */
static inline bool
is_raw(struct shim_state *state, PyObject *key)
{
    return !PyUnicode_CheckExact(key) && Py_TYPE(key) != state->symbol_type;
}

napi_status
property_target(napi_env env, napi_value object, PyObject **target)
{
    CHECK_ARG(env, object);
    *target = value_of(env, object);
    if (*target == UNDEFINED || *target == env->state->null) {
        error_throw(env, "TypeError", NULL,
                    "Cannot convert undefined or null to object");
        return error_set(env, napi_object_expected);
    }
    return napi_ok;
}

/* === get === */

PyObject *
property_get_as(struct shim_state *state, PyObject *object, PyObject *key,
                PyObject *receiver)
{
    enum property_kind kind = property_kind_of(state, object);
    if (kind == KIND_PROXY) {
        return proxy_get(state, object, key, receiver);
    }
    struct property_slot slot = {0};
    int found =
        kind >= KIND_ERROR
            ? 0
            : property_find_own(state, object, kind, key, &slot);
    if (found == 0) {
        found = property_find_inherited(state, object, kind, key, &slot);
    }
    if (found <= 0) {
        return found == 0 ? Py_NewRef(UNDEFINED) : NULL;
    }
    PyObject *value = property_slot_get(state, &slot, receiver);
    property_slot_clear(&slot);
    return value;
}

/* new; what a bare object inherits */
static PyObject *
get_from_default(struct shim_state *state, PyObject *object, PyObject *key)
{
    PyObject *prototype = state_object_prototype(state);
    if (prototype == NULL) {
        return NULL;
    }
    struct side *side = ((struct js_object *)prototype)->host.side;
    if (side == NULL || side->table == NULL ||
        PyDict_GET_SIZE(prototype) != 0) {
        return property_get_as(state, object, key, object);
    }
    PyObject *found = PyDict_GetItemWithError(side->table, key);
    if (found == NULL) {
        return PyErr_Occurred() ? NULL : Py_NewRef(UNDEFINED);
    }
    PyObject *value = ((struct js_property *)found)->value;
    return value != NULL ? Py_NewRef(value)
                         : property_get_as(state, object, key, object);
}

/* new: a method or a getter of the class, or NULL without an error: not one */
static PyObject *
get_from_class(struct shim_state *state, PyObject *object, PyObject *key)
{
    struct js_instance *self = (struct js_instance *)object;
    if (!PyUnicode_CheckExact(key) || self->host.side != NULL) {
        return NULL;
    }
    PyObject *raw = _PyType_Lookup(Py_TYPE(object), key);
    if (raw == NULL) {
        return NULL;
    }
    if (Py_TYPE(raw) == state->method_type) {
        struct js_method *method = (struct js_method *)raw;
        return !method->is_static &&
                       Py_TYPE(method->function) == state->function_type
                   ? Py_NewRef(method->function)
                   : NULL;
    }
    if (Py_TYPE(raw) != state->accessor_type ||
        ((struct js_accessor *)raw)->getter == NULL ||
        ((struct js_accessor *)raw)->is_static) {
        return NULL;
    }
    PyObject *getter = Py_NewRef(((struct js_accessor *)raw)->getter);
    PyObject *value = function_call(state, getter, object, NULL, 0);
    Py_DECREF(getter);
    return value;
}

static PyObject *
get_from_instance(struct shim_state *state, PyObject *object, PyObject *key)
{
    PyObject *dict = ((struct js_instance *)object)->dict;
    PyObject *value =
        dict != NULL ? PyDict_GetItemWithError(dict, key) : NULL;
    if (value != NULL) {
        return Py_NewRef(value);
    }
    value = PyErr_Occurred() ? NULL : get_from_class(state, object, key);
    return value != NULL || PyErr_Occurred()
               ? value
               : property_get_as(state, object, key, object);
}

static PyObject *
get_converted(struct shim_state *state, PyObject *object, PyObject *key)
{
    PyObject *name = property_key(state, key);
    if (name == NULL) {
        return NULL;
    }
    PyObject *value = property_get(state, object, name);
    Py_DECREF(name);
    return value;
}

PyObject *
property_get(struct shim_state *state, PyObject *object, PyObject *key)
{
    if (is_raw(state, key)) {
        return get_converted(state, object, key);
    }
    if (is_bare(state, object) || PyDict_CheckExact(object)) {
        PyObject *value = PyDict_GetItemWithError(object, key);
        if (value != NULL) {
            return Py_NewRef(value);
        }
        if (PyErr_Occurred()) {
            return NULL;
        }
        return PyDict_CheckExact(object)
                   ? property_get_as(state, object, key, object)
                   : get_from_default(state, object, key);
    }
    if (Py_TYPE(Py_TYPE(object)) == state->class_type) {
        return get_from_instance(state, object, key);
    }
    return property_get_as(state, object, key, object);
}

/* new str; NULL: raised */
static PyObject *
index_key(uint32_t index)
{
    return PyUnicode_FromFormat("%lu", (unsigned long)index);
}

PyObject *
property_get_index(struct shim_state *state, PyObject *object, uint32_t index)
{
    bool is_list = PyList_CheckExact(object) ||
                   Py_TYPE(object) == state->array_type;
    if (is_list && (Py_ssize_t)index < PyList_GET_SIZE(object) &&
        (PyList_GET_ITEM(object, index) != UNDEFINED ||
         PyList_CheckExact(object))) {
        return Py_NewRef(PyList_GET_ITEM(object, index));
    }
    PyObject *key = index_key(index);
    PyObject *value = key != NULL ? property_get(state, object, key) : NULL;
    Py_XDECREF(key);
    return value;
}

/* === set === */

static int
call_setter(struct shim_state *state, PyObject *setter, PyObject *receiver,
            PyObject *value)
{
    PyObject *result = function_call(state, setter, receiver, &value, 1);
    Py_XDECREF(result);
    return result != NULL ? 1 : -1;
}

/* 1 or 0: done or refused by the property; -2: the value is to be stored */
static int
set_by_slot(struct shim_state *state, struct property_slot *slot,
            PyObject *receiver, PyObject *value)
{
    if (slot->setter != NULL) {
        return call_setter(state, slot->setter, receiver, value);
    }
    if (slot->descriptor != NULL) {
        descrsetfunc set = Py_TYPE(slot->descriptor)->tp_descr_set;
        if (set == NULL || !PyObject_TypeCheck(receiver, slot->owner) ||
            instance_is_constructor(slot->descriptor)) {
            return -2;
        }
        int status = set(slot->descriptor, receiver, value);
        if (status < 0 && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear();
            return 0;
        }
        return status < 0 ? -1 : 1;
    }
    return slot->value != NULL && (slot->attributes & napi_writable) != 0 ? -2
                                                                          : 0;
}

/* The name and length of a function, and a type's prototype: they are read
 * only unless Python code gave the object such attributes. */
static bool
is_computed(struct shim_state *state, PyObject *object,
            enum property_kind kind, PyObject *key)
{
    bool is_text = PyUnicode_Compare(key, state->str_name) == 0 ||
                   PyUnicode_Compare(key, state->str_length) == 0;
    bool is_prototype = kind == KIND_TYPE &&
                        PyUnicode_Compare(key, state->str_prototype) == 0;
    if (is_prototype &&
        builtin_is_closed(state, (PyTypeObject *)object)) {
        return true;
    }
    return (kind == KIND_TYPE || kind == KIND_CALLABLE) &&
           (is_text || is_prototype) && !PyObject_HasAttr(object, key);
}

/* Attributes go to Python's own assignment: properties and slots decide. */
static int
set_attribute(struct shim_state *state, PyObject *object,
              enum property_kind kind, PyObject *key, PyObject *value)
{
    struct side *side = side_of(state, object);
    struct property_slot slot = {0};
    int done = property_find_table(side, key, &slot);
    if (done == 0 && side != NULL && side->frozen) {
        return 0;
    }
    bool closed = side != NULL && (side->inextensible || side->sealed);
    if (done == 0 && (closed || side == NULL || side->prototype == NULL)) {
        bool is_attribute = PyUnicode_Check(key) && !object_is_dunder(key);
        if (!closed && is_attribute) {
            return is_computed(state, object, kind, key)
                       ? 0
                       : property_store(state, object, kind, key, value);
        }
        done = property_find_own(state, object, kind, key, &slot);
        if (done == 0 && closed) {
            return 0;
        }
    }
    if (done == 0) {
        done = property_find_inherited(state, object, kind, key, &slot);
    }
    if (done > 0) {
        done = set_by_slot(state, &slot, object, value);
        property_slot_clear(&slot);
    } else if (done == 0) {
        done = -2;
    }
    return done == -2 ? property_store(state, object, kind, key, value)
                      : done;
}

/* OrdinarySet (ECMA-262 10.1.9): own, inherited, then a new property. */
static int
set_slow(struct shim_state *state, PyObject *object, PyObject *key,
         PyObject *value)
{
    enum property_kind kind = property_kind_of(state, object);
    if (kind == KIND_MAPPING) {
        return property_store_mapping(object, key, value);
    }
    if (kind == KIND_PROXY) {
        return proxy_set(state, object, key, value, object);
    }
    if (kind >= KIND_ERROR) {
        return set_attribute(state, object, kind, key, value);
    }
    struct property_slot slot = {0};
    int found = property_find_own(state, object, kind, key, &slot);
    bool is_own = found > 0;
    if (found == 0) {
        found = property_find_inherited(state, object, kind, key, &slot);
    }
    int done = -2;
    if (found != 0) {
        done = found > 0 ? set_by_slot(state, &slot, object, value) : -1;
        property_slot_clear(&slot);
    }
    if (done == -2 && !is_own && !property_is_extensible(state, object)) {
        return 0;
    }
    return done == -2 ? property_store(state, object, kind, key, value)
                      : done;
}

static int
set_converted(struct shim_state *state, PyObject *object, PyObject *key,
              PyObject *value)
{
    PyObject *name = property_key(state, key);
    int done = name != NULL ? property_set(state, object, name, value) : -1;
    Py_XDECREF(name);
    return done;
}

/* true: an exact str that can go straight into a dict. The names of
 * Object.prototype that are not plain data begin with an underscore; a dict of
 * Python may have an index as an int. */
static inline bool
is_plain_name(PyObject *key, bool is_native)
{
    if (!PyUnicode_CheckExact(key) || PyUnicode_GET_LENGTH(key) == 0) {
        return false;
    }
    Py_UCS4 first = PyUnicode_READ_CHAR(key, 0);
    return first != '_' && !(is_native && first <= '9');
}

int
property_set(struct shim_state *state, PyObject *object, PyObject *key,
             PyObject *value)
{
    if (is_raw(state, key)) {
        return set_converted(state, object, key, value);
    }
    bool is_native = PyDict_CheckExact(object);
    if ((is_native || is_bare(state, object)) &&
        is_plain_name(key, is_native)) {
        return PyDict_SetItem(object, key, value) < 0 ? -1 : 1;
    }
    return set_slow(state, object, key, value);
}

int
property_set_index(struct shim_state *state, PyObject *object, uint32_t index,
                   PyObject *value)
{
    if (Py_TYPE(object) == state->array_type) {
        struct js_array *array = (struct js_array *)object;
        if (array->host.side == NULL && index != UINT32_MAX) {
            return array_set(state, array, index, value) < 0 ? -1 : 1;
        }
    } else if (PyList_CheckExact(object) &&
               (Py_ssize_t)index < PyList_GET_SIZE(object)) {
        return PyList_SetItem(object, (Py_ssize_t)index, Py_NewRef(value)) < 0
                   ? -1
                   : 1;
    }
    PyObject *key = index_key(index);
    int done = key != NULL ? property_set(state, object, key, value) : -1;
    Py_XDECREF(key);
    return done;
}

int
property_assign(struct shim_state *state, PyObject *object, PyObject *name,
                PyObject *value)
{
    if (value != NULL) {
        int done = property_set(state, object, name, value);
        return done == 0 ? object_refuse_set(state, object, name)
                         : Py_MIN(done, 0);
    }
    int done = property_has_own(state, object, name);
    if (done == 0) {
        PyErr_SetObject(PyExc_AttributeError, name);
        return -1;
    }
    done = done > 0 ? property_delete(state, object, name) : -1;
    return done == 0 ? object_refuse_delete(state, object, name)
                     : Py_MIN(done, 0);
}
