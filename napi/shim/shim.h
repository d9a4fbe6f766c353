/* The contract between the chapters of the shim: one header for a group of
 * them, whose sections follow the files and begin with what each keeps true.
 * They are included in this order. */
#ifndef NAPI_SHIM_H
#define NAPI_SHIM_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stddef.h>
#include <pthread.h>
#include <stdint.h>

#include "pycompat.h"

#define NAPI_EXPERIMENTAL
#define NODE_API_EXPERIMENTAL_BASIC_ENV_OPT_OUT /* one napi_env in here */
#include "watch.h"
#include "node_api.h"

#define UNDEFINED Py_None /* borrowed: JavaScript's undefined */
#define NAPI_STABLE_VERSION 10
#define MAX_SAFE_INTEGER 9007199254740991LL /* 2**53 - 1 */

#include "model.h"
#include "env.h"
#include "error.h"
#include "scope.h"
#include "property.h"
#include "object.h"
#include "function.h"
#include "view.h"
#include "builtin.h"
#include "async.h"
/* === the object model ===
 * A napi_value is a PyObject *. Plain Python objects are JavaScript values as
 * they are; what they cannot hold (wraps, tags, attributes, weak references
 * ...) lives in a `struct side`. Host-made objects carry the pointer to it
 * inline in `struct host`; for all others state->sides finds it by address. */

struct shim_state;
struct agent;

struct side {
    PyObject *prototype; /* owned; NULL: the default one; null: none */
    PyObject *table;     /* owned dict key -> js_property; NULL: none */
    PyObject *order;     /* owned dict key -> None, insertion order of all own
                            string keys once a table exists; NULL: dict order */
    PyObject *klass;     /* owned: the type this is the prototype object of */
    napi_type_tag *tag;  /* PyMem; NULL: not tagged */
    struct napi_ref__ *wrap;     /* the wrap among trackers, or NULL */
    struct napi_ref__ *trackers; /* weak references, wraps, finalizers */
    bool inextensible; /* Object.preventExtensions */
    bool frozen;       /* plain data in the dict/list/__dict__ is read-only
                          and fixed */
    bool sealed;       /* plain data is fixed */
    bool length_fixed; /* of an array: its length is read-only */
    /* Only for objects that are not host-made: */
    PyObject *object; /* owned when pinned, else borrowed */
    PyObject *weakref;
    PyObject *token; /* owned capsule: the weakref callback's way back */
    bool pinned; /* object cannot be weakly referenced: swept by refcount */
};

struct host {
    struct side *side; /* owned; NULL until first needed */
    PyObject *weaklist;
};

/* napi.Object: plain writable, enumerable, configurable data properties with
 * string keys live in the dict (array-index keys as strings: "1"); every other
 * own property lives in side->table as a js_property. */
struct js_object {
    PyDictObject dict;
    struct host host;
};

/* napi.Array: elements in the list, a hole holds None and has its bit set. */
struct js_array {
    PyListObject list;
    struct host host;
    uint8_t *holes; /* PyMem bitmap of holes_size bits, those from the list's
                       size on are 0; NULL: no holes */
    Py_ssize_t holes_size;
    Py_ssize_t holes_count; /* of set bits; at 0 the bitmap goes */
};

/* An entry of side->table. A data property has value and no getter/setter. */
struct js_property {
    PyObject_HEAD
    PyObject *value;  /* NULL: accessor */
    PyObject *getter; /* callable or NULL */
    PyObject *setter; /* callable or NULL */
    int attributes;   /* napi_writable | napi_enumerable | napi_configurable */
};

/* napi.Function: a native callback. `this` is given by the caller. */
struct js_function {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    napi_env env; /* strong: env_retain */
    napi_callback callback;
    void *data;
    PyObject *name; /* str, never NULL */
    PyTypeObject *receiver; /* owned; methods of a class: required type of
                               `this`; NULL: any */
    struct host host;
    /* Of a function compiled from JavaScript: see js_function.c. */
    PyObject *code;   /* owned Python function; NULL: native */
    PyObject *home;   /* owned: where `super` looks things up, or NULL */
    PyObject *info;   /* owned tuple: what the compiler says about it */
    PyObject *fields; /* owned: makes the fields of a class's instances */
    unsigned flags;   /* enum js_flags */
    int limit;        /* of positional arguments; -1: none */
    int length;
};

/* What a class keeps in its type: LOAD_METHOD passes self as first argument,
 * which becomes `this`. Also the result of Function.bind(). */
struct js_method {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    struct shim_state *state; /* borrowed: its module outlives us */
    PyObject *function;       /* js_function or any callable */
    PyObject *bound;    /* NULL: first positional argument is `this` */
    bool is_static;
    PyObject *weaklist;
};

/* Data descriptor of a class accessor. */
struct js_accessor {
    PyObject_HEAD
    PyObject *getter, *setter; /* js_function or callable; NULL: none */
    PyObject *name;
    bool is_static; /* of the constructor */
    bool is_shared; /* both the constructor and the prototype have a property
                       of this name: look it up, getter and setter are NULL */
    struct shim_state *state; /* borrowed: the type keeps it */
};

/* napi.Class, the metaclass of addon classes: a real Python type. */
struct js_class {
    PyHeapTypeObject type;
    napi_env env; /* NULL: made by a class statement in Python */
    napi_callback callback;
    void *data;
    struct host host; /* own properties of the constructor: statics */
    PyObject *constructor; /* js_function of compiled code, or NULL */
    PyObject *prototype; /* js_object; NULL until first asked for (Python
                            subclasses) */
};

/* napi.Instance: base of all instances of addon classes. Own plain data
 * properties live in dict (tp_dictoffset), so generic attribute access works. */
struct js_instance {
    PyObject_HEAD
    PyObject *dict;
    struct host host;
};

struct js_symbol {
    PyObject_HEAD
    PyObject *description; /* str or NULL */
    bool registered;       /* Symbol.for */
    struct host host;
};

/* napi.Builtin: a function of the runtime, see builtin.c */
struct js_builtin {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *function;  /* what does the work, any callable */
    PyObject *construct; /* owned: `new`, given new.target as this; or NULL */
    PyObject *name;      /* str */
    size_t needed, taken; /* positional arguments: at least, at most */
    bool takes_this;      /* function has `this` as its first argument */
    struct host host;
};

/* A Proxy, of one of two types; revoked: both NULL. */
struct js_proxy {
    PyObject_HEAD
    PyObject *target, *handler; /* owned */
    struct host host;
};

struct js_external {
    PyObject_HEAD
    void *data;
    struct host host;
};

