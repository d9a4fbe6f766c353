/* The strict build: where something happened, in Python and in the addon.
 *
 * Taking a site must be cheap: the addresses on the stack are kept as they are,
 * names are looked up when somebody reads them. The addon's frames are those
 * between ours and the interpreter's. */

#include "site.h"

#ifdef NAPI_STRICT

#include <dlfcn.h>
#if __has_include(<execinfo.h>)
#include <execinfo.h>
#else
#define backtrace(buffer, size) 0
#endif

static void
take_frames(struct site *site, size_t limit)
{
    PyFrameObject *frame = PyEval_GetFrame(); /* borrowed */
    Py_XINCREF(frame);
    while (frame != NULL && site->frames < limit) {
        site->python[site->frames].code = PyFrame_GetCode(frame);
        site->python[site->frames++].line = PyFrame_GetLineNumber(frame);
        Py_SETREF(frame, PyFrame_GetBack(frame));
    }
    Py_XDECREF(frame);
}

struct site *
site_here(void)
{
    struct site *site = malloc(sizeof(*site));
    if (site == NULL) {
        return NULL;
    }
    PyObject *raised = PyErr_GetRaisedException();
    site->frames = 0;
    take_frames(site, SITE_FRAMES);
    site->function = NULL;
    site->depth = (size_t)backtrace(site->stack, SITE_STACK);
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
    return site;
}

void
site_of_thread(struct site *site)
{
    site->depth = (size_t)backtrace(site->stack, SITE_STACK);
}

struct site *
site_of_call(napi_env env)
{
    struct watch_call *call = env->agent->call;
    struct site *site = malloc(sizeof(*site));
    if (site == NULL) {
        return NULL;
    }
    PyObject *raised = PyErr_GetRaisedException();
    site->frames = site->depth = 0;
    site->function = NULL;
    take_frames(site, 1);
    if (call != NULL) {
        site->stack[site->depth++] = (void *)(uintptr_t)call->caller;
        site->function = watch_functions[call->function].name;
    }
    if (raised != NULL) {
        PyErr_SetRaisedException(raised);
    }
    return site;
}

void
site_free(struct site *site)
{
    if (site != NULL) {
        for (size_t i = 0; i < site->frames; ++i) {
            Py_DECREF(site->python[i].code);
        }
        free(site);
    }
}

/* A return address may be the first byte of what follows the call. */
static bool
find_image(void *address, Dl_info *info)
{
    return dladdr((char *)address - 1, info) != 0 && info->dli_fname != NULL;
}

static const void *
base_of(void *function)
{
    Dl_info info;
    return dladdr(function, &info) != 0 ? info.dli_fbase : NULL;
}

static PyObject * /* new list of (file, line, name); NULL: raised */
list_python(struct site *site)
{
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < site->frames; ++i) {
        PyCodeObject *code = site->python[i].code;
        PyObject *entry = Py_BuildValue("(OiO)", code->co_filename,
                                        site->python[i].line, code->co_name);
        if (entry == NULL || PyList_Append(list, entry) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(entry);
    }
    return list;
}

static int
append_native(PyObject *list, void *address, const Dl_info *info)
{
    size_t offset = info->dli_sname
                        ? (size_t)((char *)address - (char *)info->dli_saddr)
                        : (size_t)((char *)address - (char *)info->dli_fbase);
    PyObject *entry = Py_BuildValue(
        "(KO&Kzn)", (unsigned long long)(uintptr_t)address,
        PyUnicode_DecodeFSDefault, info->dli_fname,
        (unsigned long long)(uintptr_t)info->dli_fbase, info->dli_sname,
        (Py_ssize_t)offset);
    int failed = entry ? PyList_Append(list, entry) : -1;
    Py_XDECREF(entry);
    return failed;
}

/* The exported function of ours that the addon called, and the addon's own
 * frames: up to those of the interpreter, or ours again. *function borrowed. */
static PyObject * /* new list; NULL: raised */
list_native(struct site *site, const char **function)
{
    PyObject *list = PyList_New(0);
    const void *ours = base_of((void *)site_here);
    const void *python = base_of((void *)PyEval_GetFrame);
    size_t i = 0;
    Dl_info info;
    while (i < site->depth && find_image(site->stack[i], &info) &&
           info.dli_fbase == ours) {
        *function = info.dli_sname;
        ++i;
    }
    for (; list != NULL && i < site->depth; ++i) {
        if (!find_image(site->stack[i], &info) || info.dli_fbase == ours ||
            info.dli_fbase == python) {
            break;
        }
        if (append_native(list, site->stack[i], &info) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

PyObject *
site_to_python(struct site *site)
{
    struct site nothing = {0};
    const char *function = NULL;
    site = site != NULL ? site : &nothing;
    PyObject *native = list_native(site, &function);
    PyObject *python = native ? list_python(site) : NULL;
    if (function != NULL && strncmp(function, "n", 1) != 0) {
        function = NULL;
    }
    if (site->function != NULL) {
        function = site->function;
    }
    if (python == NULL) {
        Py_XDECREF(native);
        return NULL;
    }
    return Py_BuildValue("{s:z,s:N,s:N}", "function", function, "python",
                         python, "native", native);
}

#else
typedef int site_is_empty_in_the_release_build;
#endif
