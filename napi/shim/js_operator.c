/* Compiled JavaScript: arithmetic (ECMA-262 13.15.3).
 *
 * Small ints are worked on as C numbers; a result beyond 2**53 is a float, as
 * is -0. All else is coerced as the specification says. */

#include "shim.h"

#include <math.h>

static struct shim_state *
state_of_module(PyObject *module)
{
    return PyModule_GetState(module);
}

/* true: an exact int of the safe range */
static inline bool
as_small(PyObject *value, long long *number)
{
    if (!PyLong_CheckExact(value)) {
        return false;
    }
    int overflow;
    *number = PyLong_AsLongLongAndOverflow(value, &overflow);
    return overflow == 0 && *number <= MAX_SAFE_INTEGER &&
           *number >= -MAX_SAFE_INTEGER;
}

static inline PyObject *
from_integer(long long number)
{
    return number <= MAX_SAFE_INTEGER && number >= -MAX_SAFE_INTEGER
               ? PyLong_FromLongLong(number)
               : PyFloat_FromDouble((double)number);
}

static inline bool
as_double(PyObject *value, double *number)
{
    long long small;
    if (PyFloat_CheckExact(value)) {
        *number = PyFloat_AS_DOUBLE(value);
        return true;
    }
    if (as_small(value, &small)) {
        *number = (double)small;
        return true;
    }
    return false;
}

/* The slow half is Python: napi.js.operators. */
static PyObject *
slowly(const char *name, PyObject *left, PyObject *right)
{
    PyObject *function = js_lookup(name);
    PyObject *result =
        function != NULL
            ? PyObject_CallFunctionObjArgs(function, left, right, NULL)
            : NULL;
    Py_XDECREF(function);
    return result;
}

#define BINARY(name) \
    static PyObject *name(PyObject *module, PyObject *const *args, \
                          Py_ssize_t nargs)

/* true: the halves of no pair meet where the texts are joined */
static inline bool
joins_simply(PyObject *left, PyObject *right)
{
    Py_ssize_t end = PyUnicode_GET_LENGTH(left);
    return PyUnicode_IS_ASCII(left) || PyUnicode_IS_ASCII(right) ||
           end == 0 ||
           !Py_UNICODE_IS_HIGH_SURROGATE(PyUnicode_READ_CHAR(left, end - 1));
}

/* new; a text and a number, boolean, null or undefined */
static PyObject *
add_text(struct shim_state *state, PyObject *left, PyObject *right)
{
    PyObject *a = PyUnicode_CheckExact(left) ? Py_NewRef(left)
                                             : coerce_to_string(state, left);
    PyObject *b = a == NULL                      ? NULL
                  : PyUnicode_CheckExact(right) ? Py_NewRef(right)
                                                : coerce_to_string(state,
                                                                   right);
    PyObject *text = b == NULL             ? NULL
                     : joins_simply(a, b) ? PyUnicode_Concat(a, b)
                                          : slowly("add", a, b);
    Py_XDECREF(a);
    Py_XDECREF(b);
    return text;
}

BINARY(add)
{
    (void)nargs;
    PyObject *left = args[0], *right = args[1];
    long long a, b;
    double x, y;
    if (as_small(left, &a) && as_small(right, &b)) {
        return from_integer(a + b);
    }
    if (PyUnicode_CheckExact(left) && PyUnicode_CheckExact(right)) {
        return joins_simply(left, right) ? PyUnicode_Concat(left, right)
                                         : slowly("add", left, right);
    }
    if (as_double(left, &x) && as_double(right, &y)) {
        return number_from_double(x + y);
    }
    struct shim_state *state = state_of_module(module);
    bool is_text = PyUnicode_CheckExact(left) || PyUnicode_CheckExact(right);
    return is_text && !compare_is_object(state, left) &&
                   !compare_is_object(state, right)
               ? add_text(state, left, right)
               : slowly("add", left, right);
}

BINARY(subtract)
{
    (void)nargs;
    (void)module;
    long long a, b;
    double x, y;
    if (as_small(args[0], &a) && as_small(args[1], &b)) {
        return from_integer(a - b);
    }
    if (as_double(args[0], &x) && as_double(args[1], &y)) {
        return number_from_double(x - y);
    }
    return slowly("subtract", args[0], args[1]);
}

BINARY(multiply)
{
    (void)nargs;
    (void)module;
    long long a, b, product;
    double x, y;
    if (as_small(args[0], &a) && as_small(args[1], &b) && a != 0 && b != 0 &&
        !__builtin_mul_overflow(a, b, &product)) {
        return from_integer(product);
    }
    if (as_double(args[0], &x) && as_double(args[1], &y)) {
        return number_from_double(x * y);
    }
    return slowly("multiply", args[0], args[1]);
}

BINARY(divide)
{
    (void)nargs;
    (void)module;
    double x, y;
    if (as_double(args[0], &x) && as_double(args[1], &y)) {
        return number_from_double(x / y);
    }
    return slowly("divide", args[0], args[1]);
}

