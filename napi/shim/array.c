/* napi.Array: elements, holes and length.
 *
 * A list subclass whose list is the elements; a hole holds None there and has
 * its bit set. An array is dense: at most ARRAY_LIMIT elements, where V8 would
 * change to a dictionary, are made before "Invalid array length" is raised,
 * because each costs a pointer. Named properties live in side->table. */

#include "shim.h"


static int
raise_length(struct shim_state *state)
{
    error_raise(state, "RangeError", NULL, "Invalid array length");
    return -1;
}

/* === holes === */

void
array_drop_holes(struct js_array *array)
{
    PyMem_Free(array->holes);
    array->holes = NULL;
    array->holes_size = array->holes_count = 0;
}

static bool
has_bit(struct js_array *array, Py_ssize_t index)
{
    return index < array->holes_size &&
           (array->holes[index >> 3] >> (index & 7) & 1) != 0;
}

/* What wrote to the list behind our back has filled the hole. */
bool
array_is_hole(struct js_array *array, Py_ssize_t index)
{
    return array->holes != NULL && has_bit(array, index) &&
           index < PyList_GET_SIZE((PyObject *)array) &&
           PyList_GET_ITEM((PyObject *)array, index) == UNDEFINED;
}

void
array_fill_hole(struct js_array *array, Py_ssize_t index)
{
    if (array->holes != NULL && has_bit(array, index)) {
        array->holes[index >> 3] &= (uint8_t)~(1u << (index & 7));
        if (--array->holes_count == 0) {
            array_drop_holes(array);
        }
    }
}

static int
reserve_bits(struct js_array *array, Py_ssize_t size)
{
    if (size <= array->holes_size) {
        return 0;
    }
    size = (Py_MAX(size, array->holes_size * 2) + 7) & ~(Py_ssize_t)7;
    uint8_t *holes = PyMem_Realloc(array->holes, (size_t)size / 8);
    if (holes == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memset(holes + array->holes_size / 8, 0,
           (size_t)(size - array->holes_size) / 8);
    array->holes = holes;
    array->holes_size = size;
    return 0;
}

int
array_make_holes(struct js_array *array, Py_ssize_t first, Py_ssize_t end)
{
    if (first == end) {
        return 0;
    }
    if (reserve_bits(array, end) < 0) {
        return -1;
    }
    for (Py_ssize_t i = first; i < end;) {
        if ((i & 7) == 0 && end - i >= 8) {
            Py_ssize_t bytes = (end - i) / 8;
            memset(array->holes + i / 8, 0xff, (size_t)bytes);
            i += bytes * 8;
        } else {
            array->holes[i >> 3] |= (uint8_t)(1u << (i & 7));
            ++i;
        }
    }
    array->holes_count += end - first;
    return 0;
}

/* The bits from the list's size on become 0. */
static void
cut_holes(struct js_array *array)
{
    Py_ssize_t size = PyList_GET_SIZE((PyObject *)array);
    for (Py_ssize_t i = array->holes_size - 1; i >= size; --i) {
        array_fill_hole(array, i);
        if (array->holes == NULL) {
            return;
        }
    }
}

/* === elements === */

/* Gives a new, empty list its items; faster than so many appends. */
static int
fill_new(PyListObject *list, Py_ssize_t length)
{
    PyObject **items = PyMem_New(PyObject *, (size_t)length);
    if (items == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < length; ++i) {
        items[i] = Py_NewRef(UNDEFINED);
    }
    list->ob_item = items;
    list->allocated = length;
    Py_SET_SIZE(list, length);
    return 0;
}

PyObject *
array_new(struct shim_state *state, Py_ssize_t length)
{
    if ((size_t)length > ARRAY_LIMIT) {
        raise_length(state);
        return NULL;
    }
    PyTypeObject *type = state->array_type;
    struct js_array *array = (struct js_array *)type->tp_alloc(type, 0);
    if (array != NULL && length > 0 &&
        (fill_new(&array->list, length) < 0 ||
         array_make_holes(array, 0, length) < 0)) {
        Py_CLEAR(array);
    }
    return (PyObject *)array;
}

static int
grow(struct js_array *array, Py_ssize_t length)
{
    PyObject *list = (PyObject *)array;
    Py_ssize_t size = PyList_GET_SIZE(list);
    for (Py_ssize_t i = size; i < length; ++i) {
        if (PyList_Append(list, UNDEFINED) < 0) {
            PyList_SetSlice(list, size, i, NULL);
            return -1;
        }
    }
    return array_make_holes(array, size, length);
}

int
array_set(struct shim_state *state, struct js_array *array, size_t index,
          PyObject *value)
{
    PyObject *list = (PyObject *)array;
    size_t size = (size_t)PyList_GET_SIZE(list);
    if (index < size) {
        Py_ssize_t at = (Py_ssize_t)index;
        if (array->holes != NULL) {
            array_fill_hole(array, at);
        }
        PyObject *old = PyList_GET_ITEM(list, at);
        PyList_SET_ITEM(list, at, Py_NewRef(value));
        Py_DECREF(old);
        return 0;
    }
    if (index >= ARRAY_LIMIT) {
        return raise_length(state);
    }
    if (index > size && grow(array, (Py_ssize_t)index) < 0) {
        return -1;
    }
    return PyList_Append(list, value);
}

int
array_set_length(struct shim_state *state, struct js_array *array,
                 size_t length)
{
    if (length > ARRAY_LIMIT) {
        return raise_length(state);
    }
    PyObject *list = (PyObject *)array;
    Py_ssize_t size = PyList_GET_SIZE(list);
    if ((Py_ssize_t)length >= size) {
        return grow(array, (Py_ssize_t)length);
    }
    if (PyList_SetSlice(list, (Py_ssize_t)length, size, NULL) < 0) {
        return -1;
    }
    cut_holes(array);
    return 0;
}

/* === the type === */

static PyObject *
get_attribute(PyObject *self, PyObject *name)
{
    struct shim_state *state = state_of_object(self);
    if (name == state->str_length && Py_TYPE(self) == state->array_type) {
        return PyLong_FromSsize_t(PyList_GET_SIZE(self));
    }
    return object_attribute(state, self, name);
}

static int
set_attribute(PyObject *self, PyObject *name, PyObject *value)
{
    PyObject *typed = _PyType_Lookup(Py_TYPE(self), name);
    if ((typed != NULL && Py_TYPE(typed)->tp_descr_set != NULL) ||
        object_is_dunder(name)) {
        return PyObject_GenericSetAttr(self, name, value);
    }
    if (array_assign_named(self, name, value) == 0) {
        return 0;
    }
    if (value == NULL && PyErr_ExceptionMatches(PyExc_KeyError)) {
        PyErr_SetObject(PyExc_AttributeError, name);
    }
    return -1;
}

static int
init_array(PyObject *self, PyObject *args, PyObject *kwargs)
{
    if (array_check(self, true, true) < 0) {
        return -1;
    }
    array_drop_holes((struct js_array *)self);
    return PyList_Type.tp_init(self, args, kwargs);
}

static int
traverse_array(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    struct side *side = ((struct js_array *)self)->host.side;
    int status = side_traverse(side, visit, arg);
    return status != 0 ? status : PyList_Type.tp_traverse(self, visit, arg);
}

static int
clear_array(PyObject *self)
{
    side_clear(((struct js_array *)self)->host.side);
    return PyList_Type.tp_clear(self);
}

static void
free_array(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    struct js_array *array = (struct js_array *)self;
    PyObject_GC_UnTrack(self);
    Py_TRASHCAN_BEGIN(self, free_array)
    if (array->host.weaklist != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    if (array->host.side != NULL) {
        side_free(array->host.side);
        array->host.side = NULL;
    }
    PyMem_Free(array->holes);
    PyList_Type.tp_dealloc(self);
    Py_DECREF(type);
    Py_TRASHCAN_END
}

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET,
     offsetof(struct js_array, host.weaklist), READONLY, NULL},
    {0},
};

