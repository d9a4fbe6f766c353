/* What addons do with libuv: timers, wake-ups from threads, work of the pool,
 * descriptors, the default loop. The declarations are those that we need. */

#include "addon.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct uv_loop_s uv_loop_t;
typedef struct handle {
    void *data;
    uv_loop_t *loop;
    int type;
    char opaque[1024];
} handle_t;

int uv_timer_init(uv_loop_t *, handle_t *);
int uv_timer_start(handle_t *, void (*)(handle_t *), uint64_t, uint64_t);
int uv_async_init(uv_loop_t *, handle_t *, void (*)(handle_t *));
int uv_async_send(handle_t *);
int uv_poll_init(uv_loop_t *, handle_t *, int);
int uv_poll_start(handle_t *, int, void (*)(handle_t *, int, int));
int uv_idle_init(uv_loop_t *, handle_t *);
int uv_idle_start(handle_t *, void (*)(handle_t *));
void uv_close(handle_t *, void (*)(handle_t *));
void uv_unref(handle_t *);
int uv_queue_work(uv_loop_t *, handle_t *, void (*)(handle_t *),
                  void (*)(handle_t *, int));
uv_loop_t *uv_default_loop(void);
uint64_t uv_now(const uv_loop_t *);
uint64_t uv_hrtime(void);
void uv_update_time(uv_loop_t *);
/* of those that uvloop's build leaves out */
void *uv_handle_get_data(const handle_t *);
void uv_handle_set_data(handle_t *, void *);
uv_loop_t *uv_handle_get_loop(const handle_t *);
const char *uv_handle_type_name(int);
int uv_handle_get_type(const handle_t *);
int uv_barrier_init(pthread_barrier_t *, unsigned int);
int uv_barrier_wait(pthread_barrier_t *);
void uv_barrier_destroy(pthread_barrier_t *);
int uv_random(uv_loop_t *, handle_t *, void *, size_t, unsigned int,
              void (*)(handle_t *, int, void *, size_t));
int uv_exepath(char *, size_t *);

struct request {
    handle_t handle;
    napi_env env;
    napi_ref callback;
    napi_async_context context;
    double number;
    char bytes[16];
};

static uv_loop_t *
loop_of(napi_env env)
{
    uv_loop_t *loop = NULL;
    ASSERT_OK(env, napi_get_uv_event_loop(env, &loop));
    return loop;
}

/* (..., callback): the last argument */
static struct request *
new_request(napi_env env, napi_callback_info info, size_t count)
{
    napi_value argv[4];
    size_t argc = 4;
    ASSERT_OK(env, napi_get_cb_info(env, info, &argc, argv, NULL, NULL));
    struct request *self = calloc(1, sizeof(*self));
    self->env = env;
    if (count > 1) {
        ASSERT_OK(env, napi_get_value_double(env, argv[0], &self->number));
    }
    ASSERT_OK(env, napi_create_reference(env, argv[count - 1], 1,
                                     &self->callback));
    napi_value name;
    ASSERT_OK(env, napi_create_string_utf8(env, "libuv", NAPI_AUTO_LENGTH, &name));
    ASSERT_OK(env, napi_async_init(env, NULL, name, &self->context));
    uv_handle_set_data(&self->handle, self);
    return self;
}

static void
call(struct request *self, double number)
{
    napi_env env = self->env;
    napi_handle_scope scope;
    napi_value callback, argument, global;
    napi_open_handle_scope(env, &scope);
    napi_get_global(env, &global);
    napi_get_reference_value(env, self->callback, &callback);
    napi_create_double(env, number, &argument);
    napi_make_callback(env, self->context, global, callback, 1, &argument,
                       NULL);
    napi_close_handle_scope(env, scope);
}

static void
release(handle_t *handle)
{
    struct request *self = uv_handle_get_data(handle);
    napi_delete_reference(self->env, self->callback);
    napi_async_destroy(self->env, self->context);
    free(self);
}

static void
on_once(handle_t *handle)
{
    struct request *self = uv_handle_get_data(handle);
    call(self, self->number);
    uv_close(handle, release);
}

/* after(milliseconds, callback) */
static napi_value
after(napi_env env, napi_callback_info info)
{
    struct request *self = new_request(env, info, 2);
    uv_timer_init(loop_of(env), &self->handle);
    uv_timer_start(&self->handle, on_once, (uint64_t)self->number, 0);
    return NULL;
}

static void *
send_one(void *handle)
{
    uv_async_send(handle);
    return NULL;
}

/* from_thread(number, callback): uv_async_send on another thread */
static napi_value
from_thread(napi_env env, napi_callback_info info)
{
    struct request *self = new_request(env, info, 2);
    pthread_t thread;
    uv_async_init(loop_of(env), &self->handle, on_once);
    pthread_create(&thread, NULL, send_one, &self->handle);
    pthread_detach(thread);
    return NULL;
}

static void
square(handle_t *work)
{
    struct request *self = uv_handle_get_data(work);
    self->number *= self->number;
}

static void
on_work(handle_t *work, int status)
{
    struct request *self = uv_handle_get_data(work);
    call(self, status < 0 ? status : self->number);
    release(work);
}

