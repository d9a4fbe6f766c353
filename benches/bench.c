/* The same addon for every host: one function a row of the table. Loops that
 * measure the host's functions themselves run inside and return ns a call. */
#define _GNU_SOURCE
#include <node_api.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ARGS(n)                                                               \
    size_t argc = n;                                                          \
    napi_value argv[n];                                                       \
    napi_get_cb_info(env, info, &argc, argv, NULL, NULL)

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static napi_value
noop(napi_env env, napi_callback_info info)
{
    (void)env;
    (void)info;
    return NULL;
}

static napi_value
identity(napi_env env, napi_callback_info info)
{
    ARGS(1);
    return argv[0];
}

static napi_value
add(napi_env env, napi_callback_info info)
{
    ARGS(2);
    double a, b;
    napi_value result;
    napi_get_value_double(env, argv[0], &a);
    napi_get_value_double(env, argv[1], &b);
    napi_create_double(env, a + b, &result);
    return result;
}

static napi_value
add_i32(napi_env env, napi_callback_info info)
{
    ARGS(2);
    int32_t a, b;
    napi_value result;
    napi_get_value_int32(env, argv[0], &a);
    napi_get_value_int32(env, argv[1], &b);
    napi_create_int32(env, a + b, &result);
    return result;
}

static napi_value
str_len(napi_env env, napi_callback_info info)
{
    ARGS(1);
    char text[512];
    size_t length;
    napi_value result;
    napi_get_value_string_utf8(env, argv[0], text, sizeof(text), &length);
    napi_create_uint32(env, (uint32_t)length, &result);
    return result;
}

static napi_value
str_echo(napi_env env, napi_callback_info info)
{
    ARGS(1);
    char text[512];
    size_t length;
    napi_value result;
    napi_get_value_string_utf8(env, argv[0], text, sizeof(text), &length);
    napi_create_string_utf8(env, text, length, &result);
    return result;
}

static const char *const names[8] = {"alpha", "beta", "gamma", "delta",
                                     "epsilon", "zeta", "eta", "theta"};

static napi_value
make_object_8(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value object, value;
    napi_create_object(env, &object);
    for (int i = 0; i < 8; ++i) {
        napi_create_int32(env, i, &value);
        napi_set_named_property(env, object, names[i], value);
    }
    return object;
}

static napi_value
read_object_8(napi_env env, napi_callback_info info)
{
    ARGS(1);
    napi_value value, result;
    int32_t sum = 0, item;
    for (int i = 0; i < 8; ++i) {
        napi_get_named_property(env, argv[0], names[i], &value);
        napi_get_value_int32(env, value, &item);
        sum += item;
    }
    napi_create_int32(env, sum, &result);
    return result;
}

static napi_value
array_sum(napi_env env, napi_callback_info info)
{
    ARGS(1);
    uint32_t length;
    double sum = 0, item;
    napi_value value, result;
    napi_get_array_length(env, argv[0], &length);
    for (uint32_t i = 0; i < length; ++i) {
        napi_handle_scope scope;
        napi_open_handle_scope(env, &scope);
        napi_get_element(env, argv[0], i, &value);
        napi_get_value_double(env, value, &item);
        sum += item;
        napi_close_handle_scope(env, scope);
    }
    napi_create_double(env, sum, &result);
    return result;
}

static napi_value
make_array(napi_env env, napi_callback_info info)
{
    ARGS(1);
    uint32_t length;
    napi_value array, value;
    napi_get_value_uint32(env, argv[0], &length);
    napi_create_array_with_length(env, length, &array);
    for (uint32_t i = 0; i < length; ++i) {
        napi_create_double(env, i, &value);
        napi_set_element(env, array, i, value);
    }
    return array;
}

static napi_value
buffer_len(napi_env env, napi_callback_info info)
{
    ARGS(1);
    void *data;
    size_t length;
    napi_value result;
    napi_get_buffer_info(env, argv[0], &data, &length);
    napi_create_uint32(env, (uint32_t)length, &result);
    return result;
}

