/* What every fixture needs: argument access, a check that names the failing
 * call, and the export list. A fixture is one chapter; its functions are called
 * from tests/test_<chapter>.py. */
#ifndef ADDON_H
#define ADDON_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A failing call becomes an Error "<call>: <status>", unless one is pending. */
#define ASSERT_OK(env, call)                                                  \
    do {                                                                      \
        napi_status status_ = (call);                                         \
        if (status_ != napi_ok) {                                             \
            addon_fail((env), #call, status_);                                \
            return NULL;                                                      \
        }                                                                     \
    } while (0)

static inline void
addon_fail(napi_env env, const char *call, napi_status status)
{
    char text[300];
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (!pending) {
        snprintf(text, sizeof(text), "%.250s: status %d", call, (int)status);
        napi_throw_error(env, NULL, text);
    }
}

/* argv[0..count): missing arguments are undefined; returns how many came */
static inline size_t
addon_args(napi_env env, napi_callback_info info, napi_value *argv,
           size_t count)
{
    size_t argc = count;
    napi_get_cb_info(env, info, &argc, argv, NULL, NULL);
    return argc;
}

static inline napi_value
addon_int(napi_env env, int64_t value)
{
    napi_value result = NULL;
    napi_create_int64(env, value, &result);
    return result;
}

static inline napi_value
addon_bool(napi_env env, bool value)
{
    napi_value result = NULL;
    napi_get_boolean(env, value, &result);
    return result;
}

static inline napi_value
addon_string(napi_env env, const char *text)
{
    napi_value result = NULL;
    napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
    return result;
}

struct addon_export {
    const char *name;
    napi_callback callback;
};

#define EXPORT(name) {#name, name}
#define ADDON(...)                                                            \
    NAPI_MODULE_INIT()                                                        \
    {                                                                         \
        static const struct addon_export exports_[] = {__VA_ARGS__};          \
        size_t count_ = sizeof(exports_) / sizeof(exports_[0]);               \
        for (size_t i_ = 0; i_ < count_; ++i_) {                              \
            napi_value function_;                                             \
            ASSERT_OK(env, napi_create_function(env, exports_[i_].name,       \
                                                NAPI_AUTO_LENGTH,             \
                                                exports_[i_].callback, NULL,  \
                                                &function_));                 \
            ASSERT_OK(env, napi_set_named_property(                           \
                               env, exports, exports_[i_].name, function_));  \
        }                                                                     \
        return exports;                                                       \
    }

#endif
