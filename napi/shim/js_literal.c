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
             "js_array(*items, **properties)\n--\n\nA new napi.Array with these "
             "items, and own properties.");

static PyObject *
make_array(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
           PyObject *names)
{
    struct shim_state *state = PyModule_GetState(module);
    PyObject *made = array_new(state, 0);
    for (Py_ssize_t i = 0; made != NULL && i < nargs; ++i) {
        if (PyList_Append(made, args[i]) < 0) {
            Py_CLEAR(made);
        }
    }
    Py_ssize_t count = names != NULL ? PyTuple_GET_SIZE(names) : 0;
    for (Py_ssize_t i = 0; made != NULL && i < count; ++i) {
        if (property_store(state, made, KIND_ARRAY,
                           PyTuple_GET_ITEM(names, i), args[nargs + i]) < 0) {
            Py_CLEAR(made);
        }
    }
    return made;
}

PyDoc_STRVAR(template_doc, "js_template(*parts)\n--\n\n"
                           "The texts of all parts, joined. (ECMA-262 13.2.8)");

static PyObject *
join_template(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = PyModule_GetState(module);
    PyObject *parts = PyList_New(nargs);
    bool is_ascii = true;
    for (Py_ssize_t i = 0; parts != NULL && i < nargs; ++i) {
        PyObject *text = PyUnicode_CheckExact(args[i])
                             ? Py_NewRef(args[i])
                             : coerce_to_string(state, args[i]);
        if (text == NULL) {
            Py_CLEAR(parts);
            break;
        }
        is_ascii = is_ascii && PyUnicode_IS_ASCII(text);
        PyList_SET_ITEM(parts, i, text);
    }
    PyObject *empty = PyUnicode_FromStringAndSize("", 0);
    PyObject *joined =
        parts != NULL && empty != NULL ? PyUnicode_Join(empty, parts) : NULL;
    Py_XDECREF(parts);
    Py_XDECREF(empty);
    if (joined == NULL || is_ascii) {
        return joined;
    }
    /* Halves of a pair that have come together become one character. */
    PyObject *join = js_lookup("join_halves");
    PyObject *whole = join != NULL ? PyObject_CallOneArg(join, joined) : NULL;
    Py_XDECREF(join);
    Py_DECREF(joined);
    return whole;
}

static PyMethodDef functions[] = {
    {"js_template", (PyCFunction)(void *)join_template, METH_FASTCALL,
     template_doc},
    {"js_object", (PyCFunction)(void *)make_object, METH_FASTCALL,
     object_doc},
    {"js_array", (PyCFunction)(void *)make_array,
     METH_FASTCALL | METH_KEYWORDS, array_doc},
    {NULL, NULL, 0, NULL},
};

int
js_literal_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
