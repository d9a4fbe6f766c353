/* The machine of `napi fuzz --self`: threadsafe functions, and threads that
 * call them. What a thread does depends on the others, as it does in life. */
#include "machine.h"

#include <stdlib.h>

/* One that this thread may call, or NULL. */
static struct thing *
find_held(struct machine *m)
{
    size_t start = machine_draw(m, THINGS);
    for (size_t i = 0; i < THINGS; ++i) {
        struct thing *one = &m->functions[(start + i) % THINGS];
        if (one->held > 0) {
            return one;
        }
    }
    return NULL;
}

static void
let_go(struct thing *one)
{
    if (--one->held == 0) {
        one->it = NULL; /* its place is free when it is finalized */
    }
}

static void
finish(napi_env env, void *data, void *context)
{
    struct thing *one = data;
    struct machine *m = one->machine;
    (void)env;
    if (context != data) {
        machine_fail(m, "the finalizer of a threadsafe function",
                     "has another context", 0);
    }
    block_free(m, one->block);
    one->block = NULL;
    one->lasts = false;
    __atomic_fetch_sub(&m->pending, 1, __ATOMIC_RELAXED);
}

static void
call_js(napi_env env, napi_value function, void *context, void *data)
{
    struct thing *one = context;
    struct machine *m = one->machine;
    block_touch(one->block, BLOCK);
    block_touch(data, data ? BLOCK : 0);
    block_free(m, data);
    if (env == NULL || !machine_begin(m, env)) {
        return;
    }
    if (function != NULL) {
        machine_keep(m, function);
    }
    machine_steps(m, machine_draw(m, 5));
    machine_end(m);
}

static void
step_create(struct machine *m, const char *name)
{
    struct thing *made = NULL;
    for (size_t i = 0; i < THINGS && made == NULL; ++i) {
        if (m->functions[i].held == 0 && !m->functions[i].lasts) {
            made = &m->functions[i];
        }
    }
    if (made == NULL) {
        return;
    }
    napi_value function = machine_draw(m, 2) ? machine_handle(m) : NULL;
    napi_value resource = machine_draw(m, 2) ? machine_handle(m) : NULL;
    napi_value text = machine_handle(m);
    size_t limit = machine_draw(m, 3), holds = 1 + machine_draw(m, 2);
    bool takes = function == NULL || machine_draw(m, 2);
    napi_threadsafe_function it = NULL;
    *made = (struct thing){
        .machine = m, .takes = takes, .limited = limit, .lasts = true};
    made->block = block_new(m);
    machine_tell(m, name);
    if (napi_create_threadsafe_function(
            m->env, function, resource, text, limit, holds, made, finish, made,
            takes ? call_js : NULL, &it) == napi_ok) {
        made->it = it;
        made->held = holds;
        __atomic_fetch_add(&m->pending, 1, __ATOMIC_RELAXED);
    } else {
        block_free(m, made->block);
        made->block = NULL;
        made->lasts = false;
    }
}

static void
step_call(struct machine *m, const char *name)
{
    struct thing *one = find_held(m);
    if (one == NULL) {
        return;
    }
    /* This thread must not wait for itself. */
    napi_threadsafe_function_call_mode mode =
        one->limited || machine_draw(m, 2) ? napi_tsfn_nonblocking
                                           : napi_tsfn_blocking;
    char *data = one->takes ? block_new(m) : NULL;
    machine_tell(m, name);
    napi_status status = napi_call_threadsafe_function(one->it, data, mode);
    if (status != napi_ok) {
        block_free(m, data);
    }
    if (status == napi_closing) {
        let_go(one);
    } else if (status != napi_ok && status != napi_queue_full) {
        machine_fail(m, name, "gives", status);
    }
}

static void
step_acquire(struct machine *m, const char *name)
{
    struct thing *one = find_held(m);
    if (one == NULL) {
        return;
    }
    machine_tell(m, name);
    napi_status status = napi_acquire_threadsafe_function(one->it);
    if (status == napi_ok) {
        ++one->held;
    } else if (status != napi_closing) {
        machine_fail(m, name, "gives", status);
    }
}

