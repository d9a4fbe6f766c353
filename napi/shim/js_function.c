/* Compiled JavaScript: functions that napi.js has made of source text.
 *
 * They are napi.Functions whose code is a Python function. The arguments are
 * cut to what it takes; what is missing are its defaults, undefined. The
 * outermost call is a frame of the thread: jobs run as it returns. */

#include "shim.h"

#define INLINE_ARGUMENTS 12
#define SELF(object) ((struct js_function *)(object))

PyObject *
js_lookup(const char *name)
{
    PyObject *module = PyImport_ImportModule("napi.js.runtime");
    PyObject *value =
        module != NULL ? PyObject_GetAttrString(module, name) : NULL;
    Py_XDECREF(module);
    return value;
}

/* === calling === */

/* Copies what the flags ask for before the arguments; how many. */
static size_t
prepend(struct js_function *self, PyObject **into, PyObject *receiver,
        PyObject *new_target)
{
    size_t count = 0;
    if (self->flags & JS_CALLEE) {
        into[count++] = (PyObject *)self;
    }
    if (self->flags & JS_THIS) {
        into[count++] = receiver != NULL ? receiver : UNDEFINED;
    }
    if (self->flags & JS_NEW_TARGET) {
        into[count++] = new_target != NULL ? new_target : UNDEFINED;
    }
    return count;
}

static PyObject *
call_code(struct js_function *self, PyObject *receiver, PyObject *const *argv,
          size_t argc, PyObject *new_target)
{
    if (self->limit >= 0 && argc > (size_t)self->limit) {
        argc = (size_t)self->limit;
    }
    if ((self->flags & (JS_CALLEE | JS_THIS | JS_NEW_TARGET)) == 0) {
        return PyObject_Vectorcall(self->code, argv, argc, NULL);
    }
    PyObject *small[INLINE_ARGUMENTS + 3], **all = small;
    if (argc > INLINE_ARGUMENTS) {
        all = PyMem_Malloc((argc + 3) * sizeof(*all));
        if (all == NULL) {
            return PyErr_NoMemory();
        }
    }
    size_t first = prepend(self, all, receiver, new_target);
    for (size_t i = 0; i < argc; ++i) {
        all[first + i] = argv[i];
    }
    PyObject *result =
        PyObject_Vectorcall(self->code, all, first + argc, NULL);
    if (all != small) {
        PyMem_Free(all);
    }
    return result;
}

/* steals generator; the promise or generator object that the caller gets */
static PyObject *
start(struct js_function *self, PyObject *generator)
{
    if (generator == NULL) {
        return NULL;
    }
    PyObject *begin = js_lookup("start_generator");
    PyObject *flags = PyLong_FromLong((long)self->flags);
    PyObject *argv[] = {(PyObject *)self, generator, flags};
    PyObject *result = begin != NULL && flags != NULL
                           ? PyObject_Vectorcall(begin, argv, 3, NULL)
                           : NULL;
    Py_XDECREF(begin);
    Py_XDECREF(flags);
    Py_DECREF(generator);
    return result;
}

static PyObject *
run(struct js_function *self, PyObject *receiver, PyObject *const *argv,
    size_t argc, PyObject *new_target)
{
    PyObject *result = call_code(self, receiver, argv, argc, new_target);
    return (self->flags & (JS_GENERATOR | JS_ASYNC)) == 0
               ? result
               : start(self, result);
}

/* What Python raises for JavaScript's errors becomes what they are. */
static void
convert_raised(void)
{
    if (!PyErr_ExceptionMatches(PyExc_NameError) &&
        !PyErr_ExceptionMatches(PyExc_RecursionError)) {
        return;
    }
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *convert = js_lookup("converted");
    PyObject *error =
        convert != NULL ? PyObject_CallOneArg(convert, raised) : NULL;
    Py_XDECREF(convert);
    if (error != NULL) {
        Py_DECREF(raised);
        PyErr_SetRaisedException(error);
    } else {
        PyErr_Clear();
        PyErr_SetRaisedException(raised);
    }
}

static PyObject *
run_outermost(struct js_function *self, PyObject *receiver,
              PyObject *const *argv, size_t argc, PyObject *new_target,
              struct agent *agent)
{
    ++agent->depth;
    PyObject *result = run(self, receiver, argv, argc, new_target);
    if (result == NULL) {
        convert_raised();
    }
    --agent->depth;
    return agent == self->env->agent ? env_leave(self->env, result) : result;
}

PyObject *
js_function_run(struct js_function *self, PyObject *receiver,
                PyObject *const *argv, size_t argc, PyObject *new_target)
{
    struct agent *agent = self->env->agent;
    if (agent->thread != PyThread_get_thread_ident()) {
        agent = agent_current(self->env->state);
        if (agent == NULL) {
            return NULL;
        }
    }
    if (Py_EnterRecursiveCall(" in a JavaScript function")) {
        return NULL;
    }
    PyObject *result =
        agent->depth != 0
            ? run(self, receiver, argv, argc, new_target)
            : run_outermost(self, receiver, argv, argc, new_target, agent);
    Py_LeaveRecursiveCall();
    return result;
}

static PyObject *
vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf,
           PyObject *kwnames)
{
    struct js_function *self = SELF(callable);
    if (kwnames != NULL && PyTuple_GET_SIZE(kwnames) > 0) {
        return function_refuse_keywords(self->name);
    }
    return js_function_run(self, NULL, args,
                           (size_t)PyVectorcall_NARGS(nargsf), NULL);
}

/* === constructing === */

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

