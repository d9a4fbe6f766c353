/* Attribute access of napi.Object and napi.Array.
 *
 * obj.name is the JavaScript property, unless the type has that attribute and
 * the property is no function: obj["items"] always is the property, obj.items
 * the dict's method. Functions come bound, so that obj.m() passes `this`. */

#include "shim.h"

bool
object_is_dunder(PyObject *name)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    return length > 4 && PyUnicode_READ_CHAR(name, 0) == '_' &&
           PyUnicode_READ_CHAR(name, 1) == '_' &&
           PyUnicode_READ_CHAR(name, length - 1) == '_' &&
           PyUnicode_READ_CHAR(name, length - 2) == '_';
}

/* A function that wants to know its `this`; Python's own have it already. */
static bool
is_method(struct shim_state *state, PyObject *value)
{
    return Py_TYPE(value) == state->function_type ||
           (Py_TYPE(value) == state->builtin_type &&
            ((struct js_builtin *)value)->takes_this) ||
           (Py_TYPE(value) == state->method_type &&
            ((struct js_method *)value)->bound == NULL &&
            !((struct js_method *)value)->is_static);
}

/* new; a method read through an object is bound to it */
static PyObject *
bind_method(struct shim_state *state, PyObject *self,
            PyObject *value /* steals */)
{
    if (!is_method(state, value)) {
        return value;
    }
    PyObject *bound = function_bind(state, value, self);
    Py_DECREF(value);
    return bound;
}

/* A name that starts with an underscore is asked for by Python's tools all
 * the time and is never looked for in the default prototypes. */
static PyObject *
find_inherited(struct shim_state *state, PyObject *self, PyObject *name)
{
    PyObject *value;
    if (Py_TYPE(self)->tp_dictoffset != 0) { /* a subclass made in Python */
        value = PyObject_GenericGetAttr(self, name);
        if (value != NULL || !PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return value;
        }
        PyErr_Clear();
    }
    if (PyUnicode_GET_LENGTH(name) > 0 &&
        PyUnicode_READ_CHAR(name, 0) != '_') {
        int found = property_has(state, self, name);
        if (found != 0) {
            value = found > 0 ? property_get(state, self, name) : NULL;
            return value != NULL ? bind_method(state, self, value) : NULL;
        }
    }
    return PyObject_GenericGetAttr(self, name);
}

int
object_set_attribute(struct shim_state *state, PyObject *self, PyObject *name,
                     PyObject *value)
{
    int done;
    if (value != NULL) {
        done = property_set(state, self, name, value);
        return done == 0 ? object_refuse_set(state, self, name)
                         : Py_MIN(done, 0);
    }
    done = property_has_own(state, self, name);
    if (done == 0) {
        PyErr_SetObject(PyExc_AttributeError, name);
    }
    if (done <= 0) {
        return -1;
    }
    done = property_delete(state, self, name);
    return done == 0 ? object_refuse_delete(state, self, name)
                     : Py_MIN(done, 0);
}

PyObject *
object_attribute(struct shim_state *state, PyObject *self, PyObject *name)
{
    bool typed = _PyType_Lookup(Py_TYPE(self), name) != NULL;
    struct side *side = side_of(state, self);
    if (side != NULL && !(typed && object_is_dunder(name))) {
        PyObject *value = NULL;
        int found = object_has_special(state, self, name);
        if (found > 0) {
            value = property_get(state, self, name);
        }
        if (found < 0 || (found > 0 && value == NULL)) {
            return NULL;
        }
        if (value != NULL && (!typed || is_method(state, value))) {
            return bind_method(state, self, value);
        }
        Py_XDECREF(value);
    }
    return typed ? PyObject_GenericGetAttr(self, name)
                 : find_inherited(state, self, name);
}

PyObject *
object_getattro(PyObject *self, PyObject *name)
{
    struct shim_state *state = state_of_object(self);
    PyObject *value = PyDict_GetItemWithError(self, name);
    if (value == NULL) {
        return PyErr_Occurred() ? NULL : object_attribute(state, self, name);
    }
    Py_INCREF(value);
    if (_PyType_Lookup(Py_TYPE(self), name) == NULL ||
        (is_method(state, value) && !object_is_dunder(name))) {
        return bind_method(state, self, value);
    }
    Py_DECREF(value);
    return PyObject_GenericGetAttr(self, name);
}

int
object_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    PyObject *typed = _PyType_Lookup(Py_TYPE(self), name);
    if ((typed != NULL && Py_TYPE(typed)->tp_descr_set != NULL) ||
        object_is_dunder(name)) {
        return PyObject_GenericSetAttr(self, name, value);
    }
    if (object_assign(self, name, value) == 0) {
        return 0;
    }
    if (value == NULL && PyErr_ExceptionMatches(PyExc_KeyError)) {
        PyErr_SetObject(PyExc_AttributeError, name);
    }
    return -1;
}

static int
extend_names(PyObject *names, PyObject *self)
{
    struct shim_state *state = state_of_object(self);
    PyObject *keys = property_keys(state, self, napi_key_include_prototypes,
                                   napi_key_enumerable |
                                       napi_key_skip_symbols,
                                   napi_key_numbers_to_strings);
    if (keys == NULL) {
        return -1;
    }
    PyObject *none = PyObject_CallMethod(names, "extend", "O", keys);
    Py_DECREF(keys);
    Py_XDECREF(none);
    return none != NULL ? 0 : -1;
}

PyObject *
object_dir(PyObject *self, PyObject *unused)
{
    (void)unused;
    PyObject *names = PyObject_CallMethod((PyObject *)&PyBaseObject_Type,
                                          "__dir__", "O", self);
    if (names != NULL && extend_names(names, self) < 0) {
        Py_CLEAR(names);
    }
    return names;
}
