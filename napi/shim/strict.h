/* The strict build's view of handles, calls and memory: see strict*.c. The
 * identifiers of reports are those of docs/reference/strict.md. */
#ifndef NAPI_STRICT_H
#define NAPI_STRICT_H

struct js_arraybuffer;

#ifdef NAPI_STRICT
#define STRICT_CLOSINGS 64 /* ends of scopes that are remembered */

struct site;
struct watch_call;

/* A callback that runs; on its stack. */
struct strict_callback {
    napi_callback_info info;
    struct strict_callback *outer; /* of the same env, or NULL */
};

/* Of one env. */
struct strict_env {
    uint32_t *generations; /* one per arena slot */
    uint64_t *ends; /* two per slot: which closing ended an even, an odd
                       generation */
    uint64_t closing;
    struct site *closings[STRICT_CLOSINGS]; /* owned ring; NULL: a callback
                                               returned */
    size_t peak;    /* the most handles at a time */
    size_t *scopes; /* malloc: heights of the open handle scopes */
    size_t scope_count, scope_capacity;
    size_t unrecorded; /* scopes that there was no memory for */
    struct strict_callback *callback; /* the innermost one */
    napi_callback_info infos[STRICT_CLOSINGS]; /* owned ring: of callbacks that
                                                  have returned */
    size_t info_count;
    uint16_t unset; /* 1 + the last function that left a result NULL in this
                       callback; 0: none */
    napi_ref empty; /* it did not fail: the reference's object is gone */
    struct site *thrown; /* owned: where the pending exception came; or NULL */
    bool declared; /* the module says which version it is made for */
    bool newer[256]; /* functions that were reported to be newer */
};

/* === strict_report.c === records a report; the outermost exit raises
 * StrictError. GIL held; nothing is raised here. */
void strict_report(napi_env env, const char *id, const char *format, ...);
/* the same of a thing, with the places of its begin and its end */
void strict_report_thing(napi_env env, const char *id, const void *address,
                         const char *format, ...);
/* the same, with places that are borrowed, or NULL */
void strict_report_sites(napi_env env, const char *id, struct site *born,
                         struct site *died, const char *format, ...);
/* the same of a call that is over; there: where it was, borrowed, NULL: here;
 * thing: or NULL */
void strict_report_call(napi_env env, const char *id, const char *function,
                        struct site *there, const void *thing,
                        const char *what);
/* steals and returns result; NULL: StrictError raised */
PyObject *strict_leave(napi_env env, PyObject *result);
/* new list of str: takes all reports; NULL: raised */
PyObject *strict_take(struct shim_state *state);
/* prints that of a call when there is no Python any more */
void strict_tell_late(struct watch_call *call);
/* prints at the end of the process what nobody has taken */
void strict_tell(struct shim_state *state);

/* === strict.c === */
bool strict_env_new(napi_env env); /* false: no memory, MemoryError raised */
void strict_env_free(napi_env env);
bool strict_grow(napi_env env, size_t capacity); /* false: raised */
bool strict_hold(napi_ref reference); /* true: kept to detect later use */
bool handle_ok(napi_env env, napi_value handle);
bool reference_ok(napi_env env, napi_ref reference); /* false: freed */
void strict_end(napi_env env, size_t slot); /* of its handle */
void strict_open(napi_env env);             /* a handle scope */
/* before a scope closes: is it the innermost one? */
bool strict_close(napi_env env, size_t height);
/* a callback begins or returns: scopes of others are out of reach */
void strict_return(napi_env env, bool has_result, napi_value result);
/* new (malloc), or NULL: a copy at an address of its own; and its end */
napi_callback_info strict_copy_info(napi_callback_info info);
void strict_drop_info(napi_env env, napi_callback_info copy);
/* what a failed call leaves in place of garbage */
napi_value strict_poison(uint16_t function);

/* === strict_call.c === around each call of an addon, see watch.c */
int strict_init(PyObject *module, struct shim_state *state);
void strict_free(struct shim_state *state);
bool strict_enter(struct watch_call *call); /* false: it has failed */
void strict_after(struct watch_call *call);
bool strict_enter_hook(struct watch_call *call, napi_env env,
                       napi_async_cleanup_hook_handle handle);
/* true: kept, so that its later use is seen */
bool strict_keep_env(napi_env env);

/* === strict_thread.c === what other threads do */
struct strict_threads;
struct strict_threads *strict_threads_new(void); /* new; NULL: raised */
void strict_threads_free(struct strict_threads *threads); /* or NULL */
void strict_note_foreign(struct watch_call *call); /* any thread */
bool strict_enter_threadsafe(struct watch_call *call,
                             napi_threadsafe_function func);
void strict_after_threadsafe(struct watch_call *call); /* it has failed */
/* reports what was noted; of all environments where it is NULL */
void strict_gather(struct shim_state *state, napi_env env);
/* Any thread: it is kept after its end; what is to be freed now, maybe NULL */
napi_threadsafe_function strict_keep_function(struct shim_state *state,
                                              napi_threadsafe_function func);

/* === strict_guard.c === memory that must not change any more */
void strict_guard(struct shim_state *state, PyObject *owner, const char *id,
                  const void *data, size_t length);
void strict_check_guards(napi_env env);
/* what an addon wrote into the copy of read-only memory is lost */
void strict_check_copy(napi_env env, PyObject *view, PyObject *source);
void strict_guards_free(struct shim_state *state);

/* === strict_bounds.c === memory of the addon, where AddressSanitizer is there */
struct strict_memory;
struct strict_memory *strict_memory_new(void); /* new (PyMem); or NULL */
/* tells the sanitizer of what the call is about to use that is nobody's */
void strict_check_memory(struct watch_call *call,
                         const struct strict_memory *all);
#else
#define strict_guard(state, owner, id, data, length) ((void)0)
#define strict_report_thing(env, id, address, ...) ((void)0)
#endif

#endif
