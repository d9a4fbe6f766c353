/* Node-API chapter "Working with JavaScript properties": what Python keeps as
 * attributes: of exceptions, types, callables and any other object.
 *
 * Own is what the object's __dict__ and slots hold; what its class gives is
 * inherited from the class's prototype object. Protocol names (__x__) are no
 * properties. */

#include "shim.h"

#define PLAIN (napi_writable | napi_enumerable | napi_configurable)
#define HIDDEN (napi_writable | napi_configurable)

static bool
is_name(PyObject *key, PyObject *name)
{
    return key == name || PyUnicode_Compare(key, name) == 0;
}

static int
fill_value(struct property_slot *slot, PyObject *value /* new or NULL */,
           int attributes)
{
    slot->value = value;
    slot->attributes = attributes;
    return value != NULL ? 1 : -1;
}

/* 1 and new value of an item of the object's __dict__, 0, -1 raised */
static int
find_in_dict(PyObject *object, PyObject *key, PyObject **value)
{
    PyObject *name = PyUnicode_InternFromString("__dict__");
    PyObject *dict = NULL;
    int found =
        name != NULL ? PyObject_GetOptionalAttr(object, name, &dict) : -1;
    Py_XDECREF(name);
    if (found > 0) {
        found = PyDict_Check(dict) ? PyDict_GetItemRef(dict, key, value) : 0;
        Py_DECREF(dict);
    }
    return found;
}

/* __dict__, then __slots__ */
static int
find_stored(struct shim_state *state, PyObject *object, PyObject *key,
            struct property_slot *slot)
{
    slot->attributes = property_plain_attributes(side_of(state, object));
    int found = find_in_dict(object, key, &slot->value);
    if (found != 0) {
        return found;
    }
    PyObject *raw = _PyType_Lookup(Py_TYPE(object), key);
    if (raw == NULL || Py_TYPE(raw) != &PyMemberDescr_Type ||
        !PyType_HasFeature(PyDescr_TYPE(raw), Py_TPFLAGS_HEAPTYPE)) {
        return 0;
    }
    return PyObject_GetOptionalAttr(object, key, &slot->value);
}

/* what freezing and sealing left of the attributes */
static int
remaining(struct shim_state *state, PyObject *object, int attributes)
{
    struct side *side = side_of(state, object);
    if (side != NULL && side->frozen) {
        attributes &= ~napi_writable;
    }
    return side != NULL && side->sealed ? attributes & ~napi_configurable
                                        : attributes;
}

/* === exceptions === */

/* new str; what a native exception says */
static PyObject *
message_of(PyObject *exception)
{
    PyObject *args = ((PyBaseExceptionObject *)exception)->args;
    bool single = args != NULL && PyTuple_GET_SIZE(args) == 1 &&
                  PyUnicode_Check(PyTuple_GET_ITEM(args, 0));
    return single ? Py_NewRef(PyTuple_GET_ITEM(args, 0))
                  : PyObject_Str(exception);
}

static PyObject *
stack_of(struct shim_state *state, PyObject *exception)
{
    PyObject *make = state_lookup(state, "error_stack");
    PyObject *stack =
        make != NULL ? PyObject_CallOneArg(make, exception) : NULL;
    Py_XDECREF(make);
    return stack;
}

/* message, stack, name and cause where the class has no such attribute */
static int
find_error_text(struct shim_state *state, PyObject *object, PyObject *key,
                struct property_slot *slot)
{
    if (is_name(key, state->str_message)) {
        return fill_value(slot, message_of(object), HIDDEN);
    }
    if (is_name(key, state->str_stack)) {
        return fill_value(slot, stack_of(state, object), HIDDEN);
    }
    if (PyUnicode_CompareWithASCIIString(key, "cause") == 0) {
        PyObject *cause = PyException_GetCause(object);
        return fill_value(slot, cause != NULL ? cause : Py_NewRef(UNDEFINED),
                          HIDDEN);
    }
    if (is_name(key, state->str_name)) {
        PyObject *name =
            PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");
        return fill_value(slot, name, HIDDEN);
    }
    return 0;
}

