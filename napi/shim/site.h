/* Where something happened: see site.c. Strict build only. */
#ifndef NAPI_SITE_H
#define NAPI_SITE_H

#include "shim.h"

#define SITE_FRAMES 8  /* of Python */
#define SITE_STACK 20 /* return addresses, innermost first */

struct site {
    size_t frames, depth;
    struct {
        PyCodeObject *code; /* owned */
        int line;
    } python[SITE_FRAMES];
    void *stack[SITE_STACK];
    const char *function; /* of Node-API; NULL: the stack tells */
};

/* new (malloc), or NULL: no memory, nothing raised; GIL held */
struct site *site_here(void);
/* the same, cheap: the running call of an addon, and one frame of Python */
struct site *site_of_call(napi_env env);
/* the same of a thread without the GIL: into a fresh site, native frames only */
void site_of_thread(struct site *site);
void site_free(struct site *site); /* NULL is welcome */
/* new dict: "function" (str or None), "python" (list of (file, line, name)),
 * "native" (list of (address, file, base, symbol or None, offset)), innermost
 * first; NULL: raised. site NULL: an empty one */
PyObject *site_to_python(struct site *site);

#endif
