/* Node-API chapter "Working with JavaScript values": BigInt.
 *
 * napi.BigInt is an int that knows it is not a number. A plain int beyond
 * 2**53 - 1 is a BigInt too: no JavaScript number could hold it. */

#include "shim.h"

#include <limits.h>

#define MAX_WORDS ((size_t)1 << 24)

bool
bigint_is(struct shim_state *state, PyObject *value)
{
    if (Py_TYPE(value) == state->bigint_type) {
        return true;
    }
    if (!PyLong_Check(value) || PyBool_Check(value)) {
        return false;
    }
    if (PyObject_TypeCheck(value, state->bigint_type)) {
        return true;
    }
    int overflow;
    long long integer = PyLong_AsLongLongAndOverflow(value, &overflow);
    return overflow != 0 || integer > MAX_SAFE_INTEGER ||
           integer < -MAX_SAFE_INTEGER;
}

PyObject *
bigint_from_long(struct shim_state *state, PyObject *value)
{
    Py_ssize_t digits = LONG_DIGITS(value);
    PyLongObject *made = (PyLongObject *)state->bigint_type->tp_alloc(
        state->bigint_type, digits > 0 ? digits : 1);
    if (made == NULL) {
        return NULL;
    }
    LONG_COPY(made, (PyLongObject *)value, digits);
    return (PyObject *)made;
}

static PyObject * /* new; steals value */
take_long(struct shim_state *state, PyObject *value)
{
    PyObject *result = value ? bigint_from_long(state, value) : NULL;
    Py_XDECREF(value);
    return result;
}

/* Node-API v6. */
napi_status NAPI_CDECL
napi_create_bigint_int64(napi_env env, int64_t value, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    return scope_return(
        env, take_long(env->state, PyLong_FromLongLong(value)), result);
}

/* Node-API v6. */
napi_status NAPI_CDECL
napi_create_bigint_uint64(napi_env env, uint64_t value, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    return scope_return(
        env, take_long(env->state, PyLong_FromUnsignedLongLong(value)),
        result);
}

static PyObject * /* new int; NULL: raised */
long_from_words(int sign, const uint64_t *words, size_t count)
{
    PyObject *value = long_from_bytes((const unsigned char *)words,
                                      count * sizeof(uint64_t));
    if (value != NULL && sign != 0) {
        Py_SETREF(value, PyNumber_Negative(value));
    }
    return value;
}

/* Node-API v6. Any sign bit but 0 is negative. */
napi_status NAPI_CDECL
napi_create_bigint_words(napi_env env, int sign_bit, size_t word_count,
                         const uint64_t *words, napi_value *result)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, words);
    CHECK_ARG(env, result);
    CHECK(env, word_count <= INT_MAX, napi_invalid_arg);
    if (word_count > MAX_WORDS) {
        error_throw(env, "RangeError", NULL, "Maximum BigInt size exceeded");
        return error_set(env, napi_pending_exception);
    }
    PyObject *value = long_from_words(sign_bit, words, word_count);
    return scope_return(env, take_long(env->state, value), result);
}

/* low 64 bits of the two's complement; *lossless: they are all there is */
static uint64_t
low_bits(PyObject *value, bool is_signed, bool *lossless)
{
    uint64_t bits = PyLong_AsUnsignedLongLongMask(value);
    int overflow;
    long long integer = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (is_signed || overflow == 0) {
        *lossless = overflow == 0 && (is_signed || integer >= 0);
        return bits;
    }
    (void)PyLong_AsUnsignedLongLong(value);
    *lossless = PyErr_Occurred() == NULL;
    PyErr_Clear();
    return bits;
}

/* Node-API v6. */
napi_status NAPI_CDECL
napi_get_value_bigint_int64(napi_env env, napi_value value, int64_t *result,
                            bool *lossless)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    CHECK_ARG(env, lossless);
    PyObject *number = value_of(env, value);
    CHECK(env, bigint_is(env->state, number), napi_bigint_expected);
    *result = (int64_t)low_bits(number, true, lossless);
    return error_clear(env);
}

