/* What the chapters of the watch share: the state, and who looks at it. */
#ifndef NAPI_WATCH_STATE_H
#define NAPI_WATCH_STATE_H

#include "shim.h"

#include <stdio.h>

#ifdef NAPI_STRICT
/* A call that is to fail: the nth of some functions since it was set. */
struct watch_fault {
    struct watch_fault *next;
    bool *functions;     /* PyMem, by index; NULL: any */
    size_t nth, seen;    /* nth counts from 1 */
    bool onward;         /* and all after it */
    napi_status status;
    PyObject *exception; /* owned; NULL: none becomes pending */
};

/* watch_memory.c: the GIL guards it, but `seen` of one thread only */
struct watch_domain {
    PyMemAllocatorEx old;
    struct watch_memory *memory;
};
struct watch_memory {
    bool armed, onward;
    unsigned long thread;
    struct agent *agent; /* borrowed: of the thread */
    size_t nth, seen, refused;
    uint16_t function; /* whose request was the first to be refused */
    struct watch_domain domains[3];
};

/* watch_host.c: the GIL guards it */
enum { HOST_USUAL, HOST_LATE, HOST_EAGER };
struct watch_host {
    int32_t version;        /* 0: ours */
    napi_node_version node; /* release NULL: ours */
    int finalizers;
    uint64_t random; /* state of the generator; 0: no shuffling */
};

struct watch {
    struct watch_memory memory;
    struct watch_host host;
    struct shim_state *state; /* borrowed: it owns us */
    uint64_t *counts; /* PyMem: function * WATCH_STATUSES + status; atomic */
    size_t calls;     /* atomic: since watch_clear */
    unsigned active;  /* atomic: enum watch_active */
    pthread_mutex_t mutex; /* guards what follows; taken last */
    struct watch_fault *faults;
    uint16_t *sequence; /* malloc: functions in the order of their calls */
    const void **callers; /* malloc: where each of them was called */
    size_t sequence_count, sequence_size;
    FILE *trace; /* NULL: none */
    PyObject *recorder; /* owned, the GIL guards it; NULL: none */
    bool recording;     /* the recorder is at work */
};

/* With the mutex held. */
void watch_set_active(struct watch *watch, unsigned bit, bool on);

/* watch_fault.c: true: the call has failed already, in call->status */
bool fault_strikes(struct watch_call *call);
void fault_clear(struct watch *watch); /* GIL held */
extern PyMethodDef fault_methods[];

/* watch_memory.c */
void memory_disarm(struct watch *watch);
extern PyMethodDef memory_methods[];

/* watch_trace.c */
uint64_t trace_now(void);
void trace_call(struct watch_call *call);
void trace_close(struct watch *watch);
extern PyMethodDef trace_methods[];

/* watch_record.c: around a call of a wrapper */
void record_enter(struct watch_call *call);
void record_leave(struct watch_call *call);
extern PyMethodDef record_methods[];

/* watch_host.c: after a call that may have told a version */
void host_answer(struct watch_call *call);
extern PyMethodDef host_methods[];
#endif
#endif
