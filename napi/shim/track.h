/* Between track.c and the chapters whose things have a beginning and an end.
 * In the release build all of it is nothing. */
#ifndef NAPI_TRACK_H
#define NAPI_TRACK_H

#include "shim.h"

enum track_kind {
    TRACK_REFERENCE,
    TRACK_WRAP,
    TRACK_FINALIZER,
    TRACK_EXTERNAL,
    TRACK_BUFFER,
    TRACK_THREADSAFE,
    TRACK_WORK,
    TRACK_CONTEXT,
    TRACK_HOOK,
    TRACK_ASYNC_HOOK,
    TRACK_DEFERRED,
    TRACK_CALLBACK_SCOPE,
    TRACK_KINDS
};

#ifdef NAPI_STRICT
struct site;
/* The thing at address begins here; GIL held, never raises. */
void track_born(napi_env env, enum track_kind kind, const void *address);
/* It ends here, and is remembered for a while. */
void track_died(napi_env env, const void *address);
/* A value of an addon, which ends with the object; bytes: what it holds. */
void track_value(napi_env env, enum track_kind kind, PyObject *value,
                 size_t bytes);
/* 0 or -1 raised: adds what only the strict build knows */
int track_count(napi_env env, PyObject *counts);
/* It ends, and its memory, of PyMem_RawMalloc, with it; but not at once. */
void track_end(napi_env env, void *address);
/* Something of this kind was at the address, and nothing is there now. */
bool track_is_gone(struct shim_state *state, enum track_kind kind,
                   const void *address);
/* borrowed places of what is there, or of the last thing there that ended;
 * NULL: not known */
void track_find(struct shim_state *state, const void *address,
                struct site **born, struct site **died);
/* reports each thing of that kind that the env has, with its place */
void track_report(napi_env env, enum track_kind kind, const char *id,
                  const char *what);
void track_env_end(napi_env env); /* all that it has */
int track_init(PyObject *module, struct shim_state *state);
void track_free(struct shim_state *state);
#else
#define track_born(env, kind, address) ((void)0)
#define track_died(env, address) ((void)0)
#define track_value(env, kind, value, bytes) ((void)0)
#define track_count(env, counts) 0
#define track_free(state) ((void)0)
#define track_end(env, address) PyMem_RawFree(address)
#define track_env_end(env) ((void)0)
#define track_report(env, kind, id, what) ((void)0)
static inline int
track_init(PyObject *module, struct shim_state *state)
{
    (void)module;
    (void)state;
    return 0;
}
#endif

#endif
