/* Prints what Node-API answers: one line for each call, with its status, the
 * stored last error and the exception that is pending afterwards (which is then
 * cleared). The lines are compared with those that Node itself printed. */
#include <limits.h>
#include <math.h>
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOW(call) show(env, #call, call)
#define QUIET(call) printf("  while pending %s = %d\n", #call, call)
#define TEXT_SIZE 512

/* The text of a value; what cannot be converted has none. */
static void
text_of(napi_env env, napi_value value, char *text)
{
    napi_value string;
    text[0] = '\0';
    if (napi_coerce_to_string(env, value, &string) == napi_ok) {
        napi_get_value_string_utf8(env, string, text, TEXT_SIZE, NULL);
    } else {
        napi_get_and_clear_last_exception(env, &string);
        strcpy(text, "(has no text)");
    }
}

static void
show_exception(napi_env env)
{
    bool pending = false;
    char text[TEXT_SIZE];
    napi_value exception, code;
    napi_valuetype type;
    if (napi_is_exception_pending(env, &pending) != napi_ok || !pending) {
        return;
    }
    napi_get_and_clear_last_exception(env, &exception);
    text_of(env, exception, text);
    printf(" !%s", text);
    if (napi_typeof(env, exception, &type) == napi_ok &&
        type == napi_object &&
        napi_get_named_property(env, exception, "code", &code) == napi_ok &&
        napi_typeof(env, code, &type) == napi_ok && type == napi_string) {
        text_of(env, code, text);
        printf(" [%s]", text);
    }
}

static void
show(napi_env env, const char *call, napi_status status)
{
    const napi_extended_error_info *info = NULL;
    napi_get_last_error_info(env, &info);
    printf("%s = %d, last %d %s", call, status, info->error_code,
           info->error_message ? info->error_message : "-");
    show_exception(env);
    putchar('\n');
}

/* What a script evaluates to. */
static napi_value
script(napi_env env, const char *source)
{
    napi_value text, result = NULL;
    napi_create_string_utf8(env, source, NAPI_AUTO_LENGTH, &text);
    if (napi_run_script(env, text, &result) != napi_ok) {
        printf("script failed: %s", source);
        show_exception(env);
        putchar('\n');
        napi_get_undefined(env, &result);
    }
    return result;
}

static napi_value
undefined(napi_env env)
{
    napi_value value = NULL;
    napi_get_undefined(env, &value);
    return value;
}

static napi_value
number(napi_env env, double data)
{
    napi_value value = NULL;
    napi_create_double(env, data, &value);
    return value;
}

static napi_value
string(napi_env env, const char *text)
{
    napi_value value = NULL;
    napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
    return value;
}

static napi_value
object(napi_env env)
{
    napi_value value = NULL;
    napi_create_object(env, &value);
    return value;
}

static napi_value
nothing(napi_env env, napi_callback_info info)
{
    (void)env;
    (void)info;
    return NULL;
}

static napi_value
raise(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_throw_error(env, "RAISED", "by the callback");
    return NULL;
}

/* Shows how it was called. */
static napi_value
inspect_call(napi_env env, napi_callback_info info)
{
    size_t count = 3;
    napi_value argv[3], receiver, target = NULL;
    napi_valuetype of_receiver, of_last;
    void *data = NULL;
    SHOW(napi_get_cb_info(env, info, &count, argv, &receiver, &data));
    SHOW(napi_get_cb_info(env, info, NULL, argv, NULL, NULL));
    SHOW(napi_get_new_target(env, info, &target));
    SHOW(napi_get_new_target(env, info, NULL));
    napi_typeof(env, receiver, &of_receiver);
    napi_typeof(env, argv[2], &of_last);
    printf("  %zu arguments, this %d, third %d, %s, data %d\n", count,
           of_receiver, of_last, target ? "new" : "call",
           (int)(intptr_t)data);
    return NULL;
}

static void
finalize(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    printf("  finalizer of %s\n", (char *)data);
}

static napi_value
call_script(napi_env env, const char *source, napi_value argument)
{
    napi_value result = NULL;
    napi_status status = napi_call_function(
        env, undefined(env), script(env, source), 1, &argument, &result);
    show(env, source, status);
    return result;
}

static void
probe_numbers(napi_env env)
{
    static const double values[] = {
        NAN,           INFINITY,       -INFINITY,       0.0,
        -0.0,          0.5,            1.9,             -1.9,
        2147483647.0,  2147483648.0,   -2147483648.0,   -2147483649.0,
        4294967295.0,  4294967296.0,   4294967297.5,    -1.0,
        9007199254740992.0,            9007199254740994.0,
        9223372036854774784.0,         9223372036854775808.0,
        -9223372036854775808.0,        -9223372036854777856.0,
        1e300,         -1e300,         5e-324,
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); ++i) {
        napi_value value = number(env, values[i]);
        int32_t narrow = 0;
        uint32_t natural = 0;
        int64_t wide = 0;
        double same = 0;
        napi_get_value_int32(env, value, &narrow);
        napi_get_value_uint32(env, value, &natural);
        napi_get_value_int64(env, value, &wide);
        napi_get_value_double(env, value, &same);
        printf("number %.17g: %d %u %lld %.17g\n", values[i], narrow, natural,
               (long long)wide, same);
    }
}

