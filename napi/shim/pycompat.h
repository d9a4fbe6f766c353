/* The differences between CPython 3.10 and 3.14, and nothing else. */
#ifndef NAPI_PYCOMPAT_H
#define NAPI_PYCOMPAT_H

#include <Python.h>
#include <structmember.h>

#if PY_VERSION_HEX < 0x030A0000
#error "napi needs CPython 3.10 or newer"
#endif

#if PY_VERSION_HEX < 0x030C0000
/* 3.12 replaced the fetch/restore triple by one normalized exception. */
static inline PyObject * /* new, or NULL where nothing is raised */
PyErr_GetRaisedException(void)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (type == NULL) {
        return NULL;
    }
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL) {
        PyException_SetTraceback(value, traceback);
    }
    Py_XDECREF(traceback);
    Py_DECREF(type);
    return value;
}

static inline void
PyErr_SetRaisedException(PyObject *exception /* steals */)
{
    PyObject *type = (PyObject *)Py_TYPE(exception);
    PyErr_Restore(Py_NewRef(type), exception,
                  PyException_GetTraceback(exception));
}
#endif

#if PY_VERSION_HEX < 0x030D0000
/* 3.13 gave the borrowed look-ups owning twins. 1 found, 0 not, -1 error. */
static inline int
PyDict_GetItemRef(PyObject *dict, PyObject *key, PyObject **result)
{
    *result = PyDict_GetItemWithError(dict, key);
    if (*result != NULL) {
        Py_INCREF(*result);
        return 1;
    }
    return PyErr_Occurred() ? -1 : 0;
}

static inline int
PyObject_GetOptionalAttr(PyObject *object, PyObject *name, PyObject **result)
{
    *result = PyObject_GetAttr(object, name);
    if (*result != NULL) {
        return 1;
    }
    if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

static inline PyObject * /* new */
PyList_GetItemRef(PyObject *list, Py_ssize_t index)
{
    PyObject *item = PyList_GetItem(list, index);
    return Py_XNewRef(item);
}
#endif

#endif
