/* Proxy objects (ECMA-262, chapter 10.5).
 *
 * The property chapter hands every operation on a proxy over to this file; the
 * traps and their invariants are Python functions of napi.runtime.proxy. A
 * proxy of a function is of a type of its own, since it can be called. */

#include "shim.h"

#define SELF(object) ((struct js_proxy *)(object))

bool
proxy_is(struct shim_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->proxy_type ||
           Py_TYPE(object) == state->proxy_function_type;
}

/* new; the function of napi.runtime.proxy, called with these arguments */
static PyObject *
ask(struct shim_state *state, const char *name, PyObject *const *argv,
    size_t argc)
{
    PyObject *function = state_lookup(state, name);
    if (function == NULL) {
        return NULL;
    }
    if (Py_EnterRecursiveCall(" in a Proxy")) {
        Py_DECREF(function);
        return NULL;
    }
    PyObject *result = PyObject_Vectorcall(function, argv, argc, NULL);
    Py_LeaveRecursiveCall();
    Py_DECREF(function);
    return result;
}

/* 1, 0, -1 */
static int
ask_bool(struct shim_state *state, const char *name, PyObject *const *argv,
         size_t argc)
{
    PyObject *result = ask(state, name, argv, argc);
    int answer = result != NULL ? PyObject_IsTrue(result) : -1;
    Py_XDECREF(result);
    return answer;
}

PyObject *
proxy_get(struct shim_state *state, PyObject *proxy, PyObject *key,
          PyObject *receiver)
{
    PyObject *argv[] = {proxy, key, receiver};
    return ask(state, "proxy_get", argv, 3);
}

int
proxy_set(struct shim_state *state, PyObject *proxy, PyObject *key,
          PyObject *value, PyObject *receiver)
{
    PyObject *argv[] = {proxy, key, value, receiver};
    return ask_bool(state, "proxy_set", argv, 4);
}

int
proxy_has(struct shim_state *state, PyObject *proxy, PyObject *key)
{
    PyObject *argv[] = {proxy, key};
    return ask_bool(state, "proxy_has", argv, 2);
}

int
proxy_delete(struct shim_state *state, PyObject *proxy, PyObject *key)
{
    PyObject *argv[] = {proxy, key};
    return ask_bool(state, "proxy_delete", argv, 2);
}

/* NULL stands for what is not there: the runtime says undefined for it */
static PyObject *
take_item(PyObject *tuple, Py_ssize_t index)
{
    PyObject *item = PyTuple_GET_ITEM(tuple, index);
    return item == UNDEFINED ? NULL : Py_NewRef(item);
}

/* The runtime answers None, or (is_data, value, getter, setter, attributes). */
int
proxy_find_own(struct shim_state *state, PyObject *proxy, PyObject *key,
               struct property_slot *slot)
{
    PyObject *argv[] = {proxy, key};
    PyObject *found = ask(state, "proxy_own", argv, 2);
    if (found == NULL || found == Py_None) {
        Py_XDECREF(found);
        return found == NULL ? -1 : 0;
    }
    if (!PyTuple_Check(found) || PyTuple_GET_SIZE(found) != 5) {
        Py_DECREF(found);
        PyErr_BadInternalCall();
        return -1;
    }
    if (PyTuple_GET_ITEM(found, 0) == Py_True) {
        slot->value = Py_NewRef(PyTuple_GET_ITEM(found, 1));
    } else {
        slot->getter = take_item(found, 2);
        slot->setter = take_item(found, 3);
    }
    slot->attributes = (int)PyLong_AsLong(PyTuple_GET_ITEM(found, 4));
    Py_DECREF(found);
    return slot->attributes == -1 && PyErr_Occurred() ? -1 : 1;
}

int
proxy_define(struct shim_state *state, PyObject *proxy, PyObject *key,
             struct js_property *property)
{
    PyObject *argv[] = {proxy, key, (PyObject *)property};
    return ask_bool(state, "proxy_define_full", argv, 3);
}

