/* The strict build: what is alive, where it was made, and where it ended.
 *
 * Things are found by their address. What ended is remembered until many
 * others have ended, so that a report about its later use can tell its story;
 * its memory is kept for as long. Nothing here raises, and notes are not
 * Python's memory: a thing that there was no memory for is not known. */

#include "track.h"

#ifdef NAPI_STRICT

#include "counters.h"
#include "site.h"

#define BUCKETS 1024 /* a power of two */
#define GONE 256     /* things that ended and are remembered */

struct thing {
    struct thing *next; /* in its bucket */
    const void *address;
    enum track_kind kind;
    uint32_t env; /* id */
    unsigned long long serial;
    size_t bytes;
    struct site *born, *died; /* owned */
    PyObject *weak;           /* owned weakref of a value, or NULL */
    void *memory;             /* owned (PyMem_Raw): of what ended, or NULL */
};

struct track {
    struct thing *buckets[BUCKETS];
    struct thing *gone[GONE]; /* a ring */
    size_t gone_count;
    unsigned long long last_serial;
};

static const char *const names[TRACK_KINDS] = {
    "reference",       "wrap",      "finalizer",  "external",
    "buffer",          "threadsafe function", "async work",
    "async context",   "hook",      "async hook", "deferred",
    "callback scope",
};

static void
thing_free(struct thing *thing)
{
    if (thing != NULL) {
        site_free(thing->born);
        site_free(thing->died);
        Py_XDECREF(thing->weak);
        PyMem_RawFree(thing->memory);
        free(thing);
    }
}

static struct thing **
bucket_of(struct track *track, const void *address)
{
    uintptr_t bits = (uintptr_t)address >> 4;
    return &track->buckets[(bits ^ (bits >> 10)) & (BUCKETS - 1)];
}

/* The object died with nobody telling us. */
static bool
is_over(struct thing *thing)
{
    if (thing->weak == NULL) {
        return false;
    }
#if PY_VERSION_HEX >= 0x030D0000
    PyObject *value;
    bool alive = PyWeakref_GetRef(thing->weak, &value) == 1;
    Py_XDECREF(value);
    return !alive;
#else
    return PyWeakref_GET_OBJECT(thing->weak) == Py_None;
#endif
}

/* Takes what is over out of a bucket. */
static void
sweep(struct thing **link)
{
    while (*link != NULL) {
        struct thing *thing = *link;
        if (is_over(thing)) {
            *link = thing->next;
            thing_free(thing);
        } else {
            link = &thing->next;
        }
    }
}

static struct thing * /* borrowed or NULL: no memory */
add(napi_env env, enum track_kind kind, const void *address)
{
    struct track *track = env->state->track;
    struct thing *thing = calloc(1, sizeof(*thing));
    if (thing == NULL) {
        return NULL;
    }
    struct thing **bucket = bucket_of(track, address);
    sweep(bucket);
    *thing = (struct thing){
        .next = *bucket,
        .address = address,
        .kind = kind,
        .env = env->id,
        .serial = ++track->last_serial,
        .born = site_here(),
    };
    *bucket = thing;
    return thing;
}

/* What was there before must not be taken for what nobody could note. */
static void
forget_gone(struct track *track, const void *address)
{
    for (size_t i = 0; i < GONE; ++i) {
        if (track->gone[i] != NULL && track->gone[i]->address == address) {
            track->gone[i]->address = NULL;
        }
    }
}

void
track_born(napi_env env, enum track_kind kind, const void *address)
{
    if (add(env, kind, address) == NULL) {
        forget_gone(env->state->track, address);
    }
}

