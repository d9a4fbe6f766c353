/* The strict build: what is looked at before and after each call of an addon.
 *
 * Arguments are judged by their types: what is known to have ended is refused
 * before a function touches it. */

#include "shim.h"

#ifdef NAPI_STRICT

#include "strict_version.h"
#include "track.h"

#define CLOSED_ENVS 256 /* that are kept, to see their later use */

enum argument {
    ARGUMENT_ANY,
    ARGUMENT_DEFERRED,
    ARGUMENT_WORK,
    ARGUMENT_CONTEXT,
    ARGUMENT_CALLBACK_SCOPE,
    ARGUMENT_INFO,
    ARGUMENT_ESCAPABLE,
    ARGUMENT_RESULT, /* napi_value *result */
    ARGUMENT_VALUE,
};

struct strict {
    uint8_t (*arguments)[WATCH_ARGUMENTS]; /* PyMem: enum argument */
    int32_t *since;                        /* PyMem */
    bool *any_thread;                      /* PyMem: legal on any thread */
    struct strict_memory *memory;          /* PyMem, or NULL */
    napi_env closed[CLOSED_ENVS];          /* a ring */
    size_t closed_count;
};

static enum argument
argument_of(const char *function, const struct watch_parameter *parameter)
{
    static const struct {
        const char *type;
        enum argument argument;
    } types[] = {
        {"napi_deferred", ARGUMENT_DEFERRED},
        {"napi_async_work", ARGUMENT_WORK},
        {"napi_async_context", ARGUMENT_CONTEXT},
        {"napi_callback_scope", ARGUMENT_CALLBACK_SCOPE},
        {"napi_callback_info", ARGUMENT_INFO},
        {"napi_escapable_handle_scope", ARGUMENT_ESCAPABLE},
        {"napi_value", ARGUMENT_VALUE},
    };
    static const char *const optional[] = {"async_resource", "code",
                                           "description"};
    if (strcmp(function, "napi_create_threadsafe_function") == 0) {
        return ARGUMENT_ANY; /* has no function where it calls C */
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(optional); ++i) {
        if (strcmp(parameter->name, optional[i]) == 0) {
            return ARGUMENT_ANY;
        }
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(types); ++i) {
        if (strcmp(parameter->type, types[i].type) == 0) {
            return types[i].argument;
        }
    }
    bool result = strcmp(parameter->type, "napi_value *") == 0 &&
                  strcmp(parameter->name, "result") == 0;
    return result ? ARGUMENT_RESULT : ARGUMENT_ANY;
}

static void
describe_functions(struct strict *strict)
{
    for (size_t i = 0; i < watch_function_count; ++i) {
        const struct watch_function *function = &watch_functions[i];
        strict->since[i] = strict_since(function->name);
        strict->any_thread[i] =
            strcmp(function->name, "napi_delete_reference") == 0 ||
            strcmp(function->name, "napi_reference_unref") == 0;
        for (size_t j = 0; j < function->count; ++j) {
            strict->arguments[i][j] =
                (uint8_t)argument_of(function->name, &function->parameters[j]);
        }
    }
}

