/* napi.Object: the object model's half of chapter "Working with JavaScript
 * properties" that Python sees.
 *
 * A dict subclass. Plain data properties live in the dict, so that whatever
 * reads dicts reads them; a key is either there or in side->table, never in
 * both. Without a side nothing here asks the property chapter. */

#include "shim.h"

static struct side *
side_at(PyObject *self)
{
    return ((struct js_object *)self)->host.side;
}

/* true: every property is plain data in the dict and none is inherited but
 * from the default prototype */
static bool
is_dict_only(PyObject *self)
{
    struct side *side = side_at(self);
    return side == NULL ||
           (side->table == NULL && side->order == NULL &&
            side->prototype == NULL && side->klass == NULL && !side->frozen &&
            !side->sealed && !side->inextensible);
}

PyObject *
object_new(struct shim_state *state)
{
    PyTypeObject *type = state->object_type;
    return PyDict_Type.tp_new(type, NULL, NULL);
}

/* Array indexes come first in JavaScript; a dict without any is in order. */
static bool
has_index_keys(PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t position = 0;
    uint32_t index;
    while (PyDict_Next(dict, &position, &key, &value)) {
        if (PyUnicode_Check(key) && PyUnicode_GET_LENGTH(key) > 0 &&
            PyUnicode_READ_CHAR(key, 0) <= '9' &&
            string_as_index(key, &index)) {
            return true;
        }
    }
    return false;
}

bool
object_is_plain(PyObject *self)
{
    struct side *side = side_at(self);
    return (side == NULL || (side->table == NULL && side->order == NULL &&
                             side->klass == NULL)) &&
           !has_index_keys(self);
}

PyObject *
object_keys(PyObject *self)
{
    if (object_is_plain(self)) {
        return PyDict_Keys(self);
    }
    return property_keys(state_of_object(self), self, napi_key_own_only,
                         napi_key_enumerable | napi_key_skip_symbols,
                         napi_key_numbers_to_strings);
}

/* 1 and a new key, 0: no property is named so, -1 raised */
static int
take_key(struct shim_state *state, PyObject *value, PyObject **key)
{
    *key = NULL;
    if (PyUnicode_CheckExact(value) ||
        Py_TYPE(value) == state->symbol_type) {
        *key = Py_NewRef(value);
        return 1;
    }
    if (!PyUnicode_Check(value) &&
        (!PyLong_Check(value) || PyBool_Check(value))) {
        return 0;
    }
    *key = property_key(state, value);
    return *key != NULL ? 1 : -1;
}

int
object_has_special(struct shim_state *state, PyObject *self,
                   PyObject *key)
{
    int found = property_has_own(state, self, key);
    struct side *side = side_of(state, self);
    if (found != 0 || side == NULL || side->prototype == NULL) {
        return found;
    }
    PyObject *holder = Py_NewRef(side->prototype);
    while (holder != state->null && holder != state->object_prototype) {
        found = property_has_own(state, holder, key);
        PyObject *next = found == 0 ? prototype_get(state, holder) : NULL;
        Py_DECREF(holder);
        if (next == NULL) {
            return found != 0 ? found : -1;
        }
        holder = next;
    }
    Py_DECREF(holder);
    return 0;
}

/* value NULL: only asks */
static int
find_key(struct shim_state *state, PyObject *self, PyObject *key,
         PyObject **value)
{
    if (is_dict_only(self)) {
        PyObject *found = PyDict_GetItemWithError(self, key);
        if (found != NULL && value != NULL) {
            *value = Py_NewRef(found);
        }
        return found != NULL ? 1 : PyErr_Occurred() ? -1 : 0;
    }
    int found = object_has_special(state, self, key);
    if (found > 0 && value != NULL) {
        *value = property_get(state, self, key);
        return *value != NULL ? 1 : -1;
    }
    return found;
}

static int
find(PyObject *self, PyObject *key, PyObject **value)
{
    struct shim_state *state = state_of_object(self);
    PyObject *name;
    int found = take_key(state, key, &name);
    if (found > 0) {
        found = find_key(state, self, name, value);
        Py_DECREF(name);
    }
    return found;
}

int
object_find(PyObject *self, PyObject *key, PyObject **value)
{
    *value = NULL;
    return find(self, key, value);
}

PyObject *
object_raise_missing(PyObject *key)
{
    PyObject *error = PyObject_CallOneArg(PyExc_KeyError, key);
    if (error != NULL) {
        PyErr_SetObject(PyExc_KeyError, error);
        Py_DECREF(error);
    }
    return NULL;
}

static PyObject *
get_item(PyObject *self, PyObject *key)
{
    if (PyUnicode_CheckExact(key)) {
        PyObject *value = PyDict_GetItemWithError(self, key);
        if (value != NULL) {
            return Py_NewRef(value);
        }
        if (PyErr_Occurred()) {
            return NULL;
        }
    }
    PyObject *value;
    int found = object_find(self, key, &value);
    return found > 0 ? value : found == 0 ? object_raise_missing(key) : NULL;
}

static int
contains(PyObject *self, PyObject *key)
{
    return find(self, key, NULL);
}

static int
set_key(struct shim_state *state, PyObject *self, PyObject *key,
        PyObject *value)
{
    if (is_dict_only(self) && PyUnicode_CheckExact(key)) {
        return PyDict_SetItem(self, key, value);
    }
    int done = property_set(state, self, key, value);
    return done == 0 ? object_refuse_set(state, self, key) : done < 0 ? -1 : 0;
}

