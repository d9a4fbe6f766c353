/* Native Python buffers as typed arrays: bytes, bytearray, memoryview,
 * array.array, one-dimensional contiguous arrays of numpy.
 *
 * Writable memory is shared, read-only memory is copied, because an addon gets a
 * writable pointer. The view is remembered, so that the pointer stays the same,
 * until the outermost call returns or as long as somebody else holds it. A copy
 * lives on while there is async work: a thread may read it for as long as the
 * program holds what was copied, be it deep in an object. */

#include "shim.h"

/* napi_typedarray_type of a struct format, or -1 */
static int
kind_of_format(const char *format, Py_ssize_t itemsize)
{
    if (format == NULL) {
        return napi_uint8_array;
    }
    if (strchr("@=<", *format) != NULL && *format != '\0') {
        ++format;
    }
    if (*format == '\0' || format[1] != '\0') {
        return -1;
    }
    if (strchr("bhilq", *format) != NULL) {
        return itemsize == 1   ? napi_int8_array
               : itemsize == 2 ? napi_int16_array
               : itemsize == 4 ? napi_int32_array
                               : napi_bigint64_array;
    }
    if (strchr("BHILQc?", *format) != NULL) {
        return itemsize == 1   ? napi_uint8_array
               : itemsize == 2 ? napi_uint16_array
               : itemsize == 4 ? napi_uint32_array
                               : napi_biguint64_array;
    }
    return *format == 'd'   ? napi_float64_array
           : *format == 'f' ? napi_float32_array
           : *format == 'e' ? napi_float16_array
                            : -1;
}

static PyObject * /* new js_view, or NULL (maybe raised) */
adopt(struct shim_state *state, PyObject *memory, bool share_readonly)
{
    Py_buffer *buffer = PyMemoryView_GET_BUFFER(memory);
    int kind = kind_of_format(buffer->format, buffer->itemsize);
    if (buffer->ndim != 1 || kind < 0 ||
        !PyBuffer_IsContiguous(buffer, 'C')) {
        return NULL;
    }
    size_t bytes = (size_t)buffer->len;
    PyObject *storage;
    if (buffer->readonly && !share_readonly) {
        storage = arraybuffer_new(state, bytes, false);
        if (storage != NULL && bytes > 0) {
            memcpy(((struct js_arraybuffer *)storage)->data, buffer->buf,
                   bytes);
        }
    } else {
        storage = arraybuffer_over(state, buffer->buf, bytes, memory, false);
        if (storage != NULL && buffer->readonly) {
            strict_guard(state, storage, "borrowed-written", buffer->buf,
                         bytes);
        }
    }
    PyObject *view =
        storage ? view_new(state, state->typed_types[kind], kind, storage, 0,
                           bytes / view_element_size(kind))
                : NULL;
    Py_XDECREF(storage);
    return view;
}

/* borrowed view remembered for value; made and remembered when missing */
static struct js_view *
remember(napi_env env, PyObject *value)
{
    if (env->adopted == NULL && (env->adopted = PyDict_New()) == NULL) {
        return NULL;
    }
    PyObject *key = PyLong_FromVoidPtr(value);
    if (key == NULL) {
        return NULL;
    }
    PyObject *entry = PyDict_GetItemWithError(env->adopted, key);
    if (entry == NULL && env->lent != NULL && !PyErr_Occurred()) {
        entry = PyDict_GetItemWithError(env->lent, key);
    }
    if (entry == NULL && !PyErr_Occurred()) {
        PyObject *memory = PyMemoryView_FromObject(value);
        PyObject *view = memory ? adopt(env->state, memory, false) : NULL;
        entry = view ? PyTuple_Pack(2, view, value) : NULL;
        if (entry != NULL &&
            PyDict_SetItem(env->adopted, key, entry) < 0) {
            Py_CLEAR(entry);
        }
        Py_XDECREF(entry); /* the dict holds it */
        Py_XDECREF(view);
        Py_XDECREF(memory);
    }
    Py_DECREF(key);
    return entry ? (struct js_view *)PyTuple_GET_ITEM(entry, 0) : NULL;
}

