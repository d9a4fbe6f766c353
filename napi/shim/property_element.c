/* Node-API chapter "Working with JavaScript properties": elements of lists,
 * views and strings, by canonical index strings.
 *
 * Indexes are those of JavaScript: of a str they count UTF-16 units, a
 * negative number is a name like any other. */

#include "shim.h"
#include "value.h"

#define PLAIN (napi_writable | napi_enumerable | napi_configurable)

/* 1 and new; the number of elements; 0: the value has none, -1 raised */
static Py_ssize_t
count_elements(struct shim_state *state, PyObject *object)
{
    if (PyObject_TypeCheck(object, state->view_type)) {
        return (Py_ssize_t)view_length((struct js_view *)object);
    }
    Py_ssize_t size = PyObject_Size(object);
    if (size < 0) {
        PyErr_Clear(); /* a buffer without elements */
        return 0;
    }
    return size;
}

static int
find_length(Py_ssize_t length, int attributes, struct property_slot *slot)
{
    slot->value = PyLong_FromSsize_t(length);
    slot->attributes = attributes;
    return slot->value != NULL ? 1 : -1;
}

static int
find_list_item(struct shim_state *state, PyObject *object, PyObject *key,
               uint32_t index, struct property_slot *slot)
{
    if ((Py_ssize_t)index >= Py_SIZE(object)) {
        return 0;
    }
    if (PyTuple_Check(object)) {
        slot->value = Py_NewRef(PyTuple_GET_ITEM(object, index));
        slot->attributes = napi_enumerable;
        return 1;
    }
    bool ours = PyObject_TypeCheck(object, state->array_type);
    if (ours &&
        array_is_hole((struct js_array *)object, (Py_ssize_t)index)) {
        /* An element that is no plain data has a hole in its place. */
        return property_find_table(((struct js_array *)object)->host.side,
                                   key, slot);
    }
    slot->value = Py_NewRef(PyList_GET_ITEM(object, index));
    slot->attributes =
        ours ? property_plain_attributes(
                   ((struct js_array *)object)->host.side)
             : PLAIN;
    return 1;
}

static int
find_in_list(struct shim_state *state, PyObject *object, PyObject *key,
             struct property_slot *slot)
{
    uint32_t index;
    if (PyUnicode_Check(key) && string_as_index(key, &index)) {
        return find_list_item(state, object, key, index, slot);
    }
    bool ours = PyObject_TypeCheck(object, state->array_type);
    struct side *side = ours ? ((struct js_array *)object)->host.side : NULL;
    if (PyUnicode_Check(key) &&
        PyUnicode_Compare(key, state->str_length) == 0) {
        bool fixed = PyTuple_Check(object) || (side != NULL && (side->frozen || side->length_fixed));
        return find_length(Py_SIZE(object), fixed ? 0 : napi_writable, slot);
    }
    return property_find_table(side, key, slot);
}

static int
find_in_view(struct shim_state *state, PyObject *object, PyObject *key,
             struct property_slot *slot)
{
    uint32_t index;
    if (!PyUnicode_Check(key) || !string_as_index(key, &index)) {
        return property_find_table(side_of(state, object), key, slot);
    }
    if ((Py_ssize_t)index >= count_elements(state, object)) {
        return 0;
    }
    slot->value = PySequence_GetItem(object, (Py_ssize_t)index);
    slot->attributes = PyBytes_Check(object) ? napi_enumerable : PLAIN;
    return slot->value != NULL ? 1 : -1;
}

/* new: one UTF-16 unit; index is in range */
static PyObject *
unit_at(PyObject *string, uint32_t index)
{
    if (PyUnicode_KIND(string) != PyUnicode_4BYTE_KIND) {
        Py_UCS4 unit = PyUnicode_READ_CHAR(string, index);
        return PyUnicode_FromOrdinal((int)unit);
    }
    Py_ssize_t length = PyUnicode_GET_LENGTH(string);
    uint32_t at = 0;
    for (Py_ssize_t i = 0; i < length; ++i) {
        Py_UCS4 point = PyUnicode_READ_CHAR(string, i);
        if (at == index && point <= 0xffff) {
            return PyUnicode_FromOrdinal((int)point);
        }
        if (point > 0xffff && (at == index || at + 1 == index)) {
            Py_UCS4 half = at == index ? Py_UNICODE_HIGH_SURROGATE(point)
                                       : Py_UNICODE_LOW_SURROGATE(point);
            return PyUnicode_FromOrdinal((int)half);
        }
        at += point > 0xffff ? 2 : 1;
    }
    return Py_NewRef(UNDEFINED);
}

