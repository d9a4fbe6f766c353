/* Node-API chapter "Working with JavaScript properties": Object.freeze,
 * Object.seal and Object.preventExtensions (ECMA-262 7.3.15). */

#include "shim.h"

/* 1 side to mark, 0 nothing to do (a primitive), -1 raised */
static int
find_target(struct shim_state *state, PyObject *object, struct side **side)
{
    if (!compare_is_object(state, object)) {
        return 0;
    }
    if (host_of(state, object) == NULL && !PyTuple_Check(object) &&
        !PyCallable_Check(object)) {
        error_raise(state, "TypeError", NULL,
                    "a native %s cannot be frozen or sealed; use %s",
                    Py_TYPE(object)->tp_name,
                    PyDict_Check(object)   ? "napi.Object(d)"
                    : PyList_Check(object) ? "napi.Array(l)"
                                           : "a napi.Object");
        return -1;
    }
    if (PyTuple_Check(object)) {
        return 0;
    }
    *side = side_make(state, object);
    return *side != NULL ? 1 : -1;
}

/* Every special property loses configurable, and data writable if frozen. */
static void
fix_table(struct side *side, bool frozen)
{
    PyObject *key, *value;
    Py_ssize_t position = 0;
    while (side->table != NULL &&
           PyDict_Next(side->table, &position, &key, &value)) {
        struct js_property *property = (struct js_property *)value;
        property->attributes &= ~napi_configurable;
        if (frozen && property->value != NULL) {
            property->attributes &= ~napi_writable;
        }
    }
}

static void
mark(struct shim_state *state, PyObject *object, struct side *side,
     bool frozen)
{
    side->inextensible = side->sealed = true;
    side->frozen = side->frozen || frozen;
    fix_table(side, frozen);
    if (Py_TYPE(Py_TYPE(object)) == state->class_type) {
        class_make_exotic(state, Py_TYPE(object));
    }
}

int
property_freeze(struct shim_state *state, PyObject *object)
{
    struct side *side;
    if (PyObject_TypeCheck(object, state->view_type) &&
        ((struct js_view *)object)->kind != VIEW_DATAVIEW &&
        view_length((struct js_view *)object) > 0) {
        error_raise(state, "TypeError", NULL,
                    "Cannot freeze array buffer views with elements");
        return -1;
    }
    int status = find_target(state, object, &side);
    if (status > 0) {
        mark(state, object, side, true);
    }
    return status < 0 ? -1 : 1;
}

int
property_seal(struct shim_state *state, PyObject *object)
{
    struct side *side;
    int status = find_target(state, object, &side);
    if (status > 0) {
        mark(state, object, side, false);
    }
    return status < 0 ? -1 : 1;
}

int
property_prevent_extensions(struct shim_state *state, PyObject *object)
{
    struct side *side;
    int status = find_target(state, object, &side);
    if (status > 0) {
        side->inextensible = true;
    }
    return status < 0 ? -1 : 1;
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