void
track_value(napi_env env, enum track_kind kind, PyObject *value, size_t bytes)
{
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *weak = PyWeakref_NewRef(value, NULL);
    struct thing *thing = weak ? add(env, kind, value) : NULL;
    PyErr_Clear();
    if (thing != NULL) {
        thing->weak = weak;
        thing->bytes = bytes;
    } else {
        Py_XDECREF(weak);
    }
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

/* borrowed; NULL: nothing is known to be there */
static struct thing **
find(struct track *track, const void *address)
{
    struct thing **link = bucket_of(track, address);
    while (*link != NULL && (*link)->address != address) {
        link = &(*link)->next;
    }
    return link;
}

/* From the living to those that are gone; memory is theirs then. */
static void
bury(struct track *track, struct thing **link, struct site *died, void *memory)
{
    struct thing *thing = *link;
    *link = thing->next;
    thing->died = died;
    thing->memory = memory;
    struct thing **slot = &track->gone[track->gone_count++ % GONE];
    thing_free(*slot);
    *slot = thing;
}

void
track_died(napi_env env, const void *address)
{
    struct thing **link = find(env->state->track, address);
    if (*link != NULL) {
        bury(env->state->track, link, site_here(), NULL);
    }
}

void
track_end(napi_env env, void *address)
{
    struct thing **link = find(env->state->track, address);
    if (*link != NULL) {
        bury(env->state->track, link, site_here(), address);
    } else {
        PyMem_RawFree(address);
    }
}

void
track_report(napi_env env, enum track_kind kind, const char *id,
             const char *what)
{
    struct track *track = env->state->track;
    for (size_t i = 0; i < BUCKETS; ++i) {
        for (struct thing *it = track->buckets[i]; it; it = it->next) {
            if (it->env == env->id && it->kind == kind) {
                strict_report_sites(env, id, it->born, NULL, "%s", what);
            }
        }
    }
}

void
track_env_end(napi_env env)
{
    struct track *track = env->state->track;
    for (size_t i = 0; i < BUCKETS; ++i) {
        struct thing **link = &track->buckets[i];
        while (*link != NULL) {
            if ((*link)->env != env->id) {
                link = &(*link)->next;
            } else if ((*link)->kind == TRACK_DEFERRED) {
                bury(track, link, NULL, (void *)(uintptr_t)(*link)->address);
            } else {
                bury(track, link, NULL, NULL);
            }
        }
    }
}

static struct thing * /* borrowed or NULL; the last one there */
find_gone(struct track *track, const void *address)
{
    for (size_t i = 1; i <= GONE && i <= track->gone_count; ++i) {
        struct thing *thing = track->gone[(track->gone_count - i) % GONE];
        if (thing != NULL && thing->address == address) {
            return thing;
        }
    }
    return NULL;
}

bool
track_is_gone(struct shim_state *state, enum track_kind kind,
              const void *address)
{
    if (*find(state->track, address) != NULL) {
        return false;
    }
    struct thing *thing = find_gone(state->track, address);
    return thing != NULL && thing->kind == kind;
}

void
track_find(struct shim_state *state, const void *address, struct site **born,
           struct site **died)
{
    struct thing *thing = *find(state->track, address);
    if (thing == NULL) {
        thing = find_gone(state->track, address);
    }
    *born = thing ? thing->born : NULL;
    *died = thing ? thing->died : NULL;
}

/* === what Python sees === */

static int
add_to(PyObject *counts, const char *name, size_t more)
{
    PyObject *old = PyDict_GetItemString(counts, name); /* borrowed */
    size_t sum = more + (old ? PyLong_AsSize_t(old) : 0);
    PyObject *number = PyLong_FromSize_t(sum);
    int failed = number ? PyDict_SetItemString(counts, name, number) : -1;
    Py_XDECREF(number);
    return failed;
}

int
track_count(napi_env env, PyObject *counts)
{
    struct track *track = env->state->track;
    size_t externals = 0, buffers = 0, bytes = 0;
    for (size_t i = 0; i < BUCKETS; ++i) {
        sweep(&track->buckets[i]);
        for (struct thing *it = track->buckets[i]; it; it = it->next) {
            if (it->env == env->id) {
                externals += it->kind == TRACK_EXTERNAL;
                buffers += it->kind == TRACK_BUFFER;
                bytes += it->bytes;
            }
        }
    }
    PyObject *number = PyLong_FromSize_t(externals);
    int failed = number ? PyDict_SetItemString(counts, "externals", number)
                        : -1;
    Py_XDECREF(number);
    return failed < 0 || add_to(counts, "buffers", buffers) < 0 ||
                   add_to(counts, "buffer_bytes", bytes) < 0
               ? -1
               : 0;
}

/* A tracker by what has become of it, as counters.c counts it. */
static const char *
name_of(struct thing *thing)
{
    if (thing->kind > TRACK_FINALIZER || thing->died != NULL) {
        return names[thing->kind];
    }
    napi_ref tracker = (napi_ref)(uintptr_t)thing->address;
    if (tracker->side != NULL && tracker->side->wrap == tracker) {
        return "wrap";
    }
    return tracker->listed_finalizing ? "finalizer"
           : tracker->count > 0       ? "strong reference"
                                      : "weak reference";
}

static PyObject * /* new dict; NULL: raised */
describe(struct thing *thing)
{
    PyObject *born = site_to_python(thing->born);
    PyObject *died = thing->died ? site_to_python(thing->died)
                                 : Py_NewRef(Py_None);
    if (born == NULL || died == NULL) {
        Py_XDECREF(born);
        Py_XDECREF(died);
        return NULL;
    }
    return Py_BuildValue("{s:s,s:K,s:n,s:N,s:N}", "kind", name_of(thing),
                         "serial", thing->serial, "bytes",
                         (Py_ssize_t)thing->bytes, "born", born, "died", died);
}

PyDoc_STRVAR(tracked_doc,
             "tracked(env, after=0) -> list[dict]\n\nThe things of an "
             "environment that are alive and younger than a serial number,\n"
             "and where they were made. Strict build; else empty.");

static PyObject *
tracked(PyObject *module, PyObject *args)
{
    struct shim_state *state = PyModule_GetState(module);
    PyObject *capsule;
    unsigned long long after = 0;
    if (!PyArg_ParseTuple(args, "O|K:tracked", &capsule, &after)) {
        return NULL;
    }
    napi_env env = counters_env(capsule);
    PyObject *list = env ? PyList_New(0) : NULL;
    for (size_t i = 0; list != NULL && i < BUCKETS; ++i) {
        sweep(&state->track->buckets[i]);
        struct thing *it = state->track->buckets[i];
        for (; list != NULL && it != NULL; it = it->next) {
            if (it->env != env->id || it->serial <= after) {
                continue;
            }
            PyObject *entry = describe(it);
            if (entry == NULL || PyList_Append(list, entry) < 0) {
                Py_CLEAR(list);
            }
            Py_XDECREF(entry);
        }
    }
    return list;
}

PyDoc_STRVAR(last_serial_doc,
             "last_serial() -> int\n\nOf the youngest thing.");

static PyObject *
last_serial(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct shim_state *state = PyModule_GetState(module);
    return PyLong_FromUnsignedLongLong(state->track->last_serial);
}

PyDoc_STRVAR(peak_doc,
             "handles_peak(env, reset=False) -> int\n\nThe most handles that "
             "there were at a time, since the last reset.");

static PyObject *
handles_peak(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *capsule;
    int reset = 0;
    if (!PyArg_ParseTuple(args, "O|p:handles_peak", &capsule, &reset)) {
        return NULL;
    }
    napi_env env = counters_env(capsule);
    if (env == NULL) {
        return NULL;
    }
    size_t peak = env->strict->peak;
    if (reset) {
        env->strict->peak = env->top;
    }
    return PyLong_FromSize_t(peak);
}

static PyMethodDef methods[] = {
    {"tracked", tracked, METH_VARARGS, tracked_doc},
    {"last_serial", last_serial, METH_NOARGS, last_serial_doc},
    {"handles_peak", handles_peak, METH_VARARGS, peak_doc},
    {NULL, NULL, 0, NULL},
};

int
track_init(PyObject *module, struct shim_state *state)
{
    state->track = PyMem_Calloc(1, sizeof(*state->track));
    if (state->track == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return PyModule_AddFunctions(module, methods);
}

void
track_free(struct shim_state *state)
{
    struct track *track = state->track;
    state->track = NULL;
    for (size_t i = 0; track != NULL && i < BUCKETS; ++i) {
        while (track->buckets[i] != NULL) {
            struct thing *thing = track->buckets[i];
            track->buckets[i] = thing->next;
            thing_free(thing);
        }
        thing_free(track->gone[i % GONE]);
        track->gone[i % GONE] = NULL;
    }
    PyMem_Free(track);
}

#else
typedef int track_is_empty_in_the_release_build;
#endif