BINARY(remainder_of)
{
    (void)nargs;
    (void)module;
    long long a, b;
    double x, y;
    if (as_small(args[0], &a) && as_small(args[1], &b) && a > 0 && b != 0) {
        return PyLong_FromLongLong(a % b);
    }
    if (as_double(args[0], &x) && as_double(args[1], &y)) {
        return number_from_double(fmod(x, y));
    }
    return slowly("remainder", args[0], args[1]);
}

/* === 32 bits === */

/* true: a number's ToInt32 */
static inline bool
as_int32(PyObject *value, int32_t *number)
{
    long long small;
    if (as_small(value, &small)) {
        *number = (int32_t)(uint32_t)(uint64_t)small;
        return true;
    }
    if (!PyFloat_CheckExact(value)) {
        return false;
    }
    double x = PyFloat_AS_DOUBLE(value);
    if (!isfinite(x)) {
        *number = 0;
        return true;
    }
    double rest = fmod(trunc(x), 4294967296.0);
    *number = (int32_t)(uint32_t)(int64_t)rest;
    return true;
}

#define BITWISE(function, name, expression) \
    BINARY(function) \
    { \
        (void)nargs; \
        (void)module; \
        int32_t a, b; \
        return as_int32(args[0], &a) && as_int32(args[1], &b) \
                   ? PyLong_FromLongLong(expression) \
                   : slowly(name, args[0], args[1]); \
    }

BITWISE(bit_and, "bit_and", a & b)
BITWISE(bit_or, "bit_or", a | b)
BITWISE(bit_xor, "bit_xor", a ^ b)
BITWISE(shift_left, "shift_left", (int32_t)((uint32_t)a << (b & 31)))
BITWISE(shift_right, "shift_right", a >> (b & 31))
BITWISE(shift_unsigned, "shift_unsigned", (uint32_t)a >> (b & 31))

/* === one operand === */

static PyObject *
negate(PyObject *module, PyObject *value)
{
    (void)module;
    long long a;
    double x;
    if (as_small(value, &a) && a != 0) {
        return PyLong_FromLongLong(-a);
    }
    return as_double(value, &x) ? number_from_double(-x)
                                : slowly("negate", value, NULL);
}

static PyObject *
to_numeric(PyObject *module, PyObject *value)
{
    long long a;
    struct shim_state *state = state_of_module(module);
    if (as_small(value, &a) || PyFloat_CheckExact(value) ||
        Py_TYPE(value) == state->bigint_type) {
        return Py_NewRef(value);
    }
    return slowly("to_numeric", value, NULL);
}

static PyObject *
increase(PyObject *value, int by)
{
    long long a;
    double x;
    if (as_small(value, &a)) {
        return from_integer(a + by);
    }
    return as_double(value, &x)
               ? number_from_double(x + by)
               : slowly(by > 0 ? "increment" : "decrement", value, NULL);
}

static PyObject *
increment(PyObject *module, PyObject *value)
{
    (void)module;
    return increase(value, 1);
}

static PyObject *
decrement(PyObject *module, PyObject *value)
{
    (void)module;
    return increase(value, -1);
}

static PyObject *
bit_not(PyObject *module, PyObject *value)
{
    (void)module;
    int32_t a;
    return as_int32(value, &a) ? PyLong_FromLong(~a)
                               : slowly("bit_not", value, NULL);
}

PyDoc_STRVAR(doc, "An operator of JavaScript on any values. (ECMA-262 13)");

static PyMethodDef functions[] = {
    {"js_add", (PyCFunction)(void *)add, METH_FASTCALL, doc},
    {"js_subtract", (PyCFunction)(void *)subtract, METH_FASTCALL, doc},
    {"js_multiply", (PyCFunction)(void *)multiply, METH_FASTCALL, doc},
    {"js_divide", (PyCFunction)(void *)divide, METH_FASTCALL, doc},
    {"js_remainder", (PyCFunction)(void *)remainder_of, METH_FASTCALL, doc},
    {"js_bit_and", (PyCFunction)(void *)bit_and, METH_FASTCALL, doc},
    {"js_bit_or", (PyCFunction)(void *)bit_or, METH_FASTCALL, doc},
    {"js_bit_xor", (PyCFunction)(void *)bit_xor, METH_FASTCALL, doc},
    {"js_shift_left", (PyCFunction)(void *)shift_left, METH_FASTCALL, doc},
    {"js_shift_right", (PyCFunction)(void *)shift_right, METH_FASTCALL, doc},
    {"js_shift_unsigned", (PyCFunction)(void *)shift_unsigned, METH_FASTCALL,
     doc},
    {"js_negate", negate, METH_O, doc},
    {"js_to_numeric", to_numeric, METH_O, doc},
    {"js_increment", increment, METH_O, doc},
    {"js_decrement", decrement, METH_O, doc},
    {"js_bit_not", bit_not, METH_O, doc},
    {NULL, NULL, 0, NULL},
};

int
js_operator_init(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
