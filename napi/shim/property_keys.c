/* Node-API chapter "Working with JavaScript properties": enumeration.
 *
 * Each object of the chain adds its array indexes ascending, its strings by
 * insertion and its symbols. A key of an earlier object hides the same key of
 * a later one, even where the filter left it out. Until the end an index is an
 * int. */

#include "shim.h"

struct collector {
    struct shim_state *state;
    int filter;
    bool later;        /* not the first object of the chain */
    bool ordered;      /* a proxy's: its trap says the order */
    bool last;         /* nothing comes after: hiding is of no use */
    Py_ssize_t start;  /* where the keys of this object begin in result */
    PyObject *result;  /* owned js_array: what was found */
    PyObject *hidden;  /* owned list: keys left out of the first object */
    PyObject *seen;    /* owned set of both, made for the second object */
    PyObject *indexes; /* owned list of int, of this object, or NULL */
    PyObject *symbols; /* owned list, of this object, or NULL */
};

static int
append_to(PyObject **list, PyObject *item)
{
    if (*list == NULL) {
        *list = PyList_New(0);
    }
    return *list != NULL ? PyList_Append(*list, item) : -1;
}

/* 0 or -1; the set of what the first object has */
static int
make_seen(struct collector *keys)
{
    if (keys->seen != NULL) {
        return 0;
    }
    keys->seen = PySet_New(keys->result);
    Py_ssize_t size = keys->hidden != NULL ? PyList_GET_SIZE(keys->hidden) : 0;
    for (Py_ssize_t i = 0; keys->seen != NULL && i < size; ++i) {
        if (PySet_Add(keys->seen, PyList_GET_ITEM(keys->hidden, i)) < 0) {
            Py_CLEAR(keys->seen);
        }
    }
    return keys->seen != NULL ? 0 : -1;
}

/* 1: an earlier object has the key, 0: now this one has, -1 raised */
static int
is_hidden(struct collector *keys, PyObject *key)
{
    if (!keys->later) {
        return 0;
    }
    int seen = make_seen(keys) < 0 ? -1 : PySet_Contains(keys->seen, key);
    return seen == 0 && !keys->last ? PySet_Add(keys->seen, key) : seen;
}

static int
hide(struct collector *keys, PyObject *key)
{
    if (keys->last) {
        return 0;
    }
    if (!keys->later) {
        return append_to(&keys->hidden, key);
    }
    return make_seen(keys) < 0 ? -1 : PySet_Add(keys->seen, key);
}

/* Takes in one key: int for an index, str, Symbol. */
static int
add_key(struct collector *keys, PyObject *key, int attributes)
{
    /* napi_key_writable and the others are the napi_writable ... bits. */
    const int bits =
        napi_key_writable | napi_key_enumerable | napi_key_configurable;
    int wanted = keys->filter & bits;
    if ((attributes & wanted) != wanted) {
        return hide(keys, key);
    }
    int hidden = is_hidden(keys, key);
    if (hidden != 0) {
        return hidden < 0 ? -1 : 0;
    }
    if (PyLong_Check(key) && !keys->ordered) {
        return append_to(&keys->indexes, key);
    }
    return PyUnicode_Check(key) || keys->ordered
               ? PyList_Append(keys->result, key)
               : append_to(&keys->symbols, key);
}

static bool
is_skipped(struct collector *keys, PyObject *key)
{
    bool is_symbol = !PyUnicode_Check(key) && !PyLong_Check(key);
    int skipped = is_symbol ? napi_key_skip_symbols : napi_key_skip_strings;
    return (keys->filter & skipped) != 0;
}

static int
visit_key(void *context, PyObject *key, int attributes)
{
    struct collector *keys = context;
    if (is_skipped(keys, key)) {
        return 0;
    }
    uint32_t index;
    if (!PyUnicode_Check(key) || PyUnicode_GET_LENGTH(key) == 0 ||
        PyUnicode_READ_CHAR(key, 0) > '9' || !string_as_index(key, &index)) {
        return add_key(keys, key, attributes);
    }
    PyObject *number = PyLong_FromUnsignedLong(index);
    int status = number != NULL ? add_key(keys, number, attributes) : -1;
    Py_XDECREF(number);
    return status;
}

/* The strings are in result; what comes before and after them joins them. */
static int
join_object(struct collector *keys)
{
    int status = 0;
    if (keys->indexes != NULL) {
        status = PyList_Sort(keys->indexes) < 0
                     ? -1
                     : PyList_SetSlice(keys->result, keys->start, keys->start,
                                       keys->indexes);
    }
    if (status == 0 && keys->symbols != NULL) {
        Py_ssize_t end = PyList_GET_SIZE(keys->result);
        status = PyList_SetSlice(keys->result, end, end, keys->symbols);
    }
    Py_CLEAR(keys->indexes);
    Py_CLEAR(keys->symbols);
    return status;
}

