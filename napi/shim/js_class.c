/* Compiled JavaScript: classes. They are napi.Classes like those of addons;
 * instead of a native callback they have a compiled constructor.
 *
 * Of a base class `this` is made here, from new.target; a derived one gets it
 * from its parent, by super(). Fields are made as soon as there is a `this`. */

#include "shim.h"

#define FUNCTION(object) ((struct js_function *)(object))

/* 0 or -1: runs what makes the fields of an instance */
static int
run_fields(struct js_function *constructor, PyObject *self)
{
    if (constructor->fields == NULL) {
        return 0;
    }
    PyObject *done =
        js_function_run(FUNCTION(constructor->fields), self, NULL, 0, NULL);
    Py_XDECREF(done);
    return done != NULL ? 0 : -1;
}

static bool
has_code(struct js_function *constructor)
{
    return constructor->code != Py_None;
}

/* steals self; a returned object takes its place */
static PyObject *
construct_base(struct shim_state *state, struct js_function *constructor,
               PyObject *self, PyObject *const *argv, size_t argc,
               PyObject *new_target)
{
    if (self == NULL || run_fields(constructor, self) < 0) {
        Py_XDECREF(self);
        return NULL;
    }
    if (!has_code(constructor)) {
        return self;
    }
    PyObject *result =
        js_function_run(constructor, self, argv, argc, new_target);
    if (result != NULL && (result == UNDEFINED || result == self ||
                           !compare_is_object(state, result))) {
        Py_DECREF(result);
        return self;
    }
    Py_DECREF(self);
    return result;
}

PyObject *
js_class_construct(struct js_class *class, PyTypeObject *type,
                   PyObject *const *argv, size_t argc, PyObject *new_target)
{
    struct shim_state *state = class->env->state;
    struct js_function *constructor = FUNCTION(class->constructor);
    if ((constructor->flags & JS_DERIVED) == 0) {
        return construct_base(state, constructor, type->tp_alloc(type, 0),
                              argv, argc, new_target);
    }
    if (has_code(constructor)) {
        return js_function_run(constructor, NULL, argv, argc, new_target);
    }
    PyObject *parent = prototype_get(state, (PyObject *)class);
    PyObject *self = parent != NULL ? js_construct_parent(state, parent, argv,
                                                          argc, new_target)
                                    : NULL;
    Py_XDECREF(parent);
    if (self != NULL && run_fields(constructor, self) < 0) {
        Py_CLEAR(self);
    }
    return self;
}

/* What super() makes: by the shim where the parent is a function or class of
 * ours, by the runtime where it is a type of Python. */
PyObject *
js_construct_parent(struct shim_state *state, PyObject *parent,
                    PyObject *const *argv, size_t argc, PyObject *new_target)
{
    if (!PyType_Check(parent) || (Py_TYPE(parent) == state->class_type &&
                                  ((struct js_class *)parent)->env != NULL)) {
        return function_construct(state, parent, argv, argc, new_target);
    }
    PyObject *construct = js_lookup("construct_parent");
    PyObject *list = PyTuple_New((Py_ssize_t)argc);
    for (size_t i = 0; list != NULL && i < argc; ++i) {
        PyTuple_SET_ITEM(list, i, Py_NewRef(argv[i]));
    }
    PyObject *self = construct != NULL && list != NULL
                         ? PyObject_CallFunctionObjArgs(
                               construct, parent, list, new_target, NULL)
                         : NULL;
    Py_XDECREF(construct);
    Py_XDECREF(list);
    return self;
}

/* === making === */

/* new class of Python's without anything in it */
static struct js_class *
make_type(struct shim_state *state, PyObject *name, PyObject *base)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    Py_ssize_t nul = PyUnicode_FindChar(name, 0, 0, length, 1);
    PyObject *shown = PyUnicode_Substring(name, 0, nul >= 0 ? nul : length);
    if (shown == NULL) {
        return NULL;
    }
    struct js_class *class = (struct js_class *)PyObject_CallFunction(
        (PyObject *)state->class_type, "O(O){s:(),s:s}", shown, base,
        "__slots__", "__module__", "napi");
    Py_DECREF(shown);
    return class;
}

static int
add_prototype(struct shim_state *state, struct js_class *class)
{
    struct side *side;
    class->prototype = object_new(state);
    side = class->prototype != NULL ? side_make(state, class->prototype)
                                    : NULL;
    if (side == NULL) {
        return -1;
    }
    side->klass = Py_NewRef(class);
    PyTypeObject *base = prototype_base(&class->type.ht_type);
    if (base != state->instance_type) {
        side->prototype = prototype_of_type(state, base);
        if (side->prototype == NULL) {
            return -1;
        }
    }
    struct js_property *property =
        property_new(state, (PyObject *)class, NULL, NULL,
                     napi_writable | napi_configurable);
    int done = property != NULL
                   ? property_define(state, class->prototype,
                                     state->str_constructor, property)
                   : -1;
    Py_XDECREF((PyObject *)property);
    return done < 0 ? -1 : 0;
}

PyDoc_STRVAR(js_class_doc,
"js_class(name, base, constructor, /)\n--\n\n"
"A new class.\n\n"
"Args:\n"
"    name: a str.\n"
"    base: a napi.Class or None.\n"
"    constructor: a compiled function; its code is None for the default one.");

