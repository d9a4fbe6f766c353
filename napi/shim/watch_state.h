/* What the chapters of the watch share: the state, and who looks at it. */
#ifndef NAPI_WATCH_STATE_H
#define NAPI_WATCH_STATE_H

#include "shim.h"

#ifdef NAPI_STRICT
/* A call that is to fail: the nth of some functions since it was set. */
struct watch_fault {
    struct watch_fault *next;
    bool *functions;     /* PyMem, by index; NULL: any */
    size_t nth, seen;    /* nth 0: each call */
    napi_status status;
    PyObject *exception; /* owned; NULL: none becomes pending */
};

struct watch {
    struct shim_state *state; /* borrowed: it owns us */
    uint64_t *counts; /* PyMem: function * WATCH_STATUSES + status; atomic */
    size_t calls;     /* atomic: since watch_clear */
    unsigned active;  /* atomic: enum watch_active */
    pthread_mutex_t mutex; /* guards what follows; taken last */
    struct watch_fault *faults;
    uint16_t *sequence; /* malloc: functions in the order of their calls */
    size_t sequence_count, sequence_size;
};

/* With the mutex held. */
void watch_set_active(struct watch *watch, unsigned bit, bool on);

/* watch_fault.c: true: the call has failed already, in call->status */
bool fault_strikes(struct watch_call *call);
void fault_clear(struct watch *watch); /* GIL held */
extern PyMethodDef fault_methods[];
#endif
#endif