/* The trap names the keys; whether one is enumerable takes another. */
static int
collect_proxy(struct collector *keys, PyObject *proxy)
{
    const int wanted =
        napi_key_enumerable | napi_key_writable | napi_key_configurable;
    PyObject *list = proxy_keys(keys->state, proxy);
    int status = list != NULL ? 0 : -1;
    for (Py_ssize_t i = 0; status == 0 && i < PyList_GET_SIZE(list); ++i) {
        PyObject *key = PyList_GET_ITEM(list, i);
        int attributes = wanted, found = 1;
        if (is_skipped(keys, key)) {
            continue;
        }
        if ((keys->filter & wanted) != 0 || !keys->last) {
            struct property_slot slot = {0};
            found = proxy_find_own(keys->state, proxy, key, &slot);
            attributes = slot.attributes;
            property_slot_clear(&slot);
        }
        status = found > 0 ? visit_key(keys, key, attributes)
                           : Py_MIN(found, 0);
    }
    Py_XDECREF(list);
    return status < 0 ? -1 : join_object(keys);
}

static int
collect_object(struct collector *keys, PyObject *object)
{
    if (proxy_is(keys->state, object)) {
        keys->start = PyList_GET_SIZE(keys->result);
        keys->ordered = true;
        return collect_proxy(keys, object);
    }
    keys->ordered = false;
    keys->start = PyList_GET_SIZE(keys->result);
    return property_visit(keys->state, object, visit_key, keys) < 0
               ? -1
               : join_object(keys);
}

static int
collect_chain(struct collector *keys, PyObject *object)
{
    int status = 0;
    Py_INCREF(object);
    while (status == 0 && object != keys->state->null) {
        PyObject *next = prototype_get(keys->state, object);
        keys->last = next == keys->state->null;
        status = next != NULL ? collect_object(keys, object) : -1;
        keys->later = true;
        Py_DECREF(object);
        object = next;
    }
    Py_XDECREF(object);
    return status;
}

static int
convert_numbers(PyObject *list)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
        PyObject *key = PyList_GET_ITEM(list, i);
        if (PyLong_Check(key)) {
            PyObject *text = PyObject_Str(key);
            if (text == NULL || PyList_SetItem(list, i, text) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

PyObject *
property_keys(struct shim_state *state, PyObject *object,
              napi_key_collection_mode mode, napi_key_filter filter,
              napi_key_conversion conversion)
{
    struct collector keys = {
        .state = state,
        .filter = (int)filter,
        .result = array_new(state, 0),
        .last = true,
    };
    int status = -1;
    if (keys.result != NULL) {
        status = mode == napi_key_own_only ? collect_object(&keys, object)
                                           : collect_chain(&keys, object);
    }
    if (status == 0 && conversion == napi_key_numbers_to_strings) {
        status = convert_numbers(keys.result);
    }
    if (status < 0) {
        Py_CLEAR(keys.result);
    }
    Py_XDECREF(keys.hidden);
    Py_XDECREF(keys.seen);
    Py_XDECREF(keys.indexes);
    Py_XDECREF(keys.symbols);
    return keys.result;
}

/* Node-API v6. */
napi_status NAPI_CDECL
napi_get_all_property_names(napi_env env, napi_value object,
                            napi_key_collection_mode key_mode,
                            napi_key_filter key_filter,
                            napi_key_conversion key_conversion,
                            napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, result);
    PyObject *target;
    napi_status status = property_target(env, object, &target);
    if (status != napi_ok) {
        return status;
    }
    CHECK(env,
          key_mode == napi_key_include_prototypes ||
              key_mode == napi_key_own_only,
          napi_invalid_arg);
    CHECK(env,
          key_conversion == napi_key_keep_numbers ||
              key_conversion == napi_key_numbers_to_strings,
          napi_invalid_arg);
    return scope_return(env,
                        property_keys(env->state, target, key_mode, key_filter,
                                      key_conversion),
                        result);
}

/* Node-API v1. What for-in visits: enumerable strings, inherited ones too. */
napi_status NAPI_CDECL
napi_get_property_names(napi_env env, napi_value object, napi_value *result)
{
    return napi_get_all_property_names(
        env, object, napi_key_include_prototypes,
        napi_key_enumerable | napi_key_skip_symbols,
        napi_key_numbers_to_strings, result);
}
