/* Node-API chapter "Script execution".
 *
 * Scripts are run by napi.js, which is imported for the first one, or by a
 * Python callable that was set with napi.set_script_evaluator. */

#include "shim.h"

static PyObject *
set_script_evaluator(PyObject *module, PyObject *evaluator)
{
    struct shim_state *state = PyModule_GetState(module);
    if (evaluator != Py_None && !PyCallable_Check(evaluator)) {
        return PyErr_Format(PyExc_TypeError,
                            "the evaluator must be callable or None, not "
                            "%.200s",
                            Py_TYPE(evaluator)->tp_name);
    }
    Py_XSETREF(state->script_evaluator,
               evaluator == Py_None ? NULL : Py_NewRef(evaluator));
    Py_RETURN_NONE;
}

PyDoc_STRVAR(
    set_script_evaluator_doc,
    "set_script_evaluator($module, evaluator, /)\n--\n\n"
    "Sets what runs the JavaScript that addons pass to napi_run_script.\n\n"
    "Args:\n"
    "    evaluator: Called as ``evaluator(source, info)`` with the text and a\n"
    "        dict of the addon's ``filename`` (a URL) and Node-API "
    "``version``;\n"
    "        returns the script's value, raises for a thrown exception. "
    "``None``:\n"
    "        napi.js runs it (the default).\n\n"
    "Raises:\n"
    "    TypeError: It is neither callable nor ``None``.");

static PyMethodDef functions[] = {
    {"set_script_evaluator", set_script_evaluator, METH_O,
     set_script_evaluator_doc},
    {NULL, NULL, 0, NULL},
};

int
script_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, functions);
}

/* new; what was set, or napi.js.run_script; NULL: raised */
static PyObject *
find_evaluator(struct shim_state *state)
{
    if (state->script_evaluator != NULL) {
        return Py_NewRef(state->script_evaluator);
    }
    PyObject *module = PyImport_ImportModule("napi.js");
    PyObject *run =
        module != NULL ? PyObject_GetAttrString(module, "run_script") : NULL;
    Py_XDECREF(module);
    return run;
}

/* new; NULL: raised */
static PyObject *
evaluate(napi_env env, PyObject *source)
{
    PyObject *evaluator = find_evaluator(env->state);
    if (evaluator == NULL) {
        return NULL;
    }
    PyObject *info = Py_BuildValue("{s:s,s:i}", "filename", env->filename,
                                   "version", (int)env->version);
    if (info == NULL) {
        Py_DECREF(evaluator);
        return NULL;
    }
    PyObject *value =
        PyObject_CallFunctionObjArgs(evaluator, source, info, NULL);
    Py_DECREF(evaluator);
    Py_DECREF(info);
    return value;
}

/* Node-API v1. Only as able as the evaluator that was set. */
napi_status NAPI_CDECL
napi_run_script(napi_env env, napi_value script, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, script);
    CHECK_ARG(env, result);
    PyObject *source = value_of(env, script);
    CHECK(env, PyUnicode_Check(source), napi_string_expected);
    PyObject *value = evaluate(env, source);
    if (value == NULL) {
        return error_from_python_as(env, napi_generic_failure);
    }
    return scope_return(env, value, result);
}
