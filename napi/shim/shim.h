/* The contract between the chapters of the shim: one header for a group of
 * them, whose sections follow the files and begin with what each keeps true.
 * They are included in this order. */
#ifndef NAPI_SHIM_H
#define NAPI_SHIM_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stddef.h>
#include <pthread.h>
#include <stdint.h>

#include "pycompat.h"

#define NAPI_EXPERIMENTAL
#define NODE_API_EXPERIMENTAL_BASIC_ENV_OPT_OUT /* one napi_env in here */
#include "watch.h"
#include "node_api.h"

#define UNDEFINED Py_None /* borrowed: JavaScript's undefined */
#define NAPI_STABLE_VERSION 10
#define MAX_SAFE_INTEGER 9007199254740991LL /* 2**53 - 1 */

#include "model.h"
#include "env.h"
#include "error.h"
#include "scope.h"
#include "property.h"
#include "object.h"
#include "function.h"
#include "view.h"
#include "builtin.h"
#include "async.h"

#endif
