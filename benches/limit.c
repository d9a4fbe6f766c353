/* The hand-written extension: the same rows straight on CPython's API. What no
 * host of the ABI can beat. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#define FASTCALL(name)                                                        \
    static PyObject *name(PyObject *self, PyObject *const *argv,              \
                          Py_ssize_t argc)
#define NOARGS(name) static PyObject *name(PyObject *self, PyObject *ignored)

NOARGS(noop)
{
    (void)self;
    (void)ignored;
    Py_RETURN_NONE;
}

static PyObject *
identity(PyObject *self, PyObject *value)
{
    (void)self;
    return Py_NewRef(value);
}

FASTCALL(add)
{
    (void)self;
    (void)argc;
    return PyFloat_FromDouble(PyFloat_AsDouble(argv[0]) +
                              PyFloat_AsDouble(argv[1]));
}

FASTCALL(add_i32)
{
    (void)self;
    (void)argc;
    return PyLong_FromLong(PyLong_AsLong(argv[0]) + PyLong_AsLong(argv[1]));
}

static PyObject *
str_len(PyObject *self, PyObject *text)
{
    (void)self;
    char copy[512];
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &length);
    memcpy(copy, utf8, (size_t)length);
    return PyLong_FromSsize_t(length);
}

static PyObject *
str_echo(PyObject *self, PyObject *text)
{
    (void)self;
    char copy[512];
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &length);
    memcpy(copy, utf8, (size_t)length);
    return PyUnicode_FromStringAndSize(copy, length);
}

static const char *const names[8] = {"alpha", "beta", "gamma", "delta",
                                     "epsilon", "zeta", "eta", "theta"};

NOARGS(make_object_8)
{
    (void)self;
    (void)ignored;
    PyObject *object = PyDict_New();
    for (int i = 0; i < 8; ++i) {
        PyObject *value = PyLong_FromLong(i);
        PyDict_SetItemString(object, names[i], value);
        Py_DECREF(value);
    }
    return object;
}

static PyObject *
read_object_8(PyObject *self, PyObject *object)
{
    (void)self;
    long sum = 0;
    for (int i = 0; i < 8; ++i) {
        sum += PyLong_AsLong(PyDict_GetItemString(object, names[i]));
    }
    return PyLong_FromLong(sum);
}

static PyObject *
array_sum(PyObject *self, PyObject *list)
{
    (void)self;
    double sum = 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
        sum += PyFloat_AsDouble(PyList_GET_ITEM(list, i));
    }
    return PyFloat_FromDouble(sum);
}

static PyObject *
make_array(PyObject *self, PyObject *length)
{
    (void)self;
    Py_ssize_t n = PyLong_AsSsize_t(length);
    PyObject *list = PyList_New(n);
    for (Py_ssize_t i = 0; i < n; ++i) {
        PyList_SET_ITEM(list, i, PyFloat_FromDouble((double)i));
    }
    return list;
}

static PyObject *
buffer_len(PyObject *self, PyObject *object)
{
    (void)self;
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    PyObject *length = PyLong_FromSsize_t(view.len);
    PyBuffer_Release(&view);
    return length;
}

NOARGS(make_buffer_64)
{
    (void)self;
    (void)ignored;
    PyObject *buffer = PyByteArray_FromStringAndSize(NULL, 64);
    memset(PyByteArray_AS_STRING(buffer), 1, 64);
    return buffer;
}

NOARGS(external_buffer_64)
{
    static char memory[64];
    (void)self;
    (void)ignored;
    return PyMemoryView_FromMemory(memory, 64, PyBUF_WRITE);
}

NOARGS(make_typed_8)
{
    PyObject *bytes = make_buffer_64(self, ignored);
    PyObject *view = PyMemoryView_FromObject(bytes);
    Py_DECREF(bytes);
    return view;
}

static PyObject *
call_back(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *function;
    Py_ssize_t times;
    if (!PyArg_ParseTuple(args, "On", &function, &times)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < times; ++i) {
        Py_XDECREF(PyObject_CallNoArgs(function));
    }
    Py_RETURN_NONE;
}

static PyObject *
call_back2(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *function;
    Py_ssize_t times;
    if (!PyArg_ParseTuple(args, "On", &function, &times)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < times; ++i) {
        PyObject *pair[2] = {PyLong_FromLong(1000), PyLong_FromLong(2)};
        Py_XDECREF(PyObject_Vectorcall(function, pair, 2, NULL));
        Py_DECREF(pair[0]);
        Py_DECREF(pair[1]);
    }
    Py_RETURN_NONE;
}

NOARGS(throw_error)
{
    (void)self;
    (void)ignored;
    PyErr_SetString(PyExc_RuntimeError, "no");
    return NULL;
}

static PyObject *
bigint_i64(PyObject *self, PyObject *value)
{
    (void)self;
    return PyLong_FromLongLong(PyLong_AsLongLong(value) + 1);
}

static PyObject *
bigint_words(PyObject *self, PyObject *value)
{
    (void)self;
    PyObject *bytes =
        PyObject_CallMethod(value, "to_bytes", "is", 40, "little");
    PyObject *result = PyObject_CallMethod((PyObject *)&PyLong_Type,
                                           "from_bytes", "Os", bytes,
                                           "little");
    Py_XDECREF(bytes);
    return result;
}

static PyMethodDef made = {"made", noop, METH_NOARGS, NULL};

NOARGS(make_function)
{
    (void)ignored;
    return PyCFunction_New(&made, self);
}

static PyObject *
promise(PyObject *self, PyObject *value)
{
    (void)self;
    return PyTuple_Pack(1, value);
}

struct counter {
    PyObject_HEAD
    int *value;
};

static PyObject *
counter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args;
    (void)kwargs;
    struct counter *self = (struct counter *)type->tp_alloc(type, 0);
    self->value = calloc(1, sizeof(int));
    return (PyObject *)self;
}

static void
counter_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    free(((struct counter *)self)->value);
    type->tp_free(self);
    Py_DECREF(type);
}

NOARGS(counter_inc)
{
    (void)ignored;
    return PyLong_FromLong(++*((struct counter *)self)->value & 127);
}

static PyObject *
counter_get(PyObject *self, void *ignored)
{
    (void)ignored;
    return PyLong_FromLong(*((struct counter *)self)->value & 127);
}

static int
counter_set(PyObject *self, PyObject *value, void *ignored)
{
    (void)ignored;
    *((struct counter *)self)->value = (int)PyLong_AsLong(value);
    return 0;
}

static PyMethodDef counter_methods[] = {
    {"inc", counter_inc, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyGetSetDef counter_attributes[] = {
    {"value", counter_get, counter_set, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL}};
static PyType_Slot counter_slots[] = {
    {Py_tp_new, (void *)counter_new},
    {Py_tp_dealloc, (void *)counter_dealloc},
    {Py_tp_methods, counter_methods},
    {Py_tp_getset, counter_attributes},
    {0, NULL}};
static PyType_Spec counter_spec = {"limit.Counter", sizeof(struct counter), 0,
                                   Py_TPFLAGS_DEFAULT, counter_slots};

#define FAST(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}
static PyMethodDef methods[] = {
    {"noop", noop, METH_NOARGS, NULL},
    {"identity", identity, METH_O, NULL},
    FAST(add),
    FAST(add_i32),
    {"str_len", str_len, METH_O, NULL},
    {"str_echo", str_echo, METH_O, NULL},
    {"make_object_8", make_object_8, METH_NOARGS, NULL},
    {"read_object_8", read_object_8, METH_O, NULL},
    {"array_sum", array_sum, METH_O, NULL},
    {"make_array", make_array, METH_O, NULL},
    {"buffer_len", buffer_len, METH_O, NULL},
    {"make_buffer_64", make_buffer_64, METH_NOARGS, NULL},
    {"external_buffer_64", external_buffer_64, METH_NOARGS, NULL},
    {"make_typed_8", make_typed_8, METH_NOARGS, NULL},
    {"call_back", call_back, METH_VARARGS, NULL},
    {"call_back2", call_back2, METH_VARARGS, NULL},
    {"throw_error", throw_error, METH_NOARGS, NULL},
    {"bigint_i64", bigint_i64, METH_O, NULL},
    {"bigint_words", bigint_words, METH_O, NULL},
    {"make_function", make_function, METH_NOARGS, NULL},
    {"promise", promise, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef limit = {PyModuleDef_HEAD_INIT, "limit", NULL, -1,
                                   methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC
PyInit_limit(void)
{
    PyObject *module = PyModule_Create(&limit);
    PyObject *counter = PyType_FromSpec(&counter_spec);
    PyModule_AddObject(module, "Counter", counter);
    return module;
}
