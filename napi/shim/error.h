/* Errors and the five macros: error.c, strict.c. */
#ifndef NAPI_ERROR_H
#define NAPI_ERROR_H

#include "env.h"

/* === error.c ===
 * Two domains, one crossing: inside the shim the Python error indicator is
 * clear whenever addon code runs; what a JavaScript caller would see is
 * env->pending. */

static inline napi_status
error_set(napi_env env, napi_status status)
{
    env->last_error.error_code = status;
    env->last_error_text = NULL;
    return status;
}

static inline napi_status
error_clear(napi_env env)
{
    return error_set(env, napi_ok);
}

/* status with a text of our own in last_error (static string) */
napi_status error_set_text(napi_env env, napi_status status, const char *text);
/* raised Python exception -> env->pending; napi_pending_exception */
napi_status error_from_python(napi_env env);
/* the same, but answers (and records) another status */
napi_status error_from_python_as(napi_env env, napi_status status);
/* env->pending -> raised Python exception */
void error_to_python(napi_env env);
/* steals value; sets env->pending unless one is there already */
void error_pend(napi_env env, PyObject *value);
/* a finalizer of the experimental version uses the heap: ends the process
 * where state->guards_finalizers, else the strict build reports it */
void finalizer_breach(napi_env env, const char *function);
/* what the preamble answers when env->blocked: napi_ok to go on */
napi_status error_blocked(napi_env env, const char *function);
/* new exception instance of napi.runtime's `type` ("TypeError") with code
 * (NULL: none); NULL: raised */
PyObject *error_new(struct shim_state *state, const char *type,
                    const char *code, PyObject *message /* borrowed */);
/* raises it; always NULL */
PyObject *error_raise(struct shim_state *state, const char *type,
                      const char *code, const char *format, ...);
/* pends it in env */
void error_throw(napi_env env, const char *type, const char *code,
                 const char *format, ...);
/* new: the JavaScript value of an exception instance (Thrown -> its value) */
PyObject *error_value(struct shim_state *state, PyObject *exception);
/* raises a JavaScript value: exceptions as they are, others as napi.Thrown */
void error_raise_value(struct shim_state *state, PyObject *value);
#include "strict.h"

#ifndef NAPI_STRICT
static inline bool
reference_ok(napi_env env, napi_ref reference)
{
    (void)env;
    return reference != NULL;
}

static inline bool
handle_ok(napi_env env, napi_value handle)
{
    (void)env;
    return handle != NULL;
}
#endif

/* === the five macros: each returns === */
#define CHECK_ENV(env)                                                        \
    do {                                                                      \
        if ((env) == NULL) {                                                  \
            return napi_invalid_arg;                                          \
        }                                                                     \
    } while (0)
#define CHECK(env, condition, status)                                         \
    do {                                                                      \
        if (!(condition)) {                                                   \
            return error_set((env), (status));                                \
        }                                                                     \
    } while (0)
/* not NULL; in the strict build handles and references must also be alive */
#define CHECK_ARG(env, arg)                                                   \
    CHECK((env),                                                              \
          _Generic((arg),                                                     \
              napi_value: handle_ok((env), (napi_value)(uintptr_t)(arg)),     \
              napi_ref: reference_ok((env), (napi_ref)(uintptr_t)(arg)),      \
              default: (arg) != NULL),                                        \
          napi_invalid_arg)
/* false: the raised Python exception becomes the pending one */
#define CHECK_PY(env, ok)                                                     \
    do {                                                                      \
        if (!(ok)) {                                                          \
            return error_from_python(env);                                    \
        }                                                                     \
    } while (0)
#define NAPI_PREAMBLE(env)                                                    \
    do {                                                                      \
        CHECK_ENV(env);                                                       \
        if ((env)->blocked) {                                                 \
            napi_status blocked_status_ = error_blocked(env, __func__);       \
            if (blocked_status_ != napi_ok) {                                 \
                return blocked_status_;                                       \
            }                                                                 \
        }                                                                     \
        error_clear(env);                                                     \
    } while (0)

#endif
