/* Finalizers, wraps, externals: what runs, how often, in which order. The log
 * is a JavaScript-free array of numbers in the instance data. */
#include "addon.h"

struct log {
    size_t count;
    int64_t entries[4096];
    bool print;
};

static struct log *
log_of(napi_env env)
{
    void *data = NULL;
    napi_get_instance_data(env, &data);
    return data;
}

static void
note(napi_env env, void *data, void *hint)
{
    (void)hint;
    struct log *log = log_of(env);
    if (log == NULL) {
        return;
    }
    if (log->print) {
        printf("finalizer %ld\n", (long)(intptr_t)data);
        fflush(stdout);
    }
    if (log->count < 4096) {
        log->entries[log->count++] = (int64_t)(intptr_t)data;
    }
}

static void
note_and_delete(napi_env env, void *data, void *hint)
{
    note(env, data, NULL);
    napi_delete_reference(env, *(napi_ref *)hint);
    free(hint);
}

static void
throws(napi_env env, void *data, void *hint)
{
    note(env, data, hint);
    napi_throw_error(env, NULL, "from a finalizer");
}

static intptr_t
int_of(napi_env env, napi_value value)
{
    int64_t result = 0;
    napi_get_value_int64(env, value, &result);
    return (intptr_t)result;
}

/* add(object, n) */
static napi_value
add(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_add_finalizer(env, argv[0],
                                      (void *)int_of(env, argv[1]), note,
                                      NULL, NULL));
    return NULL;
}

static napi_value
add_throwing(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_add_finalizer(env, argv[0],
                                      (void *)int_of(env, argv[1]), throws,
                                      NULL, NULL));
    return NULL;
}

/* the finalizer deletes its own reference */
static napi_value
add_self_deleting(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    napi_ref *ref = malloc(sizeof(*ref));
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_add_finalizer(env, argv[0],
                                      (void *)int_of(env, argv[1]),
                                      note_and_delete, ref, ref));
    return NULL;
}

/* add_cancelled(object, n): the reference is deleted, the finalizer never
 * runs */
static napi_value
add_cancelled(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    napi_ref ref;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env,
              napi_add_finalizer(env, argv[0], (void *)int_of(env, argv[1]),
                                 note, NULL, &ref));
    ASSERT_OK(env, napi_delete_reference(env, ref));
    return NULL;
}

static napi_value
wrap(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    addon_args(env, info, argv, 2);
    return addon_int(env,
                     napi_wrap(env, argv[0], (void *)int_of(env, argv[1]),
                               note, NULL, NULL));
}

static napi_value
unwrap(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    void *data = NULL;
    addon_args(env, info, argv, 1);
    napi_status status = napi_unwrap(env, argv[0], &data);
    return addon_int(env, status == napi_ok ? (int64_t)(intptr_t)data
                                            : -(int64_t)status);
}

static napi_value
remove_wrap(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    void *data = NULL;
    addon_args(env, info, argv, 1);
    napi_status status = napi_remove_wrap(env, argv[0], &data);
    return addon_int(env, status == napi_ok ? (int64_t)(intptr_t)data
                                            : -(int64_t)status);
}

static napi_value
external(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_external(env, (void *)int_of(env, argv[0]),
                                        note, NULL, &result));
    return result;
}

static char memory[16];

static void
note_hint(napi_env env, void *data, void *hint)
{
    (void)data;
    note(env, hint, NULL);
}

static napi_value
external_buffer(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_external_buffer(env, sizeof(memory), memory,
                                               note_hint,
                                               (void *)int_of(env, argv[0]),
                                               &result));
    return result;
}

static napi_value
external_arraybuffer(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_external_arraybuffer(
                       env, memory, sizeof(memory), note_hint,
                       (void *)int_of(env, argv[0]), &result));
    return result;
}

/* tag(object, lower) / check(object, lower) */
static napi_value
tag(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    addon_args(env, info, argv, 2);
    napi_type_tag made = {(uint64_t)int_of(env, argv[1]), 7};
    return addon_int(env, napi_type_tag_object(env, argv[0], &made));
}

static napi_value
check(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    bool result = false;
    addon_args(env, info, argv, 2);
    napi_type_tag made = {(uint64_t)int_of(env, argv[1]), 7};
    ASSERT_OK(env,
              napi_check_object_type_tag(env, argv[0], &made, &result));
    return addon_bool(env, result);
}

/* loop(n): n objects with finalizers made and dropped in scopes of their own */
static napi_value
loop(napi_env env, napi_callback_info info)
{
    napi_value argv[1], object;
    addon_args(env, info, argv, 1);
    for (intptr_t i = int_of(env, argv[0]); i > 0; --i) {
        napi_handle_scope scope;
        ASSERT_OK(env, napi_open_handle_scope(env, &scope));
        ASSERT_OK(env, napi_create_object(env, &object));
        ASSERT_OK(env, napi_add_finalizer(env, object, (void *)i, note, NULL,
                                          NULL));
        ASSERT_OK(env, napi_close_handle_scope(env, scope));
    }
    return addon_int(env, (int64_t)log_of(env)->count);
}

static void
hook(void *arg)
{
    printf("hook %ld\n", (long)(intptr_t)arg);
    fflush(stdout);
}

static napi_value
add_hook(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    return addon_int(env, napi_add_env_cleanup_hook(
                              env, hook, (void *)int_of(env, argv[0])));
}

static napi_value
remove_hook(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    return addon_int(env, napi_remove_env_cleanup_hook(
                              env, hook, (void *)int_of(env, argv[0])));
}

static napi_value
print_from_now(napi_env env, napi_callback_info info)
{
    (void)info;
    log_of(env)->print = true;
    return NULL;
}

/* take() -> array of what ran since the last time */
static napi_value
take(napi_env env, napi_callback_info info)
{
    (void)info;
    struct log *log = log_of(env);
    napi_value result;
    ASSERT_OK(env, napi_create_array(env, &result));
    for (size_t i = 0; i < log->count; ++i) {
        ASSERT_OK(env, napi_set_element(env, result, (uint32_t)i,
                                        addon_int(env, log->entries[i])));
    }
    log->count = 0;
    return result;
}

static void
drop_log(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    if (((struct log *)data)->print) {
        printf("instance data\n");
        fflush(stdout);
    }
    free(data);
}

static napi_value
set_data(napi_env env, napi_callback_info info)
{
    (void)info;
    ASSERT_OK(env, napi_set_instance_data(env, calloc(1, sizeof(struct log)),
                                          drop_log, NULL));
    return NULL;
}

ADDON(EXPORT(set_data), EXPORT(add), EXPORT(add_throwing),
      EXPORT(add_self_deleting), EXPORT(add_cancelled), EXPORT(wrap),
      EXPORT(unwrap), EXPORT(remove_wrap), EXPORT(external),
      EXPORT(external_buffer), EXPORT(external_arraybuffer), EXPORT(tag),
      EXPORT(check), EXPORT(loop), EXPORT(add_hook), EXPORT(remove_hook),
      EXPORT(print_from_now), EXPORT(take))
