/* Typed arrays, DataView and Buffer: their storage and their elements
 * (ECMA-262 23.2 and 25.3).
 *
 * A view either lies over an ArrayBuffer, or (napi.Buffer) has its bytes in the
 * object itself and an ArrayBuffer only once somebody asks for it. */

#include "memory.h"
#include "shim.h"

#include <math.h>

static const unsigned char sizes[VIEW_KINDS] = {1, 1, 1, 2, 2, 4,
                                                4, 4, 8, 8, 8, 2};

size_t
view_element_size(int kind)
{
    return kind >= 0 && kind < VIEW_KINDS ? sizes[kind] : 1;
}

/* The buffer is detached, or became too small. */
static bool
is_detached(struct js_view *view)
{
    struct js_arraybuffer *buffer = (struct js_arraybuffer *)view->buffer;
    if (buffer == NULL || buffer->detached || !buffer->resizable) {
        return buffer != NULL && buffer->detached;
    }
    size_t size = view_element_size(view->kind);
    return view->byte_offset +
               (view->tracking ? 0 : view->length * size) >
           buffer->length;
}

bool
view_has_bytes(struct js_view *view, const char *getter)
{
    if (view->kind != VIEW_DATAVIEW || !is_detached(view)) {
        return true;
    }
    error_raise(state_of_object((PyObject *)view), "TypeError", NULL,
                "Cannot perform get DataView.prototype.%s on a detached or "
                "out-of-bounds ArrayBuffer",
                getter);
    return false;
}

char *
view_data(struct js_view *view)
{
    return is_detached(view) ? NULL : view->data;
}

size_t
view_length(struct js_view *view)
{
    if (is_detached(view)) {
        return 0;
    }
    struct js_arraybuffer *buffer = (struct js_arraybuffer *)view->buffer;
    return view->tracking ? (buffer->length - view->byte_offset) /
                                view_element_size(view->kind)
                          : view->length;
}

size_t
view_offset(struct js_view *view)
{
    return is_detached(view) ? 0 : view->byte_offset;
}

static struct js_view * /* new */
allocate(PyTypeObject *type, size_t inline_size)
{
    return (struct js_view *)type->tp_alloc(type, (Py_ssize_t)inline_size);
}

PyObject *
view_new(struct shim_state *state, PyTypeObject *type, int kind,
         PyObject *buffer, size_t byte_offset, size_t length)
{
    (void)state;
    struct js_view *view = allocate(type, 0);
    if (view != NULL) {
        char *data = ((struct js_arraybuffer *)buffer)->data;
        view->data = data != NULL ? data + byte_offset : NULL;
        view->byte_offset = byte_offset;
        view->length = length;
        view->kind = kind;
        view->buffer = Py_NewRef(buffer);
        view->owns_buffer = true;
    }
    return (PyObject *)view;
}

PyObject *
view_new_buffer(struct shim_state *state, size_t length, bool zero)
{
    (void)zero;
    if (length > memory_inline_limit()) {
        PyObject *buffer = arraybuffer_new(state, length, false);
        PyObject *view =
            buffer ? view_new(state, state->buffer_type, napi_uint8_array,
                              buffer, 0, length)
                   : NULL;
        Py_XDECREF(buffer);
        return view;
    }
    struct js_view *view = allocate(state->buffer_type, length);
    if (view != NULL) {
        view->data = (char *)view->inline_data;
        view->length = length;
        view->kind = napi_uint8_array;
    }
    return (PyObject *)view;
}

PyObject *
view_buffer(struct shim_state *state, struct js_view *view)
{
    if (view->buffer != NULL) {
        return Py_NewRef(view->buffer);
    }
    PyObject *buffer =
        arraybuffer_over(state, view->data,
                         view->length * view_element_size(view->kind),
                         (PyObject *)view, false);
    if (buffer == NULL) {
        return NULL;
    }
    ((struct js_arraybuffer *)buffer)->exports = view->exports;
    view->buffer = buffer; /* borrowed: its dealloc takes it away */
    view->owns_buffer = false;
    return buffer;
}