/* napi.ArrayBuffer, napi.SharedArrayBuffer. data is stable until detach. */
struct js_arraybuffer {
    PyObject_VAR_HEAD
    char *data; /* inline_data, or memory of owner, or external */
    size_t length;
    PyObject *owner;   /* what keeps data alive (js_view, memoryview) or NULL */
    Py_ssize_t exports; /* live Py_buffer views: detach is refused */
    bool shared, detached, external, allocated /* data is PyMem_Raw */;
    bool resizable;  /* length goes up to capacity */
    size_t capacity; /* of data, where resizable */
    struct host host;
    max_align_t inline_data[];
};

/* Typed arrays, Buffer and DataView. */
struct js_view {
    PyObject_VAR_HEAD
    char *data; /* NULL once its buffer is detached: ask view_data() */
    size_t byte_offset;
    size_t length; /* elements; DataView: bytes */
    int kind;      /* napi_typedarray_type, or VIEW_DATAVIEW */
    PyObject *buffer; /* js_arraybuffer: owned, or (inline storage) borrowed
                         and cleared by its dealloc; NULL: not made yet */
    bool owns_buffer;
    bool tracking; /* as long as its resizable buffer: ask view_length() */
    Py_ssize_t exports;
    Py_ssize_t shape[1], strides[1]; /* for Py_buffer */
    struct host host;
    max_align_t inline_data[];
};
#define VIEW_DATAVIEW (-1)
#define VIEW_KINDS 12 /* napi_int8_array .. napi_float16_array */

/* === module.c ===
 * One state per module object; nothing mutable is static. */

#define KEY_CACHE_SIZE 1024 /* a power of two */
struct key_cache_entry {
    const char *address; /* of the addon's string; never dereferenced alone */
    size_t length;
    PyObject *key; /* owned interned str */
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
    PyObject *rejection_tracker; /* callable or NULL, see rejection.c */
    PyObject *rejections; /* list of promises to tell of; NULL: no tracker */
    PyObject *callback_warning; /* callable or NULL: see threadsafe_queue.c */
    struct libuv *libuv; /* its functions, see libuv.c; NULL until needed */
    PyObject *running_loop; /* asyncio's look-up, NULL until asyncio is in */
    PyObject *prototypes; /* dict static type -> prototype object */
    PyObject *modules; /* dict (dev, ino) -> capsule of napi_module */
    PyObject *global;  /* globalThis, NULL until first needed */
    PyObject *object_prototype; /* js_object, NULL until first needed */
    PyObject *reports; /* list of str: strict build */
    PyObject *str_prototype, *str_constructor, *str_length, *str_name,
        *str_message, *str_stack, *str_code, *str_call_hook,
        *str_construct_hook, *str_closed; /* interned */
    /* The owned references end here; see visit_state in module.c. */
    napi_env realm; /* of compiled JavaScript; NULL until first needed */
    struct agent *agents;
    struct napi_env__ *envs; /* all open envs, newest first */
    struct pool *pool; /* threads for async work, NULL until first needed */
    double last_async_id;
    struct napi_ref__ *spare; /* freed references, linked by next */
    size_t spares;
    bool raise_reports; /* strict build: the outermost exit raises them */
    bool guards_finalizers; /* a breach ends the process, as in Node */
    bool subscribed;   /* to exit and to the garbage collector */
    bool has_rejections; /* of promises that nobody looked at, then */
    bool collecting;   /* the garbage collector is at work */
    bool cancelling;   /* rejections are the end's doing, nobody is told */
    bool has_prototypes; /* a Python class has a prototype object */
#ifdef NAPI_STRICT
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
    bool forked;       /* made before a fork, of another process */
    struct uv_loop_s *uv; /* owned: what addons call libuv with, or NULL */
    double uv_deadline;   /* monotonic seconds of its next timer; 0: none */
    int uv_descriptor;
    bool uv_running;
    struct napi_threadsafe_function__ *threadsafe; /* all, newest first */
    struct napi_async_work__ *works; /* queued or running, newest first */
    struct napi_async_work__ *done, *done_tail; /* completed: with mutex */
    struct napi_threadsafe_function__ *ready, *ready_tail; /* with mutex */
    size_t ready_count;
    pthread_mutex_t mutex;
    int wake_read, wake_write; /* descriptors, -1 until needed */
    int wanted;       /* atomic: a turn has something to do */
    int housekeeping; /* atomic: so has the next safe point */
    /* Of napi.async_hooks: ids of the running callback. */
    double execution_id, trigger_id;
    PyObject *execution_resource; /* owned; NULL: none of an addon's */
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
    char *filename;    /* PyMem: file:// URL */
    int64_t external_memory;
    int64_t external_low; /* at the last collection, or less since */
    size_t counters[8]; /* see enum counter */
#ifdef NAPI_STRICT
    uint32_t *generations; /* one per arena slot */
    uint32_t id;           /* part of each handle */
#endif
};
enum counter {
    COUNT_REFERENCES,
    COUNT_WRAPS,
    COUNT_FINALIZERS,
    COUNT_EXTERNALS,
    COUNT_DEFERREDS,
    COUNT_HOOKS
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
};

/* false: raised (wrong thread, env closed, recursion limit) */
bool frame_open(napi_env env, struct frame *frame);
/* new: result's value, undefined for NULL; NULL: raised (the pending exception
 * has crossed over). At depth 0 microtasks and finalizers are drained. */
PyObject *frame_close(napi_env env, struct frame *frame, napi_value result);
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
/* 0 or -1 raised; queues a callable (steals nothing) */
int agent_queue_microtask(struct agent *agent, PyObject *callable);
int agent_queue_tick(struct agent *agent, PyObject *callable);
/* Runs ticks, microtasks and finalizers, at a safe point. */
void agent_drain(struct agent *agent);
bool agent_has_work(struct agent *agent);
/* The raised exception has nobody to go to: it is an uncaught one. */
void agent_report(struct agent *agent);
/* true: KeyboardInterrupt, SystemExit or what the pump raises is waiting */
bool agent_is_interrupted(struct agent *agent);
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

/* === error.c ===
 * Two domains, one crossing: inside the shim the Python error indicator is
 * clear whenever addon code runs; what a JavaScript caller would see is
 * env->pending. */

static inline napi_status
error_set(napi_env env, napi_status status)
{
    env->last_error.error_code = status;
    env->last_error_text = NULL;
    return status;
}

static inline napi_status
error_clear(napi_env env)
{
    return error_set(env, napi_ok);
}

/* status with a text of our own in last_error (static string) */
napi_status error_set_text(napi_env env, napi_status status, const char *text);
/* raised Python exception -> env->pending; napi_pending_exception */
napi_status error_from_python(napi_env env);
/* the same, but answers (and records) another status */
napi_status error_from_python_as(napi_env env, napi_status status);
/* env->pending -> raised Python exception */
void error_to_python(napi_env env);
/* steals value; sets env->pending unless one is there already */
void error_pend(napi_env env, PyObject *value);
/* a finalizer of the experimental version uses the heap: ends the process
 * where state->guards_finalizers, else the strict build reports it */
