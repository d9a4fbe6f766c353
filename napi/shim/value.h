/* Between the files of the values chapter: what an int is made of, and what
 * counts as a number, a bigint or a date without being one of ours.
 *
 * Only here is the layout of an int known (CPython 3.10 to 3.14): a count of
 * digits of PyLong_SHIFT bits, least significant first, and a sign. */
#ifndef NAPI_VALUE_H
#define NAPI_VALUE_H

#include "shim.h"

#if PY_VERSION_HEX >= 0x030C0000
#define LONG_SIGN_MASK ((uintptr_t)3) /* 0 positive, 1 zero, 2 negative */
#define LONG_COUNT_SHIFT 3

static inline const digit *
long_digits(PyObject *value)
{
    return ((PyLongObject *)value)->long_value.ob_digit;
}

static inline size_t
long_count(PyObject *value)
{
    return ((PyLongObject *)value)->long_value.lv_tag >> LONG_COUNT_SHIFT;
}

static inline bool
long_is_negative(PyObject *value)
{
    uintptr_t tag = ((PyLongObject *)value)->long_value.lv_tag;
    return (tag & LONG_SIGN_MASK) == 2;
}

static inline void
long_set_size(PyObject *value, size_t count, bool negative)
{
    uintptr_t sign = count == 0 ? 1 : negative ? 2 : 0;
    ((PyLongObject *)value)->long_value.lv_tag =
        (uintptr_t)count << LONG_COUNT_SHIFT | sign;
}
#else
static inline const digit *
long_digits(PyObject *value)
{
    return ((PyLongObject *)value)->ob_digit;
}

static inline size_t
long_count(PyObject *value)
{
    return (size_t)Py_ABS(Py_SIZE(value));
}

static inline bool
long_is_negative(PyObject *value)
{
    return Py_SIZE(value) < 0;
}

static inline void
long_set_size(PyObject *value, size_t count, bool negative)
{
    Py_SET_SIZE((PyVarObject *)value,
                negative ? -(Py_ssize_t)count : (Py_ssize_t)count);
}
#endif

/* true and the value of an int within the safe range */
static inline bool
long_as_safe(PyObject *value, int64_t *result)
{
    const digit *digits = long_digits(value);
    size_t count = long_count(value);
    uint64_t magnitude = 0;
    if (count > 64 / PyLong_SHIFT) {
        return false;
    }
    while (count-- > 0) {
        magnitude = magnitude << PyLong_SHIFT | digits[count];
    }
    if (magnitude > (uint64_t)MAX_SAFE_INTEGER) {
        return false;
    }
    *result = long_is_negative(value) ? -(int64_t)magnitude
                                      : (int64_t)magnitude;
    return true;
}

/* new str of UTF-8 that is not just ASCII; invalid bytes become U+FFFD, one for
 * each maximal subpart (WHATWG Encoding 4.1); NULL: raised */
PyObject *string_decode_utf8(const char *utf8, size_t length);

/* The code point at *i, which moves past it: two adjacent halves are the pair
 * they spell, a lone half is itself. */
static inline Py_UCS4
string_next(int kind, const void *data, Py_ssize_t length, Py_ssize_t *i)
{
    Py_UCS4 point = PyUnicode_READ(kind, data, *i);
    ++*i;
    if (Py_UNICODE_IS_HIGH_SURROGATE(point) && *i < length) {
        Py_UCS4 low = PyUnicode_READ(kind, data, *i);
        if (Py_UNICODE_IS_LOW_SURROGATE(low)) {
            ++*i;
            return Py_UNICODE_JOIN_SURROGATES(point, low);
        }
    }
    return point;
}

/* new: the int or float that a number of foreign make stands for (numpy's
 * scalars, Decimal, Fraction ...); NULL: none, nothing raised. Python code may
 * run. */
PyObject *number_from_foreign(struct shim_state *state, PyObject *value);
/* StringToNumber, ECMA-262 7.1.4.1.1; 0 or -1 raised */
int number_from_string(PyObject *string, double *result);
/* new str: all decimal digits of an int, however many; NULL: raised */
PyObject *bigint_to_string(PyObject *value);
/* new int, exact or ours; NULL: not a bigint, nothing raised */
PyObject *bigint_as_long(struct shim_state *state, PyObject *value);
/* a datetime; the module is not imported for the question */
bool date_is_native(PyObject *value);
/* new napi.Date of a datetime; NULL: raised */
PyObject *date_from_native(struct shim_state *state, PyObject *value);

#endif
