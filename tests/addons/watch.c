/* What the watch looks at: an addon that checks, and ones that do not. */
#include "addon.h"

/* keys(object) -> its property names */
static napi_value
keys(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_property_names(env, argv[0], &result));
    return result;
}

/* greet(name) -> { text: "hello, name", length } ; all is checked */
static napi_value
greet(napi_env env, napi_callback_info info)
{
    napi_value argv[1], text, length, result;
    char name[100] = "hello, ";
    size_t size;
    size_t argc = 1;
    ASSERT_OK(env, napi_get_cb_info(env, info, &argc, argv, NULL, NULL));
    ASSERT_OK(env, napi_get_value_string_utf8(env, argv[0], name + 7, 90,
                                              &size));
    ASSERT_OK(env, napi_create_object(env, &result));
    ASSERT_OK(env, napi_create_string_utf8(env, name, size + 7, &text));
    ASSERT_OK(env, napi_set_named_property(env, result, "text", text));
    ASSERT_OK(env, napi_create_double(env, (double)size, &length));
    ASSERT_OK(env, napi_set_named_property(env, result, "length", length));
    return result;
}

/* lose(value) -> 1; whether its property could be set is of no interest */
static napi_value
lose(napi_env env, napi_callback_info info)
{
    napi_value argv[1], object;
    size_t argc = 1;
    ASSERT_OK(env, napi_get_cb_info(env, info, &argc, argv, NULL, NULL));
    ASSERT_OK(env, napi_create_object(env, &object));
    napi_set_named_property(env, object, "value", argv[0]);
    return object;
}

/* leak(value): a reference stays when the call after it fails */
static napi_value
leak(napi_env env, napi_callback_info info)
{
    napi_value argv[1], again;
    napi_ref reference;
    size_t argc = 1;
    ASSERT_OK(env, napi_get_cb_info(env, info, &argc, argv, NULL, NULL));
    ASSERT_OK(env, napi_create_reference(env, argv[0], 1, &reference));
    ASSERT_OK(env, napi_get_reference_value(env, reference, &again));
    ASSERT_OK(env, napi_delete_reference(env, reference));
    return again;
}

/* crash(text) -> its first character; the pointer is not checked */
static napi_value
crash(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    volatile char *data = NULL;
    size_t length, argc = 1;
    ASSERT_OK(env, napi_get_cb_info(env, info, &argc, argv, NULL, NULL));
    napi_get_buffer_info(env, argv[0], (void **)&data, &length);
    return addon_int(env, data[0]);
}

static void
drop(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    free(data);
}

/* buffer(size): external memory, or a copy where the host has none */
static napi_value
buffer(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    uint32_t size;
    size_t argc = 1;
    ASSERT_OK(env, napi_get_cb_info(env, info, &argc, argv, NULL, NULL));
    ASSERT_OK(env, napi_get_value_uint32(env, argv[0], &size));
    char *data = malloc(size + 1);
    memset(data, 7, size);
    napi_status status =
        napi_create_external_buffer(env, size, data, drop, NULL, &result);
    if (status == napi_no_external_buffers_allowed) {
        status = napi_create_buffer_copy(env, size, data, NULL, &result);
        free(data);
    }
    ASSERT_OK(env, status);
    return result;
}

/* versions() -> [Node-API's, Node's major, minor, patch] */
static napi_value
versions(napi_env env, napi_callback_info info)
{
    (void)info;
    uint32_t version;
    const napi_node_version *node;
    napi_value result;
    ASSERT_OK(env, napi_get_version(env, &version));
    ASSERT_OK(env, napi_get_node_version(env, &node));
    ASSERT_OK(env, napi_create_array(env, &result));
    uint32_t all[] = {version, node->major, node->minor, node->patch};
    for (uint32_t i = 0; i < 4; ++i) {
        ASSERT_OK(env, napi_set_element(env, result, i,
                                        addon_int(env, all[i])));
    }
    return result;
}

struct job {
    napi_async_work work;
    napi_ref callback;
    double number;
};

static void
execute(napi_env env, void *data)
{
    (void)env;
    ((struct job *)data)->number *= 2;
}

static void
complete(napi_env env, napi_status status, void *data)
{
    struct job *job = data;
    napi_value callback, receiver, argv[2], result;
    napi_get_reference_value(env, job->callback, &callback);
    napi_get_undefined(env, &receiver);
    napi_create_double(env, job->number, &argv[0]);
    napi_create_int32(env, status, &argv[1]);
    napi_call_function(env, receiver, callback, 2, argv, &result);
    napi_delete_reference(env, job->callback);
    napi_delete_async_work(env, job->work);
    free(job);
}

/* twice(number, callback): callback(2 * number, status) later */
static napi_value
twice(napi_env env, napi_callback_info info)
{
    napi_value argv[2], name;
    double number;
    size_t argc = 2;
    ASSERT_OK(env, napi_get_cb_info(env, info, &argc, argv, NULL, NULL));
    ASSERT_OK(env, napi_get_value_double(env, argv[0], &number));
    ASSERT_OK(env, napi_create_string_utf8(env, "twice", 5, &name));
    struct job *job = calloc(1, sizeof(*job));
    job->number = number;
    napi_create_reference(env, argv[1], 1, &job->callback);
    napi_create_async_work(env, NULL, name, execute, complete, job,
                           &job->work);
    napi_queue_async_work(env, job->work);
    return NULL;
}

/* apply(function, ...arguments) -> what it returns */
static napi_value
apply(napi_env env, napi_callback_info info)
{
    napi_value argv[4], receiver, result;
    size_t argc = 4;
    ASSERT_OK(env, napi_get_cb_info(env, info, &argc, argv, NULL, NULL));
    ASSERT_OK(env, napi_get_undefined(env, &receiver));
    ASSERT_OK(env, napi_call_function(env, receiver, argv[0], argc - 1,
                                      argv + 1, &result));
    return result;
}

ADDON(EXPORT(keys), EXPORT(greet), EXPORT(lose), EXPORT(leak), EXPORT(crash),
      EXPORT(buffer), EXPORT(versions), EXPORT(twice), EXPORT(apply))
