/* Node-API chapter "Working with JavaScript values": BigInt.
 *
 * napi.BigInt is an int that knows it is not a number. A plain int beyond
 * 2**53 - 1 is a BigInt too: no JavaScript number could hold it. */

#include "value.h"

#include <limits.h>

#define MAX_WORDS ((size_t)1 << 24)
#define WORD_BITS 64

/* numpy's integers, where they are too large for a number */
static PyObject * /* new int or NULL, nothing raised */
read_foreign(struct shim_state *state, PyObject *value)
{
    int64_t ignored;
    PyObject *real = number_from_foreign(state, value);
    if (real != NULL && (!PyLong_Check(real) || long_as_safe(real, &ignored))) {
        Py_CLEAR(real);
    }
    return real;
}

static bool
is_own(struct shim_state *state, PyObject *value)
{
    int64_t ignored;
    return Py_TYPE(value) == state->bigint_type ||
           (!PyBool_Check(value) &&
            (PyObject_TypeCheck(value, state->bigint_type) ||
             !long_as_safe(value, &ignored)));
}

PyObject *
bigint_as_long(struct shim_state *state, PyObject *value)
{
    if (PyLong_Check(value)) {
        return is_own(state, value) ? Py_NewRef(value) : NULL;
    }
    return read_foreign(state, value);
}

bool
bigint_is(struct shim_state *state, PyObject *value)
{
    if (PyLong_Check(value)) {
        return is_own(state, value);
    }
    PyObject *real = read_foreign(state, value);
    Py_XDECREF(real);
    return real != NULL;
}

/* new BigInt whose digits are not set; NULL: raised */
static PyObject *
allocate(struct shim_state *state, size_t count, bool negative)
{
    PyTypeObject *type = state->bigint_type;
    size_t room = (size_t)type->tp_basicsize +
                  (count > 0 ? count : 1) * (size_t)type->tp_itemsize;
    PyObject *object = PyObject_Malloc(room);
    if (object == NULL) {
        return PyErr_NoMemory();
    }
    PyObject_Init(object, type);
    long_set_size(object, count, negative);
    return object;
}

static void
deallocate(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    type->tp_free(object);
    Py_DECREF(type);
}

PyObject *
bigint_from_long(struct shim_state *state, PyObject *value)
{
    size_t count = long_count(value);
    PyObject *made = allocate(state, count, long_is_negative(value));
    if (made != NULL) {
        memcpy((digit *)long_digits(made), long_digits(value),
               count * sizeof(digit));
    }
    return made;
}

/* new BigInt of a sign and a magnitude, least significant word first */
static PyObject *
from_words(struct shim_state *state, bool negative, const uint64_t *words,
           size_t count)
{
    while (count > 0 && words[count - 1] == 0) {
        --count;
    }
    size_t bits =
        count > 0 ? count * WORD_BITS - (size_t)__builtin_clzll(words[count - 1])
                  : 0;
    size_t needed = (bits + PyLong_SHIFT - 1) / PyLong_SHIFT;
    PyObject *made = allocate(state, needed, negative);
    if (made == NULL) {
        return NULL;
    }
    digit *digits = (digit *)long_digits(made);
    for (size_t i = 0, bit = 0; i < needed; ++i, bit += PyLong_SHIFT) {
        size_t word = bit / WORD_BITS, offset = bit % WORD_BITS;
        uint64_t value = words[word] >> offset;
        if (offset > WORD_BITS - PyLong_SHIFT && word + 1 < count) {
            value |= words[word + 1] << (WORD_BITS - offset);
        }
        digits[i] = (digit)(value & PyLong_MASK);
    }
    return made;
}

/* the magnitude's words, as many as are asked for; returns how many it has */
static size_t
to_words(PyObject *value, uint64_t *words, size_t given)
{
    const digit *digits = long_digits(value);
    size_t count = long_count(value), made = 0;
    uint64_t word = 0;
    unsigned filled = 0;
    for (size_t i = 0; i < count; ++i) {
        word |= (uint64_t)digits[i] << filled;
        filled += PyLong_SHIFT;
        if (filled >= WORD_BITS) {
            if (made < given) {
                words[made] = word;
            }
            ++made;
            filled -= WORD_BITS;
            word = (uint64_t)digits[i] >> (PyLong_SHIFT - filled);
        }
    }
    if (word != 0) {
        if (made < given) {
            words[made] = word;
        }
        ++made;
    }
    return made;
}

