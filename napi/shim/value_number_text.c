/* Node-API chapter "Working with JavaScript values": numbers as text.
 *
 * Number::toString and StringToNumber of ECMA-262, and the digits of bigints.
 * Both directions are exact: the text is the shortest that reads back as the
 * same number, and reading rounds correctly. */

#include "value.h"

#include <math.h>

struct decimal {
    char digits[24]; /* no leading zero, no NUL */
    int count;
    int point; /* digits before the decimal point; may be outside */
};

/* Few decimals need no general algorithm: m / 10**k is rounded correctly, and
 * with at most 15 digits no other decimal gives the same double. */
static bool
find_short(double magnitude, struct decimal *decimal)
{
    double scale = 1;
    uint64_t rest = 0;
    int decimals = 0;
    if (magnitude >= 1e9) {
        return false;
    }
    for (; decimals <= 6; ++decimals, scale *= 10) {
        rest = (uint64_t)(magnitude * scale + 0.5);
        if ((double)rest / scale == magnitude) {
            break;
        }
    }
    if (decimals > 6) {
        return false;
    }
    char reversed[24];
    int count = 0;
    for (; rest > 0; rest /= 10) {
        reversed[count++] = (char)('0' + rest % 10);
    }
    for (int i = 0; i < count; ++i) {
        decimal->digits[i] = reversed[count - 1 - i];
    }
    decimal->count = count;
    decimal->point = count - decimals;
    return true;
}

/* from Python's shortest form, digits[.digits][e[+-]digits]; 0 or -1 raised */
static int
find_shortest(double magnitude, struct decimal *decimal)
{
    char *text = PyOS_double_to_string(magnitude, 'r', 0, 0, NULL);
    if (text == NULL) {
        return -1;
    }
    int count = 0, point = -1, zeros = 0;
    const char *in = text;
    for (; *in != '\0' && *in != 'e'; ++in) {
        if (*in == '.') {
            point = count + zeros;
        } else if (*in == '0' && count == 0) {
            ++zeros;
        } else if (count < (int)sizeof(decimal->digits)) {
            decimal->digits[count++] = *in;
        }
    }
    point = (point < 0 ? count + zeros : point) - zeros;
    decimal->point = point + (*in == 'e' ? atoi(in + 1) : 0);
    while (decimal->digits[count - 1] == '0') {
        --count;
    }
    decimal->count = count;
    PyMem_Free(text);
    return 0;
}

static char *
put(char *out, const char *digits, int count)
{
    memcpy(out, digits, (size_t)count);
    return out + count;
}

static char *
put_zeros(char *out, int count)
{
    memset(out, '0', (size_t)count);
    return out + count;
}

/* ECMA-262 6.1.6.1.20, from step 6 on */
static PyObject *
format(const struct decimal *decimal, bool negative)
{
    const char *digits = decimal->digits;
    int count = decimal->count, point = decimal->point;
    char text[64], *out = text;
    if (negative) {
        *out++ = '-';
    }
    if (count <= point && point <= 21) {
        out = put_zeros(put(out, digits, count), point - count);
    } else if (0 < point && point <= 21) {
        out = put(out, digits, point);
        *out++ = '.';
        out = put(out, digits + point, count - point);
    } else if (-6 < point && point <= 0) {
        out = put_zeros(put(out, "0.", 2), -point);
        out = put(out, digits, count);
    } else {
        out = put(out, digits, 1);
        if (count > 1) {
            *out++ = '.';
            out = put(out, digits + 1, count - 1);
        }
        out += sprintf(out, "e%+d", point - 1);
    }
    return PyUnicode_FromStringAndSize(text, out - text);
}

PyObject *
number_to_string(double value)
{
    if (isnan(value)) {
        return PyUnicode_FromString("NaN");
    }
    if (isinf(value)) {
        return PyUnicode_FromString(value > 0 ? "Infinity" : "-Infinity");
    }
    if (value == 0) {
        return PyUnicode_FromString("0");
    }
    struct decimal decimal;
    if (!find_short(fabs(value), &decimal) &&
        find_shortest(fabs(value), &decimal) < 0) {
        return NULL;
    }
    return format(&decimal, value < 0);
}

/* WhiteSpace and LineTerminator of ECMA-262 */
static bool
is_space(Py_UCS4 c)
{
    return c == 0xFEFF ||
           (Py_UNICODE_ISSPACE(c) && c != 0x85 && !(c >= 0x1C && c <= 0x1F));
}

/* of a prefix 0x, 0o or 0b; 0: there is none */
static int
radix_of(const char *text, Py_ssize_t length)
{
    if (length < 2 || text[0] != '0') {
        return 0;
    }
    switch (text[1]) {
    case 'x':
    case 'X':
        return 16;
    case 'o':
    case 'O':
        return 8;
    case 'b':
    case 'B':
        return 2;
    default:
        return 0;
    }
}

/* digits of a radix only: Python's own reading would also take a sign, spaces,
 * underscores and a second prefix. 0 or -1 raised */
