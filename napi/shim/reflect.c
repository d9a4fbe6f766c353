/* The object model's operations as Python functions of the extension: what
 * napi.runtime and script evaluators are built on (ECMA-262 28.1, Reflect). */

#include "shim.h"

#define STATE(module) ((struct shim_state *)PyModule_GetState(module))
#define FAST(name) ((PyCFunction)(void (*)(void))(name))

/* new key of argv[1]; NULL: raised */
static PyObject *
take(PyObject *module, const char *name, PyObject *const *argv,
     Py_ssize_t argc, Py_ssize_t wanted)
{
    if (argc < wanted) {
        PyErr_Format(PyExc_TypeError, "%s() takes %zd arguments, %zd given",
                     name, wanted, argc);
        return NULL;
    }
    struct shim_state *state = STATE(module);
    if (argv[0] == UNDEFINED || argv[0] == state->null) {
        return error_raise(state, "TypeError", NULL,
                           "Cannot convert undefined or null to object");
    }
    return wanted > 1 ? property_key(state, argv[1]) : Py_NewRef(Py_None);
}

static PyObject *
to_bool(int status)
{
    return status < 0 ? NULL : PyBool_FromLong(status);
}

static PyObject *
reflect_get(PyObject *module, PyObject *const *argv, Py_ssize_t argc)
{
    PyObject *key = take(module, "get", argv, argc, 2);
    PyObject *value =
        key ? property_get(STATE(module), argv[0], key) : NULL;
    Py_XDECREF(key);
    return value;
}

static PyObject *
reflect_set(PyObject *module, PyObject *const *argv, Py_ssize_t argc)
{
    if (argc < 3) {
        PyErr_SetString(PyExc_TypeError, "set() takes 3 arguments");
        return NULL;
    }
    PyObject *key = take(module, "set", argv, argc, 2);
    int done = key ? property_set(STATE(module), argv[0], key, argv[2]) : -1;
    Py_XDECREF(key);
    return to_bool(done);
}

static PyObject *
ask(PyObject *module, const char *name, PyObject *const *argv,
    Py_ssize_t argc,
    int (*act)(struct shim_state *, PyObject *, PyObject *))
{
    PyObject *key = take(module, name, argv, argc, 2);
    int answer = key ? act(STATE(module), argv[0], key) : -1;
    Py_XDECREF(key);
    return to_bool(answer);
}

static PyObject *
reflect_has(PyObject *module, PyObject *const *argv, Py_ssize_t argc)
{
    return ask(module, "has", argv, argc, property_has);
}

static PyObject *
reflect_has_own(PyObject *module, PyObject *const *argv, Py_ssize_t argc)
{
    return ask(module, "has_own", argv, argc, property_has_own);
}

static PyObject *
reflect_delete(PyObject *module, PyObject *const *argv, Py_ssize_t argc)
{
    return ask(module, "delete", argv, argc, property_delete);
}

/* absent fields keep what is there, or are false and undefined */
struct fields {
    PyObject *value, *get, *set, *writable, *enumerable, *configurable;
};

static int
merge_flag(PyObject *given, int old, int flag)
{
    return given == NULL ? old & flag : PyObject_IsTrue(given) > 0 ? flag : 0;
}

static struct js_property * /* new; NULL: raised */
complete(struct shim_state *state, struct fields *fields,
         struct js_property *old)
{
    bool accessor = fields->get != NULL || fields->set != NULL;
    bool generic = !accessor && fields->value == NULL &&
                   fields->writable == NULL;
    bool keeps_accessor = generic && old != NULL && old->value == NULL;
    int flags = old != NULL ? old->attributes : 0;
    int attributes =
        merge_flag(fields->enumerable, flags, napi_enumerable) |
        merge_flag(fields->configurable, flags, napi_configurable);
    if (accessor || keeps_accessor) {
        bool same = old != NULL && old->value == NULL;
        PyObject *getter =
            fields->get ? fields->get : same ? old->getter : NULL;
        PyObject *setter =
            fields->set ? fields->set : same ? old->setter : NULL;
        return property_new(state, NULL, getter == Py_None ? NULL : getter,
                            setter == Py_None ? NULL : setter, attributes);
    }
    if (old != NULL && old->value == NULL) {
        flags = 0;
    }
    attributes |= merge_flag(fields->writable, flags, napi_writable);
    PyObject *value = fields->value                     ? fields->value
                      : old != NULL && old->value != NULL ? old->value
                                                          : UNDEFINED;
    return property_new(state, value, NULL, NULL, attributes);
}

