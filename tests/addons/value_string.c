/* Strings in and out of C, in three encodings; bytes cross the border as hex. */
#include "addon.h"

#include <limits.h>

#define ROOM 4096

enum encoding { LATIN1, UTF8, UTF16 };

static napi_value
hex_of(napi_env env, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * ROOM + 1];
    for (size_t i = 0; i < size; ++i) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * size] = '\0';
    return addon_string(env, text);
}

/* how many bytes the hex text spelled */
static size_t
bytes_of(napi_env env, napi_value hex, unsigned char *bytes)
{
    char text[2 * ROOM + 1];
    size_t length = 0;
    napi_get_value_string_utf8(env, hex, text, sizeof(text), &length);
    for (size_t i = 0; i < length / 2; ++i) {
        unsigned byte = 0;
        sscanf(text + 2 * i, "%2x", &byte);
        bytes[i] = (unsigned char)byte;
    }
    return length / 2;
}

static napi_status
get(napi_env env, enum encoding encoding, napi_value string, void *buf,
    size_t bufsize, size_t *result)
{
    return encoding == LATIN1
               ? napi_get_value_string_latin1(env, string, buf, bufsize,
                                              result)
           : encoding == UTF8
               ? napi_get_value_string_utf8(env, string, buf, bufsize, result)
               : napi_get_value_string_utf16(env, string, buf, bufsize,
                                             result);
}

/* copy(encoding, string, bufsize) -> [result, hex of bufsize + 2 units of a
 * buffer that was filled with 0x5a], or the status */
static napi_value
copy(napi_env env, napi_callback_info info)
{
    napi_value argv[3], pair;
    char16_t buffer[ROOM / 2];
    int32_t encoding;
    uint32_t bufsize;
    size_t result = 12345;
    addon_args(env, info, argv, 3);
    ASSERT_OK(env, napi_get_value_int32(env, argv[0], &encoding));
    ASSERT_OK(env, napi_get_value_uint32(env, argv[2], &bufsize));
    memset(buffer, 0x5A, sizeof(buffer));
    napi_status status = get(env, (enum encoding)encoding, argv[1], buffer,
                             bufsize, &result);
    if (status != napi_ok) {
        return addon_int(env, status);
    }
    size_t unit = encoding == UTF16 ? 2 : 1;
    ASSERT_OK(env, napi_create_array(env, &pair));
    ASSERT_OK(env, napi_set_element(env, pair, 0,
                                    addon_int(env, (int64_t)result)));
    ASSERT_OK(env, napi_set_element(env, pair, 1,
                                    hex_of(env, (unsigned char *)buffer,
                                           (bufsize + 2) * unit)));
    return pair;
}

/* measure(encoding, string): length in units, or -status */
static napi_value
measure(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    int32_t encoding;
    size_t result = 12345;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_int32(env, argv[0], &encoding));
    napi_status status =
        get(env, (enum encoding)encoding, argv[1], NULL, 0, &result);
    return addon_int(env, status == napi_ok ? (int64_t)result
                                            : -(int64_t)status);
}

/* without_result(encoding, string) -> [status with a buffer, without one] */
static napi_value
without_result(napi_env env, napi_callback_info info)
{
    napi_value argv[2], pair;
    char16_t buffer[4];
    int32_t encoding;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_int32(env, argv[0], &encoding));
    napi_status with = get(env, (enum encoding)encoding, argv[1], buffer,
                           sizeof(buffer) / sizeof(*buffer), NULL);
    napi_status without =
        get(env, (enum encoding)encoding, argv[1], NULL, 0, NULL);
    ASSERT_OK(env, napi_create_array(env, &pair));
    ASSERT_OK(env, napi_set_element(env, pair, 0, addon_int(env, with)));
    ASSERT_OK(env, napi_set_element(env, pair, 1, addon_int(env, without)));
    return pair;
}

static napi_status
make(napi_env env, enum encoding encoding, bool is_key, const void *text,
     size_t length, napi_value *result)
{
    switch (encoding) {
    case LATIN1:
        return (is_key ? node_api_create_property_key_latin1
                       : napi_create_string_latin1)(env, text, length, result);
    case UTF8:
        return (is_key ? node_api_create_property_key_utf8
                       : napi_create_string_utf8)(env, text, length, result);
    default:
        return (is_key ? node_api_create_property_key_utf16
                       : napi_create_string_utf16)(env, text, length, result);
    }
}

/* create(encoding, hex, is_key, automatic): automatic lengths end at a NUL that
 * is added to the bytes */
static napi_value
create(napi_env env, napi_callback_info info)
{
    napi_value argv[4], result;
    union {
        unsigned char bytes[ROOM];
        char16_t units[ROOM / 2];
    } text;
    int32_t encoding;
    bool is_key, automatic;
    addon_args(env, info, argv, 4);
    ASSERT_OK(env, napi_get_value_int32(env, argv[0], &encoding));
    ASSERT_OK(env, napi_get_value_bool(env, argv[2], &is_key));
    ASSERT_OK(env, napi_get_value_bool(env, argv[3], &automatic));
    size_t size = bytes_of(env, argv[1], text.bytes);
    text.bytes[size] = text.bytes[size + 1] = 0;
    size_t length = automatic           ? NAPI_AUTO_LENGTH
                    : encoding == UTF16 ? size / 2
                                        : size;
    ASSERT_OK(env, make(env, (enum encoding)encoding, is_key, text.bytes,
                        length, &result));
    return result;
}

