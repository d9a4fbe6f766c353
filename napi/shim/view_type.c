/* napi.Int8Array ... napi.Buffer, napi.DataView as Python types: sequences of
 * numbers over shared memory, with the buffer protocol. */

#include "shim.h"

#define SELF(object) ((struct js_view *)(object))

static const char *const formats[VIEW_KINDS] = {"b", "B", "B", "h", "H", "i",
                                                "I", "f", "d", "q", "Q", "e"};
static const char *const names[VIEW_KINDS] = {
    "napi.Int8Array",    "napi.Uint8Array",     "napi.Uint8ClampedArray",
    "napi.Int16Array",   "napi.Uint16Array",    "napi.Int32Array",
    "napi.Uint32Array",  "napi.Float32Array",   "napi.Float64Array",
    "napi.BigInt64Array", "napi.BigUint64Array", "napi.Float16Array"};

static int
traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    if (SELF(object)->owns_buffer) {
        Py_VISIT(SELF(object)->buffer);
    }
    return side_traverse(SELF(object)->host.side, visit, arg);
}

static int
clear(PyObject *object)
{
    side_clear(SELF(object)->host.side);
    return 0;
}

static void
dealloc(PyObject *object)
{
    struct js_view *self = SELF(object);
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (self->host.weaklist != NULL) {
        PyObject_ClearWeakRefs(object);
    }
    if (self->host.side != NULL) {
        side_free(self->host.side);
        self->host.side = NULL;
    }
    if (self->owns_buffer) {
        Py_CLEAR(self->buffer);
    }
    type->tp_free(object);
    Py_DECREF(type);
}

static int
get_buffer(PyObject *object, Py_buffer *out, int flags)
{
    struct js_view *self = SELF(object);
    char *data = view_data(self);
    size_t size = view_element_size(self->kind);
    size_t length = view_length(self);
    int status = PyBuffer_FillInfo(out, object, data ? data : (char *)self->inline_data,
                                   (Py_ssize_t)(length * size), 0, flags);
    if (status < 0) {
        return -1;
    }
    if (self->kind != VIEW_DATAVIEW) {
        self->shape[0] = (Py_ssize_t)length;
        self->strides[0] = (Py_ssize_t)size;
        out->itemsize = (Py_ssize_t)size;
        if (flags & PyBUF_FORMAT) {
            out->format = (char *)formats[self->kind];
        }
        if (flags & PyBUF_ND) {
            out->shape = self->shape;
        }
        if ((flags & PyBUF_STRIDES) == PyBUF_STRIDES) {
            out->strides = self->strides;
        }
    }
    ++self->exports;
    if (self->buffer != NULL) {
        ++((struct js_arraybuffer *)self->buffer)->exports;
        out->internal = self->buffer;
    }
    return 0;
}

static void
release_buffer(PyObject *object, Py_buffer *view)
{
    struct js_view *self = SELF(object);
    --self->exports;
    if (self->buffer != NULL &&
        (view->internal != NULL || !self->owns_buffer)) {
        --((struct js_arraybuffer *)self->buffer)->exports;
    }
}

static Py_ssize_t
size(PyObject *object)
{
    return (Py_ssize_t)view_length(SELF(object));
}

static PyObject *
get_item(PyObject *object, Py_ssize_t index)
{
    struct js_view *self = SELF(object);
    if (index < 0 || (size_t)index >= view_length(self) ||
        self->kind == VIEW_DATAVIEW) {
        PyErr_SetString(PyExc_IndexError, "index out of range");
        return NULL;
    }
    return view_get(state_of_object(object), self, (size_t)index);
}

static int
set_item(PyObject *object, Py_ssize_t index, PyObject *value)
{
    struct js_view *self = SELF(object);
    if (value == NULL) {
        PyErr_SetString(PyExc_TypeError, "elements cannot be deleted");
        return -1;
    }
    if (index < 0 || (size_t)index >= view_length(self) ||
        self->kind == VIEW_DATAVIEW) {
        PyErr_SetString(PyExc_IndexError, "index out of range");
        return -1;
    }
    return view_set(state_of_object(object), self, (size_t)index, value);
}

