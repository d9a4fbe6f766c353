/* Node-API chapter "Working with JavaScript values": strings, from UTF-8.
 *
 * Two passes over valid text, so that the string is allocated once and in its
 * final size; text that is not valid goes the slow way through Python's codec,
 * which replaces by the same rule as the WHATWG. */

#include "value.h"

static inline bool
continues(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* bytes of the sequence that starts here, 0: not valid (Unicode 3.9, D92) */
static inline size_t
sequence_size(const unsigned char *at, size_t left)
{
    unsigned char first = at[0];
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2 || left < 2 || !continues(at[1])) {
        return 0;
    }
    if (first < 0xE0) {
        return 2;
    }
    if (first < 0xF0) {
        bool overlong = first == 0xE0 && at[1] < 0xA0;
        bool surrogate = first == 0xED && at[1] >= 0xA0;
        return left >= 3 && continues(at[2]) && !overlong && !surrogate ? 3
                                                                        : 0;
    }
    bool outside = first > 0xF4 || (first == 0xF0 && at[1] < 0x90) ||
                   (first == 0xF4 && at[1] >= 0x90);
    return left >= 4 && continues(at[2]) && continues(at[3]) && !outside ? 4
                                                                         : 0;
}

/* true: valid; then count code points, and no byte is above highest */
static bool
measure(const unsigned char *bytes, size_t length, size_t *count,
        unsigned char *highest)
{
    unsigned char high = 0;
    size_t points = 0;
    for (size_t i = 0; i < length; ++points) {
        size_t size = sequence_size(bytes + i, length - i);
        if (size == 0) {
            return false;
        }
        high = bytes[i] > high ? bytes[i] : high;
        i += size;
    }
    *count = points;
    *highest = high;
    return true;
}

static inline Py_UCS4
read_point(const unsigned char **at)
{
    const unsigned char *in = *at;
    if (in[0] < 0x80) {
        *at += 1;
        return in[0];
    }
    if (in[0] < 0xE0) {
        *at += 2;
        return (Py_UCS4)(in[0] & 0x1F) << 6 | (in[1] & 0x3F);
    }
    if (in[0] < 0xF0) {
        *at += 3;
        return (Py_UCS4)(in[0] & 0x0F) << 12 | (Py_UCS4)(in[1] & 0x3F) << 6 |
               (in[2] & 0x3F);
    }
    *at += 4;
    return (Py_UCS4)(in[0] & 0x07) << 18 | (Py_UCS4)(in[1] & 0x3F) << 12 |
           (Py_UCS4)(in[2] & 0x3F) << 6 | (in[3] & 0x3F);
}

/* made for each kind */
static inline void
write_points(int kind, void *data, size_t count, const unsigned char *bytes)
{
    for (size_t i = 0; i < count; ++i) {
        PyUnicode_WRITE(kind, data, (Py_ssize_t)i, read_point(&bytes));
    }
}

PyObject *
string_decode_utf8(const char *utf8, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)utf8;
    size_t count;
    unsigned char highest;
    if (!measure(bytes, length, &count, &highest)) {
        return PyUnicode_DecodeUTF8(utf8, (Py_ssize_t)length, "replace");
    }
    Py_UCS4 limit = highest < 0x80   ? 127
                    : highest < 0xC4 ? 255
                    : highest < 0xF0 ? 0xFFFF
                                     : 0x10FFFF;
    PyObject *string = PyUnicode_New((Py_ssize_t)count, limit);
    if (string == NULL) {
        return NULL;
    }
    void *data = PyUnicode_DATA(string);
    if (limit < 256) {
        write_points(PyUnicode_1BYTE_KIND, data, count, bytes);
    } else if (limit < 0x10000) {
        write_points(PyUnicode_2BYTE_KIND, data, count, bytes);
    } else {
        write_points(PyUnicode_4BYTE_KIND, data, count, bytes);
    }
    return string;
}