static PyObject *
reflect_define(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"",         "",           "value",
                            "get",      "set",        "writable",
                            "enumerable", "configurable", NULL};
    struct shim_state *state = STATE(module);
    struct fields fields = {NULL, NULL, NULL, NULL, NULL, NULL};
    PyObject *target, *name;
    if (!PyArg_ParseTupleAndKeywords(
            args, kwargs, "OO|$OOOOOO:define", names, &target, &name,
            &fields.value, &fields.get, &fields.set, &fields.writable,
            &fields.enumerable, &fields.configurable)) {
        return NULL;
    }
    PyObject *key = property_key(state, name);
    struct js_property *old = NULL, *property = NULL;
    if (key != NULL && property_own(state, target, key, &old) >= 0) {
        property = complete(state, &fields, old);
    }
    int done = property ? property_define(state, target, key, property) : -1;
    Py_XDECREF(old);
    Py_XDECREF(property);
    Py_XDECREF(key);
    return to_bool(done);
}

static int
add_flag(PyObject *dict, const char *name, int flag)
{
    return PyDict_SetItemString(dict, name, flag ? Py_True : Py_False);
}

static PyObject * /* new dict */
describe(struct js_property *property)
{
    PyObject *dict = PyDict_New();
    int failed = dict == NULL ? -1 : 0;
    if (!failed && property->value != NULL) {
        failed |= PyDict_SetItemString(dict, "value", property->value);
        failed |= add_flag(dict, "writable",
                           property->attributes & napi_writable);
    } else if (!failed) {
        failed |= PyDict_SetItemString(
            dict, "get", property->getter ? property->getter : Py_None);
        failed |= PyDict_SetItemString(
            dict, "set", property->setter ? property->setter : Py_None);
    }
    if (!failed) {
        failed |= add_flag(dict, "enumerable",
                           property->attributes & napi_enumerable);
        failed |= add_flag(dict, "configurable",
                           property->attributes & napi_configurable);
    }
    if (failed) {
        Py_CLEAR(dict);
    }
    return dict;
}

static PyObject *
reflect_own_property(PyObject *module, PyObject *const *argv,
                     Py_ssize_t argc)
{
    PyObject *key = take(module, "own_property", argv, argc, 2);
    struct js_property *property = NULL;
    int found =
        key ? property_own(STATE(module), argv[0], key, &property) : -1;
    Py_XDECREF(key);
    if (found <= 0) {
        return found < 0 ? NULL : Py_NewRef(Py_None);
    }
    PyObject *dict = describe(property);
    Py_DECREF(property);
    return dict;
}

static PyObject *
list_keys(PyObject *module, const char *name, PyObject *target,
          napi_key_filter filter)
{
    PyObject *checked = take(module, name, &target, 1, 1);
    if (checked == NULL) {
        return NULL;
    }
    Py_DECREF(checked);
    PyObject *keys =
        property_keys(STATE(module), target, napi_key_own_only, filter,
                      napi_key_numbers_to_strings);
    PyObject *list = keys ? PySequence_List(keys) : NULL;
    Py_XDECREF(keys);
    return list;
}

static PyObject *
reflect_keys(PyObject *module, PyObject *target)
{
    return list_keys(module, "keys", target,
                     napi_key_enumerable | napi_key_skip_symbols);
}

static PyObject *
reflect_own_keys(PyObject *module, PyObject *target)
{
    return list_keys(module, "own_keys", target, napi_key_all_properties);
}

static PyObject *
reflect_get_prototype(PyObject *module, PyObject *target)
{
    return prototype_get(STATE(module), target);
}

static PyObject *
reflect_set_prototype(PyObject *module, PyObject *const *argv,
                      Py_ssize_t argc)
{
    PyObject *checked = take(module, "set_prototype", argv, argc, 1);
    if (checked == NULL || argc < 2) {
        Py_XDECREF(checked);
        return NULL;
    }
    Py_DECREF(checked);
    return to_bool(prototype_set(STATE(module), argv[0], argv[1]));
}