static int
parse_radix(const char *digits, Py_ssize_t length, int radix, double *result)
{
    for (Py_ssize_t i = 0; i < length; ++i) {
        char c = digits[i];
        int value = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : 99;
        if (value >= radix) {
            return 0;
        }
    }
    PyObject *integer = length > 0 ? PyLong_FromString(digits, NULL, radix)
                                   : NULL;
    if (integer == NULL) {
        return length > 0 ? -1 : 0;
    }
    *result = PyLong_AsDouble(integer);
    Py_DECREF(integer);
    if (*result == -1 && PyErr_Occurred()) {
        PyErr_Clear();
        *result = HUGE_VAL;
    }
    return 0;
}

static bool
equals(const char *text, Py_ssize_t length, const char *word)
{
    return (size_t)length == strlen(word) &&
           memcmp(text, word, (size_t)length) == 0;
}

/* StrDecimalLiteral: Python would also take "inf" and "nan". 0 or -1 raised */
static int
parse_decimal(const char *text, Py_ssize_t length, double *result)
{
    bool negative = *text == '-', is_signed = negative || *text == '+';
    if (equals(text + is_signed, length - is_signed, "Infinity")) {
        *result = negative ? -HUGE_VAL : HUGE_VAL;
        return 0;
    }
    for (Py_ssize_t i = 0; i < length; ++i) {
        if (text[i] == '\0' || strchr("0123456789.eE+-", text[i]) == NULL) {
            return 0;
        }
    }
    char *end;
    double value = PyOS_string_to_double(text, &end, NULL);
    if (value == -1 && PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_ValueError)) {
            return -1;
        }
        PyErr_Clear();
    } else if (end == text + length) {
        *result = value;
    }
    return 0;
}

int
number_from_string(PyObject *string, double *result)
{
    int kind = PyUnicode_KIND(string);
    const void *data = PyUnicode_DATA(string);
    Py_ssize_t first = 0, last = PyUnicode_GET_LENGTH(string);
    while (first < last && is_space(PyUnicode_READ(kind, data, first))) {
        ++first;
    }
    while (last > first && is_space(PyUnicode_READ(kind, data, last - 1))) {
        --last;
    }
    *result = first == last ? 0 : NAN;
    if (first == last) {
        return 0;
    }
    PyObject *trimmed = PyUnicode_Substring(string, first, last);
    if (trimmed == NULL) {
        return -1;
    }
    int status = 0;
    if (PyUnicode_IS_ASCII(trimmed)) {
        const char *text = (const char *)PyUnicode_1BYTE_DATA(trimmed);
        Py_ssize_t length = last - first;
        int radix = radix_of(text, length);
        status = radix > 0 ? parse_radix(text + 2, length - 2, radix, result)
                           : parse_decimal(text, length, result);
    }
    Py_DECREF(trimmed);
    return status;
}

/* new: value in `width` decimal digits or more, zeros in front */
static PyObject *
pad_digits(PyObject *text /* steals; may be NULL */, Py_ssize_t width)
{
    Py_ssize_t missing = text ? width - PyUnicode_GET_LENGTH(text) : 0;
    if (missing <= 0) {
        return text;
    }
    PyObject *padded = PyUnicode_New(width, 127);
    if (padded != NULL) {
        memset(PyUnicode_1BYTE_DATA(padded), '0', (size_t)missing);
        memcpy(PyUnicode_1BYTE_DATA(padded) + missing,
               PyUnicode_1BYTE_DATA(text), (size_t)(width - missing));
    }
    Py_DECREF(text);
    return padded;
}

/* Python refuses to write more digits than sys.set_int_max_str_digits() says
 * (640 at least); halves are always few enough. */
#define CHUNK_BITS 2048 /* 617 digits */

static PyObject * /* new; value >= 0 */
write_digits(PyObject *value)
{
    size_t bits = long_count(value) * PyLong_SHIFT;
    if (bits <= CHUNK_BITS) {
        return PyLong_Type.tp_repr(value);
    }
    Py_ssize_t width = (Py_ssize_t)((double)bits * 0.30103 / 2);
    PyObject *ten = PyLong_FromLong(10), *exponent = PyLong_FromSsize_t(width);
    PyObject *power =
        ten && exponent ? PyNumber_Power(ten, exponent, Py_None) : NULL;
    PyObject *halves = power ? PyNumber_Divmod(value, power) : NULL;
    PyObject *high = halves ? write_digits(PyTuple_GET_ITEM(halves, 0)) : NULL;
    PyObject *low =
        high ? pad_digits(write_digits(PyTuple_GET_ITEM(halves, 1)), width)
             : NULL;
    PyObject *text = low ? PyUnicode_Concat(high, low) : NULL;
    Py_XDECREF(ten);
    Py_XDECREF(exponent);
    Py_XDECREF(power);
    Py_XDECREF(halves);
    Py_XDECREF(high);
    Py_XDECREF(low);
    return text;
}

PyObject *
bigint_to_string(PyObject *value)
{
    if (long_count(value) * PyLong_SHIFT <= CHUNK_BITS) {
        return PyLong_Type.tp_repr(value);
    }
    PyObject *magnitude = PyLong_Type.tp_as_number->nb_absolute(value);
    PyObject *digits = magnitude ? write_digits(magnitude) : NULL;
    PyObject *text = digits && long_is_negative(value)
                         ? PyUnicode_FromFormat("-%U", digits)
                         : Py_XNewRef(digits);
    Py_XDECREF(magnitude);
    Py_XDECREF(digits);
    return text;
}
