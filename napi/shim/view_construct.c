/* The constructors of typed arrays and DataView as Python calls them: a length,
 * numbers, bytes, or an ArrayBuffer with offset and length (ECMA-262 23.2.5). */

#include "shim.h"

#define SELF(object) ((struct js_view *)(object))

/* the kind a (Python) type makes, or VIEW_DATAVIEW */
static int
kind_of_type(struct shim_state *state, PyTypeObject *type)
{
    for (int kind = 0; kind < VIEW_KINDS; ++kind) {
        if (PyType_IsSubtype(type, state->typed_types[kind])) {
            return kind;
        }
    }
    return VIEW_DATAVIEW;
}

static PyObject * /* always NULL */
refuse(struct shim_state *state, const char *text)
{
    return error_raise(state, "RangeError", NULL, "%s", text);
}

static PyObject * /* new */
make_over(struct shim_state *state, PyTypeObject *type, int kind,
          PyObject *buffer, Py_ssize_t offset, PyObject *length)
{
    struct js_arraybuffer *storage = (struct js_arraybuffer *)buffer;
    size_t size = view_element_size(kind);
    if (offset < 0 || (size_t)offset > storage->length) {
        return refuse(state, "Start offset is outside the bounds of the "
                             "buffer");
    }
    if ((size_t)offset % size != 0) {
        return refuse(state, "start offset should be a multiple of the "
                             "element size");
    }
    size_t room = storage->length - (size_t)offset, count = room / size;
    if (length == Py_None) {
        if (room % size != 0 && !storage->resizable) {
            return refuse(state, "byte length of the buffer should be a "
                                 "multiple of the element size");
        }
    } else {
        Py_ssize_t wanted = PyNumber_AsSsize_t(length, PyExc_OverflowError);
        if (wanted == -1 && PyErr_Occurred()) {
            return NULL;
        }
        if (wanted < 0 || (size_t)wanted > count) {
            return refuse(state, "Invalid typed array length");
        }
        count = (size_t)wanted;
    }
    PyObject *view =
        view_new(state, type, kind, buffer, (size_t)offset, count);
    if (view != NULL) {
        SELF(view)->tracking = storage->resizable && length == Py_None;
    }
    return view;
}

static PyObject * /* new, zeroed */
make_length(struct shim_state *state, PyTypeObject *type, int kind,
            Py_ssize_t length)
{
    size_t size = view_element_size(kind);
    if (length < 0 || (size_t)length > BUFFER_LIMIT / size) {
        return refuse(state, "Invalid typed array length");
    }
    PyObject *buffer =
        arraybuffer_new(state, (size_t)length * size, false);
    PyObject *view = buffer ? view_new(state, type, kind, buffer, 0,
                                       (size_t)length)
                            : NULL;
    Py_XDECREF(buffer);
    return view;
}

/* new: the elements are copied */
static PyObject *
make_copy(struct shim_state *state, PyTypeObject *type, int kind,
          PyObject *source)
{
    PyObject *items = PySequence_Fast(source, "a typed array is made of a "
                                              "length, numbers or a buffer");
    if (items == NULL) {
        return NULL;
    }
    Py_ssize_t count = PySequence_Fast_GET_SIZE(items);
    PyObject *view = make_length(state, type, kind, count);
    for (Py_ssize_t i = 0; view != NULL && i < count; ++i) {
        PyObject *item = PySequence_Fast_GET_ITEM(items, i);
        if (view_set(state, SELF(view), (size_t)i, item) < 0) {
            Py_CLEAR(view);
        }
    }
    Py_DECREF(items);
    return view;
}

/* new: bytes of bytes-like into bytes, in one go; NULL and none raised: no */
static PyObject *
make_bytes(struct shim_state *state, PyTypeObject *type, int kind,
           PyObject *source)
{
    Py_buffer memory;
    if (view_element_size(kind) != 1 || !PyObject_CheckBuffer(source) ||
        PyObject_GetBuffer(source, &memory, PyBUF_SIMPLE) < 0) {
        PyErr_Clear();
        return NULL;
    }
    PyObject *view =
        memory.itemsize == 1 ? make_length(state, type, kind, memory.len)
                             : NULL;
    if (view != NULL && memory.len > 0) {
        memcpy(SELF(view)->data, memory.buf, (size_t)memory.len);
    }
    PyBuffer_Release(&memory);
    return view;
}

PyObject *
view_construct(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"source", "byte_offset", "length", NULL};
    PyObject *source = Py_None, *length = Py_None;
    Py_ssize_t offset = 0;
    struct shim_state *state = state_of_type(type);
    int kind = kind_of_type(state, type);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OnO", names, &source,
                                     &offset, &length)) {
        return NULL;
    }
    if (kind == VIEW_DATAVIEW &&
        !PyType_IsSubtype(type, state->dataview_type)) {
        return error_raise(state, "TypeError", NULL,
                           "Abstract class %s not directly constructable",
                           type->tp_name);
    }
    if (arraybuffer_is(state, source) ||
        arraybuffer_is_shared(state, source)) {
        return make_over(state, type, kind, source, offset, length);
    }
    if (kind == VIEW_DATAVIEW) {
        PyErr_Format(PyExc_TypeError, "%s() needs an ArrayBuffer",
                     type->tp_name);
        return NULL;
    }
    if (source == Py_None) {
        return make_length(state, type, kind, 0);
    }
    if (PyLong_Check(source)) {
        Py_ssize_t count = PyNumber_AsSsize_t(source, NULL);
        return make_length(state, type, kind, count);
    }
    PyObject *view = make_bytes(state, type, kind, source);
    return view != NULL || PyErr_Occurred()
               ? view
               : make_copy(state, type, kind, source);
}
