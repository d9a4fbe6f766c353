/* Node-API chapter "Working with JavaScript values": symbols.
 *
 * A symbol is a primitive that can be weakly referenced; it is equal to itself
 * only. Symbol.for keeps its symbols alive in a registry. */

#include "shim.h"

#define SELF(object) ((struct js_symbol *)(object))

static const char *const well_known[] = {
    "asyncIterator", "hasInstance", "isConcatSpreadable", "iterator", "match",
    "matchAll",      "replace",     "search",             "species",  "split",
    "toPrimitive",   "toStringTag", "unscopables",        "dispose",
    "asyncDispose",
};

PyObject *
symbol_new(struct shim_state *state, PyObject *description)
{
    struct js_symbol *symbol = (struct js_symbol *)
        state->symbol_type->tp_alloc(state->symbol_type, 0);
    if (symbol != NULL) {
        symbol->description = Py_XNewRef(description);
    }
    return (PyObject *)symbol;
}

static PyObject * /* new; NULL: raised */
find_registered(struct shim_state *state, PyObject *key)
{
    PyObject *symbol;
    if (PyDict_GetItemRef(state->symbols, key, &symbol) != 0) {
        return symbol;
    }
    symbol = symbol_new(state, key);
    if (symbol != NULL) {
        SELF(symbol)->registered = true;
        if (PyDict_SetItem(state->symbols, key, symbol) < 0) {
            Py_CLEAR(symbol);
        }
    }
    return symbol;
}

PyObject *
symbol_well_known(struct shim_state *state, const char *name)
{
    PyObject *key = string_key(state, name, NAPI_AUTO_LENGTH);
    PyObject *symbol =
        key ? PyObject_GetAttr((PyObject *)state->symbol_type, key) : NULL;
    Py_XDECREF(key);
    return symbol;
}

/* Node-API v1. The description may be left out. */
napi_status NAPI_CDECL
napi_create_symbol(napi_env env, napi_value description, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    PyObject *text = NULL;
    if (description != NULL) {
        CHECK_ARG(env, description);
        text = value_of(env, description);
        CHECK(env, PyUnicode_Check(text), napi_string_expected);
    }
    return scope_return(env, symbol_new(env->state, text), result);
}

/* Node-API v9. */
napi_status NAPI_CDECL
node_api_symbol_for(napi_env env, const char *utf8description, size_t length,
                    napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    CHECK(env, string_arguments_ok(utf8description, length),
          napi_invalid_arg);
    PyObject *key = string_from_utf8(utf8description, length);
    CHECK_PY(env, key != NULL);
    PyObject *symbol = find_registered(env->state, key);
    Py_DECREF(key);
    return scope_return(env, symbol, result);
}

static PyObject *
symbol_construct(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"description", NULL};
    PyObject *description = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:Symbol", names,
                                     &description)) {
        return NULL;
    }
    if (description != Py_None && !PyUnicode_Check(description)) {
        PyErr_Format(PyExc_TypeError,
                     "Symbol() needs a str as description, not %s",
                     Py_TYPE(description)->tp_name);
        return NULL;
    }
    return symbol_new(state_of_type(type),
                      description == Py_None ? NULL : description);
}

static void
symbol_dealloc(PyObject *object)
{
    struct js_symbol *self = SELF(object);
    PyTypeObject *type = Py_TYPE(object);
    if (self->host.weaklist != NULL) {
        PyObject_ClearWeakRefs(object);
    }
    if (self->host.side != NULL) {
        side_free(self->host.side);
        self->host.side = NULL;
    }
    Py_CLEAR(self->description);
    type->tp_free(object);
    Py_DECREF(type);
}

static PyObject *
symbol_repr(PyObject *object)
{
    PyObject *description = SELF(object)->description;
    return description != NULL
               ? PyUnicode_FromFormat("Symbol(%U)", description)
               : PyUnicode_FromString("Symbol()");
}

static PyObject *
symbol_get_description(PyObject *object, void *ignored)
{
    (void)ignored;
    PyObject *description = SELF(object)->description;
    return Py_NewRef(description != NULL ? description : Py_None);
}

PyDoc_STRVAR(for_doc, "for_(key: str) -> Symbol\n\nThe symbol of the registry "
                      "for key. (ECMA-262 20.4.2.2)");

static PyObject *
symbol_for(PyObject *class, PyObject *key)
{
    if (!PyUnicode_Check(key)) {
        PyErr_Format(PyExc_TypeError, "for_() needs a str, not %s",
                     Py_TYPE(key)->tp_name);
        return NULL;
    }
    return find_registered(state_of_type((PyTypeObject *)class), key);
}

PyDoc_STRVAR(key_for_doc, "key_for(symbol) -> str | None\n\nThe key under "
                          "which for_() made it. (ECMA-262 20.4.2.6)");

static PyObject *
symbol_key_for(PyObject *class, PyObject *symbol)
{
    if (!PyObject_TypeCheck(symbol, (PyTypeObject *)class)) {
        PyErr_Format(PyExc_TypeError, "key_for() needs a Symbol, not %s",
                     Py_TYPE(symbol)->tp_name);
        return NULL;
    }
    return Py_NewRef(SELF(symbol)->registered ? SELF(symbol)->description
                                              : Py_None);
}

static PyMethodDef methods[] = {
    {"for_", symbol_for, METH_O | METH_CLASS, for_doc},
    {"key_for", symbol_key_for, METH_O | METH_CLASS, key_for_doc},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef attributes[] = {
    {"description", symbol_get_description, NULL,
     "the text it was made with, or None", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_symbol, host.weaklist), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

PyDoc_STRVAR(symbol_doc, "Symbol(description=None)\n--\n\nA JavaScript "
                         "symbol. (ECMA-262 6.1.5)");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)symbol_doc},
    {Py_tp_new, (void *)symbol_construct},
    {Py_tp_dealloc, (void *)symbol_dealloc},
    {Py_tp_repr, (void *)symbol_repr},
    {Py_tp_methods, methods},
    {Py_tp_getset, attributes},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.Symbol",
    .basicsize = sizeof(struct js_symbol),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

static int
add_well_known(struct shim_state *state, const char *name)
{
    PyObject *description = PyUnicode_FromFormat("Symbol.%s", name);
    PyObject *symbol = description ? symbol_new(state, description) : NULL;
    int status = symbol ? PyDict_SetItemString(state->symbol_type->tp_dict,
                                               name, symbol)
                        : -1;
    Py_XDECREF(description);
    Py_XDECREF(symbol);
    return status;
}

int
symbol_init(PyObject *module, struct shim_state *state)
{
    state->symbols = PyDict_New();
    state->symbol_type = module_add_type(module, &spec, NULL);
    if (state->symbols == NULL || state->symbol_type == NULL) {
        return -1;
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(well_known); ++i) {
        if (add_well_known(state, well_known[i]) < 0) {
            return -1;
        }
    }
    PyType_Modified(state->symbol_type);
    return 0;
}
