/* Node-API chapter "Object wrap": napi_define_class.
 *
 * The properties go to the constructor and to its prototype object in the
 * order JavaScript has them: as declared, then `constructor`. */

#include "shim.h"

/* new: the text up to a NUL, which no Python type can have in its name */
static PyObject *
type_name(PyObject *name)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    Py_ssize_t nul = PyUnicode_FindChar(name, 0, 0, length, 1);
    return PyUnicode_Substring(name, 0, nul >= 0 ? nul : length);
}

/* new; "Counter(...): native class of file.node" */
static PyObject *
describe(napi_env env, PyObject *name)
{
    const char *slash = strrchr(env->filename, '/');
    return PyUnicode_FromFormat("%U(...): native class of %s", name,
                                slash != NULL ? slash + 1 : env->filename);
}

/* new class with its native constructor, and nothing else yet */
static struct js_class *
make_class(napi_env env, PyObject *name, napi_callback callback, void *data)
{
    PyObject *short_name = type_name(name);
    PyObject *doc = short_name ? describe(env, short_name) : NULL;
    struct js_class *class = NULL;
    if (doc != NULL) {
        class = (struct js_class *)PyObject_CallFunction(
            (PyObject *)env->state->class_type, "O(O){s:(),s:s,s:O}",
            short_name, env->state->instance_type, "__slots__", "__module__",
            "napi", "__doc__", doc);
    }
    Py_XDECREF(short_name);
    Py_XDECREF(doc);
    if (class != NULL) {
        class->env = env;
        env_retain(env);
        class->callback = callback;
        class->data = data;
        class->type.ht_type.tp_dealloc = instance_dealloc;
        class->type.ht_type.tp_vectorcall = construct_vectorcall;
#ifdef NAPI_STRICT
        watch_made(env, (PyObject *)class);
#endif
    }
    return class;
}

/* 0 or -1: the prototype object, which knows whose it is */
static int
add_prototype(struct shim_state *state, struct js_class *class)
{
    class->prototype = object_new(state);
    struct side *side = class->prototype != NULL
                            ? side_make(state, class->prototype)
                            : NULL;
    if (side == NULL) {
        return -1;
    }
    side->klass = Py_NewRef(class);
    return 0;
}

static napi_status
add_property(napi_env env, struct js_class *class,
             const napi_property_descriptor *descriptor)
{
    return (descriptor->attributes & napi_static) != 0
               ? property_define_one(env, (PyObject *)class, descriptor, NULL)
               : property_define_one(env, class->prototype, descriptor,
                                     &class->type.ht_type);
}

/* 0 or -1 raised */
static int
add_constructor(struct shim_state *state, struct js_class *class)
{
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

/* Members of the prototype come first: a static finds its twin there. */
static napi_status
add_properties(napi_env env, struct js_class *class, size_t count,
               const napi_property_descriptor *properties)
{
    for (int is_static = 0; is_static <= 1; ++is_static) {
        for (size_t i = 0; i < count; ++i) {
            bool on_constructor =
                (properties[i].attributes & napi_static) != 0;
            if (on_constructor == (bool)is_static) {
                napi_status status = add_property(env, class, &properties[i]);
                if (status != napi_ok) {
                    return status;
                }
            }
        }
        CHECK_PY(env, is_static || add_constructor(env->state, class) == 0);
    }
    return napi_ok;
}

/* Node-API v1. The class can be called without `new`, as in Node. */
napi_status NAPI_CDECL
napi_define_class(napi_env env, const char *utf8name, size_t length,
                  napi_callback constructor, void *data,
                  size_t property_count,
                  const napi_property_descriptor *properties,
                  napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    CHECK(env, constructor != NULL, napi_invalid_arg);
    CHECK(env, property_count == 0 || properties != NULL, napi_invalid_arg);
    CHECK(env, utf8name != NULL && string_arguments_ok(utf8name, length),
          napi_invalid_arg);
    PyObject *name = string_from_utf8(utf8name, length);
    CHECK_PY(env, name != NULL);
    struct js_class *class = make_class(env, name, constructor, data);
    Py_DECREF(name);
    CHECK_PY(env, class != NULL);
    napi_status status = napi_generic_failure;
    if (add_prototype(env->state, class) < 0) {
        status = error_from_python(env);
    } else {
        status = add_properties(env, class, property_count, properties);
    }
    if (status != napi_ok) {
        Py_DECREF(class);
        return status;
    }
    return scope_return(env, (PyObject *)class, result);
}
