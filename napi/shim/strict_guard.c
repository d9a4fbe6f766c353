/* The strict build: memory that an addon must not write to any more.
 *
 * What a detached buffer had, and read-only memory that is lent without a copy, is
 * remembered by a hash, and looked at when the outermost call returns. */

#include "shim.h"

#ifdef NAPI_STRICT

#include "site.h"

#define GUARDED_BYTES ((size_t)1 << 20) /* of each; what follows is not seen */

struct guard {
    struct guard *next;
    PyObject *weak; /* owned weakref of what has the memory */
    const char *id;
    const void *data;
    size_t length;
    uint64_t hash;
    struct site *born; /* owned */
};

/* FNV-1a */
static uint64_t
hash_of(const void *data, size_t length)
{
    const unsigned char *bytes = data;
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < Py_MIN(length, GUARDED_BYTES); ++i) {
        hash = (hash ^ bytes[i]) * 1099511628211u;
    }
    return hash;
}

static bool
is_alive(struct guard *guard)
{
#if PY_VERSION_HEX >= 0x030D0000
    PyObject *value;
    bool alive = PyWeakref_GetRef(guard->weak, &value) == 1;
    Py_XDECREF(value);
    return alive;
#else
    return PyWeakref_GET_OBJECT(guard->weak) != Py_None;
#endif
}

static void
guard_free(struct guard *guard)
{
    Py_DECREF(guard->weak);
    site_free(guard->born);
    free(guard);
}

void
strict_guard(struct shim_state *state, PyObject *owner, const char *id,
             const void *data, size_t length)
{
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *weak = data && length ? PyWeakref_NewRef(owner, NULL) : NULL;
    struct guard *guard = weak ? malloc(sizeof(*guard)) : NULL;
    if (guard != NULL) {
        *guard = (struct guard){
            .next = state->guards,
            .weak = weak,
            .id = id,
            .data = data,
            .length = length,
            .hash = hash_of(data, length),
            .born = site_here(),
        };
        state->guards = guard;
    } else {
        Py_XDECREF(weak);
    }
    PyErr_Clear();
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

void
strict_check_guards(napi_env env)
{
    struct guard **link = &env->state->guards;
    while (*link != NULL) {
        struct guard *guard = *link;
        if (!is_alive(guard)) {
            *link = guard->next;
            guard_free(guard);
            continue;
        }
        uint64_t hash = hash_of(guard->data, guard->length);
        if (hash != guard->hash) {
            guard->hash = hash;
            strict_report_sites(env, guard->id, guard->born, NULL,
                                "the addon wrote to memory that is %s",
                                strcmp(guard->id, "buffer-detached") == 0
                                    ? "a detached buffer's"
                                    : "read-only and shared with Python");
        }
        link = &guard->next;
    }
}

void
strict_check_copy(napi_env env, PyObject *view, PyObject *source)
{
    PyObject *raised = PyErr_GetRaisedException();
    Py_buffer buffer;
    struct js_view *copy = (struct js_view *)view;
    if (PyObject_GetBuffer(source, &buffer, PyBUF_SIMPLE) == 0) {
        const char *data = view_data(copy);
        size_t length = view_length(copy) * view_element_size(copy->kind);
        if (buffer.readonly && data != NULL && data != buffer.buf &&
            length == (size_t)buffer.len &&
            memcmp(data, buffer.buf, length) != 0) {
            strict_report(env, "bytes-written",
                          "the addon wrote into a read-only %s: it had a copy, "
                          "and what it wrote is lost",
                          Py_TYPE(source)->tp_name);
        }
        PyBuffer_Release(&buffer);
    }
    PyErr_Clear();
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

void
strict_guards_free(struct shim_state *state)
{
    while (state->guards != NULL) {
        struct guard *guard = state->guards;
        state->guards = guard->next;
        guard_free(guard);
    }
}

#else
typedef int strict_guard_is_empty_in_the_release_build;
#endif