/* Node-API v6. */
napi_status NAPI_CDECL
napi_get_value_bigint_uint64(napi_env env, napi_value value, uint64_t *result,
                             bool *lossless)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    CHECK_ARG(env, lossless);
    PyObject *number = value_of(env, value);
    CHECK(env, bigint_is(env->state, number), napi_bigint_expected);
    *result = low_bits(number, false, lossless);
    return error_clear(env);
}

/* the magnitude's words; 0 or -1 raised */
static int
copy_words(PyObject *value, size_t needed, size_t given, uint64_t *words)
{
    PyObject *magnitude = PyNumber_Absolute(value);
    uint64_t *all = words;
    if (magnitude != NULL && needed > given) {
        all = PyMem_Malloc(needed * sizeof(uint64_t));
    }
    int failed = -1;
    if (magnitude != NULL && (all != NULL || needed == 0)) {
        failed = needed == 0 ? 0
                             : long_to_bytes(magnitude, (unsigned char *)all,
                                             needed * sizeof(uint64_t));
    } else if (magnitude != NULL) {
        PyErr_NoMemory();
    }
    if (all != words) {
        if (failed == 0 && given > 0) {
            memcpy(words, all, given * sizeof(uint64_t));
        }
        PyMem_Free(all);
    }
    Py_XDECREF(magnitude);
    return failed;
}

/* Node-API v6. word_count becomes what the value needs; sign_bit and words
 * both NULL: only that is asked. */
napi_status NAPI_CDECL
napi_get_value_bigint_words(napi_env env, napi_value value, int *sign_bit,
                            size_t *word_count, uint64_t *words)
{
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, word_count);
    PyObject *number = value_of(env, value);
    CHECK(env, bigint_is(env->state, number), napi_bigint_expected);
    size_t needed = (long_bits(number) + 63) / 64;
    if (sign_bit != NULL || words != NULL) {
        CHECK_ARG(env, sign_bit);
        CHECK_ARG(env, words);
        size_t given = *word_count < needed ? *word_count : needed;
        CHECK_PY(env, copy_words(number, needed, given, words) == 0);
        *sign_bit = long_sign(number) < 0;
    }
    *word_count = needed;
    return error_clear(env);
}

static PyObject *
bigint_construct(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    return PyLong_Type.tp_new(type, args, kwargs);
}

static PyObject *
bigint_repr(PyObject *self)
{
    PyObject *text = PyLong_Type.tp_repr(self);
    PyObject *result = text ? PyUnicode_FromFormat("%Un", text) : NULL;
    Py_XDECREF(text);
    return result;
}

static PyObject *
bigint_str(PyObject *self)
{
    return PyLong_Type.tp_repr(self);
}

static PyObject *
bigint_reduce(PyObject *self, PyObject *ignored)
{
    (void)ignored;
    PyObject *plain = PyNumber_Long(self);
    PyObject *exact = plain ? _PyLong_Copy((PyLongObject *)plain) : NULL;
    Py_XDECREF(plain);
    return exact ? Py_BuildValue("O(N)", (PyObject *)Py_TYPE(self), exact)
                 : NULL;
}

static PyMethodDef methods[] = {
    {"__reduce__", bigint_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

PyDoc_STRVAR(bigint_doc, "BigInt(value=0)\n--\n\nA JavaScript bigint: an int "
                         "that is not a number to an addon. Arithmetic "
                         "gives\nplain ints. (ECMA-262 6.1.6.2)");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)bigint_doc},
    {Py_tp_new, (void *)bigint_construct},
    {Py_tp_repr, (void *)bigint_repr},
    {Py_tp_str, (void *)bigint_str},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "napi.BigInt",
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE |
             Py_TPFLAGS_LONG_SUBCLASS,
    .slots = slots,
};

int
bigint_init(PyObject *module, struct shim_state *state)
{
    PyObject *bases = PyTuple_Pack(1, (PyObject *)&PyLong_Type);
    state->bigint_type =
        bases ? module_add_type(module, &spec, bases) : NULL;
    Py_XDECREF(bases);
    return state->bigint_type == NULL ? -1 : 0;
}
