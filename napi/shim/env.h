/* Environments: module.c, env.c, agent.c, loop.c. */
#ifndef NAPI_ENV_H
#define NAPI_ENV_H

#include "model.h"

/* === module.c ===
 * One state per module object; nothing mutable is static. */

#define KEY_CACHE_SIZE 1024 /* a power of two */
struct key_cache_entry {
    const char *address; /* of the addon's string; never dereferenced alone */
    size_t length;
    PyObject *key; /* owned interned str */
};

/* === realm.c ===
 * A global object, and what is kept beside it. A Worker has its own, all other
 * threads have the main one. The built-in prototypes are the same in all. */
struct realm {
    PyObject *global; /* owned: globalThis, NULL until first needed */
    PyObject *slots;  /* owned: dict of what Python keeps in each realm, or NULL */
};

struct shim_state {
    PyObject *module; /* borrowed: the state is part of it */
    PyTypeObject *object_type, *array_type, *property_type, *function_type,
        *method_type, *accessor_type, *class_type, *instance_type,
        *symbol_type, *bigint_type, *external_type, *arraybuffer_type,
        *sharedarraybuffer_type, *view_type /* base */,
        *typedarray_type /* base */, *typed_types[VIEW_KINDS], *buffer_type,
        *dataview_type, *promise_type, *null_type, *builtin_type, *host_type,
        *proxy_type, *proxy_function_type;
    PyObject *null;    /* napi.null */
    PyObject *runtime; /* the module napi.runtime, NULL until first needed */
    PyObject *sides;   /* dict int(address) -> capsule of struct side */
    PyObject *pinned;  /* set of addresses in sides that are pinned */
    PyObject *symbols; /* dict: Symbol.for registry */
    PyObject *script_evaluator; /* callable or NULL */
    PyObject *async_hook; /* callable or NULL: napi.async_hooks */
    PyObject *job_binder; /* callable or NULL: see promise_bind() */
    PyObject *callback_wrapper; /* callable or NULL: see async_context.c */
    PyObject *callback_warning; /* callable or NULL: see threadsafe_queue.c */
    PyObject *rejection_tracker; /* callable or NULL, see rejection.c */
    PyObject *running_loop; /* asyncio's look-up, NULL until asyncio is in */
    PyObject *prototypes; /* dict static type -> prototype object */
    PyObject *made_prototypes; /* dict kind -> prototype: napi.runtime's */
    PyObject *modules; /* dict (dev, ino) -> capsule of napi_module */
    struct realm main; /* of every thread that is no Worker */
    PyObject *object_prototype; /* js_object, NULL until first needed */
    PyObject *reports; /* list of str: strict build */
    PyObject *str_prototype, *str_constructor, *str_length, *str_name,
        *str_message, *str_stack, *str_code, *str_call_hook,
        *str_construct_hook, *str_closed; /* interned */
    /* The owned references end here; see visit_state in module.c. */
    struct agent *agents;
    struct libuv *libuv; /* its functions, see libuv.c; NULL until needed */
    /* Those of the main realm, or NULL while there are Workers: who asks looks
     * no further where there is one realm only. */
    PyObject *global; /* borrowed */
    napi_env code;    /* of compiled JavaScript */
    napi_env main_code; /* retained; NULL until first needed */
    size_t workers;
    size_t last_agent;
    struct napi_env__ *envs; /* all open envs, newest first */
    struct pool *pool; /* threads for async work, NULL until first needed */
    double last_async_id;
    struct napi_ref__ *spare; /* freed references, linked by next */
    size_t spares;
    bool raise_reports; /* strict build: the outermost exit raises them */
    bool guards_finalizers; /* a breach ends the process, as in Node */
    bool subscribed;   /* to exit and to the garbage collector */
    unsigned long exit_thread; /* that ends the interpreter; 0: none yet */
    bool has_rejections; /* of promises that nobody looked at, then */
    bool collecting;   /* the garbage collector is at work */
    bool cancelling;   /* rejections are the end's doing, nobody is told */
    bool has_prototypes; /* a Python class has a prototype object */
#ifdef NAPI_STRICT
    struct track *track;   /* owned: what is alive, see track.c */
    struct strict *strict; /* owned, see strict_call.c */
    struct strict_threads *strict_threads; /* owned, see strict_thread.c */
    struct guard *guards;  /* owned, see strict_guard.c */
    struct watch *watch; /* owned, see watch.c */
    napi_ref quarantine[1024]; /* freed references, kept for a while */
    size_t quarantined;
    uint32_t last_env_id;
#endif
    struct key_cache_entry keys[KEY_CACHE_SIZE];
};

