/* Node-API chapter "Working with JavaScript properties": the functions.
 *
 * A missing property reads as undefined; a write that the object refuses is
 * silent. The order of the argument checks is Node's, function by function. */

#include "shim.h"

napi_status
property_target(napi_env env, napi_value object, PyObject **target)
{
    CHECK_ARG(env, object);
    *target = value_of(env, object);
    if (*target == UNDEFINED || *target == env->state->null) {
        error_throw(env, "TypeError", NULL,
                    "Cannot convert undefined or null to object");
        return error_set(env, napi_object_expected);
    }
    return napi_ok;
}

/* steals key, which may be NULL with an error raised */
static napi_status
get_by_key(napi_env env, PyObject *target, PyObject *key, napi_value *result)
{
    PyObject *value = key ? property_get(env->state, target, key) : NULL;
    Py_XDECREF(key);
    return scope_return(env, value, result);
}

/* steals key; answers a bool */
static napi_status
ask_by_key(napi_env env, PyObject *target, PyObject *key,
           int (*ask)(struct shim_state *, PyObject *, PyObject *),
           bool *result)
{
    int answer = key ? ask(env->state, target, key) : -1;
    Py_XDECREF(key);
    CHECK_PY(env, answer >= 0);
    if (result != NULL) {
        *result = answer;
    }
    return error_clear(env);
}

/* steals key */
static napi_status
set_by_key(napi_env env, PyObject *target, PyObject *key, napi_value value)
{
    int done =
        key ? property_set(env->state, target, key, value_of(env, value))
            : -1;
    Py_XDECREF(key);
    CHECK_PY(env, done >= 0);
    return error_clear(env);
}

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
    return set_by_key(env, target,
                      property_key(env->state, value_of(env, key)), value);
}

/* Node-API v1. */
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
    return get_by_key(env, target,
                      property_key(env->state, value_of(env, key)), result);
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
    return ask_by_key(env, target,
                      property_key(env->state, value_of(env, key)),
                      property_has, result);
}

/* Node-API v1. */
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
    return ask_by_key(env, target, Py_NewRef(name), property_has_own, result);
}

/* Node-API v1. A property that is fixed answers false. */
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
    return ask_by_key(env, target,
                      property_key(env->state, value_of(env, key)),
                      property_delete, result);
}

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
    CHECK_ARG(env, utf8name);
    return set_by_key(env, target,
                      string_key(env->state, utf8name, NAPI_AUTO_LENGTH),
                      value);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_named_property(napi_env env, napi_value object, const char *utf8name,
                        napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    CHECK_ARG(env, utf8name);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    return get_by_key(env, target,
                      string_key(env->state, utf8name, NAPI_AUTO_LENGTH),
                      result);
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
    CHECK_ARG(env, utf8name);
    return ask_by_key(env, target,
                      string_key(env->state, utf8name, NAPI_AUTO_LENGTH),
                      property_has, result);
}

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
    int done = property_set_index(env->state, target, index,
                                  value_of(env, value));
    CHECK_PY(env, done >= 0);
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

static PyObject * /* new decimal str; NULL: raised */
index_key(uint32_t index)
{
    return PyUnicode_FromFormat("%u", (unsigned int)index);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_has_element(napi_env env, napi_value object, uint32_t index,
                 bool *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    return ask_by_key(env, target, index_key(index), property_has, result);
}

/* Node-API v1. */
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
    return ask_by_key(env, target, index_key(index), property_delete, result);
}
