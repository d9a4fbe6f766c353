/* See strict_version.c. */
#ifndef NAPI_STRICT_VERSION_H
#define NAPI_STRICT_VERSION_H

#include <stdint.h>

/* The version of Node-API that brought a function; INT32_MAX: none yet. */
int32_t strict_since(const char *name);

#endif
