/* Node-API chapter "Working with JavaScript values": objects and arrays.
 *
 * None of these may throw: they are legal while an exception is pending. */

#include "shim.h"

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_object(napi_env env, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    return scope_return(env, object_new(env->state), result); /* new */
}

/* napi_ok where each of the names is a string or a symbol */
static napi_status
check_names(napi_env env, const napi_value *names, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        CHECK_ARG(env, names[i]);
        PyObject *name = value_of(env, names[i]);
        CHECK(env,
              PyUnicode_Check(name) ||
                  Py_TYPE(name) == env->state->symbol_type,
              napi_name_expected);
    }
    return napi_ok;
}

/* new object; defining is done before the prototype is set: its setters have
 * no say. NULL: raised */
static PyObject *
make_object(napi_env env, PyObject *prototype, const napi_value *names,
            const napi_value *values, size_t count)
{
    PyObject *object = object_new(env->state);
    for (size_t i = 0; object != NULL && i < count; ++i) {
        struct js_property *property =
            property_new(env->state, value_of(env, values[i]), NULL, NULL,
                         napi_default_jsproperty);
        if (property == NULL ||
            property_define(env->state, object, value_of(env, names[i]),
                            property) < 0) {
            Py_CLEAR(object);
        }
        Py_XDECREF((PyObject *)property);
    }
    if (object != NULL &&
        prototype_set(env->state, object, prototype) < 0) {
        Py_CLEAR(object);
    }
    return object;
}

/* Experimental. No prototype at all is null; what is neither object nor null
 * stops Node and is napi_invalid_arg here, as are NULL handles in a list. */
napi_status NAPI_CDECL
node_api_create_object_with_properties(napi_env env,
                                       napi_value prototype_or_null,
                                       const napi_value *property_names,
                                       const napi_value *property_values,
                                       size_t property_count,
                                       napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    if (property_count > 0) {
        CHECK(env, property_names != NULL, napi_invalid_arg);
        CHECK(env, property_values != NULL, napi_invalid_arg);
    }
    PyObject *prototype = env->state->null;
    if (prototype_or_null != NULL) {
        CHECK_ARG(env, prototype_or_null);
        prototype = value_of(env, prototype_or_null);
    }
    napi_status status = check_names(env, property_names, property_count);
    if (status != napi_ok) {
        return status;
    }
    for (size_t i = 0; i < property_count; ++i) {
        CHECK_ARG(env, property_values[i]);
    }
    CHECK(env,
          prototype == env->state->null ||
              compare_is_object(env->state, prototype),
          napi_invalid_arg);
    return scope_return(env,
                        make_object(env, prototype, property_names,
                                    property_values, property_count),
                        result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_array(napi_env env, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    return scope_return(env, array_new(env->state, 0), result); /* new */
}

/* Node-API v1. Node narrows the length to an int: what becomes negative is 0.
 * Beyond 2**26 elements RangeError is pending, where V8 makes a sparse array
 * or, from 2**25 on, stops the process. */
napi_status NAPI_CDECL
napi_create_array_with_length(napi_env env, size_t length, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    uint32_t low = (uint32_t)length;
    Py_ssize_t narrowed = low <= INT32_MAX ? (Py_ssize_t)low : 0;
    return scope_return(env, array_new(env->state, narrowed), result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_is_array(napi_env env, napi_value value, bool *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    PyObject *object = value_of(env, value);
    *result = PyList_Check(object) || PyTuple_Check(object);
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_array_length(napi_env env, napi_value value, uint32_t *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    PyObject *object = value_of(env, value);
    CHECK(env, PyList_Check(object) || PyTuple_Check(object),
          napi_array_expected);
    *result = (uint32_t)Py_SIZE(object);
    return error_clear(env);
}