/* new view of the same memory, as subarray() */
static PyObject *
get_slice(PyObject *object, PyObject *slice)
{
    struct js_view *self = SELF(object);
    struct shim_state *state = state_of_object(object);
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0) {
        return NULL;
    }
    Py_ssize_t count =
        PySlice_AdjustIndices(size(object), &start, &stop, step);
    if (step != 1) {
        PyErr_SetString(PyExc_ValueError, "a view has no steps");
        return NULL;
    }
    PyObject *buffer = view_buffer(state, self);
    if (buffer == NULL) {
        return NULL;
    }
    size_t offset = self->byte_offset +
                    (size_t)start * view_element_size(self->kind);
    PyObject *part = view_new(state, Py_TYPE(object), self->kind, buffer,
                              offset, (size_t)count);
    Py_DECREF(buffer);
    return part;
}

static PyObject *
subscript(PyObject *object, PyObject *key)
{
    if (PySlice_Check(key)) {
        return get_slice(object, key);
    }
    Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) {
        return NULL;
    }
    return get_item(object, index < 0 ? index + size(object) : index);
}

static int
assign(PyObject *object, PyObject *key, PyObject *value)
{
    if (PySlice_Check(key)) {
        PyObject *memory = PyMemoryView_FromObject(object);
        int status = memory == NULL ? -1
                     : value == NULL
                         ? PyObject_DelItem(memory, key)
                         : PyObject_SetItem(memory, key, value);
        Py_XDECREF(memory);
        return status;
    }
    Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) {
        return -1;
    }
    return set_item(object, index < 0 ? index + size(object) : index, value);
}

/* Buffer.byteLength is a function; that of a Buffer is its size. */
static bool
is_shadowed(struct shim_state *state, PyObject *object, PyObject *name)
{
    return PyObject_TypeCheck(object, state->buffer_type) &&
           PyUnicode_CompareWithASCIIString(name, "byteLength") == 0;
}

/* Python's attributes, then the JavaScript ones, methods bound. */
PyObject *
view_getattro(PyObject *object, PyObject *name)
{
    if (is_shadowed(state_of_object(object), object, name)) {
        return PyLong_FromSsize_t(size(object));
    }
    PyObject *value = PyObject_GenericGetAttr(object, name);
    if (value != NULL || !PyErr_ExceptionMatches(PyExc_AttributeError) ||
        object_is_dunder(name)) {
        return value;
    }
    struct shim_state *state = state_of_object(object);
    PyObject *raised = PyErr_GetRaisedException();
    int found = property_has(state, object, name);
    if (found > 0) {
        value = property_get(state, object, name);
        value = value ? function_bind_found(state, object, value) : NULL;
    }
    if (found != 0) {
        Py_DECREF(raised);
        return value;
    }
    PyErr_SetRaisedException(raised);
    return NULL;
}

static int
setattro(PyObject *object, PyObject *name, PyObject *value)
{
    return property_assign(state_of_object(object), object, name, value);
}

static PyObject *
repr(PyObject *object)
{
    const char *name = Py_TYPE(object)->tp_name;
    PyObject *list =
        SELF(object)->kind != VIEW_DATAVIEW && size(object) <= 64
            ? PySequence_List(object)
            : NULL;
    PyErr_Clear();
    PyObject *text =
        list ? PyUnicode_FromFormat("%s(%zd) %R", name, size(object), list)
             : PyUnicode_FromFormat("<%s of %zd>", name, size(object));
    Py_XDECREF(list);
    return text;
}

static PyObject *
get_length(PyObject *object, void *ignored)
{
    (void)ignored;
    return PyLong_FromSsize_t(size(object));
}

static PyObject *
get_byte_length(PyObject *object, void *ignored)
{
    (void)ignored;
    if (!view_has_bytes(SELF(object), "byteLength")) {
        return NULL;
    }
    return PyLong_FromSize_t(view_length(SELF(object)) *
                             view_element_size(SELF(object)->kind));
}

static PyObject *
get_byte_offset(PyObject *object, void *ignored)
{
    (void)ignored;
    return view_has_bytes(SELF(object), "byteOffset")
               ? PyLong_FromSize_t(view_offset(SELF(object)))
               : NULL;
}

static PyObject *
get_storage(PyObject *object, void *ignored)
{
    (void)ignored;
    return view_buffer(state_of_object(object), SELF(object));
}