static napi_value
make_buffer_64(napi_env env, napi_callback_info info)
{
    (void)info;
    void *data;
    napi_value result;
    napi_create_buffer(env, 64, &data, &result);
    memset(data, 1, 64);
    return result;
}

static void
keep(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)data;
    (void)hint;
}

static napi_value
external_buffer_64(napi_env env, napi_callback_info info)
{
    static char memory[64];
    (void)info;
    napi_value result = NULL;
    napi_create_external_buffer(env, 64, memory, keep, NULL, &result);
    return result;
}

static napi_value
make_typed_8(napi_env env, napi_callback_info info)
{
    (void)info;
    void *data;
    napi_value buffer, result;
    napi_create_arraybuffer(env, 64, &data, &buffer);
    napi_create_typedarray(env, napi_float64_array, 8, buffer, 0, &result);
    return result;
}

static napi_value
call_back(napi_env env, napi_callback_info info)
{
    ARGS(2);
    uint32_t times;
    napi_value receiver, result;
    napi_get_value_uint32(env, argv[1], &times);
    napi_get_undefined(env, &receiver);
    for (uint32_t i = 0; i < times; ++i) {
        napi_handle_scope scope;
        napi_open_handle_scope(env, &scope);
        napi_call_function(env, receiver, argv[0], 0, NULL, &result);
        napi_close_handle_scope(env, scope);
    }
    return NULL;
}

static napi_value
call_back2(napi_env env, napi_callback_info info)
{
    ARGS(2);
    uint32_t times;
    napi_value receiver, result, pair[2];
    napi_get_value_uint32(env, argv[1], &times);
    napi_get_undefined(env, &receiver);
    for (uint32_t i = 0; i < times; ++i) {
        napi_handle_scope scope;
        napi_open_handle_scope(env, &scope);
        napi_create_int32(env, 1000, &pair[0]);
        napi_create_int32(env, 2, &pair[1]);
        napi_call_function(env, receiver, argv[0], 2, pair, &result);
        napi_close_handle_scope(env, scope);
    }
    return NULL;
}

static napi_value
throw_error(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_throw_error(env, NULL, "no");
    return NULL;
}

static napi_value
bigint_i64(napi_env env, napi_callback_info info)
{
    ARGS(1);
    int64_t value;
    bool lossless;
    napi_value result;
    napi_get_value_bigint_int64(env, argv[0], &value, &lossless);
    napi_create_bigint_int64(env, value + 1, &result);
    return result;
}

static napi_value
bigint_words(napi_env env, napi_callback_info info)
{
    ARGS(1);
    int sign;
    size_t count = 4;
    uint64_t words[4];
    napi_value result;
    napi_get_value_bigint_words(env, argv[0], &sign, &count, words);
    napi_create_bigint_words(env, sign, count, words, &result);
    return result;
}

static napi_value
make_function(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result;
    napi_create_function(env, "made", 4, noop, NULL, &result);
    return result;
}

static napi_value
promise(napi_env env, napi_callback_info info)
{
    ARGS(1);
    napi_deferred deferred;
    napi_value result;
    napi_create_promise(env, &deferred, &result);
    napi_resolve_deferred(env, deferred, argv[0]);
    return result;
}

/* inside loops: ns a call */
#define LOOP 1000000
static napi_value
report(napi_env env, double start)
{
    napi_value result;
    napi_create_double(env, (now() - start) / LOOP, &result);
    return result;
}

static napi_value
inner_reference(napi_env env, napi_callback_info info)
{
    ARGS(1);
    double start = now();
    for (int i = 0; i < LOOP; ++i) {
        napi_ref ref;
        napi_create_reference(env, argv[0], 1, &ref);
        napi_delete_reference(env, ref);
    }
    return report(env, start);
}

static napi_value
inner_scope(napi_env env, napi_callback_info info)
{
    (void)info;
    double start = now();
    for (int i = 0; i < LOOP; ++i) {
        napi_handle_scope scope;
        napi_open_handle_scope(env, &scope);
        napi_close_handle_scope(env, scope);
    }
    return report(env, start);
}