PyObject *
proxy_keys(struct shim_state *state, PyObject *proxy)
{
    PyObject *argv[] = {proxy};
    PyObject *keys = ask(state, "proxy_own_keys", argv, 1);
    if (keys != NULL && !PyList_Check(keys)) {
        Py_CLEAR(keys);
        PyErr_BadInternalCall();
    }
    return keys;
}

PyObject *
proxy_get_prototype(struct shim_state *state, PyObject *proxy)
{
    PyObject *argv[] = {proxy};
    return ask(state, "proxy_get_prototype", argv, 1);
}

int
proxy_set_prototype(struct shim_state *state, PyObject *proxy,
                    PyObject *prototype)
{
    PyObject *argv[] = {proxy, prototype};
    return ask_bool(state, "proxy_set_prototype", argv, 2);
}

int
proxy_is_extensible(struct shim_state *state, PyObject *proxy)
{
    PyObject *argv[] = {proxy};
    return ask_bool(state, "proxy_is_extensible", argv, 1);
}

int
proxy_close(struct shim_state *state, PyObject *proxy, const char *how)
{
    PyObject *level = PyUnicode_FromString(how);
    PyObject *argv[] = {proxy, level};
    int done =
        level != NULL ? ask_bool(state, "proxy_close", argv, 2) : -1;
    Py_XDECREF(level);
    return done;
}

/* === calls === */

/* new tuple of the arguments */
static PyObject *
pack(PyObject *const *argv, size_t argc)
{
    PyObject *tuple = PyTuple_New((Py_ssize_t)argc);
    for (size_t i = 0; tuple != NULL && i < argc; ++i) {
        PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, Py_NewRef(argv[i]));
    }
    return tuple;
}

PyObject *
proxy_call(struct shim_state *state, PyObject *proxy, PyObject *receiver,
           PyObject *const *argv, size_t argc)
{
    PyObject *arguments = pack(argv, argc);
    PyObject *all[] = {proxy, receiver != NULL ? receiver : UNDEFINED,
                       arguments};
    PyObject *result =
        arguments != NULL ? ask(state, "proxy_call", all, 3) : NULL;
    Py_XDECREF(arguments);
    return result;
}

PyObject *
proxy_construct(struct shim_state *state, PyObject *proxy,
                PyObject *const *argv, size_t argc, PyObject *new_target)
{
    PyObject *arguments = pack(argv, argc);
    PyObject *all[] = {proxy, arguments, new_target};
    PyObject *result =
        arguments != NULL ? ask(state, "proxy_construct", all, 3) : NULL;
    Py_XDECREF(arguments);
    return result;
}

/* === the types === */

static PyObject *
call(PyObject *self, PyObject *args, PyObject *kwargs)
{
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0) {
        PyErr_SetString(PyExc_TypeError,
                        "a Proxy takes no keyword arguments");
        return NULL;
    }
    return proxy_call(state_of_object(self), self, UNDEFINED,
                      &PyTuple_GET_ITEM(args, 0),
                      (size_t)PyTuple_GET_SIZE(args));
}

static PyObject *
get_attribute(PyObject *self, PyObject *name)
{
    if (object_is_dunder(name)) {
        return PyObject_GenericGetAttr(self, name);
    }
    struct shim_state *state = state_of_object(self);
    int has = property_has(state, self, name);
    if (has == 0) {
        PyErr_SetObject(PyExc_AttributeError, name);
    }
    return has <= 0 ? NULL
                    : function_bind_found(state, self,
                                          property_get(state, self, name));
}

static int
set_attribute(PyObject *self, PyObject *name, PyObject *value)
{
    return object_is_dunder(name)
               ? PyObject_GenericSetAttr(self, name, value)
               : property_assign(state_of_object(self), self, name, value);
}

