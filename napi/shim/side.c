/* The side records of objects (chapter "Object lifetime management").
 *
 * A side lives exactly as long as its object: the host-made free it from their
 * dealloc; that of any other object belongs to a capsule in state->sides. A
 * weakref callback removes it or, for what cannot be weakly referenced, the
 * sweep, once our pin is the last reference. Death only queues. */

#include "shim.h"

#define SIDE_CAPSULE "napi.side"
#define TOKEN_CAPSULE "napi.side.token"
#define SWEEP_STEPS 64 /* pins looked at per sweep: a call stays O(1) */

static struct host *
host_exact(struct shim_state *state, PyTypeObject *type, PyObject *object)
{
    if (type == state->array_type) {
        return &((struct js_array *)object)->host;
    }
    if (type == state->function_type) {
        return &((struct js_function *)object)->host;
    }
    if (type == state->builtin_type) {
        return &((struct js_builtin *)object)->host;
    }
    if (proxy_is(state, object)) {
        return &((struct js_proxy *)object)->host;
    }
    if (type == state->external_type) {
        return &((struct js_external *)object)->host;
    }
    if (type == state->symbol_type) {
        return &((struct js_symbol *)object)->host;
    }
    if (type == state->buffer_type) {
        return &((struct js_view *)object)->host;
    }
    if (type == state->class_type) {
        return &((struct js_class *)object)->host;
    }
    return NULL;
}

static struct host *
host_builtin_base(struct shim_state *state, PyTypeObject *type,
                  PyObject *object)
{
    if (PyDict_Check(object) && PyType_IsSubtype(type, state->object_type)) {
        return &((struct js_object *)object)->host;
    }
    if (PyList_Check(object) && PyType_IsSubtype(type, state->array_type)) {
        return &((struct js_array *)object)->host;
    }
    if (PyType_Check(object) && PyType_IsSubtype(type, state->class_type)) {
        return &((struct js_class *)object)->host;
    }
    return NULL;
}

static struct host *
host_derived(struct shim_state *state, PyTypeObject *type, PyObject *object)
{
    if (PyType_IsSubtype(type, state->instance_type) ||
        PyType_IsSubtype(type, state->host_type)) {
        return &((struct js_instance *)object)->host;
    }
    if (PyType_IsSubtype(type, state->view_type)) {
        return &((struct js_view *)object)->host;
    }
    if (PyType_IsSubtype(type, state->arraybuffer_type) ||
        PyType_IsSubtype(type, state->sharedarraybuffer_type)) {
        return &((struct js_arraybuffer *)object)->host;
    }
    if (PyType_IsSubtype(type, state->promise_type)) {
        return &((struct js_promise *)object)->host;
    }
    if (PyType_IsSubtype(type, state->function_type)) {
        return &((struct js_function *)object)->host;
    }
    if (PyType_IsSubtype(type, state->symbol_type)) {
        return &((struct js_symbol *)object)->host;
    }
    if (PyType_IsSubtype(type, state->external_type)) {
        return &((struct js_external *)object)->host;
    }
    return NULL;
}

struct host *
host_slow(struct shim_state *state, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
        return NULL; /* all of ours are heap types */
    }
    struct host *host = host_exact(state, type, object);
    if (host != NULL) {
        return host;
    }
    const unsigned long builtin =
        Py_TPFLAGS_DICT_SUBCLASS | Py_TPFLAGS_LIST_SUBCLASS |
        Py_TPFLAGS_TYPE_SUBCLASS | Py_TPFLAGS_LONG_SUBCLASS |
        Py_TPFLAGS_BASE_EXC_SUBCLASS | Py_TPFLAGS_UNICODE_SUBCLASS;
    if (PyType_HasFeature(type, builtin)) {
        return host_builtin_base(state, type, object);
    }
    return host_derived(state, type, object);
}

/* new int; the key of an object that is not host-made */
static PyObject *
address_of(PyObject *object)
{
    return PyLong_FromVoidPtr(object);
}

