/* Node-API chapter "Working with JavaScript properties": freezing, sealing and
 * preventing extensions.
 *
 * Plain data follows a flag of the side; a property of the table has its own
 * attributes, which change here. Python's own containers cannot be closed. */

#include "shim.h"

/* 0 or -1: takes bits away from each property of the table */
static int
drop_attributes(struct shim_state *state, struct side *side, int dropped)
{
    PyObject *key, *value;
    Py_ssize_t position = 0;
    while (side->table != NULL &&
           PyDict_Next(side->table, &position, &key, &value)) {
        struct js_property *old = (struct js_property *)value;
        struct js_property *property =
            property_new(state, old->value, old->getter, old->setter,
                         old->attributes & ~dropped);
        if (property == NULL) {
            return -1;
        }
        /* The key is there: the dict keeps its size. */
        int status = PyDict_SetItem(side->table, key, (PyObject *)property);
        Py_DECREF(property);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

/* It has elements, and those cannot be fixed. */
static bool
has_elements(struct shim_state *state, PyObject *object)
{
    if (PyObject_TypeCheck(object, state->view_type)) {
        return view_length((struct js_view *)object) > 0;
    }
    Py_ssize_t size = PyObject_Size(object);
    PyErr_Clear();
    return size > 0;
}

/* 1 go on with *side, 0: nothing to do, -1 raised */
static int
take_side(struct shim_state *state, PyObject *object, const char *verb,
          bool fixes, struct side **side)
{
    enum property_kind kind = property_kind_of(state, object);
    if (kind == KIND_STRING || kind == KIND_PRIMITIVE ||
        PyTuple_Check(object)) {
        return 0;
    }
    if (kind == KIND_DICT || kind == KIND_LIST || kind == KIND_MAPPING) {
        return property_refuse_native(
            state, object, "be frozen, sealed or closed to additions");
    }
    if (fixes && kind == KIND_VIEW && has_elements(state, object)) {
        error_raise(state, "TypeError", NULL,
                    "Cannot %s array buffer views with elements", verb);
        return -1;
    }
    *side = side_make(state, object);
    if (*side != NULL && kind == KIND_INSTANCE) {
        class_make_exotic(state, Py_TYPE(object));
    }
    return *side != NULL ? 1 : -1;
}

/* 0 or -1: what a function makes when asked goes into the table */
static int
keep_computed(struct shim_state *state, PyObject *object)
{
    enum property_kind kind = property_kind_of(state, object);
    PyObject *keys[] = {state->str_length, state->str_name,
                        state->str_prototype};
    if (kind != KIND_FUNCTION && kind != KIND_CLASS) {
        return 0;
    }
    size_t count = kind == KIND_FUNCTION ? 3 : 2;
    for (size_t i = 0; i < count; ++i) {
        struct property_slot slot = {0};
        int found = property_find_own(state, object, kind, keys[i], &slot);
        if (found > 0 && slot.value != NULL) {
            struct js_property *kept = property_new(
                state, slot.value, NULL, NULL, slot.attributes);
            found = kept != NULL
                        ? property_put(state, object, kind, keys[i], kept)
                        : -1;
            Py_XDECREF((PyObject *)kept);
        }
        property_slot_clear(&slot);
        if (found < 0) {
            return -1;
        }
    }
    return 0;
}

int
property_freeze(struct shim_state *state, PyObject *object)
{
    if (proxy_is(state, object)) {
        return proxy_close(state, object, "frozen");
    }
    struct side *side;
    int go_on = take_side(state, object, "freeze", true, &side);
    if (go_on > 0 && keep_computed(state, object) < 0) {
        go_on = -1;
    }
    if (go_on <= 0) {
        return go_on < 0 ? -1 : 1;
    }
    side->frozen = side->sealed = side->inextensible = true;
    return drop_attributes(state, side, napi_writable | napi_configurable) < 0
               ? -1
               : 1;
}

int
property_seal(struct shim_state *state, PyObject *object)
{
    if (proxy_is(state, object)) {
        return proxy_close(state, object, "sealed");
    }
    struct side *side;
    int go_on = take_side(state, object, "seal", true, &side);
    if (go_on > 0 && keep_computed(state, object) < 0) {
        go_on = -1;
    }
    if (go_on <= 0) {
        return go_on < 0 ? -1 : 1;
    }
    side->sealed = side->inextensible = true;
    return drop_attributes(state, side, napi_configurable) < 0 ? -1 : 1;
}

int
property_prevent_extensions(struct shim_state *state, PyObject *object)
{
    if (proxy_is(state, object)) {
        return proxy_close(state, object, "closed");
    }
    struct side *side;
    int go_on = take_side(state, object, "close", false, &side);
    if (go_on <= 0) {
        return go_on < 0 ? -1 : 1;
    }
    side->inextensible = true;
    return 1;
}

/* Node-API v8. */
napi_status NAPI_CDECL
napi_object_freeze(napi_env env, napi_value object)
{
    NAPI_PREAMBLE(env);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    CHECK_PY(env, property_freeze(env->state, target) >= 0);
    return error_clear(env);
}

/* Node-API v8. */
napi_status NAPI_CDECL
napi_object_seal(napi_env env, napi_value object)
{
    NAPI_PREAMBLE(env);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    CHECK_PY(env, property_seal(env->state, target) >= 0);
    return error_clear(env);
}
