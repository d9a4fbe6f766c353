/* The strict build: handles are tagged, references are kept after their end.
 *
 * A napi_value is (env id, generation, arena slot, 1): never a pointer, so an
 * addon that keeps one after its scope presents an old generation. Env id 0 is
 * no env: such a handle is what a failed call left, its slot says which. */

#include "shim.h"

#ifdef NAPI_STRICT

#include "site.h"
#include "track.h"

#define SLOT_BITS 24
#define GENERATION_BITS 23
#define ENV_BITS 16
#define MASK(bits) (((uintptr_t)1 << (bits)) - 1)
#define FIELD(value, shift, bits) (((uintptr_t)(value) >> (shift)) & MASK(bits))
#define SLOT(value) ((size_t)FIELD(value, 1, SLOT_BITS))
#define GENERATION(value) FIELD(value, SLOT_BITS + 1, GENERATION_BITS)
#define ENV(value) FIELD(value, SLOT_BITS + GENERATION_BITS + 1, ENV_BITS)

bool
strict_env_new(napi_env env)
{
    env->strict = PyMem_Calloc(1, sizeof(*env->strict));
    if (env->strict == NULL) {
        PyErr_NoMemory();
        return false;
    }
    return true;
}

void
strict_env_free(napi_env env)
{
    struct strict_env *strict = env->strict;
    for (size_t i = 0; i < STRICT_CLOSINGS; ++i) {
        site_free(strict->closings[i]);
    }
    for (size_t i = 0; i < STRICT_CLOSINGS; ++i) {
        free(strict->infos[i]);
    }
    site_free(strict->thrown);
    PyMem_Free(strict->generations);
    PyMem_Free(strict->ends);
    free(strict->scopes);
    PyMem_Free(strict);
    env->strict = NULL;
}

bool
strict_grow(napi_env env, size_t capacity)
{
    struct strict_env *strict = env->strict;
    size_t more = capacity - env->capacity;
    uint64_t *ends =
        PyMem_Realloc(strict->ends, 2 * capacity * sizeof(*ends));
    if (ends != NULL) {
        memset(ends + 2 * env->capacity, 0, 2 * more * sizeof(*ends));
        strict->ends = ends;
    }
    uint32_t *generations = PyMem_Realloc(strict->generations,
                                          capacity * sizeof(*generations));
    if (generations != NULL) {
        memset(generations + env->capacity, 0, more * sizeof(*generations));
        strict->generations = generations;
    }
    if (ends == NULL || generations == NULL) {
        PyErr_NoMemory();
        return false;
    }
    return true;
}

static uintptr_t
make_bits(uintptr_t env, uintptr_t generation, size_t slot)
{
    return (env & MASK(ENV_BITS)) << (SLOT_BITS + GENERATION_BITS + 1) |
           (generation & MASK(GENERATION_BITS)) << (SLOT_BITS + 1) |
           (uintptr_t)slot << 1 | 1;
}

napi_value
strict_handle(napi_env env, size_t slot)
{
    return (napi_value)make_bits(env->id, env->strict->generations[slot],
                                 slot);
}

napi_value
strict_poison(uint16_t function)
{
    return (napi_value)make_bits(0, 0, function);
}

napi_value
scope_borrow(napi_env env, PyObject *value)
{
    if (env->in_finalizer) {
        strict_report(env, "heap-in-finalizer",
                      "a finalizer made a handle: it may affect the heap");
    }
    if (env->top >= env->capacity && !scope_grow(env)) {
        return NULL;
    }
    env->arena[env->top] = Py_NewRef(value);
    napi_value handle = strict_handle(env, env->top++);
    env->strict->peak = Py_MAX(env->strict->peak, env->top);
    return handle;
}

/* === the end of handles === */

void
strict_end(napi_env env, size_t slot)
{
    struct strict_env *strict = env->strict;
    uint32_t generation = strict->generations[slot]++;
    strict->ends[2 * slot + (generation & 1)] = strict->closing;
}

static void
note_closing(struct strict_env *strict, struct site *site)
{
    struct site **entry =
        &strict->closings[++strict->closing % STRICT_CLOSINGS];
    site_free(*entry);
    *entry = site;
}

void
strict_open(napi_env env)
{
    struct strict_env *strict = env->strict;
    if (strict->scope_count == strict->scope_capacity) {
        size_t capacity = strict->scope_capacity * 2 + 16;
        size_t *scopes =
            realloc(strict->scopes, capacity * sizeof(*scopes));
        if (scopes == NULL) {
            ++strict->unrecorded;
            return;
        }
        strict->scopes = scopes;
        strict->scope_capacity = capacity;
    }
    strict->scopes[strict->scope_count++] = env->top;
}

/* Those of the running callback, innermost last. */
static bool
is_open(napi_env env, size_t height)
{
    struct strict_env *strict = env->strict;
    size_t count = Py_MIN(env->open_scopes, strict->scope_count);
    for (size_t i = 1; i <= count; ++i) {
        if (strict->scopes[strict->scope_count - i] == height) {
            return true;
        }
    }
    return false;
}

