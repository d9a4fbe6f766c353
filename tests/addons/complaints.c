/* What users of other hosts have run into: see tests/test_complaints.py. */
#include "addon.h"

static int64_t finalized, delivered;
static napi_threadsafe_function function;

static void
on_finalize(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)data;
    (void)hint;
    ++finalized;
}

/* count() of finalizers, delivered() items since the last time */
static napi_value
count(napi_env env, napi_callback_info info)
{
    int64_t result = finalized;
    (void)info;
    finalized = 0;
    return addon_int(env, result);
}

static napi_value
items(napi_env env, napi_callback_info info)
{
    int64_t result = delivered;
    (void)info;
    delivered = 0;
    return addon_int(env, result);
}

static void
on_finalize_deleting(napi_env env, void *data, void *hint)
{
    (void)hint;
    ++finalized;
    if (napi_delete_reference(env, *(napi_ref *)data) != napi_ok) {
        finalized += 1000;
    }
    free(data);
}

/* link(object, other): the finalizer of object deletes a reference to other */
static napi_value
make_link(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    napi_ref *other = malloc(sizeof(*other));
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_create_reference(env, argv[1], 1, other));
    ASSERT_OK(env, napi_wrap(env, argv[0], other, on_finalize_deleting, NULL,
                             NULL));
    return NULL;
}

/* delete_queued(): an object dies in the middle of this call; then the
 * reference that has its finalizer is deleted */
static napi_value
delete_queued(napi_env env, napi_callback_info info)
{
    napi_handle_scope scope;
    napi_value object;
    napi_ref reference;
    (void)info;
    ASSERT_OK(env, napi_open_handle_scope(env, &scope));
    ASSERT_OK(env, napi_create_object(env, &object));
    ASSERT_OK(env, napi_add_finalizer(env, object, NULL, on_finalize, NULL,
                                      &reference));
    ASSERT_OK(env, napi_close_handle_scope(env, scope));
    ASSERT_OK(env, napi_delete_reference(env, reference));
    return NULL;
}

static char memory[64];

/* arraybuffer() over memory that all of them share */
static napi_value
arraybuffer(napi_env env, napi_callback_info info)
{
    napi_value result;
    (void)info;
    ASSERT_OK(env, napi_create_external_arraybuffer(
                       env, memory, sizeof(memory), on_finalize, NULL,
                       &result));
    return result;
}

static napi_value
detach(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    return addon_int(env, napi_detach_arraybuffer(env, argv[0]));
}

/* refused() -> the statuses of two calls that fail */
static napi_value
refused(napi_env env, napi_callback_info info)
{
    napi_value ignored;
    (void)info;
    int64_t first = napi_create_external_buffer(
        env, sizeof(memory), memory, on_finalize, NULL, NULL);
    napi_throw_error(env, NULL, "pending");
    int64_t second = napi_create_external_buffer(
        env, sizeof(memory), memory, on_finalize, NULL, &ignored);
    napi_get_and_clear_last_exception(env, &ignored);
    return addon_int(env, first * 100 + second);
}

static void
on_item(napi_env env, napi_value callback, void *context, void *data)
{
    (void)callback;
    (void)context;
    delivered += env != NULL && data == NULL;
}

/* open(holds): a threadsafe function that so many threads hold */
static napi_value
make_open(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    uint32_t holds = 1;
    addon_args(env, info, argv, 1);
    napi_get_value_uint32(env, argv[0], &holds);
    ASSERT_OK(env, napi_create_threadsafe_function(
                       env, NULL, NULL, addon_string(env, "f"), 0, holds,
                       NULL, on_finalize, NULL, on_item, &function));
    return NULL;
}

static napi_value
push_null(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_call_threadsafe_function(
                              function, NULL, napi_tsfn_nonblocking));
}

static napi_value
end(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    bool abort_it = false;
    addon_args(env, info, argv, 1);
    napi_get_value_bool(env, argv[0], &abort_it);
    return addon_int(env, napi_release_threadsafe_function(
                              function, abort_it ? napi_tsfn_abort
                                                 : napi_tsfn_release));
}

static napi_value
ref(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_ref_threadsafe_function(env, function));
}

static napi_value
unref(napi_env env, napi_callback_info info)
{
    (void)info;
    return addon_int(env, napi_unref_threadsafe_function(env, function));
}

ADDON(EXPORT(count), EXPORT(items), {"link", make_link},
      EXPORT(delete_queued), EXPORT(arraybuffer), EXPORT(detach),
      EXPORT(refused), {"open", make_open}, EXPORT(push_null), EXPORT(end),
      EXPORT(ref), EXPORT(unref))
