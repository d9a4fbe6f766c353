/* Reflection for Python code: integrity, calls, comparison and conversion as
 * JavaScript has them (ECMA-262, chapters 7.1, 7.2, 10.4). */

#include "shim.h"

static struct shim_state *
state_of_module(PyObject *module)
{
    return PyModule_GetState(module);
}

static PyObject * /* new */
as_bool(int done)
{
    return done < 0 ? NULL : PyBool_FromLong(done);
}

/* true; false: a TypeError is raised that names the function */
static bool
has_two(const char *name, Py_ssize_t nargs)
{
    if (nargs == 2) {
        return true;
    }
    PyErr_Format(PyExc_TypeError, "%s() takes 2 arguments, not %zd", name,
                 nargs);
    return false;
}

/* === integrity === */

typedef int (*operation)(struct shim_state *state, PyObject *object);

static PyObject *
close_object(PyObject *module, const char *name, operation close,
             PyObject *target)
{
    struct shim_state *state = state_of_module(module);
    if (target == UNDEFINED || target == state->null) {
        return error_raise(state, "TypeError", NULL,
                           "%s(): cannot convert %s to object", name,
                           target == UNDEFINED ? "undefined" : "null");
    }
    return as_bool(close(state, target));
}

PyDoc_STRVAR(freeze_doc, "freeze(target, /)\n--\n\n"
"Makes all properties read-only and the object closed.\n\n"
"Raises:\n"
"    TypeError: a dict or list, or a typed array with elements.");

static PyObject *
freeze(PyObject *module, PyObject *target)
{
    return close_object(module, "freeze", property_freeze, target);
}

PyDoc_STRVAR(seal_doc, "seal(target, /)\n--\n\n"
"Makes all properties fixed, still writable, and the object closed.");

static PyObject *
seal(PyObject *module, PyObject *target)
{
    return close_object(module, "seal", property_seal, target);
}

PyDoc_STRVAR(prevent_extensions_doc, "prevent_extensions(target, /)\n--\n\n"
"No property can be added any more.");

static PyObject *
prevent_extensions(PyObject *module, PyObject *target)
{
    return close_object(module, "prevent_extensions",
                        property_prevent_extensions, target);
}

PyDoc_STRVAR(is_extensible_doc, "is_extensible(target, /)\n--\n\n"
"Whether properties can be added; never so of a primitive.");

static PyObject *
is_extensible(PyObject *module, PyObject *target)
{
    struct shim_state *state = state_of_module(module);
    return as_bool(compare_is_object(state, target) &&
                   property_is_extensible(state, target));
}

/* 1, 0, -1: an own property with one of the forbidden attributes */
static int
has_open_property(struct shim_state *state, PyObject *target, int forbidden)
{
    PyObject *keys = property_keys(state, target, napi_key_own_only,
                                   napi_key_all_properties,
                                   napi_key_numbers_to_strings);
    int found = keys != NULL ? 0 : -1;
    for (Py_ssize_t i = 0; found == 0 && i < PyList_GET_SIZE(keys); ++i) {
        struct js_property *property;
        found = property_own(state, target, PyList_GET_ITEM(keys, i),
                             &property);
        if (found > 0) {
            int bits = property->value != NULL ? forbidden
                                               : forbidden & ~napi_writable;
            found = (property->attributes & bits) != 0;
            Py_DECREF(property);
        }
    }
    Py_XDECREF(keys);
    return found;
}

/* 1, 0, -1 */
static int
is_closed(struct shim_state *state, PyObject *target, int forbidden)
{
    if (!compare_is_object(state, target)) {
        return 1;
    }
    if (property_is_extensible(state, target)) {
        return 0;
    }
    int open = has_open_property(state, target, forbidden);
    return open < 0 ? -1 : !open;
}

PyDoc_STRVAR(is_frozen_doc, "is_frozen(target, /)\n--\n\n"
"Whether nothing of the object can change.");

static PyObject *
is_frozen(PyObject *module, PyObject *target)
{
    return as_bool(is_closed(state_of_module(module), target,
                             napi_writable | napi_configurable));
}

