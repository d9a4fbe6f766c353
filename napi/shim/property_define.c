/* Node-API chapter "Working with JavaScript properties": definitions
 * (ECMA-262 [[DefineOwnProperty]], ValidateAndApplyPropertyDescriptor).
 *
 * A plain data property goes into the dict, all else into side->table; a key is
 * never in both. What a native dict or list cannot hold is a TypeError that
 * names its remedy. */

#include "shim.h"

#define PLAIN (napi_writable | napi_enumerable | napi_configurable)

struct js_property *
property_new(struct shim_state *state, PyObject *value, PyObject *getter,
             PyObject *setter, int attributes)
{
    struct js_property *property =
        PyObject_GC_New(struct js_property, state->property_type);
    if (property == NULL) {
        return NULL;
    }
    property->value = Py_XNewRef(value);
    property->getter = value == NULL ? Py_XNewRef(getter) : NULL;
    property->setter = value == NULL ? Py_XNewRef(setter) : NULL;
    /* nothing makes an accessor read-only: it passes that filter */
    property->attributes =
        value == NULL ? attributes | napi_writable : attributes;
    PyObject_GC_Track(property);
    return property;
}

/* The dict in which a host object keeps plain data; borrowed or NULL. */
static PyObject *
dict_of(struct shim_state *state, PyObject *object)
{
    if (PyObject_TypeCheck(object, state->object_type)) {
        return object;
    }
    if (Py_TYPE(Py_TYPE(object)) == state->class_type) {
        return ((struct js_instance *)object)->dict;
    }
    return NULL;
}

/* The order of all own string keys begins with those of the dict. */
static int
start_order(struct side *side, PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t position = 0;
    side->order = PyDict_New();
    if (side->order == NULL) {
        return -1;
    }
    while (dict != NULL && PyDict_Next(dict, &position, &key, &value)) {
        if (PyDict_SetItem(side->order, key, Py_None) < 0) {
            return -1;
        }
    }
    return 0;
}

int
property_put(struct shim_state *state, PyObject *object, PyObject *key,
             struct js_property *property)
{
    struct side *side = side_make(state, object);
    PyObject *dict = dict_of(state, object);
    if (side == NULL) {
        return -1;
    }
    if (side->table == NULL && (side->table = PyDict_New()) == NULL) {
        return -1;
    }
    if (side->order == NULL && start_order(side, dict) < 0) {
        return -1;
    }
    if (property_note_order(side, key) < 0 ||
        PyDict_SetItem(side->table, key, (PyObject *)property) < 0) {
        return -1;
    }
    if (dict != NULL && PyUnicode_Check(key) &&
        PyDict_Contains(dict, key) > 0 && PyDict_DelItem(dict, key) < 0) {
        return -1;
    }
    if (Py_TYPE(Py_TYPE(object)) == state->class_type) {
        class_make_exotic(state, Py_TYPE(object));
    }
    return property_mirror(state, object, key, property);
}

int
property_mirror(struct shim_state *state, PyObject *object, PyObject *key,
                struct js_property *property)
{
    struct side *side = side_of(state, object);
    if (Py_TYPE(object) == state->class_type) {
        return class_mirror(state, (PyTypeObject *)object, key, property,
                            true);
    }
    if (side != NULL && side->klass != NULL &&
        Py_TYPE(side->klass) == state->class_type) {
        return class_mirror(state, (PyTypeObject *)side->klass, key, property,
                            false);
    }
    return 0;
}

/* 1 allowed, 0 refused, -1 raised: against a property that is fixed */
static int
validate(struct shim_state *state, struct js_property *old,
         struct js_property *new)
{
    if (old->attributes & napi_configurable) {
        return 1;
    }
    int both = old->attributes | new->attributes;
    if ((new->attributes & napi_configurable) ||
        ((old->attributes ^ new->attributes) & napi_enumerable) ||
        (old->value == NULL) != (new->value == NULL)) {
        return 0;
    }
    if (old->value == NULL) { /* both are accessors */
        return old->getter == new->getter && old->setter == new->setter;
    }
    if (old->attributes & napi_writable) {
        return 1;
    }
    return (both & napi_writable)
               ? 0
               : compare_strict(state, old->value, new->value);
}

/* Native objects take plain data; anything else names the remedy. */
static int
define_native(struct shim_state *state, PyObject *object, PyObject *key,
              struct js_property *property)
{
    if (property->value != NULL && property->attributes == PLAIN) {
        return property_set(state, object, key, property->value);
    }
    if (!PyDict_Check(object) && !PyList_Check(object) &&
        property_is_mapping(object)) {
        return 0;
    }
    const char *remedy = PyDict_Check(object)   ? "napi.Object(d)"
                         : PyList_Check(object) ? "napi.Array(l)"
                                                : "napi.Object()";
    error_raise(state, "TypeError", NULL,
                "a native %s cannot hold the property %S: it is an accessor "
                "or not writable, enumerable and configurable; use %s",
                Py_TYPE(object)->tp_name, key, remedy);
    return -1;
}

static int
define_element(struct shim_state *state, PyObject *array, PyObject *key,
               struct js_property *property)
{
    if (property->value == NULL || property->attributes != PLAIN) {
        error_raise(state, "TypeError", NULL,
                    "a napi.Array cannot hold the element %S as an accessor "
                    "or with other attributes",
                    key);
        return -1;
    }
    return property_set(state, array, key, property->value);
}

