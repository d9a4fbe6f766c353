/* Node-API chapter "Working with JavaScript functions": napi.Function, and how
 * any callable is called.
 *
 * A native callback has no `this` of its own: the caller gives it, and what is
 * no object is converted as sloppy JavaScript does. A NULL receiver stands for
 * globalThis, which is only made when a callback asks for it. */

#include "shim.h"

#define SELF(object) ((struct js_function *)(object))

PyObject *
function_run(struct js_function *function, PyObject *receiver,
             PyObject *const *argv, size_t argc, PyObject *new_target)
{
    struct napi_callback_info__ info = {
        function->env, receiver, argv, argc, new_target, function->data,
    };
#ifdef NAPI_STRICT
    struct shim_state *state = function->env->state;
    watch_call(state, new_target != NULL ? "construct" : "call",
               (PyObject *)function, receiver, argv, argc);
    PyObject *result = env_call(function->env, function->callback, &info);
    watch_return(state, "return", result);
    return result;
#else
    return env_call(function->env, function->callback, &info);
#endif
}

static inline bool
is_object(struct shim_state *state, PyObject *value)
{
    return Py_TYPE(value) == state->object_type ||
           Py_TYPE(Py_TYPE(value)) == state->class_type ||
           compare_is_object(state, value);
}

static PyObject *
run_boxed(struct js_function *function, PyObject *receiver,
          PyObject *const *argv, size_t argc)
{
    PyObject *box = coerce_to_object(function->env->state, receiver);
    if (box == NULL) {
        return NULL;
    }
    PyObject *result = function_run(function, box, argv, argc, NULL);
    Py_DECREF(box);
    return result;
}

PyObject *
function_run_sloppy(struct js_function *function, PyObject *receiver,
                    PyObject *const *argv, size_t argc)
{
    struct shim_state *state = function->env->state;
    if (function->code != NULL) {
        return js_function_run(function, receiver, argv, argc, NULL);
    }
    if (function->receiver != NULL) {
        if (receiver == NULL ||
            !PyObject_TypeCheck(receiver, function->receiver)) {
            return error_raise(state, "TypeError", NULL,
                               "Illegal invocation");
        }
    } else if (receiver == UNDEFINED || receiver == state->null) {
        receiver = NULL;
    } else if (receiver != NULL && !is_object(state, receiver)) {
        return run_boxed(function, receiver, argv, argc);
    }
    return function_run(function, receiver, argv, argc, NULL);
}

PyObject *
function_refuse_keywords(PyObject *name)
{
    PyErr_Format(PyExc_TypeError, "%U() takes no keyword arguments", name);
    return NULL;
}

static PyObject *
vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf,
           PyObject *kwnames)
{
    struct js_function *self = SELF(callable);
    if (kwnames != NULL && PyTuple_GET_SIZE(kwnames) > 0) {
        return function_refuse_keywords(self->name);
    }
    size_t argc = (size_t)PyVectorcall_NARGS(nargsf);
    return self->receiver == NULL
               ? function_run(self, NULL, args, argc, NULL)
               : function_run_sloppy(self, NULL, args, argc);
}

PyObject *
function_new(napi_env env, PyObject *name, napi_callback callback, void *data)
{
    struct js_function *self =
        PyObject_GC_New(struct js_function, env->state->function_type);
    if (self == NULL) {
        return NULL;
    }
    if (name == NULL) {
        name = PyUnicode_FromStringAndSize("", 0);
    } else {
        Py_INCREF(name);
    }
    self->vectorcall = vectorcall;
    self->env = env;
    self->callback = callback;
    self->data = data;
    self->name = name;
    self->receiver = NULL;
    self->host.side = NULL;
    self->host.weaklist = NULL;
    self->code = self->home = self->info = self->fields = NULL;
    self->flags = 0;
    self->limit = self->length = 0;
    env_retain(env);
    PyObject_GC_Track(self);
#ifdef NAPI_STRICT
    if (callback != NULL) {
        watch_made(env, (PyObject *)self);
    }
#endif
    return (PyObject *)self;
}

bool
function_is(struct shim_state *state, PyObject *value)
{
    return Py_TYPE(value) == state->function_type || PyCallable_Check(value);
}

/* A class of an addon runs its callback; V8 does not insist on `new`. */
static PyObject *
call_class(struct js_class *class, PyObject *receiver, PyObject *const *argv,
           size_t argc)
{
    if (class->constructor != NULL) {
        return error_raise(class->env->state, "TypeError", NULL,
                           "Class constructor %U cannot be invoked without "
                           "'new'",
                           class->type.ht_name);
    }
    struct js_function as_function = {
        .env = class->env,
        .callback = class->callback,
        .data = class->data,
    };
    return function_run_sloppy(&as_function, receiver, argv, argc);
}