static int
find_in_string(struct shim_state *state, PyObject *string, PyObject *key,
               struct property_slot *slot)
{
    uint32_t index;
    if (!PyUnicode_Check(key)) {
        return 0;
    }
    if (PyUnicode_Compare(key, state->str_length) == 0) {
        return find_length(string_length(string), 0, slot);
    }
    if (!string_as_index(key, &index) ||
        (Py_ssize_t)index >= string_length(string)) {
        return 0;
    }
    slot->value = unit_at(string, index);
    slot->attributes = napi_enumerable;
    return slot->value != NULL ? 1 : -1;
}

int
property_find_element(struct shim_state *state, PyObject *object,
                      enum property_kind kind, PyObject *key,
                      struct property_slot *slot)
{
    switch (kind) {
    case KIND_VIEW:
        return find_in_view(state, object, key, slot);
    case KIND_STRING:
        return find_in_string(state, object, key, slot);
    default:
        return find_in_list(state, object, key, slot);
    }
}

/* === length, byteLength, byteOffset, buffer === */

/* new or NULL: raised; `size` of any buffer in bytes */
static PyObject *
byte_length(PyObject *object)
{
    Py_buffer buffer;
    if (PyObject_GetBuffer(object, &buffer, PyBUF_STRIDES) < 0) {
        return NULL;
    }
    PyObject *size = PyLong_FromSsize_t(buffer.len);
    PyBuffer_Release(&buffer);
    return size;
}

static PyObject * /* new; NULL: raised or not one of its names */
view_geometry(struct shim_state *state, struct js_view *view, PyObject *key)
{
    bool is_array = view->kind != VIEW_DATAVIEW;
    if (is_array && PyUnicode_Compare(key, state->str_length) == 0) {
        return PyLong_FromSize_t(view_length(view));
    }
    if (PyUnicode_CompareWithASCIIString(key, "byteLength") == 0) {
        size_t size = view->kind == VIEW_DATAVIEW
                          ? 1
                          : view_element_size(view->kind);
        return view_has_bytes(view, "byteLength")
                   ? PyLong_FromSize_t(view_length(view) * size)
                   : NULL;
    }
    if (PyUnicode_CompareWithASCIIString(key, "byteOffset") == 0) {
        return view_has_bytes(view, "byteOffset")
                   ? PyLong_FromSize_t(view_offset(view))
                   : NULL;
    }
    if (PyUnicode_CompareWithASCIIString(key, "buffer") == 0) {
        return view_buffer(state, view);
    }
    return NULL;
}

static PyObject * /* new; NULL: raised or not one of its names */
native_geometry(struct shim_state *state, PyObject *object, PyObject *key)
{
    if (PyUnicode_Compare(key, state->str_length) == 0) {
        return PyLong_FromSsize_t(count_elements(state, object));
    }
    if (PyUnicode_CompareWithASCIIString(key, "byteLength") == 0) {
        return byte_length(object);
    }
    return PyUnicode_CompareWithASCIIString(key, "byteOffset") == 0
               ? PyLong_FromLong(0)
               : NULL;
}

static PyObject * /* new; NULL: raised or not one of its names */
buffer_geometry(struct js_arraybuffer *buffer, PyObject *key)
{
    if (PyUnicode_CompareWithASCIIString(key, "byteLength") == 0) {
        return PyLong_FromSize_t(buffer->detached ? 0 : buffer->length);
    }
    return !buffer->shared &&
                   PyUnicode_CompareWithASCIIString(key, "detached") == 0
               ? PyBool_FromLong(buffer->detached)
               : NULL;
}

