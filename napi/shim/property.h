/* Properties: property*.c, prototype.c, prototype_type.c. */
#ifndef NAPI_PROPERTY_H
#define NAPI_PROPERTY_H

#include "scope.h"

/* === property.c and its parts, property_keys.c, property_visit.c,
 * prototype.c ===
 * The only way from C to the properties of any value. Keys are str, Symbol,
 * or int; property_key makes one of any value. 1 done, 0 refused or absent,
 * -1 raised. Values that are neither undefined nor null are all welcome. */

/* new: str or Symbol (index keys as decimal str); NULL: raised */
PyObject *property_key(struct shim_state *state, PyObject *value);
/* new; undefined where there is none; NULL: raised */
PyObject *property_get(struct shim_state *state, PyObject *object,
                       PyObject *key);
PyObject *property_get_index(struct shim_state *state, PyObject *object,
                             uint32_t index);
/* The same by an exact key, where getters get another receiver. */
PyObject *property_get_as(struct shim_state *state, PyObject *object,
                          PyObject *key, PyObject *receiver);
int property_set(struct shim_state *state, PyObject *object, PyObject *key,
                 PyObject *value);
int property_set_index(struct shim_state *state, PyObject *object,
                       uint32_t index, PyObject *value);
int property_has(struct shim_state *state, PyObject *object, PyObject *key);
int property_has_own(struct shim_state *state, PyObject *object,
                     PyObject *key);
int property_delete(struct shim_state *state, PyObject *object,
                    PyObject *key);
/* An own property as a js_property: 1 and new, 0 absent, -1 raised. */
int property_own(struct shim_state *state, PyObject *object, PyObject *key,
                 struct js_property **result);
/* [[DefineOwnProperty]] with all fields given. */
int property_define(struct shim_state *state, PyObject *object, PyObject *key,
                    struct js_property *property /* borrowed */);
/* new js_property; NULL: raised. Borrows all. */
struct js_property *property_new(struct shim_state *state, PyObject *value,
                                 PyObject *getter, PyObject *setter,
                                 int attributes);
/* tp_setattro of anything of ours: a refusal raises. 0 or -1 */
int property_assign(struct shim_state *state, PyObject *object,
                    PyObject *name, PyObject *value);
/* One descriptor of an addon: napi_ok, or Node's status for the refusal.
 * receiver: methods check their `this` against it; NULL: they do not. */
napi_status property_define_one(napi_env env, PyObject *object,
                                const napi_property_descriptor *descriptor,
                                PyTypeObject *receiver);
/* What property_own has found, before it is a js_property: value, or getter
 * and setter, or a descriptor of a Python class (owner) that needs an instance.
 * All owned. */
struct property_slot {
    PyObject *value, *getter, *setter, *descriptor;
    PyTypeObject *owner;
    int attributes;
    bool is_probe; /* in: only whether there is one counts, see proxies */
};
enum property_kind {
    KIND_OBJECT,    /* js_object */
    KIND_INSTANCE,  /* js_instance */
    KIND_ARRAY,     /* js_array */
    KIND_FUNCTION,  /* js_function */
    KIND_CLASS,     /* js_class */
    KIND_VIEW,      /* typed arrays and native buffers: elements */
    KIND_BYTES,     /* array buffers and DataView: no elements */
    KIND_HOST,      /* other host-made objects: a table and nothing else */
    KIND_PROXY,     /* its handler decides */
    KIND_DICT,      /* dict that looks items up as dict does */
    KIND_MAPPING,   /* any other mapping */
    KIND_LIST,      /* list, tuple */
    KIND_STRING,    /* str */
    KIND_PRIMITIVE, /* all other primitives */
    KIND_ERROR,     /* exceptions; this and what follows: attributes */
    KIND_TYPE,      /* a Python type that is no js_class */
    KIND_CALLABLE,  /* any other callable */
    KIND_ANY        /* any other object */
};
enum property_kind property_kind_of(struct shim_state *state,
                                    PyObject *object);
void property_slot_clear(struct property_slot *slot);
/* Own property by exact str or Symbol: 1 found, 0 absent (slot is empty),
 * -1 raised. */
int property_find_own(struct shim_state *state, PyObject *object,
                      enum property_kind kind, PyObject *key,
                      struct property_slot *slot);
/* The parts of it that are files of their own: */
int property_find_dict(struct shim_state *state, PyObject *object,
                       PyObject *key, struct property_slot *slot);
bool property_is_mapping(PyObject *object); /* not a dict: keys(), items */
int property_find_mapping(PyObject *object, PyObject *key,
                          struct property_slot *slot);
int property_find_element(struct shim_state *state, PyObject *object,
                          enum property_kind kind, PyObject *key,
                          struct property_slot *slot);
