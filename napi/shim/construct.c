/* Node-API chapter "Object wrap": `new`, from JavaScript and from Python.
 *
 * `this` is made from new_target before the native constructor runs, so that
 * subclasses written in Python get instances of their own; an object that the
 * callback returns takes its place. */

#include "shim.h"

/* steals both; ECMA-262 10.2.2: a returned object replaces `this` */
static PyObject *
choose_result(struct shim_state *state, PyObject *self, PyObject *result)
{
    if (result != NULL && (result == UNDEFINED || result == self ||
                           !compare_is_object(state, result))) {
        Py_DECREF(result);
        return self;
    }
    Py_DECREF(self);
    return result;
}

static PyObject *
construct_for(struct js_class *native, PyTypeObject *type,
              PyObject *const *argv, size_t argc, PyObject *new_target)
{
    if (native->constructor != NULL) {
        return js_class_construct(native, type, argv, argc, new_target);
    }
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    struct napi_callback_info__ info = {
        native->env, self, argv, argc, new_target, native->data,
    };
#ifdef NAPI_STRICT
    watch_call(native->env->state, "construct", (PyObject *)native, NULL,
               argv, argc);
#endif
    PyObject *result = env_call(native->env, native->callback, &info);
    result = choose_result(native->env->state, self, result);
#ifdef NAPI_STRICT
    watch_return(native->env->state, "return", result);
#endif
    return result;
}

PyObject *
construct_native(struct js_class *native, PyTypeObject *type,
                 PyObject *const *argv, size_t argc)
{
    return construct_for(native, type, argv, argc, (PyObject *)type);
}

/* === from Python === */

static PyObject *
refuse_keywords(PyTypeObject *type)
{
    PyObject *name =
        PyObject_GetAttrString((PyObject *)type, "__name__");
    if (name != NULL) {
        function_refuse_keywords(name);
        Py_DECREF(name);
    }
    return NULL;
}

/* Keyword arguments are for the __init__ of a Python subclass. */
PyObject *
construct_instance(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    struct shim_state *state = state_of_type(type);
    struct js_class *native = class_native(state, type);
    if (native == NULL) {
        return PyErr_Format(PyExc_TypeError,
                            "%.200s has no native constructor: it does not "
                            "derive from a class of an addon",
                            type->tp_name);
    }
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0 &&
        type->tp_init == instance_initialize) {
        return refuse_keywords(type);
    }
    return construct_native(native, type, &PyTuple_GET_ITEM(args, 0),
                            (size_t)PyTuple_GET_SIZE(args));
}

/* The way of classes whose __init__ or __new__ Python code has set. */
static PyObject *
construct_slowly(PyTypeObject *type, PyObject *const *args, Py_ssize_t argc,
                 PyObject *kwnames)
{
    Py_ssize_t named = kwnames != NULL ? PyTuple_GET_SIZE(kwnames) : 0;
    PyObject *tuple = PyTuple_New(argc);
    PyObject *kwargs = named > 0 ? PyDict_New() : NULL;
    PyObject *result = NULL;
    if (tuple == NULL || (named > 0 && kwargs == NULL)) {
        goto done;
    }
    for (Py_ssize_t i = 0; i < argc; ++i) {
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(args[i]));
    }
    for (Py_ssize_t i = 0; i < named; ++i) {
        if (PyDict_SetItem(kwargs, PyTuple_GET_ITEM(kwnames, i),
                           args[argc + i]) < 0) {
            goto done;
        }
    }
    result = PyType_Type.tp_call((PyObject *)type, tuple, kwargs);
done:
    Py_XDECREF(tuple);
    Py_XDECREF(kwargs);
    return result;
}

PyObject *
construct_vectorcall(PyObject *class, PyObject *const *args, size_t nargsf,
                     PyObject *kwnames)
{
    PyTypeObject *type = (PyTypeObject *)class;
    Py_ssize_t argc = PyVectorcall_NARGS(nargsf);
    if (type->tp_init != instance_initialize ||
        type->tp_new != construct_instance) {
        return construct_slowly(type, args, argc, kwnames);
    }
    if (kwnames != NULL && PyTuple_GET_SIZE(kwnames) > 0) {
        return refuse_keywords(type);
    }
    return construct_native((struct js_class *)class, type, args,
                            (size_t)argc);
}

/* === from JavaScript === */