void finalizer_breach(napi_env env, const char *function);
/* what the preamble answers when env->blocked: napi_ok to go on */
napi_status error_blocked(napi_env env, const char *function);
/* new exception instance of napi.runtime's `type` ("TypeError") with code
 * (NULL: none); NULL: raised */
PyObject *error_new(struct shim_state *state, const char *type,
                    const char *code, PyObject *message /* borrowed */);
/* raises it; always NULL */
PyObject *error_raise(struct shim_state *state, const char *type,
                      const char *code, const char *format, ...);
/* pends it in env */
void error_throw(napi_env env, const char *type, const char *code,
                 const char *format, ...);
/* new: the JavaScript value of an exception instance (Thrown -> its value) */
PyObject *error_value(struct shim_state *state, PyObject *exception);
/* raises a JavaScript value: exceptions as they are, others as napi.Thrown */
void error_raise_value(struct shim_state *state, PyObject *value);
#ifdef NAPI_STRICT
/* === strict.c === records a report: "napi_x: what" with the place; the
 * outermost exit raises StrictError */
void strict_report(napi_env env, const char *format, ...);
/* steals and returns result; NULL: StrictError raised */
PyObject *strict_leave(napi_env env, PyObject *result);
bool strict_hold(napi_ref reference); /* true: kept to detect later use */
#endif

#ifdef NAPI_STRICT
bool handle_ok(napi_env env, napi_value handle);
bool reference_ok(napi_env env, napi_ref reference); /* false: freed */
#else
static inline bool
reference_ok(napi_env env, napi_ref reference)
{
    (void)env;
    return reference != NULL;
}

static inline bool
handle_ok(napi_env env, napi_value handle)
{
    (void)env;
    return handle != NULL;
}
#endif

/* === the five macros: each returns === */
#define CHECK_ENV(env)                                                        \
    do {                                                                      \
        if ((env) == NULL) {                                                  \
            return napi_invalid_arg;                                          \
        }                                                                     \
    } while (0)
#define CHECK(env, condition, status)                                         \
    do {                                                                      \
        if (!(condition)) {                                                   \
            return error_set((env), (status));                                \
        }                                                                     \
    } while (0)
/* not NULL; in the strict build handles and references must also be alive */
#define CHECK_ARG(env, arg)                                                   \
    CHECK((env),                                                              \
          _Generic((arg),                                                     \
              napi_value: handle_ok((env), (napi_value)(uintptr_t)(arg)),     \
              napi_ref: reference_ok((env), (napi_ref)(uintptr_t)(arg)),      \
              default: (arg) != NULL),                                        \
          napi_invalid_arg)
/* false: the raised Python exception becomes the pending one */
#define CHECK_PY(env, ok)                                                     \
    do {                                                                      \
        if (!(ok)) {                                                          \
            return error_from_python(env);                                    \
        }                                                                     \
    } while (0)
#define NAPI_PREAMBLE(env)                                                    \
    do {                                                                      \
        CHECK_ENV(env);                                                       \
        if ((env)->blocked) {                                                 \
            napi_status blocked_status_ = error_blocked(env, __func__);       \
            if (blocked_status_ != napi_ok) {                                 \
                return blocked_status_;                                       \
            }                                                                 \
        }                                                                     \
        error_clear(env);                                                     \
    } while (0)

/* === scope.c ===
 * A napi_value is a PyObject * kept alive by the innermost open scope, or by
 * whoever holds it for longer (arguments, singletons). The arena holds just the
 * references to drop. In the strict build a napi_value is a tagged index. */

#ifdef NAPI_STRICT
PyObject *value_of(napi_env env, napi_value handle); /* borrowed */
/* the same, also where the scope was just closed: what a callback returns */
PyObject *scope_result(napi_env env, napi_value handle);
napi_value scope_borrow(napi_env env, PyObject *value);
napi_value strict_handle(napi_env env, size_t slot);
#else
static inline PyObject * /* borrowed; the handle was checked not NULL */
value_of(napi_env env, napi_value handle)
{
    (void)env;
    return (PyObject *)handle;
}

#define scope_result value_of

static inline napi_value
scope_borrow(napi_env env, PyObject *value /* outlives every scope */)
{
    (void)env;
    return (napi_value)value;
}
#endif

/* false: out of memory, MemoryError raised; only in the strict build */
static inline bool
scope_lend(napi_env env, PyObject *value /* outlives every scope */,
           napi_value *result)
{
    *result = scope_borrow(env, value);
#ifdef NAPI_STRICT
    return *result != NULL;
#else
    return true;
#endif
}

bool scope_grow(napi_env env); /* false: out of memory, MemoryError raised */

/* NULL: out of memory, value dropped, MemoryError raised */
static inline napi_value
scope_push(napi_env env, PyObject *value /* steals */)
{
#ifndef NAPI_STRICT
    if (env->top < env->capacity || scope_grow(env)) {
        env->arena[env->top++] = value;
        return (napi_value)value;
    }
    Py_DECREF(value);
    return NULL;
#else
    napi_value handle = scope_borrow(env, value);
    Py_DECREF(value);
    return handle;
#endif
}

/* The end of most functions: NULL -> the raised exception is pending. */
static inline napi_status
scope_return(napi_env env, PyObject *value /* steals */, napi_value *result)
{
    if (value == NULL) {
        return error_from_python(env);
    }
    napi_value handle = scope_push(env, value);
    if (handle == NULL) {
        return error_from_python(env);
    }
    *result = handle;
    return error_clear(env);
}
void scope_drop(napi_env env, size_t top); /* releases all above top */
void scope_settle(napi_env env); /* releases what a closed scope left */

/* === reference.c, finalizer.c, wrap.c ===
 * A napi_ref__ tracks an object: a reference, a wrap or a finalizer. While
 * count is 0 value is borrowed, and the death of the object (side_free) sets it
 * to NULL and, where there is a finalizer, queues the tracker. Exactly once. */

struct napi_ref__ {
    napi_env env; /* NULL once deleted (strict build) */
    struct napi_ref__ *next, *previous; /* env list */
    struct napi_ref__ *side_next;       /* list of the object's side */
    struct napi_ref__ *queue_next, *queue_previous;
    struct side *side;  /* borrowed, NULL once the object is dead */
    PyObject *value;    /* owned while count > 0, else borrowed or NULL */
    PyObject *pin;      /* owned: adopted view of a native buffer, or NULL */
    uint32_t count;
    bool user_owned;    /* freed by napi_delete_reference, else by itself */
    bool queued, weakable;
    bool posted; /* by the addon: no object died */
    bool listed_finalizing; /* in env->finalizing, else env->references */
    napi_finalize finalize; /* NULL: none */
    void *data, *hint;
};