static int
traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(SELF(object)->target);
    Py_VISIT(SELF(object)->handler);
    return side_traverse(SELF(object)->host.side, visit, arg);
}

static int
clear(PyObject *object)
{
    Py_CLEAR(SELF(object)->target);
    Py_CLEAR(SELF(object)->handler);
    side_clear(SELF(object)->host.side);
    return 0;
}

static void
dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (SELF(object)->host.weaklist != NULL) {
        PyObject_ClearWeakRefs(object);
    }
    if (SELF(object)->host.side != NULL) {
        side_free(SELF(object)->host.side);
        SELF(object)->host.side = NULL;
    }
    Py_CLEAR(SELF(object)->target);
    Py_CLEAR(SELF(object)->handler);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_proxy, host.weaklist), READONLY, NULL},
    {"__target__", T_OBJECT, offsetof(struct js_proxy, target), READONLY,
     NULL},
    {"__handler__", T_OBJECT, offsetof(struct js_proxy, handler), READONLY,
     NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear},
    {Py_tp_getattro, (void *)get_attribute},
    {Py_tp_setattro, (void *)set_attribute},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Slot function_slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear},
    {Py_tp_getattro, (void *)get_attribute},
    {Py_tp_setattro, (void *)set_attribute},
    {Py_tp_call, (void *)call},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.ProxyObject",
    .basicsize = sizeof(struct js_proxy),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};

static PyType_Spec function_spec = {
    .name = "napi.ProxyFunction",
    .basicsize = sizeof(struct js_proxy),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = function_slots,
};

/* === functions for the runtime === */

PyDoc_STRVAR(make_proxy_doc, "make_proxy(target, handler, /)\n--\n\n"
"A new Proxy over an object.");

static PyObject *
make_proxy(PyObject *module, PyObject *args)
{
    struct shim_state *state = PyModule_GetState(module);
    PyObject *target, *handler;
    if (!PyArg_ParseTuple(args, "OO:make_proxy", &target, &handler)) {
        return NULL;
    }
    PyTypeObject *type = function_is(state, target)
                             ? state->proxy_function_type
                             : state->proxy_type;
    struct js_proxy *proxy = PyObject_GC_New(struct js_proxy, type);
    if (proxy != NULL) {
        proxy->target = Py_NewRef(target);
        proxy->handler = Py_NewRef(handler);
        proxy->host = (struct host){NULL, NULL};
        PyObject_GC_Track(proxy);
    }
    return (PyObject *)proxy;
}

PyDoc_STRVAR(revoke_proxy_doc, "revoke_proxy(proxy, /)\n--\n\n"
"Takes target and handler away from a Proxy.");

static PyObject *
revoke_proxy(PyObject *module, PyObject *proxy)
{
    if (proxy_is(PyModule_GetState(module), proxy)) {
        Py_CLEAR(SELF(proxy)->target);
        Py_CLEAR(SELF(proxy)->handler);
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(is_proxy_doc, "is_proxy(value, /)\n--\n\n"
"Whether a value is a Proxy, also a revoked one.");

static PyObject *
is_proxy(PyObject *module, PyObject *value)
{
    return PyBool_FromLong(proxy_is(PyModule_GetState(module), value));
}

static PyMethodDef functions[] = {
    {"make_proxy", make_proxy, METH_VARARGS, make_proxy_doc},
    {"revoke_proxy", revoke_proxy, METH_O, revoke_proxy_doc},
    {"is_proxy", is_proxy, METH_O, is_proxy_doc},
    {NULL, NULL, 0, NULL},
};

int
proxy_init(PyObject *module, struct shim_state *state)
{
    state->proxy_type = module_add_type(module, &spec, NULL);
    state->proxy_function_type =
        module_add_type(module, &function_spec, NULL);
    return state->proxy_type == NULL || state->proxy_function_type == NULL
               ? -1
               : PyModule_AddFunctions(module, functions);
}
