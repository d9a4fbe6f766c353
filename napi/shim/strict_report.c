/* The strict build: reports of misuse.
 *
 * A report is a dict: what is wrong, and the places that belong to it. Texts are
 * made when somebody reads them, by napi.testing.sites, which knows source
 * lines; never in the middle of an addon's call. */

#include "shim.h"

#ifdef NAPI_STRICT

#include "site.h"
#include "track.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>

static const char * /* borrowed; NULL: no call is known */
current_function(napi_env env)
{
    struct watch_call *call = env->agent->call;
    return call != NULL ? watch_functions[call->function].name : NULL;
}

static PyObject * /* new; NULL: raised */
describe_site(struct site *site)
{
    return site != NULL ? site_to_python(site) : Py_NewRef(Py_None);
}

static void
record(napi_env env, const char *id, const char *function, struct site *here,
       struct site *born, struct site *died, PyObject *what)
{
    PyObject *report =
        what ? Py_BuildValue("{s:s,s:O,s:z,s:z,s:N,s:N,s:N}", "id", id,
                             "what", what, "function", function, "addon",
                             env->filename, "here", describe_site(here),
                             "born", describe_site(born), "died",
                             describe_site(died))
             : NULL;
    if (report != NULL) {
        PyList_Append(env->state->reports, report);
    }
    PyErr_Clear();
    Py_XDECREF(report);
}

static void
record_here(napi_env env, const char *id, struct site *born,
            struct site *died, const char *format, va_list arguments)
{
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *what = PyUnicode_FromFormatV(format, arguments);
    struct site *here = site_here();
    record(env, id, current_function(env), here, born, died, what);
    site_free(here);
    Py_XDECREF(what);
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

void
strict_report_sites(napi_env env, const char *id, struct site *born,
                    struct site *died, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    record_here(env, id, born, died, format, arguments);
    va_end(arguments);
}

void
strict_report(napi_env env, const char *id, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    record_here(env, id, NULL, NULL, format, arguments);
    va_end(arguments);
}

void
strict_report_thing(napi_env env, const char *id, const void *address,
                    const char *format, ...)
{
    struct site *born, *died;
    track_find(env->state, address, &born, &died);
    va_list arguments;
    va_start(arguments, format);
    record_here(env, id, born, died, format, arguments);
    va_end(arguments);
}

void
strict_report_call(napi_env env, const char *id, const char *function,
                   struct site *there, const void *thing, const char *what)
{
    PyObject *raised = PyErr_GetRaisedException();
    struct site *here = there == NULL ? site_here() : NULL;
    struct site *born = NULL, *died = NULL;
    PyObject *text = PyUnicode_FromString(what);
    if (thing != NULL) {
        track_find(env->state, thing, &born, &died);
    }
    record(env, id, function, there ? there : here, born, died, text);
    site_free(here);
    Py_XDECREF(text);
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
}

PyObject *
strict_take(struct shim_state *state)
{
    strict_gather(state, NULL);
    PyObject *taken = state->reports, *fresh = PyList_New(0);
    if (fresh == NULL) {
        return NULL;
    }
    state->reports = fresh;
    if (PyList_GET_SIZE(taken) == 0) {
        return taken;
    }
    PyObject *module = PyImport_ImportModule("napi.testing.sites");
    PyObject *texts =
        module ? PyObject_CallMethod(module, "report_texts", "O", taken)
               : NULL;
    Py_XDECREF(module);
    Py_DECREF(taken);
    return texts;
}

static PyObject * /* new str; NULL: raised */
take_text(struct shim_state *state)
{
    PyObject *texts = strict_take(state);
    PyObject *separator = texts ? PyUnicode_FromString("\n") : NULL;
    PyObject *text = separator ? PyUnicode_Join(separator, texts) : NULL;
    Py_XDECREF(texts);
    Py_XDECREF(separator);
    return text;
}

void
strict_tell(struct shim_state *state)
{
    PyObject *text = take_text(state);
    if (text == NULL) {
        PyErr_WriteUnraisable(NULL);
    } else if (PyUnicode_GET_LENGTH(text) > 0) {
        PySys_FormatStderr("napi: no call was left to raise this:\n%U\n", text);
    }
    Py_XDECREF(text);
}

void
strict_tell_late(struct watch_call *call)
{
    Dl_info info;
    const char *name = watch_functions[call->function].name;
    call->status = napi_generic_failure;
    if (dladdr(call->caller, &info) != 0 && info.dli_fname != NULL) {
        size_t offset = (size_t)((const char *)call->caller -
                                 (const char *)info.dli_fbase);
        fprintf(stderr,
                "napi: env-closed: %s: an environment was used when Python "
                "had ended, by a destructor of a static object, say\n"
                "    by %s+%#zx\n",
                name, info.dli_fname, offset - 1);
    }
}

PyObject *
strict_leave(napi_env env, PyObject *result)
{
    struct shim_state *state = env->state;
    strict_gather(state, env);
    strict_check_guards(env);
    if (!state->raise_reports || PyList_GET_SIZE(state->reports) == 0) {
        return result;
    }
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *text = take_text(state);
    if (text != NULL) {
        error_raise(state, "StrictError", NULL, "%U", text);
    }
    Py_XDECREF(text);
    Py_XDECREF(raised);
    Py_XDECREF(result);
    return NULL;
}

#else
typedef int strict_report_is_empty_in_the_release_build;
#endif
