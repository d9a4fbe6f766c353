/* Node-API chapter "Working with JavaScript values": strings, from C.
 *
 * Strings are Python's; what JavaScript counts are UTF-16 units. Text given as
 * (pointer, length) follows one rule: NULL only with length 0, no length beyond
 * INT_MAX, NAPI_AUTO_LENGTH up to the NUL. */

#include "value.h"

#include <limits.h>

bool
string_arguments_ok(const void *text, size_t length)
{
    if (text == NULL) {
        return length == 0;
    }
    return length == NAPI_AUTO_LENGTH || length <= INT_MAX;
}

static bool
is_ascii(const char *text, size_t length)
{
    const uint64_t high = 0x8080808080808080u;
    uint64_t word;
    while (length >= sizeof(word)) {
        memcpy(&word, text, sizeof(word));
        if (word & high) {
            return false;
        }
        text += sizeof(word);
        length -= sizeof(word);
    }
    unsigned char rest = 0;
    while (length-- > 0) {
        rest |= (unsigned char)*text++;
    }
    return rest < 0x80;
}

static PyObject * /* new; NULL: raised */
from_bytes(const char *bytes, size_t length, Py_UCS4 limit)
{
    PyObject *string = PyUnicode_New((Py_ssize_t)length, limit);
    if (string != NULL && length > 0) {
        memcpy(PyUnicode_1BYTE_DATA(string), bytes, length);
    }
    return string;
}

PyObject *
string_from_utf8(const char *utf8, size_t length)
{
    if (length == NAPI_AUTO_LENGTH) {
        length = strlen(utf8);
    }
    return is_ascii(utf8, length) ? from_bytes(utf8, length, 127)
                                  : string_decode_utf8(utf8, length);
}

static PyObject * /* new; NULL: raised */
from_latin1(const char *latin1, size_t length)
{
    if (length == NAPI_AUTO_LENGTH) {
        length = strlen(latin1);
    }
    return from_bytes(latin1, length, is_ascii(latin1, length) ? 127 : 255);
}

static PyObject * /* new; NULL: raised; no unit is above 255 */
from_narrow(const char16_t *units, size_t length, Py_UCS4 limit)
{
    PyObject *string = PyUnicode_New((Py_ssize_t)length, limit);
    if (string != NULL && length > 0) {
        Py_UCS1 *data = PyUnicode_1BYTE_DATA(string);
        for (size_t i = 0; i < length; ++i) {
            data[i] = (Py_UCS1)units[i];
        }
    }
    return string;
}

static bool
is_pair(const char16_t *units, size_t length, size_t i)
{
    return Py_UNICODE_IS_HIGH_SURROGATE(units[i]) && i + 1 < length &&
           Py_UNICODE_IS_LOW_SURROGATE(units[i + 1]);
}

/* Pairs are combined; a lone surrogate stays what it is. */
static PyObject * /* new; NULL: raised */
from_pairs(const char16_t *units, size_t length, size_t pairs)
{
    PyObject *string = PyUnicode_New((Py_ssize_t)(length - pairs), 0x10FFFF);
    if (string == NULL) {
        return NULL;
    }
    Py_UCS4 *out = PyUnicode_4BYTE_DATA(string);
    for (size_t i = 0; i < length; ++i) {
        if (is_pair(units, length, i)) {
            *out++ = Py_UNICODE_JOIN_SURROGATES(units[i], units[i + 1]);
            ++i;
        } else {
            *out++ = units[i];
        }
    }
    return string;
}

