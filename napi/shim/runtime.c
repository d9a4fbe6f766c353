/* Node-API chapters "Version management", "Memory management" and "Fatal
 * errors": what an addon asks of the process. */

#include "shim.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATIENCE 2 /* seconds, for the GIL when all is over */
#define COLLECT_EVERY (64 * 1024 * 1024) /* bytes of external memory */

/* Node-API v1. */
napi_status NAPI_CDECL
napi_get_version(node_api_basic_env basic_env, uint32_t *result)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    *result = NAPI_STABLE_VERSION;
    return error_clear(env);
}

/* Node-API v1. The version that process.versions.node reports. */
napi_status NAPI_CDECL
napi_get_node_version(node_api_basic_env basic_env,
                      const napi_node_version **result)
{
    static const napi_node_version version = {26, 10, 0, "node"};
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, result);
    *result = &version;
    return error_clear(env);
}

/* Node-API v1. A garbage collection is due for every 64 MiB of growth. */
napi_status NAPI_CDECL
napi_adjust_external_memory(node_api_basic_env basic_env,
                            int64_t change_in_bytes, int64_t *adjusted_value)
{
    napi_env env = (napi_env)basic_env;
    CHECK_ENV(env);
    CHECK_ARG(env, adjusted_value);
    /* An addon may say anything: what does not fit wraps. */
    env->external_memory = (int64_t)((uint64_t)env->external_memory +
                                     (uint64_t)change_in_bytes);
    env->external_low = Py_MIN(env->external_low, env->external_memory);
    if ((uint64_t)env->external_memory - (uint64_t)env->external_low >=
            COLLECT_EVERY &&
        !env->in_finalizer) {
        env->external_low = env->external_memory;
        PyObject *raised = PyErr_GetRaisedException();
        PyGC_Collect();
        if (raised != NULL) {
            PyErr_SetRaisedException(raised);
        }
    }
    *adjusted_value = env->external_memory;
    return error_clear(env);
}

/* new str of (text, length); "" where text is NULL */
static void
print_text(const char *text, size_t length)
{
    if (text == NULL) {
        return;
    }
    if (length == NAPI_AUTO_LENGTH) {
        length = strlen(text);
    }
    fwrite(text, 1, length, stderr);
}

#ifdef NAPI_STRICT
static void
give_up(int number)
{
    (void)number;
    abort();
}

/* What the addon gives up for is often what was to be raised when it returned.
 * A thread that comes here without the GIL may never get it. */
static void
tell_reports(void)
{
    if (!Py_IsInitialized()) {
        return;
    }
    signal(SIGALRM, give_up);
    alarm(PATIENCE);
    PyGILState_STATE held = PyGILState_Ensure();
    PyObject *module = PyImport_ImportModule("napi._shim_strict");
    if (module != NULL) {
        strict_tell(PyModule_GetState(module));
        Py_DECREF(module);
    }
    PyErr_Clear();
    PyGILState_Release(held);
    alarm(0);
}
#endif

/* Node-API v1. Prints the texts and the Python stack, then aborts. */
NAPI_NO_RETURN void NAPI_CDECL
napi_fatal_error(const char *location, size_t location_len,
                 const char *message, size_t message_len)
{
    fflush(stdout);
    fputs("FATAL ERROR: ", stderr);
    print_text(location, location_len);
    fputc(' ', stderr);
    print_text(message, message_len);
    fputc('\n', stderr);
    fflush(stderr);
#ifdef NAPI_STRICT
    tell_reports();
#endif
    if (Py_IsInitialized() && PyGILState_Check()) {
        PyObject *traceback = PyImport_ImportModule("traceback");
        PyObject *done =
            traceback ? PyObject_CallMethod(traceback, "print_stack", NULL)
                      : NULL;
        Py_XDECREF(done);
        Py_XDECREF(traceback);
        PyErr_Clear();
    }
    abort();
}

/* Node-API v3. An uncaught exception, as if a callback had left it. */
napi_status NAPI_CDECL
napi_fatal_exception(napi_env env, napi_value err)
{
    NAPI_PREAMBLE(env);
    CHECK_ARG(env, err);
    error_raise_value(env->state, value_of(env, err));
    agent_report(env->agent);
    return error_clear(env);
}
