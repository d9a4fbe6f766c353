/* Node-API chapter "Working with JavaScript properties": where an own property
 * goes, and how it leaves.
 *
 * Nothing here asks whether it may: setting, defining and deleting decide.
 * side->order is kept only where a dict and a table share the string keys. */

#include "shim.h"

#define PLAIN (napi_writable | napi_enumerable | napi_configurable)

int
property_refuse_native(struct shim_state *state, PyObject *object,
                       const char *what)
{
    bool is_list = PyList_Check(object) || PyTuple_Check(object);
    error_raise(state, "TypeError", NULL,
                "a Python %s cannot %s: use napi.%s instead",
                Py_TYPE(object)->tp_name, what,
                is_list ? "Array(...)" : "Object(...)");
    return -1;
}

/* An external is born frozen, as in V8. */
bool
property_is_extensible(struct shim_state *state, PyObject *object)
{
    if (proxy_is(state, object)) {
        int answer = proxy_is_extensible(state, object);
        if (answer < 0) {
            PyErr_Clear(); /* the trap's error: nothing can be added then */
        }
        return answer > 0;
    }
    struct side *side = side_of(state, object);
    return !PyTuple_Check(object) &&
           Py_TYPE(object) != state->external_type &&
           (side == NULL ||
            !(side->inextensible || side->frozen || side->sealed));
}

/* === the order of insertion === */

/* borrowed; the dict whose plain data shares its keys with the table */
static PyObject *
data_of(PyObject *object, enum property_kind kind)
{
    if (kind == KIND_OBJECT) {
        return object;
    }
    return kind == KIND_INSTANCE ? ((struct js_instance *)object)->dict : NULL;
}

static int
start_order(struct side *side, PyObject *data)
{
    side->order = PyDict_New();
    PyObject *key, *value;
    Py_ssize_t position = 0;
    while (side->order != NULL && data != NULL &&
           PyDict_Next(data, &position, &key, &value)) {
        if (PyUnicode_Check(key) &&
            PyDict_SetItem(side->order, key, Py_None) < 0) {
            Py_CLEAR(side->order);
        }
    }
    return side->order != NULL ? 0 : -1;
}

/* is_special: the key goes into the table */
static int
add_to_order(struct side *side, PyObject *object, enum property_kind kind,
             PyObject *key, bool is_special)
{
    if ((kind != KIND_OBJECT && kind != KIND_INSTANCE) ||
        !PyUnicode_Check(key) || (side->order == NULL && !is_special)) {
        return 0;
    }
    if (side->order == NULL &&
        start_order(side, data_of(object, kind)) < 0) {
        return -1;
    }
    return PyDict_SetItem(side->order, key, Py_None);
}

/* 0 whether it was there or not, -1 raised */
static int
drop_key(PyObject *dict, PyObject *key)
{
    if (dict == NULL) {
        return 0;
    }
    int found = PyDict_Contains(dict, key);
    return found > 0 ? PyDict_DelItem(dict, key) : found;
}

/* === the types that mirror === */

/* 0 or -1: prototype objects and classes of addons show in the type's dict
 * too; Python's own classes stay as they are. property NULL: it was
 * deleted. */
static int
mirror(struct shim_state *state, PyObject *object, struct side *side,
       enum property_kind kind, PyObject *key, struct js_property *property)
{
    bool is_class = kind == KIND_CLASS;
    PyObject *klass = is_class              ? object
                      : kind == KIND_OBJECT ? side->klass
                                            : NULL;
    return klass != NULL && PyObject_TypeCheck(klass, state->class_type)
               ? class_mirror(state, (PyTypeObject *)klass, key, property,
                              is_class)
               : 0;
}

/* === putting === */

int
property_put(struct shim_state *state, PyObject *object,
             enum property_kind kind, PyObject *key,
             struct js_property *property)
{
    struct side *side = side_make(state, object);
    if (side == NULL) {
        return -1;
    }
    if (add_to_order(side, object, kind, key, true) < 0) {
        return -1;
    }
    if (side->table == NULL) {
        side->table = PyDict_New();
    }
    if (side->table == NULL ||
        PyDict_SetItem(side->table, key, (PyObject *)property) < 0 ||
        drop_key(data_of(object, kind), key) < 0) {
        return -1;
    }
    if (kind == KIND_INSTANCE) {
        class_make_exotic(state, Py_TYPE(object));
    }
    return mirror(state, object, side, kind, key, property) < 0 ? -1 : 1;
}