static PyObject * /* new; NULL: raised */
from_utf16(const char16_t *units, size_t length)
{
    unsigned any = 0;
    size_t pairs = 0;
    if (length == NAPI_AUTO_LENGTH) {
        for (length = 0; units[length] != 0; ++length) {
        }
    }
    for (size_t i = 0; i < length; ++i) {
        any |= units[i];
    }
    if (any < 256) {
        return from_narrow(units, length, any < 128 ? 127 : 255);
    }
    for (size_t i = 0; any >= 0xD800 && i < length; ++i) {
        pairs += is_pair(units, length, i);
    }
    if (pairs > 0) {
        return from_pairs(units, length, pairs);
    }
    PyObject *string = PyUnicode_New((Py_ssize_t)length, 0xFFFF);
    if (string != NULL) {
        memcpy(PyUnicode_2BYTE_DATA(string), units, length * sizeof(*units));
    }
    return string;
}

/* the cached key, borrowed, if the entry is for this very text */
static PyObject *
match_entry(const struct key_cache_entry *entry, const char *utf8,
            size_t length)
{
    if (entry->key == NULL || entry->address != utf8) {
        return NULL;
    }
    const char *data = (const char *)PyUnicode_1BYTE_DATA(entry->key);
    size_t known = (size_t)PyUnicode_GET_LENGTH(entry->key);
    if (length == NAPI_AUTO_LENGTH) {
        return strcmp(utf8, data) == 0 ? entry->key : NULL;
    }
    return length == known && memcmp(utf8, data, known) == 0 ? entry->key
                                                             : NULL;
}

PyObject *
string_key(struct shim_state *state, const char *utf8, size_t length)
{
    uintptr_t address = (uintptr_t)utf8;
    size_t slot = (address ^ (address >> 10)) & (KEY_CACHE_SIZE - 1);
    struct key_cache_entry *entry = &state->keys[slot];
    PyObject *key = match_entry(entry, utf8, length);
    if (key != NULL) {
        return Py_NewRef(key);
    }
    key = string_from_utf8(utf8, length);
    if (key == NULL) {
        return NULL;
    }
    PyUnicode_InternInPlace(&key);
    bool has_nul = PyUnicode_FindChar(key, 0, 0, PyUnicode_GET_LENGTH(key),
                                      1) >= 0;
    if (PyUnicode_IS_ASCII(key) && !has_nul) {
        entry->address = utf8;
        Py_XSETREF(entry->key, Py_NewRef(key));
    }
    return key;
}

static bool
is_index_text(const char *text, Py_ssize_t length, uint32_t *index)
{
    if (length < 1 || length > 10 || (text[0] == '0' && length > 1)) {
        return false;
    }
    uint64_t value = 0;
    for (Py_ssize_t i = 0; i < length; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *index = (uint32_t)value;
    return value < UINT32_MAX;
}

bool
string_as_index(PyObject *string, uint32_t *index)
{
    return PyUnicode_IS_ASCII(string) &&
           is_index_text((const char *)PyUnicode_1BYTE_DATA(string),
                         PyUnicode_GET_LENGTH(string), index);
}

Py_ssize_t
string_length(PyObject *string)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(string);
    if (PyUnicode_KIND(string) < PyUnicode_4BYTE_KIND) {
        return length;
    }
    const Py_UCS4 *data = PyUnicode_4BYTE_DATA(string);
    Py_ssize_t units = length;
    for (Py_ssize_t i = 0; i < length; ++i) {
        units += data[i] > 0xFFFF;
    }
    return units;
}