static void
probe_number_errors(napi_env env)
{
    napi_value text = string(env, "7"), value;
    int32_t narrow;
    uint32_t natural;
    int64_t wide;
    double data = 0;
    bool flag;
    SHOW(napi_get_value_int32(env, text, &narrow));
    SHOW(napi_get_value_uint32(env, text, &natural));
    SHOW(napi_get_value_int64(env, text, &wide));
    SHOW(napi_get_value_double(env, text, &data));
    SHOW(napi_get_value_bool(env, text, &flag));
    SHOW(napi_get_value_bool(env, number(env, 1), &flag));
    SHOW(napi_get_value_int32(env, NULL, &narrow));
    SHOW(napi_get_value_int32(env, text, NULL));
    SHOW(napi_get_value_double(NULL, text, &data));
    SHOW(napi_create_double(env, 1, NULL));
    SHOW(napi_create_int64(env, INT64_MAX, &value));
    napi_get_value_double(env, value, &data);
    printf("  the largest int64 is %.17g\n", data);
    SHOW(napi_create_int64(env, INT64_MIN, &value));
    napi_get_value_double(env, value, &data);
    printf("  the smallest int64 is %.17g\n", data);
}

static void
probe_string_creation(napi_env env)
{
    napi_value value;
    size_t size = 0;
    SHOW(napi_create_string_utf8(env, NULL, 0, &value));
    SHOW(napi_create_string_utf8(env, NULL, 1, &value));
    SHOW(napi_create_string_utf8(env, NULL, NAPI_AUTO_LENGTH, &value));
    SHOW(napi_create_string_utf8(env, "x", (size_t)INT_MAX + 1, &value));
    SHOW(napi_create_string_utf8(env, "x", 1, NULL));
    SHOW(napi_create_string_latin1(env, NULL, 0, &value));
    SHOW(napi_create_string_latin1(env, NULL, 2, &value));
    SHOW(napi_create_string_latin1(env, "\xe9", 1, &value));
    SHOW(napi_create_string_utf16(env, NULL, 0, &value));
    SHOW(napi_create_string_utf16(env, NULL, 2, &value));
    SHOW(napi_create_string_utf8(env, "n\0l", 3, &value));
    SHOW(napi_get_value_string_utf8(env, value, NULL, 0, &size));
    printf("  a NUL inside: %zu bytes\n", size);
}

static void
show_units(napi_env env, const char *what, napi_value value)
{
    char16_t units[16];
    char bytes[48];
    size_t count = 0;
    napi_get_value_string_utf16(env, value, units, 16, &count);
    printf("  %s, UTF-16:", what);
    for (size_t i = 0; i < count; ++i) {
        printf(" %04x", units[i]);
    }
    napi_get_value_string_utf8(env, value, bytes, 48, &count);
    printf(", UTF-8:");
    for (size_t i = 0; i < count; ++i) {
        printf(" %02x", (unsigned char)bytes[i]);
    }
    napi_get_value_string_latin1(env, value, bytes, 48, &count);
    printf(", Latin-1:");
    for (size_t i = 0; i < count; ++i) {
        printf(" %02x", (unsigned char)bytes[i]);
    }
    putchar('\n');
}

static void
probe_encodings(napi_env env)
{
    static const char16_t halves[] = {0xD83D, 'b', 0xDE00, 0xD83D, 0xDE00};
    static const char *const texts[] = {
        "plain",        "\xc3\xbc",         "\xe2\x82\xac",
        "\xf0\x9f\x98\x80", "\xff\xe2\x82z", "\xc0\x80",
        "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x9f\x98",
        "a\xe2\x82",
    };
    napi_value value;
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); ++i) {
        show_units(env, "text", string(env, texts[i]));
    }
    napi_create_string_utf16(env, halves, 5, &value);
    show_units(env, "halves", value);
    napi_create_string_latin1(env, "\x80\xff", 2, &value);
    show_units(env, "latin", value);
}

