/* The dict methods of napi.Object that see more than the dict.
 *
 * A plain object (object_is_plain) is served by dict's own methods; any other
 * goes through its keys in JavaScript's order and through the properties. */

#include "shim.h"

/* true: one or two arguments, else TypeError */
static bool
has_one_or_two(const char *name, Py_ssize_t nargs)
{
    if (nargs == 1 || nargs == 2) {
        return true;
    }
    PyErr_Format(PyExc_TypeError,
                 "%s expected 1 or 2 arguments, got %zd", name, nargs);
    return false;
}

PyDoc_STRVAR(get_doc, "get($self, key, default=None, /)\n--\n\n"
"The property named key, or default where there is none.");

static PyObject *
get(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!has_one_or_two("get", nargs)) {
        return NULL;
    }
    PyObject *value;
    int found = object_find(self, args[0], &value);
    if (found == 0) {
        value = Py_NewRef(nargs > 1 ? args[1] : Py_None);
    }
    return value;
}

PyDoc_STRVAR(setdefault_doc, "setdefault($self, key, default=None, /)\n--\n\n"
"The property named key, set to default first where there is none.");

static PyObject *
setdefault(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!has_one_or_two("setdefault", nargs)) {
        return NULL;
    }
    PyObject *value;
    int found = object_find(self, args[0], &value);
    if (found != 0) {
        return value;
    }
    value = nargs > 1 ? args[1] : Py_None;
    return object_assign(self, args[0], value) < 0 ? NULL : Py_NewRef(value);
}

PyDoc_STRVAR(pop_doc, "pop($self, key, default=<unrepresentable>, /)\n--\n\n"
"Deletes the property named key and returns its value, else default.");

static PyObject *
pop(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!has_one_or_two("pop", nargs)) {
        return NULL;
    }
    PyObject *value;
    int found = object_find(self, args[0], &value);
    if (found == 0 && nargs > 1) {
        return Py_NewRef(args[1]);
    }
    if (found >= 0 && object_assign(self, args[0], NULL) < 0) {
        Py_CLEAR(value);
    }
    return value;
}

PyDoc_STRVAR(popitem_doc, "popitem($self, /)\n--\n\n"
"Deletes the last property and returns it as (key, value).");

static PyObject *
popitem(PyObject *self, PyObject *unused)
{
    (void)unused;
    PyObject *keys = object_keys(self);
    if (keys == NULL) {
        return NULL;
    }
    Py_ssize_t size = PyList_GET_SIZE(keys);
    PyObject *item = NULL;
    if (size == 0) {
        PyErr_SetString(PyExc_KeyError, "popitem(): object is empty");
    } else {
        PyObject *key = PyList_GET_ITEM(keys, size - 1);
        PyObject *value = PyObject_GetItem(self, key);
        if (value != NULL && object_assign(self, key, NULL) == 0) {
            item = PyTuple_Pack(2, key, value);
        }
        Py_XDECREF(value);
    }
    Py_DECREF(keys);
    return item;
}

/* new list of all own keys: strings and symbols */
static PyObject *
own_keys(PyObject *self, int filter)
{
    return property_keys(state_of_object(self), self, napi_key_own_only,
                         (napi_key_filter)filter, napi_key_numbers_to_strings);
}

PyDoc_STRVAR(clear_doc, "clear($self, /)\n--\n\n"
"Deletes all own properties.");