/* 0 or -1: gives object the prototype of a new_target, where that has one */
static int
adopt_prototype(struct shim_state *state, PyObject *object,
                PyObject *new_target)
{
    PyObject *prototype =
        property_get(state, new_target, state->str_prototype);
    if (prototype == NULL) {
        return -1;
    }
    int done = 0;
    if (compare_is_object(state, prototype)) {
        done = prototype_set(state, object, prototype);
    }
    Py_DECREF(prototype);
    return done < 0 ? -1 : 0;
}

static PyObject *
construct_function(struct shim_state *state, struct js_function *function,
                   PyObject *const *argv, size_t argc, PyObject *new_target)
{
    if (function->receiver != NULL) {
        return error_raise(state, "TypeError", NULL,
                           "%U is not a constructor", function->name);
    }
    if (function->code != NULL) {
        return js_function_construct(state, function, argv, argc, new_target);
    }
    PyObject *self = object_new(state);
    if (self == NULL) {
        return NULL;
    }
    if (adopt_prototype(state, self, new_target) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    PyObject *result = function_run(function, self, argv, argc, new_target);
    return choose_result(state, self, result);
}

static PyObject *
construct_class(struct shim_state *state, struct js_class *class,
                PyObject *const *argv, size_t argc, PyObject *new_target)
{
    PyTypeObject *type = &class->type.ht_type;
    if (new_target == (PyObject *)class) {
        return PyObject_Vectorcall(new_target, argv, argc, NULL);
    }
    if (PyType_Check(new_target) &&
        PyType_IsSubtype((PyTypeObject *)new_target, type)) {
        return construct_native(class, (PyTypeObject *)new_target, argv,
                                argc);
    }
    PyObject *self = construct_for(class, type, argv, argc, new_target);
    if (self != NULL && adopt_prototype(state, self, new_target) < 0) {
        Py_CLEAR(self);
    }
    return self;
}

static PyObject *
refuse_constructor(struct shim_state *state, PyObject *function)
{
    PyObject *name = property_get(state, function, state->str_name);
    if (name == NULL) {
        return NULL;
    }
    bool named = PyUnicode_Check(name) && PyUnicode_GET_LENGTH(name) > 0;
    error_raise(state, "TypeError", NULL,
                named ? "%U is not a constructor"
                      : "(intermediate value) is not a constructor",
                name);
    Py_DECREF(name);
    return NULL;
}

bool
function_is_constructor(struct shim_state *state, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (type == state->function_type) {
        struct js_function *function = (struct js_function *)value;
        return function->code != NULL
                   ? (function->flags & JS_CONSTRUCTOR) != 0
                   : function->receiver == NULL;
    }
    if (type == state->proxy_function_type) {
        PyObject *target = ((struct js_proxy *)value)->target;
        return target != NULL && function_is_constructor(state, target);
    }
    if (type == state->method_type) {
        struct js_method *method = (struct js_method *)value;
        return method->bound != NULL &&
               function_is_constructor(state, method->function);
    }
    return PyType_Check(value) || (type == state->builtin_type &&
                                   builtin_is_constructor(state, value));
}

PyObject *
function_construct(struct shim_state *state, PyObject *constructor,
                   PyObject *const *argv, size_t argc, PyObject *new_target)
{
    PyTypeObject *type = Py_TYPE(constructor);
    if (new_target == NULL) {
        new_target = constructor;
    }
    if (type == state->function_type) {
        return construct_function(state, (struct js_function *)constructor,
                                  argv, argc, new_target);
    }
    if (type == state->method_type) {
        struct js_method *method = (struct js_method *)constructor;
        if (method->bound != NULL) {
            return function_construct(state, method->function, argv, argc,
                                      new_target == constructor
                                          ? NULL
                                          : new_target);
        }
    }
    if (type == state->class_type &&
        ((struct js_class *)constructor)->env != NULL) {
        return construct_class(state, (struct js_class *)constructor, argv,
                               argc, new_target);
    }
    PyObject *result;
    if (type == state->proxy_function_type) {
        return proxy_construct(state, constructor, argv, argc, new_target);
    }
    if (builtin_construct(state, constructor, argv, argc, new_target,
                          &result)) {
        return result;
    }
    return PyType_Check(constructor)
               ? PyObject_Vectorcall(constructor, argv, argc, NULL)
               : refuse_constructor(state, constructor);
}
