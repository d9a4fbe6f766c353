/* What runs when an environment is torn down, and in which order: everything
 * prints a line as it happens. Names are short; they live for ever. */
#include "addon.h"

#include <pthread.h>
#include <unistd.h>

struct named {
    char name[40];
    napi_async_cleanup_hook_handle handle;
    napi_async_work work;
    napi_threadsafe_function function;
    napi_ref kept;
    bool probe; /* ask what the env still answers */
};

static napi_env probed;
static pthread_t producer;

static void
say(const char *what, const char *name)
{
    printf("%s %s\n", what, name);
    fflush(stdout);
}

static struct named *
take_name(napi_env env, napi_value value)
{
    struct named *one = calloc(1, sizeof(*one));
    napi_get_value_string_utf8(env, value, one->name, sizeof(one->name),
                               NULL);
    return one;
}

/* Statuses of functions that need no JavaScript and of those that do. */
static void
probe(napi_env env, struct named *one)
{
    napi_value object = NULL, value = NULL, kept = NULL;
    napi_handle_scope scope;
    uint32_t version = 0;
    bool answer;
    char line[100];
    int status[9];
    status[0] = napi_open_handle_scope(env, &scope);
    status[1] = napi_create_object(env, &object);
    status[2] = napi_create_string_utf8(env, "x", 1, &value);
    status[3] = napi_get_reference_value(env, one->kept, &kept);
    status[4] = napi_get_version(env, &version);
    status[5] = napi_set_named_property(env, object, "x", value);
    status[6] = napi_has_own_property(env, object, value, &answer);
    status[7] = napi_throw_error(env, NULL, "late");
    status[8] = napi_call_function(env, object, kept, 0, NULL, NULL);
    napi_close_handle_scope(env, scope);
    snprintf(line, sizeof(line), "%d %d %d %d %d %d %d %d %d", status[0],
             status[1], status[2], status[3], status[4], status[5], status[6],
             status[7], status[8]);
    say("statuses", line);
}

static void
on_hook(void *arg)
{
    struct named *one = arg;
    say("hook", one->name);
    if (one->probe) {
        probe(probed, one);
    }
}

/* hook(name) */
static napi_value
hook(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_add_env_cleanup_hook(env, on_hook,
                                             take_name(env, argv[0])));
    return NULL;
}

/* probing_hook(name, function), probing_wrap(object, name, function) */
static napi_value
probing_hook(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    addon_args(env, info, argv, 2);
    struct named *one = take_name(env, argv[0]);
    one->probe = true;
    probed = env;
    ASSERT_OK(env, napi_create_reference(env, argv[1], 1, &one->kept));
    ASSERT_OK(env, napi_add_env_cleanup_hook(env, on_hook, one));
    return NULL;
}

static void
on_finalize(napi_env env, void *data, void *hint)
{
    struct named *one = data;
    (void)hint;
    say("finalizer", one->name);
    if (one->probe) {
        probe(env, one);
    }
}

static napi_value
probing_wrap(napi_env env, napi_callback_info info)
{
    napi_value argv[3];
    addon_args(env, info, argv, 3);
    struct named *one = take_name(env, argv[1]);
    one->probe = true;
    ASSERT_OK(env, napi_create_reference(env, argv[2], 1, &one->kept));
    ASSERT_OK(env, napi_wrap(env, argv[0], one, on_finalize, NULL, NULL));
    return NULL;
}

/* wrap(object, name), external(name), keep(object): a strong reference */
static napi_value
wrap(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_wrap(env, argv[0], take_name(env, argv[1]),
                             on_finalize, NULL, NULL));
    return NULL;
}

static napi_value
external(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_external(env, take_name(env, argv[0]),
                                        on_finalize, NULL, &result));
    return result;
}

static napi_value
keep(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    napi_ref reference;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_reference(env, argv[0], 1, &reference));
    return NULL;
}

static void
on_data(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    say("instance data", ((struct named *)data)->name);
}

