/* Functions and classes: function.c, method.c, construct.c, class*.c, js_*. */
#ifndef NAPI_FUNCTION_H
#define NAPI_FUNCTION_H

#include "object.h"

/* === function.c, method.c, construct.c, class.c, instance.c === */

/* new; name borrowed str or NULL (""), receiver borrowed or NULL */
PyObject *function_new(napi_env env, PyObject *name, napi_callback callback,
                       void *data);
/* Calls any callable: `receiver` reaches js_function, napi.method and
 * JavaScript classes called without new; other callables ignore it. New. */
PyObject *function_call(struct shim_state *state, PyObject *function,
                        PyObject *receiver, PyObject *const *argv,
                        size_t argc);
/* `new constructor(...argv)`; new_target NULL: constructor itself. New. */
PyObject *function_construct(struct shim_state *state, PyObject *constructor,
                             PyObject *const *argv, size_t argc,
                             PyObject *new_target);
bool function_is(struct shim_state *state, PyObject *value);
/* new js_method: function bound to a receiver (Function.bind, obj.method) */
PyObject *function_bind(struct shim_state *state, PyObject *function,
                        PyObject *receiver);
/* Puts a property of a prototype or of the statics of a class also where
 * Python's attribute look-up finds it (type dict). 0 or -1 raised. */
int class_mirror(struct shim_state *state, PyTypeObject *type, PyObject *key,
                 struct js_property *property, bool is_static);
/* borrowed; nearest addon class in the MRO that has a native constructor */
struct js_class *class_native(struct shim_state *state, PyTypeObject *type);
/* Own special property on an instance: its type's attribute look-up must ask
 * the property chapter from now on. */
void class_make_exotic(struct shim_state *state, PyTypeObject *type);
/* Python's attribute `constructor`, which asks the property chapter itself */
bool instance_is_constructor(PyObject *descriptor);

/* new; runs the callback with this receiver as it is (NULL: globalThis) */
PyObject *function_run(struct js_function *function, PyObject *receiver,
                       PyObject *const *argv, size_t argc,
                       PyObject *new_target);
/* new; as JavaScript calls it: `this` is checked and converted */
PyObject *function_run_sloppy(struct js_function *function,
                              PyObject *receiver, PyObject *const *argv,
                              size_t argc);
/* new: what Python sees where an attribute has this value; functions that
 * want to know their `this` are bound to self */
PyObject *function_bind_found(struct shim_state *state, PyObject *self,
                              PyObject *value /* steals */);
/* always NULL: TypeError for keyword arguments */
PyObject *function_refuse_keywords(PyObject *name);
/* new js_method; bound borrowed or NULL */
PyObject *method_new(struct shim_state *state, PyObject *function,
                     PyObject *bound, bool is_static);
/* new; the call of a js_method by JavaScript */
PyObject *method_call(struct js_method *method, PyObject *receiver,
                      PyObject *const *argv, size_t argc);
/* new js_accessor; getter and setter borrowed or NULL */
struct js_accessor *accessor_new(struct shim_state *state, PyObject *name,
                                 PyObject *getter, PyObject *setter,
                                 bool is_static);
/* new instance of type, which is native or derives from it */
PyObject *construct_native(struct js_class *native, PyTypeObject *type,
                           PyObject *const *argv, size_t argc);
/* tp_new of napi.Instance and the tp_vectorcall of addon classes */
PyObject *construct_instance(PyTypeObject *type, PyObject *args,
                             PyObject *kwargs);
PyObject *construct_vectorcall(PyObject *type, PyObject *const *args,
                               size_t nargsf, PyObject *kwnames);
int instance_init(PyObject *module, struct shim_state *state);
/* tp_init of instances: accepts anything, does nothing */
int instance_initialize(PyObject *self, PyObject *args, PyObject *kwargs);
void instance_dealloc(PyObject *self);
int method_init(PyObject *module, struct shim_state *state);
int script_init(PyObject *module, struct shim_state *state); /* functions */

/* === js_function.c, js_call.c, js_property.c, js_operator.c ===
 * Run-time of compiled JavaScript (napi.js). A compiled function is a Python
 * function whose first parameters are what its flags ask for, in this order:
 * the function object, `this`, new.target. */
enum js_flags {
    JS_CALLEE = 1,
    JS_THIS = 2,
    JS_NEW_TARGET = 4,
    JS_CONSTRUCTOR = 8,
    JS_GENERATOR = 16,
    JS_ASYNC = 32,
    JS_CLASS = 64,   /* of a class: it needs `new` */
    JS_DERIVED = 128, /* of a class that extends something */
    JS_NAMELESS = 1 << 16, /* its own name was deleted */
    JS_LENGTHLESS = 1 << 17
};
/* true: name or length of a compiled function or class, not deleted yet;
 * drop: it is now */
bool js_function_has_text(struct shim_state *state, PyObject *object,
                          PyObject *key, bool drop);
/* new; receiver NULL: undefined; new_target NULL: a plain call */
PyObject *js_function_run(struct js_function *function, PyObject *receiver,
                          PyObject *const *argv, size_t argc,
                          PyObject *new_target);
PyObject *js_function_construct(struct shim_state *state,
                                struct js_function *function,
                                PyObject *const *argv, size_t argc,
                                PyObject *new_target);
/* new; attribute of napi.js.runtime; NULL: raised */
PyObject *js_lookup(const char *name);
/* 1 and new value where a compiled function has such a property; 0, -1 */
int js_function_prototype(struct shim_state *state, PyObject *function,
                          PyObject **prototype);
int js_function_init(PyObject *module, struct shim_state *state);
int js_call_init(PyObject *module);     /* functions */
int array_each_init(PyObject *module);  /* functions */
int js_property_init(PyObject *module); /* functions */
int js_operator_init(PyObject *module); /* functions */
int js_compare_init(PyObject *module);  /* functions */
int js_literal_init(PyObject *module);  /* functions */
int js_class_init(PyObject *module);    /* functions */
/* new instance of type, which is class or derives from it */
PyObject *js_class_construct(struct js_class *class, PyTypeObject *type,
                             PyObject *const *argv, size_t argc,
                             PyObject *new_target);
/* new; what super(...) of a class over this parent makes */
PyObject *js_construct_parent(struct shim_state *state, PyObject *parent,
                              PyObject *const *argv, size_t argc,
                              PyObject *new_target);

#endif