/* Of napi.Error the class computes them; here they are own. */
static int
find_error_own(struct shim_state *state, PyObject *object, PyObject *key,
               struct property_slot *slot)
{
    bool is_message = is_name(key, state->str_message);
    if (!is_message && !is_name(key, state->str_stack)) {
        return 0;
    }
    PyObject *args = ((PyBaseExceptionObject *)object)->args;
    if (is_message && (args == NULL || PyTuple_GET_SIZE(args) == 0)) {
        return 0;
    }
    slot->attributes = remaining(state, object, HIDDEN);
    int found = PyObject_GetOptionalAttr(object, key, &slot->value);
    return found != 0 ? found : find_error_text(state, object, key, slot);
}

/* === callables and types === */

/* new int: the parameters before the first one that has a default */
static PyObject *
count_parameters(PyObject *callable)
{
    Py_ssize_t count = 0;
    if (PyMethod_Check(callable)) {
        count = -1;
        callable = PyMethod_GET_FUNCTION(callable);
    }
    if (PyFunction_Check(callable)) {
        PyCodeObject *code = (PyCodeObject *)PyFunction_GET_CODE(callable);
        PyObject *defaults = PyFunction_GET_DEFAULTS(callable);
        count += code->co_argcount;
        count -= defaults != NULL ? PyTuple_GET_SIZE(defaults) : 0;
    }
    return PyLong_FromSsize_t(Py_MAX(count, 0));
}

/* new str: __name__, "" where there is none */
static PyObject *
name_of(PyObject *callable)
{
    PyObject *name = PyObject_GetAttrString(callable, "__name__");
    if (name != NULL && PyUnicode_Check(name)) {
        return name;
    }
    Py_XDECREF(name);
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_AttributeError)) {
        return NULL;
    }
    PyErr_Clear();
    return PyUnicode_FromStringAndSize("", 0);
}

static int
find_function_text(struct shim_state *state, PyObject *object, PyObject *key,
                   struct property_slot *slot)
{
    if (is_name(key, state->str_name)) {
        return fill_value(slot, name_of(object),
                          remaining(state, object, napi_configurable));
    }
    if (is_name(key, state->str_length)) {
        return fill_value(slot, count_parameters(object),
                          remaining(state, object, napi_configurable));
    }
    return 0;
}

static int
find_type_own(struct shim_state *state, PyObject *object, PyObject *key,
              struct property_slot *slot)
{
    PyTypeObject *type = (PyTypeObject *)object;
    if (is_name(key, state->str_prototype)) {
        return fill_value(slot, prototype_of_type(state, type), 0);
    }
    if (builtin_is_closed(state, type)) {
        return 0; /* the table has it all */
    }
    int found = find_function_text(state, object, key, slot);
    if (found != 0) {
        return found;
    }
    PyObject *dict = PyType_GetDict(type); /* new */
    if (dict == NULL) {
        return 0;
    }
    found = PyDict_Contains(dict, key);
    Py_DECREF(dict);
    slot->attributes = PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)
                           ? HIDDEN
                           : 0;
    return found <= 0 ? found
                      : PyObject_GetOptionalAttr(object, key, &slot->value);
}

int
property_find_attribute(struct shim_state *state, PyObject *object,
                        enum property_kind kind, PyObject *key,
                        struct property_slot *slot)
{
    int found = property_find_table(side_of(state, object), key, slot);
    if (found != 0 || !PyUnicode_Check(key) || object_is_dunder(key)) {
        return found;
    }
    if (kind == KIND_TYPE) {
        return find_type_own(state, object, key, slot);
    }
    found = find_stored(state, object, key, slot);
    if (found == 0 && kind == KIND_ERROR) {
        return find_error_own(state, object, key, slot);
    }
    return found == 0 && kind == KIND_CALLABLE
               ? find_function_text(state, object, key, slot)
               : found;
}

/* === what the class gives === */

