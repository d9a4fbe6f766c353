/* Bugs to be found by fuzzing: one export, one way to end. */
#include "addon.h"
#include <unistd.h>

/* fine(...) */
static napi_value
fine(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    return addon_int(env, (int64_t)addon_args(env, info, argv, 1));
}

/* crash(number): writes to a wrong place when it is over 1000 */
static napi_value
crash(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    double number = 0;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_double(env, argv[0], &number));
    if (number > 1000) {
        volatile int *place = (volatile int *)(uintptr_t)16;
        *place = 1;
    }
    return NULL;
}

/* die(buffer): aborts if it is longer than 8 bytes */
static napi_value
die(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    void *data;
    size_t length;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_buffer_info(env, argv[0], &data, &length));
    if (length > 8)
        abort();
    return NULL;
}

/* hang(true) */
static napi_value
hang(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    bool wanted = false;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_bool(env, argv[0], &wanted));
    while (wanted)
        pause();
    return NULL;
}

/* leave(null): ends the process */
static napi_value
leave(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    napi_valuetype type;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_typeof(env, argv[0], &type));
    if (type == napi_null)
        _exit(3);
    return NULL;
}

/* keep(object): a reference that is never deleted */
static napi_value
keep(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    napi_ref reference;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_create_reference(env, argv[0], 1, &reference));
    return NULL;
}

/* arm(), fire(): the second crashes after the first */
static int armed;

static napi_value
arm(napi_env env, napi_callback_info info)
{
    (void)env, (void)info;
    armed = 1;
    return NULL;
}

static napi_value
fire(napi_env env, napi_callback_info info)
{
    (void)env, (void)info;
    if (armed)
        __builtin_trap();
    return NULL;
}

/* late(value): uses a handle after its scope, which the strict build reports */
static napi_value
late(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_handle_scope scope;
    napi_value object;
    napi_valuetype type;
    ASSERT_OK(env, napi_open_handle_scope(env, &scope));
    ASSERT_OK(env, napi_create_object(env, &object));
    ASSERT_OK(env, napi_close_handle_scope(env, scope));
    napi_typeof(env, object, &type);
    return NULL;
}

/* maze(buffer): aborts for the bytes "napi", each a branch of its own */
static napi_value
maze(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    char *data;
    size_t length;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env,
              napi_get_buffer_info(env, argv[0], (void **)&data, &length));
    if (length >= 4)
        if (data[0] == 'n')
            if (data[1] == 'a')
                if (data[2] == 'p')
                    if (data[3] == 'i')
                        abort();
    return NULL;
}

/* door(number): aborts for one of 2**32 */
static napi_value
door(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    uint32_t number = 0;
    addon_args(env, info, argv, 1);
    ASSERT_OK(env, napi_get_value_uint32(env, argv[0], &number));
    if (number == 0x5eedbeefu)
        abort();
    return NULL;
}

ADDON(EXPORT(fine), EXPORT(crash), EXPORT(die), EXPORT(hang), EXPORT(leave),
      EXPORT(keep), EXPORT(arm), EXPORT(fire), EXPORT(late), EXPORT(door),
      EXPORT(maze))