/* new tracker or NULL with an error raised */
napi_ref reference_new(napi_env env, PyObject *value, uint32_t count,
                       bool user_owned, napi_finalize finalize, void *data,
                       void *hint);
void reference_free(napi_ref reference); /* unlinks everywhere, then frees */
void reference_spend(napi_ref reference); /* its finalizer will not run */
void finalizer_queue(napi_ref reference); /* the object died */
/* What was queued runs now, or soon where this is no safe point. */
void finalizer_settle(struct shim_state *state);
void finalizer_run_basic(struct agent *agent); /* what a collection runs */
void finalizer_unqueue(napi_ref reference);
void finalizer_run(napi_ref reference);   /* at a safe point */
void finalizer_sweep(struct shim_state *state); /* pinned objects */
/* Runs finalize(env, data, hint) for memory that is not tied to an object's
 * tracker, at the next safe point; 0 or -1 raised. */
int finalizer_post(napi_env env, napi_finalize finalize, void *data,
                   void *hint);

/* === side.c === */

struct host *host_slow(struct shim_state *state, PyObject *object);
/* borrowed; NULL: not host-made */
static inline struct host *
host_of(struct shim_state *state, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type == state->object_type) {
        return &((struct js_object *)object)->host;
    }
    if (Py_TYPE(type) == state->class_type) {
        return &((struct js_instance *)object)->host;
    }
    return host_slow(state, object);
}
/* borrowed; NULL: there is none (no error) */
struct side *side_of(struct shim_state *state, PyObject *object);
/* borrowed; made when missing; NULL: raised (MemoryError) */
struct side *side_make(struct shim_state *state, PyObject *object);
/* from tp_dealloc (first thing): the object's trackers learn of its death */
void side_free(struct side *side);
int side_traverse(struct side *side, visitproc visit, void *arg);
void side_clear(struct side *side); /* prototype, table, order, klass */

/* === property.c and its parts, property_keys.c, property_visit.c,
 * prototype.c ===
 * The only way from C to the properties of any value. Keys are str, Symbol,
 * or int; property_key makes one of any value. 1 done, 0 refused or absent,
 * -1 raised. Values that are neither undefined nor null are all welcome. */

/* new: str or Symbol (index keys as decimal str); NULL: raised */
PyObject *property_key(struct shim_state *state, PyObject *value);
/* new; undefined where there is none; NULL: raised */
PyObject *property_get(struct shim_state *state, PyObject *object,
                       PyObject *key);
PyObject *property_get_index(struct shim_state *state, PyObject *object,
                             uint32_t index);
/* The same by an exact key, where getters get another receiver. */
PyObject *property_get_as(struct shim_state *state, PyObject *object,
                          PyObject *key, PyObject *receiver);
int property_set(struct shim_state *state, PyObject *object, PyObject *key,
                 PyObject *value);
int property_set_index(struct shim_state *state, PyObject *object,
                       uint32_t index, PyObject *value);
int property_has(struct shim_state *state, PyObject *object, PyObject *key);
int property_has_own(struct shim_state *state, PyObject *object,
                     PyObject *key);
int property_delete(struct shim_state *state, PyObject *object,
                    PyObject *key);
/* An own property as a js_property: 1 and new, 0 absent, -1 raised. */
int property_own(struct shim_state *state, PyObject *object, PyObject *key,
                 struct js_property **result);
/* [[DefineOwnProperty]] with all fields given. */
int property_define(struct shim_state *state, PyObject *object, PyObject *key,
                    struct js_property *property /* borrowed */);
/* new js_property; NULL: raised. Borrows all. */
struct js_property *property_new(struct shim_state *state, PyObject *value,
                                 PyObject *getter, PyObject *setter,
                                 int attributes);
/* tp_setattro of anything of ours: a refusal raises. 0 or -1 */
int property_assign(struct shim_state *state, PyObject *object,
                    PyObject *name, PyObject *value);
/* One descriptor of an addon: napi_ok, or Node's status for the refusal.
 * receiver: methods check their `this` against it; NULL: they do not. */
napi_status property_define_one(napi_env env, PyObject *object,
                                const napi_property_descriptor *descriptor,
                                PyTypeObject *receiver);
/* What property_own has found, before it is a js_property: value, or getter
 * and setter, or a descriptor of a Python class (owner) that needs an instance.
 * All owned. */
struct property_slot {
    PyObject *value, *getter, *setter, *descriptor;
    PyTypeObject *owner;
    int attributes;
    bool is_probe; /* in: only whether there is one counts, see proxies */
};
enum property_kind {
    KIND_OBJECT,    /* js_object */
    KIND_INSTANCE,  /* js_instance */
    KIND_ARRAY,     /* js_array */
    KIND_FUNCTION,  /* js_function */
    KIND_CLASS,     /* js_class */
    KIND_VIEW,      /* typed arrays and native buffers: elements */
    KIND_BYTES,     /* array buffers and DataView: no elements */
    KIND_HOST,      /* other host-made objects: a table and nothing else */
    KIND_PROXY,     /* its handler decides */
    KIND_DICT,      /* dict that looks items up as dict does */
    KIND_MAPPING,   /* any other mapping */
    KIND_LIST,      /* list, tuple */
    KIND_STRING,    /* str */
    KIND_PRIMITIVE, /* all other primitives */
    KIND_ERROR,     /* exceptions; this and what follows: attributes */
    KIND_TYPE,      /* a Python type that is no js_class */
    KIND_CALLABLE,  /* any other callable */
    KIND_ANY        /* any other object */
};
enum property_kind property_kind_of(struct shim_state *state,
                                    PyObject *object);
void property_slot_clear(struct property_slot *slot);
/* Own property by exact str or Symbol: 1 found, 0 absent (slot is empty),
 * -1 raised. */
int property_find_own(struct shim_state *state, PyObject *object,
                      enum property_kind kind, PyObject *key,
                      struct property_slot *slot);
/* The parts of it that are files of their own: */
int property_find_dict(struct shim_state *state, PyObject *object,
                       PyObject *key, struct property_slot *slot);
bool property_is_mapping(PyObject *object); /* not a dict: keys(), items */
int property_find_mapping(PyObject *object, PyObject *key,
                          struct property_slot *slot);
int property_find_element(struct shim_state *state, PyObject *object,
                          enum property_kind kind, PyObject *key,
                          struct property_slot *slot);
int property_find_attribute(struct shim_state *state, PyObject *object,
                            enum property_kind kind, PyObject *key,
                            struct property_slot *slot);
int property_find_klass(struct shim_state *state, PyTypeObject *klass,
                        PyObject *key, struct property_slot *slot);
