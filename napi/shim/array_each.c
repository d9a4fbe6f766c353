/* The loops of Array.prototype (ECMA-262 23.1.3) over what is a Python list:
 * map, filter and the like. The runtime has checked the arguments; here the
 * elements are read as they are when their turn comes, for a callback may
 * change the list. */

#include "shim.h"

struct each {
    struct shim_state *state;
    PyObject *list, *callback, *receiver; /* borrowed */
    Py_ssize_t index, length;
    PyObject *result; /* owned; what the visitor makes */
};

/* of one element and the callback's answer, both borrowed: 0, 1: enough, -1 */
typedef int (*visitor)(struct each *each, PyObject *value, PyObject *answer);

/* The element by its key: an accessor, one of a prototype's, or past the end. */
static int
find_slowly(struct each *each, PyObject **value)
{
    PyObject *key = PyUnicode_FromFormat("%zd", each->index);
    int found =
        key != NULL ? property_has(each->state, each->list, key) : -1;
    if (found > 0) {
        *value = property_get(each->state, each->list, key);
        found = *value != NULL ? 1 : -1;
    }
    Py_XDECREF(key);
    return found;
}

/* 1 and new *value, 0: a hole, -1 raised */
static int
find_element(struct each *each, PyObject **value)
{
    PyObject *list = each->list;
    struct js_array *array = (struct js_array *)list;
    bool own = Py_TYPE(list) == each->state->array_type;
    if (each->index >= PyList_GET_SIZE(list) ||
        (!PyList_CheckExact(list) && !own) ||
        (own && array->host.side != NULL && array->host.side->table != NULL)) {
        return find_slowly(each, value);
    }
    *value = PyList_GET_ITEM(list, each->index);
    if (*value == UNDEFINED && own && array_is_hole(array, each->index)) {
        return find_slowly(each, value);
    }
    Py_INCREF(*value);
    return 1;
}

/* new: callback(value, index, list) */
static PyObject *
ask(struct each *each, PyObject *value)
{
    PyObject *index = PyLong_FromSsize_t(each->index);
    if (index == NULL) {
        return NULL;
    }
    PyObject *argv[] = {value, index, each->list};
    PyObject *answer = function_call(each->state, each->callback,
                                     each->receiver, argv, 3);
    Py_DECREF(index);
    return answer;
}

/* steals value; as a visitor answers */
static int
visit_one(struct each *each, PyObject *value, visitor visit)
{
    PyObject *answer = ask(each, value);
    int status = answer != NULL ? visit(each, value, answer) : -1;
    Py_XDECREF(answer);
    Py_DECREF(value);
    return status;
}

/* 0 at the end, 1: the visitor had enough, -1 raised */
static int
run(struct each *each, visitor visit, bool with_holes)
{
    int status = 0;
    for (; status == 0 && each->index < each->length; ++each->index) {
        PyObject *value;
        int found = find_element(each, &value);
        if (found == 0 && with_holes) {
            value = Py_NewRef(UNDEFINED);
            found = 1;
        }
        status = found > 0 ? visit_one(each, value, visit) : found;
    }
    return status;
}

/* === visitors === */

static int
nothing(struct each *each, PyObject *value, PyObject *answer)
{
    (void)each;
    (void)value;
    (void)answer;
    return 0;
}

static int
put_answer(struct each *each, PyObject *value, PyObject *answer)
{
    (void)value;
    return array_set(each->state, (struct js_array *)each->result,
                     (size_t)each->index, answer);
}

static int
keep_passed(struct each *each, PyObject *value, PyObject *answer)
{
    int passed = coerce_to_bool(each->state, answer);
    return passed > 0 ? PyList_Append(each->result, value) : passed;
}

static int
stop_passed(struct each *each, PyObject *value, PyObject *answer)
{
    (void)value;
    return coerce_to_bool(each->state, answer);
}

static int
keep_first(struct each *each, PyObject *value, PyObject *answer)
{
    int passed = coerce_to_bool(each->state, answer);
    each->result = passed > 0 ? Py_NewRef(value) : NULL;
    return passed;
}

static int
stop_failed(struct each *each, PyObject *value, PyObject *answer)
{
    (void)value;
    int passed = coerce_to_bool(each->state, answer);
    return passed < 0 ? -1 : !passed;
}

/* === what Python calls === */

