/* The strict build: handles are tagged and misuse is reported.
 *
 * A napi_value is (env id, generation, arena slot, 1): never a pointer, so an
 * addon that keeps one after its scope presents an old generation. A report
 * says which function was called and why it was wrong; the call answers
 * napi_invalid_arg or what Node answers, and the outermost call into the addon
 * raises napi.StrictError, unless reports are only recorded. */

#include "shim.h"

#include <stdarg.h>

#ifdef NAPI_STRICT

#define SLOT_BITS 24
#define GENERATION_BITS 23
#define ENV_BITS 16
#define FIELD(value, shift, bits)                                             \
    (((uintptr_t)(value) >> (shift)) & (((uintptr_t)1 << (bits)) - 1))

napi_value
strict_handle(napi_env env, size_t slot)
{
    uintptr_t generation =
        env->generations[slot] & (((uintptr_t)1 << GENERATION_BITS) - 1);
    uintptr_t id = env->id & (((uintptr_t)1 << ENV_BITS) - 1);
    return (napi_value)((id << (SLOT_BITS + GENERATION_BITS + 1)) |
                        (generation << (SLOT_BITS + 1)) |
                        ((uintptr_t)slot << 1) | 1);
}

napi_value
scope_borrow(napi_env env, PyObject *value)
{
    if (env->top >= env->capacity && !scope_grow(env)) {
        return NULL;
    }
    env->arena[env->top] = Py_NewRef(value);
    napi_value handle = strict_handle(env, env->top++);
    env->peak = Py_MAX(env->peak, env->top);
    return handle;
}

/* NULL and why: what is wrong with a handle */
static const char *
find_fault(napi_env env, uintptr_t bits)
{
    size_t slot = FIELD(bits, 1, SLOT_BITS);
    if ((bits & 1) == 0) {
        return "a value that is no handle was passed";
    }
    if (FIELD(bits, SLOT_BITS + GENERATION_BITS + 1, ENV_BITS) !=
        (env->id & 0xffff)) {
        return "a handle of another env was used";
    }
    if (slot >= env->top || env->arena[slot] == NULL ||
        FIELD(bits, SLOT_BITS + 1, GENERATION_BITS) !=
            (env->generations[slot] &
             (((uint32_t)1 << GENERATION_BITS) - 1))) {
        return "a handle was used after its scope was closed";
    }
    return NULL;
}

PyObject *
value_of(napi_env env, napi_value handle)
{
    uintptr_t bits = (uintptr_t)handle;
    if (handle == NULL || find_fault(env, bits) != NULL) {
        return NULL;
    }
    return env->arena[FIELD(bits, 1, SLOT_BITS)];
}

PyObject *
scope_result(napi_env env, napi_value handle)
{
    uintptr_t bits = (uintptr_t)handle;
    size_t slot = FIELD(bits, 1, SLOT_BITS);
    PyObject *value = value_of(env, handle);
    if (value != NULL || slot < env->stale || slot >= env->stale_end) {
        return value;
    }
    bool same = handle == strict_handle(env, slot);
    --env->generations[slot];
    same |= handle == strict_handle(env, slot);
    ++env->generations[slot];
    return same ? env->arena[slot] : NULL;
}

bool
handle_ok(napi_env env, napi_value handle)
{
    if (handle == NULL) {
        return false;
    }
    const char *fault = find_fault(env, (uintptr_t)handle);
    if (fault != NULL) {
        strict_report(env, "%s", fault);
        return false;
    }
    return true;
}

bool
reference_ok(napi_env env, napi_ref reference)
{
    if (reference == NULL) {
        return false;
    }
    if (reference->env == NULL) {
        strict_report(env, "a deleted reference was used");
        return false;
    }
    if (reference->env != env) {
        strict_report(env, "a reference of another env was used");
        return false;
    }
    return true;
}

/* The last 1024 deleted references stay in memory, marked. */
bool
strict_hold(napi_ref reference)
{
    struct shim_state *state = reference->env->state;
    reference->env = NULL;
    napi_ref *slot =
        &state->quarantine[state->quarantined++ %
                           Py_ARRAY_LENGTH(state->quarantine)];
    PyObject_Free(*slot);
    *slot = reference;
    return true;
}

static PyObject * /* new str: "file.py:12 in name", or "" */
find_place(void)
{
    PyFrameObject *frame = PyEval_GetFrame(); /* borrowed */
    if (frame == NULL) {
        return PyUnicode_FromString("no Python frame");
    }
    PyCodeObject *code = PyFrame_GetCode(frame); /* new */
    PyObject *place =
        PyUnicode_FromFormat("%U:%d in %U", code->co_filename,
                             PyFrame_GetLineNumber(frame), code->co_name);
    Py_DECREF(code);
    return place;
}

void
strict_report(napi_env env, const char *format, ...)
{
    PyObject *raised = PyErr_GetRaisedException();
    va_list arguments;
    va_start(arguments, format);
    PyObject *what = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    PyObject *place = find_place();
    PyObject *report =
        what && place ? PyUnicode_FromFormat("%U (called from %U; addon %s)",
                                             what, place, env->filename)
                      : NULL;
    if (report == NULL || PyList_Append(env->state->reports, report) < 0) {
        PyErr_Clear();
    }
    Py_XDECREF(report);
    Py_XDECREF(what);
    Py_XDECREF(place);
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

PyObject *
strict_leave(napi_env env, PyObject *result)
{
    struct shim_state *state = env->state;
    if (!state->raise_reports || PyList_GET_SIZE(state->reports) == 0) {
        return result;
    }
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *separator = PyUnicode_FromString("\n");
    PyObject *text =
        separator ? PyUnicode_Join(separator, state->reports) : NULL;
    PyList_SetSlice(state->reports, 0, PY_SSIZE_T_MAX, NULL);
    if (text != NULL) {
        error_raise(state, "StrictError", NULL, "%U", text);
    }
    Py_XDECREF(separator);
    Py_XDECREF(text);
    Py_XDECREF(raised);
    Py_XDECREF(result);
    return NULL;
}

#else
typedef int strict_is_empty_in_the_release_build;
#endif
