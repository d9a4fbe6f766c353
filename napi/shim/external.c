/* Node-API chapter "Working with JavaScript values": externals.
 *
 * An external carries an addon's pointer; nothing else can read it. */

#include "shim.h"
#include "track.h"

#define SELF(object) ((struct js_external *)(object))

PyObject *
external_new(struct shim_state *state, void *data)
{
    struct js_external *external = (struct js_external *)
        state->external_type->tp_alloc(state->external_type, 0);
    if (external != NULL) {
        external->data = data;
    }
    return (PyObject *)external;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_external(napi_env env, void *data, napi_finalize finalize_cb,
                     void *finalize_hint, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *external = external_new(env->state, data);
    if (external != NULL && finalize_cb != NULL &&
        reference_new(env, external, 0, false, finalize_cb, data,
                      finalize_hint) == NULL) {
        Py_CLEAR(external);
    }
    if (external != NULL) {
        track_value(env, TRACK_EXTERNAL, external, 0);
    }
    return scope_return(env, external, result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_value_external(napi_env env, napi_value value, void **result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    PyObject *external = value_of(env, value);
    CHECK(env, Py_TYPE(external) == env->state->external_type,
          napi_invalid_arg);
    *result = SELF(external)->data;
    return error_clear(env);
}

static void
external_dealloc(PyObject *object)
{
    struct js_external *self = SELF(object);
    PyTypeObject *type = Py_TYPE(object);
    if (self->host.weaklist != NULL) {
        PyObject_ClearWeakRefs(object);
    }
    if (self->host.side != NULL) {
        side_free(self->host.side);
        self->host.side = NULL;
    }
    type->tp_free(object);
    Py_DECREF(type);
}

static PyObject *
external_repr(PyObject *object)
{
    return PyUnicode_FromFormat("<napi.External %p>", SELF(object)->data);
}

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_external, host.weaklist), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)"A pointer of an addon, opaque to everybody else."},
    {Py_tp_dealloc, (void *)external_dealloc},
    {Py_tp_repr, (void *)external_repr},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.External",
    .basicsize = sizeof(struct js_external),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};

int
external_init(PyObject *module, struct shim_state *state)
{
    state->external_type = module_add_type(module, &spec, NULL);
    return state->external_type == NULL ? -1 : 0;
}