int
property_find_geometry(struct shim_state *state, PyObject *object,
                       PyObject *key, struct property_slot *slot)
{
    if (!PyUnicode_Check(key)) {
        return 0;
    }
    if (PyObject_TypeCheck(object, state->view_type)) {
        slot->value = view_geometry(state, (struct js_view *)object, key);
    } else if (host_of(state, object) != NULL) {
        slot->value = buffer_geometry((struct js_arraybuffer *)object, key);
    } else {
        slot->value = native_geometry(state, object, key);
    }
    slot->attributes = napi_configurable; /* a getter without a setter */
    return slot->value != NULL ? 1 : PyErr_Occurred() ? -1 : 0;
}

/* === storing === */

/* 1 and the length: a RangeError is raised for what is none; -1 raised */
static int
take_length(struct shim_state *state, PyObject *value, uint32_t *length)
{
    PyObject *number = coerce_to_number(state, value);
    double as_double = 0;
    bool ok = number != NULL && number_as_double(state, number, &as_double) &&
              as_double >= 0 && as_double <= 4294967295.0 &&
              as_double == (double)(uint32_t)as_double;
    if (number != NULL && !ok) {
        error_raise(state, "RangeError", NULL, "Invalid array length");
    }
    Py_XDECREF(number);
    *length = (uint32_t)as_double;
    return ok ? 1 : -1;
}

/* A native list has no holes: what is skipped becomes None. */
static int
extend_list(struct shim_state *state, PyObject *list, size_t size)
{
    const size_t limit = (size_t)1 << 26; /* as napi.Array */
    if (size > limit) {
        error_raise(state, "RangeError", NULL, "Invalid array length");
        return -1;
    }
    while ((size_t)PyList_GET_SIZE(list) < size) {
        if (PyList_Append(list, UNDEFINED) < 0) {
            return -1;
        }
    }
    return 1;
}

/* Deletes elements that are in the table from the end on; 0: one stays, and
 * *length with it. */
static int
cut_special(struct side *side, Py_ssize_t size, uint32_t *length)
{
    for (Py_ssize_t i = size - 1; i >= (Py_ssize_t)*length; --i) {
        PyObject *key = PyUnicode_FromFormat("%zd", i);
        PyObject *found =
            key != NULL ? PyDict_GetItemWithError(side->table, key) : NULL;
        int status = PyErr_Occurred() ? -1 : 1;
        if (found != NULL) {
            int bits = ((struct js_property *)found)->attributes;
            status = (bits & napi_configurable) == 0
                         ? 0
                         : (PyDict_DelItem(side->table, key) < 0 ? -1 : 1);
        }
        Py_XDECREF(key);
        if (status <= 0) {
            *length = (uint32_t)i + 1;
            return status;
        }
    }
    return 1;
}

static int
store_length(struct shim_state *state, PyObject *object, PyObject *value)
{
    uint32_t length;
    if (take_length(state, value, &length) < 0) {
        return -1;
    }
    if (!PyObject_TypeCheck(object, state->array_type)) {
        return (Py_ssize_t)length >= PyList_GET_SIZE(object)
                   ? extend_list(state, object, length)
               : PyList_SetSlice(object, (Py_ssize_t)length,
                                 PyList_GET_SIZE(object), NULL) < 0
                   ? -1
                   : 1;
    }
    struct side *side = ((struct js_array *)object)->host.side;
    bool cuts = (Py_ssize_t)length < PyList_GET_SIZE(object);
    if (side != NULL &&
        ((side->sealed && cuts) ||
         (side->length_fixed &&
          (Py_ssize_t)length != PyList_GET_SIZE(object)))) {
        return 0;
    }
    int done = 1;
    if (side != NULL && side->table != NULL && cuts) {
        done = cut_special(side, PyList_GET_SIZE(object), &length);
    }
    return done < 0 ||
                   array_set_length(state, (struct js_array *)object,
                                    length) < 0
               ? -1
               : done;
}

