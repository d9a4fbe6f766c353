/* Resizable array buffers, and what else changes one (ECMA-262 25.1.3).
 *
 * The memory of a resizable buffer is allocated once, for its largest size;
 * what lies beyond its length is zero. */

#include "shim.h"

static struct js_arraybuffer * /* borrowed; NULL: TypeError raised */
as_buffer(PyObject *module, PyObject *value)
{
    struct shim_state *state = PyModule_GetState(module);
    if (arraybuffer_is(state, value) || arraybuffer_is_shared(state, value)) {
        return (struct js_arraybuffer *)value;
    }
    PyErr_Format(PyExc_TypeError, "an ArrayBuffer is needed, not %.200s",
                 Py_TYPE(value)->tp_name);
    return NULL;
}

PyDoc_STRVAR(make_resizable_doc, "make_resizable(size, most, shared, /)\n"
"--\n\nA new ArrayBuffer that can grow to `most` bytes.");

static PyObject *
make_resizable(PyObject *module, PyObject *args)
{
    struct shim_state *state = PyModule_GetState(module);
    Py_ssize_t size, most;
    int shared;
    if (!PyArg_ParseTuple(args, "nnp:make_resizable", &size, &most,
                          &shared)) {
        return NULL;
    }
    if (size < 0 || size > most || most > PY_SSIZE_T_MAX / 2) {
        return error_raise(state, "RangeError", NULL,
                           "Invalid array buffer max length");
    }
    PyObject *made = arraybuffer_new(state, (size_t)most, shared);
    if (made != NULL) {
        struct js_arraybuffer *self = (struct js_arraybuffer *)made;
        self->resizable = true;
        self->capacity = (size_t)most;
        self->length = (size_t)size;
    }
    return made;
}

PyDoc_STRVAR(resize_buffer_doc, "resize_buffer(buffer, size, /)\n--\n\n"
"Changes the length of a resizable ArrayBuffer.");

static PyObject *
resize_buffer(PyObject *module, PyObject *args)
{
    PyObject *value;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "On:resize_buffer", &value, &size)) {
        return NULL;
    }
    struct js_arraybuffer *self = as_buffer(module, value);
    if (self == NULL) {
        return NULL;
    }
    if (!self->resizable || size < 0 || (size_t)size > self->capacity) {
        return PyErr_Format(PyExc_ValueError, "the buffer cannot have %zd "
                                              "bytes",
                            size);
    }
    if ((size_t)size < self->length) {
        memset(self->data + size, 0, self->length - (size_t)size);
    }
    self->length = (size_t)size;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(buffer_limit_doc, "buffer_limit(buffer, /)\n--\n\n"
"The largest size of a resizable ArrayBuffer; None: it has a fixed one.");

static PyObject *
buffer_limit(PyObject *module, PyObject *value)
{
    struct js_arraybuffer *self = as_buffer(module, value);
    if (self == NULL) {
        return NULL;
    }
    return self->resizable ? PyLong_FromSize_t(self->capacity)
                           : Py_NewRef(Py_None);
}

PyDoc_STRVAR(detach_buffer_doc, "detach_buffer(buffer, /)\n--\n\n"
"Takes its memory away from an ArrayBuffer.");

static PyObject *
detach_buffer(PyObject *module, PyObject *value)
{
    struct js_arraybuffer *self = as_buffer(module, value);
    if (self == NULL) {
        return NULL;
    }
    if (self->exports > 0 || self->shared) {
        PyErr_SetString(PyExc_BufferError,
                        "the ArrayBuffer is in use: it cannot be detached");
        return NULL;
    }
    arraybuffer_detach(PyModule_GetState(module), self);
    Py_RETURN_NONE;
}

PyDoc_STRVAR(is_out_of_bounds_doc, "is_out_of_bounds(view, /)\n--\n\n"
"Whether the buffer of a view became too small for it, or is detached.");

static PyObject *
is_out_of_bounds(PyObject *module, PyObject *value)
{
    struct shim_state *state = PyModule_GetState(module);
    bool is_view = PyObject_TypeCheck(value, state->view_type);
    struct js_view *view = (struct js_view *)value;
    return PyBool_FromLong(is_view && view->data != NULL &&
                           view_data(view) == NULL);
}

PyDoc_STRVAR(is_transferable_doc, "is_transferable(buffer, /)\n--\n\n"
"Whether another one can take the memory of an ArrayBuffer over: not that of an "
"addon.");

static PyObject *
is_transferable(PyObject *module, PyObject *value)
{
    struct js_arraybuffer *self = as_buffer(module, value);
    return self == NULL ? NULL
                        : PyBool_FromLong(!self->external && !self->shared &&
                                          !self->detached);
}

static PyMethodDef functions[] = {
    {"make_resizable", make_resizable, METH_VARARGS, make_resizable_doc},
    {"resize_buffer", resize_buffer, METH_VARARGS, resize_buffer_doc},
    {"buffer_limit", buffer_limit, METH_O, buffer_limit_doc},
    {"detach_buffer", detach_buffer, METH_O, detach_buffer_doc},
    {"is_transferable", is_transferable, METH_O, is_transferable_doc},
    {"is_out_of_bounds", is_out_of_bounds, METH_O, is_out_of_bounds_doc},
    {NULL, NULL, 0, NULL},
};

int
resize_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, functions);
}