/* queue(number, callback): its square, from libuv's pool */
static napi_value
queue(napi_env env, napi_callback_info info)
{
    struct request *self = new_request(env, info, 2);
    uv_queue_work(loop_of(env), &self->handle, square, on_work);
    return NULL;
}

static void
on_readable(handle_t *handle, int status, int events)
{
    struct request *self = uv_handle_get_data(handle);
    call(self, status < 0 ? status : events);
    uv_close(handle, release);
}

/* readable(descriptor, callback) */
static napi_value
readable(napi_env env, napi_callback_info info)
{
    struct request *self = new_request(env, info, 2);
    uv_poll_init(loop_of(env), &self->handle, (int)self->number);
    uv_poll_start(&self->handle, 1, on_readable);
    return NULL;
}

static void
on_idle(handle_t *handle)
{
    struct request *self = uv_handle_get_data(handle);
    call(self, self->number);
    if (--self->number <= 0) {
        uv_close(handle, release);
    }
}

/* idle(count, callback): counts down, once a turn */
static napi_value
idle(napi_env env, napi_callback_info info)
{
    struct request *self = new_request(env, info, 2);
    uv_idle_init(loop_of(env), &self->handle);
    uv_idle_start(&self->handle, on_idle);
    return NULL;
}

static void
on_random(handle_t *request, int status, void *bytes, size_t size)
{
    struct request *self = uv_handle_get_data(request);
    int seen = 0;
    for (size_t i = 0; i < size; ++i) {
        seen |= ((char *)bytes)[i];
    }
    call(self, status < 0 ? status : seen != 0);
    release(request);
}

/* random(callback): 1 when sixteen random bytes have come */
static napi_value
random_bytes(napi_env env, napi_callback_info info)
{
    struct request *self = new_request(env, info, 1);
    uv_random(loop_of(env), &self->handle, self->bytes, sizeof(self->bytes), 0,
              on_random);
    return NULL;
}

static struct request *kept; /* a handle that lives as long as the addon */

static void
on_kept_closed(handle_t *handle)
{
    free(uv_handle_get_data(handle));
    if (write(1, "closed\n", 7) < 0) {
        abort();
    }
}

static void
close_kept(void *unused)
{
    (void)unused;
    uv_close(&kept->handle, on_kept_closed);
}

/* keep(unref, callback): an async handle that nobody closes but the hook */
static napi_value
keep(napi_env env, napi_callback_info info)
{
    kept = new_request(env, info, 2);
    ASSERT_OK(env, napi_add_env_cleanup_hook(env, close_kept, NULL));
    uv_async_init(loop_of(env), &kept->handle, on_once);
    if (kept->number != 0) {
        uv_unref(&kept->handle);
    }
    return NULL;
}

/* loops() -> [default is the env's, handle's is the env's, type's name] */
static napi_value
loops(napi_env env, napi_callback_info info)
{
    (void)info;
    handle_t *handle = calloc(1, sizeof(*handle));
    napi_value result;
    napi_create_array(env, &result);
    uv_loop_t *loop = loop_of(env);
    uv_timer_init(loop, handle);
    bool same = uv_default_loop() == loop;
    napi_set_element(env, result, 0, addon_bool(env, same));
    same = uv_handle_get_loop(handle) == loop;
    napi_set_element(env, result, 1, addon_bool(env, same));
    const char *name = uv_handle_type_name(uv_handle_get_type(handle));
    napi_set_element(env, result, 2, addon_string(env, name));
    uv_close(handle, (void (*)(handle_t *))free);
    return result;
}

/* staleness() -> how many milliseconds the loop's time is behind */
static napi_value
staleness(napi_env env, napi_callback_info info)
{
    (void)info;
    uv_loop_t *loop = loop_of(env);
    uint64_t then = uv_now(loop);
    uv_update_time(loop);
    return addon_int(env, (int64_t)(uv_now(loop) - then));
}

static void *
wait_at(void *barrier)
{
    return (void *)(intptr_t)uv_barrier_wait(barrier);
}

/* barrier() -> 1: exactly one of two threads is told that it was the last */
static napi_value
barrier(napi_env env, napi_callback_info info)
{
    (void)info;
    pthread_barrier_t both;
    pthread_t thread;
    void *other;
    uv_barrier_init(&both, 2);
    pthread_create(&thread, NULL, wait_at, &both);
    int mine = uv_barrier_wait(&both);
    pthread_join(thread, &other);
    uv_barrier_destroy(&both);
    return addon_int(env, mine + (int)(intptr_t)other);
}

static napi_value
executable(napi_env env, napi_callback_info info)
{
    (void)info;
    char path[4096] = "";
    size_t size = sizeof(path);
    uv_exepath(path, &size);
    return addon_string(env, path);
}

ADDON(EXPORT(after), EXPORT(from_thread), EXPORT(queue), EXPORT(readable),
      EXPORT(idle), EXPORT(random_bytes), EXPORT(keep), EXPORT(loops),
      EXPORT(barrier), EXPORT(staleness), EXPORT(executable))