/* Node-API v6. */
napi_status NAPI_CDECL
napi_create_bigint_int64(napi_env env, int64_t value, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    uint64_t word = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    return scope_return(env, from_words(env->state, value < 0, &word, 1),
                        result);
}

/* Node-API v6. */
napi_status NAPI_CDECL
napi_create_bigint_uint64(napi_env env, uint64_t value, napi_value *result)
{
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    return scope_return(env, from_words(env->state, false, &value, 1), result);
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
    return scope_return(
        env, from_words(env->state, sign_bit != 0, words, word_count), result);
}

struct low { /* 64 bits of a bigint */
    uint64_t bits; /* of the two's complement */
    uint64_t magnitude;
    bool negative, more; /* there are more bits than 64 */
};

/* false: not a bigint */
static bool
read_low(struct shim_state *state, PyObject *value, struct low *low)
{
    PyObject *integer = bigint_as_long(state, value);
    if (integer == NULL) {
        return false;
    }
    low->magnitude = 0;
    low->more = to_words(integer, &low->magnitude, 1) > 1;
    low->negative = long_is_negative(integer);
    low->bits = low->negative ? 0 - low->magnitude : low->magnitude;
    Py_DECREF(integer);
    return true;
}

/* Node-API v6. */
napi_status NAPI_CDECL
napi_get_value_bigint_int64(napi_env env, napi_value value, int64_t *result,
                            bool *lossless)
{
    struct low low;
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    CHECK_ARG(env, lossless);
    CHECK(env, read_low(env->state, value_of(env, value), &low),
          napi_bigint_expected);
    *result = (int64_t)low.bits;
    *lossless = !low.more &&
                low.magnitude <= (uint64_t)INT64_MAX + (low.negative ? 1 : 0);
    return error_clear(env);
}

/* Node-API v6. */
napi_status NAPI_CDECL
napi_get_value_bigint_uint64(napi_env env, napi_value value, uint64_t *result,
                             bool *lossless)
{
    struct low low;
    CHECK_ENV(env);
    CHECK_ARG(env, value);
    CHECK_ARG(env, result);
    CHECK_ARG(env, lossless);
    CHECK(env, read_low(env->state, value_of(env, value), &low),
          napi_bigint_expected);
    *result = low.bits;
    *lossless = !low.more && !low.negative;
    return error_clear(env);
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
    PyObject *integer = bigint_as_long(env->state, value_of(env, value));
    CHECK(env, integer != NULL, napi_bigint_expected);
    bool query = sign_bit == NULL && words == NULL;
    if (query || (sign_bit != NULL && words != NULL)) {
        *word_count = to_words(integer, words, query ? 0 : *word_count);
        if (!query) {
            *sign_bit = long_is_negative(integer);
        }
        Py_DECREF(integer);
        return error_clear(env);
    }
    Py_DECREF(integer);
    return error_set(env, napi_invalid_arg);
}

static PyObject *
bigint_repr(PyObject *self)
{
    PyObject *text = bigint_to_string(self);
    PyObject *result = text ? PyUnicode_FromFormat("%Un", text) : NULL;
    Py_XDECREF(text);
    return result;
}

/* tp_new is inherited: copyreg pickles by the first base that has its own. */
PyDoc_STRVAR(bigint_doc, "BigInt(value=0)\n--\n\nA JavaScript bigint: an int "
                         "that is not a number to an addon. Arithmetic "
                         "gives\nplain ints. (ECMA-262 6.1.6.2)");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)bigint_doc},
    {Py_tp_dealloc, (void *)deallocate},
    {Py_tp_repr, (void *)bigint_repr},
    {Py_tp_str, (void *)bigint_to_string},
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