static int
define_host(struct shim_state *state, PyObject *object, PyObject *key,
            struct js_property *property, bool is_new)
{
    uint32_t index;
    PyObject *dict = dict_of(state, object);
    bool has_dict = PyObject_TypeCheck(object, state->object_type) ||
                    Py_TYPE(Py_TYPE(object)) == state->class_type;
    struct side *side = side_of(state, object);
    if (PyList_Check(object) && PyUnicode_Check(key) &&
        string_as_index(key, &index)) {
        return define_element(state, object, key, property);
    }
    bool plain = has_dict && PyUnicode_Check(key) &&
                 property->value != NULL && property->attributes == PLAIN;
    if (!plain) {
        return property_put(state, object, key, property) < 0 ? -1 : 1;
    }
    if (side != NULL && side->table != NULL &&
        PyDict_Contains(side->table, key) > 0 &&
        PyDict_DelItem(side->table, key) < 0) {
        return -1;
    }
    if (dict != NULL && !is_new) {
        return PyDict_SetItem(dict, key, property->value) < 0 ? -1 : 1;
    }
    return property_add_plain(state, object, key, property->value);
}

int
property_define(struct shim_state *state, PyObject *object, PyObject *key,
                struct js_property *property)
{
    struct js_property *old;
    bool host = host_of(state, object) != NULL;
    if (PyTuple_Check(object) || PyUnicode_Check(object)) {
        return 0;
    }
    bool plain = property->value != NULL && property->attributes == PLAIN;
    if (!host && (plain || PyDict_Check(object) || PyList_Check(object) ||
                  PyMapping_Check(object))) {
        return define_native(state, object, key, property);
    }
    int own = property_own(state, object, key, &old);
    if (own < 0) {
        return -1;
    }
    struct side *side = side_of(state, object);
    int allowed = own > 0 ? validate(state, old, property)
                          : !(side != NULL && side->inextensible);
    Py_XDECREF(old);
    if (allowed <= 0) {
        return allowed;
    }
    return define_host(state, object, key, property, own == 0);
}

/* === the napi functions === */

static PyObject * /* new; NULL: *status says why */
descriptor_key(napi_env env, const napi_property_descriptor *descriptor,
               napi_status *status)
{
    if (descriptor->utf8name != NULL) {
        PyObject *key = string_key(env->state, descriptor->utf8name,
                                   NAPI_AUTO_LENGTH);
        *status = key ? napi_ok : error_from_python(env);
        return key;
    }
    if (!handle_ok(env, descriptor->name)) {
        *status = error_set(env, napi_invalid_arg);
        return NULL;
    }
    PyObject *name = value_of(env, descriptor->name);
    if (!PyUnicode_Check(name) && Py_TYPE(name) != env->state->symbol_type) {
        *status = error_set(env, napi_name_expected);
        return NULL;
    }
    return Py_NewRef(name);
}

static PyObject * /* new; NULL: raised or no callback */
make_function(napi_env env, PyObject *key, napi_callback callback, void *data,
              PyTypeObject *receiver)
{
    if (callback == NULL) {
        return NULL;
    }
    PyObject *name = PyUnicode_Check(key) ? key : NULL;
    PyObject *function = function_new(env, name, callback, data);
    if (function != NULL && receiver != NULL) {
        ((struct js_function *)function)->receiver =
            (PyTypeObject *)Py_NewRef((PyObject *)receiver);
    }
    return function;
}

static struct js_property * /* new; NULL: raised */
make_property(napi_env env, const napi_property_descriptor *descriptor,
              PyObject *key, PyTypeObject *receiver)
{
    int attributes = (int)descriptor->attributes & PLAIN;
    PyObject *value = NULL, *getter = NULL, *setter = NULL;
    if (descriptor->getter != NULL || descriptor->setter != NULL) {
        getter = make_function(env, key, descriptor->getter,
                               descriptor->data, NULL);
        setter = make_function(env, key, descriptor->setter,
                               descriptor->data, NULL);
    } else if (descriptor->method != NULL) {
        value = make_function(env, key, descriptor->method, descriptor->data,
                              receiver);
    } else {
        value = Py_NewRef(value_of(env, descriptor->value));
    }
    struct js_property *property = NULL;
    if (!PyErr_Occurred()) {
        property =
            property_new(env->state, value, getter, setter, attributes);
    }
    Py_XDECREF(value);
    Py_XDECREF(getter);
    Py_XDECREF(setter);
    return property;
}

napi_status
property_define_one(napi_env env, PyObject *object,
                    const napi_property_descriptor *descriptor,
                    PyTypeObject *receiver)
{
    napi_status status = napi_ok;
    bool accessor =
        descriptor->getter != NULL || descriptor->setter != NULL;
    bool method = !accessor && descriptor->method != NULL;
    PyObject *key = descriptor_key(env, descriptor, &status);
    if (key == NULL) {
        return status;
    }
    if (!accessor && !method && !handle_ok(env, descriptor->value)) {
        Py_DECREF(key);
        return error_set(env, napi_invalid_arg);
    }
    struct js_property *property =
        make_property(env, descriptor, key, receiver);
    int done = property
                   ? property_define(env->state, object, key, property)
                   : -1;
    Py_XDECREF(property);
    Py_DECREF(key);
    CHECK_PY(env, done >= 0);
    CHECK(env, done > 0, method ? napi_generic_failure : napi_invalid_arg);
    return error_clear(env);
}

/* Node-API v1. A refusal answers 1 for a value or accessor, 9 for a method. */
napi_status NAPI_CDECL
napi_define_properties(napi_env env, napi_value object, size_t property_count,
                       const napi_property_descriptor *properties)
{
    NAPI_PREAMBLE(env);
    CHECK(env, property_count == 0 || properties != NULL, napi_invalid_arg);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    for (size_t i = 0; i < property_count && status == napi_ok; ++i) {
        status = property_define_one(env, target, &properties[i], NULL);
    }
    return status;
}
