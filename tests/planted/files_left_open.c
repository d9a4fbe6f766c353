/* Each call opens a file, and the way out that is taken does not close it.
 *
 * tool: growth
 * finds: 10 files of the process: /dev/null
 * python: m.first_of("/dev/null")
 */
#include "planted.h"

#include <fcntl.h>
#include <unistd.h>

static napi_value
first_of(napi_env env, napi_callback_info info)
{
    char path[100], byte;
    napi_value result = NULL;
    OK(napi_get_value_string_utf8(env, argument(env, info), path, 100, NULL));
    int file = open(path, O_RDONLY);
    if (read(file, &byte, 1) != 1) {
#ifdef REPAIRED
        close(file);
#endif
        return NULL;
    }
    close(file);
    OK(napi_create_int32(env, byte, &result));
    return result;
}

EXPORT(first_of)
