/* Reflection for Python code: the operations on properties and prototypes that
 * the runtime, tests and users need where attribute syntax is not enough
 * (ECMA-262, chapter 28.1).
 *
 * A refusal is False; what JavaScript throws is raised. */

#include "shim.h"


static struct shim_state *
state_of_module(PyObject *module)
{
    return PyModule_GetState(module);
}

/* true; false: a TypeError is raised that names the function */
static bool
has_arguments(const char *name, Py_ssize_t nargs, Py_ssize_t least,
              Py_ssize_t most)
{
    if (nargs >= least && nargs <= most) {
        return true;
    }
    PyErr_Format(PyExc_TypeError, "%s() takes %zd%s argument%s, not %zd",
                 name, least, most > least ? " or more" : "",
                 least == 1 && most == 1 ? "" : "s", nargs);
    return false;
}

/* true; undefined and null have no properties */
static bool
is_target(struct shim_state *state, const char *name, PyObject *value)
{
    if (value != UNDEFINED && value != state->null) {
        return true;
    }
    error_raise(state, "TypeError", NULL, "%s(): cannot convert %s to object",
                name, value == UNDEFINED ? "undefined" : "null");
    return false;
}

static PyObject * /* new */
as_bool(int done)
{
    return done < 0 ? NULL : PyBool_FromLong(done);
}

/* === properties === */

PyDoc_STRVAR(get_doc, "get(target, key, receiver=target, /)\n--\n\n"
"The property of any value, own or inherited; None where there is none.\n\n"
"Args:\n"
"    target: any value but None and napi.null.\n"
"    key: a str, a Symbol, or what is converted to a str.\n"
"    receiver: what a getter gets as `this`.");

static PyObject *
get(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = state_of_module(module);
    if (!has_arguments("get", nargs, 2, 3) ||
        !is_target(state, "get", args[0])) {
        return NULL;
    }
    if (nargs == 2) {
        return property_get(state, args[0], args[1]);
    }
    PyObject *key = property_key(state, args[1]);
    PyObject *value = key != NULL ? property_get_as(state, args[0], key,
                                                    args[2])
                                  : NULL;
    Py_XDECREF(key);
    return value;
}

PyDoc_STRVAR(set_doc, "set(target, key, value, /)\n--\n\n"
"Assigns a property; False where the object refuses.");

static PyObject *
set(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = state_of_module(module);
    if (!has_arguments("set", nargs, 3, 3) ||
        !is_target(state, "set", args[0])) {
        return NULL;
    }
    return as_bool(property_set(state, args[0], args[1], args[2]));
}

typedef int (*key_operation)(struct shim_state *state, PyObject *object,
                             PyObject *key);

static PyObject *
ask(PyObject *module, const char *name, key_operation operation,
    PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = state_of_module(module);
    if (!has_arguments(name, nargs, 2, 2) ||
        !is_target(state, name, args[0])) {
        return NULL;
    }
    return as_bool(operation(state, args[0], args[1]));
}

PyDoc_STRVAR(has_doc, "has(target, key, /)\n--\n\n"
"Whether there is a property, own or inherited.");

static PyObject *
has(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return ask(module, "has", property_has, args, nargs);
}

PyDoc_STRVAR(has_own_doc, "has_own(target, key, /)\n--\n\n"
"Whether there is an own property.");

static PyObject *
has_own(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return ask(module, "has_own", property_has_own, args, nargs);
}

PyDoc_STRVAR(delete_doc, "delete(target, key, /)\n--\n\n"
"Deletes an own property; False where it is not configurable.");

static PyObject *
delete_property(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return ask(module, "delete", property_delete, args, nargs);
}

/* === definitions === */

struct fields {
    PyObject *value, *getter, *setter; /* borrowed; NULL: absent */
    int given, bits; /* of napi_writable ... */
};

/* 0 or -1: one keyword argument of define() */
static int
take_field(struct shim_state *state, struct fields *fields, PyObject *name,
           PyObject *value)
{
    const struct {
        const char *name;
        PyObject **slot;
        int bit;
    } known[] = {
        {"value", &fields->value, 0},
        {"get", &fields->getter, 0},
        {"set", &fields->setter, 0},
        {"writable", NULL, napi_writable},
        {"enumerable", NULL, napi_enumerable},
        {"configurable", NULL, napi_configurable},
    };
    for (size_t i = 0; i < Py_ARRAY_LENGTH(known); ++i) {
        if (PyUnicode_CompareWithASCIIString(name, known[i].name) != 0) {
            continue;
        }
        if (known[i].slot != NULL) {
            *known[i].slot = value;
            return 0;
        }
        int truth = coerce_to_bool(state, value);
        fields->given |= known[i].bit;
        fields->bits |= truth > 0 ? known[i].bit : 0;
        return truth < 0 ? -1 : 0;
    }
    PyErr_Format(PyExc_TypeError, "define() has no argument '%U'", name);
    return -1;
}

