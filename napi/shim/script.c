/* Node-API chapter "Script execution".
 *
 * There is no JavaScript engine here. The one seam is a Python callable that
 * evaluates source text, set with napi.set_script_evaluator. */

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
    "        no script can be run (the default).\n\n"
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

/* new; NULL: raised */
static PyObject *
evaluate(napi_env env, PyObject *source)
{
    PyObject *evaluator = env->state->script_evaluator;
    if (evaluator == NULL) {
        return error_raise(env->state, "Error", NULL,
                           "the addon wants to run JavaScript, and no "
                           "evaluator is set: "
                           "napi.set_script_evaluator(function) sets one");
    }
    PyObject *info = Py_BuildValue("{s:s,s:i}", "filename", env->filename,
                                   "version", (int)env->version);
    if (info == NULL) {
        return NULL;
    }
    Py_INCREF(evaluator);
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