PyObject *
function_call(struct shim_state *state, PyObject *function,
              PyObject *receiver, PyObject *const *argv, size_t argc)
{
    PyTypeObject *type = Py_TYPE(function);
    if (type == state->function_type) {
        return function_run_sloppy(SELF(function), receiver, argv, argc);
    }
    if (type == state->proxy_function_type) {
        return proxy_call(state, function, receiver, argv, argc);
    }
    if (type == state->builtin_type) {
        return builtin_call(function, receiver, argv, argc);
    }
    if (type == state->method_type) {
        return method_call((struct js_method *)function, receiver, argv,
                           argc);
    }
    if (type == state->class_type &&
        ((struct js_class *)function)->env != NULL) {
        return call_class((struct js_class *)function, receiver, argv, argc);
    }
    PyObject *result;
    if (PyType_Check(function) &&
        builtin_call_type(state, function, receiver, argv, argc, &result)) {
        return result;
    }
    return PyObject_Vectorcall(function, argv, argc, NULL);
}

PyObject *
function_bind(struct shim_state *state, PyObject *function,
              PyObject *receiver)
{
    return method_new(state, function, receiver, false);
}

PyObject *
function_bind_found(struct shim_state *state, PyObject *self, PyObject *value)
{
    struct js_method *method = (struct js_method *)value;
    if (value == NULL ||
        !(Py_TYPE(value) == state->function_type ||
          (Py_TYPE(value) == state->builtin_type &&
           ((struct js_builtin *)value)->takes_this) ||
          (Py_TYPE(value) == state->method_type && method->bound == NULL &&
           !method->is_static))) {
        return value;
    }
    PyObject *bound = function_bind(state, value, self);
    Py_DECREF(value);
    return bound;
}

/* === the type === */

static int
traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(SELF(object)->receiver);
    Py_VISIT(SELF(object)->code);
    Py_VISIT(SELF(object)->home);
    Py_VISIT(SELF(object)->fields);
    return side_traverse(SELF(object)->host.side, visit, arg);
}

static int
clear(PyObject *object)
{
    side_clear(SELF(object)->host.side);
    Py_CLEAR(SELF(object)->home);
    Py_CLEAR(SELF(object)->fields);
    return 0;
}