/* borrowed; NULL only for a type that is not ours */
struct shim_state *state_of_type(PyTypeObject *type);
/* borrowed; of an object whose type (or a base of it) is ours */
struct shim_state *state_of_object(PyObject *object);
/* new; attribute of napi.runtime, imported at first use; NULL: raised */
PyObject *state_lookup(struct shim_state *state, const char *name);
/* borrowed; the object, made by the runtime's factory at first use, see
 * module.c; NULL: raised */
PyObject *state_make(struct shim_state *state, PyObject **slot,
                     const char *factory);
/* borrowed; the same where there are Workers; NULL: raised */
PyObject *realm_global(struct shim_state *state);
/* borrowed; the env that stands for all compiled code; NULL: raised */
napi_env realm_code(struct shim_state *state);
int realm_init(PyObject *module, struct shim_state *state); /* functions */
/* borrowed; globalThis; NULL: raised */
PyObject *state_global(struct shim_state *state);
/* borrowed; Object.prototype; NULL: raised */
PyObject *state_object_prototype(struct shim_state *state);

/* Each file adds its types: 0 or -1 with an error raised. */
int object_init(PyObject *module, struct shim_state *state);
int array_init(PyObject *module, struct shim_state *state);
int property_init(PyObject *module, struct shim_state *state);
int function_init(PyObject *module, struct shim_state *state);
int class_init(PyObject *module, struct shim_state *state);
int symbol_init(PyObject *module, struct shim_state *state);
int bigint_init(PyObject *module, struct shim_state *state);
int external_init(PyObject *module, struct shim_state *state);
int arraybuffer_init(PyObject *module, struct shim_state *state);
int view_init(PyObject *module, struct shim_state *state);
int promise_init(PyObject *module, struct shim_state *state);
int singleton_init(PyObject *module, struct shim_state *state); /* null */
int reflect_init(PyObject *module, struct shim_state *state); /* functions */
int load_init(PyObject *module, struct shim_state *state);    /* functions */
int builtin_init(PyObject *module, struct shim_state *state);
int proxy_init(PyObject *module, struct shim_state *state);
void arraybuffer_detach(struct shim_state *state,
                        struct js_arraybuffer *buffer);
int resize_init(PyObject *module, struct shim_state *state); /* functions */
/* new; type from spec, added to the module under its name; NULL: raised */
PyTypeObject *module_add_type(PyObject *module, PyType_Spec *spec,
                              PyObject *bases /* borrowed or NULL */);

/* === env.c ===
 * An agent is one thread's worth of JavaScript: depth of native frames,
 * microtasks, finalizers waiting for a safe point. An env belongs to one agent.
 * Addon code runs only between frame_open and frame_close (or the gates built
 * on them), never with a Python exception raised, never inside a dealloc. */

struct job_queue {
    PyObject *list; /* owned: callables */
    Py_ssize_t next;
};