static PyObject * /* new BigInt */
get_bigint(struct shim_state *state, const char *at, int kind)
{
    int64_t value;
    memcpy(&value, at, sizeof(value));
    PyObject *plain = kind == napi_bigint64_array
                          ? PyLong_FromLongLong(value)
                          : PyLong_FromUnsignedLongLong((uint64_t)value);
    PyObject *result = plain ? bigint_from_long(state, plain) : NULL;
    Py_XDECREF(plain);
    return result;
}

#define READ(type, at)                                                        \
    (*(const type *)memcpy(&(type){0}, (at), sizeof(type)))

PyObject *
view_get(struct shim_state *state, struct js_view *view, size_t index)
{
    const char *at = view->data + index * view_element_size(view->kind);
    switch (view->kind) {
    case napi_int8_array:
        return PyLong_FromLong(READ(int8_t, at));
    case napi_int16_array:
        return PyLong_FromLong(READ(int16_t, at));
    case napi_uint16_array:
        return PyLong_FromLong(READ(uint16_t, at));
    case napi_int32_array:
        return PyLong_FromLong(READ(int32_t, at));
    case napi_uint32_array:
        return PyLong_FromUnsignedLong(READ(uint32_t, at));
    case napi_float32_array:
        return number_from_double((double)READ(float, at));
    case napi_float64_array:
        return number_from_double(READ(double, at));
    case napi_float16_array:
        return number_from_double(half_unpack(at));
    case napi_bigint64_array:
    case napi_biguint64_array:
        return get_bigint(state, at, view->kind);
    default:
        return PyLong_FromLong(READ(uint8_t, at));
    }
}

/* modulo 2**32, ECMA-262 7.1.6 */
static uint32_t
wrap_number(double value)
{
    if (!isfinite(value)) {
        return 0;
    }
    return (uint32_t)(int64_t)fmod(trunc(value), 4294967296.0);
}

static uint8_t
clamp_number(double value)
{
    if (!(value > 0)) {
        return 0;
    }
    return value >= 255 ? 255 : (uint8_t)nearbyint(value);
}

static int
store_number(struct js_view *view, char *at, double value)
{
    uint32_t wrapped = wrap_number(value);
    float single = (float)value;
    uint8_t clamped = clamp_number(value);
    switch (view->kind) {
    case napi_float64_array:
        memcpy(at, &value, sizeof(value));
        return 0;
    case napi_float32_array:
        memcpy(at, &single, sizeof(single));
        return 0;
    case napi_float16_array:
        return half_pack(value, at);
    case napi_uint8_clamped_array:
        memcpy(at, &clamped, 1);
        return 0;
    default:
        break;
    }
    uint16_t narrow = (uint16_t)wrapped;
    uint8_t byte = (uint8_t)wrapped;
    size_t size = view_element_size(view->kind);
    memcpy(at, size == 4   ? (const void *)&wrapped
               : size == 2 ? (const void *)&narrow
                           : (const void *)&byte,
           size);
    return 0;
}

/* new int; Python's own count as bigints */
static PyObject *
as_bigint(struct shim_state *state, PyObject *value)
{
    if (PyLong_Check(value) && !PyBool_Check(value)) {
        return Py_NewRef(value);
    }
    PyObject *convert = state_lookup(state, "element_as_bigint");
    PyObject *result =
        convert != NULL ? PyObject_CallOneArg(convert, value) : NULL;
    Py_XDECREF(convert);
    return result;
}

int
view_set(struct shim_state *state, struct js_view *view, size_t index,
         PyObject *value)
{
    bool is_bigint = view->kind == napi_bigint64_array ||
                     view->kind == napi_biguint64_array;
    if (is_bigint) {
        PyObject *integer = as_bigint(state, value);
        if (integer == NULL) {
            return -1;
        }
        uint64_t bits = PyLong_AsUnsignedLongLongMask(integer);
        Py_DECREF(integer);
        if (index < view_length(view)) {
            memcpy(view->data + index * 8, &bits, 8);
        }
        return 0;
    }
    double number;
    PyObject *converted = coerce_to_number(state, value);
    if (converted == NULL) {
        return -1;
    }
    number_as_double(state, converted, &number);
    Py_DECREF(converted);
    if (index >= view_length(view)) {
        return 0;
    }
    return store_number(view,
                        view->data + index * view_element_size(view->kind),
                        number);
}