static int
store_item(struct shim_state *state, PyObject *object, uint32_t index,
           PyObject *value)
{
    if (PyObject_TypeCheck(object, state->array_type)) {
        struct side *side = ((struct js_array *)object)->host.side;
        if (side != NULL && side->length_fixed &&
            (Py_ssize_t)index >= PyList_GET_SIZE(object)) {
            return 0;
        }
        return array_set(state, (struct js_array *)object, index, value) < 0
                   ? -1
                   : 1;
    }
    Py_ssize_t size = PyList_GET_SIZE(object);
    if ((Py_ssize_t)index < size) {
        return PyList_SetItem(object, (Py_ssize_t)index, Py_NewRef(value)) < 0
                   ? -1
                   : 1;
    }
    if (extend_list(state, object, index) < 0) {
        return -1;
    }
    return PyList_Append(object, value) < 0 ? -1 : 1;
}

static int
store_in_list(struct shim_state *state, PyObject *object,
              enum property_kind kind, PyObject *key, PyObject *value)
{
    uint32_t index;
    if (PyTuple_Check(object)) {
        return 0;
    }
    if (PyUnicode_Check(key) && string_as_index(key, &index)) {
        return store_item(state, object, index, value);
    }
    if (PyUnicode_Check(key) &&
        PyUnicode_Compare(key, state->str_length) == 0) {
        return store_length(state, object, value);
    }
    return kind == KIND_ARRAY
               ? -2 /* the table has it */
               : property_refuse_native(state, object,
                                        "hold a named property");
}

/* What is no bigint becomes one, and a number never does. */
static int
store_as_bigint(struct shim_state *state, struct js_view *view,
                uint32_t index, PyObject *value)
{
    PyObject *convert = state_lookup(state, "element_as_bigint");
    PyObject *made =
        convert != NULL ? PyObject_CallOneArg(convert, value) : NULL;
    int done = made != NULL ? view_set(state, view, index, made) : -1;
    Py_XDECREF(convert);
    Py_XDECREF(made);
    return done < 0 ? -1 : 1;
}

/* JavaScript loses what is out of range, and what is detached. */
static int
store_in_view(struct shim_state *state, PyObject *object, uint32_t index,
              PyObject *value)
{
    if (PyObject_TypeCheck(object, state->view_type)) {
        struct js_view *view = (struct js_view *)object;
        bool takes_bigints = view->kind == napi_bigint64_array ||
                             view->kind == napi_biguint64_array;
        if (takes_bigints && !bigint_is(state, value)) {
            return store_as_bigint(state, view, index, value);
        }
        return view_set(state, view, index, value) < 0 ? -1 : 1;
    }
    bool big = PyLong_Check(value) && bigint_is(state, value);
    PyObject *number = big ? Py_NewRef(value) : coerce_to_number(state, value);
    if (number == NULL) {
        return -1;
    }
    int status = 0;
    if (PyBytes_Check(object)) {
        Py_DECREF(number);
        return 0;
    }
    if ((Py_ssize_t)index < count_elements(state, object)) {
        PyObject *position = PyLong_FromUnsignedLong(index);
        status = position != NULL
                     ? PyObject_SetItem(object, position, number)
                     : -1;
        Py_XDECREF(position);
    }
    Py_DECREF(number);
    return status < 0 ? -1 : 1;
}

/* 1: the text of a number, and so an index, if only one that no view has */
static int
is_number_text(PyObject *key)
{
    double number;
    if (PyUnicode_CompareWithASCIIString(key, "-0") == 0) {
        return 1;
    }
    if (number_from_string(key, &number) < 0) {
        return -1;
    }
    PyObject *text = number_to_string(number);
    int same = text != NULL ? PyUnicode_Compare(text, key) == 0 : -1;
    Py_XDECREF(text);
    return PyErr_Occurred() ? -1 : same;
}

int
property_store_element(struct shim_state *state, PyObject *object,
                       enum property_kind kind, PyObject *key,
                       PyObject *value)
{
    uint32_t index;
    if (kind != KIND_VIEW) {
        return store_in_list(state, object, kind, key, value);
    }
    if (!PyUnicode_Check(key)) {
        return -2;
    }
    if (string_as_index(key, &index)) {
        return store_in_view(state, object, index, value);
    }
    int is_number = is_number_text(key);
    return is_number < 0    ? -1
           : is_number == 0 ? -2
                            : store_in_view(state, object, UINT32_MAX, value);
}
