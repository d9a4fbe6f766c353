/* The function leaves in the middle where an element is no number, without
 * its memory.
 *
 * tool: asan
 * finds: leak of 240 byte
 * finds: sum
 * python: m.sum([1, 2, 3])
 * python: try: m.sum([1, "2", 3] * 10)
 * python: except napi.Error: pass
 */
#include "planted.h"

static napi_value
sum(napi_env env, napi_callback_info info)
{
    napi_value list = argument(env, info), result;
    uint32_t count;
    double total = 0;
    OK(napi_get_array_length(env, list, &count));
    double *numbers = malloc(count * sizeof(*numbers));
    for (uint32_t i = 0; i < count; ++i) {
        napi_value element;
        OK(napi_get_element(env, list, i, &element));
        if (napi_get_value_double(env, element, &numbers[i]) != napi_ok) {
#ifdef REPAIRED
            free(numbers);
#endif
            napi_throw_error(env, NULL, "not a number");
            return NULL;
        }
        total += numbers[i];
    }
    free(numbers);
    OK(napi_create_double(env, total, &result));
    return result;
}

EXPORT(sum)