static bool
is_accessor_function(struct shim_state *state, const char *name,
                     PyObject *value)
{
    if (value == NULL || value == UNDEFINED || function_is(state, value)) {
        return true;
    }
    error_raise(state, "TypeError", NULL,
                "define(): %s must be a function or None, not %s", name,
                Py_TYPE(value)->tp_name);
    return false;
}

/* true; false: TypeError */
static bool
check_fields(struct shim_state *state, struct fields *fields)
{
    bool is_accessor = fields->getter != NULL || fields->setter != NULL;
    if (is_accessor &&
        (fields->value != NULL || (fields->given & napi_writable) != 0)) {
        error_raise(state, "TypeError", NULL,
                    "define(): a property has either a getter and setter or "
                    "a value and writable");
        return false;
    }
    return is_accessor_function(state, "get", fields->getter) &&
           is_accessor_function(state, "set", fields->setter);
}

/* What the fields do not say stays as it is, or is undefined and false. */
static struct js_property * /* new; NULL: raised */
complete(struct shim_state *state, struct fields *fields,
         struct js_property *old /* or NULL */)
{
    bool is_accessor = fields->getter != NULL || fields->setter != NULL;
    bool is_data =
        fields->value != NULL || (fields->given & napi_writable) != 0;
    int kept = old != NULL ? old->attributes : 0;
    int attributes = (kept & ~fields->given) | fields->bits;
    bool old_accessor = old != NULL && old->value == NULL;
    if (is_accessor || (!is_data && old_accessor)) {
        PyObject *getter =
            fields->getter != NULL ? fields->getter
            : old_accessor         ? old->getter
                                   : NULL;
        PyObject *setter =
            fields->setter != NULL ? fields->setter
            : old_accessor         ? old->setter
                                   : NULL;
        return property_new(state, NULL, getter == UNDEFINED ? NULL : getter,
                            setter == UNDEFINED ? NULL : setter, attributes);
    }
    PyObject *value = fields->value;
    if (value == NULL) {
        value = old != NULL && !old_accessor ? old->value : UNDEFINED;
    }
    return property_new(state, value, NULL, NULL, attributes);
}

static int
define_fields(struct shim_state *state, PyObject *target, PyObject *key,
              struct fields *fields)
{
    struct js_property *old = NULL, *property = NULL;
    int done = property_own(state, target, key, &old);
    if (done >= 0) {
        property = complete(state, fields, old);
        done = property != NULL
                   ? property_define(state, target, key, property)
                   : -1;
    }
    Py_XDECREF((PyObject *)old);
    Py_XDECREF((PyObject *)property);
    return done;
}

PyDoc_STRVAR(define_doc, "define(target, key, /, *, value=None, get=None, "
"set=None, writable=False, enumerable=False, configurable=False)\n--\n\n"
"Defines an own property; what is not given stays as it is. False where the\n"
"object refuses.\n\n"
"Raises:\n"
"    TypeError: both a value and an accessor; a dict or list that cannot\n"
"        hold such a property.");

static PyObject *
define(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
       PyObject *names)
{
    struct shim_state *state = state_of_module(module);
    struct fields fields = {0};
    if (!has_arguments("define", nargs, 2, 2) ||
        !is_target(state, "define", args[0])) {
        return NULL;
    }
    Py_ssize_t count = names != NULL ? PyTuple_GET_SIZE(names) : 0;
    for (Py_ssize_t i = 0; i < count; ++i) {
        if (take_field(state, &fields, PyTuple_GET_ITEM(names, i),
                       args[nargs + i]) < 0) {
            return NULL;
        }
    }
    return check_fields(state, &fields)
               ? as_bool(define_fields(state, args[0], args[1], &fields))
               : NULL;
}

static int
add_entry(PyObject *dict, const char *name, PyObject *value)
{
    return PyDict_SetItemString(dict, name,
                                value != NULL ? value : UNDEFINED);
}

static int
add_flag(PyObject *dict, const char *name, int bit)
{
    return add_entry(dict, name, bit != 0 ? Py_True : Py_False);
}

