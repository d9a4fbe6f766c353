/* Node-API chapter "Working with JavaScript values": the values there is one
 * of. None is undefined; napi.null is JavaScript's null. */

#include "shim.h"

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_undefined(napi_env env, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    CHECK_PY(env, scope_lend(env, UNDEFINED, result));
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_null(napi_env env, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    CHECK_PY(env, scope_lend(env, env->state->null, result));
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_boolean(napi_env env, bool value, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    CHECK_PY(env, scope_lend(env, value ? Py_True : Py_False, result));
    return error_clear(env);
}

/* Node-API v1. Made by napi.runtime at the first call. */
napi_status NAPI_CDECL
napi_get_global(napi_env env, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    PyObject *global = state_global(env->state);
    CHECK_PY(env, global != NULL);
    CHECK_PY(env, scope_lend(env, global, result));
    return error_clear(env);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_value_bool(napi_env env, napi_value value, bool *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    PyObject *object = value_of(env, value);
    if (!PyBool_Check(object)) {
        CHECK(env,
              compare_typeof(env->state, object) == napi_boolean,
              napi_boolean_expected);
        int truth = PyObject_IsTrue(object);
        CHECK_PY(env, truth >= 0);
        *result = truth;
        return error_clear(env);
    }
    *result = object == Py_True;
    return error_clear(env);
}

static PyObject *
null_repr(PyObject *self)
{
    (void)self;
    return PyUnicode_FromString("null");
}

static int
null_bool(PyObject *self)
{
    (void)self;
    return 0;
}

/* Pickles as the name `null` of the module napi. */
static PyObject *
null_reduce(PyObject *self, PyObject *ignored)
{
    (void)self;
    (void)ignored;
    return PyUnicode_FromString("null");
}

static PyObject *
null_construct(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args;
    (void)kwargs;
    return Py_NewRef(state_of_type(type)->null);
}

static PyObject *
null_copy(PyObject *self, PyObject *ignored)
{
    (void)ignored;
    return Py_NewRef(self);
}

static PyMethodDef methods[] = {
    {"__reduce__", null_reduce, METH_NOARGS, NULL},
    {"__copy__", null_copy, METH_NOARGS, NULL},
    {"__deepcopy__", null_copy, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)"JavaScript's null: false, and there is one of it."},
    {Py_tp_new, (void *)null_construct},
    {Py_tp_repr, (void *)null_repr},
    {Py_nb_bool, (void *)null_bool},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.NullType",
    .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

/* get_global() -> globalThis */
static PyObject *
get_global(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    return Py_XNewRef(state_global(PyModule_GetState(module)));
}

static PyMethodDef functions[] = {
    {"get_global", get_global, METH_NOARGS,
     "get_global() -> Object\n\nglobalThis."},
    {NULL, NULL, 0, NULL},
};

int
singleton_init(PyObject *module, struct shim_state *state)
{
    state->null_type = module_add_type(module, &spec, NULL);
    if (state->null_type == NULL) {
        return -1;
    }
    state->null = state->null_type->tp_alloc(state->null_type, 0);
    if (state->null == NULL ||
        PyModule_AddObjectRef(module, "null", state->null) < 0) {
        return -1;
    }
    return PyModule_AddFunctions(module, functions);
}