/* As Python's attribute look-up finds it: own, of the class, computed. */
int property_find_python(struct shim_state *state, PyObject *object,
                         enum property_kind kind, PyObject *key,
                         struct property_slot *slot);
/* The property that an entry of a type's dict stands for; 1 or 0 */
int property_find_raw(struct shim_state *state, PyTypeObject *klass,
                      PyObject *raw, struct property_slot *slot);
int property_find_table(struct side *side, PyObject *key,
                        struct property_slot *slot);
/* length, byteLength ... of buffers and views, which are not own */
int property_find_geometry(struct shim_state *state, PyObject *object,
                           PyObject *key, struct property_slot *slot);
/* The property as any object of the prototype chain has it. */
int property_find_inherited(struct shim_state *state, PyObject *object,
                            enum property_kind kind, PyObject *key,
                            struct property_slot *slot);
/* new; NULL: raised */
PyObject *property_slot_get(struct shim_state *state,
                            struct property_slot *slot, PyObject *receiver);
/* Attributes of plain data in a container of this side (may be NULL). */
int property_plain_attributes(struct side *side);
bool property_is_extensible(struct shim_state *state, PyObject *object);
/* Puts plain data into an object whatever its prototypes say: 1, 0 there is
 * no place, -1 raised. */
int property_store(struct shim_state *state, PyObject *object,
                   enum property_kind kind, PyObject *key, PyObject *value);
/* The same in Python's own containers; value NULL: deletes an item. The last
 * answers -2 for what belongs into the table. */
int property_store_dict(PyObject *object, PyObject *key, PyObject *value);
int property_store_mapping(PyObject *object, PyObject *key, PyObject *value);
int property_store_element(struct shim_state *state, PyObject *object,
                           enum property_kind kind, PyObject *key,
                           PyObject *value);
/* Puts it into side->table (steals nothing); 1 or -1 raised */
int property_put(struct shim_state *state, PyObject *object,
                 enum property_kind kind, PyObject *key,
                 struct js_property *property);
/* Takes an own property that is there away: 1, 0 refused, -1 raised. */
int property_remove(struct shim_state *state, PyObject *object,
                    enum property_kind kind, PyObject *key);
/* always -1: TypeError "a Python dict cannot <what>" that names napi.Object or
 * napi.Array as the remedy */
int property_refuse_native(struct shim_state *state, PyObject *object,
                           const char *what);
/* new js_property of the slot; NULL: raised */
struct js_property *property_from_slot(struct shim_state *state,
                                       struct property_slot *slot);
/* new js_array of keys; NULL: raised */
PyObject *property_keys(struct shim_state *state, PyObject *object,
                        napi_key_collection_mode mode, napi_key_filter filter,
                        napi_key_conversion conversion);
/* The own keys of any value, indexes (int or str), strings and symbols in no
 * order but each kind's own; the visitor must not run Python code. 0 or -1. */
typedef int (*property_visitor)(void *context, PyObject *key, int attributes);
int property_visit(struct shim_state *state, PyObject *object,
                   property_visitor visitor, void *context);
int property_freeze(struct shim_state *state, PyObject *object);
int property_seal(struct shim_state *state, PyObject *object);
int property_prevent_extensions(struct shim_state *state, PyObject *object);
/* new: the prototype, napi.null at the end of the chain; NULL: raised */
PyObject *prototype_get(struct shim_state *state, PyObject *object);
int prototype_set(struct shim_state *state, PyObject *object,
                  PyObject *prototype);
/* new: the prototype object of a Python type or addon class; NULL: raised */
PyObject *prototype_of_type(struct shim_state *state, PyTypeObject *type);
extern PyMethodDef reflect_value_functions[]; /* of reflect_value.c */
/* Between prototype.c and prototype_type.c: new, the runtime's prototype of a
 * kind of value; the kind of a type (NULL: it has an object of its own); its
 * first base, borrowed; new, Error.prototype */
PyObject *prototype_builtin(struct shim_state *state, const char *kind);
const char *prototype_kind_of_type(struct shim_state *state,
                                   PyTypeObject *type);
PyTypeObject *prototype_base(PyTypeObject *type);
PyObject *prototype_of_errors(struct shim_state *state);
/* 1 and new: the prototype object that a Python type has already; 0, -1 */
int prototype_find_made(struct shim_state *state, PyTypeObject *type,
                        PyObject **prototype);
/* ToObject of the property functions: napi_ok and borrowed target, or
 * napi_invalid_arg (NULL), napi_object_expected with a TypeError pending */
napi_status property_target(napi_env env, napi_value object,
                            PyObject **target);

/* === object.c, array.c, value_*.c === */

PyObject *object_new(struct shim_state *state); /* new js_object */
#define ARRAY_LIMIT ((size_t)1 << 26) /* elements: arrays are dense */
PyObject *array_new(struct shim_state *state, Py_ssize_t length); /* new, all
                                                                     holes */
int array_set(struct shim_state *state, struct js_array *array, size_t index,
              PyObject *value); /* grows; 0 or -1 raised */
bool array_is_hole(struct js_array *array, Py_ssize_t index);
/* Array.length = n: cuts, or adds holes; 0 or -1 raised. Like array_set it does
 * not ask whether the array is frozen. */
int array_set_length(struct shim_state *state, struct js_array *array,
                     size_t length);

/* How Python sees the properties of a js_object: 1 and new value, 0, -1. Own
 * ones and those of a prototype that is not the default one. */
int object_find(PyObject *self, PyObject *key, PyObject **value);
/* 1 where any object, or a prototype of its own choice (not the default one),
 * has the property */
int object_has_special(struct shim_state *state, PyObject *self,
                       PyObject *key);
/* value NULL: deletes. Refusals raise TypeError, absence KeyError. 0 or -1. */
int object_assign(PyObject *self, PyObject *key,
                  PyObject *value /* borrowed */);
/* dict.update for js_objects: mapping or iterable of pairs; 0 or -1 */
int object_merge(PyObject *self, PyObject *other);
/* new list of the own enumerable string keys in JavaScript's order */
PyObject *object_keys(PyObject *self);
/* true: the dict holds all there is, in the right order */
bool object_is_plain(PyObject *self);
/* Attribute access of js_object and js_array: property, then type. New. */
PyObject *object_attribute(struct shim_state *state, PyObject *self,
                           PyObject *name);
/* name is a Python protocol name: __x__ */
bool object_is_dunder(PyObject *name);
/* method __dir__ of both; new list */
PyObject *object_dir(PyObject *self, PyObject *unused);
/* new: "#<Object>" as V8 names a receiver */
PyObject *object_describe(struct shim_state *state, PyObject *object);
/* always -1: raises V8's TypeError for a refused assignment or deletion of
 * any object's property */
