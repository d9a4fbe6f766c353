/* The strict build's watch: a line of JSON for each call, when it is over.
 *
 * Looking at a value never runs code and never changes it. Lines are written
 * whole and at once, so that what was written before a crash is there. */

#include "watch_state.h"

#include <dlfcn.h>
#include <time.h>

#ifdef NAPI_STRICT

#define LINE_SIZE 4096
#define LINE_ROOM 512 /* what one argument may take */
#define SHOWN_TEXT 48
#define SHOWN_VALUES 8

struct line {
    size_t length;
    char text[LINE_SIZE];
};

uint64_t
trace_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void
put(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = sizeof(line->text) - line->length;
    int length =
        vsnprintf(line->text + line->length, room, format, arguments);
    va_end(arguments);
    if (length > 0) {
        line->length += Py_MIN((size_t)length, room - 1);
    }
}

static bool
has_room(struct line *line)
{
    return sizeof(line->text) - line->length > LINE_ROOM;
}

/* A JSON string of Latin-1 or ASCII; what is no ASCII becomes an escape. */
static void
put_text(struct line *line, const char *text, size_t length)
{
    put(line, "\"");
    for (size_t i = 0; i < length && i < SHOWN_TEXT; ++i) {
        unsigned char c = (unsigned char)text[i];
        bool plain = c >= ' ' && c < 127 && c != '"' && c != '\\';
        put(line, plain ? "%c" : "\\u%04x", c);
    }
    put(line, length > SHOWN_TEXT ? "...\"" : "\"");
}

static void
put_str(struct line *line, PyObject *text)
{
    char shown[SHOWN_TEXT + 1];
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    Py_ssize_t count = Py_MIN(length, SHOWN_TEXT + 1);
    for (Py_ssize_t i = 0; i < count; ++i) {
        Py_UCS4 c = PyUnicode_READ_CHAR(text, i);
        shown[i] = c < 128 ? (char)c : '?';
    }
    put_text(line, shown, (size_t)count);
}

/* FNV-1a of at most 4 KiB */
static uint32_t
digest(const char *data, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length && i < 4096; ++i) {
        hash = (hash ^ (unsigned char)data[i]) * 16777619u;
    }
    return hash;
}

static void
put_bytes(struct line *line, const char *kind, const char *data, size_t length)
{
    put(line, "{\"%s\":%zu,\"digest\":\"%08x\"}", kind, length,
        data != NULL ? digest(data, length) : 0);
}