struct agent {
    struct shim_state *state;
    struct agent *next;
    unsigned long thread;
    size_t depth;                  /* native frames on this thread */
    struct napi_ref__ *queue_head; /* finalizers to run, oldest first */
    struct napi_ref__ *queue_tail;
    struct job_queue ticks, microtasks;
    PyObject *sticky; /* KeyboardInterrupt or SystemExit to raise at exit */
    PyObject *uncaught; /* to raise from the pump */
    bool draining;
    bool in_task; /* its jobs wait for its end */
    bool scheduled; /* a pending call will drain */
    /* The rest is the event loop's, see loop.c. */
    PyObject *immediates; /* owned list of callables */
    PyObject *loop; /* owned: the asyncio loop that runs our turns, or NULL */
    double deadline; /* monotonic seconds of the first timer; 0: none */
    size_t alive;      /* what keeps napi.run() going */
    size_t awaitables; /* Python awaitables that wait for an asyncio loop */
    size_t interested; /* sources of turns: functions, works, timers */
    size_t exits;      /* of outermost calls, to look for a loop at some */
    size_t pumping;    /* nested pumps */
    bool delivering;   /* a loop already runs: what returns is its callback */
    bool forked;       /* made before a fork, of another process */
    bool is_worker;    /* it has a realm of its own */
    bool ending;       /* a Worker's: no job runs any more */
    size_t id;         /* never another one's */
    size_t uses;       /* by envs and resources, those that ended among them */
    size_t functions;  /* atomic: threadsafe ones that are not freed */
    struct realm realm; /* of a Worker */
    napi_env code;      /* of its compiled JavaScript, retained, or NULL */
    PyObject *rejections; /* owned: promises to tell of; NULL: none so far */
    PyObject *rejection_tracker; /* owned: a Worker's own, or NULL */
    PyObject *posted; /* owned: what other threads give it to do, or NULL */
    struct uv_loop_s *uv; /* owned: what addons call libuv with, or NULL */
    double uv_deadline;   /* monotonic seconds of its next timer; 0: none */
    int uv_descriptor;
    bool uv_running;
    PyObject *poller; /* owned: called when its descriptor is ready, or NULL */
    int poller_descriptor;
    struct napi_threadsafe_function__ *threadsafe; /* all, newest first */
    struct napi_async_work__ *works; /* queued or running, newest first */
    struct napi_async_work__ *done, *done_tail; /* completed: with mutex */
    struct napi_async_work__ *taken; /* completed, and this turn's */
    struct napi_threadsafe_function__ *ready, *ready_tail; /* with mutex */
    size_t ready_count;
    pthread_mutex_t mutex;
    int wake_read, wake_write; /* descriptors, -1 until needed */
    int wanted;       /* atomic: a turn has something to do */
    int housekeeping; /* atomic: so has the next safe point */
    /* Of napi.async_hooks: ids of the running callback. */
    double execution_id, trigger_id;
    struct async_resource *execution_resource; /* a use of it; or NULL */
#ifdef NAPI_STRICT
    struct watch_call *call; /* the innermost call of an addon, or NULL */
#endif
};

#define NO_FRAME SIZE_MAX

