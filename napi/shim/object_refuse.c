/* Why an object refused an assignment or a deletion, in V8's words.
 *
 * Addons' failed writes are silent (napi_ok, no effect); only Python code,
 * which is used to exceptions, ends here. */

#include "shim.h"

PyObject *
object_describe(struct shim_state *state, PyObject *object)
{
    PyObject *describe = state_lookup(state, "describe_object");
    PyObject *text = describe ? PyObject_CallOneArg(describe, object) : NULL;
    Py_XDECREF(describe);
    return text;
}

/* 1 and new: the property that decides about an assignment, own or inherited;
 * 0: there is none */
static int
find_property(struct shim_state *state, PyObject *object, PyObject *key,
              struct js_property **property)
{
    PyObject *holder = Py_NewRef(object);
    int found = 0;
    while (found == 0 && holder != NULL && holder != state->null) {
        found = property_own(state, holder, key, property);
        PyObject *next = found == 0 ? prototype_get(state, holder) : NULL;
        Py_DECREF(holder);
        holder = next;
        if (found == 0 && next == NULL) {
            return -1;
        }
    }
    Py_XDECREF(holder);
    return found;
}

static const char *
refusal_format(struct shim_state *state, PyObject *object, int found,
               struct js_property *property)
{
    if (found == 0) {
        return "Cannot add property %S, object is not extensible";
    }
    if (property->value == NULL && property->setter == NULL) {
        return "Cannot set property %S of %U which has only a getter";
    }
    return function_is(state, object)
               ? "Cannot assign to read only property '%S' of function '%U'"
               : "Cannot assign to read only property '%S' of object '%U'";
}

int
object_refuse_set(struct shim_state *state, PyObject *object, PyObject *key)
{
    if (proxy_is(state, object)) {
        error_raise(state, "TypeError", NULL,
                    "'set' on proxy: trap returned falsish for property '%S'",
                    key);
        return -1;
    }
    struct js_property *property = NULL;
    int found = find_property(state, object, key, &property);
    PyObject *text = found >= 0 ? object_describe(state, object) : NULL;
    if (text != NULL) {
        /* A setter refuses nothing: there it is the object that is closed. */
        bool open = found > 0 && property->setter != NULL;
        const char *format =
            refusal_format(state, object, open ? 0 : found, property);
        error_raise(state, "TypeError", NULL, format, key, text);
        Py_DECREF(text);
    }
    Py_XDECREF((PyObject *)property);
    return -1;
}

int
object_refuse_delete(struct shim_state *state, PyObject *object, PyObject *key)
{
    if (proxy_is(state, object)) {
        error_raise(state, "TypeError", NULL,
                    "'deleteProperty' on proxy: trap returned falsish for "
                    "property '%S'",
                    key);
        return -1;
    }
    PyObject *text = object_describe(state, object);
    if (text != NULL) {
        error_raise(state, "TypeError", NULL,
                    "Cannot delete property '%S' of %U", key, text);
        Py_DECREF(text);
    }
    return -1;
}