static void
probe_string_sizes(napi_env env)
{
    napi_value value = string(env, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80!");
    char bytes[32];
    char16_t units[16];
    size_t count;
    for (size_t size = 0; size <= 12; ++size) {
        memset(bytes, 'z', sizeof(bytes));
        memset(units, 'z', sizeof(units));
        count = 77;
        napi_get_value_string_utf8(env, value, bytes, size, &count);
        printf("  room for %zu: %zu bytes", size, count);
        printf(", then %02x", (unsigned char)bytes[count < 32 ? count : 31]);
        count = 77;
        napi_get_value_string_utf16(env, value, units, size, &count);
        printf("; %zu units", count);
        count = 77;
        napi_get_value_string_latin1(env, value, bytes, size, &count);
        printf("; %zu Latin-1\n", count);
    }
    SHOW(napi_get_value_string_utf8(env, value, NULL, 0, NULL));
    SHOW(napi_get_value_string_utf8(env, value, bytes, 0, NULL));
    SHOW(napi_get_value_string_utf8(env, value, bytes, 9, NULL));
    SHOW(napi_get_value_string_utf8(env, number(env, 1), NULL, 0, &count));
    SHOW(napi_get_value_string_utf16(env, number(env, 1), NULL, 0, &count));
    SHOW(napi_get_value_string_latin1(env, number(env, 1), NULL, 0, &count));
    SHOW(napi_get_value_string_utf8(env, NULL, bytes, 9, &count));
}

static void
probe_frozen(napi_env env)
{
    napi_value frozen = script(env, "Object.freeze({a:1})");
    napi_value five = number(env, 5), key = string(env, "a"), result;
    bool flag = true;
    napi_property_descriptor method = {"m",  NULL, nothing,      NULL, NULL,
                                       NULL, napi_default, NULL};
    napi_property_descriptor value = {"v",  NULL, NULL,         NULL, NULL,
                                      five, napi_default, NULL};
    napi_property_descriptor getter = {"g",  NULL, NULL,         nothing, NULL,
                                       NULL, napi_default, NULL};
    SHOW(napi_set_named_property(env, frozen, "a", five));
    SHOW(napi_set_named_property(env, frozen, "new", five));
    SHOW(napi_set_element(env, frozen, 0, five));
    SHOW(napi_delete_property(env, frozen, key, &flag));
    printf("  deleted: %d\n", flag);
    SHOW(napi_delete_property(env, frozen, key, NULL));
    SHOW(napi_define_properties(env, frozen, 1, &method));
    SHOW(napi_define_properties(env, frozen, 1, &value));
    SHOW(napi_define_properties(env, frozen, 1, &getter));
    value.attributes = napi_default_jsproperty;
    SHOW(napi_define_properties(env, frozen, 1, &value));
    value.utf8name = NULL;
    value.name = five;
    SHOW(napi_define_properties(env, object(env), 1, &value));
    SHOW(napi_define_properties(env, object(env), 1, NULL));
    SHOW(napi_define_properties(env, object(env), 0, NULL));
    SHOW(napi_define_properties(env, undefined(env), 1, &method));
    SHOW(napi_get_property_names(env, frozen, &result));
    SHOW(napi_get_array_length(env, frozen, &(uint32_t){0}));
}

static void
probe_conversions_of_targets(napi_env env)
{
    napi_value none = undefined(env), five = number(env, 5), result;
    bool flag = false;
    SHOW(napi_get_named_property(env, none, "x", &result));
    SHOW(napi_set_named_property(env, none, "x", five));
    SHOW(napi_has_named_property(env, none, "x", &flag));
    SHOW(napi_get_property_names(env, none, &result));
    SHOW(napi_get_prototype(env, none, &result));
    SHOW(napi_get_named_property(env, five, "toFixed", &result));
    SHOW(napi_set_named_property(env, five, "x", five));
    SHOW(napi_get_named_property(env, string(env, "abc"), "length", &result));
    SHOW(napi_get_element(env, string(env, "abc"), 1, &result));
    SHOW(napi_has_own_property(env, object(env), five, &flag));
    SHOW(napi_has_property(env, object(env), five, &flag));
    SHOW(napi_get_named_property(env, NULL, "x", &result));
    SHOW(napi_get_named_property(env, five, NULL, &result));
    SHOW(napi_get_property(env, five, NULL, NULL));
    SHOW(napi_set_property(env, NULL, NULL, NULL));
    SHOW(napi_get_all_property_names(env, object(env), 9, 0, 0, &result));
    SHOW(napi_get_all_property_names(env, object(env), 0, 0, 9, &result));
    SHOW(napi_get_all_property_names(env, object(env), napi_key_own_only,
                                     255, 0, &result));
}

static void
probe_refusals(napi_env env)
{
    napi_value refusing = script(
        env,
        "new Proxy({}, {get(){throw new Error('pg')},set(){return false},"
        "deleteProperty(){return false},defineProperty(){return false},"
        "has(){throw 1},ownKeys(){throw new Error('ok')}})");
    napi_value result, five = number(env, 5);
    bool flag = true;
    napi_property_descriptor value = {"v",  NULL, NULL,         NULL, NULL,
                                      five, napi_default, NULL};
    SHOW(napi_get_named_property(env, refusing, "a", &result));
    SHOW(napi_set_named_property(env, refusing, "a", five));
    SHOW(napi_delete_property(env, refusing, string(env, "a"), &flag));
    printf("  deleted: %d\n", flag);
    SHOW(napi_has_named_property(env, refusing, "a", &flag));
    SHOW(napi_define_properties(env, refusing, 1, &value));
    SHOW(napi_get_property_names(env, refusing, &result));
    SHOW(napi_wrap(env, refusing, "refusing", NULL, NULL, NULL));
    SHOW(napi_object_freeze(env, script(env, "new Uint8Array(4)")));
    SHOW(napi_object_freeze(env, script(env, "new Uint8Array(0)")));
    SHOW(napi_object_freeze(env, undefined(env)));
    SHOW(napi_object_freeze(env, five));
    SHOW(napi_object_seal(env, script(env, "({a:1})")));
    SHOW(napi_object_seal(env, undefined(env)));
}

static void
probe_coercion(napi_env env)
{
    napi_value result, symbol = script(env, "Symbol('s')");
    napi_value hostile = script(env, "({toString(){throw new Error('ts')}})");
    SHOW(napi_coerce_to_number(env, symbol, &result));
    SHOW(napi_coerce_to_string(env, symbol, &result));
    SHOW(napi_coerce_to_bool(env, symbol, &result));
    SHOW(napi_coerce_to_object(env, symbol, &result));
    SHOW(napi_coerce_to_number(env, script(env, "10n"), &result));
    SHOW(napi_coerce_to_string(env, script(env, "10n"), &result));
    SHOW(napi_coerce_to_string(env, hostile, &result));
    SHOW(napi_coerce_to_object(env, undefined(env), &result));
    SHOW(napi_coerce_to_object(env, number(env, 5), &result));
    SHOW(napi_coerce_to_bool(env, NULL, &result));
    SHOW(napi_coerce_to_bool(env, symbol, NULL));
}

static void
probe_functions(napi_env env)
{
    napi_value none = undefined(env), five = number(env, 5), result;
    napi_value function, length, raising;
    int32_t count = -1;
    char text[TEXT_SIZE];
    SHOW(napi_create_function(env, NULL, 0, NULL, NULL, &function));
    SHOW(napi_create_function(env, "named", NAPI_AUTO_LENGTH, inspect_call,
                              (void *)12, &function));
    napi_get_named_property(env, function, "length", &length);
    napi_get_value_int32(env, length, &count);
    printf("  declares %d parameters\n", count);
    result = call_script(env,
                         "(f)=>[f.name, Object.getOwnPropertyNames(f).join(), "
                         "'prototype' in f, String(f)].join('|')",
                         function);
    text_of(env, result, text);
    printf("  %s\n", text);
    SHOW(napi_call_function(env, none, function, 1, &five, &result));
    SHOW(napi_call_function(env, five, function, 1, &five, &result));
    SHOW(napi_call_function(env, NULL, function, 0, NULL, &result));
    SHOW(napi_call_function(env, none, five, 0, NULL, &result));
    SHOW(napi_call_function(env, none, NULL, 0, NULL, &result));
    SHOW(napi_call_function(env, none, function, 1, NULL, &result));
    SHOW(napi_new_instance(env, function, 0, NULL, &result));
    SHOW(napi_new_instance(env, five, 0, NULL, &result));
    SHOW(napi_new_instance(env, script(env, "()=>1"), 0, NULL, &result));
    napi_create_function(env, NULL, 0, raise, NULL, &raising);
    SHOW(napi_call_function(env, none, raising, 0, NULL, &result));
    call_script(env, "()=>{throw 42}", none);
    call_script(env, "()=>{throw undefined}", none);
}

static void
probe_classes(napi_env env)
{
    napi_value none = undefined(env), five = number(env, 5), class, result;
    napi_property_descriptor members[] = {
        {"meth", NULL, nothing, NULL, NULL, NULL, napi_default, NULL},
        {"acc", NULL, NULL, nothing, NULL, NULL, napi_default, NULL},
        {"val", NULL, NULL, NULL, NULL, five, napi_default, NULL},
        {"st", NULL, nothing, NULL, NULL, NULL, napi_static, NULL},
    };
    SHOW(napi_define_class(env, "Thing", NAPI_AUTO_LENGTH, inspect_call, NULL,
                           4, members, &class));
    SHOW(napi_define_class(env, NULL, 0, nothing, NULL, 0, NULL, &result));
    SHOW(napi_define_class(env, "C", 1, NULL, NULL, 0, NULL, &result));
    SHOW(napi_define_class(env, "C", 1, nothing, NULL, 1, NULL, &result));
    SHOW(napi_define_class(env, "C", 1, nothing, NULL, 0, NULL, NULL));
    SHOW(napi_call_function(env, none, class, 0, NULL, &result));
    SHOW(napi_new_instance(env, class, 0, NULL, &result));
    call_script(env, "(C)=>C.prototype.meth.call({})", class);
    call_script(
        env, "(C)=>C.prototype.meth.call(Object.create(C.prototype))", class);
    call_script(env,
                "(C)=>Object.getOwnPropertyDescriptor(C.prototype,'acc')"
                ".get.call({})",
                class);
    call_script(env, "(C)=>{class D extends C{}; new D().meth()}", class);
    call_script(env, "(C)=>{'use strict'; new C().meth=1}", class);
    call_script(env, "(C)=>{'use strict'; new C().acc=1}", class);
    call_script(env, "(C)=>{'use strict'; delete C.prototype.val}", class);
    call_script(env,
                "(C)=>{throw [C.name,C.length,String(C),"
                "Object.getOwnPropertyNames(C),"
                "Object.getOwnPropertyNames(C.prototype),"
                "JSON.stringify(Object.getOwnPropertyDescriptor(C,'prototype'"
                "))].join('|')}",
                class);
}

static void
probe_errors(napi_env env)
{
    napi_value five = number(env, 5), text = string(env, "text"), result;
    napi_value odd = script(
        env, "(function(){var G=function(){};G.prototype=undefined;return G})"
             "()");
    bool flag = true;
    SHOW(napi_instanceof(env, five, object(env), &flag));
    SHOW(napi_instanceof(env, object(env), undefined(env), &flag));
    SHOW(napi_instanceof(env, object(env), odd, &flag));
    SHOW(napi_instanceof(
        env, five, script(env, "({[Symbol.hasInstance]:()=>true})"), &flag));
    SHOW(napi_throw_error(env, NULL, NULL));
    SHOW(napi_throw_error(env, "CODE", "message"));
    SHOW(napi_throw_type_error(env, NULL, "message"));
    SHOW(napi_throw_range_error(env, "", "message"));
    SHOW(node_api_throw_syntax_error(env, "S", "message"));
    SHOW(napi_throw(env, NULL));
    SHOW(napi_throw(env, five));
    SHOW(napi_create_error(env, NULL, five, &result));
    SHOW(napi_create_error(env, five, text, &result));
    SHOW(napi_create_error(env, NULL, NULL, &result));
    SHOW(napi_create_error(env, text, text, NULL));
    SHOW(napi_create_error(env, text, text, &result));
    SHOW(napi_is_error(env, result, &flag));
    printf("  an error: %d\n", flag);
    SHOW(napi_is_error(env, script(env, "Object.create(Error.prototype)"),
                       &flag));
    printf("  an heir of its prototype: %d\n", flag);
    SHOW(napi_get_and_clear_last_exception(env, &result));
    SHOW(napi_get_and_clear_last_exception(env, NULL));
}

/* What needs no JavaScript still works while an exception is pending. */
static void
probe_pending_allowed(napi_env env, napi_value thing)
{
    napi_value result;
    napi_ref reference;
    napi_handle_scope scope;
    napi_valuetype type;
    bool flag;
    double data;
    napi_value five = number(env, 5), text = string(env, "a");
    napi_throw_error(env, NULL, "the first");
    QUIET(napi_create_object(env, &result));
    QUIET(napi_create_array(env, &result));
    QUIET(napi_create_string_utf8(env, "a", 1, &result));
    QUIET(napi_create_double(env, 1, &result));
    QUIET(napi_create_symbol(env, NULL, &result));
    QUIET(napi_create_bigint_int64(env, 1, &result));
    QUIET(napi_create_error(env, NULL, text, &result));
    QUIET(napi_create_reference(env, thing, 1, &reference));
    QUIET(napi_get_reference_value(env, reference, &result));
    QUIET(napi_delete_reference(env, reference));
    QUIET(napi_open_handle_scope(env, &scope));
    QUIET(napi_close_handle_scope(env, scope));
    QUIET(napi_get_undefined(env, &result));
    QUIET(napi_get_boolean(env, true, &result));
    QUIET(napi_get_global(env, &result));
    QUIET(napi_typeof(env, thing, &type));
    QUIET(napi_get_value_double(env, five, &data));
    QUIET(napi_is_array(env, thing, &flag));
    QUIET(napi_is_error(env, thing, &flag));
    QUIET(napi_is_promise(env, thing, &flag));
    QUIET(napi_get_buffer_info(env, thing, NULL, NULL));
    QUIET(napi_add_finalizer(env, thing, "thing", finalize, NULL, NULL));
}

static void
probe_pending_refused(napi_env env, napi_value thing)
{
    napi_value text = string(env, "a"), result;
    napi_deferred deferred;
    bool flag;
    double data;
    void *pointer;
    uint64_t word = 1;
    napi_type_tag tag = {1, 2};
    QUIET(napi_get_property(env, thing, text, &result));
    QUIET(napi_set_named_property(env, thing, "a", text));
    QUIET(napi_get_array_length(env, thing, &(uint32_t){0}));
    QUIET(napi_strict_equals(env, thing, thing, &flag));
    QUIET(napi_coerce_to_bool(env, thing, &result));
    QUIET(napi_call_function(env, thing, thing, 0, NULL, &result));
    QUIET(napi_create_function(env, NULL, 0, nothing, NULL, &result));
    QUIET(napi_define_class(env, "a", 1, nothing, NULL, 0, NULL, &result));
    QUIET(napi_wrap(env, thing, NULL, NULL, NULL, NULL));
    QUIET(napi_unwrap(env, thing, &pointer));
    QUIET(napi_create_external(env, NULL, NULL, NULL, &result));
    QUIET(napi_create_arraybuffer(env, 1, NULL, &result));
    QUIET(napi_create_buffer(env, 1, NULL, &result));
    QUIET(napi_create_promise(env, &deferred, &result));
    QUIET(napi_create_date(env, 0, &result));
    QUIET(napi_get_date_value(env, thing, &data));
    QUIET(napi_create_bigint_words(env, 0, 1, &word, &result));
    QUIET(napi_throw_error(env, NULL, "the second"));
    QUIET(napi_throw(env, thing));
    QUIET(napi_run_script(env, text, &result));
    QUIET(napi_type_tag_object(env, thing, &tag));
    QUIET(napi_get_prototype(env, thing, &result));
    QUIET(napi_instanceof(env, thing, thing, &flag));
    QUIET(napi_fatal_exception(env, thing));
    QUIET(napi_get_property(env, NULL, NULL, NULL));
    QUIET(napi_get_property(NULL, thing, text, &result));
    printf("it was");
    show_exception(env);
    putchar('\n');
}

static void
probe_scopes(napi_env env)
{
    napi_escapable_handle_scope scope;
    napi_handle_scope plain;
    napi_value five = number(env, 5), result;
    int32_t narrow;
    SHOW(napi_open_escapable_handle_scope(env, &scope));
    SHOW(napi_escape_handle(env, scope, five, &result));
    SHOW(napi_escape_handle(env, scope, five, &result));
    SHOW(napi_close_escapable_handle_scope(env, scope));
    napi_get_value_int32(env, undefined(env), &narrow);
    SHOW(napi_close_handle_scope(env, (napi_handle_scope)scope));
    SHOW(napi_close_handle_scope(env, NULL));
    SHOW(napi_open_handle_scope(env, NULL));
    SHOW(napi_open_handle_scope(env, &plain));
    SHOW(napi_close_handle_scope(env, plain));
    SHOW(napi_close_escapable_handle_scope(env, scope));
}

static void
probe_wraps(napi_env env)
{
    napi_value thing = object(env), derived;
    napi_ref reference;
    void *data = NULL;
    SHOW(napi_unwrap(env, thing, &data));
    SHOW(napi_wrap(env, number(env, 5), "five", NULL, NULL, NULL));
    SHOW(napi_wrap(env, thing, "first", NULL, NULL, &reference));
    SHOW(napi_wrap(env, thing, "first", finalize, NULL, NULL));
    SHOW(napi_wrap(env, thing, "second", finalize, NULL, NULL));
    SHOW(napi_unwrap(env, thing, &data));
    printf("  it wraps %s\n", (char *)data);
    SHOW(napi_unwrap(env, thing, NULL));
    derived = call_script(env, "(o)=>Object.create(o)", thing);
    SHOW(napi_unwrap(env, derived, &data));
    SHOW(napi_remove_wrap(env, thing, NULL));
    SHOW(napi_remove_wrap(env, thing, &data));
    SHOW(napi_wrap(env, thing, NULL, NULL, NULL, NULL));
    data = "not NULL";
    SHOW(napi_unwrap(env, thing, &data));
    printf("  a NULL pointer: %s\n", data ? "no" : "yes");
    SHOW(napi_wrap(env, script(env, "(function(){})"), "f", NULL, NULL, NULL));
    SHOW(napi_wrap(env, script(env, "Object.freeze({})"), "o", NULL, NULL,
                   NULL));
}

static void
probe_tags_and_externals(napi_env env)
{
    static const napi_type_tag tag = {1, 2}, other = {1, 3};
    napi_value thing = object(env), external, result;
    napi_valuetype type = napi_undefined;
    bool flag = true;
    void *data = NULL;
    SHOW(napi_check_object_type_tag(env, thing, &tag, &flag));
    SHOW(napi_type_tag_object(env, thing, &tag));
    SHOW(napi_type_tag_object(env, thing, &tag));
    SHOW(napi_check_object_type_tag(env, thing, &other, &flag));
    printf("  the other tag: %d\n", flag);
    SHOW(napi_check_object_type_tag(env, thing, &tag, &flag));
    printf("  the same tag: %d\n", flag);
    SHOW(napi_type_tag_object(env, number(env, 5), &tag));
    SHOW(napi_type_tag_object(env, thing, NULL));
    SHOW(napi_check_object_type_tag(env, undefined(env), &tag, &flag));
    SHOW(napi_create_external(env, "data", NULL, NULL, &external));
    SHOW(napi_create_external(env, "data", NULL, NULL, NULL));
    napi_typeof(env, external, &type);
    printf("  its type: %d\n", type);
    SHOW(napi_get_value_external(env, external, &data));
    SHOW(napi_get_value_external(env, thing, &data));
    SHOW(napi_get_prototype(env, external, &result));
    napi_typeof(env, result, &type);
    printf("  type of its prototype: %d\n", type);
    SHOW(napi_coerce_to_string(env, external, &result));
    SHOW(napi_type_tag_object(env, external, &tag));
}

static void
probe_references(napi_env env)
{
    napi_value thing = object(env), result, five = number(env, 5);
    napi_ref reference = NULL;
    uint32_t count = 0;
    SHOW(napi_create_reference(env, five, 1, &reference));
    SHOW(napi_create_reference(env, undefined(env), 0, &reference));
    SHOW(napi_create_reference(env, script(env, "Symbol.for('q')"), 0,
                               &reference));
    SHOW(napi_create_reference(env, thing, 0, NULL));
    SHOW(napi_create_reference(env, thing, 0, &reference));
    SHOW(napi_reference_unref(env, reference, &count));
    SHOW(napi_reference_ref(env, reference, &count));
    printf("  count %u\n", count);
    SHOW(napi_reference_ref(env, reference, NULL));
    SHOW(napi_reference_unref(env, reference, &count));
    printf("  count %u\n", count);
    SHOW(napi_get_reference_value(env, reference, &result));
    SHOW(napi_delete_reference(env, reference));
    SHOW(napi_delete_reference(env, NULL));
    SHOW(napi_get_reference_value(env, NULL, &result));
    SHOW(napi_add_finalizer(env, five, "five", finalize, NULL, NULL));
    SHOW(napi_add_finalizer(env, thing, "thing", NULL, NULL, NULL));
}

static void
probe_typed_arrays(napi_env env)
{
    napi_value buffer, plain = object(env), result;
    void *data;
    SHOW(napi_create_arraybuffer(env, 16, &data, &buffer));
    SHOW(napi_create_arraybuffer(env, 16, NULL, NULL));
    SHOW(napi_create_typedarray(env, napi_int32_array, 1, buffer, 2, &result));
    SHOW(napi_create_typedarray(env, napi_int32_array, 5, buffer, 0, &result));
    SHOW(napi_create_typedarray(env, napi_uint8_array, 1, buffer, 17,
                                &result));
    SHOW(napi_create_typedarray(env, napi_uint8_array, 0, buffer, 16,
                                &result));
    SHOW(napi_create_typedarray(env, 99, 1, buffer, 0, &result));
    SHOW(napi_create_typedarray(env, napi_uint8_array, 1, plain, 0, &result));
    SHOW(napi_create_typedarray(env, napi_float64_array, 2, buffer, 0,
                                &result));
    SHOW(napi_create_typedarray(env, napi_bigint64_array, 3, buffer, 0,
                                &result));
    SHOW(napi_create_dataview(env, 17, buffer, 0, &result));
    SHOW(napi_create_dataview(env, 1, buffer, 16, &result));
    SHOW(napi_create_dataview(env, 0, buffer, 16, &result));
    SHOW(napi_create_dataview(env, 1, plain, 0, &result));
    SHOW(napi_get_typedarray_info(env, plain, NULL, NULL, NULL, NULL, NULL));
    SHOW(napi_get_dataview_info(env, plain, NULL, NULL, NULL, NULL));
    SHOW(napi_get_arraybuffer_info(env, plain, NULL, NULL));
    SHOW(napi_get_arraybuffer_info(env, buffer, NULL, NULL));
}

static void
probe_detaching(napi_env env)
{
    napi_value buffer, plain = object(env), result;
    void *data = NULL;
    size_t length = 99;
    bool flag = false;
    napi_create_arraybuffer(env, 16, &data, &buffer);
    SHOW(napi_detach_arraybuffer(env, plain));
    SHOW(napi_is_detached_arraybuffer(env, buffer, &flag));
    printf("  detached: %d\n", flag);
    SHOW(napi_detach_arraybuffer(env, buffer));
    SHOW(napi_detach_arraybuffer(env, buffer));
    SHOW(napi_is_detached_arraybuffer(env, plain, &flag));
    printf("  a plain object: %d\n", flag);
    SHOW(napi_get_arraybuffer_info(env, buffer, &data, &length));
    printf("  data %s, length %zu\n", data ? "there" : "gone", length);
    SHOW(napi_create_typedarray(env, napi_uint8_array, 0, buffer, 0, &result));
    SHOW(napi_detach_arraybuffer(env,
                                 script(env, "new SharedArrayBuffer(4)")));
    SHOW(napi_create_external_arraybuffer(env, NULL, 0, NULL, NULL, &result));
    SHOW(napi_is_detached_arraybuffer(env, result, &flag));
    printf("  without memory: %d\n", flag);
    SHOW(napi_get_buffer_info(env, buffer, &data, &length));
}

static void
probe_buffers(napi_env env)
{
    static char memory[8];
    napi_value result, words = script(env, "new Uint16Array(3)");
    void *data;
    size_t length = 0;
    bool flag = false;
    SHOW(napi_create_buffer(env, 4, &data, &result));
    SHOW(napi_create_buffer(env, 4, &data, NULL));
    SHOW(napi_create_buffer_copy(env, 3, "abc", NULL, &result));
    SHOW(napi_create_external_buffer(env, 8, memory, NULL, NULL, &result));
    SHOW(napi_get_buffer_info(env, script(env, "new Uint8Array(3)"), &data,
                              &length));
    SHOW(napi_get_buffer_info(
        env, script(env, "new DataView(new ArrayBuffer(3))"), &data,
        &length));
    SHOW(napi_get_buffer_info(env, words, &data, &length));
    printf("  %zu bytes\n", length);
    SHOW(napi_is_buffer(env, words, &flag));
    printf("  a buffer: %d\n", flag);
    SHOW(napi_get_buffer_info(env, object(env), &data, &length));
}

static void
probe_bigints(napi_env env)
{
    const uint64_t words[4] = {1, 2, 3, 4};
    uint64_t read[4] = {0};
    napi_value value, result;
    size_t count = 2;
    int sign = 7;
    int64_t wide = 0;
    bool lossless = true;
    SHOW(napi_create_bigint_words(env, 1, 3, words, &value));
    SHOW(napi_get_value_bigint_words(env, value, &sign, &count, read));
    printf("  count %zu, sign %d, %d %d %d\n", count, sign, (int)read[0],
           (int)read[1], (int)read[2]);
    count = 0;
    SHOW(napi_get_value_bigint_words(env, value, NULL, &count, NULL));
    printf("  count %zu\n", count);
    SHOW(napi_get_value_bigint_words(env, value, &sign, &count, NULL));
    SHOW(napi_get_value_bigint_words(env, value, NULL, NULL, NULL));
    SHOW(napi_create_bigint_words(env, 0, (size_t)INT_MAX + 1, words,
                                  &result));
    SHOW(napi_create_bigint_words(env, 0, (1 << 24) + 1, words, &result));
    SHOW(napi_create_bigint_words(env, 5, 0, words, &result));
    SHOW(napi_get_value_bigint_int64(env, value, &wide, &lossless));
    printf("  %lld, lossless %d\n", (long long)wide, lossless);
    SHOW(napi_get_value_bigint_int64(env, undefined(env), &wide, &lossless));
    SHOW(napi_get_value_bigint_int64(env, value, &wide, NULL));
}

static void
probe_dates_and_symbols(napi_env env)
{
    napi_value value, promise;
    napi_deferred deferred = NULL;
    double data = 0;
    bool flag = true;
    SHOW(napi_create_date(env, NAN, &value));
    SHOW(napi_create_date(env, 8.64e15 + 1, &value));
    SHOW(napi_get_date_value(env, value, &data));
    printf("  too far: %g\n", data);
    SHOW(napi_create_date(env, 1.9, &value));
    SHOW(napi_get_date_value(env, value, &data));
    printf("  truncated: %g\n", data);
    SHOW(napi_get_date_value(env, undefined(env), &data));
    SHOW(napi_is_date(env, value, &flag));
    SHOW(napi_create_symbol(env, undefined(env), &value));
    SHOW(node_api_symbol_for(env, NULL, 0, &value));
    SHOW(node_api_symbol_for(env, "key", NAPI_AUTO_LENGTH, NULL));
    SHOW(napi_create_promise(env, &deferred, &promise));
    SHOW(napi_resolve_deferred(env, deferred, NULL));
    SHOW(napi_resolve_deferred(env, deferred, value));
    SHOW(napi_is_promise(env, promise, &flag));
    printf("  a promise: %d\n", flag);
    SHOW(napi_is_promise(env, script(env, "({then(){}})"), &flag));
    printf("  a thenable: %d\n", flag);
}

static void
probe_scripts(napi_env env)
{
    napi_value result;
    SHOW(napi_run_script(env, string(env, "1+"), &result));
    SHOW(napi_run_script(env, string(env, "throw new Error('rs')"), &result));
    SHOW(napi_run_script(env, undefined(env), &result));
    SHOW(napi_run_script(env, NULL, &result));
}

static void
probe_environment(napi_env env)
{
    uint32_t version = 0;
    void *data = "not NULL";
    SHOW(napi_get_version(env, &version));
    printf("  version %u\n", version);
    SHOW(napi_get_version(env, NULL));
    SHOW(napi_add_env_cleanup_hook(env, NULL, NULL));
    SHOW(napi_remove_env_cleanup_hook(env, free, NULL));
    SHOW(napi_add_async_cleanup_hook(env, NULL, NULL, NULL));
    SHOW(napi_remove_async_cleanup_hook(NULL));
    SHOW(napi_get_instance_data(env, &data));
    printf("  instance data %s\n", data ? "there" : "none");
    SHOW(napi_set_instance_data(env, "the first", finalize, NULL));
    SHOW(napi_set_instance_data(env, "the second", finalize, NULL));
    SHOW(napi_adjust_external_memory(env, 0, NULL));
    SHOW(napi_get_last_error_info(env, NULL));
    SHOW(napi_get_uv_event_loop(env, NULL));
    SHOW(napi_get_node_version(env, NULL));
    SHOW(napi_fatal_exception(env, NULL));
}

static void
execute_nothing(napi_env env, void *data)
{
    (void)env;
    (void)data;
}

static void
probe_async(napi_env env)
{
    napi_value name = string(env, "name"), function, result;
    napi_async_work work;
    napi_threadsafe_function queue;
    napi_create_function(env, NULL, 0, nothing, NULL, &function);
    SHOW(napi_create_async_work(env, NULL, name, NULL, NULL, NULL, &work));
    SHOW(napi_create_async_work(env, NULL, NULL, execute_nothing, NULL, NULL,
                                &work));
    SHOW(napi_create_async_work(env, NULL, script(env, "Symbol()"),
                                execute_nothing, NULL, NULL, &work));
    SHOW(napi_create_threadsafe_function(env, function, NULL, name, 0, 0, NULL,
                                         NULL, NULL, NULL, &queue));
    SHOW(napi_create_threadsafe_function(env, NULL, NULL, name, 0, 1, NULL,
                                         NULL, NULL, NULL, &queue));
    SHOW(napi_create_threadsafe_function(env, name, NULL, name, 0, 1, NULL,
                                         NULL, NULL, NULL, &queue));
    SHOW(napi_create_threadsafe_function(env, function, NULL, name, 1, 1, NULL,
                                         NULL, NULL, NULL, &queue));
    SHOW(napi_call_threadsafe_function(queue, NULL, napi_tsfn_nonblocking));
    SHOW(napi_call_threadsafe_function(queue, NULL, napi_tsfn_nonblocking));
    SHOW(napi_release_threadsafe_function(queue, napi_tsfn_abort));
    SHOW(napi_acquire_threadsafe_function(queue));
    SHOW(napi_make_callback(env, NULL, undefined(env), function, 0, NULL,
                            &result));
    SHOW(napi_make_callback(env, NULL, name, name, 0, NULL, &result));
    SHOW(napi_make_callback(env, NULL, NULL, function, 0, NULL, &result));
    SHOW(napi_open_callback_scope(env, NULL, NULL, NULL));
    SHOW(napi_async_init(env, NULL, NULL, NULL));
    SHOW(napi_async_destroy(env, NULL));
}

static napi_value
run(napi_env env, napi_callback_info info)
{
    static void (*const probes[])(napi_env) = {
        probe_numbers,     probe_number_errors,
        probe_string_creation,
        probe_encodings,   probe_string_sizes,
        probe_frozen,      probe_conversions_of_targets,
        probe_refusals,    probe_coercion,
        probe_functions,   probe_classes,
        probe_errors,      probe_scopes,
        probe_wraps,       probe_tags_and_externals,
        probe_references,  probe_typed_arrays,
        probe_detaching,   probe_buffers,
        probe_bigints,     probe_dates_and_symbols,
        probe_scripts,     probe_environment,
        probe_async,
    };
    napi_value thing = object(env);
    (void)info;
    for (size_t i = 0; i < sizeof(probes) / sizeof(*probes); ++i) {
        printf("--- %zu\n", i);
        probes[i](env);
        /* An exception that a probe forgot would falsify those that follow. */
        show_exception(env);
        fflush(stdout);
    }
    printf("--- pending\n");
    probe_pending_allowed(env, thing);
    probe_pending_refused(env, thing);
    fflush(stdout);
    return NULL;
}

NAPI_MODULE_INIT()
{
    napi_value function;
    napi_create_function(env, "run", NAPI_AUTO_LENGTH, run, NULL, &function);
    napi_set_named_property(env, exports, "run", function);
    return exports;
}
