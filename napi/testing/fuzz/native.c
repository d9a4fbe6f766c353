/* The child process of a fuzzing campaign: where it died, and what it ran.
 *
 * A signal handler writes the native stack before the process goes, without a
 * debugger. The callbacks of -fsanitize-coverage (GCC's trace-pc and trace-cmp,
 * Clang's trace-pc-guard and inline-8bit-counters) count edges; the addon
 * finds them here, since the child opens this file for all to see.
 *
 * The callbacks have no argument of their own, so their state is static: one
 * process, one campaign. Nothing else of napi uses this module. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SEEN __attribute__((visibility("default")))
#define EDGES (1u << 18)
#define FRAMES 64
#define RANGES 64
#define VALUES 512

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP};
#define FATAL (sizeof(fatal) / sizeof(fatal[0]))

static struct {
    struct sigaction before[FATAL];
    int fd;
    volatile sig_atomic_t busy;
    char stack[1 << 18];
} crash;

static struct {
    uintptr_t base;             /* where the addon is: 0 until it is loaded */
    uint32_t guards;            /* given to trace-pc-guard so far */
    int ranges;                 /* of inline-8bit-counters */
    uint8_t *start[RANGES], *stop[RANGES];
    uint32_t first[RANGES];     /* the edge that a range begins with */
    uint32_t values;            /* compared so far; the last VALUES are kept */
    uint64_t value[VALUES];
    uint8_t count[EDGES];
    uint8_t known[EDGES];       /* a bit for each bucket of a count */
} cover;

/* ---- the stack of a crash ---- */

static void
crash_write(const char *text)
{
    size_t left = strlen(text);
    ssize_t done;
    while (left > 0 && (done = write(crash.fd, text, left)) > 0) {
        text += done;
        left -= (size_t)done;
    }
}

static void
crash_handle(int number, siginfo_t *info, void *context)
{
    char line[96];
    void *frames[FRAMES];
    (void)context;
    for (size_t i = 0; i < FATAL; i++)
        if (fatal[i] == number)
            sigaction(number, &crash.before[i], NULL);
    if (crash.busy++)
        _exit(128 + number);    /* the handler itself crashed */
    snprintf(line, sizeof(line), "\nnapi fuzz: signal %d at %p\n", number,
             info->si_addr);
    crash_write(line);
    int depth = backtrace(frames, FRAMES);
    backtrace_symbols_fd(frames, depth, crash.fd);
    crash_write("napi fuzz: end of the stack\n");
    crash.busy = 0;
    raise(number);              /* whoever handled it before is next */
}

static PyObject *
native_watch(PyObject *module, PyObject *argument)
{
    void *frame[1];
    struct sigaction action = {.sa_sigaction = crash_handle};
    stack_t stack = {.ss_sp = crash.stack, .ss_size = sizeof(crash.stack)};
    (void)module;
    crash.fd = (int)PyLong_AsLong(argument);
    if (PyErr_Occurred())
        return NULL;
    backtrace(frame, 1);        /* loads the unwinder now, not in the handler */
    if (sigaltstack(&stack, NULL) != 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (size_t i = 0; i < FATAL; i++)
        if (sigaction(fatal[i], &action, &crash.before[i]) != 0)
            return PyErr_SetFromErrno(PyExc_OSError);
    Py_RETURN_NONE;
}

/* ---- edges ---- */

static void
cover_hit(uint32_t edge)
{
    uint8_t *count = &cover.count[edge % EDGES];
    if (*count < UINT8_MAX)
        ++*count;
}

SEEN void __sanitizer_cov_trace_pc(void);
SEEN void
__sanitizer_cov_trace_pc(void)
{
    uintptr_t place = (uintptr_t)__builtin_return_address(0);
    if (cover.base != 0)
        cover_hit((uint32_t)(place - cover.base));
}

SEEN void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);
SEEN void
__sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop)
{
    if (start == stop || *start != 0)
        return;
    while (start < stop)
        *start++ = ++cover.guards;
}

SEEN void __sanitizer_cov_trace_pc_guard(uint32_t *guard);
SEEN void
__sanitizer_cov_trace_pc_guard(uint32_t *guard)
{
    cover_hit(*guard);
}

SEEN void __sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop);
SEEN void
__sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop)
{
    if (cover.ranges == RANGES || start == stop)
        return;
    int at = cover.ranges++;
    uint32_t length = at ? (uint32_t)(cover.stop[at - 1] - cover.start[at - 1])
                         : 0;
    cover.first[at] = at ? cover.first[at - 1] + length : 0;
    cover.start[at] = start;
    cover.stop[at] = stop;
}

SEEN void __sanitizer_cov_pcs_init(const uintptr_t *start,
                                   const uintptr_t *stop);
SEEN void
__sanitizer_cov_pcs_init(const uintptr_t *start, const uintptr_t *stop)
{
    (void)start, (void)stop;
}

SEEN void __sanitizer_cov_trace_pc_indir(uintptr_t callee);
SEEN void
__sanitizer_cov_trace_pc_indir(uintptr_t callee)
{
    (void)callee;
}

/* ---- what was compared with what ---- */

static void
cover_compared(uint64_t value)
{
    if (cover.base != 0)
        cover.value[cover.values++ % VALUES] = value;
}

