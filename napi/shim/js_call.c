/* Compiled JavaScript: calls and constructions.
 *
 * What is no function is told to napi.js.runtime, which finds out how the
 * source calls it and raises V8's TypeError. */

#include "shim.h"

static struct shim_state *
state_of_module(PyObject *module)
{
    return PyModule_GetState(module);
}

/* always NULL */
static PyObject *
refuse(const char *raiser, PyObject *value)
{
    PyObject *raise = js_lookup(raiser);
    PyObject *done = raise != NULL ? PyObject_CallOneArg(raise, value) : NULL;
    Py_XDECREF(raise);
    Py_XDECREF(done);
    return NULL;
}

static inline PyObject *
call_value(struct shim_state *state, PyObject *function, PyObject *receiver,
           PyObject *const *argv, size_t argc)
{
    PyTypeObject *type = Py_TYPE(function);
    if (type == state->function_type) {
        return function_run_sloppy((struct js_function *)function, receiver,
                                   argv, argc);
    }
    if (!PyCallable_Check(function)) {
        return refuse("refuse_call", function);
    }
    if (PyType_Check(function)) {
        PyObject *call = js_lookup("call_type");
        PyObject *all = call != NULL ? PyTuple_New((Py_ssize_t)argc) : NULL;
        for (size_t i = 0; all != NULL && i < argc; ++i) {
            PyTuple_SET_ITEM(all, i, Py_NewRef(argv[i]));
        }
        PyObject *result =
            all != NULL
                ? PyObject_CallFunctionObjArgs(
                      call, function, receiver ? receiver : UNDEFINED, all,
                      NULL)
                : NULL;
        Py_XDECREF(call);
        Py_XDECREF(all);
        return result;
    }
    return function_call(state, function, receiver, argv, argc);
}

PyDoc_STRVAR(call_doc, "js_call(function, /, *arguments)\n--\n\n"
                       "Calls with `this` undefined. (ECMA-262 13.3.6)");

static PyObject *
call(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return call_value(state_of_module(module), args[0], UNDEFINED, args + 1,
                      (size_t)nargs - 1);
}

PyDoc_STRVAR(call_this_doc, "js_call_this(function, this, /, *arguments)\n"
                            "--\n\nCalls with a `this`.");

static PyObject *
call_this(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return call_value(state_of_module(module), args[0], args[1], args + 2,
                      (size_t)nargs - 2);
}

PyDoc_STRVAR(call_method_doc,
             "js_call_method(target, key, /, *arguments)\n--\n\n"
             "Calls the property of a value. (ECMA-262 13.3.6)");

static PyObject *
call_method(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = state_of_module(module);
    PyObject *target = args[0];
    if (target == UNDEFINED || target == state->null) {
        PyObject *raise = js_lookup("refuse_get");
        PyObject *done = raise != NULL ? PyObject_CallFunctionObjArgs(
                                             raise, target, args[1], NULL)
                                       : NULL;
        Py_XDECREF(raise);
        Py_XDECREF(done);
        return NULL;
    }
    PyObject *function = property_get(state, target, args[1]);
    if (function == NULL) {
        return NULL;
    }
    PyObject *result = call_value(state, function, target, args + 2,
                                  (size_t)nargs - 2);
    Py_DECREF(function);
    return result;
}

PyDoc_STRVAR(new_doc, "js_new(constructor, /, *arguments)\n--\n\n"
                      "new constructor(...arguments). (ECMA-262 13.3.5)");

static PyObject *
new_object(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = state_of_module(module);
    PyObject *constructor = args[0];
    PyTypeObject *type = Py_TYPE(constructor);
    bool known = type == state->function_type
                     ? ((struct js_function *)constructor)->code == NULL ||
                           (((struct js_function *)constructor)->flags &
                            JS_CONSTRUCTOR) != 0
                     : PyCallable_Check(constructor) != 0;
    if (!known) {
        return refuse("refuse_new", constructor);
    }
    return function_construct(state, constructor, args + 1,
                              (size_t)nargs - 1, NULL);
}

static PyMethodDef functions[] = {
    {"js_call", (PyCFunction)(void *)call, METH_FASTCALL, call_doc},
    {"js_call_this", (PyCFunction)(void *)call_this, METH_FASTCALL,
     call_this_doc},
    {"js_call_method", (PyCFunction)(void *)call_method, METH_FASTCALL,
     call_method_doc},
    {"js_new", (PyCFunction)(void *)new_object, METH_FASTCALL, new_doc},
    {NULL, NULL, 0, NULL},
};

int
js_call_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
