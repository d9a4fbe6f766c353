/* Node-API chapter "Working with JavaScript values": napi.ArrayBuffer.
 *
 * data is stable for as long as the object lives; detaching only makes it
 * unreachable for JavaScript, the memory goes with the object. A detach is
 * refused while Python holds a buffer export. */

#include "memory.h"
#include "shim.h"

#define SELF(object) ((struct js_arraybuffer *)(object))

static struct js_arraybuffer * /* new */
allocate(PyTypeObject *type, size_t inline_size)
{
    return (struct js_arraybuffer *)type->tp_alloc(type,
                                                   (Py_ssize_t)inline_size);
}

static PyObject * /* new, of any of the two types */
make(struct shim_state *state, PyTypeObject *type, size_t length)
{
    bool is_inline = length <= memory_inline_limit();
    struct js_arraybuffer *self = allocate(type, is_inline ? length : 0);
    if (self == NULL) {
        return NULL;
    }
    self->data = (char *)self->inline_data;
    self->length = length;
    if (!is_inline) {
        self->data = PyMem_RawCalloc(length, 1);
        self->allocated = true;
        if (self->data == NULL) {
            self->length = 0;
            Py_DECREF(self);
            return error_raise(state, "RangeError", NULL,
                               "Array buffer allocation failed");
        }
    }
    return (PyObject *)self;
}

PyObject *
arraybuffer_new(struct shim_state *state, size_t length, bool shared)
{
    PyTypeObject *type =
        shared ? state->sharedarraybuffer_type : state->arraybuffer_type;
    if (length > (size_t)PY_SSIZE_T_MAX / 2) {
        return error_raise(state, "RangeError", NULL,
                           "Array buffer allocation failed");
    }
    PyObject *made = make(state, type, length);
    if (made != NULL) {
        SELF(made)->shared = shared;
    }
    return made;
}

PyObject *
arraybuffer_over(struct shim_state *state, void *data, size_t length,
                 PyObject *owner, bool shared)
{
    PyTypeObject *type =
        shared ? state->sharedarraybuffer_type : state->arraybuffer_type;
    struct js_arraybuffer *self = allocate(type, 0);
    if (self != NULL) {
        self->data = data;
        self->length = length;
        self->owner = Py_XNewRef(owner);
        self->external = owner == NULL;
        self->shared = shared;
    }
    return (PyObject *)self;
}

bool
arraybuffer_is(struct shim_state *state, PyObject *value)
{
    return Py_TYPE(value) == state->arraybuffer_type ||
           PyObject_TypeCheck(value, state->arraybuffer_type);
}

bool
arraybuffer_is_shared(struct shim_state *state, PyObject *value)
{
    return PyObject_TypeCheck(value, state->sharedarraybuffer_type);
}

static PyObject *
construct(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"length", NULL};
    Py_ssize_t length = 0;
    struct shim_state *state = state_of_type(type);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|n:ArrayBuffer", names,
                                     &length)) {
        return NULL;
    }
    if (length < 0) {
        return error_raise(state, "RangeError", NULL,
                           "Array buffer allocation failed");
    }
    PyObject *made = make(state, type, (size_t)length);
    if (made != NULL) {
        SELF(made)->shared =
            PyType_IsSubtype(type, state->sharedarraybuffer_type);
    }
    return made;
}

static int
traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(SELF(object)->owner);
    return side_traverse(SELF(object)->host.side, visit, arg);
}

static int
clear(PyObject *object)
{
    side_clear(SELF(object)->host.side);
    return 0;
}

/* A view with storage of its own points back at its buffer, borrowed: nobody
 * may find there what is going. */
static void
hide_from_owner(struct js_arraybuffer *self)
{
    PyObject *owner = self->owner;
    struct shim_state *state = state_of_object((PyObject *)self);
    if (owner != NULL && PyObject_TypeCheck(owner, state->view_type)) {
        struct js_view *view = (struct js_view *)owner;
        if (view->buffer == (PyObject *)self && !view->owns_buffer) {
            view->buffer = NULL;
        }
    }
}

static void
dealloc(PyObject *object)
{
    struct js_arraybuffer *self = SELF(object);
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    hide_from_owner(self);
    if (self->host.weaklist != NULL) {
        PyObject_ClearWeakRefs(object);
    }
    if (self->host.side != NULL) {
        side_free(self->host.side);
        self->host.side = NULL;
    }
    Py_CLEAR(self->owner);
    if (self->allocated) {
        PyMem_RawFree(self->data);
    }
    type->tp_free(object);
    Py_DECREF(type);
}

static int
get_buffer(PyObject *object, Py_buffer *view, int flags)
{
    struct js_arraybuffer *self = SELF(object);
    if (self->detached) {
        PyErr_SetString(PyExc_BufferError, "the ArrayBuffer is detached");
        return -1;
    }
    int status = PyBuffer_FillInfo(view, object,
                                   self->data ? self->data
                                              : (char *)self->inline_data,
                                   (Py_ssize_t)self->length, 0, flags);
    self->exports += status == 0;
    return status;
}

static void
release_buffer(PyObject *object, Py_buffer *view)
{
    (void)view;
    --SELF(object)->exports;
}

static PyObject *
repr(PyObject *object)
{
    struct js_arraybuffer *self = SELF(object);
    return PyUnicode_FromFormat(
        self->detached ? "<%s detached>" : "<%s of %zu bytes>",
        Py_TYPE(object)->tp_name, self->length);
}

static Py_ssize_t
size(PyObject *object)
{
    return (Py_ssize_t)SELF(object)->length;
}

static PyObject *
get_length(PyObject *object, void *ignored)
{
    (void)ignored;
    return PyLong_FromSize_t(SELF(object)->length);
}

static PyObject *
get_detached(PyObject *object, void *ignored)
{
    (void)ignored;
    return PyBool_FromLong(SELF(object)->detached);
}

static PyObject *
getattro(PyObject *object, PyObject *name)
{
    return view_getattro(object, name);
}

static int
setattro(PyObject *object, PyObject *name, PyObject *value)
{
    return property_assign(state_of_object(object), object, name, value);
}

static PyGetSetDef attributes[] = {
    {"byteLength", get_length, NULL, "bytes; 0 once detached", NULL},
    {"detached", get_detached, NULL, "True once detached", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_arraybuffer, host.weaklist), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

PyDoc_STRVAR(doc, "ArrayBuffer(length=0)\n--\n\nZeroed memory of length "
                  "bytes, shared with whoever takes its buffer.\n"
                  "(ECMA-262 25.1)");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)doc},
    {Py_tp_new, (void *)construct},
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear},
    {Py_tp_repr, (void *)repr},
    {Py_tp_getattro, (void *)getattro},
    {Py_tp_setattro, (void *)setattro},
    {Py_sq_length, (void *)size},
    {Py_bf_getbuffer, (void *)get_buffer},
    {Py_bf_releasebuffer, (void *)release_buffer},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.ArrayBuffer",
    .basicsize = offsetof(struct js_arraybuffer, inline_data),
    .itemsize = 1,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

static PyType_Spec shared_spec = {
    .name = "napi.SharedArrayBuffer",
    .basicsize = offsetof(struct js_arraybuffer, inline_data),
    .itemsize = 1,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

int
arraybuffer_init(PyObject *module, struct shim_state *state)
{
    state->arraybuffer_type = module_add_type(module, &spec, NULL);
    state->sharedarraybuffer_type =
        module_add_type(module, &shared_spec, NULL);
    return state->arraybuffer_type && state->sharedarraybuffer_type ? 0 : -1;
}
