/* The length of a UTF-16 text is given in bytes: as much again is read.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-buffer-overflow
 * finds: shout \(.*units_as_bytes\.c:\d+\)
 * python: m.shout("a text")
 */
#include "planted.h"

static napi_value
shout(napi_env env, napi_callback_info info)
{
    napi_value given = argument(env, info), result;
    size_t length;
    OK(napi_get_value_string_utf16(env, given, NULL, 0, &length));
    char16_t *units = malloc((length + 1) * sizeof(*units));
    OK(napi_get_value_string_utf16(env, given, units, length + 1, NULL));
    units[length] = '!';
#ifdef REPAIRED
    OK(napi_create_string_utf16(env, units, length + 1, &result));
#else
    OK(napi_create_string_utf16(env, units, (length + 1) * sizeof(*units),
                                &result));
#endif
    free(units);
    return result;
}

EXPORT(shout)
