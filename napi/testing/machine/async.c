/* The machine of `napi fuzz --self`: functions whose order matters: scopes,
 * async works and contexts, cleanup hooks, instance data. */
#include "machine.h"

#include <stdlib.h>

#define STEP(name) step_##name, "napi_" #name

/* A free place, or NULL. */
static struct thing *
find_free(struct machine *m, struct thing *things)
{
    for (size_t i = 0; i < THINGS; ++i) {
        if (things[i].it == NULL && !things[i].lasts) {
            things[i] = (struct thing){.machine = m};
            return &things[i];
        }
    }
    return NULL;
}

/* One that is there, or NULL. */
static struct thing *
find_one(struct machine *m, struct thing *things)
{
    size_t start = machine_draw(m, THINGS);
    for (size_t i = 0; i < THINGS; ++i) {
        struct thing *one = &things[(start + i) % THINGS];
        if (one->it != NULL) {
            return one;
        }
    }
    return NULL;
}

static void
expect(struct machine *m, const char *name, napi_status status)
{
    if (status != napi_ok) {
        machine_fail(m, name, "gives", status);
    }
}

/* === scopes === */

static void
push(struct machine *m, enum opened opened, void *scope,
     struct thing *context)
{
    struct level *level = &m->levels[m->level_count++];
    level->opened = opened;
    level->scope = scope;
    level->context = context;
    level->count = 0;
}

static void
step_open_handle_scope(struct machine *m, const char *name)
{
    napi_handle_scope scope = NULL;
    machine_tell(m, name);
    expect(m, name, napi_open_handle_scope(m->env, &scope));
    push(m, OPENED_SCOPE, scope, NULL);
}

static void
step_open_escapable_handle_scope(struct machine *m, const char *name)
{
    napi_escapable_handle_scope scope = NULL;
    machine_tell(m, name);
    expect(m, name, napi_open_escapable_handle_scope(m->env, &scope));
    push(m, OPENED_ESCAPABLE, scope, NULL);
}

static void
step_open_callback_scope(struct machine *m, const char *name)
{
    struct thing *context = find_one(m, m->contexts);
    napi_callback_scope scope = NULL;
    if (context != NULL) {
        napi_value resource = machine_handle(m);
        machine_tell(m, name);
        if (napi_open_callback_scope(m->env, resource, context->it, &scope) ==
            napi_ok) {
            ++context->held;
            push(m, OPENED_CALLBACK, scope, context);
        }
    }
}

void
async_close(struct machine *m)
{
    struct level *level = &m->levels[m->level_count - 1];
    napi_status status = napi_ok;
    if (level->opened == OPENED_SCOPE) {
        machine_tell(m, "napi_close_handle_scope");
        status = napi_close_handle_scope(m->env, level->scope);
    } else if (level->opened == OPENED_ESCAPABLE) {
        machine_tell(m, "napi_close_escapable_handle_scope");
        status = napi_close_escapable_handle_scope(m->env, level->scope);
    } else if (level->opened == OPENED_CALLBACK) {
        machine_tell(m, "napi_close_callback_scope");
        status = napi_close_callback_scope(m->env, level->scope);
        --level->context->held;
    } else {
        return;
    }
    --m->level_count;
    expect(m, "the end of the innermost scope", status);
}

static void
step_close(struct machine *m, const char *name)
{
    (void)name;
    async_close(m);
}

/* === async contexts === */

static void
step_async_init(struct machine *m, const char *name)
{
    struct thing *made = find_free(m, m->contexts);
    napi_async_context context = NULL;
    if (made != NULL) {
        napi_value resource = machine_draw(m, 2) ? machine_handle(m) : NULL;
        napi_value text = machine_handle(m);
        machine_tell(m, name);
        made->lasts = true; /* toString() of the name may make another one */
        if (napi_async_init(m->env, resource, text, &context) == napi_ok) {
            made->it = context;
        }
        made->lasts = false;
    }
}

static void
step_async_destroy(struct machine *m, const char *name)
{
    struct thing *one = find_one(m, m->contexts);
    if (one != NULL && one->held == 0) {
        machine_tell(m, name);
        expect(m, name, napi_async_destroy(m->env, one->it));
        one->it = NULL;
    }
}