static napi_value
inner_get_named(napi_env env, napi_callback_info info)
{
    ARGS(1);
    double start = now();
    for (int i = 0; i < LOOP; ++i) {
        napi_handle_scope scope;
        napi_value value;
        napi_open_handle_scope(env, &scope);
        napi_get_named_property(env, argv[0], "alpha", &value);
        napi_close_handle_scope(env, scope);
    }
    return report(env, start);
}

static napi_value
inner_unwrap(napi_env env, napi_callback_info info)
{
    ARGS(1);
    double start = now();
    for (int i = 0; i < LOOP; ++i) {
        void *data;
        napi_unwrap(env, argv[0], &data);
    }
    return report(env, start);
}

struct counter {
    int32_t value;
};

static void
drop(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    free(data);
}

static napi_value
counter_new(napi_env env, napi_callback_info info)
{
    napi_value self;
    struct counter *counter = calloc(1, sizeof(*counter));
    napi_get_cb_info(env, info, NULL, NULL, &self, NULL);
    napi_wrap(env, self, counter, drop, NULL, NULL);
    return self;
}

static struct counter *
counter_of(napi_env env, napi_callback_info info, size_t *argc,
           napi_value *argv)
{
    napi_value self;
    void *data = NULL;
    napi_get_cb_info(env, info, argc, argv, &self, NULL);
    napi_unwrap(env, self, &data);
    return data;
}

static napi_value
counter_inc(napi_env env, napi_callback_info info)
{
    napi_value result;
    struct counter *counter = counter_of(env, info, NULL, NULL);
    napi_create_int32(env, ++counter->value & 127, &result);
    return result;
}

static napi_value
counter_get(napi_env env, napi_callback_info info)
{
    napi_value result;
    struct counter *counter = counter_of(env, info, NULL, NULL);
    napi_create_int32(env, counter->value & 127, &result);
    return result;
}

static napi_value
counter_set(napi_env env, napi_callback_info info)
{
    size_t argc = 1;
    napi_value argv[1];
    struct counter *counter = counter_of(env, info, &argc, argv);
    napi_get_value_int32(env, argv[0], &counter->value);
    return NULL;
}

NAPI_MODULE_INIT()
{
#define EXPORT(name)                                                          \
    do {                                                                      \
        napi_value function;                                                  \
        napi_create_function(env, #name, NAPI_AUTO_LENGTH, name, NULL,        \
                             &function);                                      \
        napi_set_named_property(env, exports, #name, function);               \
    } while (0)
    EXPORT(noop);
    EXPORT(identity);
    EXPORT(add);
    EXPORT(add_i32);
    EXPORT(str_len);
    EXPORT(str_echo);
    EXPORT(make_object_8);
    EXPORT(read_object_8);
    EXPORT(array_sum);
    EXPORT(make_array);
    EXPORT(buffer_len);
    EXPORT(make_buffer_64);
    EXPORT(external_buffer_64);
    EXPORT(make_typed_8);
    EXPORT(call_back);
    EXPORT(call_back2);
    EXPORT(throw_error);
    EXPORT(bigint_i64);
    EXPORT(bigint_words);
    EXPORT(make_function);
    EXPORT(promise);
    EXPORT(inner_reference);
    EXPORT(inner_scope);
    EXPORT(inner_get_named);
    EXPORT(inner_unwrap);
    napi_property_descriptor members[] = {
        {"inc", NULL, counter_inc, NULL, NULL, NULL, napi_default, NULL},
        {"value", NULL, NULL, counter_get, counter_set, NULL, napi_default,
         NULL},
    };
    napi_value counter;
    napi_define_class(env, "Counter", NAPI_AUTO_LENGTH, counter_new, NULL, 2,
                      members, &counter);
    napi_set_named_property(env, exports, "Counter", counter);
    return exports;
}
