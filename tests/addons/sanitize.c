/* Bugs of memory for `napi test`: each comes with a twin that is right. The
 * functions take true for the bug; nothing of theirs crashes by itself. */
#include "addon.h"

#include <pthread.h>

static bool
wants_bug(napi_env env, napi_callback_info info)
{
    napi_value argument;
    bool wanted = false;
    addon_args(env, info, &argument, 1);
    napi_get_value_bool(env, argument, &wanted);
    return wanted;
}

/* Keeps the optimiser from what it could see through. */
static void *volatile hidden;

static char *
hide(void *pointer)
{
    hidden = pointer;
    return hidden;
}

/* A copy without room for the end of the string. */
static napi_value
heap_overflow(napi_env env, napi_callback_info info)
{
    bool bug = wants_bug(env, info);
    const char *name = "eight ch";
    size_t length = strlen(name);
    char *copy = hide(malloc(bug ? length : length + 1));
    for (size_t index = 0; index <= length; index++) {
        copy[index] = name[index];
    }
    napi_value result = addon_int(env, copy[0]);
    free(copy);
    return result;
}

/* One byte behind the memory that the host gave for a buffer. */
static napi_value
buffer_overflow(napi_env env, napi_callback_info info)
{
    bool bug = wants_bug(env, info);
    void *data = NULL;
    napi_value result;
    size_t size = 32;
    ASSERT_OK(env, napi_create_buffer(env, size, &data, &result));
    char *bytes = hide(data);
    for (size_t index = 0; index < size + bug; index++) {
        bytes[index] = 'x';
    }
    return result;
}

static napi_value
use_after_free(napi_env env, napi_callback_info info)
{
    bool bug = wants_bug(env, info);
    char *state = hide(malloc(24));
    state[3] = 42;
    int value = state[3];
    free(state);
    if (bug) {
        value = state[3] & 63;
    }
    return addon_int(env, value);
}

struct tally {
    pthread_mutex_t lock;
    bool locked;
    int64_t count;
};

static void *
count_up(void *argument)
{
    struct tally *tally = argument;
    for (int turn = 0; turn < 1000; turn++) {
        if (tally->locked) {
            pthread_mutex_lock(&tally->lock);
        }
        tally->count++;
        if (tally->locked) {
            pthread_mutex_unlock(&tally->lock);
        }
    }
    return NULL;
}

/* Two threads count in one place. */
static napi_value
data_race(napi_env env, napi_callback_info info)
{
    struct tally tally = { PTHREAD_MUTEX_INITIALIZER, true, 0 };
    pthread_t threads[2];
    tally.locked = !wants_bug(env, info);
    for (int index = 0; index < 2; index++) {
        if (pthread_create(&threads[index], NULL, count_up, &tally) != 0) {
            abort();
        }
    }
    for (int index = 0; index < 2; index++) {
        pthread_join(threads[index], NULL);
    }
    return addon_bool(env, tally.count > 0);
}

/* A decision by memory that nothing was written to. */
static napi_value
uninitialised_read(napi_env env, napi_callback_info info)
{
    bool bug = wants_bug(env, info);
    char *flags = hide(malloc(16));
    if (!bug) {
        memset(flags, 0, 16);
    }
    int64_t value = 1;
    if (flags[5] == 7) {
        value = 2;
    }
    free(flags);
    return addon_int(env, value);
}

/* An addition that an int has no room for. */
static napi_value
signed_overflow(napi_env env, napi_callback_info info)
{
    bool bug = wants_bug(env, info);
    int total = bug ? INT32_MAX : INT32_MAX - 1;
    int step = hide(&total) ? 1 : 0;
    total += step;
    return addon_bool(env, total != 0);
}

/* A number becomes an int that has no room for it. */
static napi_value
wild_cast(napi_env env, napi_callback_info info)
{
    double number = wants_bug(env, info) ? 1e20 : 1e5;
    return addon_bool(env, (int)*(double *)hide(&number) != 0);
}

/* As an assertion, or a C++ exception that nobody catches, ends it. */
static napi_value
give_up(napi_env env, napi_callback_info info)
{
    if (wants_bug(env, info)) {
        abort();
    }
    return NULL;
}

/* A NULL pointer is followed: the process ends. */
static napi_value
crash(napi_env env, napi_callback_info info)
{
    char *nothing = hide(wants_bug(env, info) ? NULL : "text");
    return addon_int(env, nothing[0]);
}

/* Memory that nothing points to any more. */
static napi_value
lost_memory(napi_env env, napi_callback_info info)
{
    bool bug = wants_bug(env, info);
    char *lost = hide(malloc(4321));
    lost[0] = 7;
    napi_value result = addon_int(env, lost[0]);
    if (!bug) {
        free(lost);
    }
    hide(NULL);
    return result;
}

ADDON(EXPORT(heap_overflow), EXPORT(buffer_overflow), EXPORT(use_after_free),
      EXPORT(data_race), EXPORT(uninitialised_read), EXPORT(signed_overflow),
      EXPORT(wild_cast), EXPORT(give_up), EXPORT(crash), EXPORT(lost_memory))
