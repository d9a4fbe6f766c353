/* Compiled JavaScript: comparisons, truth and typeof (ECMA-262 13.10 to
 * 13.12). */

#include "shim.h"

static struct shim_state *
state_of_module(PyObject *module)
{
    return PyModule_GetState(module);
}

static inline bool
is_number(PyObject *value)
{
    return PyLong_CheckExact(value) || PyFloat_CheckExact(value);
}

static PyObject *
slowly(const char *name, PyObject *left, PyObject *right)
{
    PyObject *function = js_lookup(name);
    PyObject *result =
        function != NULL
            ? PyObject_CallFunctionObjArgs(function, left, right, NULL)
            : NULL;
    Py_XDECREF(function);
    return result;
}

/* Texts of one unit a character are in the same order in both worlds. */
static inline bool
in_python_order(PyObject *left, PyObject *right)
{
    return (is_number(left) && is_number(right)) ||
           (PyUnicode_CheckExact(left) && PyUnicode_CheckExact(right) &&
            PyUnicode_KIND(left) != PyUnicode_4BYTE_KIND &&
            PyUnicode_KIND(right) != PyUnicode_4BYTE_KIND);
}

#define ORDER(function, operation, name) \
    static PyObject *function(PyObject *module, PyObject *const *args, \
                              Py_ssize_t nargs) \
    { \
        (void)module; \
        (void)nargs; \
        return in_python_order(args[0], args[1]) \
                   ? PyObject_RichCompare(args[0], args[1], operation) \
                   : slowly(name, args[0], args[1]); \
    }

ORDER(less, Py_LT, "less")
ORDER(less_equal, Py_LE, "less_equal")
ORDER(greater, Py_GT, "greater")
ORDER(greater_equal, Py_GE, "greater_equal")

/* 1, 0, -1 raised */
static int
same(PyObject *module, PyObject *left, PyObject *right)
{
    if (left == right && !PyFloat_CheckExact(left)) {
        return 1;
    }
    if (PyUnicode_CheckExact(left) && PyUnicode_CheckExact(right)) {
        return PyUnicode_GET_LENGTH(left) == PyUnicode_GET_LENGTH(right) &&
               PyUnicode_Compare(left, right) == 0;
    }
    if (left == UNDEFINED || right == UNDEFINED) {
        return 0;
    }
    if (is_number(left) && is_number(right)) {
        return PyObject_RichCompareBool(left, right, Py_EQ) == 1 &&
               !(PyFloat_CheckExact(left) && left == right &&
                 PyFloat_AS_DOUBLE(left) != PyFloat_AS_DOUBLE(right));
    }
    return compare_strict(state_of_module(module), left, right);
}

static PyObject *
strict_equal(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    (void)nargs;
    int found = same(module, args[0], args[1]);
    return found < 0 ? NULL : PyBool_FromLong(found);
}

static PyObject *
strict_unequal(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    (void)nargs;
    int found = same(module, args[0], args[1]);
    return found < 0 ? NULL : PyBool_FromLong(!found);
}

/* === truth === */

static PyObject *
truth(PyObject *module, PyObject *value)
{
    if (PyBool_Check(value)) {
        return Py_NewRef(value);
    }
    if (PyUnicode_CheckExact(value)) {
        return PyBool_FromLong(PyUnicode_GET_LENGTH(value) > 0);
    }
    int found = coerce_to_bool(state_of_module(module), value);
    return found < 0 ? NULL : PyBool_FromLong(found);
}

static PyObject *
type_of(PyObject *module, PyObject *value)
{
    static const char *const names[] = {
        [napi_undefined] = "undefined", [napi_null] = "object",
        [napi_boolean] = "boolean",     [napi_number] = "number",
        [napi_string] = "string",       [napi_symbol] = "symbol",
        [napi_object] = "object",       [napi_function] = "function",
        [napi_external] = "object",     [napi_bigint] = "bigint",
    };
    return PyUnicode_InternFromString(
        names[compare_typeof(state_of_module(module), value)]);
}

PyDoc_STRVAR(doc, "A comparison of JavaScript on any values. (ECMA-262 13)");

static PyMethodDef functions[] = {
    {"js_less", (PyCFunction)(void *)less, METH_FASTCALL, doc},
    {"js_less_equal", (PyCFunction)(void *)less_equal, METH_FASTCALL, doc},
    {"js_greater", (PyCFunction)(void *)greater, METH_FASTCALL, doc},
    {"js_greater_equal", (PyCFunction)(void *)greater_equal, METH_FASTCALL,
     doc},
    {"js_strict_equal", (PyCFunction)(void *)strict_equal, METH_FASTCALL,
     doc},
    {"js_strict_unequal", (PyCFunction)(void *)strict_unequal, METH_FASTCALL,
     doc},
    {"js_truth", truth, METH_O, doc},
    {"js_typeof", type_of, METH_O, doc},
    {NULL, NULL, 0, NULL},
};

int
js_compare_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
