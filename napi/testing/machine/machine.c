/* The machine of `napi fuzz --self`: steps, levels, and what Python calls. */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Drawn more often: without them there is little to call the others with. */
static const char *const often[] = {
    "napi_create_object", "napi_create_array", "napi_create_function",
    "napi_create_string_utf8", "napi_create_double", "napi_define_class",
    "napi_new_instance", "napi_call_function", "napi_create_reference",
    "napi_create_promise", "napi_get_undefined", "napi_get_null",
    "napi_get_boolean", "napi_wrap", "napi_delete_reference",
    "napi_delete_reference", "napi_create_arraybuffer",
    "napi_create_typedarray", "napi_detach_arraybuffer",
    "napi_get_typedarray_info", "napi_get_dataview_info",
};
#define OFTEN (sizeof(often) / sizeof(*often))

/* splitmix64 */
static uint64_t
next(uint64_t *state)
{
    uint64_t mixed = *state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

uint64_t
machine_draw(struct machine *m, uint64_t below)
{
    return next(&m->random) % below;
}

void
machine_fail(struct machine *m, const char *name, const char *what,
             int64_t number)
{
    if (m->failure[0] == '\0') {
        snprintf(m->failure, sizeof(m->failure), "%s %s %lld", name, what,
                 (long long)number);
    }
}

void
machine_forget(void **list, size_t *count, void *it)
{
    for (size_t i = 0; i < *count; ++i) {
        if (list[i] == it) {
            list[i] = list[--*count];
            return;
        }
    }
}

/* What is weak already is not to be given up. */
bool
machine_holds(struct machine *m, napi_ref reference)
{
    uint32_t count = 0;
    if (napi_reference_ref(m->env, reference, &count) == napi_ok &&
        count > 0) {
        napi_reference_unref(m->env, reference, NULL);
    }
    return count > 1;
}

void
machine_tell(struct machine *m, const char *name)
{
    ++m->calls;
    if (m->tells) {
        printf("%*s%s\n", 2 * m->depth, "", name);
        fflush(stdout);
    }
}

/* === levels === */

void
machine_keep(struct machine *m, napi_value handle)
{
    struct level *level = &m->levels[m->level_count - 1];
    if (level->count == LEVEL_HANDLES) {
        level->count /= 2;
        memmove(level->handles, level->handles + level->count,
                level->count * sizeof(*level->handles));
    }
    level->handles[level->count++] = handle;
}

napi_value
machine_handle(struct machine *m)
{
    bool late = machine_draw(m, 2) == 0; /* what was made last fits best */
    size_t from = late ? m->level_count : 1 + machine_draw(m, m->level_count);
    while (from > 0 && m->levels[from - 1].count == 0) {
        --from;
    }
    if (from == 0) {
        napi_value value = NULL;
        napi_get_undefined(m->env, &value);
        return value;
    }
    struct level *level = &m->levels[from - 1];
    size_t among = late && level->count > 8 ? 8 : level->count;
    return level->handles[level->count - 1 - machine_draw(m, among)];
}

bool
machine_begin(struct machine *m, napi_env env)
{
    if (m->level_count + 8 > LEVELS || m->depth > 4 || m->stops) {
        return false;
    }
    m->env = env;
    ++m->depth;
    struct level *level = &m->levels[m->level_count++];
    level->opened = OPENED_FRAME;
    level->count = 0;
    return true;
}

void
machine_end(struct machine *m)
{
    while (m->levels[m->level_count - 1].opened != OPENED_FRAME) {
        async_close(m);
        machine_settle(m);
    }
    --m->level_count;
    --m->depth;
}

void
machine_settle(struct machine *m)
{
    bool pending = false;
    napi_value exception = NULL;
    napi_is_exception_pending(m->env, &pending);
    if (!pending) {
        return;
    }
    napi_status status = napi_get_and_clear_last_exception(m->env, &exception);
    if (status != napi_ok || exception == NULL) {
        machine_fail(m, "napi_get_and_clear_last_exception",
                     "of a pending exception gives", status);
    } else {
        machine_keep(m, exception);
    }
}

/* === steps === */

static const struct function *
find(const char *name)
{
    for (size_t i = 0; i < machine_function_count; ++i) {
        if (strcmp(machine_functions[i].name, name) == 0) {
            return &machine_functions[i];
        }
    }
    abort(); /* the list above names what is not in the table */
}

static void
step(struct machine *m)
{
    size_t plain = machine_function_count + OFTEN;
    size_t which = machine_draw(m, plain + async_step_count);
    if (which < machine_function_count) {
        value_step(m, &machine_functions[which]);
    } else if (which < plain) {
        value_step(m, find(often[which - machine_function_count]));
    } else {
        async_step(m, which - plain);
    }
    machine_settle(m);
    size_t open = 0;
    while (m->levels[m->level_count - 1 - open].opened != OPENED_FRAME) {
        ++open;
    }
    if (open > 6) {
        async_close(m);
        machine_settle(m);
    }
}

void
machine_steps(struct machine *m, size_t count)
{
    for (size_t i = 0; i < count && m->failure[0] == '\0'; ++i) {
        step(m);
    }
}

/* === what Python calls === */

/* The arguments are numbers; the first is where the machine is. */
static struct machine *
take(napi_env env, napi_callback_info info, size_t count, int64_t *numbers)
{
    napi_value given[3];
    size_t argc = 3;
    bool fits = napi_get_cb_info(env, info, &argc, given, NULL, NULL) ==
                    napi_ok &&
                argc >= count;
    for (size_t i = 0; fits && i < count; ++i) {
        fits = napi_get_value_int64(env, given[i], &numbers[i]) == napi_ok;
    }
    if (!fits) {
        napi_throw_type_error(env, NULL, "numbers are expected");
        return NULL;
    }
    return (struct machine *)(uintptr_t)numbers[0];
}

/* size() -> number of bytes that a machine has */
static napi_value
size(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result = NULL;
    napi_create_uint32(env, sizeof(struct machine), &result);
    return result;
}

/* begin(address, seed, tells): of memory that is zero */
static napi_value
begin(napi_env env, napi_callback_info info)
{
    int64_t numbers[3];
    struct machine *m = take(env, info, 3, numbers);
    if (m != NULL) {
        m->seed = (uint64_t)numbers[1];
        m->tells = numbers[2] != 0;
    }
    return NULL;
}

/* steps(address, numbers of the steps: their address, count) */
static napi_value
steps(napi_env env, napi_callback_info info)
{
    int64_t given[3];
    struct machine *m = take(env, info, 3, given);
    if (m == NULL || !machine_begin(m, env)) {
        return NULL;
    }
    const uint32_t *numbers = (const uint32_t *)(uintptr_t)given[1];
    for (int64_t i = 0; i < given[2] && m->failure[0] == '\0'; ++i) {
        m->random = m->seed * 1000003 + numbers[i];
        if (m->tells) {
            printf("%u ", (unsigned)numbers[i]);
        }
        step(m);
    }
    machine_end(m);
    return NULL;
}

/* end(address): lets go of all there is */
static napi_value
end(napi_env env, napi_callback_info info)
{
    int64_t number;
    struct machine *m = take(env, info, 1, &number);
    if (m != NULL && machine_begin(m, env)) {
        m->stops = true; /* what is called from here on makes nothing new */
        async_end(m);
        machine_settle(m);
        machine_end(m);
    }
    return NULL;
}

/* join(address): when nothing is pending any more */
static napi_value
join(napi_env env, napi_callback_info info)
{
    int64_t number;
    struct machine *m = take(env, info, 1, &number);
    if (m != NULL) {
        threadsafe_join(m);
    }
    return NULL;
}

/* leave(): a reference that nobody deletes, for the test of the counts */
static napi_value
leave(napi_env env, napi_callback_info info)
{
    napi_value value = NULL;
    napi_ref reference;
    (void)info;
    if (napi_create_object(env, &value) == napi_ok) {
        napi_create_reference(env, value, 1, &reference);
    }
    return NULL;
}

NAPI_MODULE_INIT()
{
    napi_property_descriptor all[] = {
        {.utf8name = "size", .method = size},
        {.utf8name = "begin", .method = begin},
        {.utf8name = "steps", .method = steps},
        {.utf8name = "end", .method = end},
        {.utf8name = "join", .method = join},
        {.utf8name = "leave", .method = leave},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); ++i) {
        all[i].attributes = napi_enumerable;
    }
    napi_define_properties(env, exports, sizeof(all) / sizeof(*all), all);
    return exports;
}
