/* Bigints in and out of C: 64 bits and words. */
#include "addon.h"

#include <limits.h>

#define WORDS 64
#define UNTOUCHED 0x5A5A5A5A5A5A5A5Au

/* int64(bigint) -> [made from the bits that were read, lossless], or status */
static napi_value
int64(napi_env env, napi_callback_info info)
{
    napi_value argv[1], pair, made;
    int64_t value;
    bool lossless;
    addon_args(env, info, argv, 1);
    napi_status status =
        napi_get_value_bigint_int64(env, argv[0], &value, &lossless);
    if (status != napi_ok) {
        return addon_int(env, status);
    }
    ASSERT_OK(env, napi_create_bigint_int64(env, value, &made));
    ASSERT_OK(env, napi_create_array(env, &pair));
    ASSERT_OK(env, napi_set_element(env, pair, 0, made));
    ASSERT_OK(env, napi_set_element(env, pair, 1, addon_bool(env, lossless)));
    return pair;
}

static napi_value
uint64(napi_env env, napi_callback_info info)
{
    napi_value argv[1], pair, made;
    uint64_t value;
    bool lossless;
    addon_args(env, info, argv, 1);
    napi_status status =
        napi_get_value_bigint_uint64(env, argv[0], &value, &lossless);
    if (status != napi_ok) {
        return addon_int(env, status);
    }
    ASSERT_OK(env, napi_create_bigint_uint64(env, value, &made));
    ASSERT_OK(env, napi_create_array(env, &pair));
    ASSERT_OK(env, napi_set_element(env, pair, 0, made));
    ASSERT_OK(env, napi_set_element(env, pair, 1, addon_bool(env, lossless)));
    return pair;
}

/* from_words(sign, [bigint, ...]) */
static napi_value
from_words(napi_env env, napi_callback_info info)
{
    napi_value argv[2], item, result;
    uint64_t words[WORDS] = {0};
    uint32_t count;
    int32_t sign;
    bool lossless;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_int32(env, argv[0], &sign));
    ASSERT_OK(env, napi_get_array_length(env, argv[1], &count));
    for (uint32_t i = 0; i < count && i < WORDS; ++i) {
        ASSERT_OK(env, napi_get_element(env, argv[1], i, &item));
        ASSERT_OK(env, napi_get_value_bigint_uint64(env, item, &words[i],
                                                    &lossless));
    }
    ASSERT_OK(env, napi_create_bigint_words(env, sign, count, words, &result));
    return result;
}

/* to_words(bigint, given) -> [needed, sign, word, ...given + 1 words], the last
 * one must be untouched; or the status */
static napi_value
to_words(napi_env env, napi_callback_info info)
{
    napi_value argv[2], item, result;
    uint64_t words[WORDS + 1];
    uint32_t given;
    int sign = 7;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[1], &given));
    for (int i = 0; i <= WORDS; ++i) {
        words[i] = UNTOUCHED;
    }
    size_t count = given;
    napi_status status =
        napi_get_value_bigint_words(env, argv[0], &sign, &count, words);
    if (status != napi_ok) {
        return addon_int(env, status);
    }
    ASSERT_OK(env, napi_create_array(env, &result));
    ASSERT_OK(env, napi_set_element(env, result, 0,
                                    addon_int(env, (int64_t)count)));
    ASSERT_OK(env, napi_set_element(env, result, 1, addon_int(env, sign)));
    for (uint32_t i = 0; i <= given && i <= WORDS; ++i) {
        ASSERT_OK(env, napi_create_bigint_uint64(env, words[i], &item));
        ASSERT_OK(env, napi_set_element(env, result, i + 2, item));
    }
    return result;
}

/* query(bigint): how many words it needs */
static napi_value
query(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    size_t count = 99;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_bigint_words(env, argv[0], NULL, &count,
                                               NULL));
    return addon_int(env, (int64_t)count);
}

/* half_query(bigint): statuses with one of sign and words missing, and whether
 * word_count was left alone */
static napi_value
half_query(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    uint64_t words[1];
    size_t count = 1;
    int sign;
    addon_args(env, info, argv, 1);
    napi_status no_words =
        napi_get_value_bigint_words(env, argv[0], &sign, &count, NULL);
    napi_status no_sign =
        napi_get_value_bigint_words(env, argv[0], NULL, &count, words);
    ASSERT_OK(env, napi_create_array(env, &result));
    ASSERT_OK(env, napi_set_element(env, result, 0, addon_int(env, no_words)));
    ASSERT_OK(env, napi_set_element(env, result, 1, addon_int(env, no_sign)));
    return result;
}

/* refuse(which): the status of a word count that is too large; with 1 an
 * exception stays pending */
static napi_value
refuse(napi_env env, napi_callback_info info)
{
    napi_value argv[1], result;
    uint64_t words[1] = {1};
    int32_t which;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_int32(env, argv[0], &which));
    size_t count = which == 0 ? (size_t)INT_MAX + 1 : ((size_t)1 << 24) + 1;
    return addon_int(env, napi_create_bigint_words(env, 0, count, words,
                                                   &result));
}

ADDON(EXPORT(int64), EXPORT(uint64), EXPORT(from_words), EXPORT(to_words),
      EXPORT(query), EXPORT(half_query), EXPORT(refuse))
