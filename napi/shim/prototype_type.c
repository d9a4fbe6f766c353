/* Node-API chapter "Working with JavaScript properties": the prototype objects
 * of Python types.
 *
 * Each is a js_object with side->klass = the type. The type keeps it, so that
 * both die together: an addon class in ->prototype, another heap type in its
 * dict; only those of static types are in state->prototypes. */

#include "shim.h"

#define PROTOTYPE_NAME "__napi_prototype__"

/* new; NULL: not made yet, or raised */
static PyObject *
find_made(struct shim_state *state, const char *kind)
{
    if (state->made_prototypes == NULL) {
        state->made_prototypes = state_lookup(state, "made_prototypes");
    }
    PyObject *key =
        state->made_prototypes ? PyUnicode_FromString(kind) : NULL;
    PyObject *found =
        key ? PyDict_GetItemWithError(state->made_prototypes, key) : NULL;
    Py_XDECREF(key);
    return Py_XNewRef(found);
}

PyObject *
prototype_builtin(struct shim_state *state, const char *kind)
{
    PyObject *made = find_made(state, kind);
    if (made != NULL || PyErr_Occurred()) {
        return made;
    }
    PyObject *find = state_lookup(state, "prototype_for");
    PyObject *prototype =
        find != NULL ? PyObject_CallFunction(find, "s", kind) : NULL;
    Py_XDECREF(find);
    return prototype;
}

/* "typedarray:Uint8Array" and so on; NULL: not such a type */
static const char *
kind_of_view_type(struct shim_state *state, PyTypeObject *type)
{
    static const char *const kinds[VIEW_KINDS] = {
        [napi_int8_array] = "typedarray:Int8Array",
        [napi_uint8_array] = "typedarray:Uint8Array",
        [napi_uint8_clamped_array] = "typedarray:Uint8ClampedArray",
        [napi_int16_array] = "typedarray:Int16Array",
        [napi_uint16_array] = "typedarray:Uint16Array",
        [napi_int32_array] = "typedarray:Int32Array",
        [napi_uint32_array] = "typedarray:Uint32Array",
        [napi_float32_array] = "typedarray:Float32Array",
        [napi_float64_array] = "typedarray:Float64Array",
        [napi_bigint64_array] = "typedarray:BigInt64Array",
        [napi_biguint64_array] = "typedarray:BigUint64Array",
        [napi_float16_array] = "typedarray:Float16Array",
    };
    for (size_t i = 0; i < VIEW_KINDS; ++i) {
        if (type == state->typed_types[i]) {
            return kinds[i];
        }
    }
    return NULL;
}

const char *
prototype_kind_of_type(struct shim_state *state, PyTypeObject *type)
{
    const struct {
        PyTypeObject *type;
        const char *kind;
    } kinds[] = {
        {&PyBaseObject_Type, "object"},
        {&PyDict_Type, "object"},
        {state->object_type, "object"},
        {state->instance_type, "object"},
        {state->external_type, "object"},
        {&PyList_Type, "array"},
        {&PyTuple_Type, "array"},
        {state->array_type, "array"},
        {&PyUnicode_Type, "string"},
        {&PyLong_Type, "number"},
        {&PyFloat_Type, "number"},
        {&PyBool_Type, "boolean"},
        {state->bigint_type, "bigint"},
        {state->symbol_type, "symbol"},
        {state->function_type, "function"},
        {state->builtin_type, "function"},
        {state->host_type, "object"},
        {state->method_type, "function"},
        {state->class_type, "function"},
        {&PyType_Type, "function"},
        {&PyFunction_Type, "function"},
        {&PyCFunction_Type, "function"},
        {&PyMethod_Type, "function"},
        {state->promise_type, "promise"},
        {state->arraybuffer_type, "arraybuffer"},
        {state->sharedarraybuffer_type, "sharedarraybuffer"},
        {state->typedarray_type, "typedarray"},
        {state->buffer_type, "typedarray:Buffer"},
        {state->dataview_type, "dataview"},
        {&PyBytes_Type, "typedarray:Buffer"},
        {&PyByteArray_Type, "typedarray:Buffer"},
    };
    for (size_t i = 0; i < Py_ARRAY_LENGTH(kinds); ++i) {
        if (type == kinds[i].type) {
            return kinds[i].kind;
        }
    }
    return kind_of_view_type(state, type);
}

PyTypeObject *
prototype_base(PyTypeObject *type)
{
    PyObject *bases = type->tp_bases;
    return bases != NULL && PyTuple_GET_SIZE(bases) > 0
               ? (PyTypeObject *)PyTuple_GET_ITEM(bases, 0)
               : &PyBaseObject_Type;
}

PyObject *
prototype_of_errors(struct shim_state *state)
{
    PyObject *type = state_lookup(state, "Error");
    PyObject *prototype =
        type != NULL ? prototype_of_type(state, (PyTypeObject *)type) : NULL;
    Py_XDECREF(type);
    return prototype;
}

