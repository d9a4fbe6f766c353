/* The length of the text, not the size of the buffer, is given as its size.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-buffer-overflow
 * finds: greet \(.*text_longer_than_its_buffer\.c:\d+\)
 * python: m.greet("a name of more than thirty-two characters")
 */
#include "planted.h"

#define SIZE 32

static napi_value
greet(napi_env env, napi_callback_info info)
{
    napi_value given = argument(env, info), result;
    char *name = malloc(SIZE);
    size_t length;
    OK(napi_get_value_string_utf8(env, given, NULL, 0, &length));
#ifdef REPAIRED
    OK(napi_get_value_string_utf8(env, given, name, SIZE, &length));
#else
    OK(napi_get_value_string_utf8(env, given, name, length + 1, &length));
#endif
    OK(napi_create_string_utf8(env, name, length, &result));
    free(name);
    return result;
}

EXPORT(greet)
