/* The strict build: what is done on other threads than the environment's.
 *
 * Such a call has no GIL. It is noted, and reported when the owner calls next,
 * when its outermost call returns, or when somebody asks for the reports.
 * Threadsafe functions are kept after their end, to see their later use. */

#include "shim.h"

#ifdef NAPI_STRICT

#include "site.h"
#include "threadsafe.h"

#define FOREIGN_CALLS 16
#define DEAD_FUNCTIONS 256

/* What is reported later, on the environment's own thread */
enum reason { WRONG_THREAD, FINISHED, NOT_HELD };
struct foreign {
    napi_env env;
    enum reason reason;
    uint16_t function;
    const void *thing; /* the threadsafe function, or NULL */
    struct site there; /* without Python's frames */
};

struct strict_threads {
    pthread_mutex_t mutex; /* guards what follows */
    struct foreign foreign[FOREIGN_CALLS];
    size_t foreign_count;
    napi_threadsafe_function dead[DEAD_FUNCTIONS]; /* a ring */
    size_t dead_count;
};

struct strict_threads *
strict_threads_new(void)
{
    struct strict_threads *threads = PyMem_Calloc(1, sizeof(*threads));
    if (threads == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    pthread_mutex_init(&threads->mutex, NULL);
    return threads;
}

void
strict_threads_free(struct strict_threads *threads)
{
    for (size_t i = 0; threads != NULL && i < DEAD_FUNCTIONS; ++i) {
        PyMem_RawFree(threads->dead[i]);
    }
    if (threads != NULL) {
        pthread_mutex_destroy(&threads->mutex);
    }
    PyMem_Free(threads);
}

static void
note(struct watch_call *call, napi_env env, enum reason reason,
     const void *thing)
{
    struct site there = {.frames = 0};
    site_of_thread(&there);
    struct strict_threads *threads = env->state->strict_threads;
    pthread_mutex_lock(&threads->mutex);
    if (threads->foreign_count < FOREIGN_CALLS) {
        threads->foreign[threads->foreign_count] =
            (struct foreign){env, reason, call->function, thing, there};
        __atomic_store_n(&threads->foreign_count, threads->foreign_count + 1,
                         __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&threads->mutex);
}

static void
report_foreign(napi_env env, struct foreign *foreign)
{
    const char *function = watch_functions[foreign->function].name;
    if (foreign->reason == FINISHED) {
        strict_report_call(env, "threadsafe-finished", function,
                           &foreign->there, foreign->thing,
                           "a threadsafe function was used after its end");
    } else if (foreign->reason == NOT_HELD) {
        strict_report_call(env, "threadsafe-not-held", function,
                           &foreign->there, foreign->thing,
                           "a threadsafe function was used that was released "
                           "as often as it was acquired");
    } else {
        strict_report_call(env, "wrong-thread", function, &foreign->there,
                           NULL,
                           "it was called on a thread that is not the "
                           "environment's");
    }
}

/* Of this env; what others did is told when they are called. */
void
strict_gather(struct shim_state *state, napi_env env)
{
    struct strict_threads *threads = state->strict_threads;
    if (threads == NULL ||
        __atomic_load_n(&threads->foreign_count, __ATOMIC_ACQUIRE) == 0) {
        return;
    }
    struct foreign taken[FOREIGN_CALLS];
    size_t count = 0, left = 0;
    pthread_mutex_lock(&threads->mutex);
    for (size_t i = 0; i < threads->foreign_count; ++i) {
        if (env == NULL || threads->foreign[i].env == env) {
            taken[count++] = threads->foreign[i];
        } else {
            threads->foreign[left++] = threads->foreign[i];
        }
    }
    threads->foreign_count = left;
    pthread_mutex_unlock(&threads->mutex);
    for (size_t i = 0; i < count; ++i) {
        report_foreign(taken[i].env, &taken[i]);
    }
}

napi_threadsafe_function
strict_keep_function(struct shim_state *state, napi_threadsafe_function func)
{
    struct strict_threads *threads = state->strict_threads;
    __atomic_store_n(&func->dead, true, __ATOMIC_RELEASE);
    pthread_mutex_lock(&threads->mutex);
    napi_threadsafe_function *slot =
        &threads->dead[threads->dead_count++ % DEAD_FUNCTIONS];
    napi_threadsafe_function old = *slot;
    *slot = func;
    pthread_mutex_unlock(&threads->mutex);
    return old;
}

bool
strict_enter_threadsafe(struct watch_call *call, napi_threadsafe_function func)
{
    if (!__atomic_load_n(&func->dead, __ATOMIC_ACQUIRE)) {
        return true;
    }
    note(call, func->env, FINISHED, func);
    call->status = napi_invalid_arg;
    return false;
}

/* The owner's own thread was about to wait for itself. */
static void
report_deadlock(struct watch_call *call, napi_threadsafe_function func)
{
    if (PyGILState_Check()) {
        strict_report_call(func->env, "threadsafe-deadlock",
                           watch_functions[call->function].name, NULL, func,
                           "a blocking call with a full queue, on the thread "
                           "of the loop: only that thread empties the queue");
    }
}

/* Who released a function as often as he acquired it must not use it: nothing
 * else is answered with napi_invalid_arg. Of one that closes, a producer may
 * not know whether a call has released it for him. */
void
strict_after_threadsafe(struct watch_call *call)
{
    napi_threadsafe_function func =
        (napi_threadsafe_function)(uintptr_t)call->arguments[0];
    const char *type = watch_functions[call->function].parameters[0].type;
    if (strcmp(type, "napi_threadsafe_function") != 0 || func == NULL) {
        return;
    }
    if (call->status == napi_would_deadlock) {
        report_deadlock(call, func);
    } else if (call->status == napi_invalid_arg &&
               !__atomic_load_n(&func->closing, __ATOMIC_RELAXED)) {
        note(call, func->env, NOT_HELD, func);
    }
}

void
strict_note_foreign(struct watch_call *call)
{
    note(call, call->env, WRONG_THREAD, NULL);
}

#else
typedef int strict_thread_is_empty_in_the_release_build;
#endif