static PyObject *
make_class(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = PyModule_GetState(module);
    if (nargs != 3 || !PyUnicode_Check(args[0]) ||
        Py_TYPE(args[2]) != state->function_type ||
        FUNCTION(args[2])->code == NULL) {
        PyErr_SetString(PyExc_TypeError, "js_class(name, base, constructor)");
        return NULL;
    }
    PyObject *base =
        args[1] != Py_None ? args[1] : (PyObject *)state->instance_type;
    struct js_class *class = make_type(state, args[0], base);
    if (class == NULL) {
        return NULL;
    }
    struct js_function *constructor = FUNCTION(args[2]);
    class->env = constructor->env;
    env_retain(class->env);
    class->constructor = Py_NewRef(args[2]);
    class->type.ht_type.tp_dealloc = instance_dealloc;
    class->type.ht_type.tp_vectorcall = construct_vectorcall;
    Py_XSETREF(constructor->receiver,
               (PyTypeObject *)Py_NewRef((PyObject *)class));
    if (add_prototype(state, class) < 0) {
        Py_CLEAR(class);
    }
    return (PyObject *)class;
}

/* borrowed; the constructor function that a value is or has; NULL: raised */
static struct js_function *
constructor_of(struct shim_state *state, PyObject *value)
{
    if (Py_TYPE(value) == state->class_type &&
        ((struct js_class *)value)->constructor != NULL) {
        value = ((struct js_class *)value)->constructor;
    }
    if (Py_TYPE(value) == state->function_type &&
        FUNCTION(value)->code != NULL) {
        return FUNCTION(value);
    }
    PyErr_SetString(PyExc_TypeError, "no compiled constructor");
    return NULL;
}

PyDoc_STRVAR(set_fields_doc,
             "js_set_fields(constructor, function, home, class_, /)\n--\n\n"
             "Tells a constructor what makes the fields of instances.");

static PyObject *
set_fields(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = PyModule_GetState(module);
    struct js_function *constructor =
        nargs == 4 ? constructor_of(state, args[0]) : NULL;
    if (constructor == NULL) {
        return NULL;
    }
    if (args[1] != Py_None) {
        Py_XSETREF(constructor->fields, Py_NewRef(args[1]));
    }
    Py_XSETREF(constructor->home, Py_NewRef(args[2]));
    if (PyType_Check(args[3])) {
        Py_XSETREF(constructor->receiver,
                   (PyTypeObject *)Py_NewRef(args[3]));
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(fields_doc, "js_fields(constructor, this, /)\n--\n\n"
                         "Makes the fields of an instance.");

static PyObject *
make_fields(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct js_function *constructor =
        nargs == 2 ? constructor_of(PyModule_GetState(module), args[0])
                   : NULL;
    return constructor == NULL || run_fields(constructor, args[1]) < 0
               ? NULL
               : Py_NewRef(Py_None);
}

PyDoc_STRVAR(super_doc, "js_super(function, new_target, /, *arguments)\n--\n\n"
                        "super(...arguments): the object. (ECMA-262 13.3.7)");

static PyObject *
call_super(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = PyModule_GetState(module);
    struct js_function *constructor =
        nargs >= 2 ? constructor_of(state, args[0]) : NULL;
    if (constructor == NULL || constructor->receiver == NULL) {
        return NULL;
    }
    PyObject *parent =
        prototype_get(state, (PyObject *)constructor->receiver);
    PyObject *self = parent != NULL
                         ? js_construct_parent(state, parent, args + 2,
                                               (size_t)nargs - 2, args[1])
                         : NULL;
    Py_XDECREF(parent);
    return self;
}

PyDoc_STRVAR(run_doc, "js_run(function, this, new_target, /, *arguments)\n"
                      "--\n\nRuns a compiled function.");

static PyObject *
run(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct js_function *function =
        nargs >= 3 ? constructor_of(PyModule_GetState(module), args[0])
                   : NULL;
    return function == NULL
               ? NULL
               : js_function_run(function, args[1], args + 3,
                                 (size_t)nargs - 3, args[2]);
}

PyDoc_STRVAR(allocate_doc, "js_allocate(class_, /)\n--\n\n"
                           "An instance that no constructor has seen.");

static PyObject *
allocate(PyObject *module, PyObject *class)
{
    struct shim_state *state = PyModule_GetState(module);
    if (Py_TYPE(class) != state->class_type) {
        PyErr_SetString(PyExc_TypeError, "js_allocate() needs a napi.Class");
        return NULL;
    }
    return ((PyTypeObject *)class)->tp_alloc((PyTypeObject *)class, 0);
}

static PyMethodDef functions[] = {
    {"js_allocate", allocate, METH_O, allocate_doc},
    {"js_class", (PyCFunction)(void *)make_class, METH_FASTCALL,
     js_class_doc},
    {"js_set_fields", (PyCFunction)(void *)set_fields, METH_FASTCALL,
     set_fields_doc},
    {"js_fields", (PyCFunction)(void *)make_fields, METH_FASTCALL,
     fields_doc},
    {"js_super", (PyCFunction)(void *)call_super, METH_FASTCALL, super_doc},
    {"js_run", (PyCFunction)(void *)run, METH_FASTCALL, run_doc},
    {NULL, NULL, 0, NULL},
};

int
js_class_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