PyDoc_STRVAR(array_doc,
"Array(iterable=(), /)\n--\n\n"
"A JavaScript array that is a list. A hole reads as None and the addon knows\n"
"it as a hole; what shifts elements in Python makes holes undefined.\n\n"
"array.length, other names and array[\"name\"] are JavaScript properties;\n"
"list methods win over properties that are no functions. Slices and copies\n"
"are arrays. A frozen, sealed or inextensible array raises TypeError.\n\n"
"Args:\n"
"    iterable: the elements.\n\n"
"Raises:\n"
"    napi.RangeError: a length of more than 2**26 elements is asked for.\n\n"
"Node-API: \"Working with JavaScript values\", napi_create_array.");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)array_doc},
    {Py_tp_init, init_array},
    {Py_tp_dealloc, free_array},
    {Py_tp_traverse, traverse_array},
    {Py_tp_clear, clear_array},
    {Py_tp_getattro, get_attribute},
    {Py_tp_setattro, set_attribute},
    {Py_tp_methods, array_methods},
    {Py_tp_members, members},
    {Py_mp_subscript, array_subscript},
    {Py_mp_ass_subscript, array_assign},
    {Py_sq_ass_item, array_assign_item},
    {Py_sq_inplace_concat, array_inplace_concat},
    {Py_sq_inplace_repeat, array_inplace_repeat},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.Array",
    .basicsize = sizeof(struct js_array),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

int
array_init(PyObject *module, struct shim_state *state)
{
    state->array_type =
        module_add_type(module, &spec, (PyObject *)&PyList_Type);
    return state->array_type != NULL ? 0 : -1;
}
