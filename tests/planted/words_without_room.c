/* A large number has more words than there is room for.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: buffer-overflow
 * finds: low .*words_without_room\.c:\d+
 * python: m.low(napi.BigInt(1 << 100))
 */
#include "planted.h"

static napi_value
low(napi_env env, napi_callback_info info)
{
    napi_value given = argument(env, info), result;
    int sign;
    size_t count = 0;
    OK(napi_get_value_bigint_words(env, given, NULL, &count, NULL));
#ifdef REPAIRED
    uint64_t *words = malloc(count * sizeof(*words));
#else
    uint64_t *words = malloc(sizeof(*words));
#endif
    OK(napi_get_value_bigint_words(env, given, &sign, &count, words));
    OK(napi_create_bigint_uint64(env, words[0], &result));
    free(words);
    return result;
}

EXPORT(low)