static PyObject *
clear(PyObject *self, PyObject *unused)
{
    (void)unused;
    if (((struct js_object *)self)->host.side == NULL) {
        PyDict_Clear(self);
        Py_RETURN_NONE;
    }
    PyObject *keys = own_keys(self, napi_key_all_properties);
    int status = keys != NULL ? 0 : -1;
    for (Py_ssize_t i = 0; status == 0 && i < PyList_GET_SIZE(keys); ++i) {
        status = object_assign(self, PyList_GET_ITEM(keys, i), NULL);
    }
    Py_XDECREF(keys);
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

/* === merging === */

/* keys: an iterable of keys of other */
static int
merge_keys(PyObject *self, PyObject *other, PyObject *keys)
{
    PyObject *iterator = keys != NULL ? PyObject_GetIter(keys) : NULL;
    PyObject *key = NULL;
    int status = 0;
    while (status == 0 && iterator != NULL &&
           (key = PyIter_Next(iterator)) != NULL) {
        PyObject *value = PyObject_GetItem(other, key);
        status = value != NULL ? object_assign(self, key, value) : -1;
        Py_XDECREF(value);
        Py_DECREF(key);
    }
    Py_XDECREF(iterator);
    return iterator == NULL || status < 0 || PyErr_Occurred() ? -1 : 0;
}

static int
merge_pair(PyObject *self, PyObject *item)
{
    PyObject *pair =
        PySequence_Fast(item, "a property is a (key, value) pair");
    if (pair == NULL) {
        return -1;
    }
    int status = -1;
    if (PySequence_Fast_GET_SIZE(pair) != 2) {
        PyErr_Format(PyExc_ValueError,
                     "a property is a (key, value) pair, not %zd values",
                     PySequence_Fast_GET_SIZE(pair));
    } else {
        status = object_assign(self, PySequence_Fast_GET_ITEM(pair, 0),
                               PySequence_Fast_GET_ITEM(pair, 1));
    }
    Py_DECREF(pair);
    return status;
}

static int
merge_pairs(PyObject *self, PyObject *pairs)
{
    PyObject *iterator = PyObject_GetIter(pairs);
    if (iterator == NULL) {
        return -1;
    }
    PyObject *item;
    int status = 0;
    while (status == 0 && (item = PyIter_Next(iterator)) != NULL) {
        status = merge_pair(self, item);
        Py_DECREF(item);
    }
    Py_DECREF(iterator);
    return status < 0 || PyErr_Occurred() ? -1 : 0;
}

/* 1, 0, -1 raised */
static int
has_keys(PyObject *object)
{
    if (PyDict_Check(object)) {
        return 1;
    }
    PyObject *name = PyUnicode_InternFromString("keys");
    PyObject *method = NULL;
    int found =
        name != NULL ? PyObject_GetOptionalAttr(object, name, &method) : -1;
    Py_XDECREF(name);
    Py_XDECREF(method);
    return found;
}

/* Keys are copied first: a setter may change the source. */
int
object_merge(PyObject *self, PyObject *other)
{
    PyObject *keys;
    if (Py_TYPE(other) == Py_TYPE(self)) {
        keys = own_keys(other, napi_key_enumerable);
    } else {
        int found = has_keys(other);
        if (found <= 0) {
            return found < 0 ? -1 : merge_pairs(self, other);
        }
        keys = PyMapping_Keys(other);
    }
    int status = merge_keys(self, other, keys);
    Py_XDECREF(keys);
    return status;
}

PyDoc_STRVAR(update_doc, "update($self, source=(), /, **properties)\n--\n\n"
"Sets properties from a mapping or an iterable of (key, value) pairs.");

static PyObject *
update(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *source = NULL;
    if (!PyArg_UnpackTuple(args, "update", 0, 1, &source) ||
        (source != NULL && object_merge(self, source) < 0) ||
        (kwargs != NULL && object_merge(self, kwargs) < 0)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(copy_doc, "copy($self, /)\n--\n\n"
"A shallow copy of the own enumerable properties, as plain data.");

static PyObject *
copy(PyObject *self, PyObject *unused)
{
    (void)unused;
    PyObject *twin = PyObject_CallNoArgs((PyObject *)Py_TYPE(self));
    if (twin != NULL && object_merge(twin, self) < 0) {
        Py_CLEAR(twin);
    }
    return twin;
}

PyObject *
object_or(PyObject *left, PyObject *right)
{
    if (!PyDict_Check(left) || !PyDict_Check(right)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    struct shim_state *state = state_of_object(left);
    bool is_ours = state != NULL;
    if (state == NULL) {
        state = state_of_object(right);
    }
    PyObject *united =
        is_ours ? copy(left, NULL) : object_new(state);
    if (united != NULL &&
        ((!is_ours && object_merge(united, left) < 0) ||
         object_merge(united, right) < 0)) {
        Py_CLEAR(united);
    }
    return united;
}

PyObject *
object_inplace_or(PyObject *self, PyObject *other)
{
    return object_merge(self, other) < 0 ? NULL : Py_NewRef(self);
}

/* === views and iteration === */

/* dict's live views serve a plain object, those of collections.abc any other:
 * they ask the object itself. */
static PyObject *
make_view(PyObject *self, const char *method, const char *view)
{
    if (object_is_plain(self)) {
        return PyObject_CallMethod((PyObject *)&PyDict_Type, method, "O",
                                   self);
    }
    PyObject *abc = PyImport_ImportModule("collections.abc");
    PyObject *made =
        abc != NULL ? PyObject_CallMethod(abc, view, "O", self) : NULL;
    Py_XDECREF(abc);
    return made;
}

static PyObject *
keys(PyObject *self, PyObject *unused)
{
    (void)unused;
    return make_view(self, "keys", "KeysView");
}

static PyObject *
values(PyObject *self, PyObject *unused)
{
    (void)unused;
    return make_view(self, "values", "ValuesView");
}

static PyObject *
items(PyObject *self, PyObject *unused)
{
    (void)unused;
    return make_view(self, "items", "ItemsView");
}

PyObject *
object_iter(PyObject *self)
{
    if (object_is_plain(self)) {
        return PyDict_Type.tp_iter(self);
    }
    PyObject *list = object_keys(self);
    PyObject *iterator = list != NULL ? PyObject_GetIter(list) : NULL;
    Py_XDECREF(list);
    return iterator;
}

static PyObject *
reversed(PyObject *self, PyObject *unused)
{
    (void)unused;
    PyObject *list = object_keys(self);
    PyObject *iterator = NULL;
    if (list != NULL && PyList_Reverse(list) == 0) {
        iterator = PyObject_GetIter(list);
    }
    Py_XDECREF(list);
    return iterator;
}

/* Pickled and deep-copied as plain data: own enumerable string keys. */
static PyObject *
reduce(PyObject *self, PyObject *unused)
{
    (void)unused;
    PyObject *pairs = items(self, NULL);
    PyObject *list = pairs != NULL ? PySequence_List(pairs) : NULL;
    PyObject *iterator = list != NULL ? PyObject_GetIter(list) : NULL;
    Py_XDECREF(pairs);
    Py_XDECREF(list);
    if (iterator == NULL) {
        return NULL;
    }
    PyObject *attributes = Py_NewRef(Py_None);
    if (Py_TYPE(self)->tp_dictoffset != 0) { /* a subclass made in Python */
        Py_SETREF(attributes, PyObject_GenericGetDict(self, NULL));
    }
    if (attributes == NULL) {
        Py_DECREF(iterator);
        return NULL;
    }
    return Py_BuildValue("O()NON", Py_TYPE(self), attributes, Py_None,
                         iterator);
}

/* === repr === */

/* new str: a value, or what the accessor is: a getter may do anything */
static PyObject *
show_property(struct js_property *property)
{
    if (property->value != NULL) {
        return PyObject_Repr(property->value);
    }
    const char *both =
        property->getter == NULL ? "<setter>" : "<getter/setter>";
    return PyUnicode_FromString(property->setter == NULL ? "<getter>" : both);
}

static int
append_property(struct shim_state *state, PyObject *parts, PyObject *self,
                PyObject *key)
{
    struct js_property *property = NULL;
    int found = property_own(state, self, key, &property);
    if (found <= 0) {
        return found;
    }
    PyObject *shown = show_property(property);
    PyObject *part =
        shown != NULL ? PyUnicode_FromFormat("%R: %U", key, shown) : NULL;
    int status = part != NULL ? PyList_Append(parts, part) : -1;
    Py_DECREF(property);
    Py_XDECREF(shown);
    Py_XDECREF(part);
    return status;
}

static PyObject *
join_parts(PyObject *parts)
{
    PyObject *comma = PyUnicode_FromString(", ");
    PyObject *body = comma != NULL ? PyUnicode_Join(comma, parts) : NULL;
    PyObject *text =
        body != NULL ? PyUnicode_FromFormat("{%U}", body) : NULL;
    Py_XDECREF(comma);
    Py_XDECREF(body);
    return text;
}

static PyObject *
show(PyObject *self)
{
    PyObject *list = own_keys(self, napi_key_enumerable);
    PyObject *parts = list != NULL ? PyList_New(0) : NULL;
    int status = parts != NULL ? 0 : -1;
    for (Py_ssize_t i = 0; status >= 0 && i < PyList_GET_SIZE(list); ++i) {
        status = append_property(state_of_object(self), parts, self,
                                 PyList_GET_ITEM(list, i));
    }
    PyObject *text = status >= 0 ? join_parts(parts) : NULL;
    Py_XDECREF(list);
    Py_XDECREF(parts);
    return text;
}

PyObject *
object_repr(PyObject *self)
{
    if (object_is_plain(self)) {
        return PyDict_Type.tp_repr(self);
    }
    int seen = Py_ReprEnter(self);
    if (seen != 0) {
        return seen > 0 ? PyUnicode_FromString("{...}") : NULL;
    }
    PyObject *text = show(self);
    Py_ReprLeave(self);
    return text;
}

PyMethodDef object_methods[] = {
    {"get", (PyCFunction)(void (*)(void))get, METH_FASTCALL, get_doc},
    {"setdefault", (PyCFunction)(void (*)(void))setdefault, METH_FASTCALL,
     setdefault_doc},
    {"pop", (PyCFunction)(void (*)(void))pop, METH_FASTCALL, pop_doc},
    {"popitem", popitem, METH_NOARGS, popitem_doc},
    {"clear", clear, METH_NOARGS, clear_doc},
    {"update", (PyCFunction)(void (*)(void))update,
     METH_VARARGS | METH_KEYWORDS, update_doc},
    {"copy", copy, METH_NOARGS, copy_doc},
    {"keys", keys, METH_NOARGS, "The own enumerable string keys."},
    {"values", values, METH_NOARGS, "Their values."},
    {"items", items, METH_NOARGS, "Pairs of both."},
    {"__reversed__", reversed, METH_NOARGS, "The keys, last first."},
    {"__reduce__", reduce, METH_NOARGS, "Pickled as plain data."},
    {"__dir__", object_dir, METH_NOARGS, "Dict methods and properties."},
    {NULL, NULL, 0, NULL},
};