int property_find_attribute(struct shim_state *state, PyObject *object,
                            enum property_kind kind, PyObject *key,
                            struct property_slot *slot);
int property_find_klass(struct shim_state *state, PyTypeObject *klass,
                        PyObject *key, struct property_slot *slot);
/* As Python's attribute look-up finds it: own, of the class, computed. */
int property_find_python(struct shim_state *state, PyObject *object,
                         enum property_kind kind, PyObject *key,
                         struct property_slot *slot);
/* The property that an entry of a type's dict stands for; 1 or 0 */
int property_find_raw(struct shim_state *state, PyTypeObject *klass,
                      PyObject *raw, struct property_slot *slot);
int property_find_table(struct side *side, PyObject *key,
                        struct property_slot *slot);
/* length, byteLength ... of buffers and views, which are not own */
int property_find_geometry(struct shim_state *state, PyObject *object,
                           PyObject *key, struct property_slot *slot);
/* The property as any object of the prototype chain has it. */
int property_find_inherited(struct shim_state *state, PyObject *object,
                            enum property_kind kind, PyObject *key,
                            struct property_slot *slot);
/* new; NULL: raised */
PyObject *property_slot_get(struct shim_state *state,
                            struct property_slot *slot, PyObject *receiver);
/* Attributes of plain data in a container of this side (may be NULL). */
int property_plain_attributes(struct side *side);
bool property_is_extensible(struct shim_state *state, PyObject *object);
/* Puts plain data into an object whatever its prototypes say: 1, 0 there is
 * no place, -1 raised. */
int property_store(struct shim_state *state, PyObject *object,
                   enum property_kind kind, PyObject *key, PyObject *value);
/* The same in Python's own containers; value NULL: deletes an item. The last
 * answers -2 for what belongs into the table. */
int property_store_dict(PyObject *object, PyObject *key, PyObject *value);
int property_store_mapping(PyObject *object, PyObject *key, PyObject *value);
int property_store_element(struct shim_state *state, PyObject *object,
                           enum property_kind kind, PyObject *key,
                           PyObject *value);
/* Puts it into side->table (steals nothing); 1 or -1 raised */
int property_put(struct shim_state *state, PyObject *object,
                 enum property_kind kind, PyObject *key,
                 struct js_property *property);
/* Takes an own property that is there away: 1, 0 refused, -1 raised. */
int property_remove(struct shim_state *state, PyObject *object,
                    enum property_kind kind, PyObject *key);
/* always -1: TypeError "a Python dict cannot <what>" that names napi.Object or
 * napi.Array as the remedy */
int property_refuse_native(struct shim_state *state, PyObject *object,
                           const char *what);
/* new js_property of the slot; NULL: raised */
struct js_property *property_from_slot(struct shim_state *state,
                                       struct property_slot *slot);
/* new js_array of keys; NULL: raised */
PyObject *property_keys(struct shim_state *state, PyObject *object,
                        napi_key_collection_mode mode, napi_key_filter filter,
                        napi_key_conversion conversion);
/* The own keys of any value, indexes (int or str), strings and symbols in no
 * order but each kind's own; the visitor must not run Python code. 0 or -1. */
typedef int (*property_visitor)(void *context, PyObject *key, int attributes);
int property_visit(struct shim_state *state, PyObject *object,
                   property_visitor visitor, void *context);
int property_freeze(struct shim_state *state, PyObject *object);
int property_seal(struct shim_state *state, PyObject *object);
int property_prevent_extensions(struct shim_state *state, PyObject *object);
/* new: the prototype, napi.null at the end of the chain; NULL: raised */
PyObject *prototype_get(struct shim_state *state, PyObject *object);
int prototype_set(struct shim_state *state, PyObject *object,
                  PyObject *prototype);
/* new: the prototype object of a Python type or addon class; NULL: raised */
PyObject *prototype_of_type(struct shim_state *state, PyTypeObject *type);
extern PyMethodDef reflect_value_functions[]; /* of reflect_value.c */
/* Between prototype.c and prototype_type.c: new, the runtime's prototype of a
 * kind of value; the kind of a type (NULL: it has an object of its own); its
 * first base, borrowed; new, Error.prototype */
PyObject *prototype_builtin(struct shim_state *state, const char *kind);
const char *prototype_kind_of_type(struct shim_state *state,
                                   PyTypeObject *type);
PyTypeObject *prototype_base(PyTypeObject *type);
PyObject *prototype_of_errors(struct shim_state *state);
/* 1 and new: the prototype object that a Python type has already; 0, -1 */
int prototype_find_made(struct shim_state *state, PyTypeObject *type,
                        PyObject **prototype);
/* ToObject of the property functions: napi_ok and borrowed target, or
 * napi_invalid_arg (NULL), napi_object_expected with a TypeError pending */
napi_status property_target(napi_env env, napi_value object,
                            PyObject **target);

#endif
