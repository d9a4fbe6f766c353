/* The list operations of napi.Array that change elements, as Python calls
 * them: each asks first whether the array is frozen, sealed or inextensible,
 * and keeps the bits of the holes in step with the elements. */

#include "shim.h"

static struct side *
side_at(PyObject *self)
{
    return ((struct js_array *)self)->host.side;
}

static bool
is_frozen(PyObject *self)
{
    return side_at(self) != NULL && side_at(self)->frozen;
}

/* V8 names the first element that a method would touch. */
int
array_check(PyObject *self, bool grows, bool shrinks)
{
    struct side *side = side_at(self);
    if (side == NULL ||
        !(side->frozen || side->sealed || side->inextensible ||
          side->length_fixed)) {
        return 0;
    }
    struct shim_state *state = state_of_object(self);
    Py_ssize_t size = PyList_GET_SIZE(self);
    if (grows) {
        error_raise(state, "TypeError", NULL,
                    "Cannot add property %zd, object is not extensible", size);
    } else if (shrinks &&
               (side->frozen || side->sealed || side->length_fixed) &&
               size > 0) {
        error_raise(state, "TypeError", NULL,
                    "Cannot delete property '%zd' of [object Array]",
                    size - 1);
    } else if (!shrinks && side->frozen) {
        error_raise(state, "TypeError", NULL,
                    "Cannot assign to read only property '0' of object "
                    "'[object Array]'");
    } else {
        return 0;
    }
    return -1;
}

/* === subscripts === */

/* true: the element is an accessor or has attributes of its own */
static bool
is_special(PyObject *self, Py_ssize_t index)
{
    struct side *side = side_at(self);
    if (side == NULL || side->table == NULL || index < 0) {
        return false;
    }
    PyObject *key = PyUnicode_FromFormat("%zd", index);
    int found = key != NULL ? PyDict_Contains(side->table, key) : -1;
    Py_XDECREF(key);
    if (found < 0) {
        PyErr_Clear();
    }
    return found > 0;
}

/* 1 and the index from the front, 0: out of range, -1 raised */
static int
take_index(PyObject *self, PyObject *key, Py_ssize_t *index)
{
    *index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (*index == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (*index < 0) {
        *index += PyList_GET_SIZE(self);
    }
    return *index >= 0 && *index < PyList_GET_SIZE(self);
}

/* new js_array of a slice, holes included */
static PyObject *
get_slice(struct shim_state *state, PyObject *self, PyObject *slice)
{
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0) {
        return NULL;
    }
    struct js_array *array = (struct js_array *)self;
    Py_ssize_t length =
        PySlice_AdjustIndices(PyList_GET_SIZE(self), &start, &stop, step);
    PyObject *part = array_new(state, length);
    for (Py_ssize_t i = 0; part != NULL && i < length; ++i) {
        Py_ssize_t from = start + i * step;
        if (!array_is_hole(array, from) &&
            array_set(state, (struct js_array *)part, (size_t)i,
                      PyList_GET_ITEM(self, from)) < 0) {
            Py_CLEAR(part);
        }
    }
    return part;
}

PyObject *
array_subscript(PyObject *self, PyObject *key)
{
    struct side *side = side_at(self);
    if (PyIndex_Check(key)) {
        Py_ssize_t index;
        if (side != NULL && side->table != NULL &&
            take_index(self, key, &index) > 0 && is_special(self, index)) {
            return property_get_index(state_of_object(self), self,
                                      (uint32_t)index);
        }
        PyErr_Clear(); /* the list raises it again, in its own words */
        return PyList_Type.tp_as_mapping->mp_subscript(self, key);
    }
    struct shim_state *state = state_of_object(self);
    if (PySlice_Check(key)) {
        return get_slice(state, self, key);
    }
    if (!PyUnicode_Check(key) && Py_TYPE(key) != state->symbol_type) {
        return PyList_Type.tp_as_mapping->mp_subscript(self, key);
    }
    int found = object_has_special(state, self, key);
    if (found == 0) {
        object_raise_missing(key);
    }
    return found > 0 ? property_get(state, self, key) : NULL;
}

int
array_assign_named(PyObject *self, PyObject *key, PyObject *value)
{
    struct shim_state *state = state_of_object(self);
    int done;
    if (value != NULL) {
        done = property_set(state, self, key, value);
        return done == 0 ? object_refuse_set(state, self, key)
                         : done < 0 ? -1 : 0;
    }
    done = property_has_own(state, self, key);
    if (done == 0) {
        object_raise_missing(key);
        return -1;
    }
    done = done > 0 ? property_delete(state, self, key) : done;
    return done == 0 ? object_refuse_delete(state, self, key)
                     : done < 0 ? -1 : 0;
}

/* An element's key where the property chapter decides; new, NULL: it is plain
 * or raised. */
static PyObject *
closed_key(PyObject *self, Py_ssize_t index)
{
    if (index < PyList_GET_SIZE(self) &&
        (is_frozen(self) || is_special(self, index))) {
        return PyUnicode_FromFormat("%zd", index);
    }
    return NULL;
}

int
array_assign_item(PyObject *self, Py_ssize_t index, PyObject *value)
{
    PyObject *key = index >= 0 ? closed_key(self, index) : NULL;
    if (key != NULL) {
        int status = array_assign_named(self, key, value);
        Py_DECREF(key);
        return status;
    }
    if (PyErr_Occurred() ||
        (value == NULL && array_check(self, false, true) < 0) ||
        PyList_Type.tp_as_sequence->sq_ass_item(self, index, value) < 0) {
        return -1;
    }
    if (value != NULL) {
        array_fill_hole((struct js_array *)self, index);
    } else {
        array_drop_holes((struct js_array *)self);
    }
    return 0;
}