struct napi_env__ {
    struct shim_state *state; /* borrowed: the module outlives its envs */
    struct agent *agent;
    /* One test in the preamble: pending, closing, or in a finalizer. */
    bool blocked;
    bool ending;       /* teardown has begun: async work is waited for */
    bool closing;      /* JavaScript cannot be called any more */
    bool closed;       /* torn down: only the struct is left */
    bool cut_off;      /* it ends in the middle of things: see env_close() */
    bool cancelling;   /* the close waits for async work: no more of it */
    bool forked;       /* of the parent process: not torn down at exit */
    bool in_finalizer; /* of a module with the experimental version */
    PyObject *pending; /* owned: the JavaScript exception value, or NULL */
    napi_extended_error_info last_error;
    const char *last_error_text; /* overrides the message of the code */
    int32_t version;             /* module's Node-API version */
    PyObject **arena; /* owned references to drop, see scope.c */
    size_t top, capacity;
    size_t withheld; /* of the capacity, from a guarded finalizer */
    size_t stale, stale_end; /* of a closed scope, not dropped yet; end or 0 */
    size_t frame_top; /* height at the start of the running callback, or
                         NO_FRAME */
    size_t open_scopes;
    size_t open_callback_scopes;
    size_t async_hooks; /* asynchronous cleanup hooks that have not finished */
    Py_ssize_t refcount; /* functions and classes keep the struct alive */
    struct napi_env__ *next, *previous;
    struct napi_ref__ *references; /* without finalizer, newest first */
    struct napi_ref__ *finalizing; /* with finalizer, newest first */
    struct cleanup_hook *hooks;    /* newest first */
    struct napi_ref__ *instance_data;
    PyObject *adopted; /* dict: native buffer -> view, see view.c; or NULL */
    PyObject *lent; /* dict like it: what threads may read still; or NULL */
    Py_ssize_t lent_limit; /* how many there may be before they are looked at */
    char *filename;    /* PyMem: file:// URL */
    int64_t external_memory;
    int64_t external_low; /* at the last collection, or less since */
    size_t counters[8]; /* see enum counter */
    PyObject *loaded; /* owned: counters_of() after the addon's init, or NULL */
#ifdef NAPI_STRICT
    struct strict_env *strict; /* owned, see strict.h */
    uint32_t id;               /* part of each handle */
#endif
};
enum counter {
    COUNT_REFERENCES,
    COUNT_WRAPS,
    COUNT_FINALIZERS,
    COUNT_EXTERNALS,
    COUNT_DEFERREDS,
    COUNT_HOOKS,
    COUNT_WORKS,   /* made and not deleted */
    COUNT_CONTEXTS /* of napi_async_init, not destroyed */
};

struct napi_callback_info__ {
    napi_env env;
    PyObject *receiver; /* borrowed; NULL: globalThis, made when asked for */
    PyObject *const *argv; /* borrowed */
    size_t argc;
    PyObject *new_target; /* borrowed; NULL: a plain call */
    void *data;
};

struct frame {
    size_t frame_top, open_scopes; /* of the caller, to come back to */
#ifdef NAPI_STRICT
    uint64_t began; /* where calls are traced */
    const void *callback; /* NULL: not known */
#endif
};

/* false: raised (wrong thread, env closed, recursion limit) */
bool frame_open(napi_env env, struct frame *frame);
/* new: result's value, undefined for NULL; NULL: raised (the pending exception
 * has crossed over). At depth 0 microtasks and finalizers are drained. */
PyObject *frame_close(napi_env env, struct frame *frame, napi_value result);
/* Drops the handles of a call that has returned; true: the frame serves another
 * one, since nothing is to be done between them. */
bool frame_renew(napi_env env);
/* new or NULL with an error raised: frame_open, callback, frame_close */
PyObject *env_call(napi_env env, napi_callback callback,
                   napi_callback_info info);
/* steals and returns result: what is to do when the last frame closes */
PyObject *env_leave(napi_env env, PyObject *result);
napi_env env_new(struct shim_state *state, const char *path, int32_t version);
void env_close(napi_env env); /* Node's teardown order; idempotent */
/* Addon code of the env is on a stack: it cannot be closed now. */
bool env_is_busy(napi_env env);
/* 1: another thread owns the env, and runs; -1 raised */
int env_is_foreign(napi_env env);
void env_retain(napi_env env);
void env_release(napi_env env);

