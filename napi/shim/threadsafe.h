/* Between threadsafe.c (what addons call) and threadsafe_queue.c (delivery). */
#ifndef NAPI_THREADSAFE_H
#define NAPI_THREADSAFE_H

#include "shim.h"

#define BLOCK_ITEMS 126

/* Producers append to the last block, the owner takes from the first. */
struct item_block {
    struct item_block *next;
    size_t start, end;
    void *items[BLOCK_ITEMS];
};

struct napi_threadsafe_function__ {
    napi_env env;         /* retained; owner thread only */
    struct agent *agent;  /* borrowed */
    struct napi_threadsafe_function__ *next, *previous; /* agent's list */
    PyObject *function;   /* owned or NULL */
    struct async_resource *resource;
    void *context;
    napi_threadsafe_function_call_js call_js; /* NULL: call with nothing */
    napi_finalize finalize;
    void *finalize_data;
    size_t max_queue_size; /* 0: no limit */
    bool referenced;       /* keeps napi.run() alive; atomic, the owner's */
    bool finalized;        /* written with the mutex, by the owner */
    size_t dispatching;    /* nested deliveries; owner thread only */
    bool ready;            /* listed for the owner: agent's mutex */
    struct napi_threadsafe_function__ *ready_next, *ready_previous;
    struct item_block *taken; /* in delivery; owner thread only */
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t room;
    struct item_block *head, *tail;
    size_t queued, thread_count;
    bool requested; /* the owner knows that there are items */
    bool detached;  /* no longer the agent's: it is being finalized */
    bool closing; /* atomic: the owner reads it without the mutex */
#ifdef NAPI_STRICT
    bool dead; /* atomic: kept, to see its later use */
#endif
};

/* with the mutex held: 0, or -1 where there is no memory */
int threadsafe_push(napi_threadsafe_function func, void *data);
/* with the mutex held: the owner shall look at the function */
void threadsafe_request(napi_threadsafe_function func);
/* unlocks and, when nobody holds it any more, frees */
void threadsafe_unlock(napi_threadsafe_function func);
/* the callback among the env's hooks */
void threadsafe_close(void *func);

#endif
