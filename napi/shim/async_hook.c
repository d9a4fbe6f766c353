/* What napi.async_hooks sees of asynchronous operations: ids, and the moments
 * init, before, after and destroy. Without a hook it costs an addition. */

#include "shim.h"

struct async_resource {
    struct shim_state *state;
    struct agent *agent;
    size_t uses; /* 1, one for each callback of it that runs, and the agent's */
    double async_id, trigger_id;
    PyObject *type;     /* owned str */
    PyObject *resource; /* owned; NULL: the addon gave none, and nobody asked */
};

static PyObject * /* borrowed, or NULL and raised: an object in any case */
resource_object(struct async_resource *resource)
{
    if (resource->resource == NULL) {
        resource->resource = object_new(resource->state);
    }
    return resource->resource;
}

/* A hook that raises has nobody to tell. */
static void
emit(struct async_resource *resource, const char *moment)
{
    struct shim_state *state = resource->state;
    if (state->async_hook == NULL) {
        return;
    }
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *object = resource_object(resource);
    PyObject *done =
        object ? PyObject_CallFunction(state->async_hook, "sdOdO", moment,
                                       resource->async_id, resource->type,
                                       resource->trigger_id, object)
               : NULL;
    if (done == NULL) {
        agent_report(resource->agent);
    }
    Py_XDECREF(done);
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

/* napi_ok and new *type, or what Node answers */
static napi_status
make_type(napi_env env, napi_value name, PyObject **type)
{
    CHECK_ARG(env, name);
    *type = coerce_to_string(env->state, value_of(env, name));
    if (*type == NULL) {
        PyErr_Clear(); /* Node leaves nothing pending here */
        return error_set(env, napi_string_expected);
    }
    return napi_ok;
}

napi_status
async_resource_new(napi_env env, napi_value resource, napi_value name,
                   struct async_resource **made)
{
    PyObject *object = NULL, *type;
    napi_status status = napi_ok;
    if (resource != NULL) {
        status = property_target(env, resource, &object);
    }
    if (status == napi_ok) {
        status = make_type(env, name, &type);
    }
    if (status != napi_ok) {
        return status;
    }
    *made = PyMem_Malloc(sizeof(**made));
    if (*made == NULL) {
        Py_DECREF(type);
        PyErr_NoMemory();
        return error_from_python(env);
    }
    **made = (struct async_resource){
        .state = env->state,
        .agent = env->agent,
        .uses = 1,
        .async_id = ++env->state->last_async_id,
        .trigger_id = env->agent->execution_id,
        .type = type,
        .resource = Py_XNewRef(object),
    };
    ++env->agent->uses;
    emit(*made, "init");
    return napi_ok;
}

static void
let_go(struct async_resource *resource)
{
    if (--resource->uses == 0) {
        emit(resource, "destroy");
        --resource->agent->uses;
        Py_DECREF(resource->type);
        Py_XDECREF(resource->resource);
        PyMem_Free(resource);
    }
}

/* Its own callback may do that: then it lives until that returns. */
void
async_resource_free(struct async_resource *resource)
{
    if (resource != NULL) {
        let_go(resource);
    }
}

void
async_before(struct async_resource *resource, struct async_moment *moment)
{
    struct agent *agent = resource->agent;
    ++resource->uses;
    moment->execution_id = agent->execution_id;
    moment->trigger_id = agent->trigger_id;
    moment->resource = agent->execution_resource;
    agent->execution_resource = resource;
    ++resource->uses;
    agent->execution_id = resource->async_id;
    agent->trigger_id = resource->trigger_id;
    emit(resource, "before");
}

void
async_after(struct async_resource *resource, struct async_moment *moment)
{
    struct agent *agent = resource->agent;
    emit(resource, "after");
    agent->execution_id = moment->execution_id;
    agent->trigger_id = moment->trigger_id;
    async_resource_free(agent->execution_resource);
    agent->execution_resource = moment->resource;
    let_go(resource);
}

PyDoc_STRVAR(set_async_hook_doc,
             "set_async_hook(hook) -> None\n\n"
             "hook(moment, async_id, type, trigger_id, resource), moment being "
             "'init', 'before',\n'after' or 'destroy'; None: no hook.");

static PyObject *
set_async_hook(PyObject *module, PyObject *hook)
{
    struct shim_state *state = PyModule_GetState(module);
    if (hook != Py_None && !PyCallable_Check(hook)) {
        PyErr_SetString(PyExc_TypeError, "set_async_hook() needs a callable");
        return NULL;
    }
    Py_XSETREF(state->async_hook, hook == Py_None ? NULL : Py_NewRef(hook));
    Py_RETURN_NONE;
}

static PyObject * /* new: None */
set_callable(PyObject **slot, PyObject *callable /* or None: none */)
{
    Py_XSETREF(*slot, callable == Py_None ? NULL : Py_NewRef(callable));
    Py_RETURN_NONE;
}

PyDoc_STRVAR(set_callback_warning_doc,
             "set_callback_warning(warn) -> None\n\nwarn() is called where a "
             "threadsafe function's callback, of a module older\nthan version "
             "10, throws: nobody else hears of it. None: it is an uncaught\n"
             "exception, as for newer modules.");

static PyObject *
set_callback_warning(PyObject *module, PyObject *warn)
{
    struct shim_state *state = PyModule_GetState(module);
    return set_callable(&state->callback_warning, warn);
}

PyDoc_STRVAR(set_job_binder_doc,
             "set_job_binder(binder) -> None\n\nbinder(callable) answers what "
             "is called in its place as a tick, a microtask or a\nreaction: "
             "with the values of AsyncLocalStorage that hold now. None: itself.");

static PyObject *
set_job_binder(PyObject *module, PyObject *binder)
{
    struct shim_state *state = PyModule_GetState(module);
    return set_callable(&state->job_binder, binder);
}

PyDoc_STRVAR(set_callback_wrapper_doc,
             "set_callback_wrapper(wrapper) -> None\n\nwrapper(receiver, "
             "function) answers what napi_make_callback calls. None: the\n"
             "function.");

static PyObject *
set_callback_wrapper(PyObject *module, PyObject *wrapper)
{
    struct shim_state *state = PyModule_GetState(module);
    return set_callable(&state->callback_wrapper, wrapper);
}

PyDoc_STRVAR(async_ids_doc,
             "async_ids() -> tuple[float, float]\n\nThe async id and the "
             "trigger id of the running callback; 0: none runs.");

static PyObject *
async_ids(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct agent *agent = agent_current(PyModule_GetState(module));
    return agent ? Py_BuildValue("(dd)", agent->execution_id,
                                 agent->trigger_id)
                 : NULL;
}

PyDoc_STRVAR(async_object_doc,
             "async_object() -> object\n\nThe resource of the running "
             "callback of an addon's operation; None: none runs.");

static PyObject *
async_object(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct agent *agent = agent_current(PyModule_GetState(module));
    if (agent == NULL) {
        return NULL;
    }
    struct async_resource *resource = agent->execution_resource;
    return resource ? Py_XNewRef(resource_object(resource))
                    : Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"async_object", async_object, METH_NOARGS, async_object_doc},
    {"set_job_binder", set_job_binder, METH_O, set_job_binder_doc},
    {"set_callback_wrapper", set_callback_wrapper, METH_O,
     set_callback_wrapper_doc},
    {"set_async_hook", set_async_hook, METH_O, set_async_hook_doc},
    {"set_callback_warning", set_callback_warning, METH_O,
     set_callback_warning_doc},
    {"async_ids", async_ids, METH_NOARGS, async_ids_doc},
    {NULL, NULL, 0, NULL},
};

int
async_hook_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, methods);
}
