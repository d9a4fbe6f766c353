/* The host reads and writes the addon's memory: each function here lets it go
 * too far where its argument is true. */
#include <node_api.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool
is_wrong(napi_env env, napi_callback_info info)
{
    size_t count = 1;
    napi_value given;
    bool wrong = false;
    napi_get_cb_info(env, info, &count, &given, NULL, NULL);
    napi_get_value_bool(env, given, &wrong);
    return wrong;
}

static napi_value
text(napi_env env)
{
    napi_value made = NULL;
    napi_create_string_utf8(env, "eight ch", 8, &made);
    return made;
}

static napi_value
arguments(napi_env env, napi_callback_info info)
{
    napi_value *room = malloc(3 * sizeof(*room));
    size_t count = is_wrong(env, info) ? 4 : 3;
    napi_get_cb_info(env, info, &count, room, NULL, NULL);
    free(room);
    return NULL;
}

static napi_value
number(napi_env env, napi_callback_info info)
{
    napi_value made;
    void *room = malloc(is_wrong(env, info) ? sizeof(int) : sizeof(int64_t));
    napi_create_int32(env, 5, &made);
    napi_get_value_int64(env, made, room);
    free(room);
    return NULL;
}

static napi_value
words(napi_env env, napi_callback_info info)
{
    uint64_t given[2] = {1, 2};
    uint64_t *room = malloc((is_wrong(env, info) ? 1 : 2) * sizeof(*room));
    int sign;
    size_t count = 10; /* more than there are: two are written */
    napi_value made;
    napi_create_bigint_words(env, 0, 2, given, &made);
    napi_get_value_bigint_words(env, made, &sign, &count, room);
    free(room);
    return NULL;
}

static napi_value
words_read(napi_env env, napi_callback_info info)
{
    uint64_t *room = calloc(2, sizeof(*room));
    napi_value made;
    napi_create_bigint_words(env, 0, is_wrong(env, info) ? 3 : 2, room, &made);
    free(room);
    return NULL;
}

static napi_value
latin1(napi_env env, napi_callback_info info)
{
    char *room = malloc(is_wrong(env, info) ? 8 : 9);
    napi_get_value_string_latin1(env, text(env), room, 100, NULL);
    free(room);
    return NULL;
}

static napi_value
utf8(napi_env env, napi_callback_info info)
{
    char *room = malloc(is_wrong(env, info) ? 8 : 9);
    napi_get_value_string_utf8(env, text(env), room, NAPI_AUTO_LENGTH, NULL);
    free(room);
    return NULL;
}

static napi_value
utf16(napi_env env, napi_callback_info info)
{
    char16_t *room = malloc(is_wrong(env, info) ? 9 : 18);
    napi_get_value_string_utf16(env, text(env), room, 9, NULL);
    free(room);
    return NULL;
}

static napi_value
utf16_read(napi_env env, napi_callback_info info)
{
    char16_t *room = malloc(4 * sizeof(*room));
    napi_value made;
    memset(room, 'a', 4 * sizeof(*room));
    room[3] = is_wrong(env, info) ? 'a' : 0;
    napi_create_string_utf16(env, room, NAPI_AUTO_LENGTH, &made);
    free(room);
    return NULL;
}

static napi_value
name_read(napi_env env, napi_callback_info info)
{
    char *room = malloc(4);
    bool found;
    memcpy(room, is_wrong(env, info) ? "name" : "nam", 4);
    napi_has_named_property(env, text(env), room, &found);
    free(room);
    return NULL;
}

static napi_value
properties(napi_env env, napi_callback_info info)
{
    napi_property_descriptor *room = calloc(2, sizeof(*room));
    napi_value made;
    room[0].utf8name = "a";
    room[0].value = room[1].value = text(env);
    room[1].utf8name = "b";
    napi_create_object(env, &made);
    napi_define_properties(env, made, is_wrong(env, info) ? 3 : 2, room);
    free(room);
    return NULL;
}

static napi_value
names(napi_env env, napi_callback_info info)
{
    napi_value *room = malloc(2 * sizeof(*room)), global, f, made;
    napi_get_global(env, &global);
    napi_get_named_property(env, global, "String", &f);
    room[0] = room[1] = text(env);
    napi_new_instance(env, f, is_wrong(env, info) ? 3 : 2, room, &made);
    free(room);
    return NULL;
}

#define ENTRY(name) {#name, NULL, name, NULL, NULL, NULL, napi_default, NULL}

NAPI_MODULE_INIT()
{
    napi_property_descriptor all[] = {
        ENTRY(arguments), ENTRY(number),     ENTRY(words), ENTRY(words_read),
        ENTRY(latin1),    ENTRY(utf8),       ENTRY(utf16), ENTRY(utf16_read),
        ENTRY(name_read), ENTRY(properties), ENTRY(names)};
    napi_define_properties(env, exports, sizeof(all) / sizeof(*all), all);
    return exports;
}
