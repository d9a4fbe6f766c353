/* Compiled JavaScript: properties and global names.
 *
 * Reading of undefined raises V8's TypeError; a refused assignment is silent
 * in sloppy code and a TypeError in strict code. */

#include "shim.h"

static struct shim_state *
state_of_module(PyObject *module)
{
    return PyModule_GetState(module);
}

/* always NULL: the runtime's function raises */
static PyObject *
refuse(const char *raiser, PyObject *target, PyObject *key)
{
    PyObject *raise = js_lookup(raiser);
    PyObject *done =
        raise != NULL
            ? PyObject_CallFunctionObjArgs(raise, target, key, NULL)
            : NULL;
    Py_XDECREF(raise);
    Py_XDECREF(done);
    return NULL;
}

/* true: an int that is an array index */
static inline bool
as_index(PyObject *key, uint32_t *index)
{
    if (!PyLong_CheckExact(key)) {
        return false;
    }
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(key, &overflow);
    if (overflow != 0 || number < 0 || number >= UINT32_MAX) {
        return false;
    }
    *index = (uint32_t)number;
    return true;
}

PyDoc_STRVAR(get_doc, "js_get(target, key, /)\n--\n\n"
                      "target[key]. (ECMA-262 13.3.2)");

static PyObject *
get(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    (void)nargs;
    struct shim_state *state = state_of_module(module);
    PyObject *target = args[0], *key = args[1];
    uint32_t index;
    if (Py_TYPE(target) == state->object_type && PyUnicode_CheckExact(key)) {
        PyObject *found = PyDict_GetItemWithError(target, key);
        if (found != NULL) {
            return Py_NewRef(found); /* own plain data */
        }
        if (PyErr_Occurred()) {
            return NULL;
        }
    }
    if (target == UNDEFINED || target == state->null) {
        return refuse("refuse_get", target, key);
    }
    if (as_index(key, &index)) {
        return property_get_index(state, target, index);
    }
    return property_get(state, target, key);
}

static PyObject *
put_primitive(PyObject *target, PyObject *key, PyObject *value)
{
    PyObject *act = js_lookup("put_primitive");
    PyObject *done =
        act != NULL
            ? PyObject_CallFunctionObjArgs(act, target, key, value, NULL)
            : NULL;
    Py_XDECREF(act);
    return done;
}

static PyObject *
put(PyObject *module, PyObject *const *args, bool is_strict)
{
    struct shim_state *state = state_of_module(module);
    PyObject *target = args[0], *key = args[1], *value = args[2];
    uint32_t index;
    if (target == UNDEFINED || target == state->null) {
        return refuse("refuse_put", target, key);
    }
    if (is_strict && !compare_is_object(state, target)) {
        return put_primitive(target, key, value);
    }
    int done = as_index(key, &index)
                   ? property_set_index(state, target, index, value)
                   : property_set(state, target, key, value);
    if (done == 0 && is_strict) {
        return refuse("refuse_assignment", target, key);
    }
    return done < 0 ? NULL : Py_NewRef(value);
}

PyDoc_STRVAR(put_doc, "js_put(target, key, value, /)\n--\n\n"
                      "target[key] = value in strict code; the value.");

static PyObject *
put_strict(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    (void)nargs;
    return put(module, args, true);
}

PyDoc_STRVAR(put_sloppy_doc, "js_put_sloppy(target, key, value, /)\n--\n\n"
                             "The same where a refusal is silent.");

static PyObject *
put_sloppy(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    (void)nargs;
    return put(module, args, false);
}

/* === private names === */

/* borrowed: the tuple of an instance's private field, or NULL (no error):
 * methods and accessors have an empty one */
static PyObject *
find_private(struct shim_state *state, PyObject *target, PyObject *name)
{
    if (Py_TYPE(Py_TYPE(target)) != state->class_type) {
        return NULL;
    }
    PyObject *dict = ((struct js_instance *)target)->dict;
    PyObject *found =
        dict != NULL ? PyDict_GetItemWithError(dict, name) : NULL;
    PyErr_Clear();
    return found != NULL && PyTuple_CheckExact(found) &&
                   PyTuple_GET_SIZE(found) == 1
               ? found
               : NULL;
}

