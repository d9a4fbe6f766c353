/* The differences between CPython 3.10 and 3.14, and nothing else. */
#ifndef NAPI_PYCOMPAT_H
#define NAPI_PYCOMPAT_H

#include <Python.h>
#include <structmember.h>

#if PY_VERSION_HEX < 0x030A0000
#error "napi needs CPython 3.10 or newer"
#endif

#if PY_VERSION_HEX < 0x030C0000
/* 3.12 took the dicts of static types out of the types. */
static inline PyObject * /* new or NULL, nothing raised */
PyType_GetDict(PyTypeObject *type)
{
    return Py_XNewRef(type->tp_dict);
}

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

#if PY_VERSION_HEX < 0x030B0000
/* 3.11 gave frames accessors. */
static inline PyObject * /* new */
PyFrame_GetGlobals(PyFrameObject *frame)
{
    return PyObject_GetAttrString((PyObject *)frame, "f_globals");
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

/* The destructors of an addon's static objects may run when Python has ended. */
static inline bool
python_has_ended(void)
{
#if PY_VERSION_HEX >= 0x030D0000
    return !Py_IsInitialized() && PyThreadState_GetUnchecked() == NULL;
#else
    return !Py_IsInitialized() && _PyThreadState_UncheckedGet() == NULL;
#endif
}

/* The digits of an int: their number, and copying them into a fresh one. */
#if PY_VERSION_HEX >= 0x030C0000
#define LONG_DIGITS(value)                                                    \
    ((Py_ssize_t)(((PyLongObject *)(value))->long_value.lv_tag >> 3))
#define LONG_COPY(to, from, digits)                                           \
    do {                                                                      \
        (to)->long_value.lv_tag = (from)->long_value.lv_tag & ~(uintptr_t)4;  \
        memcpy((to)->long_value.ob_digit, (from)->long_value.ob_digit,        \
               (size_t)(digits) * sizeof(digit));                             \
    } while (0)
#else
#define LONG_DIGITS(value) Py_ABS(Py_SIZE(value))
#define LONG_COPY(to, from, digits)                                           \
    do {                                                                      \
        Py_SET_SIZE((to), Py_SIZE(from));                                     \
        memcpy((to)->ob_digit, (from)->ob_digit,                              \
               (size_t)(digits) * sizeof(digit));                             \
    } while (0)
#endif

static inline size_t
long_bits(PyObject *value) /* of the magnitude */
{
#if PY_VERSION_HEX >= 0x030E0000
    int64_t bits = _PyLong_NumBits(value);
    return (size_t)bits;
#else
    return _PyLong_NumBits(value);
#endif
}

static inline int
long_sign(PyObject *value)
{
    return _PyLong_Sign(value);
}

static inline PyObject * /* new; little-endian, unsigned */
long_from_bytes(const unsigned char *bytes, size_t size)
{
    return _PyLong_FromByteArray(bytes, size, 1, 0);
}

static inline int /* little-endian, unsigned; 0 or -1 raised */
long_to_bytes(PyObject *value, unsigned char *bytes, size_t size)
{
#if PY_VERSION_HEX >= 0x030D0000
    return _PyLong_AsByteArray((PyLongObject *)value, bytes, size, 1, 0, 1);
#else
    return _PyLong_AsByteArray((PyLongObject *)value, bytes, size, 1, 0);
#endif
}

/* Half floats: public since 3.11. */
static inline double
half_unpack(const char *at)
{
#if PY_VERSION_HEX >= 0x030B0000
    return PyFloat_Unpack2(at, PY_LITTLE_ENDIAN);
#else
    return _PyFloat_Unpack2((const unsigned char *)at, PY_LITTLE_ENDIAN);
#endif
}

static inline int /* too large becomes infinite, as in JavaScript */
half_pack(double value, char *at)
{
    if (value >= 65520.0 || value <= -65520.0) {
        value = value > 0 ? Py_HUGE_VAL : -Py_HUGE_VAL;
    }
#if PY_VERSION_HEX >= 0x030B0000
    return PyFloat_Pack2(value, at, PY_LITTLE_ENDIAN);
#else
    return _PyFloat_Pack2(value, (unsigned char *)at, PY_LITTLE_ENDIAN);
#endif
}

#endif
