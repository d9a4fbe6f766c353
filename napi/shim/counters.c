/* The author's toolkit: what an environment holds, for leak checks.
 *
 * What lists of the env know is counted when somebody asks, so that it costs the
 * calls of addons nothing. What the env cannot know without work on each call,
 * how many handles there were at most, only the strict build counts. */

#include "counters.h"
#include "threadsafe.h"
#include "track.h"

struct census {
    size_t strong, weak, wraps, externals, external_buffers, finalizers;
    size_t queued;
};

/* A finalizer by what it hangs on. */
static void
count_finalizer(struct census *census, napi_env env, napi_ref reference)
{
    struct shim_state *state = env->state;
    PyObject *value = reference->value;
    if (value == NULL) {
        ++census->finalizers;
    } else if (Py_TYPE(value) == state->external_type) {
        ++census->externals;
    } else if (arraybuffer_is(state, value) ||
               arraybuffer_is_shared(state, value)) {
        ++census->external_buffers;
    } else {
        ++census->finalizers;
    }
}

static void
count_list(struct census *census, napi_env env, napi_ref reference)
{
    for (; reference != NULL; reference = reference->next) {
        census->queued += reference->queued;
        if (reference == env->instance_data) {
            continue;
        }
        if (reference->side != NULL && reference->side->wrap == reference) {
            ++census->wraps;
        } else if (reference->listed_finalizing) {
            count_finalizer(census, env, reference);
        } else if (reference->count > 0) {
            ++census->strong;
        } else {
            ++census->weak;
        }
    }
}

static size_t
count_threadsafe(napi_env env)
{
    size_t count = 0;
    napi_threadsafe_function func = env->agent->threadsafe;
    for (; func != NULL; func = func->next) {
        count += func->env == env;
    }
    return count;
}

static size_t
count_queued_works(napi_env env)
{
    size_t count = 0;
    for (napi_async_work work = env->agent->works; work; work = work->next) {
        count += work->env == env;
    }
    return count;
}

/* 0 or -1 raised */
static int
put(PyObject *counts, const char *name, int64_t value)
{
    PyObject *number = PyLong_FromLongLong(value);
    int failed = number ? PyDict_SetItemString(counts, name, number) : -1;
    Py_XDECREF(number);
    return failed;
}

static int
put_all(PyObject *counts, napi_env env, struct census *census)
{
    struct {
        const char *name;
        int64_t value;
    } all[] = {
        {"handles", (int64_t)env->top},
        {"scopes", (int64_t)env->open_scopes},
        {"callback_scopes", (int64_t)env->open_callback_scopes},
        {"references", (int64_t)env->counters[COUNT_REFERENCES]},
        {"strong", (int64_t)census->strong},
        {"weak", (int64_t)census->weak},
        {"wraps", (int64_t)census->wraps},
        {"externals", (int64_t)census->externals},
        {"external_buffers", (int64_t)census->external_buffers},
        {"added_finalizers", (int64_t)census->finalizers},
        {"finalizers", (int64_t)env->counters[COUNT_FINALIZERS]},
        {"queued_finalizers", (int64_t)census->queued},
        {"external_memory", env->external_memory},
        {"threadsafe_functions", (int64_t)count_threadsafe(env)},
        {"async_works", (int64_t)env->counters[COUNT_WORKS]},
        {"queued_works", (int64_t)count_queued_works(env)},
        {"async_contexts", (int64_t)env->counters[COUNT_CONTEXTS]},
        {"hooks", (int64_t)env->counters[COUNT_HOOKS]},
        {"deferreds", (int64_t)env->counters[COUNT_DEFERREDS]},
        {"adopted", (env->adopted ? PyDict_GET_SIZE(env->adopted) : 0) +
                        (env->lent ? PyDict_GET_SIZE(env->lent) : 0)},
        {"pinned", PySet_GET_SIZE(env->state->pinned)},
    };
    for (size_t i = 0; i < Py_ARRAY_LENGTH(all); ++i) {
        if (put(counts, all[i].name, all[i].value) < 0) {
            return -1;
        }
    }
    return 0;
}

PyObject *
counters_of(napi_env env)
{
    struct census census = {0};
    scope_settle(env);
    count_list(&census, env, env->references);
    count_list(&census, env, env->finalizing);
    PyObject *counts = PyDict_New();
    if (counts != NULL && (put_all(counts, env, &census) < 0 ||
                           track_count(env, counts) < 0)) {
        Py_CLEAR(counts);
    }
    return counts;
}

static void
destroy_capsule(PyObject *capsule)
{
    napi_env env = PyCapsule_GetPointer(capsule, "napi_env");
    if (env != NULL) {
        env_release(env);
    }
}

PyObject *
counters_capsule(napi_env env)
{
    PyObject *capsule = PyCapsule_New(env, "napi_env", destroy_capsule);
    if (capsule != NULL) {
        env_retain(env);
    }
    return capsule;
}

napi_env
counters_env(PyObject *capsule)
{
    return PyCapsule_GetPointer(capsule, "napi_env");
}

PyDoc_STRVAR(counters_doc,
             "counters(env) -> dict[str, int]\n\nWhat an environment holds: "
             "see napi.testing.counters.");

static PyObject *
counters(PyObject *module, PyObject *capsule)
{
    (void)module;
    napi_env env = counters_env(capsule);
    return env ? counters_of(env) : NULL;
}

PyDoc_STRVAR(counters_at_load_doc,
             "counters_at_load(env) -> dict[str, int]\n\nWhat it held when the "
             "addon's initialisation had ended.");

static PyObject *
counters_at_load(PyObject *module, PyObject *capsule)
{
    (void)module;
    napi_env env = counters_env(capsule);
    if (env == NULL) {
        return NULL;
    }
    return env->loaded ? PyDict_Copy(env->loaded) : PyDict_New();
}

PyDoc_STRVAR(environments_doc,
             "environments() -> list[tuple[env, file: str, mine: bool]]\n\n"
             "Those that are open, newest first, and whether this thread has "
             "loaded them.");

static PyObject *
environments(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    struct shim_state *state = PyModule_GetState(module);
    PyObject *list = PyList_New(0);
    napi_env env = list ? state->envs : NULL;
    for (; env != NULL; env = env->next) {
        PyObject *capsule = counters_capsule(env);
        bool mine = env->agent->thread == PyThread_get_thread_ident();
        PyObject *entry =
            capsule ? Py_BuildValue("(OsO)", capsule, env->filename,
                                    mine ? Py_True : Py_False)
                    : NULL;
        int failed = entry ? PyList_Append(list, entry) : -1;
        Py_XDECREF(capsule);
        Py_XDECREF(entry);
        if (failed < 0) {
            Py_DECREF(list);
            return NULL;
        }
    }
    return list;
}

PyDoc_STRVAR(environment_id_doc,
             "environment_id(env) -> int\n\nThe same for all capsules of an "
             "environment, as long as one is left.");

static PyObject *
environment_id(PyObject *module, PyObject *capsule)
{
    (void)module;
    napi_env env = counters_env(capsule);
    return env ? PyLong_FromVoidPtr(env) : NULL;
}

static PyMethodDef methods[] = {
    {"environment_id", environment_id, METH_O, environment_id_doc},
    {"counters", counters, METH_O, counters_doc},
    {"counters_at_load", counters_at_load, METH_O, counters_at_load_doc},
    {"environments", environments, METH_NOARGS, environments_doc},
    {NULL, NULL, 0, NULL},
};

int
counters_init(PyObject *module, struct shim_state *state)
{
    (void)state;
    return PyModule_AddFunctions(module, methods);
}
