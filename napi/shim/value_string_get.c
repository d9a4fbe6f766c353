/* Node-API chapter "Working with JavaScript values": strings, to C.
 *
 * With no buffer the length is asked for; with one, as much as fits is copied
 * and always ended with a NUL. UTF-8 never splits a code point; a lone
 * surrogate becomes U+FFFD; two adjacent halves are the pair they spell. */

#include "value.h"

static inline size_t
encode_point(Py_UCS4 point, unsigned char *out)
{
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

/* bytes written, whole code points only; made for each kind */
static inline size_t
write_utf8(int kind, PyObject *string, char *buf, size_t capacity)
{
    const void *data = PyUnicode_DATA(string);
    Py_ssize_t length = PyUnicode_GET_LENGTH(string), i = 0;
    size_t written = 0;
    while (i < length) {
        unsigned char bytes[4];
        Py_UCS4 point = string_next(kind, data, length, &i);
        if (point < 0x80) {
            if (written == capacity) {
                break;
            }
            buf[written++] = (char)point;
            continue;
        }
        size_t size = encode_point(
            Py_UNICODE_IS_SURROGATE(point) ? 0xFFFD : point, bytes);
        if (size > capacity - written) {
            break;
        }
        memcpy(buf + written, bytes, size);
        written += size;
    }
    return written;
}

/* bytes of the whole string; a pair of halves counts as its four */
static inline size_t
measure_utf8(int kind, PyObject *string)
{
    const void *data = PyUnicode_DATA(string);
    Py_ssize_t length = PyUnicode_GET_LENGTH(string), halves = 0;
    size_t size = (size_t)length;
    for (Py_ssize_t i = 0; i < length; ++i) {
        Py_UCS4 unit = PyUnicode_READ(kind, data, i);
        size += (size_t)(unit >= 0x80) + (unit >= 0x800) + (unit >= 0x10000);
        halves += Py_UNICODE_IS_HIGH_SURROGATE(unit);
    }
    for (Py_ssize_t i = 0; halves > 0 && i + 1 < length; ++i) {
        if (Py_UNICODE_IS_HIGH_SURROGATE(PyUnicode_READ(kind, data, i)) &&
            Py_UNICODE_IS_LOW_SURROGATE(PyUnicode_READ(kind, data, i + 1))) {
            size -= 2;
        }
    }
    return size;
}

static size_t
copy_utf8(PyObject *string, char *buf, size_t capacity)
{
    switch (PyUnicode_KIND(string)) {
    case PyUnicode_1BYTE_KIND:
        return write_utf8(PyUnicode_1BYTE_KIND, string, buf, capacity);
    case PyUnicode_2BYTE_KIND:
        return write_utf8(PyUnicode_2BYTE_KIND, string, buf, capacity);
    default:
        return write_utf8(PyUnicode_4BYTE_KIND, string, buf, capacity);
    }
}

static size_t
length_utf8(PyObject *string)
{
    switch (PyUnicode_KIND(string)) {
    case PyUnicode_1BYTE_KIND:
        return measure_utf8(PyUnicode_1BYTE_KIND, string);
    case PyUnicode_2BYTE_KIND:
        return measure_utf8(PyUnicode_2BYTE_KIND, string);
    default:
        return measure_utf8(PyUnicode_4BYTE_KIND, string);
    }
}

/* of a string with one byte a character */
static size_t
copy_bytes(PyObject *string, char *buf, size_t capacity)
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
                      : length_utf8(string);
    } else if (bufsize > 0) {
        count = (ascii ? copy_bytes : copy_utf8)(string, buf, bufsize - 1);
        buf[count] = '\0';
    }
    if (result != NULL) {
        *result = count;
    }
    return error_clear(env);
}

/* the UTF-16 units of four-byte text; may end between the halves of a pair */
static size_t
copy_points(PyObject *string, char16_t *buf, size_t capacity)
{
    const Py_UCS4 *data = PyUnicode_4BYTE_DATA(string);
    Py_ssize_t length = PyUnicode_GET_LENGTH(string);
    size_t count = 0;
    for (Py_ssize_t i = 0; i < length && count < capacity; ++i) {
        if (data[i] < 0x10000) {
            buf[count++] = (char16_t)data[i];
            continue;
        }
        buf[count++] = (char16_t)Py_UNICODE_HIGH_SURROGATE(data[i]);
        if (count < capacity) {
            buf[count++] = (char16_t)Py_UNICODE_LOW_SURROGATE(data[i]);
        }
    }
    return count;
}

static size_t
copy_utf16(PyObject *string, char16_t *buf, size_t capacity)
{
    if (PyUnicode_KIND(string) == PyUnicode_4BYTE_KIND) {
        return copy_points(string, buf, capacity);
    }
    size_t count = (size_t)PyUnicode_GET_LENGTH(string);
    if (count > capacity) {
        count = capacity;
    }
    if (PyUnicode_KIND(string) == PyUnicode_2BYTE_KIND) {
        memcpy(buf, PyUnicode_2BYTE_DATA(string), count * sizeof(*buf));
        return count;
    }
    const Py_UCS1 *data = PyUnicode_1BYTE_DATA(string);
    for (size_t i = 0; i < count; ++i) {
        buf[i] = data[i];
    }
    return count;
}

/* the low byte of each UTF-16 unit */
static size_t
copy_latin1(PyObject *string, char *buf, size_t capacity)
{
    int kind = PyUnicode_KIND(string);
    if (kind == PyUnicode_1BYTE_KIND) {
        return copy_bytes(string, buf, capacity);
    }
    const void *data = PyUnicode_DATA(string);
    Py_ssize_t length = PyUnicode_GET_LENGTH(string);
    size_t count = 0;
    for (Py_ssize_t i = 0; i < length && count < capacity; ++i) {
        Py_UCS4 point = PyUnicode_READ(kind, data, i);
        if (point >= 0x10000) {
            buf[count++] = (char)Py_UNICODE_HIGH_SURROGATE(point);
            point = Py_UNICODE_LOW_SURROGATE(point);
        }
        if (count < capacity) {
            buf[count++] = (char)point;
        }
    }
    return count;
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
        count = copy_latin1(string, buf, bufsize - 1);
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
        count = copy_utf16(string, buf, bufsize - 1);
        buf[count] = 0;
    }
    if (result != NULL) {
        *result = count;
    }
    return error_clear(env);
}
