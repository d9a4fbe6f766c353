/* The threads that run async work (chapter "Simple asynchronous operations").
 *
 * They never take the GIL. UV_THREADPOOL_SIZE of them at most, 4 unless told,
 * each started when there is work and nobody idle; signals are left to the
 * threads of the program. */

#include "shim.h"

#include <signal.h>
#include <stdlib.h>

#define DEFAULT_THREADS 4
#define MOST_THREADS 1024

struct pool {
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t work;
    napi_async_work head, tail;
    size_t waiting; /* works that no thread has yet */
    size_t limit, started, idle, busy;
    bool waking; /* a thread is told of work, and has not looked yet */
    bool stopping;
    pthread_t *threads; /* PyMem_Raw */
};

/* with the pool's mutex held */
static void
push_work(struct pool *pool, napi_async_work work)
{
    work->pooled = true;
    work->queue_next = NULL;
    work->queue_previous = pool->tail;
    if (pool->tail != NULL) {
        pool->tail->queue_next = work;
    } else {
        pool->head = work;
    }
    pool->tail = work;
    ++pool->waiting;
}

/* with the pool's mutex held */
static void
take_work(struct pool *pool, napi_async_work work)
{
    if (work->queue_previous != NULL) {
        work->queue_previous->queue_next = work->queue_next;
    } else {
        pool->head = work->queue_next;
    }
    if (work->queue_next != NULL) {
        work->queue_next->queue_previous = work->queue_previous;
    } else {
        pool->tail = work->queue_previous;
    }
    work->queue_next = work->queue_previous = NULL;
    work->pooled = false;
    --pool->waiting;
}

/* with the pool's mutex held; one thread after the other: that which comes wakes
 * the next one where works are left, so a burst is not a wake-up for each */
static void
wake_thread(struct pool *pool)
{
    if (pool->idle > 0 && !pool->waking) {
        pool->waking = true;
        pthread_cond_signal(&pool->work);
    }
}

static void *
run_thread(void *arg)
{
    struct pool *pool = arg;
    pthread_mutex_lock(&pool->mutex);
    while (!pool->stopping) {
        napi_async_work work = pool->head;
        if (work == NULL) {
            ++pool->idle;
            pthread_cond_wait(&pool->work, &pool->mutex);
            --pool->idle;
            pool->waking = false;
            continue;
        }
        take_work(pool, work);
        if (pool->head != NULL) {
            wake_thread(pool);
        }
        ++pool->busy;
        pthread_mutex_unlock(&pool->mutex);
        work->execute(work->env, work->data);
        work_complete(work, napi_ok);
        pthread_mutex_lock(&pool->mutex);
        --pool->busy;
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

static size_t
find_limit(void)
{
    const char *text = getenv("UV_THREADPOOL_SIZE");
    long size = text ? strtol(text, NULL, 10) : DEFAULT_THREADS;
    return (size_t)Py_MAX(1, Py_MIN(size, MOST_THREADS));
}

static struct pool * /* NULL: raised */
pool_new(void)
{
    struct pool *pool = PyMem_RawCalloc(1, sizeof(*pool));
    size_t limit = find_limit();
    pthread_t *threads = PyMem_RawCalloc(limit, sizeof(*threads));
    if (pool == NULL || threads == NULL) {
        PyMem_RawFree(pool);
        PyMem_RawFree(threads);
        PyErr_NoMemory();
        return NULL;
    }
    pool->limit = limit;
    pool->threads = threads;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->work, NULL);
    return pool;
}

/* with the pool's mutex held; the system's error number */
static int
start_thread(struct pool *pool)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&pool->threads[pool->started], NULL,
                               run_thread, pool);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pool->started += error == 0;
    return error;
}

int
pool_queue(struct shim_state *state, napi_async_work work)
{
    if (state->pool == NULL && (state->pool = pool_new()) == NULL) {
        return -1;
    }
    struct pool *pool = state->pool;
    int error = 0;
    pthread_mutex_lock(&pool->mutex);
    if (pool->waiting >= pool->idle && pool->started < pool->limit) {
        error = start_thread(pool);
    }
    if (pool->started == 0) {
        pthread_mutex_unlock(&pool->mutex);
        PyErr_Format(PyExc_RuntimeError, "no thread for async work: %s",
                     strerror(error));
        return -1;
    }
    push_work(pool, work);
    wake_thread(pool);
    pthread_mutex_unlock(&pool->mutex);
    return 0;
}

bool
pool_cancel(struct shim_state *state, napi_async_work work)
{
    struct pool *pool = state->pool;
    if (pool == NULL) {
        return false;
    }
    pthread_mutex_lock(&pool->mutex);
    bool found = work->pooled;
    if (found) {
        take_work(pool, work);
    }
    pthread_mutex_unlock(&pool->mutex);
    return found;
}

/* The threads are the parent's, and the mutex may be held by one of them. */
void
pool_forget(struct shim_state *state)
{
    state->pool = NULL;
}

/* A thread that still runs an addon's code is left alone, with the pool. */
void
pool_stop(struct shim_state *state)
{
    struct pool *pool = state->pool;
    if (pool == NULL) {
        return;
    }
    state->pool = NULL;
    pthread_mutex_lock(&pool->mutex);
    bool busy = pool->busy > 0 || pool->head != NULL;
    pool->stopping = !busy;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->mutex);
    if (busy) {
        return;
    }
    for (size_t i = 0; i < pool->started; ++i) {
        pthread_join(pool->threads[i], NULL);
    }
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->mutex);
    PyMem_RawFree(pool->threads);
    PyMem_RawFree(pool);
}