int
array_assign(PyObject *self, PyObject *key, PyObject *value)
{
    if (PyIndex_Check(key)) {
        Py_ssize_t index;
        int found = take_index(self, key, &index);
        if (found > 0) {
            return array_assign_item(self, index, value);
        }
        return found < 0 ? -1
                         : PyList_Type.tp_as_mapping->mp_ass_subscript(
                               self, key, value); /* raises */
    }
    if (PyUnicode_Check(key) ||
        Py_TYPE(key) == state_of_object(self)->symbol_type) {
        return array_assign_named(self, key, value);
    }
    if (array_check(self, value != NULL, true) < 0) {
        return -1;
    }
    array_drop_holes((struct js_array *)self);
    return PyList_Type.tp_as_mapping->mp_ass_subscript(self, key, value);
}

PyObject *
array_inplace_concat(PyObject *self, PyObject *other)
{
    if (array_check(self, true, false) < 0) {
        return NULL;
    }
    return PyList_Type.tp_as_sequence->sq_inplace_concat(self, other);
}

PyObject *
array_inplace_repeat(PyObject *self, Py_ssize_t times)
{
    if (array_check(self, times > 1, times < 1) < 0) {
        return NULL;
    }
    array_drop_holes((struct js_array *)self);
    return PyList_Type.tp_as_sequence->sq_inplace_repeat(self, times);
}

/* === methods === */

/* list.name(self, *args, **kwargs) */
static PyObject *
call_list(const char *name, PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *method = PyObject_GetAttrString((PyObject *)&PyList_Type, name);
    PyObject *first = method != NULL ? PyTuple_Pack(1, self) : NULL;
    PyObject *all = first != NULL ? PySequence_Concat(first, args) : NULL;
    PyObject *result = all != NULL ? PyObject_Call(method, all, kwargs) : NULL;
    Py_XDECREF(method);
    Py_XDECREF(first);
    Py_XDECREF(all);
    return result;
}

static PyObject *
append(PyObject *self, PyObject *value)
{
    if (array_check(self, true, false) < 0 || PyList_Append(self, value) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
extend(PyObject *self, PyObject *args)
{
    return array_check(self, true, false) < 0
               ? NULL
               : call_list("extend", self, args, NULL);
}

static PyObject *
insert(PyObject *self, PyObject *args)
{
    if (array_check(self, true, false) < 0) {
        return NULL;
    }
    array_drop_holes((struct js_array *)self);
    return call_list("insert", self, args, NULL);
}

/* From the end the other holes stay where they are. */
static PyObject *
pop(PyObject *self, PyObject *args)
{
    if (array_check(self, false, true) < 0) {
        return NULL;
    }
    if (PyTuple_GET_SIZE(args) > 0) {
        array_drop_holes((struct js_array *)self);
    }
    PyObject *value = call_list("pop", self, args, NULL);
    array_fill_hole((struct js_array *)self, PyList_GET_SIZE(self));
    return value;
}

static PyObject *
remove_value(PyObject *self, PyObject *args)
{
    if (array_check(self, false, true) < 0) {
        return NULL;
    }
    array_drop_holes((struct js_array *)self);
    return call_list("remove", self, args, NULL);
}

static PyObject *
clear(PyObject *self, PyObject *args)
{
    if (array_check(self, false, true) < 0) {
        return NULL;
    }
    array_drop_holes((struct js_array *)self);
    return call_list("clear", self, args, NULL);
}

static PyObject *
reverse(PyObject *self, PyObject *args)
{
    if (array_check(self, false, false) < 0) {
        return NULL;
    }
    array_drop_holes((struct js_array *)self);
    return call_list("reverse", self, args, NULL);
}

static PyObject *
sort(PyObject *self, PyObject *args, PyObject *kwargs)
{
    if (array_check(self, false, false) < 0) {
        return NULL;
    }
    array_drop_holes((struct js_array *)self);
    return call_list("sort", self, args, kwargs);
}

static PyObject *
copy(PyObject *self, PyObject *unused)
{
    (void)unused;
    PyObject *all = PySlice_New(NULL, NULL, NULL);
    PyObject *twin =
        all != NULL ? get_slice(state_of_object(self), self, all) : NULL;
    Py_XDECREF(all);
    return twin;
}

PyMethodDef array_methods[] = {
    {"append", append, METH_O, "Adds an element at the end."},
    {"extend", extend, METH_VARARGS, "Adds the elements of an iterable."},
    {"insert", insert, METH_VARARGS, "Puts an element before an index."},
    {"pop", pop, METH_VARARGS, "Takes an element away, by default the last."},
    {"remove", remove_value, METH_VARARGS, "Takes the first equal one away."},
    {"clear", clear, METH_VARARGS, "Takes all elements away."},
    {"reverse", reverse, METH_VARARGS, "Reverses the elements in place."},
    {"sort", (PyCFunction)(void (*)(void))sort, METH_VARARGS | METH_KEYWORDS,
     "Sorts the elements in place, as list.sort does."},
    {"copy", copy, METH_NOARGS, "A shallow copy, holes included."},
    {"__dir__", object_dir, METH_NOARGS, "List methods and properties."},
    {NULL, NULL, 0, NULL},
};