PyDoc_STRVAR(is_sealed_doc, "is_sealed(target, /)\n--\n\n"
"Whether no property can be added, deleted or redefined.");

static PyObject *
is_sealed(PyObject *module, PyObject *target)
{
    return as_bool(
        is_closed(state_of_module(module), target, napi_configurable));
}

/* === calls === */

PyDoc_STRVAR(call_doc, "call(function, this, /, *arguments)\n--\n\n"
"Calls any callable as JavaScript does.");

static PyObject *
call(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = state_of_module(module);
    if (nargs < 1 || !function_is(state, args[0])) {
        return error_raise(state, "TypeError", NULL, "%s is not a function",
                           nargs < 1 || args[0] == UNDEFINED
                               ? "undefined"
                               : Py_TYPE(args[0])->tp_name);
    }
    return nargs == 1
               ? function_call(state, args[0], UNDEFINED, NULL, 0)
               : function_call(state, args[0], args[1], args + 2,
                               (size_t)nargs - 2);
}

PyDoc_STRVAR(construct_doc,
"construct(constructor, /, *arguments, new_target=constructor)\n--\n\n"
"Calls a constructor: new constructor(*arguments).");

static PyObject *
construct(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
          PyObject *names)
{
    struct shim_state *state = state_of_module(module);
    PyObject *new_target = NULL;
    Py_ssize_t named = names != NULL ? PyTuple_GET_SIZE(names) : 0;
    for (Py_ssize_t i = 0; i < named; ++i) {
        PyObject *name = PyTuple_GET_ITEM(names, i);
        if (PyUnicode_CompareWithASCIIString(name, "new_target") != 0) {
            return PyErr_Format(PyExc_TypeError,
                                "construct() has no argument '%U'", name);
        }
        new_target = args[nargs + i];
    }
    if (nargs < 1 || !function_is(state, args[0])) {
        return error_raise(state, "TypeError", NULL,
                           "construct(): %s is not a constructor",
                           nargs < 1 ? "nothing"
                                     : Py_TYPE(args[0])->tp_name);
    }
    return function_construct(state, args[0], args + 1, (size_t)nargs - 1,
                              new_target == args[0] ? NULL : new_target);
}

PyDoc_STRVAR(queue_microtask_doc, "queue_microtask(callback, /)\n--\n\n"
"Has a callable called when no native call is left on this thread.");

static PyObject *
queue_microtask(PyObject *module, PyObject *callback)
{
    struct shim_state *state = state_of_module(module);
    if (!PyCallable_Check(callback)) {
        return PyErr_Format(PyExc_TypeError,
                            "queue_microtask() needs a callable, not %.200s",
                            Py_TYPE(callback)->tp_name);
    }
    struct agent *agent = agent_current(state);
    PyObject *bound = agent ? promise_bind(state, callback) : NULL;
    int failed = bound ? agent_queue_microtask(agent, bound) : -1;
    Py_XDECREF(bound);
    return failed < 0 ? NULL : Py_NewRef(Py_None);
}

/* === comparison and conversion === */

PyDoc_STRVAR(typeof_doc, "typeof(value, /)\n--\n\n"
"What napi_typeof answers: \"null\" for napi.null, \"external\" for an External.");

static PyObject *
typeof_value(PyObject *module, PyObject *value)
{
    switch (compare_typeof(state_of_module(module), value)) {
    case napi_undefined:
        return PyUnicode_FromString("undefined");
    case napi_boolean:
        return PyUnicode_FromString("boolean");
    case napi_number:
        return PyUnicode_FromString("number");
    case napi_string:
        return PyUnicode_FromString("string");
    case napi_symbol:
        return PyUnicode_FromString("symbol");
    case napi_function:
        return PyUnicode_FromString("function");
    case napi_external:
        return PyUnicode_FromString("external");
    case napi_bigint:
        return PyUnicode_FromString("bigint");
    case napi_null:
        return PyUnicode_FromString("null");
    case napi_object:
        break;
    }
    return PyUnicode_FromString("object");
}

PyDoc_STRVAR(strict_equals_doc, "strict_equals(a, b, /)\n--\n\na === b");

