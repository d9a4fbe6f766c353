/* Memory: arraybuffer.c, view*.c. */
#ifndef NAPI_VIEW_H
#define NAPI_VIEW_H

#include "function.h"

/* === arraybuffer.c, view.c, view_type.c, view_adopt.c === */

#define BUFFER_LIMIT ((size_t)1 << 40) /* bytes: more cannot be meant */
bool arraybuffer_is(struct shim_state *state, PyObject *value);
bool arraybuffer_is_shared(struct shim_state *state, PyObject *value);
/* tp_new of all views */
PyObject *view_construct(PyTypeObject *type, PyObject *args,
                         PyObject *kwargs);
int view_adopt_init(PyObject *module, struct shim_state *state);
/* tp_getattro of views and buffers */
PyObject *view_getattro(PyObject *object, PyObject *name);

/* new, zeroed; NULL: raised */
PyObject *arraybuffer_new(struct shim_state *state, size_t length,
                          bool shared);
/* new, over memory that `owner` (borrowed, may be NULL) keeps alive */
PyObject *arraybuffer_over(struct shim_state *state, void *data,
                           size_t length, PyObject *owner, bool shared);
/* new; buffer borrowed js_arraybuffer; bounds were checked */
PyObject *view_new(struct shim_state *state, PyTypeObject *type, int kind,
                   PyObject *buffer, size_t byte_offset, size_t length);
/* new napi.Buffer with storage inline; contents undefined when !zero */
PyObject *view_new_buffer(struct shim_state *state, size_t length, bool zero);
char *view_data(struct js_view *view); /* NULL when detached */
size_t view_length(struct js_view *view); /* elements; 0 when detached */
/* false: a DataView whose memory was taken away; TypeError raised */
bool view_has_bytes(struct js_view *view, const char *getter);
size_t view_offset(struct js_view *view); /* bytes; 0 when detached */
PyObject *view_buffer(struct shim_state *state,
                      struct js_view *view); /* new; made when missing */
/* borrowed js_view of a typed array, DataView, Buffer or native Python buffer
 * (bytes, bytearray, memoryview, array.array, ndarray: adopted for env until
 * the outermost call returns or as long as a reference pins it); NULL and no
 * error: not a view */
struct js_view *view_of(napi_env env, PyObject *value);
size_t view_element_size(int kind);
/* element by number; the index was checked. New, or NULL raised */
PyObject *view_get(struct shim_state *state, struct js_view *view,
                   size_t index);
/* outside of the view it is lost; 0 or -1 raised */
int view_set(struct shim_state *state, struct js_view *view, size_t index,
             PyObject *value);
void view_drop_adopted(napi_env env); /* at the outermost exit */

#endif
