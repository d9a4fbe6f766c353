/* A scope lets one handle out; the second one stays unset.
 *
 * tool: strict
 * finds: status-ignored: napi_set_named_property: .*napi_escape_handle
 * finds: pair at .*handle_escaped_twice\.c:\d+
 * python: m.pair()
 */
#include "planted.h"

static napi_value
pair(napi_env env, napi_callback_info info)
{
    napi_escapable_handle_scope scope;
    napi_value result, first, second, one, two;
    (void)info;
    OK(napi_create_object(env, &result));
    OK(napi_open_escapable_handle_scope(env, &scope));
    first = text(env, "one");
    second = text(env, "two");
    OK(napi_escape_handle(env, scope, first, &one));
#ifdef REPAIRED
    OK(napi_close_escapable_handle_scope(env, scope));
    OK(napi_open_escapable_handle_scope(env, &scope));
    second = text(env, "two");
#endif
    napi_escape_handle(env, scope, second, &two);
    OK(napi_close_escapable_handle_scope(env, scope));
    napi_set_named_property(env, result, "first", one);
    napi_set_named_property(env, result, "second", two);
    return result;
}

EXPORT(pair)