/* napi.runtime.buffer.<name>(class, *args) */
static PyObject *
ask_buffer_face(PyObject *class, PyObject *args, const char *name)
{
    PyObject *module = PyImport_ImportModule("napi.runtime.buffer");
    PyObject *function = module ? PyObject_GetAttrString(module, name) : NULL;
    PyObject *result = function ? PyObject_Call(function, args, NULL) : NULL;
    (void)class;
    Py_XDECREF(module);
    Py_XDECREF(function);
    return result;
}

#define FACE(name)                                                            \
    static PyObject *face_##name(PyObject *class, PyObject *args)             \
    {                                                                         \
        return ask_buffer_face(class, args, #name);                           \
    }
FACE(from_)
FACE(alloc)
FACE(concat)
FACE(is_buffer)
FACE(byte_length)

static PyMethodDef buffer_methods[] = {
    {"from_", face_from_, METH_VARARGS | METH_CLASS,
     "from_(data, encoding='utf8') -> Buffer"},
    {"from", face_from_, METH_VARARGS | METH_CLASS,
     "from(data, encoding='utf8') -> Buffer"},
    {"alloc", face_alloc, METH_VARARGS | METH_CLASS,
     "alloc(length, fill=0) -> Buffer"},
    {"concat", face_concat, METH_VARARGS | METH_CLASS,
     "concat(buffers, length=None) -> Buffer"},
    {"isBuffer", face_is_buffer, METH_VARARGS | METH_CLASS,
     "isBuffer(value) -> bool"},
    {"byteLength", face_byte_length, METH_VARARGS | METH_CLASS,
     "byteLength(data, encoding='utf8') -> int"},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"length", get_length, NULL, "elements; DataView: bytes", NULL},
    {"byteLength", get_byte_length, NULL, "bytes", NULL},
    {"byteOffset", get_byte_offset, NULL, "bytes into the buffer", NULL},
    {"buffer", get_storage, NULL, "the ArrayBuffer", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_view, host.weaklist), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, (void *)view_construct},
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear},
    {Py_tp_repr, (void *)repr},
    {Py_tp_getattro, (void *)view_getattro},
    {Py_tp_setattro, (void *)setattro},
    {Py_sq_length, (void *)size},
    {Py_sq_item, (void *)get_item},
    {Py_sq_ass_item, (void *)set_item},
    {Py_mp_length, (void *)size},
    {Py_mp_subscript, (void *)subscript},
    {Py_mp_ass_subscript, (void *)assign},
    {Py_bf_getbuffer, (void *)get_buffer},
    {Py_bf_releasebuffer, (void *)release_buffer},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Slot derived_slots[] = {{Py_tp_dealloc, (void *)dealloc},
                                      {0, NULL}};
static PyType_Slot buffer_slots[] = {{Py_tp_dealloc, (void *)dealloc},
                                     {Py_tp_methods, buffer_methods},
                                     {0, NULL}};

/* new type; base NULL: the view itself */
static PyTypeObject *
add_type(PyObject *module, const char *name, PyType_Slot *type_slots,
         PyTypeObject *base)
{
    PyType_Spec spec = {
        .name = name,
        .basicsize =
            base == NULL ? (int)offsetof(struct js_view, inline_data) : 0,
        .itemsize = base == NULL ? 1 : 0,
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE |
                 (base == NULL ? Py_TPFLAGS_HAVE_GC : 0),
        .slots = type_slots,
    };
    return module_add_type(module, &spec, (PyObject *)base);
}

int
view_init(PyObject *module, struct shim_state *state)
{
    state->view_type = add_type(module, "napi.ArrayBufferView", slots, NULL);
    if (state->view_type == NULL) {
        return -1;
    }
    state->typedarray_type = add_type(module, "napi.TypedArray",
                                      derived_slots, state->view_type);
    state->dataview_type = add_type(module, "napi.DataView", derived_slots,
                                    state->view_type);
    if (state->typedarray_type == NULL || state->dataview_type == NULL) {
        return -1;
    }
    for (int kind = 0; kind < VIEW_KINDS; ++kind) {
        state->typed_types[kind] = add_type(module, names[kind],
                                            derived_slots,
                                            state->typedarray_type);
        if (state->typed_types[kind] == NULL) {
            return -1;
        }
    }
    state->buffer_type =
        add_type(module, "napi.Buffer", buffer_slots,
                 state->typed_types[napi_uint8_array]);
    return state->buffer_type != NULL ? view_adopt_init(module, state) : -1;
}