/* set_data(name) */
static napi_value
set_data(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_set_instance_data(env, take_name(env, argv[0]),
                                          on_data, NULL));
    return NULL;
}

/* === asynchronous hooks === */

static void
work_execute(napi_env env, void *data)
{
    (void)env;
    (void)data;
}

static void
work_complete(napi_env env, napi_status status, void *data)
{
    struct named *one = data;
    say(status == napi_ok ? "finished" : "cancelled", one->name);
    napi_delete_async_work(env, one->work);
    napi_remove_async_cleanup_hook(one->handle);
}

static void
on_async_hook_with_work(napi_async_cleanup_hook_handle handle, void *arg)
{
    struct named *one = arg;
    say("async hook", one->name);
    one->handle = handle;
    napi_queue_async_work(probed, one->work);
}

static void
on_async_hook_done(napi_async_cleanup_hook_handle handle, void *arg)
{
    say("async hook", ((struct named *)arg)->name);
    napi_remove_async_cleanup_hook(handle);
}

static void
on_async_hook_endless(napi_async_cleanup_hook_handle handle, void *arg)
{
    (void)handle;
    say("async hook", ((struct named *)arg)->name);
}

/* async_hook(name): finishes when its async work has completed */
static napi_value
async_hook(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    struct named *one = take_name(env, argv[0]);
    probed = env;
    ASSERT_OK(env, napi_create_async_work(env, NULL, argv[0], work_execute,
                                          work_complete, one, &one->work));
    ASSERT_OK(env, napi_add_async_cleanup_hook(env, on_async_hook_with_work,
                                               one, NULL));
    return NULL;
}

static napi_value
add_async(napi_env env, napi_callback_info info, napi_async_cleanup_hook act,
          bool remove)
{
    napi_value argv[1];
    napi_async_cleanup_hook_handle handle;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_add_async_cleanup_hook(
                       env, act, take_name(env, argv[0]), &handle));
    if (remove) {
        ASSERT_OK(env, napi_remove_async_cleanup_hook(handle));
    }
    return NULL;
}

/* async_hook_done(name): finished as it returns; async_hook_endless(name):
 * never; async_hook_removed(name): removed before */
static napi_value
async_hook_done(napi_env env, napi_callback_info info)
{
    return add_async(env, info, on_async_hook_done, false);
}

static napi_value
async_hook_endless(napi_env env, napi_callback_info info)
{
    return add_async(env, info, on_async_hook_endless, false);
}

static napi_value
async_hook_removed(napi_env env, napi_callback_info info)
{
    return add_async(env, info, on_async_hook_done, true);
}

/* === threadsafe functions === */

static void
on_item(napi_env env, napi_value function, void *context, void *data)
{
    (void)function;
    (void)data;
    say(env ? "item" : "item without env", ((struct named *)context)->name);
}

static void
on_function_end(napi_env env, void *data, void *hint)
{
    (void)hint;
    say(env ? "function end" : "function end without env",
        ((struct named *)data)->name);
}

static struct named *
make_function(napi_env env, napi_value name)
{
    struct named *one = take_name(env, name);
    napi_create_threadsafe_function(env, NULL, NULL, name, 0, 1, one,
                                    on_function_end, one, on_item,
                                    &one->function);
    napi_unref_threadsafe_function(env, one->function);
    return one;
}

/* function(name, items): unreferenced, with so many items queued */
static napi_value
function(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    int32_t items = 0;
    addon_args(env, info, argv, 2);
    struct named *one = make_function(env, argv[0]);
    napi_get_value_int32(env, argv[1], &items);
    for (int32_t i = 0; i < items; ++i) {
        ASSERT_OK(env, napi_call_threadsafe_function(one->function, NULL,
                                                     napi_tsfn_nonblocking));
    }
    return NULL;
}

