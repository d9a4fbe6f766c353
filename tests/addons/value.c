/* Strings and numbers both ways, truncation included. */
#include "addon.h"

/* utf8(text, bufsize) -> ArrayBuffer of what was written, without the NUL */
static napi_value
utf8(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result;
    uint32_t size;
    size_t length = 0;
    void *data;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[1], &size));
    char *text = malloc(size + 1);
    memset(text, 'x', size + 1);
    napi_status status =
        napi_get_value_string_utf8(env, argv[0], text, size, &length);
    if (status == napi_ok && size > 0 && text[length] != '\0') {
        status = napi_generic_failure;
    }
    if (status == napi_ok) {
        status = napi_create_buffer_copy(env, length, text, &data, &result);
    }
    free(text);
    ASSERT_OK(env, status);
    return result;
}

static napi_value
utf16(napi_env env, napi_callback_info info)
{
    napi_value argv[2], result;
    uint32_t size;
    size_t length = 0;
    void *data;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[1], &size));
    char16_t *text = calloc(size + 1, sizeof(char16_t));
    napi_status status =
        napi_get_value_string_utf16(env, argv[0], text, size, &length);
    if (status == napi_ok) {
        status = napi_create_buffer_copy(env, length * sizeof(char16_t), text,
                                         &data, &result);
    }
    free(text);
    ASSERT_OK(env, status);
    return result;
}

static napi_value
from_utf8(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    void *data;
    size_t length;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_buffer_info(env, argv[0], &data, &length));
    ASSERT_OK(env, napi_create_string_utf8(env, data, length, &result));
    return result;
}

static napi_value
from_utf16(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    void *data;
    size_t length;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_buffer_info(env, argv[0], &data, &length));
    ASSERT_OK(env, napi_create_string_utf16(env, data, length / 2, &result));
    return result;
}

/* ints(number) -> [int32, uint32, int64] */
static napi_value
ints(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    int32_t i32;
    uint32_t u32;
    int64_t i64;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_int32(env, argv[0], &i32));
    ASSERT_OK(env, napi_get_value_uint32(env, argv[0], &u32));
    ASSERT_OK(env, napi_get_value_int64(env, argv[0], &i64));
    ASSERT_OK(env, napi_create_array(env, &result));
    ASSERT_OK(env, napi_set_element(env, result, 0, addon_int(env, i32)));
    ASSERT_OK(env, napi_set_element(env, result, 1, addon_int(env, u32)));
    napi_value wide;
    ASSERT_OK(env, napi_create_bigint_int64(env, i64, &wide));
    ASSERT_OK(env, napi_set_element(env, result, 2, wide));
    return result;
}

/* words(bigint) -> the same through its words */
static napi_value
words(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    int sign;
    size_t count = 0;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_bigint_words(env, argv[0], NULL, &count,
                                               NULL));
    uint64_t all[64];
    if (count > 64) {
        return NULL;
    }
    ASSERT_OK(env, napi_get_value_bigint_words(env, argv[0], &sign, &count,
                                               all));
    ASSERT_OK(env, napi_create_bigint_words(env, sign, count, all, &result));
    return result;
}

ADDON(EXPORT(utf8), EXPORT(utf16), EXPORT(from_utf8), EXPORT(from_utf16),
      EXPORT(ints), EXPORT(words))
