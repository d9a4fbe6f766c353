/* The strict build's watch: memory that runs out because a test wants it.
 *
 * While it is armed, the allocators of Python count what the functions of
 * Node-API ask for on one thread; the nth such request, or all from it on, get
 * nothing. What runs outside of an addon's calls always gets its memory. */

#include "watch_state.h"

#ifdef NAPI_STRICT

static bool
is_refused(struct watch_memory *memory)
{
    if (memory->thread != PyThread_get_thread_ident() ||
        memory->agent->call == NULL) {
        return false;
    }
    struct watch_call *call = memory->agent->call;
    size_t seen = ++memory->seen;
    bool refused =
        memory->onward ? seen >= memory->nth : seen == memory->nth;
    if (refused && memory->refused++ == 0) {
        memory->function = call->function;
    }
    return refused;
}

static void *
refuse_malloc(void *context, size_t size)
{
    struct watch_domain *domain = context;
    return is_refused(domain->memory)
               ? NULL
               : domain->old.malloc(domain->old.ctx, size);
}

static void *
refuse_calloc(void *context, size_t count, size_t size)
{
    struct watch_domain *domain = context;
    return is_refused(domain->memory)
               ? NULL
               : domain->old.calloc(domain->old.ctx, count, size);
}

static void *
refuse_realloc(void *context, void *memory, size_t size)
{
    struct watch_domain *domain = context;
    return is_refused(domain->memory)
               ? NULL
               : domain->old.realloc(domain->old.ctx, memory, size);
}

static void
give_back(void *context, void *memory)
{
    struct watch_domain *domain = context;
    domain->old.free(domain->old.ctx, memory);
}

static const PyMemAllocatorDomain domains[] = {
    PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ};

void
memory_disarm(struct watch *watch)
{
    for (size_t i = 0; watch->memory.armed && i < Py_ARRAY_LENGTH(domains);
         ++i) {
        PyMem_SetAllocator(domains[i], &watch->memory.domains[i].old);
    }
    watch->memory.armed = false;
}

static void
arm(struct watch *watch)
{
    for (size_t i = 0; i < Py_ARRAY_LENGTH(domains); ++i) {
        struct watch_domain *domain = &watch->memory.domains[i];
        domain->memory = &watch->memory;
        PyMem_GetAllocator(domains[i], &domain->old);
        PyMemAllocatorEx ours = {domain, refuse_malloc, refuse_calloc,
                                 refuse_realloc, give_back};
        PyMem_SetAllocator(domains[i], &ours);
    }
    watch->memory.armed = true;
}

PyDoc_STRVAR(memory_doc,
             "watch_memory(nth, onward=False) -> (int, int, str | None)\n\nThe "
             "nth request for memory that an addon's calls on this thread make "
             "is\nrefused; onward: all from it on; 0: none any more. How many "
             "were made and\nrefused until now, and the function of the first "
             "refusal.");

static PyObject *
watch_memory(PyObject *module, PyObject *args)
{
    struct shim_state *state = PyModule_GetState(module);
    struct watch_memory *memory = &state->watch->memory;
    Py_ssize_t nth;
    int onward = 0;
    if (!PyArg_ParseTuple(args, "n|p:watch_memory", &nth, &onward)) {
        return NULL;
    }
    struct agent *agent = agent_current(state);
    if (agent == NULL) {
        return NULL;
    }
    memory_disarm(state->watch);
    PyObject *result = Py_BuildValue(
        "nnz", (Py_ssize_t)memory->seen, (Py_ssize_t)memory->refused,
        memory->refused ? watch_functions[memory->function].name : NULL);
    if (result == NULL) {
        return NULL;
    }
    memory->agent = agent;
    memory->thread = PyThread_get_thread_ident();
    memory->nth = nth > 0 ? (size_t)nth : 0;
    memory->onward = onward;
    memory->seen = memory->refused = 0;
    if (nth > 0) {
        arm(state->watch);
    }
    return result;
}

PyMethodDef memory_methods[] = {
    {"watch_memory", watch_memory, METH_VARARGS, memory_doc},
    {NULL, NULL, 0, NULL},
};

#else
typedef int watch_memory_is_empty_in_the_release_build;
#endif
