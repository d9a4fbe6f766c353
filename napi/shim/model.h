/* The object model: the structs that JavaScript's values are made of. */
#ifndef NAPI_MODEL_H
#define NAPI_MODEL_H

#include "shim.h"

/* === the object model ===
 * A napi_value is a PyObject *. Plain Python objects are JavaScript values as
 * they are; what they cannot hold (wraps, tags, attributes, weak references
 * ...) lives in a `struct side`. Host-made objects carry the pointer to it
 * inline in `struct host`; for all others state->sides finds it by address. */

struct shim_state;
struct agent;

struct side {
    PyObject *prototype; /* owned; NULL: the default one; null: none */
    PyObject *table;     /* owned dict key -> js_property; NULL: none */
    PyObject *order;     /* owned dict key -> None, insertion order of all own
                            string keys once a table exists; NULL: dict order */
    PyObject *klass;     /* owned: the type this is the prototype object of */
    napi_type_tag *tag;  /* PyMem; NULL: not tagged */
    struct napi_ref__ *wrap;     /* the wrap among trackers, or NULL */
    struct napi_ref__ *trackers; /* weak references, wraps, finalizers */
    bool inextensible; /* Object.preventExtensions */
    bool frozen;       /* plain data in the dict/list/__dict__ is read-only
                          and fixed */
    bool sealed;       /* plain data is fixed */
    bool length_fixed; /* of an array: its length is read-only */
    /* Only for objects that are not host-made: */
    PyObject *object; /* owned when pinned, else borrowed */
    PyObject *weakref;
    PyObject *token; /* owned capsule: the weakref callback's way back */
    bool pinned; /* object cannot be weakly referenced: swept by refcount */
};

struct host {
    struct side *side; /* owned; NULL until first needed */
    PyObject *weaklist;
};

/* napi.Object: plain writable, enumerable, configurable data properties with
 * string keys live in the dict (array-index keys as strings: "1"); every other
 * own property lives in side->table as a js_property. */
struct js_object {
    PyDictObject dict;
    struct host host;
};

/* napi.Array: elements in the list, a hole holds None and has its bit set. */
struct js_array {
    PyListObject list;
    struct host host;
    uint8_t *holes; /* PyMem bitmap of holes_size bits, those from the list's
                       size on are 0; NULL: no holes */
    Py_ssize_t holes_size;
    Py_ssize_t holes_count; /* of set bits; at 0 the bitmap goes */
};

/* An entry of side->table. A data property has value and no getter/setter. */
struct js_property {
    PyObject_HEAD
    PyObject *value;  /* NULL: accessor */
    PyObject *getter; /* callable or NULL */
    PyObject *setter; /* callable or NULL */
    int attributes;   /* napi_writable | napi_enumerable | napi_configurable */
};

/* napi.Function: a native callback. `this` is given by the caller. */
struct js_function {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    napi_env env; /* strong: env_retain */
    napi_callback callback;
    void *data;
    PyObject *name; /* str, never NULL */
    PyTypeObject *receiver; /* owned; methods of a class: required type of
                               `this`; NULL: any */
    struct host host;
    /* Of a function compiled from JavaScript: see js_function.c. */
    PyObject *code;   /* owned Python function; NULL: native */
    PyObject *home;   /* owned: where `super` looks things up, or NULL */
    PyObject *info;   /* owned tuple: what the compiler says about it */
    PyObject *fields; /* owned: makes the fields of a class's instances */
    unsigned flags;   /* enum js_flags */
    int limit;        /* of positional arguments; -1: none */
    int length;
};

/* What a class keeps in its type: LOAD_METHOD passes self as first argument,
 * which becomes `this`. Also the result of Function.bind(). */
struct js_method {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    struct shim_state *state; /* borrowed: its module outlives us */
    PyObject *function;       /* js_function or any callable */
    PyObject *bound;    /* NULL: first positional argument is `this` */
    bool is_static;
    PyObject *weaklist;
};

/* Data descriptor of a class accessor. */
struct js_accessor {
    PyObject_HEAD
    PyObject *getter, *setter; /* js_function or callable; NULL: none */
    PyObject *name;
    bool is_static; /* of the constructor */
    bool is_shared; /* both the constructor and the prototype have a property
                       of this name: look it up, getter and setter are NULL */
    struct shim_state *state; /* borrowed: the type keeps it */
};

/* napi.Class, the metaclass of addon classes: a real Python type. */
struct js_class {
    PyHeapTypeObject type;
    napi_env env; /* NULL: made by a class statement in Python */
    napi_callback callback;
    void *data;
    struct host host; /* own properties of the constructor: statics */
    PyObject *constructor; /* js_function of compiled code, or NULL */
    PyObject *prototype; /* js_object; NULL until first asked for (Python
                            subclasses) */
};

/* napi.Instance: base of all instances of addon classes. Own plain data
 * properties live in dict (tp_dictoffset), so generic attribute access works. */
struct js_instance {
    PyObject_HEAD
    PyObject *dict;
    struct host host;
};

struct js_symbol {
    PyObject_HEAD
    PyObject *description; /* str or NULL */
    bool registered;       /* Symbol.for */
    struct host host;
};

/* napi.Builtin: a function of the runtime, see builtin.c */
struct js_builtin {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *function;  /* what does the work, any callable */
    PyObject *construct; /* owned: `new`, given new.target as this; or NULL */
    PyObject *native;    /* owned: asked first, with this; or NULL */
    PyObject *name;      /* str */
    size_t needed, taken; /* positional arguments: at least, at most */
    bool takes_this;      /* function has `this` as its first argument */
    struct host host;
};

/* A Proxy, of one of two types; revoked: both NULL. */
struct js_proxy {
    PyObject_HEAD
    PyObject *target, *handler; /* owned */
    struct host host;
};

struct js_external {
    PyObject_HEAD
    void *data;
    struct host host;
};

/* napi.ArrayBuffer, napi.SharedArrayBuffer. data is stable until detach. */
struct js_arraybuffer {
    PyObject_VAR_HEAD
    char *data; /* inline_data, or memory of owner, or external */
    size_t length;
    PyObject *owner;   /* what keeps data alive (js_view, memoryview) or NULL */
    Py_ssize_t exports; /* live Py_buffer views: detach is refused */
    bool shared, detached, external, allocated /* data is PyMem_Raw */;
    bool resizable;  /* length goes up to capacity */
    size_t capacity; /* of data, where resizable */
    struct host host;
    max_align_t inline_data[];
};

/* Typed arrays, Buffer and DataView. */
struct js_view {
    PyObject_VAR_HEAD
    char *data; /* NULL once its buffer is detached: ask view_data() */
    size_t byte_offset;
    size_t length; /* elements; DataView: bytes */
    int kind;      /* napi_typedarray_type, or VIEW_DATAVIEW */
    PyObject *buffer; /* js_arraybuffer: owned, or (inline storage) borrowed
                         and cleared by its dealloc; NULL: not made yet */
    bool owns_buffer;
    bool tracking; /* as long as its resizable buffer: ask view_length() */
    Py_ssize_t exports;
    Py_ssize_t shape[1], strides[1]; /* for Py_buffer */
    struct host host;
    max_align_t inline_data[];
};
#define VIEW_DATAVIEW (-1)
#define VIEW_KINDS 12 /* napi_int8_array .. napi_float16_array */

#endif
