/* Room for the characters of a string, not for the zero behind them.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-buffer-overflow
 * finds: in_capitals .*string_without_its_end\.c:\d+
 * python: m.in_capitals("eight ch")
 */
#include "planted.h"

static napi_value
in_capitals(napi_env env, napi_callback_info info)
{
    napi_value given = argument(env, info), result;
    size_t length;
    OK(napi_get_value_string_utf8(env, given, NULL, 0, &length));
#ifdef REPAIRED
    char *copy = malloc(length + 1);
#else
    char *copy = malloc(length);
#endif
    OK(napi_get_value_string_utf8(env, given, copy, length + 1, &length));
    for (char *at = copy; *at != '\0'; ++at) {
        *at = (char)(*at & ~0x20);
    }
    OK(napi_create_string_utf8(env, copy, length, &result));
    free(copy);
    return result;
}

EXPORT(in_capitals)