PyObject *
js_function_construct(struct shim_state *state, struct js_function *self,
                      PyObject *const *argv, size_t argc,
                      PyObject *new_target)
{
    if ((self->flags & JS_CONSTRUCTOR) == 0) {
        return error_raise(state, "TypeError", NULL,
                           PyUnicode_GET_LENGTH(self->name) > 0
                               ? "%U is not a constructor"
                               : "(intermediate value) is not a constructor",
                           self->name);
    }
    PyObject *object = object_new(state);
    if (object == NULL || adopt_prototype(state, object, new_target) < 0) {
        Py_XDECREF(object);
        return NULL;
    }
    PyObject *result =
        js_function_run(self, object, argv, argc, new_target);
    if (result != NULL && result != object &&
        compare_is_object(state, result)) {
        Py_DECREF(object);
        return result;
    }
    if (result == NULL) {
        Py_DECREF(object);
        return NULL;
    }
    Py_DECREF(result);
    return object;
}

/* === making === */

bool
js_function_has_text(struct shim_state *state, PyObject *object,
                     PyObject *key, bool drop)
{
    if (Py_TYPE(object) == state->class_type) {
        object = ((struct js_class *)object)->constructor;
    }
    if (object == NULL || Py_TYPE(object) != state->function_type ||
        SELF(object)->code == NULL) {
        return !drop;
    }
    unsigned flag = PyUnicode_Compare(key, state->str_name) == 0 ? JS_NAMELESS
                    : PyUnicode_Compare(key, state->str_length) == 0
                        ? JS_LENGTHLESS
                        : 0;
    bool there = (SELF(object)->flags & flag) == 0;
    if (drop) {
        SELF(object)->flags |= flag;
        return flag != 0;
    }
    return there;
}

/* Generators have a prototype object each; others that are no constructors
 * have none. */
int
js_function_prototype(struct shim_state *state, PyObject *function,
                      PyObject **prototype)
{
    if ((SELF(function)->flags & JS_GENERATOR) == 0) {
        return 0;
    }
    PyObject *make = js_lookup("make_generator_prototype");
    *prototype = make != NULL ? PyObject_CallOneArg(make, function) : NULL;
    Py_XDECREF(make);
    struct js_property *link =
        *prototype != NULL
            ? property_new(state, *prototype, NULL, NULL, napi_writable)
            : NULL;
    if (link == NULL || property_put(state, function, KIND_FUNCTION,
                                     state->str_prototype, link) < 0) {
        Py_CLEAR(*prototype);
    }
    Py_XDECREF((PyObject *)link);
    return *prototype != NULL ? 1 : -1;
}

PyDoc_STRVAR(js_function_doc,
"js_function(code, info, name=None, home=None, /)\n--\n\n"
"A napi.Function of compiled JavaScript.\n\n"
"Args:\n"
"    code: the Python function.\n"
"    info: (name, length, flags, limit, start, end), as the compiler says.\n"
"    name: a name that is known only now.\n"
"    home: the object whose method it is.");

static PyObject *
make_function(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = PyModule_GetState(module);
    PyObject *info = nargs >= 2 ? args[1] : NULL;
    if (info == NULL || !PyTuple_Check(info) || PyTuple_GET_SIZE(info) < 4) {
        PyErr_SetString(PyExc_TypeError, "js_function(code, info)");
        return NULL;
    }
    napi_env env = state->code;
    if (env == NULL || env->closed) {
        env = realm_code(state);
    }
    PyObject *name = nargs > 2 && args[2] != Py_None
                         ? args[2]
                         : PyTuple_GET_ITEM(info, 0);
    PyObject *made =
        env != NULL ? function_new(env, name, NULL, NULL) : NULL;
    if (made == NULL) {
        return NULL;
    }
    struct js_function *self = SELF(made);
    self->vectorcall = vectorcall;
    self->code = Py_NewRef(args[0]);
    self->info = Py_NewRef(info);
    self->home = nargs > 3 && args[3] != Py_None ? Py_NewRef(args[3]) : NULL;
    self->length = (int)PyLong_AsLong(PyTuple_GET_ITEM(info, 1));
    self->flags = (unsigned)PyLong_AsLong(PyTuple_GET_ITEM(info, 2));
    self->limit = (int)PyLong_AsLong(PyTuple_GET_ITEM(info, 3));
    if (PyErr_Occurred()) {
        Py_CLEAR(made);
    }
    return made;
}

static bool
is_compiled(struct shim_state *state, PyObject *value)
{
    return Py_TYPE(value) == state->function_type && SELF(value)->code;
}

PyDoc_STRVAR(js_info_doc, "js_info(function, /)\n--\n\n"
"(code, info, home, class) of a compiled function; None for any other value.");

static PyObject *
get_info(PyObject *module, PyObject *function)
{
    struct shim_state *state = PyModule_GetState(module);
    if (Py_TYPE(function) == state->class_type &&
        ((struct js_class *)function)->constructor != NULL) {
        function = ((struct js_class *)function)->constructor;
    }
    if (!is_compiled(state, function)) {
        Py_RETURN_NONE;
    }
    struct js_function *self = SELF(function);
    return Py_BuildValue(
        "(OOOO)", self->code, self->info,
        self->home != NULL ? self->home : Py_None,
        self->receiver != NULL ? (PyObject *)self->receiver : Py_None);
}

static PyMethodDef functions[] = {
    {"js_function", (PyCFunction)(void *)make_function, METH_FASTCALL,
     js_function_doc},
    {"js_info", get_info, METH_O, js_info_doc},
    {NULL, NULL, 0, NULL},
};

int
js_function_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, functions) < 0 ||
                   js_call_init(module) < 0 || js_property_init(module) < 0 ||
                   js_operator_init(module) < 0 || js_compare_init(module) < 0 ||
                   js_literal_init(module) < 0 ||
                   array_each_init(module) < 0 ||
                   js_class_init(module) < 0
               ? -1
               : 0;
}
