/* Node-API chapter "Working with JavaScript values": strings, to C.
 *
 * With no buffer the length is asked for; with one, as much as fits is copied
 * and always ended with a NUL. UTF-8 never splits a code point; a lone
 * surrogate becomes U+FFFD; two adjacent halves are the pair they spell. */

#include "shim.h"

/* the code point at *i, which moves past it */
static Py_UCS4
next_point(int kind, const void *data, Py_ssize_t length, Py_ssize_t *i)
{
    Py_UCS4 point = PyUnicode_READ(kind, data, *i);
    ++*i;
    if (!Py_UNICODE_IS_SURROGATE(point)) {
        return point;
    }
    if (Py_UNICODE_IS_HIGH_SURROGATE(point) && *i < length) {
        Py_UCS4 low = PyUnicode_READ(kind, data, *i);
        if (Py_UNICODE_IS_LOW_SURROGATE(low)) {
            ++*i;
            return Py_UNICODE_JOIN_SURROGATES(point, low);
        }
    }
    return 0xFFFD;
}

static size_t
encode_point(Py_UCS4 point, unsigned char *out)
{
    if (point < 0x80) {
        out[0] = (unsigned char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (unsigned char)(0xC0 | point >> 6);
        out[1] = (unsigned char)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (unsigned char)(0xE0 | point >> 12);
        out[1] = (unsigned char)(0x80 | (point >> 6 & 0x3F));
        out[2] = (unsigned char)(0x80 | (point & 0x3F));
        return 3;
    }
    out[0] = (unsigned char)(0xF0 | point >> 18);
    out[1] = (unsigned char)(0x80 | (point >> 12 & 0x3F));
    out[2] = (unsigned char)(0x80 | (point >> 6 & 0x3F));
    out[3] = (unsigned char)(0x80 | (point & 0x3F));
    return 4;
}

/* bytes written (buf NULL: needed), at most capacity */
static size_t
copy_utf8(PyObject *string, char *buf, size_t capacity)
{
    int kind = PyUnicode_KIND(string);
    const void *data = PyUnicode_DATA(string);
    Py_ssize_t length = PyUnicode_GET_LENGTH(string), i = 0;
    size_t written = 0;
    while (i < length) {
        unsigned char bytes[4];
        size_t size =
            encode_point(next_point(kind, data, length, &i), bytes);
        if (buf != NULL) {
            if (written + size > capacity) {
                break;
            }
            memcpy(buf + written, bytes, size);
        }
        written += size;
    }
    return written;
}

static size_t
copy_ascii(PyObject *string, char *buf, size_t capacity)
{
    size_t length = (size_t)PyUnicode_GET_LENGTH(string);
    size_t count = length < capacity ? length : capacity;
    memcpy(buf, PyUnicode_1BYTE_DATA(string), count);
    return count;
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_value_string_utf8(napi_env env, napi_value value, char *buf,
                           size_t bufsize, size_t *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    PyObject *string = value_of(env, value);
    CHECK(env, PyUnicode_Check(string), napi_string_expected);
    bool ascii = PyUnicode_IS_COMPACT_ASCII(string);
    size_t count = 0;
    if (buf == NULL) {
        CHECK_ARG(env, result);
        count = ascii ? (size_t)PyUnicode_GET_LENGTH(string)
                      : copy_utf8(string, NULL, 0);
    } else if (bufsize > 0) {
        count = (ascii ? copy_ascii : copy_utf8)(string, buf, bufsize - 1);
        buf[count] = '\0';
    }
    if (result != NULL) {
        *result = count;
    }
    return error_clear(env);
}

/* the UTF-16 unit at *i; *half carries the second of a pair */
static char16_t
next_unit(int kind, const void *data, Py_ssize_t *i, char16_t *half)
{
    if (*half != 0) {
        char16_t unit = *half;
        *half = 0;
        return unit;
    }
    Py_UCS4 point = PyUnicode_READ(kind, data, *i);
    ++*i;
    if (point < 0x10000) {
        return (char16_t)point;
    }
    *half = Py_UNICODE_LOW_SURROGATE(point);
    return (char16_t)Py_UNICODE_HIGH_SURROGATE(point);
}

/* Node-API v1. A unit that Latin-1 does not have gives its low byte. */
napi_status NAPI_CDECL
napi_get_value_string_latin1(napi_env env, napi_value value, char *buf,
                             size_t bufsize, size_t *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    PyObject *string = value_of(env, value);
    CHECK(env, PyUnicode_Check(string), napi_string_expected);
    size_t count = 0;
    if (buf == NULL) {
        CHECK_ARG(env, result);
        count = (size_t)string_length(string);
    } else if (bufsize > 0) {
        int kind = PyUnicode_KIND(string);
        const void *data = PyUnicode_DATA(string);
        Py_ssize_t i = 0, length = PyUnicode_GET_LENGTH(string);
        char16_t half = 0;
        while (count < bufsize - 1 && (i < length || half != 0)) {
            buf[count++] = (char)next_unit(kind, data, &i, &half);
        }
        buf[count] = '\0';
    }
    if (result != NULL) {
        *result = count;
    }
    return error_clear(env);
}

/* Node-API v1. May end between the halves of a pair. */
napi_status NAPI_CDECL
napi_get_value_string_utf16(napi_env env, napi_value value, char16_t *buf,
                            size_t bufsize, size_t *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    PyObject *string = value_of(env, value);
    CHECK(env, PyUnicode_Check(string), napi_string_expected);
    size_t count = 0;
    if (buf == NULL) {
        CHECK_ARG(env, result);
        count = (size_t)string_length(string);
    } else if (bufsize > 0) {
        int kind = PyUnicode_KIND(string);
        const void *data = PyUnicode_DATA(string);
        Py_ssize_t i = 0, length = PyUnicode_GET_LENGTH(string);
        char16_t half = 0;
        while (count < bufsize - 1 && (i < length || half != 0)) {
            buf[count++] = next_unit(kind, data, &i, &half);
        }
        buf[count] = 0;
    }
    if (result != NULL) {
        *result = count;
    }
    return error_clear(env);
}
