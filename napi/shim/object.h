/* Objects, arrays and plain values: object*.c, array*.c, value_*.c. */
#ifndef NAPI_OBJECT_H
#define NAPI_OBJECT_H

#include "property.h"

/* === object.c, array.c, value_*.c === */

PyObject *object_new(struct shim_state *state); /* new js_object */
#define ARRAY_LIMIT ((size_t)1 << 26) /* elements: arrays are dense */
PyObject *array_new(struct shim_state *state, Py_ssize_t length); /* new, all
                                                                     holes */
int array_set(struct shim_state *state, struct js_array *array, size_t index,
              PyObject *value); /* grows; 0 or -1 raised */
bool array_is_hole(struct js_array *array, Py_ssize_t index);
/* Array.length = n: cuts, or adds holes; 0 or -1 raised. Like array_set it does
 * not ask whether the array is frozen. */
int array_set_length(struct shim_state *state, struct js_array *array,
                     size_t length);

/* How Python sees the properties of a js_object: 1 and new value, 0, -1. Own
 * ones and those of a prototype that is not the default one. */
int object_find(PyObject *self, PyObject *key, PyObject **value);
/* 1 where any object, or a prototype of its own choice (not the default one),
 * has the property */
int object_has_special(struct shim_state *state, PyObject *self,
                       PyObject *key);
/* value NULL: deletes. Refusals raise TypeError, absence KeyError. 0 or -1. */
int object_assign(PyObject *self, PyObject *key,
                  PyObject *value /* borrowed */);
/* dict.update for js_objects: mapping or iterable of pairs; 0 or -1 */
int object_merge(PyObject *self, PyObject *other);
/* new list of the own enumerable string keys in JavaScript's order */
PyObject *object_keys(PyObject *self);
/* true: the dict holds all there is, in the right order */
bool object_is_plain(PyObject *self);
/* Attribute access of js_object and js_array: property, then type. New. */
PyObject *object_attribute(struct shim_state *state, PyObject *self,
                           PyObject *name);
/* An attribute that is a property; value NULL: deletes it. 0 or -1 raised. */
int object_set_attribute(struct shim_state *state, PyObject *self,
                         PyObject *name, PyObject *value /* borrowed */);
/* name is a Python protocol name: __x__ */
bool object_is_dunder(PyObject *name);
/* method __dir__ of both; new list */
PyObject *object_dir(PyObject *self, PyObject *unused);
/* new: "#<Object>" as V8 names a receiver */
PyObject *object_describe(struct shim_state *state, PyObject *object);
/* always -1: raises V8's TypeError for a refused assignment or deletion of
 * any object's property */
int object_refuse_set(struct shim_state *state, PyObject *object,
                      PyObject *key);
int object_refuse_delete(struct shim_state *state, PyObject *object,
                         PyObject *key);
/* always NULL: raises KeyError(key), also for a tuple */
PyObject *object_raise_missing(PyObject *key);
void array_drop_holes(struct js_array *array);
void array_fill_hole(struct js_array *array, Py_ssize_t index);
/* bits only: the elements are None already; 0 or -1 raised */
int array_make_holes(struct js_array *array, Py_ssize_t first,
                     Py_ssize_t end);
/* 0, or -1 with TypeError: Python code may not change the elements so */
int array_check(PyObject *self, bool grows, bool shrinks);
extern PyMethodDef array_methods[]; /* of array_method.c */
PyObject *array_subscript(PyObject *self, PyObject *key);
int array_assign(PyObject *self, PyObject *key, PyObject *value);
int array_assign_item(PyObject *self, Py_ssize_t index, PyObject *value);
int array_assign_named(PyObject *self, PyObject *key, PyObject *value);
PyObject *array_inplace_concat(PyObject *self, PyObject *other);
PyObject *array_inplace_repeat(PyObject *self, Py_ssize_t times);
extern PyMethodDef object_methods[]; /* of object_method.c */
PyObject *object_iter(PyObject *self);
PyObject *object_repr(PyObject *self);
PyObject *object_or(PyObject *left, PyObject *right);
PyObject *object_inplace_or(PyObject *self, PyObject *other);
PyObject *object_getattro(PyObject *self, PyObject *name);
int object_setattro(PyObject *self, PyObject *name, PyObject *value);

PyObject *number_from_double(double value); /* new, canonical */
/* true and the double of a number value; false: not a JavaScript number */
bool number_as_double(struct shim_state *state, PyObject *value,
                      double *result);
PyObject *number_to_string(double value); /* new str, ECMA-262 */
bool number_is(struct shim_state *state, PyObject *value);
bool bigint_is(struct shim_state *state, PyObject *value);
PyObject *bigint_from_long(struct shim_state *state,
                           PyObject *value /* borrowed int */); /* new */
/* new interned str for an addon's C string, cached by address; length may be
 * NAPI_AUTO_LENGTH; NULL: raised */
PyObject *string_key(struct shim_state *state, const char *utf8,
                     size_t length);
/* new str: invalid UTF-8 becomes U+FFFD; length may be NAPI_AUTO_LENGTH */
PyObject *string_from_utf8(const char *utf8, size_t length);
/* napi_invalid_arg as Node's argument rules for (text, length) say */
bool string_arguments_ok(const void *text, size_t length);
/* 1 and the index if str is a canonical array index (< 2**32 - 1) */
bool string_as_index(PyObject *string, uint32_t *index);
Py_ssize_t string_length(PyObject *string); /* in UTF-16 units */
PyObject *string_unit_at(PyObject *string, uint32_t index); /* new str */
PyObject *symbol_new(struct shim_state *state,
                     PyObject *description /* borrowed or NULL */); /* new */
/* new: Symbol.iterator and the like, by name "iterator" */
PyObject *symbol_well_known(struct shim_state *state, const char *name);
PyObject *external_new(struct shim_state *state, void *data); /* new */

/* numpy.bool and the like */
bool compare_is_foreign_bool(PyTypeObject *type);
napi_valuetype compare_typeof(struct shim_state *state, PyObject *value);
bool compare_is_object_slow(struct shim_state *state, PyObject *value);
/* object, function or external */
static inline bool
compare_is_object(struct shim_state *state, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(value);
    return type == state->object_type || Py_TYPE(type) == state->class_type ||
           compare_is_object_slow(state, value);
}
int compare_strict(struct shim_state *state, PyObject *a, PyObject *b);
/* 1, 0, -1 raised */
int compare_instanceof(struct shim_state *state, PyObject *object,
                       PyObject *constructor);
PyObject *coerce_to_string(struct shim_state *state, PyObject *value); /* new */
PyObject *coerce_to_number(struct shim_state *state, PyObject *value); /* new */
PyObject *coerce_to_object(struct shim_state *state, PyObject *value); /* new */
PyObject *coerce_to_primitive(struct shim_state *state, PyObject *value,
                              const char *hint); /* new */
int coerce_to_bool(struct shim_state *state, PyObject *value);

#endif