int object_refuse_set(struct shim_state *state, PyObject *object,
                      PyObject *key);
int object_refuse_delete(struct shim_state *state, PyObject *object,
                         PyObject *key);
/* always NULL: raises KeyError(key), also for a tuple */
PyObject *object_raise_missing(PyObject *key);
void array_drop_holes(struct js_array *array);
void array_fill_hole(struct js_array *array, Py_ssize_t index);
/* bits only: the elements are None already; 0 or -1 raised */
int array_make_holes(struct js_array *array, Py_ssize_t first,
                     Py_ssize_t end);
/* 0, or -1 with TypeError: Python code may not change the elements so */
int array_check(PyObject *self, bool grows, bool shrinks);
extern PyMethodDef array_methods[]; /* of array_method.c */
PyObject *array_subscript(PyObject *self, PyObject *key);
int array_assign(PyObject *self, PyObject *key, PyObject *value);
int array_assign_item(PyObject *self, Py_ssize_t index, PyObject *value);
int array_assign_named(PyObject *self, PyObject *key, PyObject *value);
PyObject *array_inplace_concat(PyObject *self, PyObject *other);
PyObject *array_inplace_repeat(PyObject *self, Py_ssize_t times);
extern PyMethodDef object_methods[]; /* of object_method.c */
PyObject *object_iter(PyObject *self);
PyObject *object_repr(PyObject *self);
PyObject *object_or(PyObject *left, PyObject *right);
PyObject *object_inplace_or(PyObject *self, PyObject *other);
PyObject *object_getattro(PyObject *self, PyObject *name);
int object_setattro(PyObject *self, PyObject *name, PyObject *value);

PyObject *number_from_double(double value); /* new, canonical */
/* true and the double of a number value; false: not a JavaScript number */
bool number_as_double(struct shim_state *state, PyObject *value,
                      double *result);
PyObject *number_to_string(double value); /* new str, ECMA-262 */
bool number_is(struct shim_state *state, PyObject *value);
bool bigint_is(struct shim_state *state, PyObject *value);
PyObject *bigint_from_long(struct shim_state *state,
                           PyObject *value /* borrowed int */); /* new */
/* new interned str for an addon's C string, cached by address; length may be
 * NAPI_AUTO_LENGTH; NULL: raised */
PyObject *string_key(struct shim_state *state, const char *utf8,
                     size_t length);
/* new str: invalid UTF-8 becomes U+FFFD; length may be NAPI_AUTO_LENGTH */
PyObject *string_from_utf8(const char *utf8, size_t length);
/* napi_invalid_arg as Node's argument rules for (text, length) say */
bool string_arguments_ok(const void *text, size_t length);
/* 1 and the index if str is a canonical array index (< 2**32 - 1) */
bool string_as_index(PyObject *string, uint32_t *index);
Py_ssize_t string_length(PyObject *string); /* in UTF-16 units */
PyObject *string_unit_at(PyObject *string, uint32_t index); /* new str */
PyObject *symbol_new(struct shim_state *state,
                     PyObject *description /* borrowed or NULL */); /* new */
/* new: Symbol.iterator and the like, by name "iterator" */
PyObject *symbol_well_known(struct shim_state *state, const char *name);
PyObject *external_new(struct shim_state *state, void *data); /* new */

/* numpy.bool and the like */
bool compare_is_foreign_bool(PyTypeObject *type);
napi_valuetype compare_typeof(struct shim_state *state, PyObject *value);
bool compare_is_object_slow(struct shim_state *state, PyObject *value);
/* object, function or external */
static inline bool
compare_is_object(struct shim_state *state, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    return type == state->object_type || Py_TYPE(type) == state->class_type ||
           compare_is_object_slow(state, value);
}
int compare_strict(struct shim_state *state, PyObject *a, PyObject *b);
/* 1, 0, -1 raised */
int compare_instanceof(struct shim_state *state, PyObject *object,
                       PyObject *constructor);
PyObject *coerce_to_string(struct shim_state *state, PyObject *value); /* new */
PyObject *coerce_to_number(struct shim_state *state, PyObject *value); /* new */
PyObject *coerce_to_object(struct shim_state *state, PyObject *value); /* new */
PyObject *coerce_to_primitive(struct shim_state *state, PyObject *value,
                              const char *hint); /* new */
int coerce_to_bool(struct shim_state *state, PyObject *value);

/* === function.c, method.c, construct.c, class.c, instance.c === */

/* new; name borrowed str or NULL (""), receiver borrowed or NULL */
PyObject *function_new(napi_env env, PyObject *name, napi_callback callback,
                       void *data);
/* Calls any callable: `receiver` reaches js_function, napi.method and
 * JavaScript classes called without new; other callables ignore it. New. */
PyObject *function_call(struct shim_state *state, PyObject *function,
                        PyObject *receiver, PyObject *const *argv,
                        size_t argc);
/* `new constructor(...argv)`; new_target NULL: constructor itself. New. */
PyObject *function_construct(struct shim_state *state, PyObject *constructor,
                             PyObject *const *argv, size_t argc,
                             PyObject *new_target);
bool function_is(struct shim_state *state, PyObject *value);
/* new js_method: function bound to a receiver (Function.bind, obj.method) */
PyObject *function_bind(struct shim_state *state, PyObject *function,
                        PyObject *receiver);
/* Puts a property of a prototype or of the statics of a class also where
 * Python's attribute look-up finds it (type dict). 0 or -1 raised. */
int class_mirror(struct shim_state *state, PyTypeObject *type, PyObject *key,
                 struct js_property *property, bool is_static);
/* borrowed; nearest addon class in the MRO that has a native constructor */
struct js_class *class_native(struct shim_state *state, PyTypeObject *type);
/* Own special property on an instance: its type's attribute look-up must ask
 * the property chapter from now on. */
void class_make_exotic(struct shim_state *state, PyTypeObject *type);

/* new; runs the callback with this receiver as it is (NULL: globalThis) */
PyObject *function_run(struct js_function *function, PyObject *receiver,
                       PyObject *const *argv, size_t argc,
                       PyObject *new_target);
/* new; as JavaScript calls it: `this` is checked and converted */
PyObject *function_run_sloppy(struct js_function *function,
                              PyObject *receiver, PyObject *const *argv,
                              size_t argc);
/* new: what Python sees where an attribute has this value; functions that
 * want to know their `this` are bound to self */
PyObject *function_bind_found(struct shim_state *state, PyObject *self,
                              PyObject *value /* steals */);
/* always NULL: TypeError for keyword arguments */
PyObject *function_refuse_keywords(PyObject *name);
/* new js_method; bound borrowed or NULL */
PyObject *method_new(struct shim_state *state, PyObject *function,
                     PyObject *bound, bool is_static);