static void
on_releasing_hook(void *arg)
{
    struct named *one = arg;
    char line[80];
    int status[3];
    status[0] = napi_call_threadsafe_function(one->function, NULL,
                                              napi_tsfn_nonblocking);
    status[1] = napi_acquire_threadsafe_function(one->function);
    status[2] = napi_release_threadsafe_function(one->function,
                                                 napi_tsfn_release);
    snprintf(line, sizeof(line), "%s: %d %d %d", one->name, status[0],
             status[1], status[2]);
    say("hook calls", line);
}

/* function_of_hook(name, hook first): a hook that calls, acquires and releases
 * a function which is older, or newer, than the hook */
static napi_value
function_of_hook(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool first = false;
    addon_args(env, info, argv, 2);
    napi_get_value_bool(env, argv[1], &first);
    struct named *one = NULL;
    if (!first) {
        one = make_function(env, argv[0]);
        napi_add_env_cleanup_hook(env, on_releasing_hook, one);
    } else {
        struct named *early = take_name(env, argv[0]);
        napi_add_env_cleanup_hook(env, on_releasing_hook, early);
        one = make_function(env, argv[0]);
        early->function = one->function;
    }
    return NULL;
}

static void *
produce(void *arg)
{
    struct named *one = arg;
    while (napi_call_threadsafe_function(one->function, NULL,
                                         napi_tsfn_blocking) == napi_ok) {
    }
    return NULL;
}

static void
on_joining_hook(void *arg)
{
    pthread_join(producer, NULL);
    say("joined", ((struct named *)arg)->name);
}

static void
on_item_quiet(napi_env env, napi_value callback, void *context, void *data)
{
    (void)env;
    (void)callback;
    (void)context;
    (void)data;
}

/* joined_function(name): its thread pushes until it is told that the function
 * closes; a hook that is older than the function waits for the thread */
static napi_value
joined_function(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    struct named *one = take_name(env, argv[0]);
    ASSERT_OK(env, napi_add_env_cleanup_hook(env, on_joining_hook, one));
    ASSERT_OK(env, napi_create_threadsafe_function(
                       env, NULL, NULL, argv[0], 10, 1, one, on_function_end,
                       one, on_item_quiet, &one->function));
    ASSERT_OK(env, napi_unref_threadsafe_function(env, one->function));
    pthread_create(&producer, NULL, produce, one);
    return NULL;
}

static void *
produce_for_ever(void *arg)
{
    produce(arg);
    for (;;) {
        pause();
    }
    return NULL;
}

/* endless_threads(name, n): they push while they can and never end */
static napi_value
endless_threads(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    int32_t count = 0;
    pthread_t thread;
    addon_args(env, info, argv, 2);
    napi_get_value_int32(env, argv[1], &count);
    struct named *one = take_name(env, argv[0]);
    ASSERT_OK(env, napi_create_threadsafe_function(
                       env, NULL, NULL, argv[0], 10, (size_t)count + 1, one,
                       on_function_end, one, on_item_quiet, &one->function));
    ASSERT_OK(env, napi_unref_threadsafe_function(env, one->function));
    for (int32_t i = 0; i < count; ++i) {
        pthread_create(&thread, NULL, produce_for_ever, one);
    }
    return NULL;
}

/* owed() -> a promise that is never settled */
static napi_value
owed(napi_env env, napi_callback_info info)
{
    napi_deferred deferred;
    napi_value promise;
    (void)info;
    ASSERT_OK(env, napi_create_promise(env, &deferred, &promise));
    return promise;
}

ADDON(EXPORT(hook), EXPORT(owed), EXPORT(probing_hook), EXPORT(probing_wrap), EXPORT(wrap),
      EXPORT(external), EXPORT(keep), EXPORT(set_data), EXPORT(async_hook),
      EXPORT(async_hook_done), EXPORT(async_hook_endless),
      EXPORT(async_hook_removed), EXPORT(function), EXPORT(function_of_hook),
      EXPORT(joined_function), EXPORT(endless_threads))