PyDoc_STRVAR(get_private_doc,
             "js_get_private(target, name, /)\n--\n\ntarget.#name");

static PyObject *
get_private(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    (void)nargs;
    PyObject *found = find_private(state_of_module(module), args[0], args[1]);
    if (found != NULL) {
        return Py_NewRef(PyTuple_GET_ITEM(found, 0));
    }
    PyObject *act = js_lookup("get_private");
    PyObject *value =
        act != NULL
            ? PyObject_CallFunctionObjArgs(act, args[0], args[1], NULL)
            : NULL;
    Py_XDECREF(act);
    return value;
}

PyDoc_STRVAR(set_private_doc, "js_set_private(target, name, value, /)\n--\n\n"
                              "target.#name = value; the value.");

static PyObject *
set_private(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    (void)nargs;
    PyObject *target = args[0], *value = args[2];
    if (find_private(state_of_module(module), target, args[1]) != NULL) {
        PyObject *cell = PyTuple_Pack(1, value);
        int failed = cell != NULL
                         ? PyDict_SetItem(((struct js_instance *)target)->dict,
                                          args[1], cell)
                         : -1;
        Py_XDECREF(cell);
        return failed < 0 ? NULL : Py_NewRef(value);
    }
    PyObject *act = js_lookup("set_private");
    PyObject *done = act != NULL ? PyObject_CallFunctionObjArgs(
                                       act, target, args[1], value, NULL)
                                 : NULL;
    Py_XDECREF(act);
    return done;
}

/* === global names === */

/* 1 and new value, 0, -1: a property of globalThis */
static int
find_global(struct shim_state *state, PyObject *name, PyObject **value)
{
    PyObject *global = state_global(state);
    if (global == NULL) {
        return -1;
    }
    PyObject *found = PyDict_GetItemWithError(global, name);
    if (found != NULL) {
        *value = Py_NewRef(found);
        return 1;
    }
    struct side *side = side_of(state, global);
    found = side != NULL && side->table != NULL && !PyErr_Occurred()
                ? PyDict_GetItemWithError(side->table, name)
                : NULL;
    if (found != NULL && ((struct js_property *)found)->value != NULL) {
        *value = Py_NewRef(((struct js_property *)found)->value);
        return 1;
    }
    int known = PyErr_Occurred() ? -1 : property_has(state, global, name);
    if (known > 0) {
        *value = property_get(state, global, name);
        return *value != NULL ? 1 : -1;
    }
    return known;
}

PyDoc_STRVAR(global_doc,
             "js_global(lexical, name, /)\n--\n\nThe value of a global name: "
             "of a script's let, const or class, else of globalThis.");

static PyObject *
get_global(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    (void)nargs;
    struct shim_state *state = state_of_module(module);
    PyObject *value = NULL;
    if (PyDict_GET_SIZE(args[0]) > 0) {
        PyObject *cell = PyDict_GetItemWithError(args[0], args[1]);
        if (cell != NULL) {
            return PyList_GET_SIZE(cell) > 0
                       ? Py_NewRef(PyList_GET_ITEM(cell, 0))
                       : refuse("refuse_early", args[1], UNDEFINED);
        }
    }
    int found = find_global(state, args[1], &value);
    if (found == 0) {
        return refuse("refuse_name", args[1], UNDEFINED);
    }
    return value;
}

static PyMethodDef functions[] = {
    {"js_get", (PyCFunction)(void *)get, METH_FASTCALL, get_doc},
    {"js_put", (PyCFunction)(void *)put_strict, METH_FASTCALL, put_doc},
    {"js_put_sloppy", (PyCFunction)(void *)put_sloppy, METH_FASTCALL,
     put_sloppy_doc},
    {"js_get_private", (PyCFunction)(void *)get_private, METH_FASTCALL,
     get_private_doc},
    {"js_set_private", (PyCFunction)(void *)set_private, METH_FASTCALL,
     set_private_doc},
    {"js_global", (PyCFunction)(void *)get_global, METH_FASTCALL, global_doc},
    {NULL, NULL, 0, NULL},
};

int
js_property_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
