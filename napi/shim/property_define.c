/* Node-API chapter "Working with JavaScript properties": defining.
 *
 * A plain data property goes where the object keeps its data; every other one
 * into side->table. Python's own containers have no such place: they refuse
 * with a TypeError that names the class that has. */

#include "shim.h"

#define PLAIN (napi_writable | napi_enumerable | napi_configurable)

/* === napi.Property === */

static int
traverse(PyObject *object, visitproc visit, void *arg)
{
    struct js_property *self = (struct js_property *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->value);
    Py_VISIT(self->getter);
    Py_VISIT(self->setter);
    return 0;
}

static int
clear(PyObject *object)
{
    struct js_property *self = (struct js_property *)object;
    Py_CLEAR(self->value);
    Py_CLEAR(self->getter);
    Py_CLEAR(self->setter);
    return 0;
}

static void
dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    clear(object);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static PyObject *
get_flag(PyObject *self, void *bit)
{
    struct js_property *property = (struct js_property *)self;
    int flag = (int)(intptr_t)bit;
    return PyBool_FromLong((property->attributes & flag) != 0 &&
                           (flag != napi_writable ||
                            property->value != NULL));
}

static PyMemberDef members[] = {
    {"value", T_OBJECT, offsetof(struct js_property, value), READONLY,
     "What the property holds; None where it is an accessor."},
    {"get", T_OBJECT, offsetof(struct js_property, getter), READONLY,
     "The getter, or None."},
    {"set", T_OBJECT, offsetof(struct js_property, setter), READONLY,
     "The setter, or None."},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef flags[] = {
    {"writable", get_flag, NULL, "The value can be changed.",
     (void *)(intptr_t)napi_writable},
    {"enumerable", get_flag, NULL, "It is listed with the others.",
     (void *)(intptr_t)napi_enumerable},
    {"configurable", get_flag, NULL, "It can be deleted and redefined.",
     (void *)(intptr_t)napi_configurable},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)"A property that is not plain data."},
    {Py_tp_dealloc, dealloc},
    {Py_tp_traverse, traverse},
    {Py_tp_clear, clear},
    {Py_tp_members, members},
    {Py_tp_getset, flags},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.Property",
    .basicsize = sizeof(struct js_property),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};

int
property_init(PyObject *module, struct shim_state *state)
{
    state->property_type = module_add_type(module, &spec, NULL);
    return state->property_type != NULL ? 0 : -1;
}

struct js_property *
property_new(struct shim_state *state, PyObject *value, PyObject *getter,
             PyObject *setter, int attributes)
{
    struct js_property *property =
        PyObject_GC_New(struct js_property, state->property_type);
    if (property != NULL) {
        /* Nothing makes an accessor read-only: it passes that filter. */
        int always = value == NULL ? napi_writable : 0;
        property->value = Py_XNewRef(value);
        property->getter = Py_XNewRef(getter);
        property->setter = Py_XNewRef(setter);
        property->attributes = (attributes & PLAIN) | always;
        PyObject_GC_Track(property);
    }
    return property;
}

int
property_own(struct shim_state *state, PyObject *object, PyObject *key,
             struct js_property **result)
{
    *result = NULL;
    PyObject *name = property_key(state, key);
    if (name == NULL) {
        return -1;
    }
    struct property_slot slot = {0};
    int found = property_find_own(
        state, object, property_kind_of(state, object), name, &slot);
    Py_DECREF(name);
    if (found > 0) {
        *result = property_from_slot(state, &slot);
        found = *result != NULL ? 1 : -1;
    }
    property_slot_clear(&slot);
    return found;
}

/* === [[DefineOwnProperty]] === */

/* 1, 0, -1: as SameValue (ECMA-262 7.2.9) */
static int
is_same_value(struct shim_state *state, PyObject *a, PyObject *b)
{
    double left, right;
    if (a == b) {
        return 1;
    }
    if (number_as_double(state, a, &left) &&
        number_as_double(state, b, &right)) {
        return memcmp(&left, &right, sizeof(left)) == 0 ||
               (left != left && right != right);
    }
    return compare_strict(state, a, b);
}

/* 1, 0, -1: what is not configurable may be replaced so (10.1.6.3) */
static int
may_replace(struct shim_state *state, struct property_slot *old,
            struct js_property *new)
{
    int changed = new->attributes ^ old->attributes;
    if ((new->attributes & napi_configurable) != 0 ||
        (changed & napi_enumerable) != 0 || old->descriptor != NULL) {
        return 0;
    }
    if (old->value == NULL || new->value == NULL) {
        return old->value == new->value && old->getter == new->getter &&
               old->setter == new->setter;
    }
    if ((old->attributes & napi_writable) != 0) {
        return 1;
    }
    return (new->attributes & napi_writable) != 0
               ? 0
               : is_same_value(state, old->value, new->value);
}