/* new; the call of a js_method by JavaScript */
PyObject *method_call(struct js_method *method, PyObject *receiver,
                      PyObject *const *argv, size_t argc);
/* new js_accessor; getter and setter borrowed or NULL */
struct js_accessor *accessor_new(struct shim_state *state, PyObject *name,
                                 PyObject *getter, PyObject *setter,
                                 bool is_static);
/* new instance of type, which is native or derives from it */
PyObject *construct_native(struct js_class *native, PyTypeObject *type,
                           PyObject *const *argv, size_t argc);
/* tp_new of napi.Instance and the tp_vectorcall of addon classes */
PyObject *construct_instance(PyTypeObject *type, PyObject *args,
                             PyObject *kwargs);
PyObject *construct_vectorcall(PyObject *type, PyObject *const *args,
                               size_t nargsf, PyObject *kwnames);
int instance_init(PyObject *module, struct shim_state *state);
/* tp_init of instances: accepts anything, does nothing */
int instance_initialize(PyObject *self, PyObject *args, PyObject *kwargs);
void instance_dealloc(PyObject *self);
int method_init(PyObject *module, struct shim_state *state);
int script_init(PyObject *module, struct shim_state *state); /* functions */

/* === js_function.c, js_call.c, js_property.c, js_operator.c ===
 * Run-time of compiled JavaScript (napi.js). A compiled function is a Python
 * function whose first parameters are what its flags ask for, in this order:
 * the function object, `this`, new.target. */
enum js_flags {
    JS_CALLEE = 1,
    JS_THIS = 2,
    JS_NEW_TARGET = 4,
    JS_CONSTRUCTOR = 8,
    JS_GENERATOR = 16,
    JS_ASYNC = 32,
    JS_CLASS = 64,   /* of a class: it needs `new` */
    JS_DERIVED = 128, /* of a class that extends something */
    JS_NAMELESS = 1 << 16, /* its own name was deleted */
    JS_LENGTHLESS = 1 << 17
};
/* true: name or length of a compiled function or class, not deleted yet;
 * drop: it is now */
bool js_function_has_text(struct shim_state *state, PyObject *object,
                          PyObject *key, bool drop);
/* new; receiver NULL: undefined; new_target NULL: a plain call */
PyObject *js_function_run(struct js_function *function, PyObject *receiver,
                          PyObject *const *argv, size_t argc,
                          PyObject *new_target);
PyObject *js_function_construct(struct shim_state *state,
                                struct js_function *function,
                                PyObject *const *argv, size_t argc,
                                PyObject *new_target);
/* new; attribute of napi.js.runtime; NULL: raised */
PyObject *js_lookup(const char *name);
/* 1 and new value where a compiled function has such a property; 0, -1 */
int js_function_prototype(struct shim_state *state, PyObject *function,
                          PyObject **prototype);
int js_function_init(PyObject *module, struct shim_state *state);
int js_call_init(PyObject *module);     /* functions */
int js_property_init(PyObject *module); /* functions */
int js_operator_init(PyObject *module); /* functions */
int js_compare_init(PyObject *module);  /* functions */
int js_literal_init(PyObject *module);  /* functions */
int js_class_init(PyObject *module);    /* functions */
/* new instance of type, which is class or derives from it */
PyObject *js_class_construct(struct js_class *class, PyTypeObject *type,
                             PyObject *const *argv, size_t argc,
                             PyObject *new_target);
/* new; what super(...) of a class over this parent makes */
PyObject *js_construct_parent(struct shim_state *state, PyObject *parent,
                              PyObject *const *argv, size_t argc,
                              PyObject *new_target);

/* === arraybuffer.c, view.c, view_type.c, view_adopt.c === */

#define BUFFER_LIMIT ((size_t)1 << 40) /* bytes: more cannot be meant */
bool arraybuffer_is(struct shim_state *state, PyObject *value);
bool arraybuffer_is_shared(struct shim_state *state, PyObject *value);
/* tp_new of all views */
PyObject *view_construct(PyTypeObject *type, PyObject *args,
                         PyObject *kwargs);
int view_adopt_init(PyObject *module, struct shim_state *state);
/* tp_getattro of views and buffers */
PyObject *view_getattro(PyObject *object, PyObject *name);

/* new, zeroed; NULL: raised */
PyObject *arraybuffer_new(struct shim_state *state, size_t length,
                          bool shared);
/* new, over memory that `owner` (borrowed, may be NULL) keeps alive */
PyObject *arraybuffer_over(struct shim_state *state, void *data,
                           size_t length, PyObject *owner, bool shared);
/* new; buffer borrowed js_arraybuffer; bounds were checked */
PyObject *view_new(struct shim_state *state, PyTypeObject *type, int kind,
                   PyObject *buffer, size_t byte_offset, size_t length);
/* new napi.Buffer with storage inline; contents undefined when !zero */
PyObject *view_new_buffer(struct shim_state *state, size_t length, bool zero);
char *view_data(struct js_view *view); /* NULL when detached */
size_t view_length(struct js_view *view); /* elements; 0 when detached */
size_t view_offset(struct js_view *view); /* bytes; 0 when detached */
PyObject *view_buffer(struct shim_state *state,
                      struct js_view *view); /* new; made when missing */
/* borrowed js_view of a typed array, DataView, Buffer or native Python buffer
 * (bytes, bytearray, memoryview, array.array, ndarray: adopted for env until
 * the outermost call returns or as long as a reference pins it); NULL and no
 * error: not a view */
struct js_view *view_of(napi_env env, PyObject *value);
size_t view_element_size(int kind);
/* element by number; the index was checked. New, or NULL raised */
PyObject *view_get(struct shim_state *state, struct js_view *view,
                   size_t index);
/* outside of the view it is lost; 0 or -1 raised */
int view_set(struct shim_state *state, struct js_view *view, size_t index,
             PyObject *value);
void view_drop_adopted(napi_env env); /* at the outermost exit */

/* === promise.c === */

struct js_promise {
    PyObject_HEAD
    struct host host;
    PyObject *value;     /* result or reason once settled */
    PyObject *reactions; /* list of (promise, on_fulfilled, on_rejected) */
    PyObject *place; /* owned str: where it was rejected with no observer */
    enum { PROMISE_PENDING, PROMISE_FULFILLED, PROMISE_REJECTED } state;
    bool resolved; /* resolve was called: later calls do nothing */
    bool handled;  /* a rejection has an observer, or was reported */
    bool reported; /* to the tracker, and has no observer since */
    bool told;     /* the tracker was told that it has none */
    napi_env owner; /* whose deferred it has: only compared; NULL: none */
};

