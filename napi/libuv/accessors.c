/* libuv's accessors and barriers, which uvloop's build of libuv leaves out, and
 * uv_default_loop, which answers the loop that this host turns.
 *
 * Not an extension module: it stands before libuv in the private group of each
 * addon that calls libuv (group.py). The structures are the public beginnings
 * of libuv's own, which its 1.x ABI keeps; see docs.libuv.org, "API". */

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/random.h>
#endif

#define EXPORT __attribute__((visibility("default")))

struct loop {
    void *data;
};

struct handle {
    void *data;
    struct loop *loop;
    int type;
    void (*close_cb)(struct handle *handle);
    void *queue[2];
    void *reserved[4];
    struct handle *next_closing;
    unsigned int flags;
};

struct stream {
    struct handle handle;
    size_t write_queue_size;
};

struct udp {
    struct handle handle;
    size_t send_queue_size, send_queue_count;
};

struct process {
    struct handle handle;
    void (*exit_cb)(struct process *process, int64_t status, int signal);
    int pid;
};

struct request {
    void *data;
    int type;
    void *reserved[6];
};

struct stat_buffer;

struct fs_request {
    struct request request;
    int kind;
    struct loop *loop;
    void (*callback)(struct fs_request *request);
    ssize_t result;
    void *ptr;
    const char *path;
    uint64_t statbuf[1]; /* libuv's uv_stat_t begins here */
};

struct library {
    void *handle;
    char *errmsg;
};

/* === loop === */

/* The loop that the host turns on this thread, and the one of the first thread:
 * uv_default_loop has no argument that could tell. */
static _Thread_local struct loop *own_loop;
static struct loop *first_loop; /* atomic */

