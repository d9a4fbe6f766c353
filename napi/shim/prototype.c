/* Node-API chapter "Object prototypes": the prototype chain.
 *
 * Most prototypes are implied by the kind of value and made by napi.runtime
 * when first asked for. A Python type has a virtual prototype object that shows
 * the type's own attributes; the chain follows its bases. */

#include "shim.h"

static PyObject * /* new; napi.runtime's prototype of a kind */
runtime_prototype(struct shim_state *state, const char *kind)
{
    PyObject *find = state_lookup(state, "prototype_for");
    PyObject *prototype = find ? PyObject_CallFunction(find, "s", kind)
                               : NULL;
    Py_XDECREF(find);
    return prototype;
}

static PyObject * /* new */
object_prototype(struct shim_state *state)
{
    return Py_XNewRef(state_object_prototype(state));
}

/* Types that have Object.prototype after them. */
static bool
is_root(struct shim_state *state, PyTypeObject *type)
{
    return type == NULL || type == &PyBaseObject_Type ||
           type == state->instance_type || type == state->object_type ||
           type == &PyDict_Type ||
           (PyExceptionClass_Check(type) &&
            !PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) ||
           (type == state->instance_type->tp_base);
}

/* new; what the prototype object of a type inherits from */
static PyObject *
base_prototype(struct shim_state *state, PyTypeObject *type)
{
    PyTypeObject *base = type->tp_base;
    if (is_root(state, base)) {
        return object_prototype(state);
    }
    if (base == &PyType_Type) {
        return runtime_prototype(state, "function");
    }
    return prototype_of_type(state, base);
}

static PyObject * /* new js_object with klass; NULL: raised */
make_virtual(struct shim_state *state, PyTypeObject *type)
{
    PyObject *prototype = object_new(state);
    struct side *side = prototype ? side_make(state, prototype) : NULL;
    if (side == NULL) {
        Py_XDECREF(prototype);
        return NULL;
    }
    side->klass = Py_NewRef((PyObject *)type);
    return prototype;
}

/* Where the prototype object of a plain Python type is kept: in the type, so
 * that both die together; for types that cannot take it, in the state. */
static PyObject * /* new; NULL: raised */
keep_virtual(struct shim_state *state, PyTypeObject *type)
{
    PyObject *name = PyUnicode_InternFromString("__napi_prototype__");
    bool heap = PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) &&
                type->tp_dict != NULL;
    PyObject *home = heap ? type->tp_dict : state->prototypes;
    PyObject *key = heap ? name : (PyObject *)type;
    PyObject *prototype = NULL;
    if (name != NULL && PyDict_GetItemRef(home, key, &prototype) == 0) {
        prototype = make_virtual(state, type);
        if (prototype != NULL && PyDict_SetItem(home, key, prototype) < 0) {
            Py_CLEAR(prototype);
        }
        PyType_Modified(type);
    }
    Py_XDECREF(name);
    return prototype;
}

PyObject *
prototype_of_type(struct shim_state *state, PyTypeObject *type)
{
    if (type == state->object_type || type == &PyDict_Type ||
        type == &PyBaseObject_Type) {
        return object_prototype(state);
    }
    if (PyObject_TypeCheck((PyObject *)type, state->class_type)) {
        struct js_class *class = (struct js_class *)type;
        if (class->prototype == NULL) {
            class->prototype = make_virtual(state, type);
        }
        return Py_XNewRef(class->prototype);
    }
    PyObject *given =
        type->tp_dict != NULL
            ? PyDict_GetItemWithError(type->tp_dict, state->str_prototype)
            : NULL;
    if (given != NULL && PyObject_TypeCheck(given, state->object_type)) {
        return Py_NewRef(given);
    }
    return PyErr_Occurred() ? NULL : keep_virtual(state, type);
}

PyObject *
prototype_of_function(struct shim_state *state, PyObject *function)
{
    PyObject *prototype = object_new(state);
    struct js_property *back =
        prototype ? property_new(state, function, NULL, NULL,
                                 napi_writable | napi_configurable)
                  : NULL;
    struct js_property *own =
        back ? property_new(state, prototype, NULL, NULL, napi_writable)
             : NULL;
    if (own == NULL ||
        property_put(state, prototype, state->str_constructor, back) < 0 ||
        property_put(state, function, state->str_prototype, own) < 0) {
        Py_CLEAR(prototype);
    }
    Py_XDECREF(back);
    Py_XDECREF(own);
    return prototype;
}

static const char *
kind_of_view(struct shim_state *state, PyObject *object, char *buffer)
{
    struct js_view *view = (struct js_view *)object;
    if (view->kind == VIEW_DATAVIEW) {
        return "dataview";
    }
    if (PyObject_TypeCheck(object, state->buffer_type)) {
        return "typedarray:Buffer";
    }
    const char *name = state->typed_types[view->kind]->tp_name;
    const char *dot = strrchr(name, '.');
    sprintf(buffer, "typedarray:%.40s", dot != NULL ? dot + 1 : name);
    return buffer;
}