static void
dealloc(PyObject *object)
{
    struct js_function *self = SELF(object);
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    if (self->host.weaklist != NULL) {
        PyObject_ClearWeakRefs(object);
    }
    if (self->host.side != NULL) {
        side_free(self->host.side);
    }
    Py_XDECREF(self->receiver);
    Py_XDECREF(self->name);
    Py_XDECREF(self->code);
    Py_XDECREF(self->home);
    Py_XDECREF(self->info);
    Py_XDECREF(self->fields);
    env_release(self->env);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

/* 1, 0, -1: an own property that hides what the type has under the name */
static int
has_own(PyObject *self, PyObject *name)
{
    struct side *side = SELF(self)->host.side;
    if (side == NULL || side->table == NULL || object_is_dunder(name)) {
        return 0;
    }
    return PyDict_Contains(side->table, name);
}

static PyObject *
get_attribute(PyObject *self, PyObject *name)
{
    struct shim_state *state = SELF(self)->env->state;
    int found = has_own(self, name);
    if (found == 0 && (_PyType_Lookup(Py_TYPE(self), name) != NULL ||
                       (PyUnicode_GET_LENGTH(name) > 0 &&
                        PyUnicode_READ_CHAR(name, 0) == '_'))) {
        return PyObject_GenericGetAttr(self, name);
    }
    if (found == 0) {
        found = property_has(state, self, name);
    }
    if (found == 0) {
        return PyObject_GenericGetAttr(self, name);
    }
    return found < 0 ? NULL
                     : function_bind_found(state, self,
                                           property_get(state, self, name));
}

static int
set_attribute(PyObject *self, PyObject *name, PyObject *value)
{
    return object_is_dunder(name)
               ? PyObject_GenericSetAttr(self, name, value)
               : object_set_attribute(SELF(self)->env->state, self, name,
                                      value);
}

static PyObject *
repr(PyObject *self)
{
    return PyUnicode_GET_LENGTH(SELF(self)->name) == 0
               ? PyUnicode_FromString("<napi.Function (anonymous)>")
               : PyUnicode_FromFormat("<napi.Function %U>",
                                      SELF(self)->name);
}

static PyObject *
get_name(PyObject *self, void *unused)
{
    (void)unused;
    return Py_NewRef(SELF(self)->name);
}

static PyObject *
get_qualname(PyObject *self, void *unused)
{
    (void)unused;
    PyTypeObject *receiver = SELF(self)->receiver;
    return receiver == NULL
               ? Py_NewRef(SELF(self)->name)
               : PyUnicode_FromFormat("%s.%U", receiver->tp_name,
                                      SELF(self)->name);
}

static PyObject *
get_doc(PyObject *self, void *unused)
{
    (void)unused;
    if (SELF(self)->code != NULL) {
        return PyUnicode_FromFormat("%U(...): JavaScript function",
                                    SELF(self)->name);
    }
    const char *file = SELF(self)->env->filename;
    const char *slash = strrchr(file, '/');
    return PyUnicode_FromFormat("%U(...): native function of %s",
                                SELF(self)->name,
                                slash != NULL ? slash + 1 : file);
}

static PyObject *
call(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    struct shim_state *state = SELF(self)->env->state;
    return count == 0 ? function_call(state, self, NULL, NULL, 0)
                      : function_call(state, self, args[0], args + 1,
                                      (size_t)count - 1);
}

static PyObject *
apply(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    struct shim_state *state = SELF(self)->env->state;
    if (count > 2) {
        PyErr_Format(PyExc_TypeError,
                     "apply() takes this and a sequence (%zd given)", count);
        return NULL;
    }
    PyObject *receiver = count > 0 ? args[0] : NULL;
    if (count < 2 || args[1] == UNDEFINED || args[1] == state->null) {
        return function_call(state, self, receiver, NULL, 0);
    }
    PyObject *list = PySequence_Tuple(args[1]);
    if (list == NULL) {
        return NULL;
    }
    PyObject *result =
        function_call(state, self, receiver, &PyTuple_GET_ITEM(list, 0),
                      (size_t)PyTuple_GET_SIZE(list));
    Py_DECREF(list);
    return result;
}

/* new functools.partial(bound, *args) */
static PyObject *
make_partial(PyObject *bound, PyObject *const *args, Py_ssize_t count)
{
    PyObject *functools = PyImport_ImportModule("functools");
    PyObject *partial =
        functools ? PyObject_GetAttrString(functools, "partial") : NULL;
    PyObject *all = partial ? PyTuple_New(count + 1) : NULL;
    PyObject *result = NULL;
    if (all != NULL) {
        PyTuple_SET_ITEM(all, 0, Py_NewRef(bound));
        for (Py_ssize_t i = 0; i < count; ++i) {
            PyTuple_SET_ITEM(all, i + 1, Py_NewRef(args[i]));
        }
        result = PyObject_Call(partial, all, NULL);
    }
    Py_XDECREF(functools);
    Py_XDECREF(partial);
    Py_XDECREF(all);
    return result;
}

static PyObject *
bind(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    PyObject *bound = function_bind(SELF(self)->env->state, self,
                                    count > 0 ? args[0] : UNDEFINED);
    if (bound == NULL || count < 2) {
        return bound;
    }
    PyObject *result = make_partial(bound, args + 1, count - 1);
    Py_DECREF(bound);
    return result;
}

static PyObject *
construct(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    return function_construct(SELF(self)->env->state, self, args,
                              (size_t)count, NULL);
}

PyDoc_STRVAR(call_doc, "call($self, this=None, /, *args)\n--\n\n"
                       "Calls the function with a `this`. (ECMA-262 20.2.3.3)");
PyDoc_STRVAR(apply_doc,
             "apply($self, this=None, args=None, /)\n--\n\n"
             "Calls the function with the items of a sequence as its "
             "arguments. (ECMA-262 20.2.3.1)");
PyDoc_STRVAR(bind_doc,
             "bind($self, this=None, /, *args)\n--\n\nReturns a callable that "
             "passes this `this` and these first arguments.\n"
             "(ECMA-262 20.2.3.2)");
PyDoc_STRVAR(new_doc, "new($self, /, *args)\n--\n\n"
                      "Calls the function as a constructor: new f(*args).");

static PyMethodDef methods[] = {
    {"call", (PyCFunction)(void *)call, METH_FASTCALL, call_doc},
    {"apply", (PyCFunction)(void *)apply, METH_FASTCALL, apply_doc},
    {"bind", (PyCFunction)(void *)bind, METH_FASTCALL, bind_doc},
    {"new", (PyCFunction)(void *)construct, METH_FASTCALL, new_doc},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"__name__", get_name, NULL, NULL, NULL},
    {"__qualname__", get_qualname, NULL, NULL, NULL},
    {"__doc__", get_doc, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET,
     offsetof(struct js_function, vectorcall), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_function, host.weaklist), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_traverse, (void *)traverse},
    {Py_tp_clear, (void *)clear},
    {Py_tp_call, (void *)PyVectorcall_Call},
    {Py_tp_getattro, (void *)get_attribute},
    {Py_tp_setattro, (void *)set_attribute},
    {Py_tp_repr, (void *)repr},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.Function",
    .basicsize = sizeof(struct js_function),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC |
             Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};

int
function_init(PyObject *module, struct shim_state *state)
{
    state->function_type = module_add_type(module, &spec, NULL);
    return state->function_type == NULL ? -1 : method_init(module, state);
}