EXPORT void
napi_libuv_set_loop(struct loop *previous, struct loop *loop)
{
    if (own_loop == loop && loop != NULL) {
        return;
    }
    own_loop = loop;
    __atomic_compare_exchange_n(&first_loop, &previous, loop, 0,
                                __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

EXPORT struct loop *
uv_default_loop(void)
{
    return own_loop != NULL ? own_loop
                            : __atomic_load_n(&first_loop, __ATOMIC_ACQUIRE);
}

EXPORT void *
uv_loop_get_data(const struct loop *loop)
{
    return loop->data;
}

EXPORT void
uv_loop_set_data(struct loop *loop, void *data)
{
    loop->data = data;
}

/* === handles === */

EXPORT void *
uv_handle_get_data(const struct handle *handle)
{
    return handle->data;
}

EXPORT void
uv_handle_set_data(struct handle *handle, void *data)
{
    handle->data = data;
}

EXPORT struct loop *
uv_handle_get_loop(const struct handle *handle)
{
    return handle->loop;
}

EXPORT int
uv_handle_get_type(const struct handle *handle)
{
    return handle->type;
}

static const char *
name_of(const char *const *names, int count, int type)
{
    return type > 0 && type < count ? names[type] : NULL;
}

EXPORT const char *
uv_handle_type_name(int type)
{
    static const char *const names[] = {
        NULL,     "async", "check",   "fs_event", "fs_poll", "handle",
        "idle",   "pipe",  "poll",    "prepare",  "process", "stream",
        "tcp",    "timer", "tty",     "udp",      "signal",  "file",
    };
    return name_of(names, sizeof(names) / sizeof(*names), type);
}

EXPORT size_t
uv_stream_get_write_queue_size(const struct stream *stream)
{
    return stream->write_queue_size;
}

EXPORT size_t
uv_udp_get_send_queue_size(const struct udp *udp)
{
    return udp->send_queue_size;
}

EXPORT size_t
uv_udp_get_send_queue_count(const struct udp *udp)
{
    return udp->send_queue_count;
}

EXPORT int
uv_process_get_pid(const struct process *process)
{
    return process->pid;
}

/* === requests === */

EXPORT void *
uv_req_get_data(const struct request *request)
{
    return request->data;
}

EXPORT void
uv_req_set_data(struct request *request, void *data)
{
    request->data = data;
}

EXPORT int
uv_req_get_type(const struct request *request)
{
    return request->type;
}

EXPORT const char *
uv_req_type_name(int type)
{
    static const char *const names[] = {
        NULL, "req",  "connect",     "write",       "shutdown", "udp_send",
        "fs", "work", "getaddrinfo", "getnameinfo", "random",
    };
    return name_of(names, sizeof(names) / sizeof(*names), type);
}

EXPORT int
uv_fs_get_type(const struct fs_request *request)
{
    return request->kind;
}

EXPORT ssize_t
uv_fs_get_result(const struct fs_request *request)
{
    return request->result;
}

EXPORT void *
uv_fs_get_ptr(const struct fs_request *request)
{
    return request->ptr;
}

EXPORT const char *
uv_fs_get_path(const struct fs_request *request)
{
    return request->path;
}

EXPORT struct stat_buffer *
uv_fs_get_statbuf(struct fs_request *request)
{
    return (struct stat_buffer *)request->statbuf;
}

/* === barriers === */

#ifdef PTHREAD_BARRIER_SERIAL_THREAD

EXPORT int
uv_barrier_init(pthread_barrier_t *barrier, unsigned int count)
{
    return -pthread_barrier_init(barrier, NULL, count);
}

EXPORT int
uv_barrier_wait(pthread_barrier_t *barrier)
{
    int status = pthread_barrier_wait(barrier);
    if (status != 0 && status != PTHREAD_BARRIER_SERIAL_THREAD) {
        abort();
    }
    return status == PTHREAD_BARRIER_SERIAL_THREAD;
}

EXPORT void
uv_barrier_destroy(pthread_barrier_t *barrier)
{
    if (pthread_barrier_destroy(barrier) != 0) {
        abort();
    }
}

#endif

/* === shared libraries === */

static int
note_error(struct library *library)
{
    const char *text = dlerror();
    free(library->errmsg);
    library->errmsg = text != NULL ? strdup(text) : NULL;
    return text != NULL ? -1 : 0;
}

EXPORT int
uv_dlopen(const char *filename, struct library *library)
{
    dlerror();
    library->errmsg = NULL;
    library->handle = dlopen(filename, RTLD_LAZY);
    return library->handle != NULL ? 0 : note_error(library);
}

EXPORT void
uv_dlclose(struct library *library)
{
    free(library->errmsg);
    library->errmsg = NULL;
    if (library->handle != NULL) {
        dlclose(library->handle);
        library->handle = NULL;
    }
}

EXPORT int
uv_dlsym(struct library *library, const char *name, void **address)
{
    dlerror();
    *address = dlsym(library->handle, name);
    return note_error(library);
}

EXPORT const char *
uv_dlerror(const struct library *library)
{
    return library->errmsg != NULL ? library->errmsg : "no error";
}

/* === the system === */

EXPORT int
uv_exepath(char *buffer, size_t *size)
{
    if (buffer == NULL || size == NULL || *size == 0) {
        return -EINVAL;
    }
#ifdef __linux__
    ssize_t length = readlink("/proc/self/exe", buffer, *size - 1);
    if (length < 0) {
        return -errno;
    }
    buffer[length] = '\0';
    *size = (size_t)length;
    return 0;
#else
    return -ENOSYS;
#endif
}

struct random_work {
    uint64_t work[32]; /* a uv_work_t, of 128 bytes; data comes first */
    struct request *request;
    void *buffer;
    size_t size;
    int status;
    void (*callback)(struct request *request, int status, void *buffer,
                     size_t size);
};

/* libuv's own: the host sets it, as this library may be opened before libuv. */
EXPORT int (*napi_libuv_queue_work)(struct loop *loop, void *work,
                                    void (*execute)(void *work),
                                    void (*complete)(void *work, int status));

static int
fill_random(char *buffer, size_t size)
{
    while (size > 0) {
        size_t part = size < 256 ? size : 256; /* what getentropy takes */
        if (getentropy(buffer, part) < 0) {
            return -errno;
        }
        buffer += part;
        size -= part;
    }
    return 0;
}

static void
execute_random(void *work)
{
    struct random_work *random = work;
    random->status = fill_random(random->buffer, random->size);
}

static void
complete_random(void *work, int status)
{
    struct random_work *random = work;
    random->callback(random->request, status < 0 ? status : random->status,
                     random->buffer, random->size);
    free(random);
}

/* The request cannot be cancelled: libuv's own part of it stays unused. */
EXPORT int
uv_random(struct loop *loop, struct request *request, void *buffer,
          size_t size, unsigned int flags,
          void (*callback)(struct request *request, int status, void *buffer,
                           size_t size))
{
    if (size > INT32_MAX) {
        return -E2BIG;
    }
    if (flags != 0) {
        return -EINVAL;
    }
    if (callback == NULL) {
        return fill_random(buffer, size);
    }
    struct random_work *random = calloc(1, sizeof(*random));
    if (random == NULL) {
        return -ENOMEM;
    }
    request->type = 1; /* UV_REQ: uv_cancel refuses it */
    random->request = request;
    random->buffer = buffer;
    random->size = size;
    random->callback = callback;
    int status = napi_libuv_queue_work(loop, random, execute_random,
                                       complete_random);
    if (status < 0) {
        free(random);
    }
    return status;
}
