/* The strict build's watch: each function of Node-API has a wrapper around it,
 * made by tools/wrappers.py, which calls watch_enter and watch_leave. shim.h
 * includes this; in the release build there is nothing of it. */
#ifndef NAPI_WATCH_H
#define NAPI_WATCH_H

#ifdef NAPI_STRICT
#ifndef WATCH_WRAPPERS
/* All chapters define, and call, the bodies: under their own names in C, under
 * others for the linker, and hidden. */
#define NAPI_EXTERN
#include "watch_names.h"
#endif

#include "node_api.h"

#define WATCH_ARGUMENTS 11
#define WATCH_STATUSES 32

struct shim_state;
struct agent;
struct watch;

/* What a wrapper knows of its call; lives on its stack. */
struct watch_call {
    uint16_t function;  /* index in watch_functions */
    napi_status status; /* the answer */
    const void *caller; /* where the addon goes on */
    uint64_t arguments[WATCH_ARGUMENTS]; /* their bits */
    napi_env env;           /* NULL: not given, or the function takes none */
    struct watch *watch;    /* NULL: nobody knows whose call this is */
    struct watch_call *outer; /* of the same thread: the call around it */
    bool owned; /* on the env's own thread, with the GIL: its fields count */
    bool told;  /* the recorder knows of it */
    bool struck; /* a fault that was set made it fail */
    unsigned active;  /* what was on when it began: enum watch_active */
    uint64_t began;   /* nanoseconds of the monotonic clock, where traced */
    size_t capacity;  /* of napi_get_cb_info's argv, where traced */
};

struct watch_parameter {
    const char *type, *name; /* as the header writes them */
};
struct watch_function {
    const char *name;
    struct watch_parameter parameters[WATCH_ARGUMENTS];
    size_t count;
};
/* By name, in the order of the alphabet. */
extern const struct watch_function watch_functions[];
extern const size_t watch_function_count;

enum watch_active {
    WATCH_FAULTS = 1,   /* watch_fault.c */
    WATCH_SEQUENCE = 2, /* watch.c: remembers which functions were called */
    WATCH_TRACE = 4,    /* watch_trace.c */
    WATCH_RECORD = 8,   /* watch_record.c */
};

/* Where a wrapper's first parameter leads. */
bool watch_enter_env(struct watch_call *call, napi_env env);
bool watch_enter_threadsafe(struct watch_call *call,
                            napi_threadsafe_function func);
bool watch_enter_hook(struct watch_call *call,
                      napi_async_cleanup_hook_handle handle);
napi_status watch_leave(struct watch_call *call);

int watch_init(PyObject *module, struct shim_state *state); /* functions */
void watch_free(struct shim_state *state);

/* watch_trace.c: around each piece of addon code; 0: nobody wants to know */
struct frame;
uint64_t watch_begin(napi_env env);
void watch_frame(napi_env env, const struct frame *frame);

/* watch_record.c: an addon made a function or a class (or NULL: it did not) */
void watch_made(napi_env env, PyObject *function);
/* kind: "call" or "construct"; receiver may be NULL */
void watch_call(struct shim_state *state, const char *kind,
                PyObject *function, PyObject *receiver,
                PyObject *const *argv, size_t argc);
/* kind: "return"; result NULL: an exception is raised, and stays so */
void watch_return(struct shim_state *state, const char *kind,
                  PyObject *result);

/* watch_host.c: what other chapters ask of a simulated host */
bool watch_runs_late(struct shim_state *state); /* finalizers wait */
void watch_collect(struct shim_state *state); /* at an outermost exit */
int32_t watch_version(struct shim_state *state); /* of Node-API */
void watch_gather(struct agent *agent); /* waits for the other works */
/* a list linked by queue_next, in another order */
napi_async_work watch_shuffle(struct agent *agent, napi_async_work first);

static inline uint64_t
watch_bits(double value)
{
    union {
        double value;
        uint64_t bits;
    } both = {value};
    return both.bits;
}
#endif
#endif