static void
step_release(struct machine *m, const char *name)
{
    struct thing *one = find_held(m);
    if (one == NULL) {
        return;
    }
    napi_threadsafe_function_release_mode mode =
        machine_draw(m, 4) ? napi_tsfn_release : napi_tsfn_abort;
    machine_tell(m, name);
    napi_status status = napi_release_threadsafe_function(one->it, mode);
    if (status != napi_ok) {
        machine_fail(m, name, "gives", status);
    }
    let_go(one);
}

static void
step_interest(struct machine *m, const char *name)
{
    struct thing *one = find_held(m);
    if (one == NULL) {
        return;
    }
    bool wanted = machine_draw(m, 2);
    void *context = NULL;
    machine_tell(m, name);
    napi_status status = wanted
                             ? napi_ref_threadsafe_function(m->env, one->it)
                             : napi_unref_threadsafe_function(m->env, one->it);
    if (status != napi_ok) {
        machine_fail(m, name, "gives", status);
    }
    status = napi_get_threadsafe_function_context(one->it, &context);
    if (status != napi_ok || context != one) {
        machine_fail(m, "napi_get_threadsafe_function_context", "gives",
                     status);
    }
}

/* === threads === */

struct producer {
    struct machine *machine;
    napi_threadsafe_function function;
    bool takes;
    unsigned count;
};

static void *
produce(void *argument)
{
    struct producer given = *(struct producer *)argument;
    struct machine *m = given.machine;
    napi_status status = napi_ok;
    free(argument);
    for (unsigned i = 0; i < given.count && status != napi_closing; ++i) {
        char *data = given.takes ? block_new(m) : NULL;
        status = napi_call_threadsafe_function(
            given.function, data,
            i % 2 ? napi_tsfn_blocking : napi_tsfn_nonblocking);
        if (status != napi_ok) {
            block_free(m, data);
        }
    }
    if (status != napi_closing) {
        napi_release_threadsafe_function(given.function, napi_tsfn_release);
    }
    __atomic_fetch_sub(&m->pending, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void
step_thread(struct machine *m, const char *name)
{
    struct thing *one = find_held(m);
    struct producer *made;
    if (one == NULL || m->thread_count == THINGS || machine_draw(m, 4)) {
        return;
    }
    machine_tell(m, name);
    if (napi_acquire_threadsafe_function(one->it) != napi_ok ||
        (made = malloc(sizeof(*made))) == NULL) {
        return;
    }
    *made = (struct producer){m, one->it, one->takes,
                              (unsigned)machine_draw(m, 6)};
    __atomic_fetch_add(&m->pending, 1, __ATOMIC_RELAXED);
    if (pthread_create(&m->threads[m->thread_count], NULL, produce, made) !=
        0) {
        abort();
    }
    ++m->thread_count;
}

void
threadsafe_step(struct machine *m, size_t which)
{
    static const struct {
        void (*step)(struct machine *m, const char *name);
        const char *name;
    } steps[THREADSAFE_STEPS] = {
        {step_create, "napi_create_threadsafe_function"},
        {step_call, "napi_call_threadsafe_function"},
        {step_call, "napi_call_threadsafe_function"},
        {step_acquire, "napi_acquire_threadsafe_function"},
        {step_release, "napi_release_threadsafe_function"},
        {step_release, "napi_release_threadsafe_function"},
        {step_interest, "napi_ref_threadsafe_function"},
        {step_thread, "a thread that calls threadsafe functions"},
    };
    steps[which].step(m, steps[which].name);
}

void
threadsafe_end(struct machine *m)
{
    for (size_t i = 0; i < THINGS; ++i) {
        struct thing *one = &m->functions[i];
        while (one->held > 0) {
            napi_release_threadsafe_function(
                one->it, one->held % 2 ? napi_tsfn_release : napi_tsfn_abort);
            let_go(one);
        }
    }
}

void
threadsafe_join(struct machine *m)
{
    while (m->thread_count > 0) {
        pthread_join(m->threads[--m->thread_count], NULL);
    }
}