/* === rejection.c === */
void rejection_note(struct shim_state *state, struct js_promise *promise);
void rejection_observe(struct shim_state *state, struct js_promise *promise);
bool rejection_waits(struct shim_state *state);
void rejection_tell(struct agent *agent); /* when the jobs are done */
int rejection_init(PyObject *module, struct shim_state *state);

struct host *promise_host(PyObject *promise);
PyObject *promise_new(struct shim_state *state); /* new, pending */
/* Is this the type of promises, or of what Python can await? */
static inline bool
promise_awaits(PyTypeObject *type)
{
    return type->tp_as_async != NULL && type->tp_as_async->am_await != NULL;
}
/* new promise of the reaction's outcome; handlers borrowed, None: none */
PyObject *promise_then(struct shim_state *state, PyObject *promise,
                       PyObject *on_fulfilled, PyObject *on_rejected);
int promise_resolve(struct shim_state *state, PyObject *promise,
                    PyObject *value); /* adopts thenables; 0 or -1 raised */
int promise_reject(struct shim_state *state, PyObject *promise,
                   PyObject *reason);
/* Rejects what the deferreds of a closed env leave pending. 0 or -1 raised */
int promise_abandon(napi_env env);
PyObject *promise_all(struct shim_state *state); /* new list: all there are */
/* At exit: the rejections that nobody has looked at until now. */
void promise_report_all(struct shim_state *state);

/* === builtin.c ===
 * The runtime's functions. napi.Host, base of its objects, has the layout of
 * struct js_instance. */
PyObject *builtin_call(PyObject *builtin, PyObject *receiver,
                       PyObject *const *argv, size_t argc); /* new */
/* 1: the type says what a call of it (`new`) does, *result is new or NULL with
 * an error raised; 0: it does not */
int builtin_call_type(struct shim_state *state, PyObject *type,
                      PyObject *receiver, PyObject *const *argv, size_t argc,
                      PyObject **result);
int builtin_construct(struct shim_state *state, PyObject *constructor,
                      PyObject *const *argv, size_t argc,
                      PyObject *new_target, PyObject **result);
/* false: a builtin that `new` does not go with */
bool builtin_is_constructor(struct shim_state *state, PyObject *value);
/* true: what Python finds in the type's dict is not JavaScript's */
bool builtin_is_closed(struct shim_state *state, PyTypeObject *type);

/* 1 or 0: `new` goes with a value */
bool function_is_constructor(struct shim_state *state, PyObject *value);

/* === proxy.c === 1, 0 or -1 raised; new or NULL raised; keys are exact */
bool proxy_is(struct shim_state *state, PyObject *object);
PyObject *proxy_get(struct shim_state *state, PyObject *proxy, PyObject *key,
                    PyObject *receiver);
int proxy_set(struct shim_state *state, PyObject *proxy, PyObject *key,
              PyObject *value, PyObject *receiver);
int proxy_has(struct shim_state *state, PyObject *proxy, PyObject *key);
int proxy_delete(struct shim_state *state, PyObject *proxy, PyObject *key);
int proxy_find_own(struct shim_state *state, PyObject *proxy, PyObject *key,
                   struct property_slot *slot);
int proxy_define(struct shim_state *state, PyObject *proxy, PyObject *key,
                 struct js_property *property);
PyObject *proxy_keys(struct shim_state *state, PyObject *proxy); /* list */
PyObject *proxy_get_prototype(struct shim_state *state, PyObject *proxy);
int proxy_set_prototype(struct shim_state *state, PyObject *proxy,
                        PyObject *prototype);
int proxy_is_extensible(struct shim_state *state, PyObject *proxy);
/* how: "frozen", "sealed" or "closed" */
int proxy_close(struct shim_state *state, PyObject *proxy, const char *how);
PyObject *proxy_call(struct shim_state *state, PyObject *proxy,
                     PyObject *receiver, PyObject *const *argv, size_t argc);
PyObject *proxy_construct(struct shim_state *state, PyObject *proxy,
                          PyObject *const *argv, size_t argc,
                          PyObject *new_target);

/* === cleanup.c === */
/* Hooks, newest first; then waits for the asynchronous ones. */
void cleanup_run(napi_env env);

/* Node's order: a function of the shim that the env's close calls among the
 * hooks; 0 or -1 */
int cleanup_add(napi_env env, void (*callback)(void *), void *arg);
void cleanup_remove(napi_env env, void (*callback)(void *), void *arg);

/* === threadsafe.c === owner thread, GIL held */
/* Hands back the items of the env's closed functions and finalizes them. */
void threadsafe_finish(napi_env env);
/* housekeeping: only functions that nothing but themselves can see */
void threadsafe_dispatch(struct agent *agent, bool housekeeping);
bool threadsafe_is_referenced(napi_env env); /* one of the env's */

/* === async_work.c, pool.c === */
struct napi_async_work__ {
    struct napi_async_work__ *next, *previous; /* agent->works */
    struct napi_async_work__ *queue_next; /* of the pool, then agent->done */
    struct napi_async_work__ *queue_previous; /* of the pool: its mutex */
    bool pooled; /* no thread has it yet: the pool's mutex */
    napi_env env;        /* retained */
    struct agent *agent; /* borrowed */
    napi_async_execute_callback execute;
    napi_async_complete_callback complete;
    void *data;
    struct async_resource *resource;
    napi_status status; /* for complete */
    bool listed;        /* in agent->works: queued, running or completed */
    bool completing;    /* in complete */
    bool deleted;       /* freed when it is neither */
};
/* Any thread: complete will be called with this status. */
void work_complete(napi_async_work work, napi_status status);
void work_dispatch(struct agent *agent); /* completed works; owner thread */
/* At the env's close: waits for what runs, cancels what does not. */
void work_close(napi_env env);
/* 0 or -1 raised; starts a thread where fewer than UV_THREADPOOL_SIZE run */
int pool_queue(struct shim_state *state, napi_async_work work);
/* true: taken back before a thread had it */
bool pool_cancel(struct shim_state *state, napi_async_work work);
void pool_forget(struct shim_state *state); /* after fork, in the child */
void pool_stop(struct shim_state *state);   /* at exit: joins idle threads */

/* === async_context.c, async_hook.c === */
struct async_resource; /* what async_hooks sees of an operation */
/* napi_ok and new *made; name must be coercible to a string */
napi_status async_resource_new(napi_env env, napi_value resource,
                               napi_value name,
                               struct async_resource **made);
void async_resource_free(struct async_resource *resource);
/* Around a callback of the operation. */
struct async_moment {
    double execution_id, trigger_id;
    PyObject *resource; /* owned: what ran before, or NULL */
};
void async_before(struct async_resource *resource,
                  struct async_moment *moment);
void async_after(struct async_resource *resource, struct async_moment *moment);
int async_hook_init(PyObject *module, struct shim_state *state);

#endif