int
strict_init(PyObject *module, struct shim_state *state)
{
    (void)module;
    struct strict *strict = PyMem_Calloc(1, sizeof(*strict));
    state->strict = strict;
    if (strict == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    size_t count = watch_function_count;
    strict->arguments = PyMem_Calloc(count, sizeof(*strict->arguments));
    strict->since = PyMem_Calloc(count, sizeof(*strict->since));
    strict->any_thread = PyMem_Calloc(count, sizeof(*strict->any_thread));
    if (!strict->arguments || !strict->since || !strict->any_thread) {
        PyErr_NoMemory();
        return -1;
    }
    state->strict_threads = strict_threads_new();
    if (state->strict_threads == NULL) {
        return -1;
    }
    describe_functions(strict);
    strict->memory = strict_memory_new();
    return 0;
}

static void
free_env(napi_env env)
{
    if (env != NULL) {
        PyMem_Free(env->filename);
        PyMem_Free(env);
    }
}

void
strict_free(struct shim_state *state)
{
    struct strict *strict = state->strict;
    state->strict = NULL;
    if (strict == NULL) {
        return;
    }
    for (size_t i = 0; i < CLOSED_ENVS; ++i) {
        free_env(strict->closed[i]);
    }
    PyMem_Free(strict->arguments);
    PyMem_Free(strict->since);
    PyMem_Free(strict->any_thread);
    PyMem_Free(strict->memory);
    PyMem_Free(strict);
    strict_threads_free(state->strict_threads);
    state->strict_threads = NULL;
    strict_guards_free(state);
}

bool
strict_keep_env(napi_env env)
{
    struct strict *strict = env->state->strict;
    if (strict == NULL) {
        return false;
    }
    napi_env *slot = &strict->closed[strict->closed_count++ % CLOSED_ENVS];
    if (*slot != NULL) {
        strict_gather(env->state, *slot);
        free_env(*slot);
    }
    *slot = env;
    return true;
}

bool
strict_enter_hook(struct watch_call *call, napi_env env,
                  napi_async_cleanup_hook_handle handle)
{
    if (env->agent->thread != PyThread_get_thread_ident() ||
        !track_is_gone(env->state, TRACK_ASYNC_HOOK, handle)) {
        return true;
    }
    strict_report_thing(env, "hook-removed", handle,
                        "an asynchronous cleanup hook was removed twice");
    call->status = napi_invalid_arg;
    return false;
}

/* === arguments === */

static bool
refuse_gone(struct watch_call *call, uint64_t bits, const char *id,
            enum track_kind kind, const char *what)
{
    const void *address = (const void *)(uintptr_t)bits;
    if (address == NULL || !track_is_gone(call->env->state, kind, address)) {
        return true;
    }
    strict_report_thing(call->env, id, address, "%s", what);
    call->status = error_set(call->env, napi_invalid_arg);
    return false;
}

static bool
check_work(struct watch_call *call, uint64_t bits)
{
    if (!refuse_gone(call, bits, "work-deleted", TRACK_WORK,
                     "an async work was used after it was deleted")) {
        return false;
    }
    napi_async_work work = (napi_async_work)(uintptr_t)bits;
    if (work == NULL) {
        return true;
    }
    const char *name = watch_functions[call->function].name;
    bool deletes = strcmp(name, "napi_delete_async_work") == 0;
    if (work->deleted) {
        strict_report(call->env, "work-deleted",
                      "an async work was used after it was deleted");
        call->status = error_set(call->env, napi_invalid_arg);
        return false;
    }
    if (deletes && work->listed && !work->completing) {
        strict_report(call->env, "work-deleted-while-queued",
                      "an async work was deleted that is queued or runs: its "
                      "completion will not be called");
    }
    return true;
}

static bool
check_info(struct watch_call *call, uint64_t bits)
{
    napi_callback_info given = (napi_callback_info)(uintptr_t)bits;
    struct strict_callback *callback = call->env->strict->callback;
    while (callback != NULL && callback->info != given) {
        callback = callback->outer;
    }
    if (given == NULL || callback != NULL) {
        return true;
    }
    strict_report(call->env, "callback-info-stale",
                  "a napi_callback_info was used after its callback returned");
    call->status = error_set(call->env, napi_invalid_arg);
    return false;
}

static bool
check_argument(struct watch_call *call, size_t index, enum argument argument)
{
    uint64_t bits = call->arguments[index];
    switch (argument) {
    case ARGUMENT_DEFERRED:
        return refuse_gone(call, bits, "deferred-settled", TRACK_DEFERRED,
                           "a promise was settled a second time: its deferred "
                           "is gone");
    case ARGUMENT_CONTEXT:
        return refuse_gone(call, bits, "context-destroyed", TRACK_CONTEXT,
                           "an async context was used after it was destroyed");
    case ARGUMENT_CALLBACK_SCOPE:
        return refuse_gone(call, bits, "callback-scope-closed",
                           TRACK_CALLBACK_SCOPE,
                           "a callback scope was closed a second time");
    case ARGUMENT_WORK:
        return check_work(call, bits);
    case ARGUMENT_INFO:
        return check_info(call, bits);
    default:
        return true;
    }
}

static void
check_version(struct watch_call *call)
{
    napi_env env = call->env;
    int32_t since = env->state->strict->since[call->function];
    bool *told = &env->strict->newer[call->function % 256];
    if (!env->strict->declared || since <= env->version || *told) {
        return;
    }
    *told = true; /* once is enough */
    if (since == INT32_MAX) {
        strict_report(env, "newer-function",
                      "%s is experimental, and the module declares version "
                      "%d of Node-API",
                      watch_functions[call->function].name,
                      (int)env->version);
    } else {
        strict_report(env, "newer-function",
                      "%s is of version %d of Node-API, and the module "
                      "declares version %d",
                      watch_functions[call->function].name, (int)since,
                      (int)env->version);
    }
}

bool
strict_enter(struct watch_call *call)
{
    napi_env env = call->env;
    if (env == NULL) {
        return true;
    }
    struct strict *strict = env->state->strict;
    if (!call->owned) {
        strict_note_foreign(call);
        if (strict->any_thread[call->function]) {
            return true;
        }
        call->status = napi_generic_failure;
        return false;
    }
    if (env->closed) {
        strict_report(env, "env-closed",
                      "an environment was used after its end");
        call->status = napi_generic_failure;
        return false;
    }
    strict_gather(env->state, env);
    check_version(call);
    size_t count = watch_functions[call->function].count;
    const uint8_t *arguments = strict->arguments[call->function];
    for (size_t i = 0; i < count; ++i) {
        if (arguments[i] != ARGUMENT_ANY &&
            !check_argument(call, i, arguments[i])) {
            return false;
        }
    }
    if (strict->memory != NULL) {
        strict_check_memory(call, strict->memory);
    }
    return true;
}

static void
report_missing(struct watch_call *call, size_t unset, napi_ref empty)
{
    const char *function = watch_functions[call->function].name;
    char text[200];
    if (empty != NULL) {
        strict_report_call(call->env, "reference-empty", function, NULL, empty,
                           "a handle is NULL, as napi_get_reference_value "
                           "gave it: the object is gone, and the reference "
                           "was weak");
        return;
    }
    snprintf(text, sizeof(text),
             "a handle is NULL; %s, which was to set one, had failed",
             watch_functions[unset].name);
    strict_report_call(call->env, "status-ignored", function, NULL, NULL, text);
}

/* A handle that is missing is often that of a call that failed before. */
static void
check_missing(struct watch_call *call, const uint8_t *arguments)
{
    napi_env env = call->env;
    uint16_t unset = env->strict->unset;
    for (size_t i = 0; unset != 0 && i < WATCH_ARGUMENTS; ++i) {
        if (arguments[i] == ARGUMENT_VALUE && call->arguments[i] == 0) {
            report_missing(call, unset - 1, env->strict->empty);
            env->strict->unset = 0;
            return;
        }
    }
}

/* What a reference without its object answers is no failure. */
static void
note_empty(struct watch_call *call)
{
    const char *name = watch_functions[call->function].name;
    napi_value given;
    if (strcmp(name, "napi_get_reference_value") == 0) {
        memcpy(&given, (void *)(uintptr_t)call->arguments[2], sizeof(given));
        if (given == NULL) {
            call->env->strict->unset = (uint16_t)(call->function + 1);
            call->env->strict->empty = (napi_ref)(uintptr_t)call->arguments[1];
        }
    }
}

/* A failed call leaves its result as it was: garbage, mostly. What nobody can
 * have put there on purpose says from now on where it comes from. */
void
strict_after(struct watch_call *call)
{
    napi_env env = call->env;
    if (env == NULL && call->status != napi_ok && !call->struck) {
        strict_after_threadsafe(call);
    }
    if (env == NULL || !call->owned || env->closed) {
        return;
    }
    if (call->status == napi_ok) {
        note_empty(call);
        return;
    }
    const uint8_t *arguments =
        env->state->strict->arguments[call->function];
    size_t count = watch_functions[call->function].count;
    if (call->status == napi_invalid_arg) {
        check_missing(call, arguments);
    }
    for (size_t i = 0; i < count; ++i) {
        void *result = (void *)(uintptr_t)call->arguments[i];
        napi_value given; /* a pointer that an addon computed may be odd */
        if (arguments[i] != ARGUMENT_RESULT || result == NULL) {
            continue;
        }
        memcpy(&given, result, sizeof(given));
        if (given != NULL && value_of(env, given) == NULL) {
            given = strict_poison(call->function);
            memcpy(result, &given, sizeof(given));
        } else if (given == NULL) {
            env->strict->unset = (uint16_t)(call->function + 1);
            env->strict->empty = NULL;
        }
    }
}

#else
typedef int strict_call_is_empty_in_the_release_build;
#endif