static int
find_class_attribute(struct shim_state *state, PyObject *object,
                     PyObject *key, PyObject **value)
{
    PyTypeObject *type = (PyTypeObject *)object;
    if (builtin_is_closed(state, type) ||
        (Py_TYPE(object) == &PyType_Type &&
         _PyType_Lookup(type, key) == NULL)) {
        return 0; /* type.mro() and its like are no statics */
    }
    return PyObject_GetOptionalAttr(object, key, value);
}

int
property_find_python(struct shim_state *state, PyObject *object,
                     enum property_kind kind, PyObject *key,
                     struct property_slot *slot)
{
    *slot = (struct property_slot){.is_probe = slot->is_probe};
    struct side *side = /* looking for it costs more than the attribute */
        PyDict_GET_SIZE(state->sides) != 0 ? side_of(state, object) : NULL;
    int found = property_find_table(side, key, slot);
    if (found != 0 || !PyUnicode_Check(key) || object_is_dunder(key)) {
        return found;
    }
    slot->attributes = PLAIN;
    if (kind == KIND_TYPE) {
        found = find_type_own(state, object, key, slot);
        return found != 0 ? found
                          : find_class_attribute(state, object, key,
                                                 &slot->value);
    }
    found = PyObject_GetOptionalAttr(object, key, &slot->value);
    if (found == 0 && kind == KIND_ERROR) {
        return find_error_text(state, object, key, slot);
    }
    return found == 0 && kind == KIND_CALLABLE
               ? find_function_text(state, object, key, slot)
               : found;
}

/* 1: filled in from an entry of a type's dict, 0: it is no property of the
 * prototype */
static int
fill_from_raw(struct shim_state *state, PyTypeObject *klass, PyObject *raw,
              struct property_slot *slot)
{
    PyTypeObject *type = Py_TYPE(raw);
    slot->attributes = HIDDEN;
    if (type == &PyStaticMethod_Type || type == &PyClassMethod_Type) {
        return 0;
    }
    if (type == state->accessor_type) {
        struct js_accessor *accessor = (struct js_accessor *)raw;
        slot->getter = Py_XNewRef(accessor->getter);
        slot->setter = Py_XNewRef(accessor->setter);
        slot->attributes = napi_configurable;
        return !accessor->is_static;
    }
    if (type == state->method_type) {
        struct js_method *method = (struct js_method *)raw;
        bool native = Py_TYPE(method->function) == state->function_type;
        slot->value = Py_NewRef(native ? method->function : raw);
        return !method->is_static;
    }
    if (type->tp_descr_get != NULL) {
        slot->descriptor = Py_NewRef(raw);
        slot->owner = (PyTypeObject *)Py_NewRef((PyObject *)klass);
    } else {
        slot->value = Py_NewRef(raw);
    }
    return 1;
}

int
property_find_raw(struct shim_state *state, PyTypeObject *klass,
                  PyObject *raw, struct property_slot *slot)
{
    Py_INCREF(raw);
    int found = fill_from_raw(state, klass, raw, slot);
    Py_DECREF(raw);
    if (found == 0) {
        property_slot_clear(slot);
    }
    return found;
}

int
property_find_klass(struct shim_state *state, PyTypeObject *klass,
                    PyObject *key, struct property_slot *slot)
{
    bool ours = PyObject_TypeCheck((PyObject *)klass, state->class_type);
    if (!PyUnicode_Check(key) || object_is_dunder(key) ||
        (ours && ((struct js_class *)klass)->env != NULL) ||
        builtin_is_closed(state, klass)) {
        return 0; /* an addon's class: the prototype object has it all */
    }
    if (is_name(key, state->str_constructor)) {
        return fill_value(slot, Py_NewRef((PyObject *)klass), HIDDEN);
    }
    PyObject *dict = PyType_GetDict(klass); /* new */
    PyObject *raw = NULL;
    int found = dict != NULL ? PyDict_GetItemRef(dict, key, &raw) : 0;
    Py_XDECREF(dict);
    if (found > 0) {
        found = property_find_raw(state, klass, raw, slot);
        Py_DECREF(raw);
    }
    return found;
}