static PyObject *
strict_equals(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return has_two("strict_equals", nargs)
               ? as_bool(compare_strict(state_of_module(module), args[0],
                                        args[1]))
               : NULL;
}

PyDoc_STRVAR(instanceof_doc, "instanceof(value, constructor, /)\n--\n\n"
"value instanceof constructor; native Python values are instances of their\n"
"JavaScript equivalents.\n\n"
"Raises:\n"
"    TypeError: the constructor is none.");

static PyObject *
instanceof(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return has_two("instanceof", nargs)
               ? as_bool(compare_instanceof(state_of_module(module), args[0],
                                            args[1]))
               : NULL;
}

PyDoc_STRVAR(to_string_doc, "to_string(value, /)\n--\n\nString(value)");

static PyObject *
to_string(PyObject *module, PyObject *value)
{
    return coerce_to_string(state_of_module(module), value);
}

PyDoc_STRVAR(to_number_doc, "to_number(value, /)\n--\n\nNumber(value)");

static PyObject *
to_number(PyObject *module, PyObject *value)
{
    return coerce_to_number(state_of_module(module), value);
}

PyDoc_STRVAR(to_object_doc, "to_object(value, /)\n--\n\n"
"The value itself, or the wrapper object of a primitive.");

static PyObject *
to_object(PyObject *module, PyObject *value)
{
    return coerce_to_object(state_of_module(module), value);
}

PyDoc_STRVAR(to_boolean_doc, "to_boolean(value, /)\n--\n\nBoolean(value)");

static PyObject *
to_boolean(PyObject *module, PyObject *value)
{
    return as_bool(coerce_to_bool(state_of_module(module), value));
}

PyDoc_STRVAR(to_primitive_doc,
"to_primitive(value, hint=\"default\", /)\n--\n\n"
"What an object stands for; hint is \"default\", \"number\" or \"string\".");

static PyObject *
to_primitive(PyObject *module, PyObject *args)
{
    PyObject *value;
    const char *hint = "default";
    if (!PyArg_ParseTuple(args, "O|s:to_primitive", &value, &hint)) {
        return NULL;
    }
    if (strcmp(hint, "default") != 0 && strcmp(hint, "number") != 0 &&
        strcmp(hint, "string") != 0) {
        return PyErr_Format(PyExc_ValueError,
                            "to_primitive(): hint is \"default\", \"number\" "
                            "or \"string\", not \"%.100s\"",
                            hint);
    }
    return coerce_to_primitive(state_of_module(module), value, hint);
}

PyMethodDef reflect_value_functions[] = {
    {"freeze", freeze, METH_O, freeze_doc},
    {"seal", seal, METH_O, seal_doc},
    {"prevent_extensions", prevent_extensions, METH_O,
     prevent_extensions_doc},
    {"is_extensible", is_extensible, METH_O, is_extensible_doc},
    {"is_frozen", is_frozen, METH_O, is_frozen_doc},
    {"is_sealed", is_sealed, METH_O, is_sealed_doc},
    {"call", (PyCFunction)(void (*)(void))call, METH_FASTCALL, call_doc},
    {"construct", (PyCFunction)(void (*)(void))construct,
     METH_FASTCALL | METH_KEYWORDS, construct_doc},
    {"queue_microtask", queue_microtask, METH_O, queue_microtask_doc},
    {"typeof", typeof_value, METH_O, typeof_doc},
    {"strict_equals", (PyCFunction)(void (*)(void))strict_equals,
     METH_FASTCALL, strict_equals_doc},
    {"instanceof", (PyCFunction)(void (*)(void))instanceof, METH_FASTCALL,
     instanceof_doc},
    {"to_string", to_string, METH_O, to_string_doc},
    {"to_number", to_number, METH_O, to_number_doc},
    {"to_object", to_object, METH_O, to_object_doc},
    {"to_boolean", to_boolean, METH_O, to_boolean_doc},
    {"to_primitive", to_primitive, METH_VARARGS, to_primitive_doc},
    {NULL, NULL, 0, NULL},
};