static PyObject *
reflect_create(PyObject *module, PyObject *prototype)
{
    struct shim_state *state = STATE(module);
    PyObject *object = object_new(state);
    if (object != NULL && prototype_set(state, object, prototype) < 0) {
        Py_CLEAR(object);
    }
    return object;
}

static PyObject *
reflect_freeze(PyObject *module, PyObject *target)
{
    return to_bool(property_freeze(STATE(module), target));
}

static PyObject *
reflect_seal(PyObject *module, PyObject *target)
{
    return to_bool(property_seal(STATE(module), target));
}

static PyObject *
reflect_prevent_extensions(PyObject *module, PyObject *target)
{
    return to_bool(property_prevent_extensions(STATE(module), target));
}

static PyObject *
reflect_is_extensible(PyObject *module, PyObject *target)
{
    struct shim_state *state = STATE(module);
    struct side *side = side_of(state, target);
    return PyBool_FromLong(compare_is_object(state, target) &&
                           !PyTuple_Check(target) &&
                           (side == NULL || !side->inextensible));
}

static PyObject *
reflect_is_frozen(PyObject *module, PyObject *target)
{
    struct shim_state *state = STATE(module);
    struct side *side = side_of(state, target);
    return PyBool_FromLong(!compare_is_object(state, target) ||
                           PyTuple_Check(target) ||
                           (side != NULL && side->frozen));
}

static PyObject *
reflect_is_sealed(PyObject *module, PyObject *target)
{
    struct shim_state *state = STATE(module);
    struct side *side = side_of(state, target);
    return PyBool_FromLong(!compare_is_object(state, target) ||
                           PyTuple_Check(target) ||
                           (side != NULL && side->sealed));
}

static PyObject *
reflect_call(PyObject *module, PyObject *const *argv, Py_ssize_t argc)
{
    struct shim_state *state = STATE(module);
    if (argc < 1 || !function_is(state, argv[0])) {
        PyErr_SetString(PyExc_TypeError, "call() needs a function");
        return NULL;
    }
    Py_ssize_t skip = argc > 1 ? 2 : 1;
    return function_call(state, argv[0], argc > 1 ? argv[1] : UNDEFINED,
                         argv + skip, (size_t)(argc - skip));
}

static PyObject *
reflect_construct(PyObject *module, PyObject *args, PyObject *kwargs)
{
    struct shim_state *state = STATE(module);
    PyObject *new_target = NULL;
    if (kwargs != NULL) {
        new_target = PyDict_GetItemString(kwargs, "new_target");
    }
    if (new_target == Py_None) {
        new_target = NULL;
    }
    Py_ssize_t argc = PyTuple_GET_SIZE(args);
    if (argc < 1 || !function_is(state, PyTuple_GET_ITEM(args, 0))) {
        PyErr_SetString(PyExc_TypeError, "construct() needs a constructor");
        return NULL;
    }
    PyObject *const *argv = ((PyTupleObject *)args)->ob_item;
    return function_construct(state, argv[0], argv + 1, (size_t)argc - 1,
                              new_target);
}

static PyObject *
reflect_strict_equals(PyObject *module, PyObject *const *argv,
                      Py_ssize_t argc)
{
    if (argc != 2) {
        PyErr_SetString(PyExc_TypeError, "strict_equals() takes 2 arguments");
        return NULL;
    }
    return to_bool(compare_strict(STATE(module), argv[0], argv[1]));
}

static PyObject *
reflect_instanceof(PyObject *module, PyObject *const *argv, Py_ssize_t argc)
{
    struct shim_state *state = STATE(module);
    if (argc != 2 || !function_is(state, argv[1])) {
        PyErr_SetString(PyExc_TypeError,
                        "instanceof() needs a value and a constructor");
        return NULL;
    }
    return to_bool(compare_instanceof(state, argv[0], argv[1]));
}

static PyObject *
reflect_typeof(PyObject *module, PyObject *value)
{
    static const char *const names[] = {
        "undefined", "null",   "boolean",  "number",   "string",
        "symbol",    "object", "function", "external", "bigint"};
    return PyUnicode_InternFromString(
        names[compare_typeof(STATE(module), value)]);
}