static void
step_make_callback(struct machine *m, const char *name)
{
    struct thing *one = machine_draw(m, 2) ? find_one(m, m->contexts) : NULL;
    napi_value values[4], result = NULL;
    for (size_t i = 0; i < 4; ++i) {
        values[i] = machine_handle(m);
    }
    size_t count = machine_draw(m, 3);
    machine_tell(m, name);
    if (one != NULL) {
        ++one->held; /* what it calls must not destroy it */
    }
    napi_status status =
        napi_make_callback(m->env, one ? one->it : NULL, values[0], values[1],
                           count, values + 2, &result);
    if (one != NULL) {
        --one->held;
    }
    if (status == napi_ok && result != NULL) {
        machine_keep(m, result);
    }
}

/* === async works === */

static void
delete_work(struct thing *work)
{
    struct machine *m = work->machine;
    machine_tell(m, "napi_delete_async_work");
    expect(m, "napi_delete_async_work",
           napi_delete_async_work(m->env, work->it));
    block_free(m, work->block);
    work->it = NULL;
    work->block = NULL;
}

/* On another thread. */
static void
execute(napi_env env, void *data)
{
    struct thing *work = data;
    (void)env;
    block_touch(work->block, BLOCK);
}

static void
complete(napi_env env, napi_status status, void *data)
{
    struct thing *work = data;
    struct machine *m = work->machine;
    if (status != napi_ok && status != napi_cancelled) {
        machine_fail(m, "an async work", "completes with", status);
    }
    work->lasts = false;
    --m->pending;
    m->env = env;
    block_touch(work->block, BLOCK);
    if (!machine_begin(m, env)) {
        delete_work(work);
        return;
    }
    machine_steps(m, machine_draw(m, 6));
    if (work->it != NULL && machine_draw(m, 3) != 0) {
        delete_work(work); /* else a step does it later */
    }
    machine_end(m);
}

static void
step_create_async_work(struct machine *m, const char *name)
{
    struct thing *made = find_free(m, m->works);
    napi_async_work work = NULL;
    if (made == NULL) {
        return;
    }
    napi_value resource = machine_draw(m, 2) ? machine_handle(m) : NULL;
    napi_value text = machine_handle(m);
    made->block = block_new(m);
    made->lasts = true; /* as above */
    machine_tell(m, name);
    if (napi_create_async_work(m->env, resource, text, execute, complete,
                               made, &work) == napi_ok) {
        made->it = work;
    } else {
        block_free(m, made->block);
        made->block = NULL;
    }
    made->lasts = false;
}

/* A work is queued once; held tells whether it was. */
static void
step_queue_async_work(struct machine *m, const char *name)
{
    struct thing *one = find_one(m, m->works);
    if (one != NULL && one->held == 0) {
        machine_tell(m, name);
        expect(m, name, napi_queue_async_work(m->env, one->it));
        one->held = 1;
        one->lasts = true;
        ++m->pending;
    }
}

static void
step_cancel_async_work(struct machine *m, const char *name)
{
    struct thing *one = find_one(m, m->works);
    if (one != NULL && one->lasts) {
        machine_tell(m, name);
        napi_status status = napi_cancel_async_work(m->env, one->it);
        if (status != napi_ok && status != napi_generic_failure) {
            machine_fail(m, name, "gives", status);
        }
    }
}

static void
step_delete_async_work(struct machine *m, const char *name)
{
    struct thing *one = find_one(m, m->works);
    (void)name;
    if (one != NULL && !one->lasts) {
        delete_work(one);
    }
}

/* === cleanup hooks === */

static void
hook(void *data)
{
    struct thing *one = data;
    block_free(one->machine, one->block);
    one->it = NULL;
}

static void
async_hook(napi_async_cleanup_hook_handle handle, void *data)
{
    struct thing *one = data;
    block_free(one->machine, one->block);
    one->it = NULL;
    napi_remove_async_cleanup_hook(handle);
}