/* Indexes and length, which the table cannot hold. */
static bool
is_element(struct shim_state *state, enum property_kind kind, PyObject *key)
{
    uint32_t index;
    return (kind == KIND_ARRAY || kind == KIND_VIEW) &&
           PyUnicode_Check(key) &&
           (string_as_index(key, &index) ||
            (kind == KIND_ARRAY &&
             PyUnicode_Compare(key, state->str_length) == 0));
}

/* Takes a property out of the table, so that its data can go elsewhere; its
 * place in the order stays. 0 or -1 */
static int
leave_table(struct shim_state *state, PyObject *object, PyObject *key)
{
    struct side *side = side_of(state, object);
    if (side == NULL || side->table == NULL) {
        return 0;
    }
    int found = PyDict_Contains(side->table, key);
    return found > 0 ? PyDict_DelItem(side->table, key) : found;
}

/* An element with attributes of its own: a hole in the list, and the table. */
static int
define_special(struct shim_state *state, PyObject *object, PyObject *key,
               uint32_t index, struct js_property *property)
{
    struct js_array *array = (struct js_array *)object;
    Py_ssize_t at = (Py_ssize_t)index;
    struct side *side = side_make(state, object);
    if (side == NULL) {
        return -1;
    }
    if (at >= PyList_GET_SIZE(object)) {
        if (side->length_fixed) {
            return 0;
        }
        if (array_set_length(state, array, (size_t)index + 1) < 0) {
            return -1;
        }
    }
    if (!array_is_hole(array, at) &&
        (array_make_holes(array, at, at + 1) < 0 ||
         PyList_SetItem(object, at, Py_NewRef(UNDEFINED)) < 0)) {
        return -1;
    }
    return property_put(state, object, KIND_ARRAY, key, property);
}

static int
define_length(struct shim_state *state, PyObject *object, PyObject *key,
              struct js_property *property)
{
    const int wanted = property->attributes & ~napi_writable;
    if (property->value == NULL || wanted != 0) {
        return 0;
    }
    int done =
        property_store(state, object, KIND_ARRAY, key, property->value);
    if (done >= 0 && (property->attributes & napi_writable) == 0) {
        struct side *side = side_make(state, object);
        if (side == NULL) {
            return -1;
        }
        side->length_fixed = true;
    }
    return done;
}

static int
define_element(struct shim_state *state, PyObject *object,
               enum property_kind kind, PyObject *key,
               struct js_property *property)
{
    uint32_t index;
    bool is_index = string_as_index(key, &index);
    if (!is_index) {
        return define_length(state, object, key, property);
    }
    if (property->value != NULL && property->attributes == PLAIN) {
        return leave_table(state, object, key) < 0
                   ? -1
                   : property_store(state, object, kind, key,
                                    property->value);
    }
    return kind == KIND_VIEW
               ? 0
               : define_special(state, object, key, index, property);
}

static int
apply(struct shim_state *state, PyObject *object, enum property_kind kind,
      PyObject *key, struct js_property *property)
{
    if (is_element(state, kind, key)) {
        return define_element(state, object, kind, key, property);
    }
    if (property->value != NULL && property->attributes == PLAIN) {
        return leave_table(state, object, key) < 0
                   ? -1
                   : property_store(state, object, kind, key,
                                    property->value);
    }
    switch (kind) {
    case KIND_STRING:
    case KIND_PRIMITIVE:
        return 1; /* of a box that is dropped */
    case KIND_DICT:
    case KIND_LIST:
        return property_refuse_native(
            state, object, "hold a read-only, hidden or computed property");
    case KIND_MAPPING:
        return 0;
    default:
        return property_put(state, object, kind, key, property);
    }
}

/* 1, 0, -1: by what is there already */
static int
is_allowed(struct shim_state *state, PyObject *object,
           enum property_kind kind, PyObject *key,
           struct js_property *property)
{
    struct property_slot old = {0};
    int found = property_find_own(state, object, kind, key, &old);
    if (found <= 0) {
        return found == 0 ? property_is_extensible(state, object) : -1;
    }
    int allowed = (old.attributes & napi_configurable) != 0
                      ? 1
                      : may_replace(state, &old, property);
    property_slot_clear(&old);
    return allowed;
}