#define COMPARISON(name, type)                                             \
    SEEN void __sanitizer_cov_trace_##name(type a, type b);                \
    SEEN void __sanitizer_cov_trace_##name(type a, type b)

#define VARIABLES(name, type)                                              \
    COMPARISON(name, type)                                                 \
    {                                                                      \
        if (a != b) {                                                      \
            cover_compared((uint64_t)a);                                   \
            cover_compared((uint64_t)b);                                   \
        }                                                                  \
    }

/* The constant comes first; the other one is what the campaign made itself. */
#define CONSTANT(name, type)                                               \
    COMPARISON(name, type)                                                 \
    {                                                                      \
        if (a != b)                                                        \
            cover_compared((uint64_t)a);                                   \
    }

/* Fractions make no useful integers, nor bytes to look for. */
#define FRACTION(name, type)                                               \
    COMPARISON(name, type)                                                 \
    {                                                                      \
        (void)a, (void)b;                                                  \
    }

VARIABLES(cmp1, uint8_t)
VARIABLES(cmp2, uint16_t)
VARIABLES(cmp4, uint32_t)
VARIABLES(cmp8, uint64_t)
CONSTANT(const_cmp1, uint8_t)
CONSTANT(const_cmp2, uint16_t)
CONSTANT(const_cmp4, uint32_t)
CONSTANT(const_cmp8, uint64_t)
FRACTION(cmpf, float)
FRACTION(cmpd, double)

SEEN void __sanitizer_cov_trace_switch(uint64_t value, uint64_t *cases);
SEEN void
__sanitizer_cov_trace_switch(uint64_t value, uint64_t *cases)
{
    for (uint64_t i = 0; i < cases[0] && i < 64; i++)
        if (cases[2 + i] != value)
            cover_compared(cases[2 + i]);
}

/* ---- what Python asks for ---- */

static PyObject *
native_begin(PyObject *module, PyObject *argument)
{
    (void)module;
    if (argument != Py_None) {
        unsigned long long base = PyLong_AsUnsignedLongLong(argument);
        if (base == (unsigned long long)-1 && PyErr_Occurred())
            return NULL;
        cover.base = (uintptr_t)base;
    }
    memset(cover.count, 0, sizeof(cover.count));
    for (int i = 0; i < cover.ranges; i++)
        memset(cover.start[i], 0, (size_t)(cover.stop[i] - cover.start[i]));
    Py_RETURN_NONE;
}

/* A count as the bit of its bucket: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, more. */
static int
cover_bucket(uint8_t count)
{
    static const uint8_t least[] = {1, 2, 3, 4, 8, 16, 32, 128};
    int bucket = 7;
    while (count < least[bucket])
        bucket--;
    return bucket;
}

static int
cover_note(uint32_t edge, uint8_t count, PyObject *found)
{
    int bucket = cover_bucket(count);
    uint8_t *known = &cover.known[edge % EDGES];
    if (*known & (1u << bucket))
        return 0;
    *known |= (uint8_t)(1u << bucket);
    PyObject *number =
        PyLong_FromUnsignedLong((edge % EDGES) * 8ul + (unsigned)bucket);
    int status = number ? PyList_Append(found, number) : -1;
    Py_XDECREF(number);
    return status;
}

static PyObject *
native_edges(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    PyObject *found = PyList_New(0);
    if (found == NULL)
        return NULL;
    for (int i = 0; i < cover.ranges; i++)
        for (uint8_t *at = cover.start[i]; at < cover.stop[i]; at++)
            if (*at && cover_note(cover.first[i]
                                  + (uint32_t)(at - cover.start[i]),
                                  *at, found) != 0)
                goto fail;
    for (uint32_t edge = 0; edge < EDGES; edge += 8) {
        uint64_t eight;
        memcpy(&eight, &cover.count[edge], sizeof(eight));
        for (uint32_t i = edge; eight != 0 && i < edge + 8; i++)
            if (cover.count[i]
                && cover_note(i, cover.count[i], found) != 0)
                goto fail;
    }
    return found;
fail:
    Py_DECREF(found);
    return NULL;
}

static PyObject *
native_compared(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    uint32_t count = cover.values < VALUES ? cover.values : VALUES;
    PyObject *found = PySet_New(NULL);
    for (uint32_t i = 0; found != NULL && i < count; i++) {
        PyObject *number = PyLong_FromUnsignedLongLong(cover.value[i]);
        if (number == NULL || PySet_Add(found, number) != 0)
            Py_CLEAR(found);
        Py_XDECREF(number);
    }
    cover.values = 0;
    return found;
}

static PyMethodDef native_methods[] = {
    {"watch", native_watch, METH_O,
     "watch(fd): a fatal signal writes the native stack there."},
    {"begin", native_begin, METH_O,
     "begin(base): edges are counted from 0; base is where the addon is."},
    {"edges", native_edges, METH_NOARGS,
     "edges(): the edges, with how often, that were not there before."},
    {"compared", native_compared, METH_NOARGS,
     "compared(): the numbers that were compared with others."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef native_module = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_size = 0,
    .m_methods = native_methods,
};

PyMODINIT_FUNC PyInit__native(void);
PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&native_module);
}
