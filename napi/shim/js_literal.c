/* Compiled JavaScript: literals of objects and arrays (ECMA-262 13.2). */

#include "shim.h"

PyDoc_STRVAR(object_doc, "js_object(*keys_and_values)\n--\n\n"
                         "A new napi.Object with these properties.");

static PyObject *
make_object(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *made = object_new(PyModule_GetState(module));
    for (Py_ssize_t i = 0; made != NULL && i + 1 < nargs; i += 2) {
        if (PyDict_SetItem(made, args[i], args[i + 1]) < 0) {
            Py_CLEAR(made);
        }
    }
    return made;
}

PyDoc_STRVAR(array_doc,
             "js_array(*items)\n--\n\nA new napi.Array with these items.");

static PyObject *
make_array(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = PyModule_GetState(module);
    PyObject *made = array_new(state, 0);
    for (Py_ssize_t i = 0; made != NULL && i < nargs; ++i) {
        if (PyList_Append(made, args[i]) < 0) {
            Py_CLEAR(made);
        }
    }
    return made;
}

static PyMethodDef functions[] = {
    {"js_object", (PyCFunction)(void *)make_object, METH_FASTCALL,
     object_doc},
    {"js_array", (PyCFunction)(void *)make_array, METH_FASTCALL, array_doc},
    {NULL, NULL, 0, NULL},
};

int
js_literal_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
