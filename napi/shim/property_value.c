/* Node-API chapter "Working with JavaScript properties": by key and by name.
 *
 * Each checks its arguments in Node's order. A refused assignment is napi_ok
 * without an effect, as in sloppy JavaScript. */

#include "shim.h"

/* Node-API v1. */
napi_status NAPI_CDECL
napi_set_property(napi_env env, napi_value object, napi_value key,
                  napi_value value)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, key);
    CHECK_ARG(env, value);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    CHECK_PY(env, property_set(env->state, target, value_of(env, key),
                               value_of(env, value)) >= 0);
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_has_property(napi_env env, napi_value object, napi_value key,
                  bool *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    CHECK_ARG(env, key);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    int found = property_has(env->state, target, value_of(env, key));
    CHECK_PY(env, found >= 0);
    *result = found > 0;
    return error_clear(env);
}

/* Node-API v1. What is missing reads as undefined; that is no error. */
napi_status NAPI_CDECL
napi_get_property(napi_env env, napi_value object, napi_value key,
                  napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, key);
    CHECK_ARG(env, result);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    return scope_return(env,
                        property_get(env->state, target, value_of(env, key)),
                        result);
}

/* Node-API v1. result may be NULL. */
napi_status NAPI_CDECL
napi_delete_property(napi_env env, napi_value object, napi_value key,
                     bool *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, key);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    int done = property_delete(env->state, target, value_of(env, key));
    CHECK_PY(env, done >= 0);
    if (result != NULL) {
        *result = done > 0;
    }
    return error_clear(env);
}

/* Node-API v1. Unlike the others it takes strings and symbols only. */
napi_status NAPI_CDECL
napi_has_own_property(napi_env env, napi_value object, napi_value key,
                      bool *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, key);
    CHECK_ARG(env, result);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    PyObject *name = value_of(env, key);
    CHECK(env,
          PyUnicode_Check(name) || Py_TYPE(name) == env->state->symbol_type,
          napi_name_expected);
    int found = property_has_own(env->state, target, name);
    CHECK_PY(env, found >= 0);
    *result = found > 0;
    return error_clear(env);
}

/* === by name === */

/* Node-API v1. */
napi_status NAPI_CDECL
napi_set_named_property(napi_env env, napi_value object, const char *utf8name,
                        napi_value value)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, value);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    CHECK(env, utf8name != NULL, napi_invalid_arg);
    PyObject *key = string_key(env->state, utf8name, NAPI_AUTO_LENGTH);
    CHECK_PY(env, key != NULL);
    int done = property_set(env->state, target, key, value_of(env, value));
    Py_DECREF(key);
    CHECK_PY(env, done >= 0);
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_has_named_property(napi_env env, napi_value object, const char *utf8name,
                        bool *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    CHECK(env, utf8name != NULL, napi_invalid_arg);
    PyObject *key = string_key(env->state, utf8name, NAPI_AUTO_LENGTH);
    CHECK_PY(env, key != NULL);
    int found = property_has(env->state, target, key);
    Py_DECREF(key);
    CHECK_PY(env, found >= 0);
    *result = found > 0;
    return error_clear(env);
}

/* Node-API v1. The name is checked before the object. */
napi_status NAPI_CDECL
napi_get_named_property(napi_env env, napi_value object, const char *utf8name,
                        napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    CHECK(env, utf8name != NULL, napi_invalid_arg);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    PyObject *key = string_key(env->state, utf8name, NAPI_AUTO_LENGTH);
    CHECK_PY(env, key != NULL);
    PyObject *value = property_get(env->state, target, key);
    Py_DECREF(key);
    return scope_return(env, value, result);
}

/* === by index === */

/* Node-API v1. */
napi_status NAPI_CDECL
napi_set_element(napi_env env, napi_value object, uint32_t index,
                 napi_value value)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, value);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    CHECK_PY(env, property_set_index(env->state, target, index,
                                     value_of(env, value)) >= 0);
    return error_clear(env);
}

/* 1, 0, -1: an element of the object or of its prototypes */
static int
has_element(struct shim_state *state, PyObject *object, uint32_t index)
{
    PyObject *key = PyLong_FromUnsignedLong(index);
    int found = key != NULL ? property_has(state, object, key) : -1;
    Py_XDECREF(key);
    return found;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_has_element(napi_env env, napi_value object, uint32_t index, bool *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    int found = has_element(env->state, target, index);
    CHECK_PY(env, found >= 0);
    *result = found > 0;
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_element(napi_env env, napi_value object, uint32_t index,
                 napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    return scope_return(env, property_get_index(env->state, target, index),
                        result);
}

/* Node-API v1. result may be NULL. */
napi_status NAPI_CDECL
napi_delete_element(napi_env env, napi_value object, uint32_t index,
                    bool *result)
{
    NAPI_PREAMBLE(env);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    PyObject *key = PyLong_FromUnsignedLong(index);
    CHECK_PY(env, key != NULL);
    int done = property_delete(env->state, target, key);
    Py_DECREF(key);
    CHECK_PY(env, done >= 0);
    if (result != NULL) {
        *result = done > 0;
    }
    return error_clear(env);
}
