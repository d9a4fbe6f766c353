/* What an env holds, counted: see counters.c. */
#ifndef NAPI_COUNTERS_H
#define NAPI_COUNTERS_H

#include "shim.h"

/* new dict str -> int; NULL: raised */
PyObject *counters_of(napi_env env);
/* new capsule that keeps the struct of an env; NULL: raised */
PyObject *counters_capsule(napi_env env);
/* borrowed; NULL: raised, it is no capsule of an env */
napi_env counters_env(PyObject *capsule);
int counters_init(PyObject *module, struct shim_state *state);

#endif
