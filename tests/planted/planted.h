/* What the planted bugs share: each exports its functions by name. */
#ifndef PLANTED_H
#define PLANTED_H

#include <node_api.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The status of a call that no planted bug expects to fail. */
#define OK(call)                                                              \
    do {                                                                      \
        napi_status status_ = (call);                                         \
        if (status_ != napi_ok) {                                             \
            fprintf(stderr, "%s:%d: status %d: %s\n", __FILE__, __LINE__,     \
                    (int)status_, #call);                                     \
            abort();                                                          \
        }                                                                     \
    } while (0)

#ifdef __GNUC__
#define PLANTED_UNUSED __attribute__((unused))
#else
#define PLANTED_UNUSED
#endif

PLANTED_UNUSED static napi_value
undefined(napi_env env)
{
    napi_value value;
    OK(napi_get_undefined(env, &value));
    return value;
}

PLANTED_UNUSED static napi_value
text(napi_env env, const char *characters)
{
    napi_value value;
    OK(napi_create_string_utf8(env, characters, NAPI_AUTO_LENGTH, &value));
    return value;
}

/* The first argument. */
PLANTED_UNUSED static napi_value
argument(napi_env env, napi_callback_info info)
{
    size_t count = 1;
    napi_value value;
    OK(napi_get_cb_info(env, info, &count, &value, NULL, NULL));
    return value;
}

/* EXPORT(one, two): the addon exports its functions `one` and `two`. */
#define PLANTED_ENTRY(name)                                                   \
    {#name, NULL, name, NULL, NULL, NULL, napi_default, NULL}
#define PLANTED_PICK(a, b, c, d, pick, ...) pick
#define PLANTED_1(a) PLANTED_ENTRY(a)
#define PLANTED_2(a, b) PLANTED_1(a), PLANTED_ENTRY(b)
#define PLANTED_3(a, b, c) PLANTED_2(a, b), PLANTED_ENTRY(c)
#define PLANTED_4(a, b, c, d) PLANTED_3(a, b, c), PLANTED_ENTRY(d)
#define EXPORT(...)                                                           \
    NAPI_MODULE_INIT()                                                        \
    {                                                                         \
        napi_property_descriptor all[] = {PLANTED_PICK(                       \
            __VA_ARGS__, PLANTED_4, PLANTED_3, PLANTED_2,                     \
            PLANTED_1)(__VA_ARGS__)};                                         \
        OK(napi_define_properties(env, exports,                               \
                                  sizeof(all) / sizeof(*all), all));          \
        return exports;                                                       \
    }

#endif
