/* Node-API chapter "Working with JavaScript properties": own properties of any
 * value.
 *
 * A slot is what was found, with owned references, so that a getter may change
 * the object it was found in. */

#include "shim.h"

#define PLAIN (napi_writable | napi_enumerable | napi_configurable)

void
property_slot_clear(struct property_slot *slot)
{
    Py_CLEAR(slot->value);
    Py_CLEAR(slot->getter);
    Py_CLEAR(slot->setter);
    Py_CLEAR(slot->descriptor);
    Py_CLEAR(slot->owner);
}

int
property_plain_attributes(struct side *side)
{
    if (side == NULL || !(side->frozen || side->sealed)) {
        return PLAIN;
    }
    return side->frozen ? napi_enumerable : napi_enumerable | napi_writable;
}

static enum property_kind
kind_of_host(struct shim_state *state, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type == state->function_type) {
        return KIND_FUNCTION;
    }
    if (type == state->symbol_type) {
        return KIND_PRIMITIVE;
    }
    if (proxy_is(state, object)) {
        return KIND_PROXY;
    }
    if (PyType_IsSubtype(type, state->instance_type) ||
        PyType_IsSubtype(type, state->host_type)) {
        return KIND_INSTANCE;
    }
    if (PyType_IsSubtype(type, state->view_type)) {
        return ((struct js_view *)object)->kind == VIEW_DATAVIEW ? KIND_BYTES
                                                                 : KIND_VIEW;
    }
    return PyType_IsSubtype(type, state->arraybuffer_type) ||
                   PyType_IsSubtype(type, state->sharedarraybuffer_type)
               ? KIND_BYTES
               : KIND_HOST;
}

static enum property_kind
kind_of_container(struct shim_state *state, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (PyDict_Check(object)) {
        if (PyType_IsSubtype(type, state->object_type)) {
            return KIND_OBJECT;
        }
        return type->tp_as_mapping->mp_subscript ==
                       PyDict_Type.tp_as_mapping->mp_subscript
                   ? KIND_DICT
                   : KIND_MAPPING;
    }
    return PyType_IsSubtype(type, state->array_type) ? KIND_ARRAY : KIND_LIST;
}

/* The items of a napi.Map are no properties: it has methods, as in JavaScript.
 * Errors are dropped: without a runtime there is no napi.Map. */
static bool
is_map(struct shim_state *state, PyObject *object)
{
    PyObject *map = state_lookup(state, "Map");
    bool found = map != NULL && PyType_Check(map) &&
                 PyObject_TypeCheck(object, (PyTypeObject *)map);
    Py_XDECREF(map);
    PyErr_Clear();
    return found;
}

/* What is no container and not ours. A scalar of numpy is a number, although
 * it is a buffer too. */
static enum property_kind
kind_of_foreign(struct shim_state *state, PyObject *object)
{
    napi_valuetype type = compare_typeof(state, object);
    if (type != napi_object && type != napi_function) {
        return KIND_PRIMITIVE;
    }
    if (PyObject_CheckBuffer(object)) {
        return KIND_VIEW;
    }
    if (property_is_mapping(object) && !is_map(state, object)) {
        return KIND_MAPPING;
    }
    return type == napi_function ? KIND_CALLABLE : KIND_ANY;
}

enum property_kind
property_kind_of(struct shim_state *state, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type == state->object_type) {
        return KIND_OBJECT;
    }
    unsigned long flags = PyType_GetFlags(type);
    if ((flags & (Py_TPFLAGS_DICT_SUBCLASS | Py_TPFLAGS_LIST_SUBCLASS |
                  Py_TPFLAGS_TUPLE_SUBCLASS)) != 0) {
        return kind_of_container(state, object);
    }
    if ((flags & Py_TPFLAGS_UNICODE_SUBCLASS) != 0) {
        return KIND_STRING;
    }
    if ((flags & Py_TPFLAGS_LONG_SUBCLASS) != 0) {
        return KIND_PRIMITIVE;
    }
    if ((flags & Py_TPFLAGS_TYPE_SUBCLASS) != 0) {
        return PyType_IsSubtype(type, state->class_type) ? KIND_CLASS
                                                         : KIND_TYPE;
    }
    if ((flags & Py_TPFLAGS_BASE_EXC_SUBCLASS) != 0) {
        return KIND_ERROR;
    }
    return host_of(state, object) != NULL ? kind_of_host(state, object)
                                          : kind_of_foreign(state, object);
}