PyObject *
string_unit_at(PyObject *string, uint32_t index)
{
    Py_ssize_t i = 0;
    if (PyUnicode_KIND(string) < PyUnicode_4BYTE_KIND) {
        return PyUnicode_Substring(string, index, (Py_ssize_t)index + 1);
    }
    const Py_UCS4 *data = PyUnicode_4BYTE_DATA(string);
    for (uint32_t units = 0;; ++i) {
        uint32_t size = data[i] > 0xFFFF ? 2 : 1;
        if (units + size > index) {
            Py_UCS4 point = data[i];
            if (size == 2) {
                point = units == index ? Py_UNICODE_HIGH_SURROGATE(point)
                                       : Py_UNICODE_LOW_SURROGATE(point);
            }
            return PyUnicode_FromOrdinal((int)point);
        }
        units += size;
    }
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_string_utf8(napi_env env, const char *str, size_t length,
                        napi_value *result)
{
    CHECK_ENV(env);
    CHECK(env, string_arguments_ok(str, length), napi_invalid_arg);
    CHECK_ARG(env, result);
    return scope_return(env, string_from_utf8(str, length), result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_string_latin1(napi_env env, const char *str, size_t length,
                          napi_value *result)
{
    CHECK_ENV(env);
    CHECK(env, string_arguments_ok(str, length), napi_invalid_arg);
    CHECK_ARG(env, result);
    return scope_return(env, from_latin1(str, length), result);
}

/* Node-API v1. */
napi_status NAPI_CDECL
napi_create_string_utf16(napi_env env, const char16_t *str, size_t length,
                         napi_value *result)
{
    CHECK_ENV(env);
    CHECK(env, string_arguments_ok(str, length), napi_invalid_arg);
    CHECK_ARG(env, result);
    return scope_return(env, from_utf16(str, length), result);
}

/* The string keeps a copy, as Python's strings own their characters, but the
 * memory stays the string's until the finalizer gives it back, which it does
 * at the next safe point: nobody reads it any more. */
static napi_status
finish_external(napi_env env, napi_status status, void *text,
                napi_finalize finalize_cb, void *finalize_hint, bool *copied)
{
    if (status != napi_ok) {
        return status;
    }
    if (copied != NULL) {
        *copied = false;
    }
    CHECK_PY(env, finalize_cb == NULL ||
                      finalizer_post(env, finalize_cb, text,
                                     finalize_hint) == 0);
    return error_clear(env);
}

/* Node-API v10. */
napi_status NAPI_CDECL
node_api_create_external_string_latin1(napi_env env, char *str, size_t length,
                                       napi_finalize finalize_callback,
                                       void *finalize_hint,
                                       napi_value *result, bool *copied)
{
    napi_status status = napi_create_string_latin1(env, str, length, result);
    return finish_external(env, status, str, finalize_callback, finalize_hint,
                           copied);
}

/* Node-API v10. */
napi_status NAPI_CDECL
node_api_create_external_string_utf16(napi_env env, char16_t *str,
                                      size_t length,
                                      napi_finalize finalize_callback,
                                      void *finalize_hint, napi_value *result,
                                      bool *copied)
{
    napi_status status = napi_create_string_utf16(env, str, length, result);
    return finish_external(env, status, str, finalize_callback, finalize_hint,
                           copied);
}

static PyObject * /* steals and returns, interned */
intern(PyObject *string)
{
    if (string != NULL) {
        PyUnicode_InternInPlace(&string);
    }
    return string;
}

/* Node-API v10. */
napi_status NAPI_CDECL
node_api_create_property_key_utf8(napi_env env, const char *str,
                                  size_t length, napi_value *result)
{
    CHECK_ENV(env);
    CHECK(env, string_arguments_ok(str, length), napi_invalid_arg);
    CHECK_ARG(env, result);
    return scope_return(env, intern(string_from_utf8(str, length)), result);
}

/* Node-API v10. */
napi_status NAPI_CDECL
node_api_create_property_key_latin1(napi_env env, const char *str,
                                    size_t length, napi_value *result)
{
    CHECK_ENV(env);
    CHECK(env, string_arguments_ok(str, length), napi_invalid_arg);
    CHECK_ARG(env, result);
    return scope_return(env, intern(from_latin1(str, length)), result);
}

/* Node-API v10. */
napi_status NAPI_CDECL
node_api_create_property_key_utf16(napi_env env, const char16_t *str,
                                   size_t length, napi_value *result)
{
    CHECK_ENV(env);
    CHECK(env, string_arguments_ok(str, length), napi_invalid_arg);
    CHECK_ARG(env, result);
    return scope_return(env, intern(from_utf16(str, length)), result);
}