/* new; native exceptions are Errors too */
static PyObject *
parent_of_exception(struct shim_state *state, PyTypeObject *type)
{
    PyObject *error = state_lookup(state, "Error");
    bool is_error = error == (PyObject *)type;
    Py_XDECREF(error);
    if (error == NULL) {
        return NULL;
    }
    return is_error ? Py_XNewRef(state_object_prototype(state))
                    : prototype_of_errors(state);
}

/* new; what the prototype object of a type inherits from */
static PyObject *
parent_of(struct shim_state *state, PyTypeObject *type)
{
    PyTypeObject *root = (PyTypeObject *)PyExc_BaseException;
    PyTypeObject *base = prototype_base(type);
    bool raisable = PyType_IsSubtype(type, root);
    if (raisable && (base == &PyBaseObject_Type || base == root ||
                     (PyObject *)base == PyExc_Exception)) {
        return parent_of_exception(state, type);
    }
    /* What can be awaited is a promise to addons: then, catch, finally. */
    if (base == &PyBaseObject_Type && promise_awaits(type)) {
        return prototype_builtin(state, "promise");
    }
    return prototype_of_type(state, base);
}

/* new js_object; NULL: raised */
static PyObject *
make_for_type(struct shim_state *state, PyTypeObject *type)
{
    PyObject *parent = parent_of(state, type);
    PyObject *made = parent != NULL ? object_new(state) : NULL;
    struct side *side = made != NULL ? side_make(state, made) : NULL;
    if (side == NULL) {
        Py_XDECREF(parent);
        Py_XDECREF(made);
        return NULL;
    }
    side->klass = Py_NewRef((PyObject *)type);
    side->prototype = parent;
    return made;
}

/* new; of an addon's class or of a Python class over one */
static PyObject *
prototype_of_class(struct shim_state *state, struct js_class *class)
{
    if (class->prototype == NULL) {
        PyObject *made = make_for_type(state, &class->type.ht_type);
        if (class->prototype == NULL) {
            class->prototype = made;
        } else {
            Py_XDECREF(made);
        }
    }
    return Py_XNewRef(class->prototype);
}

/* 1 and new: what a Python class calls its `prototype` itself; 0, -1 */
static int
find_declared(struct shim_state *state, PyTypeObject *type,
              PyObject **prototype)
{
    PyObject *dict = PyType_GetDict(type); /* new */
    int found = dict != NULL ? PyDict_GetItemRef(dict, state->str_prototype,
                                                 prototype)
                             : 0;
    Py_XDECREF(dict);
    if (found > 0 && !compare_is_object(state, *prototype)) {
        Py_CLEAR(*prototype);
        found = 0;
    }
    return found;
}

/* new: where a type keeps its prototype object, under *key (new); NULL:
 * raised */
static PyObject *
home_of(struct shim_state *state, PyTypeObject *type, PyObject **key)
{
    if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
        *key = PyUnicode_InternFromString(PROTOTYPE_NAME);
        return *key != NULL ? PyType_GetDict(type) : NULL;
    }
    if (state->prototypes == NULL) {
        state->prototypes = PyDict_New();
    }
    *key = Py_NewRef((PyObject *)type);
    return Py_XNewRef(state->prototypes);
}

int
prototype_find_made(struct shim_state *state, PyTypeObject *type,
                    PyObject **prototype)
{
    PyObject *key;
    PyObject *home = home_of(state, type, &key);
    int found =
        home != NULL ? PyDict_GetItemRef(home, key, prototype) : -1;
    Py_XDECREF(home);
    Py_XDECREF(key);
    return found;
}

static int
keep(struct shim_state *state, PyTypeObject *type, PyObject *prototype)
{
    PyObject *key;
    PyObject *home = home_of(state, type, &key);
    int status = home != NULL ? PyDict_SetItem(home, key, prototype) : -1;
    Py_XDECREF(home);
    Py_XDECREF(key);
    PyType_Modified(type);
    state->has_prototypes = true;
    return status;
}

PyObject *
prototype_of_type(struct shim_state *state, PyTypeObject *type)
{
    const char *kind = prototype_kind_of_type(state, type);
    if (kind != NULL) {
        return strcmp(kind, "object") == 0
                   ? Py_XNewRef(state_object_prototype(state))
                   : prototype_builtin(state, kind);
    }
    if (PyObject_TypeCheck((PyObject *)type, state->class_type)) {
        return prototype_of_class(state, (struct js_class *)type);
    }
    PyObject *prototype = NULL;
    int found = find_declared(state, type, &prototype);
    if (found == 0) {
        found = prototype_find_made(state, type, &prototype);
    }
    if (found == 0) {
        prototype = make_for_type(state, type);
        if (prototype != NULL && keep(state, type, prototype) < 0) {
            Py_CLEAR(prototype);
        }
    }
    return prototype;
}