int
property_define(struct shim_state *state, PyObject *object, PyObject *key,
                struct js_property *property)
{
    PyObject *name = property_key(state, key);
    if (name == NULL) {
        return -1;
    }
    enum property_kind kind = property_kind_of(state, object);
    if (kind == KIND_PROXY) {
        int defined = proxy_define(state, object, name, property);
        Py_DECREF(name);
        return defined;
    }
    int done = kind == KIND_MAPPING
                   ? 1
                   : is_allowed(state, object, kind, name, property);
    if (done > 0) {
        done = apply(state, object, kind, name, property);
    }
    Py_DECREF(name);
    return done;
}

/* === napi_define_properties === */

/* napi_ok and a new name, else the status of Node */
static napi_status
take_name(napi_env env, const napi_property_descriptor *descriptor,
          PyObject **name)
{
    if (descriptor->utf8name != NULL) {
        *name = string_key(env->state, descriptor->utf8name,
                           NAPI_AUTO_LENGTH);
        CHECK_PY(env, *name != NULL);
        return napi_ok;
    }
    CHECK_ARG(env, descriptor->name);
    PyObject *given = value_of(env, descriptor->name);
    CHECK(env,
          PyUnicode_Check(given) || Py_TYPE(given) == env->state->symbol_type,
          napi_name_expected);
    *name = property_key(env->state, given);
    CHECK_PY(env, *name != NULL);
    return napi_ok;
}

/* new, or NULL: raised, or there is no callback */
static PyObject *
make_function(napi_env env, PyObject *name, napi_callback callback, void *data,
              PyTypeObject *receiver)
{
    if (callback == NULL) {
        return NULL;
    }
    PyObject *function = function_new(env, name, callback, data);
    if (function != NULL && receiver != NULL) {
        ((struct js_function *)function)->receiver =
            (PyTypeObject *)Py_NewRef((PyObject *)receiver);
    }
    return function;
}

/* new; the handle of a value was checked; NULL: raised */
static struct js_property *
make_property(napi_env env, PyObject *key,
              const napi_property_descriptor *descriptor,
              PyTypeObject *receiver)
{
    void *data = descriptor->data;
    PyObject *getter = NULL, *setter = NULL, *value = NULL;
    if (descriptor->getter != NULL || descriptor->setter != NULL) {
        getter = make_function(env, NULL, descriptor->getter, data, NULL);
        setter = PyErr_Occurred()
                     ? NULL
                     : make_function(env, NULL, descriptor->setter, data,
                                     NULL);
    } else if (descriptor->method != NULL) {
        /* Only the methods of a class are named, as in V8. */
        bool named = receiver != NULL && PyUnicode_Check(key);
        value = make_function(env, named ? key : NULL, descriptor->method,
                              data, receiver);
    } else {
        value = Py_NewRef(value_of(env, descriptor->value));
    }
    struct js_property *property =
        PyErr_Occurred() ? NULL
                         : property_new(env->state, value, getter, setter,
                                        (int)descriptor->attributes);
    Py_XDECREF(getter);
    Py_XDECREF(setter);
    Py_XDECREF(value);
    return property;
}

/* Node answers napi_generic_failure for a refused method, and
 * napi_invalid_arg for any other property. */
napi_status
property_define_one(napi_env env, PyObject *object,
                    const napi_property_descriptor *descriptor,
                    PyTypeObject *receiver)
{
    bool is_accessor =
        descriptor->getter != NULL || descriptor->setter != NULL;
    bool is_method = !is_accessor && descriptor->method != NULL;
    PyObject *name;
    napi_status status = take_name(env, descriptor, &name);
    if (status != napi_ok) {
        return status;
    }
    if (!is_accessor && !is_method && !handle_ok(env, descriptor->value)) {
        Py_DECREF(name);
        return error_set(env, napi_invalid_arg);
    }
    struct js_property *property =
        make_property(env, name, descriptor, receiver);
    int done = property != NULL
                   ? property_define(env->state, object, name, property)
                   : -1;
    Py_XDECREF((PyObject *)property);
    Py_DECREF(name);
    CHECK_PY(env, done >= 0);
    CHECK(env, done > 0, is_method ? napi_generic_failure : napi_invalid_arg);
    return napi_ok;
}

/* Node-API v1. Dicts and lists have plain data only: TypeError is pending. */
napi_status NAPI_CDECL
napi_define_properties(napi_env env, napi_value object, size_t property_count,
                       const napi_property_descriptor *properties)
{
    NAPI_PREAMBLE(env);
    CHECK(env, property_count == 0 || properties != NULL, napi_invalid_arg);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    for (size_t i = 0; status == napi_ok && i < property_count; ++i) {
        status = property_define_one(env, target, &properties[i], NULL);
    }
    return status != napi_ok ? status : error_clear(env);
}