int
property_find_table(struct side *side, PyObject *key,
                    struct property_slot *slot)
{
    if (side == NULL || side->table == NULL) {
        return 0;
    }
    PyObject *found = PyDict_GetItemWithError(side->table, key);
    if (found == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    struct js_property *property = (struct js_property *)found;
    slot->value = Py_XNewRef(property->value);
    slot->getter = Py_XNewRef(property->getter);
    slot->setter = Py_XNewRef(property->setter);
    slot->attributes = property->attributes;
    return 1;
}

static int
find_data(PyObject *dict, struct side *side, PyObject *key,
          struct property_slot *slot)
{
    PyObject *value =
        dict != NULL ? PyDict_GetItemWithError(dict, key) : NULL;
    if (value != NULL) {
        slot->value = Py_NewRef(value);
        slot->attributes = property_plain_attributes(side);
        return 1;
    }
    return PyErr_Occurred() ? -1 : property_find_table(side, key, slot);
}

static int
find_object(struct shim_state *state, PyObject *object, PyObject *key,
            struct property_slot *slot)
{
    struct side *side = side_of(state, object);
    int found = find_data(object, side, key, slot);
    if (found == 0 && side != NULL && side->klass != NULL) {
        found = property_find_klass(state, (PyTypeObject *)side->klass, key,
                                    slot);
    }
    return found;
}

/* === functions and classes === */

static int
find_text(PyObject *text /* new or NULL: raised */, struct property_slot *slot)
{
    slot->value = text;
    slot->attributes = napi_configurable;
    return text != NULL ? 1 : -1;
}

/* new: the object of `new f()` instances, made when it is first asked for */
static PyObject *
make_prototype(struct shim_state *state, PyObject *function)
{
    PyObject *prototype = object_new(state);
    struct js_property *back = property_new(
        state, function, NULL, NULL, napi_writable | napi_configurable);
    struct js_property *link =
        prototype != NULL
            ? property_new(state, prototype, NULL, NULL, napi_writable)
            : NULL;
    if (back == NULL || link == NULL ||
        property_put(state, prototype, KIND_OBJECT, state->str_constructor,
                     back) < 0 ||
        property_put(state, function, KIND_FUNCTION, state->str_prototype,
                     link) < 0) {
        Py_CLEAR(prototype);
    }
    Py_XDECREF((PyObject *)back);
    Py_XDECREF((PyObject *)link);
    return prototype;
}

static int
find_function(struct shim_state *state, PyObject *object, PyObject *key,
              struct property_slot *slot)
{
    struct js_function *function = (struct js_function *)object;
    int found = property_find_table(function->host.side, key, slot);
    if (found != 0 || !PyUnicode_Check(key) ||
        !js_function_has_text(state, object, key, false)) {
        return found;
    }
    if (PyUnicode_Compare(key, state->str_name) == 0) {
        return find_text(Py_NewRef(function->name), slot);
    }
    if (PyUnicode_Compare(key, state->str_length) == 0) {
        return find_text(PyLong_FromLong(function->length), slot);
    }
    if (PyUnicode_Compare(key, state->str_prototype) == 0) {
        if (function->code != NULL &&
            (function->flags & JS_CONSTRUCTOR) == 0) {
            slot->attributes = napi_writable;
            return js_function_prototype(state, object, &slot->value);
        }
        slot->value = make_prototype(state, object);
        slot->attributes = napi_writable;
        return slot->value != NULL ? 1 : -1;
    }
    return 0;
}

/* What a class statement in Python put there; methods are the prototype's. */
static int
find_class_attribute(struct shim_state *state, PyTypeObject *type,
                     PyObject *key, struct property_slot *slot)
{
    PyObject *raw =
        ((struct js_class *)type)->env == NULL && !object_is_dunder(key)
            ? PyDict_GetItemWithError(type->tp_dict, key)
            : NULL;
    if (raw == NULL || PyFunction_Check(raw) ||
        Py_TYPE(raw) == state->method_type ||
        Py_TYPE(raw)->tp_descr_set != NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    slot->value = PyObject_GetAttr((PyObject *)type, key);
    slot->attributes = napi_writable | napi_enumerable | napi_configurable;
    return slot->value != NULL ? 1 : -1;
}

static int
find_class(struct shim_state *state, PyObject *object, PyObject *key,
           struct property_slot *slot)
{
    struct js_class *class = (struct js_class *)object;
    int found = property_find_table(class->host.side, key, slot);
    if (found != 0 || !PyUnicode_Check(key) ||
        !js_function_has_text(state, object, key, false)) {
        return found;
    }
    if (PyUnicode_Compare(key, state->str_prototype) == 0) {
        slot->value = prototype_of_type(state, (PyTypeObject *)object);
        slot->attributes = class->constructor != NULL ? 0 : napi_writable;
        return slot->value != NULL ? 1 : -1;
    }
    if (PyUnicode_Compare(key, state->str_name) == 0) {
        return find_text(Py_NewRef(class->type.ht_name), slot);
    }
    if (PyUnicode_Compare(key, state->str_length) == 0) {
        struct js_function *made = (struct js_function *)class->constructor;
        return find_text(PyLong_FromLong(made != NULL ? made->length : 0),
                         slot);
    }
    return find_class_attribute(state, (PyTypeObject *)object, key, slot);
}

int
property_find_own(struct shim_state *state, PyObject *object,
                  enum property_kind kind, PyObject *key,
                  struct property_slot *slot)
{
    *slot = (struct property_slot){.is_probe = slot->is_probe};
    switch (kind) {
    case KIND_OBJECT:
        return find_object(state, object, key, slot);
    case KIND_INSTANCE:
        return find_data(((struct js_instance *)object)->dict,
                         ((struct js_instance *)object)->host.side, key,
                         slot);
    case KIND_ARRAY:
    case KIND_LIST:
    case KIND_VIEW:
    case KIND_STRING:
        return property_find_element(state, object, kind, key, slot);
    case KIND_FUNCTION:
        return find_function(state, object, key, slot);
    case KIND_CLASS:
        return find_class(state, object, key, slot);
    case KIND_BYTES:
    case KIND_HOST:
        return property_find_table(side_of(state, object), key, slot);
    case KIND_DICT:
        return property_find_dict(state, object, key, slot);
    case KIND_MAPPING:
        return property_find_mapping(object, key, slot);
    case KIND_PRIMITIVE:
        return 0;
    case KIND_PROXY:
        return proxy_find_own(state, object, key, slot);
    default:
        return property_find_attribute(state, object, kind, key, slot);
    }
}

/* === what becomes of a slot === */

/* new; a function of a Python class is bound to an instance of that class;
 * anything else that it is called on comes as its first argument */
static PyObject *
get_descriptor(struct shim_state *state, struct property_slot *slot,
               PyObject *receiver)
{
    descrgetfunc get = Py_TYPE(slot->descriptor)->tp_descr_get;
    if (get == NULL) {
        return Py_NewRef(slot->descriptor);
    }
    bool bound = PyObject_TypeCheck(receiver, slot->owner);
    if (!bound && PyFunction_Check(slot->descriptor)) {
        return PyObject_CallOneArg((PyObject *)state->method_type,
                                   slot->descriptor);
    }
    if (!bound && Py_TYPE(slot->descriptor)->tp_descr_set != NULL) {
        return Py_NewRef(UNDEFINED); /* a property of something else */
    }
    PyObject *value =
        bound ? get(slot->descriptor, receiver, (PyObject *)Py_TYPE(receiver))
              : get(slot->descriptor, NULL, (PyObject *)slot->owner);
    if (value == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyErr_Clear();
        value = Py_NewRef(UNDEFINED);
    }
    return value;
}

PyObject *
property_slot_get(struct shim_state *state, struct property_slot *slot,
                  PyObject *receiver)
{
    if (slot->value != NULL) {
        return Py_NewRef(slot->value);
    }
    if (slot->descriptor != NULL) {
        return get_descriptor(state, slot, receiver);
    }
    return slot->getter != NULL
               ? function_call(state, slot->getter, receiver, NULL, 0)
               : Py_NewRef(UNDEFINED);
}

/* new: napi.method of a slot wrapper of the descriptor; NULL: raised */
static PyObject *
wrap_accessor(struct shim_state *state, PyObject *descriptor, const char *name)
{
    PyObject *raw = PyObject_GetAttrString(descriptor, name);
    PyObject *method =
        raw != NULL ? PyObject_CallOneArg((PyObject *)state->method_type, raw)
                    : NULL;
    Py_XDECREF(raw);
    return method;
}

/* A property, a member or the like of a Python class shows as an accessor. */
static struct js_property *
from_descriptor(struct shim_state *state, struct property_slot *slot)
{
    PyTypeObject *type = Py_TYPE(slot->descriptor);
    if (type->tp_descr_set == NULL || type->tp_descr_get == NULL) {
        PyObject *value = get_descriptor(state, slot, UNDEFINED);
        struct js_property *plain =
            value != NULL ? property_new(state, value, NULL, NULL,
                                         slot->attributes)
                          : NULL;
        Py_XDECREF(value);
        return plain;
    }
    struct js_property *property = NULL;
    PyObject *getter = wrap_accessor(state, slot->descriptor, "__get__");
    PyObject *setter =
        getter != NULL ? wrap_accessor(state, slot->descriptor, "__set__")
                       : NULL;
    if (setter != NULL) {
        property = property_new(state, NULL, getter, setter,
                                slot->attributes & ~napi_writable);
    }
    Py_XDECREF(getter);
    Py_XDECREF(setter);
    return property;
}

struct js_property *
property_from_slot(struct shim_state *state, struct property_slot *slot)
{
    return slot->descriptor != NULL
               ? from_descriptor(state, slot)
               : property_new(state, slot->value, slot->getter, slot->setter,
                              slot->attributes);
}