/* new or NULL, without an error: the key that is there. Found without memory
 * too, by looking through all: the death of an object must be heard of. */
static PyObject *
find_key(struct shim_state *state, PyObject *object)
{
    PyObject *key = address_of(object);
    if (key != NULL) {
        return key;
    }
    PyErr_Clear();
    Py_ssize_t position = 0;
    PyObject *found, *capsule;
    while (PyDict_Next(state->sides, &position, &found, &capsule)) {
        if (PyLong_AsVoidPtr(found) == (void *)object) {
            return Py_NewRef(found);
        }
    }
    return NULL;
}

/* borrowed or NULL, without an error */
static struct side *
find_foreign(struct shim_state *state, PyObject *object)
{
    if (PyDict_GET_SIZE(state->sides) == 0) {
        return NULL;
    }
    PyObject *key = find_key(state, object);
    PyObject *capsule =
        key ? PyDict_GetItemWithError(state->sides, key) : NULL;
    Py_XDECREF(key);
    if (capsule == NULL) {
        return NULL;
    }
    return PyCapsule_GetPointer(capsule, SIDE_CAPSULE);
}

struct side *
side_of(struct shim_state *state, PyObject *object)
{
    struct host *host = host_of(state, object);
    return host != NULL ? host->side : find_foreign(state, object);
}

/* Each tracker learns of the death once. One that nobody owns and that has
 * nothing to run would stay behind: it goes here. */
static void
detach_trackers(struct side *side)
{
    napi_ref tracker = side->trackers;
    side->trackers = NULL;
    side->wrap = NULL;
    while (tracker != NULL) {
        napi_ref next = tracker->side_next;
        tracker->side = NULL;
        tracker->side_next = NULL;
        if (tracker->count == 0) {
            tracker->value = NULL;
        }
        if (tracker->finalize != NULL) {
            finalizer_queue(tracker);
        } else if (!tracker->user_owned) {
            reference_free(tracker);
        }
        tracker = next;
    }
}

void
side_free(struct side *side)
{
    napi_ref tracker = side->trackers;
    struct shim_state *state = tracker ? tracker->env->state : NULL;
    detach_trackers(side);
    side_clear(side);
    if (side->token != NULL) {
        PyCapsule_SetContext(side->token, NULL); /* callback: too late */
        Py_CLEAR(side->token);
    }
    Py_CLEAR(side->weakref);
    PyMem_Free(side->tag);
    PyMem_Free(side);
    if (state != NULL) {
        finalizer_settle(state);
    }
}

int
side_traverse(struct side *side, visitproc visit, void *arg)
{
    if (side != NULL) {
        Py_VISIT(side->prototype);
        Py_VISIT(side->table);
        Py_VISIT(side->order);
        Py_VISIT(side->klass);
    }
    return 0;
}

void
side_clear(struct side *side)
{
    if (side != NULL) {
        Py_CLEAR(side->prototype);
        Py_CLEAR(side->table);
        Py_CLEAR(side->order);
        Py_CLEAR(side->klass);
    }
}

/* Destructor of an entry of state->sides. */
static void
free_entry(PyObject *capsule)
{
    struct side *side = PyCapsule_GetPointer(capsule, SIDE_CAPSULE);
    PyObject *pin = side->pinned ? side->object : NULL;
    side_free(side);
    Py_XDECREF(pin);
}

static void
remove_entry(struct shim_state *state, PyObject *object)
{
    PyObject *key = find_key(state, object);
    if (key != NULL && PyDict_DelItem(state->sides, key) < 0) {
        PyErr_WriteUnraisable(NULL);
    }
    Py_XDECREF(key);
}

/* The callback of the weak reference; a user can keep that alive beyond its
 * side (weakref.getweakrefs), hence the token, which outlives both. */
static PyObject *
forget(PyObject *token, PyObject *weakref)
{
    (void)weakref;
    struct side *side = PyCapsule_GetContext(token);
    if (side != NULL) {
        remove_entry(PyCapsule_GetPointer(token, TOKEN_CAPSULE),
                     side->object);
    }
    Py_RETURN_NONE;
}