/* args: list, callback, receiver, length */
static int
begin(struct each *each, PyObject *module, PyObject *const *args,
      Py_ssize_t nargs)
{
    if (nargs != 4 || !PyList_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError,
                        "list, callback, receiver and length are wanted");
        return -1;
    }
    *each = (struct each){.state = PyModule_GetState(module),
                          .list = args[0],
                          .callback = args[1],
                          .receiver = args[2],
                          .length = PyLong_AsSsize_t(args[3])};
    return each->length == -1 && PyErr_Occurred() ? -1 : 0;
}

PyDoc_STRVAR(for_each_doc,
             "array_for_each(list, callback, receiver, length) -> None\n\n"
             "Calls back for each element that is there.");

static PyObject *
for_each(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct each each;
    if (begin(&each, module, args, nargs) < 0 ||
        run(&each, nothing, false) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(map_doc, "array_map(list, callback, receiver, length) -> Array\n\n"
                      "The answers; a hole stays one.");

static PyObject *
map(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct each each;
    if (begin(&each, module, args, nargs) < 0 ||
        (each.result = array_new(each.state, 0)) == NULL) {
        return NULL;
    }
    if (run(&each, put_answer, false) < 0 ||
        (PyList_GET_SIZE(each.result) < each.length &&
         array_set_length(each.state, (struct js_array *)each.result,
                          (size_t)each.length) < 0)) {
        Py_CLEAR(each.result);
    }
    return each.result;
}

PyDoc_STRVAR(filter_doc,
             "array_filter(list, callback, receiver, length) -> Array\n\n"
             "The elements whose answer is true.");

static PyObject *
filter(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct each each;
    if (begin(&each, module, args, nargs) < 0 ||
        (each.result = array_new(each.state, 0)) == NULL) {
        return NULL;
    }
    if (run(&each, keep_passed, false) < 0) {
        Py_CLEAR(each.result);
    }
    return each.result;
}

PyDoc_STRVAR(some_doc, "array_some(list, callback, receiver, length) -> bool");

static PyObject *
some(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct each each;
    int status = begin(&each, module, args, nargs) == 0
                     ? run(&each, stop_passed, false)
                     : -1;
    return status < 0 ? NULL : PyBool_FromLong(status);
}

PyDoc_STRVAR(every_doc,
             "array_every(list, callback, receiver, length) -> bool");

static PyObject *
every(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct each each;
    int status = begin(&each, module, args, nargs) == 0
                     ? run(&each, stop_failed, false)
                     : -1;
    return status < 0 ? NULL : PyBool_FromLong(!status);
}

PyDoc_STRVAR(find_doc,
             "array_find(list, callback, receiver, length) -> tuple\n\n"
             "Index and value of the first element whose answer is true; holes "
             "are undefined.\n(-1, None): there is none.");

static PyObject *
find(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct each each;
    if (begin(&each, module, args, nargs) < 0) {
        return NULL;
    }
    int status = run(&each, keep_first, true);
    if (status < 0) {
        return NULL;
    }
    return status > 0 ? Py_BuildValue("nN", each.index - 1, each.result)
                      : Py_BuildValue("iO", -1, UNDEFINED);
}

/* 0 or -1: total = callback(total, value, index, list) */
static int
fold_one(struct each *each, PyObject *value)
{
    PyObject *index = PyLong_FromSsize_t(each->index);
    if (index == NULL) {
        return -1;
    }
    PyObject *argv[] = {each->result, value, index, each->list};
    PyObject *total =
        function_call(each->state, each->callback, UNDEFINED, argv, 4);
    Py_DECREF(index);
    Py_SETREF(each->result, total);
    return total != NULL ? 0 : -1;
}

PyDoc_STRVAR(reduce_doc,
             "array_reduce(list, callback, total, length) -> Any\n\n"
             "total is a tuple: of the first one, or empty.");

static PyObject *
reduce(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct each each;
    if (begin(&each, module, args, nargs) < 0) {
        return NULL;
    }
    if (PyTuple_Check(each.receiver) && PyTuple_GET_SIZE(each.receiver) > 0) {
        each.result = Py_NewRef(PyTuple_GET_ITEM(each.receiver, 0));
    }
    for (; each.index < each.length; ++each.index) {
        PyObject *value;
        int found = find_element(&each, &value);
        if (found > 0 && each.result == NULL) {
            each.result = value;
            continue;
        }
        if (found > 0) {
            found = fold_one(&each, value);
            Py_DECREF(value);
        }
        if (found < 0) {
            Py_XDECREF(each.result);
            return NULL;
        }
    }
    if (each.result == NULL) {
        error_raise(each.state, "TypeError", NULL,
                    "Reduce of empty array with no initial value");
    }
    return each.result;
}

/* === searches, without a callback === */

static bool
is_nan(PyObject *value)
{
    return PyFloat_Check(value) && Py_IS_NAN(PyFloat_AS_DOUBLE(value));
}

/* args: list, wanted, begin, length; new index or -1 */
static PyObject *
search(PyObject *module, PyObject *const *args, Py_ssize_t nargs, bool zero)
{
    struct each each;
    if (begin(&each, module, args, nargs) < 0) {
        return NULL;
    }
    PyObject *wanted = args[1];
    each.index = PyLong_AsSsize_t(args[2]);
    for (; each.index < each.length; ++each.index) {
        PyObject *value;
        int found = find_element(&each, &value);
        if (found == 0 && zero) {
            value = Py_NewRef(UNDEFINED);
        }
        if (found > 0 || (found == 0 && zero)) {
            found = compare_strict(each.state, value, wanted);
            found = found == 0 && zero ? is_nan(value) && is_nan(wanted)
                                       : found;
            Py_DECREF(value);
        }
        if (found != 0) {
            return found > 0 ? PyLong_FromSsize_t(each.index) : NULL;
        }
    }
    return PyLong_FromLong(-1);
}

PyDoc_STRVAR(index_of_doc,
             "array_index_of(list, wanted, begin, length) -> int\n\n"
             "By IsStrictlyEqual (ECMA-262 7.2.15); -1: nowhere.");

static PyObject *
index_of(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return search(module, args, nargs, false);
}

PyDoc_STRVAR(includes_doc,
             "array_includes(list, wanted, begin, length) -> int\n\n"
             "By SameValueZero (ECMA-262 7.2.11), holes are undefined.");

static PyObject *
includes(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return search(module, args, nargs, true);
}

/* === at the end of an array that nothing is special about === */

static bool
is_open(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    struct shim_state *state = PyModule_GetState(module);
    if (nargs < 1 || Py_TYPE(args[0]) != state->array_type) {
        return false;
    }
    struct side *side = ((struct js_array *)args[0])->host.side;
    return side == NULL ||
           !(side->inextensible || side->frozen || side->sealed ||
             side->length_fixed || side->table != NULL);
}

PyDoc_STRVAR(push_doc, "array_push(this, *added) -> int | NotImplemented");

static PyObject *
push(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!is_open(module, args, nargs) ||
        (size_t)(PyList_GET_SIZE(args[0]) + nargs) > ARRAY_LIMIT) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    for (Py_ssize_t i = 1; i < nargs; ++i) {
        if (PyList_Append(args[0], args[i]) < 0) {
            return NULL;
        }
    }
    return PyLong_FromSsize_t(PyList_GET_SIZE(args[0]));
}

PyDoc_STRVAR(pop_doc, "array_pop(this) -> Any | NotImplemented");

static PyObject *
pop(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!is_open(module, args, nargs) ||
        ((struct js_array *)args[0])->holes != NULL ||
        PyList_GET_SIZE(args[0]) == 0) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    Py_ssize_t last = PyList_GET_SIZE(args[0]) - 1;
    PyObject *value = Py_NewRef(PyList_GET_ITEM(args[0], last));
    if (PyList_SetSlice(args[0], last, last + 1, NULL) < 0) {
        Py_CLEAR(value);
    }
    return value;
}

#define LOOP(name, function)                                                  \
    {"array_" #name, (PyCFunction)(void *)function, METH_FASTCALL,            \
     function##_doc}

static PyMethodDef functions[] = {
    LOOP(for_each, for_each),
    LOOP(map, map),
    LOOP(filter, filter),
    LOOP(some, some),
    LOOP(every, every),
    LOOP(find, find),
    LOOP(reduce, reduce),
    LOOP(index_of, index_of),
    LOOP(includes, includes),
    LOOP(push, push),
    LOOP(pop, pop),
    {NULL, NULL, 0, NULL},
};

int
array_each_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