bool
strict_close(napi_env env, size_t height)
{
    struct strict_env *strict = env->strict;
    note_closing(strict, site_of_call(env));
    bool inner = strict->scope_count > 0 &&
                 strict->scopes[strict->scope_count - 1] == height;
    if (!inner && strict->unrecorded > 0) {
        --strict->unrecorded;
        return true;
    }
    if (strict->scope_count == 0) {
        return true;
    }
    if (!inner && is_open(env, height)) {
        strict_report(env, "scope-out-of-order",
                      "handle scopes closed out of order: another one was "
                      "opened later and is open");
    } else if (!inner) {
        strict_report(env, "scope-closed",
                      "a handle scope was closed that is not open, or was "
                      "opened by another callback");
    }
    --strict->scope_count;
    return inner;
}

void
strict_return(napi_env env, bool has_result, napi_value result)
{
    struct strict_env *strict = env->strict;
    if (has_result && result != NULL && env->pending == NULL &&
        scope_result(env, result) == NULL) {
        handle_ok(env, result);
    }
    if (env->open_scopes != 0) {
        strict_report(env, "scope-left-open",
                      "callback returned with %zu handle scopes open",
                      env->open_scopes);
    }
    strict->scope_count -= Py_MIN(env->open_scopes, strict->scope_count);
    strict->unset = 0;
    note_closing(strict, NULL);
}

/* Two callbacks would have theirs at the same place of the stack. */
napi_callback_info
strict_copy_info(napi_callback_info info)
{
    napi_callback_info copy = malloc(sizeof(*copy));
    if (copy != NULL) {
        *copy = *info;
    }
    return copy;
}

void
strict_drop_info(napi_env env, napi_callback_info copy)
{
    napi_callback_info *slot =
        &env->strict->infos[env->strict->info_count++ % STRICT_CLOSINGS];
    free(*slot);
    *slot = copy;
}

/* === handles that come back === */

PyObject *
value_of(napi_env env, napi_value handle)
{
    uintptr_t bits = (uintptr_t)handle;
    size_t slot = SLOT(bits);
    bool fits = (bits & 1) != 0 &&
                ENV(bits) == (env->id & MASK(ENV_BITS)) && slot < env->top &&
                GENERATION(bits) == (env->strict->generations[slot] &
                                     MASK(GENERATION_BITS));
    return fits ? env->arena[slot] : NULL;
}

PyObject *
scope_result(napi_env env, napi_value handle)
{
    uintptr_t bits = (uintptr_t)handle;
    size_t slot = SLOT(bits);
    PyObject *value = value_of(env, handle);
    if (value != NULL || slot < env->stale || slot >= env->stale_end) {
        return value;
    }
    uint32_t generation = env->strict->generations[slot];
    return bits == make_bits(env->id, generation - 1, slot) ||
                   bits == make_bits(env->id, generation, slot)
               ? env->arena[slot]
               : NULL;
}

static void
report_ended(napi_env env, uintptr_t bits)
{
    struct strict_env *strict = env->strict;
    size_t slot = SLOT(bits);
    uint64_t end = slot < env->capacity
                       ? strict->ends[2 * slot + (GENERATION(bits) & 1)]
                       : 0;
    bool known = end > 0 && strict->closing - end < STRICT_CLOSINGS;
    struct site *site =
        known ? strict->closings[end % STRICT_CLOSINGS] : NULL;
    strict_report_sites(env, "handle-after-scope", NULL, site,
                        "a handle was used after its scope was closed%s",
                        known && site == NULL
                            ? ", when the callback returned that had it"
                            : "");
}

/* The env with an id that has a slot of this number; or NULL */
static bool
is_of_another(napi_env env, uintptr_t bits)
{
    for (napi_env it = env->state->envs; it != NULL; it = it->next) {
        if (ENV(bits) == (it->id & MASK(ENV_BITS)) && it != env) {
            return true;
        }
    }
    return false;
}

static void
report_handle(napi_env env, uintptr_t bits)
{
    if ((bits & 1) != 0 && ENV(bits) == 0 && GENERATION(bits) == 0 &&
        SLOT(bits) < watch_function_count) {
        strict_report(env, "status-ignored",
                      "the result of %s was used, which had failed",
                      watch_functions[SLOT(bits)].name);
    } else if ((bits & 1) != 0 && ENV(bits) == (env->id & MASK(ENV_BITS))) {
        report_ended(env, bits);
    } else if ((bits & 1) != 0 && is_of_another(env, bits)) {
        strict_report(env, "handle-other-env",
                      "a handle of another env was used");
    } else {
        strict_report(env, "handle-invalid",
                      "a value that is no handle was passed: it was never "
                      "set, or set to something else");
    }
}

bool
handle_ok(napi_env env, napi_value handle)
{
    if (handle == NULL) {
        return false;
    }
    if (value_of(env, handle) == NULL) {
        report_handle(env, (uintptr_t)handle);
        return false;
    }
    return true;
}

/* === references === */

bool
reference_ok(napi_env env, napi_ref reference)
{
    if (reference == NULL) {
        return false;
    }
    if (reference->env == NULL) {
        strict_report_thing(env, "reference-deleted", reference,
                            "a deleted reference was used");
        return false;
    }
    if (reference->env != env) {
        strict_report(env, "reference-other-env",
                      "a reference of another env was used");
        return false;
    }
    return true;
}

/* The last 1024 deleted references stay in memory, marked. */
bool
strict_hold(napi_ref reference)
{
    struct shim_state *state = reference->env->state;
    reference->env = NULL;
    napi_ref *slot =
        &state->quarantine[state->quarantined++ %
                           Py_ARRAY_LENGTH(state->quarantine)];
    PyObject_Free(*slot);
    *slot = reference;
    return true;
}

#else
typedef int strict_is_empty_in_the_release_build;
#endif