static int
put_plain(struct shim_state *state, PyObject *object,
          enum property_kind kind, PyObject *key, PyObject *value)
{
    struct js_property *property =
        property_new(state, value, NULL, NULL, PLAIN);
    int done = property != NULL
                   ? property_put(state, object, kind, key, property)
                   : -1;
    Py_XDECREF((PyObject *)property);
    return done;
}

/* 1: the table has the property and now this value, 0, -1 raised */
static int
change_in_table(struct shim_state *state, PyObject *object,
                enum property_kind kind, PyObject *key, PyObject *value)
{
    struct side *side = side_of(state, object);
    PyObject *found = side != NULL && side->table != NULL
                          ? PyDict_GetItemWithError(side->table, key)
                          : NULL;
    if (found == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    struct js_property *property = (struct js_property *)Py_NewRef(found);
    Py_XSETREF(property->value, Py_NewRef(value));
    int status = mirror(state, object, side, kind, key, property);
    Py_DECREF(property);
    return status < 0 ? -1 : 1;
}

static int
mirror_plain(struct shim_state *state, PyObject *object, struct side *side,
             PyObject *key, PyObject *value)
{
    struct js_property *property =
        property_new(state, value, NULL, NULL, PLAIN);
    int status = property != NULL ? mirror(state, object, side, KIND_OBJECT,
                                           key, property)
                                  : -1;
    Py_XDECREF((PyObject *)property);
    return status;
}

static int
store_in_object(struct shim_state *state, PyObject *object, PyObject *key,
                PyObject *value)
{
    struct side *side = ((struct js_object *)object)->host.side;
    if (side != NULL &&
        (add_to_order(side, object, KIND_OBJECT, key, false) < 0 ||
         (side->klass != NULL &&
          mirror_plain(state, object, side, key, value) < 0))) {
        return -1;
    }
    return PyDict_SetItem(object, key, value) < 0 ? -1 : 1;
}

static int
store_in_instance(PyObject *object, PyObject *key, PyObject *value)
{
    struct js_instance *instance = (struct js_instance *)object;
    if (instance->dict == NULL) {
        instance->dict = PyDict_New();
    }
    if (instance->dict == NULL) {
        return -1;
    }
    struct side *side = instance->host.side;
    if (side != NULL &&
        add_to_order(side, object, KIND_INSTANCE, key, false) < 0) {
        return -1;
    }
    return PyDict_SetItem(instance->dict, key, value) < 0 ? -1 : 1;
}

/* A read-only attribute is refused as a getter without a setter is; so are
 * the attributes of a type that was not made in Python. */
static int
store_attribute(PyObject *object, enum property_kind kind, PyObject *key,
                PyObject *value)
{
    if (object_is_dunder(key)) {
        return 0;
    }
    int status = PyObject_SetAttr(object, key, value);
    if (status < 0 && (PyErr_ExceptionMatches(PyExc_AttributeError) ||
                       (kind == KIND_TYPE &&
                        PyErr_ExceptionMatches(PyExc_TypeError)))) {
        PyErr_Clear();
        /* A function without a __dict__ keeps it in its table. */
        return kind == KIND_CALLABLE && !PyObject_HasAttr(object, key) ? -2
                                                                      : 0;
    }
    return status < 0 ? -1 : 1;
}

static int
store_by_kind(struct shim_state *state, PyObject *object,
              enum property_kind kind, PyObject *key, PyObject *value)
{
    switch (kind) {
    case KIND_OBJECT:
        return PyUnicode_Check(key)
                   ? store_in_object(state, object, key, value)
                   : -2;
    case KIND_INSTANCE:
        return PyUnicode_Check(key) ? store_in_instance(object, key, value)
                                    : -2;
    case KIND_ARRAY:
    case KIND_LIST:
    case KIND_VIEW:
        return property_store_element(state, object, kind, key, value);
    case KIND_DICT:
        return property_store_dict(object, key, value);
    case KIND_MAPPING:
        return property_store_mapping(object, key, value);
    case KIND_STRING:
    case KIND_PRIMITIVE:
        return 1; /* lost with the box it went into */
    case KIND_TYPE:
        if (builtin_is_closed(state, (PyTypeObject *)object)) {
            return -2;
        }
        /* fallthrough */
    case KIND_ERROR:
    case KIND_CALLABLE:
    case KIND_ANY:
        return PyUnicode_Check(key)
                   ? store_attribute(object, kind, key, value)
                   : -2;
    default:
        return -2;
    }
}

int
property_store(struct shim_state *state, PyObject *object,
               enum property_kind kind, PyObject *key, PyObject *value)
{
    int done = change_in_table(state, object, kind, key, value);
    if (done == 0) {
        done = store_by_kind(state, object, kind, key, value);
    }
    return done == -2 ? put_plain(state, object, kind, key, value) : done;
}

/* === removing === */

/* The last element leaves a hole like any other: length stays. */
static int
remove_element(struct shim_state *state, PyObject *object, uint32_t index)
{
    if (!PyList_Check(object)) {
        return 0; /* tuples, views */
    }
    Py_ssize_t at = (Py_ssize_t)index;
    if (PyObject_TypeCheck(object, state->array_type) &&
        !array_is_hole((struct js_array *)object, at) &&
        array_make_holes((struct js_array *)object, at, at + 1) < 0) {
        return -1;
    }
    return PyList_SetItem(object, at, Py_NewRef(UNDEFINED)) < 0 ? -1 : 1;
}

static int
remove_attribute(PyObject *object, enum property_kind kind, PyObject *key)
{
    if (!PyUnicode_Check(key) || PyObject_SetAttr(object, key, NULL) == 0) {
        return 1;
    }
    if (PyErr_ExceptionMatches(PyExc_AttributeError) ||
        (kind == KIND_TYPE && PyErr_ExceptionMatches(PyExc_TypeError))) {
        PyErr_Clear();
        return 0;
    }
    return -1;
}

static int
remove_by_kind(struct shim_state *state, PyObject *object,
               enum property_kind kind, PyObject *key)
{
    uint32_t index;
    switch (kind) {
    case KIND_OBJECT:
    case KIND_INSTANCE:
        return drop_key(data_of(object, kind), key) < 0 ? -1 : 1;
    case KIND_ARRAY:
    case KIND_LIST:
    case KIND_VIEW:
        return PyUnicode_Check(key) && string_as_index(key, &index)
                   ? remove_element(state, object, index)
                   : 0;
    case KIND_DICT:
        return property_store_dict(object, key, NULL);
    case KIND_MAPPING:
        return property_store_mapping(object, key, NULL);
    case KIND_ERROR:
    case KIND_TYPE:
    case KIND_CALLABLE:
    case KIND_ANY:
        return remove_attribute(object, kind, key);
    case KIND_FUNCTION:
    case KIND_CLASS:
        return PyUnicode_Check(key) &&
               js_function_has_text(state, object, key, true);
    default:
        return 0; /* computed */
    }
}

int
property_remove(struct shim_state *state, PyObject *object,
                enum property_kind kind, PyObject *key)
{
    struct side *side = side_of(state, object);
    int found = side != NULL && side->table != NULL
                    ? PyDict_Contains(side->table, key)
                    : 0;
    int done = found < 0 ? -1 : 1;
    if (found > 0) {
        done = PyDict_DelItem(side->table, key) < 0 ? -1 : 1;
        if (done > 0 && PyUnicode_Check(key) &&
            (kind == KIND_FUNCTION || kind == KIND_CLASS)) {
            js_function_has_text(state, object, key, true);
        }
    } else if (found == 0) {
        done = remove_by_kind(state, object, kind, key);
    }
    if (done > 0 && side != NULL &&
        (drop_key(side->order, key) < 0 ||
         mirror(state, object, side, kind, key, NULL) < 0)) {
        return -1;
    }
    return done;
}