/* the runtime's name for the kind of a value; NULL: goes by its type */
static const char *
kind_of(struct shim_state *state, PyObject *object, char *buffer)
{
    if (PyList_Check(object) || PyTuple_Check(object)) {
        return "array";
    }
    if (PyObject_TypeCheck(object, state->view_type)) {
        return kind_of_view(state, object, buffer);
    }
    if (PyObject_TypeCheck(object, state->sharedarraybuffer_type)) {
        return "sharedarraybuffer";
    }
    if (PyObject_TypeCheck(object, state->arraybuffer_type)) {
        return "arraybuffer";
    }
    if (Py_TYPE(object) == state->promise_type) {
        return "promise";
    }
    if (PyBytes_Check(object) || PyByteArray_Check(object)) {
        return "typedarray:Uint8Array";
    }
    switch (compare_typeof(state, object)) {
    case napi_string:
        return "string";
    case napi_number:
        return "number";
    case napi_boolean:
        return "boolean";
    case napi_bigint:
        return "bigint";
    case napi_symbol:
        return "symbol";
    case napi_function:
        return "function";
    default:
        return NULL;
    }
}

/* A class inherits from the class it extends, else from Function.prototype. */
static PyObject *
prototype_of_class(struct shim_state *state, PyTypeObject *type)
{
    PyTypeObject *base = type->tp_base;
    if (is_root(state, base) ||
        !PyType_HasFeature(base, Py_TPFLAGS_HEAPTYPE)) {
        return runtime_prototype(state, "function");
    }
    return Py_NewRef((PyObject *)base);
}

PyObject *
prototype_get(struct shim_state *state, PyObject *object)
{
    char buffer[64];
    struct side *side = side_of(state, object);
    if (side != NULL && side->prototype != NULL) {
        return Py_NewRef(side->prototype);
    }
    if (object == state->object_prototype ||
        Py_TYPE(object) == state->external_type) {
        return Py_NewRef(state->null);
    }
    if (side != NULL && side->klass != NULL) {
        return base_prototype(state, (PyTypeObject *)side->klass);
    }
    if (PyDict_Check(object) && Py_TYPE(object) != state->object_type &&
        !PyObject_TypeCheck(object, state->object_type)) {
        return object_prototype(state);
    }
    if (PyExceptionInstance_Check(object) &&
        !PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_HEAPTYPE)) {
        return runtime_prototype(state, "error");
    }
    if (PyType_Check(object)) {
        return prototype_of_class(state, (PyTypeObject *)object);
    }
    const char *kind = kind_of(state, object, buffer);
    return kind != NULL ? runtime_prototype(state, kind)
                        : prototype_of_type(state, Py_TYPE(object));
}

/* 1: prototype inherits from object already, -1 raised */
static int
makes_cycle(struct shim_state *state, PyObject *object, PyObject *prototype)
{
    PyObject *holder = Py_NewRef(prototype);
    while (holder != NULL && holder != state->null) {
        if (holder == object) {
            Py_DECREF(holder);
            return 1;
        }
        Py_SETREF(holder, prototype_get(state, holder));
    }
    Py_XDECREF(holder);
    return holder == NULL ? -1 : 0;
}

/* 1 where nothing would change, 0, -1 raised */
static int
refuse_unless_same(struct shim_state *state, PyObject *object,
                   PyObject *prototype)
{
    PyObject *current = prototype_get(state, object);
    Py_XDECREF(current);
    return current == NULL ? -1 : current == prototype;
}

int
prototype_set(struct shim_state *state, PyObject *object, PyObject *prototype)
{
    if (!compare_is_object(state, object)) {
        return 1;
    }
    if (prototype != state->null && !compare_is_object(state, prototype)) {
        PyObject *text = coerce_to_string(state, prototype);
        if (text != NULL) {
            error_raise(state, "TypeError", NULL,
                        "Object prototype may only be an Object or null: %U",
                        text);
            Py_DECREF(text);
        }
        return -1;
    }
    struct side *side = side_of(state, object);
    if (side != NULL && side->inextensible) {
        return refuse_unless_same(state, object, prototype);
    }
    int cycle = makes_cycle(state, object, prototype);
    side = cycle == 0 ? side_make(state, object) : NULL;
    if (cycle > 0) {
        error_raise(state, "TypeError", NULL, "Cyclic __proto__ value");
    }
    if (side == NULL) {
        return -1;
    }
    Py_XSETREF(side->prototype, Py_NewRef(prototype));
    if (Py_TYPE(Py_TYPE(object)) == state->class_type) {
        class_make_exotic(state, Py_TYPE(object));
    }
    return 1;
}

/* Node-API v1. null at the end of the chain. */
napi_status NAPI_CDECL
napi_get_prototype(napi_env env, napi_value object, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    return scope_return(env, prototype_get(env->state, target), result);
}

/* Experimental. */
napi_status NAPI_CDECL
node_api_set_prototype(napi_env env, napi_value object, napi_value value)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, value);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    int done = prototype_set(env->state, target, value_of(env, value));
    CHECK_PY(env, done >= 0);
    CHECK(env, done > 0, napi_generic_failure);
    return error_clear(env);
}