static PyObject *
reflect_to_string(PyObject *module, PyObject *value)
{
    return coerce_to_string(STATE(module), value);
}

static PyObject *
reflect_to_number(PyObject *module, PyObject *value)
{
    return coerce_to_number(STATE(module), value);
}

static PyObject *
reflect_to_boolean(PyObject *module, PyObject *value)
{
    return to_bool(coerce_to_bool(STATE(module), value));
}

static PyObject *
reflect_to_object(PyObject *module, PyObject *value)
{
    return coerce_to_object(STATE(module), value);
}

static PyObject *
reflect_to_primitive(PyObject *module, PyObject *args)
{
    PyObject *value;
    const char *hint = "default";
    if (!PyArg_ParseTuple(args, "O|s:to_primitive", &value, &hint)) {
        return NULL;
    }
    return coerce_to_primitive(STATE(module), value, hint);
}

static PyObject *
reflect_queue_microtask(PyObject *module, PyObject *callable)
{
    if (!PyCallable_Check(callable)) {
        PyErr_SetString(PyExc_TypeError,
                        "queue_microtask() needs a callable");
        return NULL;
    }
    struct agent *agent = agent_current(STATE(module));
    if (agent == NULL || agent_queue_microtask(agent, callable) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"get", FAST(reflect_get), METH_FASTCALL, "get(target, key)"},
    {"set", FAST(reflect_set), METH_FASTCALL, "set(target, key, value)"},
    {"has", FAST(reflect_has), METH_FASTCALL, "has(target, key)"},
    {"has_own", FAST(reflect_has_own), METH_FASTCALL, "has_own(target, key)"},
    {"delete", FAST(reflect_delete), METH_FASTCALL, "delete(target, key)"},
    {"define", FAST(reflect_define), METH_VARARGS | METH_KEYWORDS,
     "define(target, key, *, value, get, set, writable, enumerable, "
     "configurable)"},
    {"own_property", FAST(reflect_own_property), METH_FASTCALL,
     "own_property(target, key) -> dict | None"},
    {"keys", reflect_keys, METH_O, "keys(target) -> list"},
    {"own_keys", reflect_own_keys, METH_O, "own_keys(target) -> list"},
    {"get_prototype", reflect_get_prototype, METH_O, "get_prototype(target)"},
    {"set_prototype", FAST(reflect_set_prototype), METH_FASTCALL,
     "set_prototype(target, prototype) -> bool"},
    {"create", reflect_create, METH_O, "create(prototype) -> Object"},
    {"freeze", reflect_freeze, METH_O, "freeze(target) -> bool"},
    {"seal", reflect_seal, METH_O, "seal(target) -> bool"},
    {"prevent_extensions", reflect_prevent_extensions, METH_O,
     "prevent_extensions(target) -> bool"},
    {"is_extensible", reflect_is_extensible, METH_O,
     "is_extensible(target) -> bool"},
    {"is_frozen", reflect_is_frozen, METH_O, "is_frozen(target) -> bool"},
    {"is_sealed", reflect_is_sealed, METH_O, "is_sealed(target) -> bool"},
    {"call", FAST(reflect_call), METH_FASTCALL, "call(function, this, *args)"},
    {"construct", FAST(reflect_construct), METH_VARARGS | METH_KEYWORDS,
     "construct(constructor, *args, new_target=None)"},
    {"strict_equals", FAST(reflect_strict_equals), METH_FASTCALL,
     "strict_equals(a, b) -> bool"},
    {"instanceof", FAST(reflect_instanceof), METH_FASTCALL,
     "instanceof(value, constructor) -> bool"},
    {"typeof", reflect_typeof, METH_O, "typeof(value) -> str"},
    {"to_string", reflect_to_string, METH_O, "to_string(value) -> str"},
    {"to_number", reflect_to_number, METH_O, "to_number(value)"},
    {"to_boolean", reflect_to_boolean, METH_O, "to_boolean(value) -> bool"},
    {"to_object", reflect_to_object, METH_O, "to_object(value)"},
    {"to_primitive", reflect_to_primitive, METH_VARARGS,
     "to_primitive(value, hint='default')"},
    {"queue_microtask", reflect_queue_microtask, METH_O,
     "queue_microtask(callable)"},
    {NULL, NULL, 0, NULL},
};

int
reflect_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, methods);
}