/* refuse(encoding, is_key) -> [status of (NULL, 0), (NULL, 1), (NULL, AUTO),
 * ("", INT_MAX + 1), no result] */
static napi_value
refuse(napi_env env, napi_callback_info info)
{
    napi_value argv[2], list, result;
    int32_t number;
    bool is_key;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_int32(env, argv[0], &number));
    ASSERT_OK(env, napi_get_value_bool(env, argv[1], &is_key));
    enum encoding encoding = (enum encoding)number;
    const char16_t text[1] = {0};
    napi_status statuses[] = {
        make(env, encoding, is_key, NULL, 0, &result),
        make(env, encoding, is_key, NULL, 1, &result),
        make(env, encoding, is_key, NULL, NAPI_AUTO_LENGTH, &result),
        make(env, encoding, is_key, text, (size_t)INT_MAX + 1, &result),
        make(env, encoding, is_key, text, 0, NULL),
    };
    ASSERT_OK(env, napi_create_array(env, &list));
    for (uint32_t i = 0; i < sizeof(statuses) / sizeof(*statuses); ++i) {
        ASSERT_OK(env, napi_set_element(env, list, i,
                                        addon_int(env, statuses[i])));
    }
    return list;
}

struct release {
    int count;
    bool right; /* the text and the env that were expected */
    bool throws;
    void *text;
    napi_env env;
};

/* outlives the call: the finalizer runs after it */
static struct release release;

static void
release_text(napi_env env, void *text, void *hint)
{
    ++release.count;
    release.right = env == release.env && text == release.text &&
                    hint == &release;
    napi_value ignored;
    napi_create_object(env, &ignored);
    if (release.throws) {
        napi_throw_error(env, NULL, "from the finalizer");
    }
}

/* external(wide, throws, pending) -> [string, copied, finalizer calls, right];
 * pending: an exception is pending meanwhile, and still is after */
static napi_value
external(napi_env env, napi_callback_info info)
{
    napi_value argv[3], list, string, error;
    static char narrow[] = "latin1 \xe9";
    static char16_t units[] = {'u', 0x20AC, 0xD83D, 0xDE00};
    bool wide, pending, copied = false, still = false;
    addon_args(env, info, argv, 3);
    release = (struct release){.env = env};
    ASSERT_OK(env, napi_get_value_bool(env, argv[0], &wide));
    ASSERT_OK(env, napi_get_value_bool(env, argv[1], &release.throws));
    ASSERT_OK(env, napi_get_value_bool(env, argv[2], &pending));
    if (pending) {
        ASSERT_OK(env, napi_throw_error(env, "ERR_FIRST", "first"));
    }
    release.text = wide ? (void *)units : (void *)narrow;
    napi_status status =
        wide ? node_api_create_external_string_utf16(
                   env, units, 4, release_text, &release, &string, &copied)
             : node_api_create_external_string_latin1(
                   env, narrow, NAPI_AUTO_LENGTH, release_text, &release,
                   &string, &copied);
    napi_is_exception_pending(env, &still);
    if (pending) {
        napi_get_and_clear_last_exception(env, &error);
    }
    ASSERT_OK(env, status);
    ASSERT_OK(env, napi_create_array(env, &list));
    ASSERT_OK(env, napi_set_element(env, list, 0, string));
    ASSERT_OK(env, napi_set_element(env, list, 1, addon_bool(env, copied)));
    ASSERT_OK(env, napi_set_element(env, list, 2,
                                    addon_int(env, release.count)));
    ASSERT_OK(env, napi_set_element(env, list, 3,
                                    addon_bool(env, release.right)));
    ASSERT_OK(env, napi_set_element(env, list, 4, addon_bool(env, still)));
    return list;
}

/* released() -> [finalizer calls, right] of the last external() */
static napi_value
released(napi_env env, napi_callback_info info)
{
    napi_value list;
    (void)info;
    ASSERT_OK(env, napi_create_array(env, &list));
    ASSERT_OK(env, napi_set_element(env, list, 0,
                                    addon_int(env, release.count)));
    ASSERT_OK(env, napi_set_element(env, list, 1,
                                    addon_bool(env, release.right)));
    return list;
}

/* external_plain(): no finalizer, nobody asks whether it was copied */
static napi_value
external_plain(napi_env env, napi_callback_info info)
{
    static char text[] = "plain";
    napi_value result;
    (void)info;
    ASSERT_OK(env, node_api_create_external_string_latin1(
                       env, text, 5, NULL, NULL, &result, NULL));
    return result;
}

/* reused_name(object, a, b): sets a property for each of two names that are in
 * the same buffer, one after the other */
static napi_value
reused_name(napi_env env, napi_callback_info info)
{
    napi_value argv[3];
    char name[64];
    addon_args(env, info, argv, 3);
    for (int round = 0; round < 2; ++round) {
        for (int i = 1; i <= 2; ++i) {
            ASSERT_OK(env, napi_get_value_string_utf8(env, argv[i], name,
                                                      sizeof(name), NULL));
            ASSERT_OK(env, napi_set_named_property(env, argv[0], name,
                                                   argv[i]));
        }
    }
    return argv[0];
}

ADDON(EXPORT(copy), EXPORT(measure), EXPORT(without_result), EXPORT(create),
      EXPORT(refuse), EXPORT(external), EXPORT(released),
      EXPORT(external_plain),
      EXPORT(reused_name))
