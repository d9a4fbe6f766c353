/* The machine of `napi fuzz --self`: any order of legal calls of Node-API.
 *
 * It is an addon like any other. Each step is drawn from the seed and the
 * step's own number; the model below knows what is legal then. Who calls keeps
 * the memory of the struct until the environment has ended. */
#ifndef NAPI_TESTING_MACHINE_H
#define NAPI_TESTING_MACHINE_H

#include <node_api.h>
#include <pthread.h>
#include <stdint.h>

#define LEVELS 64
#define LEVEL_HANDLES 128
#define THINGS 64
#define CELL 64 /* words of room for a result */
#define BLOCK 64 /* bytes that an external has */

union word {
    void *p;
    uintptr_t f;
    double d;
    int64_t i;
    uint64_t u;
};

enum kind {
    KIND_ENV, KIND_VALUE, KIND_REF, KIND_DEFERRED, KIND_ESCAPABLE,
    KIND_BOOL, KIND_DOUBLE, KIND_INT32, KIND_INT64, KIND_SIZE, KIND_UINT32,
    KIND_UINT64, KIND_ELEMENTS, KIND_FILTER, KIND_TEXT, KIND_TEXT16,
    KIND_DATA, KIND_HINT, KIND_BYTES, KIND_VALUES, KIND_PROPERTIES, KIND_TAG,
    KIND_WORDS, KIND_CALLBACK, KIND_FINALIZE, KIND_NOENV, KIND_OUT_VALUE,
    KIND_OUT_REF, KIND_OUT_DEFERRED, KIND_OUT_TEXT, KIND_OUT_TEXT16,
    KIND_OUT_SIZE, KIND_OUT_DATA, KIND_OUT_OTHER,
};

struct function {
    const char *name;
    napi_status (*call)(const union word *given);
    size_t count;
    enum kind kinds[12];
};

extern const struct function machine_functions[];
extern const size_t machine_function_count;

enum opened { OPENED_FRAME, OPENED_SCOPE, OPENED_ESCAPABLE, OPENED_CALLBACK };

/* What is open: a callback of ours, or a scope in it. */
struct level {
    enum opened opened;
    void *scope;
    struct thing *context; /* of a callback scope */
    size_t count;
    napi_value handles[LEVEL_HANDLES];
};

/* A thing with states: a work, a threadsafe function, a context, a hook. */
struct thing {
    struct machine *machine;
    void *it;    /* the host's, or NULL */
    char *block; /* owned, or NULL */
    size_t held; /* a function: how often; a context: by how many scopes */
    bool lasts;  /* a work: it is queued; a function: it is not finalized */
    bool takes;  /* a function that is given data */
    bool limited; /* a function whose queue can be full */
};

struct machine {
    /* Read by who keeps this: see napi.testing.fuzz.machine. */
    int64_t calls;
    int64_t alive;   /* blocks */
    int64_t pending; /* works, functions and threads that have to end */
    char failure[256];

    napi_env env; /* of the call that runs */
    uint64_t seed, random;
    bool tells, stops;
    int depth; /* of callbacks within each other */
    size_t level_count;
    struct level levels[LEVELS];
    napi_ref references[THINGS];
    size_t reference_count;
    napi_deferred deferreds[THINGS];
    size_t deferred_count;
    struct thing works[THINGS], functions[THINGS], contexts[THINGS],
        hooks[THINGS], async_hooks[THINGS];
    pthread_t threads[THINGS];
    size_t thread_count;
    char *instance; /* the block of the instance data, or NULL */
    char fixed[16 * BLOCK]; /* memory that nobody frees */
};

/* === machine.c === */
uint64_t machine_draw(struct machine *m, uint64_t below);
/* the first failure is kept */
void machine_fail(struct machine *m, const char *name, const char *what,
                  int64_t number);
/* counts a call and tells it; gives its status back */
void machine_tell(struct machine *m, const char *name);
/* takes it out of a list, which keeps no order */
void machine_forget(void **list, size_t *count, void *it);
bool machine_holds(struct machine *m, napi_ref reference);
/* a callback of ours begins: false, where it is too deep for more calls */
bool machine_begin(struct machine *m, napi_env env);
void machine_steps(struct machine *m, size_t count);
void machine_end(struct machine *m); /* closes what was opened since */
void machine_keep(struct machine *m, napi_value handle);
/* takes a pending exception */
void machine_settle(struct machine *m);
napi_value machine_handle(struct machine *m); /* one that is alive */

/* === value.c === functions of the table */
void value_step(struct machine *m, const struct function *function);
/* NULL: the host asks for what may not fail */
char *block_new(struct machine *m);
void block_free(struct machine *m, void *block);
/* reads and writes all of it: whoever has freed it is found out */
void block_touch(void *data, size_t length);
napi_value value_body(napi_env env, napi_callback_info info);
/* The hint is the machine; what may affect the heap is not called there. */
void value_finalize(napi_env env, void *data, void *hint);

/* === async.c === functions with a state */
extern const size_t async_step_count;
void async_step(struct machine *m, size_t which);
void async_close(struct machine *m); /* the innermost scope */
/* lets go of all that the loop would wait for */
void async_end(struct machine *m);

/* === threadsafe.c === */
#define THREADSAFE_STEPS 8
void threadsafe_step(struct machine *m, size_t which);
void threadsafe_end(struct machine *m);
void threadsafe_join(struct machine *m); /* of threads that end */

#endif
