/* Node-API chapter "Working with JavaScript properties": what a value has from
 * its prototypes.
 *
 * A Python object inherits by its type's MRO; only what JavaScript added to a
 * prototype object that was made already is looked up there, so that asking
 * for a name makes none. */

#include "shim.h"

/* A proxy among the prototypes decides on its own. */
static int
find_in_proxy(struct shim_state *state, PyObject *proxy, PyObject *key,
              PyObject *receiver, struct property_slot *slot)
{
    int found = slot->is_probe ? proxy_has(state, proxy, key) : 1;
    if (found > 0) {
        slot->value = proxy_get(state, proxy, key, receiver);
        slot->attributes =
            napi_writable | napi_enumerable | napi_configurable;
        found = slot->value != NULL ? 1 : -1;
    }
    return found;
}

/* The chain from holder (steals) on: 1, 0, -1 */
static int
find_in_chain(struct shim_state *state, PyObject *holder, PyObject *key,
              PyObject *receiver, struct property_slot *slot)
{
    int found = 0;
    while (found == 0 && holder != NULL && holder != state->null) {
        if (proxy_is(state, holder)) {
            found = find_in_proxy(state, holder, key, receiver, slot);
            break;
        }
        found = property_find_own(state, holder,
                                  property_kind_of(state, holder), key, slot);
        if (found == 0) {
            Py_SETREF(holder, prototype_get(state, holder));
        }
    }
    int status = holder == NULL ? -1 : found;
    Py_XDECREF(holder);
    return status;
}

/* What JavaScript put on the prototype objects of the type and its bases. */
static int
find_in_made(struct shim_state *state, PyTypeObject *type, PyObject *key,
             struct property_slot *slot)
{
    if (!state->has_prototypes) {
        return 0;
    }
    PyObject *mro = Py_XNewRef(type->tp_mro);
    int found = 0;
    for (Py_ssize_t i = 0;
         found == 0 && mro != NULL && i < PyTuple_GET_SIZE(mro); ++i) {
        PyObject *holder = NULL;
        found = prototype_find_made(
            state, (PyTypeObject *)PyTuple_GET_ITEM(mro, i), &holder);
        if (found > 0) {
            found = property_find_own(state, holder, KIND_OBJECT, key, slot);
            Py_DECREF(holder);
        }
    }
    Py_XDECREF(mro);
    return found;
}

/* new: where the chains of Python's own classes end */
static PyObject *
last_prototype(struct shim_state *state, PyObject *object,
               enum property_kind kind)
{
    if (promise_awaits(Py_TYPE(object))) {
        return prototype_builtin(state, "promise");
    }
    if (kind != KIND_ERROR) {
        return Py_XNewRef(state_object_prototype(state));
    }
    PyObject *type = state_lookup(state, "Error");
    bool has_methods =
        type != NULL && PyObject_TypeCheck(object, (PyTypeObject *)type);
    PyObject *prototype = NULL;
    if (type != NULL) {
        prototype = has_methods ? Py_XNewRef(state_object_prototype(state))
                                : prototype_of_errors(state);
    }
    Py_XDECREF(type);
    return prototype;
}

/* one of napi.Error: what Python's look-up finds is for Python's eyes */
static bool
is_error(struct shim_state *state, PyObject *object)
{
    PyObject *type = state_lookup(state, "Error");
    bool found =
        type != NULL && PyObject_TypeCheck(object, (PyTypeObject *)type);
    Py_XDECREF(type);
    return found;
}

static int
find_of_error(struct shim_state *state, PyObject *object, PyObject *key,
              struct property_slot *slot)
{
    int found = property_find_own(state, object, KIND_ERROR, key, slot);
    if (found == 0) {
        found = find_in_chain(state, prototype_get(state, object), key,
                              object, slot);
    }
    return found;
}

static int
find_of_python(struct shim_state *state, PyObject *object,
               enum property_kind kind, PyObject *key,
               struct property_slot *slot)
{
    int found = 0;
    if (kind == KIND_ERROR && is_error(state, object)) {
        found = find_of_error(state, object, key, slot);
    } else {
        found = property_find_python(state, object, kind, key, slot);
    }
    if (found != 0) {
        return found;
    }
    struct side *side = side_of(state, object);
    if (kind == KIND_CALLABLE || kind == KIND_TYPE ||
        (side != NULL && side->prototype != NULL)) {
        return find_in_chain(state, prototype_get(state, object), key, object,
                             slot);
    }
    if (PyUnicode_Check(key) &&
        PyUnicode_Compare(key, state->str_constructor) == 0) {
        slot->value = Py_NewRef((PyObject *)Py_TYPE(object));
        slot->attributes = napi_writable | napi_configurable;
        return 1;
    }
    found = find_in_made(state, Py_TYPE(object), key, slot);
    return found != 0
               ? found
               : find_in_chain(state, last_prototype(state, object, kind),
                               key, object, slot);
}

/* A second base of a Python class over an addon's class is in no chain, and
 * neither is what Python code assigned to an addon's class. */
static int
find_in_mro(struct shim_state *state, PyObject *object, PyObject *key,
            struct property_slot *slot)
{
    if (!PyUnicode_Check(key) || object_is_dunder(key)) {
        return 0;
    }
    PyObject *raw = _PyType_Lookup(Py_TYPE(object), key);
    return raw != NULL && Py_TYPE(raw)->tp_descr_get != NULL
               ? property_find_raw(state, Py_TYPE(object), raw, slot)
               : 0;
}

int
property_find_inherited(struct shim_state *state, PyObject *object,
                        enum property_kind kind, PyObject *key,
                        struct property_slot *slot)
{
    *slot = (struct property_slot){.is_probe = slot->is_probe};
    if (kind >= KIND_ERROR) {
        return find_of_python(state, object, kind, key, slot);
    }
    int found = 0;
    if (kind == KIND_VIEW || kind == KIND_BYTES) {
        uint32_t index;
        if (kind == KIND_VIEW && PyUnicode_Check(key) &&
            string_as_index(key, &index)) {
            return 0; /* an element that is not there */
        }
        found = property_find_geometry(state, object, key, slot);
    }
    if (found == 0) {
        found = find_in_chain(state, prototype_get(state, object), key, object,
                              slot);
    }
    return found == 0 && kind == KIND_INSTANCE &&
                   !PyObject_TypeCheck(object, state->host_type)
               ? find_in_mro(state, object, key, slot)
               : found;
}