static PyMethodDef forget_method = {"forget", forget, METH_O, NULL};

/* 0, or -1 with an error raised: TypeError where it cannot be watched */
static int
watch(struct shim_state *state, struct side *side, PyObject *object)
{
    side->token = PyCapsule_New(state, TOKEN_CAPSULE, NULL);
    if (side->token == NULL ||
        PyCapsule_SetContext(side->token, side) < 0) {
        return -1;
    }
    PyObject *callback = PyCFunction_New(&forget_method, side->token);
    if (callback == NULL) {
        return -1;
    }
    side->weakref = PyWeakref_NewRef(object, callback);
    Py_DECREF(callback);
    return side->weakref != NULL ? 0 : -1;
}

static int
pin(struct shim_state *state, struct side *side, PyObject *key)
{
    PyErr_Clear();
    if (PySet_Add(state->pinned, key) < 0) {
        return -1;
    }
    Py_INCREF(side->object);
    side->pinned = true;
    return 0;
}

static int
add_entry(struct shim_state *state, struct side *side, PyObject *key)
{
    if (watch(state, side, side->object) < 0 &&
        (!PyErr_ExceptionMatches(PyExc_TypeError) ||
         pin(state, side, key) < 0)) {
        side_free(side);
        return -1;
    }
    PyObject *capsule = PyCapsule_New(side, SIDE_CAPSULE, free_entry);
    if (capsule == NULL) {
        PyObject *unpin = side->pinned ? side->object : NULL;
        side_free(side);
        Py_XDECREF(unpin);
        return -1;
    }
    int status = PyDict_SetItem(state->sides, key, capsule);
    Py_DECREF(capsule); /* frees the side where it was not taken */
    return status;
}

static struct side *
make_foreign(struct shim_state *state, PyObject *object)
{
    struct side *side = PyMem_Calloc(1, sizeof(*side));
    PyObject *key = address_of(object);
    if (side == NULL || key == NULL) {
        PyMem_Free(side);
        Py_XDECREF(key);
        PyErr_NoMemory();
        return NULL;
    }
    side->object = object;
    int status = add_entry(state, side, key);
    if (status < 0) {
        PyObject *error = PyErr_GetRaisedException();
        PySet_Discard(state->pinned, key);
        PyErr_SetRaisedException(error);
    }
    Py_DECREF(key);
    return status < 0 ? NULL : side;
}

struct side *
side_make(struct shim_state *state, PyObject *object)
{
    struct host *host = host_of(state, object);
    if (host == NULL) {
        struct side *side = find_foreign(state, object);
        return side != NULL ? side : make_foreign(state, object);
    }
    if (host->side == NULL) {
        host->side = PyMem_Calloc(1, sizeof(struct side));
        if (host->side == NULL) {
            PyErr_NoMemory();
        }
    }
    return host->side;
}

/* The set's pop goes round, so each pin has its turn when there are more than
 * one sweep looks at. A strong tracker keeps the count above one by itself. */
void
finalizer_sweep(struct shim_state *state)
{
    if (state->pinned == NULL || PySet_GET_SIZE(state->pinned) == 0) {
        return;
    }
    Py_ssize_t steps = Py_MIN(PySet_GET_SIZE(state->pinned), SWEEP_STEPS);
    for (Py_ssize_t i = 0; i < steps; ++i) {
        PyObject *key = PySet_Pop(state->pinned);
        PyObject *object = key ? PyLong_AsVoidPtr(key) : NULL;
        if (object == NULL) {
            PyErr_Clear(); /* emptied by what a removed object ran */
            return;
        }
        if (Py_REFCNT(object) == 1) {
            remove_entry(state, object);
        } else if (PySet_Add(state->pinned, key) < 0) {
            PyErr_WriteUnraisable(NULL);
        }
        Py_DECREF(key);
    }
}