struct js_view *
view_of(napi_env env, PyObject *value)
{
    struct shim_state *state = env->state;
    PyTypeObject *type = Py_TYPE(value);
    if (type == state->buffer_type ||
        PyType_IsSubtype(type, state->view_type)) {
        return (struct js_view *)value;
    }
    if (!PyObject_CheckBuffer(value) || arraybuffer_is(state, value) || arraybuffer_is_shared(state, value)) {
        return NULL;
    }
    struct js_view *view = remember(env, value);
    if (view == NULL && PyErr_Occurred() &&
        !PyErr_ExceptionMatches(PyExc_MemoryError)) {
        PyErr_Clear();
    }
    return view;
}

static void
put_entry(PyObject **dict, PyObject *key, PyObject *entry)
{
    if (*dict == NULL) {
        *dict = PyDict_New();
    }
    if (*dict == NULL || PyDict_SetItem(*dict, key, entry) < 0) {
        PyErr_Clear();
    }
}

/* Somebody else has what was copied. Its memory is found by its address: what
 * only the entry holds cannot be found by the addon any more. */
static bool
is_held_copy(PyObject *entry)
{
    struct js_view *view = (struct js_view *)PyTuple_GET_ITEM(entry, 0);
    struct js_arraybuffer *storage = (struct js_arraybuffer *)view->buffer;
    return storage != NULL && storage->owner == NULL && !storage->external &&
           Py_REFCNT(PyTuple_GET_ITEM(entry, 1)) > 1;
}

/* What the addon wrote to the copy is lost with it. */
static void
let_go(napi_env env, PyObject *entry)
{
#ifdef NAPI_STRICT
    strict_check_copy(env, PyTuple_GET_ITEM(entry, 0),
                      PyTuple_GET_ITEM(entry, 1));
#else
    (void)env;
    (void)entry;
#endif
}

/* Looked at when there are twice as many as were left the last time. */
static void
drop_lent(napi_env env)
{
    bool is_idle = env->agent->alive == 0;
    if (env->lent == NULL ||
        (!is_idle && PyDict_GET_SIZE(env->lent) < env->lent_limit)) {
        return;
    }
    PyObject *old = env->lent;
    env->lent = NULL;
    PyObject *key, *entry;
    Py_ssize_t position = 0;
    while (PyDict_Next(old, &position, &key, &entry)) {
        if (!is_idle && is_held_copy(entry)) {
            put_entry(&env->lent, key, entry);
        } else {
            let_go(env, entry);
        }
    }
    env->lent_limit =
        (env->lent ? 2 * PyDict_GET_SIZE(env->lent) : 0) + 32;
    Py_DECREF(old);
}

void
view_drop_adopted(napi_env env)
{
    PyObject *old = env->adopted;
    env->adopted = NULL;
    PyObject *key, *entry;
    Py_ssize_t position = 0;
    while (old != NULL && PyDict_Next(old, &position, &key, &entry)) {
        if (Py_REFCNT(PyTuple_GET_ITEM(entry, 0)) > 1) {
            put_entry(&env->adopted, key, entry);
        } else if (env->agent->alive > 0 && is_held_copy(entry)) {
            put_entry(&env->lent, key, entry);
        } else {
            let_go(env, entry);
        }
    }
    Py_XDECREF(old);
    drop_lent(env);
}

/* borrow(data) -> TypedArray: shares memory even where it is read-only */
static PyObject *
borrow(PyObject *module, PyObject *data)
{
    PyObject *memory = PyMemoryView_FromObject(data);
    if (memory == NULL) {
        return NULL;
    }
    PyObject *view = adopt(PyModule_GetState(module), memory, true);
    Py_DECREF(memory);
    if (view == NULL && !PyErr_Occurred()) {
        PyErr_SetString(PyExc_TypeError,
                        "borrow() needs one-dimensional contiguous memory of "
                        "numbers");
    }
    return view;
}

PyDoc_STRVAR(borrow_doc,
             "borrow(data) -> TypedArray\n\nA typed array over the memory of "
             "data without a copy, even if it is read-only:\nthe addon must "
             "not write to it.");

static PyMethodDef functions[] = {
    {"borrow", borrow, METH_O, borrow_doc},
    {NULL, NULL, 0, NULL},
};

int
view_adopt_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, functions);
}