static PyObject * /* new */
describe(struct js_property *property)
{
    PyObject *dict = PyDict_New();
    int bits = property->attributes;
    bool is_data = property->value != NULL;
    if (dict == NULL ||
        (is_data ? add_entry(dict, "value", property->value) < 0 ||
                       add_flag(dict, "writable", bits & napi_writable) < 0
                 : add_entry(dict, "get", property->getter) < 0 ||
                       add_entry(dict, "set", property->setter) < 0) ||
        add_flag(dict, "enumerable", bits & napi_enumerable) < 0 ||
        add_flag(dict, "configurable", bits & napi_configurable) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}

PyDoc_STRVAR(own_property_doc, "own_property(target, key, /)\n--\n\n"
"An own property as a dict: value and writable, or get and set; enumerable\n"
"and configurable. None where there is no such property.");

static PyObject *
own_property(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = state_of_module(module);
    if (!has_arguments("own_property", nargs, 2, 2) ||
        !is_target(state, "own_property", args[0])) {
        return NULL;
    }
    struct js_property *property;
    int found = property_own(state, args[0], args[1], &property);
    if (found <= 0) {
        return found == 0 ? Py_NewRef(Py_None) : NULL;
    }
    PyObject *dict = describe(property);
    Py_DECREF(property);
    return dict;
}

/* === keys === */

PyDoc_STRVAR(keys_doc, "keys(target, /)\n--\n\n"
"The own enumerable string keys, in JavaScript's order.");

static PyObject *
keys(PyObject *module, PyObject *target)
{
    struct shim_state *state = state_of_module(module);
    return !is_target(state, "keys", target)
               ? NULL
               : property_keys(state, target, napi_key_own_only,
                               napi_key_enumerable | napi_key_skip_symbols,
                               napi_key_numbers_to_strings);
}

PyDoc_STRVAR(own_keys_doc, "own_keys(target, /, include_symbols=True, "
"only_enumerable=False)\n--\n\n"
"The own keys: indexes ascending, strings by insertion, symbols.");

static PyObject *
own_keys(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"", "include_symbols", "only_enumerable", NULL};
    struct shim_state *state = state_of_module(module);
    PyObject *target;
    int symbols = 1, enumerable = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|pp:own_keys", names,
                                     &target, &symbols, &enumerable) ||
        !is_target(state, "own_keys", target)) {
        return NULL;
    }
    int filter = (symbols ? 0 : napi_key_skip_symbols) |
                 (enumerable ? napi_key_enumerable : 0);
    return property_keys(state, target, napi_key_own_only,
                         (napi_key_filter)filter,
                         napi_key_numbers_to_strings);
}

/* === prototypes === */

PyDoc_STRVAR(get_prototype_doc, "get_prototype(target, /)\n--\n\n"
"What the value inherits from; napi.null at the end of the chain.");

static PyObject *
get_prototype(PyObject *module, PyObject *target)
{
    struct shim_state *state = state_of_module(module);
    return is_target(state, "get_prototype", target)
               ? prototype_get(state, target)
               : NULL;
}

PyDoc_STRVAR(set_prototype_doc, "set_prototype(target, prototype, /)\n--\n\n"
"Changes what an object inherits from; False where it refuses, as it does\n"
"where the prototype inherits from the target.\n\n"
"Raises:\n"
"    TypeError: a prototype that is neither an object nor napi.null; a dict\n"
"        or list.");

static PyObject *
set_prototype(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = state_of_module(module);
    if (!has_arguments("set_prototype", nargs, 2, 2) ||
        !is_target(state, "set_prototype", args[0])) {
        return NULL;
    }
    if (args[1] != state->null && !compare_is_object(state, args[1])) {
        return error_raise(state, "TypeError", NULL,
                           "set_prototype(): a prototype is an object or "
                           "napi.null, not %s",
                           Py_TYPE(args[1])->tp_name);
    }
    return as_bool(prototype_set(state, args[0], args[1]));
}

PyDoc_STRVAR(create_doc, "create(prototype, /)\n--\n\n"
"A new napi.Object that inherits from an object or from nothing (napi.null).");

static PyObject *
create(PyObject *module, PyObject *prototype)
{
    struct shim_state *state = state_of_module(module);
    if (prototype != state->null && !compare_is_object(state, prototype)) {
        return error_raise(state, "TypeError", NULL,
                           "create(): a prototype is an object or "
                           "napi.null, not %s",
                           Py_TYPE(prototype)->tp_name);
    }
    PyObject *object = object_new(state);
    if (object != NULL && prototype_set(state, object, prototype) < 0) {
        Py_CLEAR(object);
    }
    return object;
}

static PyMethodDef functions[] = {
    {"get", (PyCFunction)(void (*)(void))get, METH_FASTCALL, get_doc},
    {"set", (PyCFunction)(void (*)(void))set, METH_FASTCALL, set_doc},
    {"has", (PyCFunction)(void (*)(void))has, METH_FASTCALL, has_doc},
    {"has_own", (PyCFunction)(void (*)(void))has_own, METH_FASTCALL,
     has_own_doc},
    {"delete", (PyCFunction)(void (*)(void))delete_property, METH_FASTCALL,
     delete_doc},
    {"define", (PyCFunction)(void (*)(void))define,
     METH_FASTCALL | METH_KEYWORDS, define_doc},
    {"own_property", (PyCFunction)(void (*)(void))own_property,
     METH_FASTCALL, own_property_doc},
    {"keys", keys, METH_O, keys_doc},
    {"own_keys", (PyCFunction)(void (*)(void))own_keys,
     METH_VARARGS | METH_KEYWORDS, own_keys_doc},
    {"get_prototype", get_prototype, METH_O, get_prototype_doc},
    {"set_prototype", (PyCFunction)(void (*)(void))set_prototype,
     METH_FASTCALL, set_prototype_doc},
    {"create", create, METH_O, create_doc},
    {NULL, NULL, 0, NULL},
};

int
reflect_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, functions) < 0 ||
                   PyModule_AddFunctions(module, reflect_value_functions) < 0 ||
                   js_function_init(module, state) < 0
               ? -1
               : 0;
}