static void
step_add_env_cleanup_hook(struct machine *m, const char *name)
{
    struct thing *made = find_free(m, m->hooks);
    if (made != NULL) {
        made->it = made->block = block_new(m);
        machine_tell(m, name);
        expect(m, name, napi_add_env_cleanup_hook(m->env, hook, made));
    }
}

static void
step_remove_env_cleanup_hook(struct machine *m, const char *name)
{
    struct thing *one = find_one(m, m->hooks);
    if (one != NULL) {
        machine_tell(m, name);
        expect(m, name, napi_remove_env_cleanup_hook(m->env, hook, one));
        hook(one);
    }
}

static void
step_add_async_cleanup_hook(struct machine *m, const char *name)
{
    struct thing *made = find_free(m, m->async_hooks);
    napi_async_cleanup_hook_handle handle = NULL;
    if (made != NULL) {
        made->block = block_new(m);
        machine_tell(m, name);
        expect(m, name, napi_add_async_cleanup_hook(m->env, async_hook, made,
                                                    &handle));
        made->it = handle;
    }
}

static void
step_remove_async_cleanup_hook(struct machine *m, const char *name)
{
    struct thing *one = find_one(m, m->async_hooks);
    if (one != NULL) {
        machine_tell(m, name);
        async_hook(one->it, one);
    }
}

/* === instance data === */

static void
step_set_instance_data(struct machine *m, const char *name)
{
    char *before = m->instance, *made = block_new(m);
    machine_tell(m, name);
    m->instance = made;
    expect(m, name, napi_set_instance_data(m->env, made, value_finalize, m));
    block_free(m, before); /* no finalizer runs for what is replaced */
}

static void
step_get_instance_data(struct machine *m, const char *name)
{
    void *data = NULL;
    machine_tell(m, name);
    expect(m, name, napi_get_instance_data(m->env, &data));
    if (data != m->instance) {
        machine_fail(m, name, "gives another address", 0);
    }
}

/* === all of them === */

static const struct {
    void (*step)(struct machine *m, const char *name);
    const char *name;
} steps[] = {
    {STEP(open_handle_scope)}, {STEP(open_handle_scope)},
    {STEP(open_escapable_handle_scope)},
    {STEP(open_escapable_handle_scope)},
    {step_close, ""}, {step_close, ""}, {step_close, ""}, {step_close, ""},
    {STEP(open_callback_scope)}, {STEP(async_init)}, {STEP(async_destroy)},
    {STEP(make_callback)}, {STEP(create_async_work)},
    {STEP(queue_async_work)}, {STEP(cancel_async_work)},
    {STEP(delete_async_work)}, {STEP(add_env_cleanup_hook)},
    {STEP(remove_env_cleanup_hook)}, {STEP(add_async_cleanup_hook)},
    {STEP(remove_async_cleanup_hook)}, {STEP(set_instance_data)},
    {STEP(get_instance_data)},
};
#define STEPS (sizeof(steps) / sizeof(*steps))

const size_t async_step_count = STEPS + THREADSAFE_STEPS;

void
async_step(struct machine *m, size_t which)
{
    if (which < STEPS) {
        steps[which].step(m, steps[which].name);
    } else {
        threadsafe_step(m, which - STEPS);
    }
}

void
async_end(struct machine *m)
{
    for (size_t i = 0; i < THINGS; ++i) {
        if (m->works[i].it != NULL && !m->works[i].lasts) {
            delete_work(&m->works[i]);
        }
        if (m->contexts[i].it != NULL) {
            expect(m, "napi_async_destroy",
                   napi_async_destroy(m->env, m->contexts[i].it));
            m->contexts[i].it = NULL;
        }
    }
    while (m->reference_count > 0) {
        napi_ref one = m->references[--m->reference_count];
        expect(m, "napi_delete_reference",
               napi_delete_reference(m->env, one));
    }
    napi_value value = NULL;
    napi_get_undefined(m->env, &value);
    while (m->deferred_count > 0) {
        napi_deferred one = m->deferreds[--m->deferred_count];
        napi_resolve_deferred(m->env, one, value);
    }
    threadsafe_end(m);
}