/* === agent.c === */
struct agent *agent_current(struct shim_state *state); /* NULL: raised */
/* The thread has ended: frees what no env needs. */
void agent_free_ended(struct shim_state *state);
void agent_run_posted(struct agent *agent); /* see realm.c */
/* 0 or -1 raised; queues a callable (steals nothing) */
int agent_queue_microtask(struct agent *agent, PyObject *callable);
int agent_queue_tick(struct agent *agent, PyObject *callable);
/* Runs ticks, microtasks and finalizers, at a safe point. */
void agent_drain(struct agent *agent);
static inline bool
agent_has_jobs(struct job_queue *queue)
{
    return queue->next < PyList_GET_SIZE(queue->list);
}
static inline bool
agent_has_rejections(struct agent *agent)
{
    return agent->rejections != NULL &&
           PyList_GET_SIZE(agent->rejections) > 0;
}
static inline bool
agent_has_finalizers(struct agent *agent)
{
#ifdef NAPI_STRICT
    if (watch_runs_late(agent->state)) {
        return false;
    }
#endif
    return agent->queue_head != NULL;
}
static inline bool
agent_has_work(struct agent *agent)
{
    return agent_has_finalizers(agent) || agent_has_jobs(&agent->microtasks) ||
           agent_has_jobs(&agent->ticks) ||
           agent_has_rejections(agent) ||
           __atomic_load_n(&agent->housekeeping, __ATOMIC_ACQUIRE);
}
/* The raised exception has nobody to go to: it is an uncaught one. */
void agent_report(struct agent *agent);
/* true: KeyboardInterrupt, SystemExit or what the pump raises is waiting */
bool agent_is_interrupted(struct agent *agent);

/* Whether this is a daemon thread of an interpreter that ends: another thread
 * has torn its addons down. */
bool agent_is_left_over(struct shim_state *state);
void agent_call(struct agent *agent, PyObject *callable); /* a job */

/* === loop.c ===
 * A turn: timers, items of threadsafe functions and completed work, immediates;
 * jobs after each callback. Turns are run by an asyncio loop that watches the
 * wake-up descriptor, or by the pump of a program without one. */
void loop_init(struct agent *agent);
/* 0 or -1 raised: opens the wake-up descriptor; producers need it */
int loop_open(struct agent *agent);
/* After a fork, in the child: what producers of the parent held is dropped. */
void loop_forget(struct agent *agent);
void work_forget(struct agent *agent);
void threadsafe_forget(struct agent *agent);
void loop_close(struct agent *agent); /* no source of turns is left */
/* Any thread, without the GIL: a turn has something to do. */
void loop_wake(struct agent *agent);
/* At an outermost exit: the asyncio loop that runs now shall run our turns. */
void loop_attach(struct agent *agent);
/* A job was queued outside of any call: the running loop, or the last one, shall
 * run it. */
void loop_adopt(struct agent *agent);
/* Runs one native callback as a macrotask, in a frame of its own. */
void loop_run(napi_env env, void (*act)(napi_env env, void *arg), void *arg);
/* 0, or -1 raised: one turn */
int loop_turn(struct agent *agent);
/* always NULL: raises what interrupted a turn, see agent_is_interrupted() */
PyObject *loop_raise(struct agent *agent);
/* Without the GIL, until a wake-up or for some seconds. */
void loop_sleep(struct agent *agent, double seconds);
void loop_empty(struct agent *agent); /* reads the descriptor */
/* The libuv loop of a thread, where agent->uv is not NULL. */
bool libuv_is_alive(struct agent *agent); /* false where it is NULL */
void libuv_abandon(struct agent *agent);  /* no turn of it any more */
/* Whether it has requests that are not done: work, files, names, writes. */
bool libuv_has_requests(struct agent *agent);
void libuv_enter(struct agent *agent);    /* before an outermost call */
void libuv_leave(struct agent *agent);    /* after it */
void libuv_turn(struct agent *agent);
void libuv_settle(struct agent *agent); /* what was closed goes away */
void libuv_close_loop(struct agent *agent);
void libuv_forget(struct agent *agent); /* after a fork, in the child */
int libuv_init(PyObject *module, struct shim_state *state);
/* functions, of pump.c */
int pump_init(PyObject *module, struct shim_state *state);
/* seconds of the monotonic clock */
double loop_now(void);
/* How long the close of an env waits, in seconds: NAPI_CLOSE_TIMEOUT. */
double loop_close_limit(void);

#endif