static void
put_double(struct line *line, double value)
{
    if (value - value == 0) {
        put(line, "%.17g", value);
    } else {
        put(line, "\"%s\"",
            value != value ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }
}

static void
put_object(struct line *line, struct shim_state *state, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    if (PyType_IsSubtype(type, state->arraybuffer_type)) {
        struct js_arraybuffer *buffer = (struct js_arraybuffer *)value;
        put_bytes(line, "ArrayBuffer", buffer->data, buffer->length);
    } else if (PyType_IsSubtype(type, state->view_type)) {
        struct js_view *view = (struct js_view *)value;
        put_bytes(line, type->tp_name, view_data(view),
                  view_length(view) * view_element_size(view->kind));
    } else if (PyBytes_Check(value)) {
        put_bytes(line, "bytes", PyBytes_AS_STRING(value),
                  (size_t)PyBytes_GET_SIZE(value));
    } else {
        put(line, "{\"%.80s\":\"%p\"}", type->tp_name, (void *)value);
    }
}

static void
put_value(struct line *line, struct shim_state *state, PyObject *value)
{
    if (value == UNDEFINED) {
        put(line, "\"undefined\"");
    } else if (value == state->null) {
        put(line, "null");
    } else if (PyBool_Check(value)) {
        put(line, value == Py_True ? "true" : "false");
    } else if (PyLong_CheckExact(value)) {
        int overflow;
        long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        put(line, overflow ? "\"large\"" : "%lld", number);
    } else if (PyFloat_CheckExact(value)) {
        put_double(line, PyFloat_AS_DOUBLE(value));
    } else if (PyUnicode_Check(value)) {
        put(line, "{\"string\":%zd,\"text\":", PyUnicode_GET_LENGTH(value));
        put_str(line, value);
        put(line, "}");
    } else {
        put_object(line, state, value);
    }
}

/* [handle, value], or what the addon gave where it is no handle */
static void
put_handle(struct line *line, struct watch_call *call, napi_value handle)
{
    if (handle == NULL || !call->owned) {
        put(line, handle ? "\"%p\"" : "null", (void *)handle);
        return;
    }
    PyObject *value = scope_result(call->env, handle);
    uintptr_t slot = ((uintptr_t)handle >> 1) & 0xffffff;
    put(line, "[%zu,", (size_t)slot);
    if (value == NULL) {
        put(line, "\"no handle\"");
    } else {
        put_value(line, call->env->state, value);
    }
    put(line, "]");
}

static void
put_handles(struct line *line, struct watch_call *call,
            const napi_value *handles, size_t count)
{
    put(line, "[");
    for (size_t i = 0; i < count && i < SHOWN_VALUES && has_room(line); ++i) {
        put(line, i > 0 ? "," : "");
        put_handle(line, call, handles[i]);
    }
    put(line, count > SHOWN_VALUES ? ",\"...\"]" : "]");
}

static bool
is(const char *type, const char *wanted)
{
    return strcmp(type, wanted) == 0;
}

/* What an out parameter was set to; false: nothing that can be shown */
static bool
put_out(struct line *line, const char *type, const void *out)
{
    if (is(type, "bool *")) {
        put(line, *(const bool *)out ? "true" : "false");
    } else if (is(type, "double *")) {
        put_double(line, *(const double *)out);
    } else if (is(type, "size_t *")) {
        put(line, "%zu", *(const size_t *)out);
    } else if (is(type, "uint32_t *")) {
        put(line, "%u", *(const uint32_t *)out);
    } else if (is(type, "int32_t *") || is(type, "int *") ||
               is(type, "napi_valuetype *") ||
               is(type, "napi_typedarray_type *")) {
        put(line, "%d", *(const int32_t *)out);
    } else if (is(type, "int64_t *")) {
        put(line, "%lld", (long long)*(const int64_t *)out);
    } else if (strlen(type) > 3 && is(type + strlen(type) - 2, " *") &&
               strncmp(type, "napi_", 5) == 0) {
        put(line, "\"%p\"", *(void *const *)out); /* a reference, a scope */
    } else {
        return false;
    }
    return true;
}

/* The count that goes with an array: the size_t before it. */
static size_t
count_of(struct watch_call *call, size_t index)
{
    const struct watch_function *function = &watch_functions[call->function];
    if (is(function->name, "napi_get_cb_info")) {
        size_t *count = (size_t *)(uintptr_t)call->arguments[index - 1];
        return count == NULL ? 0 : Py_MIN(*count, call->capacity);
    }
    for (size_t i = 0; i < function->count; ++i) {
        if (is(function->parameters[i].type, "size_t")) {
            return (size_t)call->arguments[i];
        }
    }
    return 0;
}

static void
put_pointer(struct line *line, struct watch_call *call, size_t index)
{
    const struct watch_function *function = &watch_functions[call->function];
    const struct watch_parameter *parameter = &function->parameters[index];
    const char *type = parameter->type;
    void *pointer = (void *)(uintptr_t)call->arguments[index];
    bool ok = call->status == napi_ok;
    bool many = is(parameter->name, "argv") || is(type, "const napi_value *");
    if (pointer == NULL) {
        put(line, "null");
    } else if (is(type, "napi_value")) {
        put_handle(line, call, pointer);
    } else if (many && (ok || is(type, "const napi_value *"))) {
        put_handles(line, call, pointer, count_of(call, index));
    } else if (is(type, "napi_value *") && ok) {
        put_handle(line, call, *(napi_value *)pointer);
    } else if (is(type, "const char *")) {
        bool counted = index + 1 < function->count &&
                       is(function->parameters[index + 1].type, "size_t") &&
                       call->arguments[index + 1] <= INT_MAX;
        put_text(line, pointer,
                 counted ? (size_t)call->arguments[index + 1]
                         : strnlen(pointer, SHOWN_TEXT + 1));
    } else if (!ok || !put_out(line, type, pointer)) {
        put(line, "\"%p\"", pointer);
    }
}

static void
put_argument(struct line *line, struct watch_call *call, size_t index)
{
    const struct watch_parameter *parameter =
        &watch_functions[call->function].parameters[index];
    const char *type = parameter->type;
    uint64_t bits = call->arguments[index];
    put(line, "%s\"%s\":", index > 1 ? "," : "", parameter->name);
    if (is(type, "double")) {
        union {
            uint64_t bits;
            double value;
        } both = {bits};
        put_double(line, both.value);
    } else if (is(type, "bool")) {
        put(line, bits ? "true" : "false");
    } else if (is(type, "size_t") && bits == NAPI_AUTO_LENGTH) {
        put(line, "\"auto\"");
    } else if (is(type, "size_t") || is(type, "uint32_t") ||
               is(type, "uint64_t")) {
        put(line, "%llu", (unsigned long long)bits);
    } else if (is(type, "int32_t") || is(type, "int64_t") ||
               is(type, "int") || strstr(type, "_mode") ||
               strstr(type, "key_") || is(type, "napi_typedarray_type")) {
        put(line, "%lld", (long long)bits);
    } else {
        put_pointer(line, call, index);
    }
}

/* "file+offset", or with the symbol where there is one */
static void
put_place(struct line *line, const void *address)
{
    Dl_info info;
    if (address == NULL || !dladdr(address, &info)) {
        put(line, "null");
        return;
    }
    const char *slash = strrchr(info.dli_fname, '/');
    char text[200];
    if (info.dli_sname != NULL) {
        snprintf(text, sizeof(text), "%.120s+%td", info.dli_sname,
                 (const char *)address - (const char *)info.dli_saddr);
    } else {
        snprintf(text, sizeof(text), "%.120s+0x%tx",
                 slash ? slash + 1 : info.dli_fname,
                 (const char *)address - (const char *)info.dli_fbase);
    }
    put(line, "\"");
    for (const char *c = text; *c; ++c) {
        put(line, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    }
    put(line, "\"");
}

static void
write_line(struct watch *watch, struct line *line)
{
    pthread_mutex_lock(&watch->mutex);
    if (watch->trace != NULL) {
        fwrite(line->text, 1, line->length, watch->trace);
        fflush(watch->trace);
    }
    pthread_mutex_unlock(&watch->mutex);
}

static void
put_head(struct line *line, const char *name, uint64_t began, napi_env env)
{
    put(line,
        "{\"call\":\"%s\",\"begin\":%llu,\"ns\":%llu,\"thread\":%lu,"
        "\"env\":%u,",
        name, (unsigned long long)began,
        (unsigned long long)(trace_now() - began),
        PyThread_get_thread_native_id(), env != NULL ? env->id : 0);
}

void
trace_call(struct watch_call *call)
{
    struct line line;
    const struct watch_function *function = &watch_functions[call->function];
    size_t depth = 0;
    for (struct watch_call *outer = call->outer; outer; outer = outer->outer) {
        ++depth;
    }
    line.length = 0;
    put_head(&line, function->name, call->began, call->env);
    put(&line, "\"depth\":%zu,\"status\":%d,\"at\":", depth,
        (int)call->status);
    put_place(&line, call->caller);
    put(&line, ",\"arguments\":{");
    for (size_t i = 1; i < function->count && has_room(&line); ++i) {
        put_argument(&line, call, i);
    }
    put(&line, "}}\n");
    write_line(call->watch, &line);
}

void
watch_frame(napi_env env, const struct frame *frame)
{
    struct watch *watch = env->state->watch;
    if (watch == NULL || frame->began == 0) {
        return;
    }
    struct line line;
    line.length = 0;
    put_head(&line, "callback", frame->began, env);
    put(&line, "\"depth\":%zu,\"status\":%d,\"at\":", env->agent->depth - 1,
        env->pending != NULL ? napi_pending_exception : napi_ok);
    put_place(&line, frame->callback);
    put(&line, "}\n");
    write_line(watch, &line);
}

uint64_t
watch_begin(napi_env env)
{
    struct watch *watch = env->state->watch;
    return watch != NULL && (__atomic_load_n(&watch->active,
                                             __ATOMIC_RELAXED) & WATCH_TRACE)
               ? trace_now()
               : 0;
}

void
trace_close(struct watch *watch)
{
    pthread_mutex_lock(&watch->mutex);
    if (watch->trace != NULL) {
        fclose(watch->trace);
        watch->trace = NULL;
    }
    watch_set_active(watch, WATCH_TRACE, false);
    pthread_mutex_unlock(&watch->mutex);
}

PyDoc_STRVAR(trace_doc,
             "watch_trace(path) -> None\n\nAdds a line of JSON to a file for "
             "each call; None: no longer.");

static PyObject *
watch_trace(PyObject *module, PyObject *path)
{
    struct watch *watch =
        ((struct shim_state *)PyModule_GetState(module))->watch;
    if (path == Py_None) {
        trace_close(watch);
        Py_RETURN_NONE;
    }
    PyObject *name;
    if (!PyUnicode_FSConverter(path, &name)) {
        return NULL;
    }
    FILE *file = fopen(PyBytes_AS_STRING(name), "ae");
    Py_DECREF(name);
    if (file == NULL) {
        return PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
    }
    trace_close(watch);
    pthread_mutex_lock(&watch->mutex);
    watch->trace = file;
    watch_set_active(watch, WATCH_TRACE, true);
    pthread_mutex_unlock(&watch->mutex);
    Py_RETURN_NONE;
}

PyMethodDef trace_methods[] = {
    {"watch_trace", watch_trace, METH_O, trace_doc},
    {NULL, NULL, 0, NULL},
};

#else
typedef int watch_trace_is_empty_in_the_release_build;
#endif