static int
delete_key(struct shim_state *state, PyObject *self, PyObject *key)
{
    if (is_dict_only(self)) {
        return PyDict_DelItem(self, key);
    }
    int done = property_has_own(state, self, key);
    if (done == 0) {
        object_raise_missing(key);
        return -1;
    }
    done = done > 0 ? property_delete(state, self, key) : done;
    return done == 0 ? object_refuse_delete(state, self, key)
                     : done < 0 ? -1 : 0;
}

int
object_assign(PyObject *self, PyObject *key, PyObject *value)
{
    struct side *side = side_at(self);
    if (side == NULL && PyUnicode_CheckExact(key)) {
        return value != NULL ? PyDict_SetItem(self, key, value)
                             : PyDict_DelItem(self, key);
    }
    struct shim_state *state = state_of_object(self);
    PyObject *name;
    int status = take_key(state, key, &name);
    if (status == 0 && value == NULL) {
        object_raise_missing(key);
    } else if (status == 0) {
        PyErr_Format(PyExc_TypeError,
                     "a property key is a str, an int or a napi.Symbol, not "
                     "%.100s",
                     Py_TYPE(key)->tp_name);
    }
    if (status <= 0) {
        return -1;
    }
    status = value != NULL ? set_key(state, self, name, value)
                           : delete_key(state, self, name);
    Py_DECREF(name);
    return status;
}

/* The number of own enumerable string keys. */
static Py_ssize_t
count(PyObject *self)
{
    struct side *side = side_at(self);
    if (side == NULL || (side->table == NULL && side->klass == NULL)) {
        return PyDict_GET_SIZE(self);
    }
    PyObject *keys = object_keys(self);
    Py_ssize_t size = keys != NULL ? PyList_GET_SIZE(keys) : -1;
    Py_XDECREF(keys);
    return size;
}

/* === the type === */

static int
init_object(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *source = NULL;
    if (!PyArg_UnpackTuple(args, "Object", 0, 1, &source)) {
        return -1;
    }
    if (source != NULL && object_merge(self, source) < 0) {
        return -1;
    }
    return kwargs != NULL ? object_merge(self, kwargs) : 0;
}

static int
traverse_object(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    int status = side_traverse(side_at(self), visit, arg);
    return status != 0 ? status : PyDict_Type.tp_traverse(self, visit, arg);
}

static int
clear_object(PyObject *self)
{
    side_clear(side_at(self));
    return PyDict_Type.tp_clear(self);
}

static void
free_object(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_TRASHCAN_BEGIN(self, free_object)
    struct host *host = &((struct js_object *)self)->host;
    if (host->weaklist != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    if (host->side != NULL) {
        side_free(host->side);
        host->side = NULL;
    }
    PyDict_Type.tp_dealloc(self);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_object, host.weaklist), READONLY, NULL},
    {0},
};

PyDoc_STRVAR(object_doc,
"Object(source=(), /, **properties)\n--\n\n"
"A JavaScript object that is a dict: its own enumerable string keys are the\n"
"dict's keys, in JavaScript's order (array indexes first).\n\n"
"obj[key] takes a str, an int or a napi.Symbol and is always the JavaScript\n"
"property; obj.name is the property too, except that a dict method wins over\n"
"a property that is no function. Functions read as attributes are bound, so\n"
"obj.method() passes obj as `this`. What the object refuses (frozen,\n"
"read-only, getter only) raises TypeError.\n\n"
"Args:\n"
"    source: a mapping, or an iterable of (key, value) pairs.\n"
"    **properties: further properties.\n\n"
"Raises:\n"
"    TypeError: a key is no property key.\n\n"
"Node-API: \"Working with JavaScript values\", napi_create_object.");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)object_doc},
    {Py_tp_init, init_object},
    {Py_tp_dealloc, free_object},
    {Py_tp_traverse, traverse_object},
    {Py_tp_clear, clear_object},
    {Py_tp_getattro, object_getattro},
    {Py_tp_setattro, object_setattro},
    {Py_tp_iter, object_iter},
    {Py_tp_repr, object_repr},
    {Py_tp_methods, object_methods},
    {Py_tp_members, members},
    {Py_mp_length, count},
    {Py_mp_subscript, get_item},
    {Py_mp_ass_subscript, object_assign},
    {Py_sq_contains, contains},
    {Py_nb_or, object_or},
    {Py_nb_inplace_or, object_inplace_or},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.Object",
    .basicsize = sizeof(struct js_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

/* pprint and its like lay out what has dict's own __repr__. The slot, which is
 * what repr() uses, stays ours: only it shows accessors. */
static int
keep_dict_repr(PyTypeObject *type)
{
    PyObject *method =
        PyObject_GetAttrString((PyObject *)&PyDict_Type, "__repr__");
    int status = method == NULL ? -1
                                : PyDict_SetItemString(type->tp_dict,
                                                       "__repr__", method);
    Py_XDECREF(method);
    PyType_Modified(type);
    return status;
}

int
object_init(PyObject *module, struct shim_state *state)
{
    state->object_type =
        module_add_type(module, &spec, (PyObject *)&PyDict_Type);
    return state->object_type != NULL ? keep_dict_repr(state->object_type)
                                      : -1;
}
