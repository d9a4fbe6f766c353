/* One call of each kind, again and again: nothing of it stays. */
#include "addon.h"

static uint64_t finalized;
static char memory[64];

static void
count_finalized(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)data;
    (void)hint;
    ++finalized;
}

static napi_value
nothing(napi_env env, napi_callback_info info)
{
    (void)env;
    (void)info;
    return NULL;
}

#define KIND(name)                                                            \
    static napi_status name(napi_env env, napi_value function)
#define TRY(call)                                                             \
    do {                                                                      \
        napi_status status_ = (call);                                         \
        if (status_ != napi_ok)                                               \
            return status_;                                                   \
    } while (0)

KIND(call)
{
    napi_value argv[2], result;
    TRY(napi_create_double(env, 1.5, &argv[0]));
    TRY(napi_create_object(env, &argv[1]));
    return napi_call_function(env, argv[1], function, 2, argv, &result);
}
KIND(string_utf8)
{
    napi_value value;
    char text[40];
    size_t length;
    TRY(napi_create_string_utf8(env, "a text of some length, \xc3\xa9", 25,
                                &value));
    return napi_get_value_string_utf8(env, value, text, 40, &length);
}
KIND(string_utf16)
{
    napi_value value;
    char16_t text[8];
    size_t length;
    TRY(napi_create_string_utf16(env, u"\u263a text", 6, &value));
    return napi_get_value_string_utf16(env, value, text, 8, &length);
}
KIND(string_latin1)
{
    napi_value value;
    char text[8];
    size_t length;
    TRY(napi_create_string_latin1(env, "\xe9 text", 6, &value));
    return napi_get_value_string_latin1(env, value, text, 8, &length);
}
KIND(numbers)
{
    napi_value value;
    double number;
    int64_t integer;
    TRY(napi_create_int32(env, 1 << 30, &value));
    TRY(napi_create_uint32(env, 3u << 30, &value));
    TRY(napi_create_int64(env, 1LL << 50, &value));
    TRY(napi_get_value_int64(env, value, &integer));
    TRY(napi_create_double(env, 1e99, &value));
    return napi_get_value_double(env, value, &number);
}
KIND(bigint)
{
    napi_value value;
    int sign = 0;
    size_t count = 3;
    uint64_t words[3] = {1, 2, 3};
    TRY(napi_create_bigint_words(env, 1, 3, words, &value));
    return napi_get_value_bigint_words(env, value, &sign, &count, words);
}
KIND(object)
{
    napi_value value, item, names;
    TRY(napi_create_object(env, &value));
    TRY(napi_create_double(env, 2.5, &item));
    TRY(napi_set_named_property(env, value, "key", item));
    TRY(napi_get_named_property(env, value, "key", &item));
    return napi_get_property_names(env, value, &names);
}
KIND(array)
{
    napi_value value, item;
    TRY(napi_create_array_with_length(env, 10, &value));
    TRY(napi_create_object(env, &item));
    TRY(napi_set_element(env, value, 12, item));
    TRY(napi_set_element(env, value, 3, item));
    return napi_get_element(env, value, 3, &item);
}
KIND(buffer)
{
    napi_value value;
    void *data;
    size_t length;
    TRY(napi_create_buffer_copy(env, 64, memory, NULL, &value));
    return napi_get_buffer_info(env, value, &data, &length);
}
KIND(external_buffer)
{
    napi_value value;
    return napi_create_external_buffer(env, 64, memory, count_finalized, NULL,
                                       &value);
}
KIND(external_arraybuffer)
{
    napi_value value;
    return napi_create_external_arraybuffer(env, memory, 64, count_finalized,
                                            NULL, &value);
}
KIND(external)
{
    napi_value value;
    void *data;
    TRY(napi_create_external(env, memory, count_finalized, NULL, &value));
    return napi_get_value_external(env, value, &data);
}
KIND(typed_array)
{
    napi_value value, buffer, view;
    napi_typedarray_type type;
    size_t length, offset;
    void *data;
    TRY(napi_create_arraybuffer(env, 64, NULL, &buffer));
    TRY(napi_create_typedarray(env, napi_float64_array, 4, buffer, 8, &value));
    TRY(napi_create_dataview(env, 8, buffer, 0, &view));
    return napi_get_typedarray_info(env, value, &type, &length, &data, &buffer,
                                    &offset);
}
KIND(promise)
{
    napi_deferred deferred;
    napi_value value, promise;
    TRY(napi_create_promise(env, &deferred, &promise));
    TRY(napi_create_object(env, &value));
    return napi_resolve_deferred(env, deferred, value);
}
KIND(function)
{
    napi_value value;
    return napi_create_function(env, "name", 4, nothing, NULL, &value);
}
KIND(define_class)
{
    napi_value class, instance;
    napi_property_descriptor properties[] = {
        {.utf8name = "method", .method = nothing},
        {.utf8name = "value", .getter = nothing, .setter = nothing},
        {.utf8name = "of", .method = nothing, .attributes = napi_static},
    };
    TRY(napi_define_class(env, "Class", 5, nothing, NULL, 3, properties,
                          &class));
    TRY(napi_new_instance(env, class, 0, NULL, &instance));
    return napi_wrap(env, instance, memory, count_finalized, NULL, NULL);
}
KIND(wrap)
{
    napi_value value;
    TRY(napi_create_object(env, &value));
    return napi_wrap(env, value, memory, count_finalized, NULL, NULL);
}
KIND(remove_wrap)
{
    napi_value value;
    TRY(napi_create_object(env, &value));
    TRY(napi_wrap(env, value, memory, count_finalized, NULL, NULL));
    return napi_remove_wrap(env, value, NULL);
}
KIND(finalizer)
{
    napi_value value;
    TRY(napi_create_object(env, &value));
    return napi_add_finalizer(env, value, memory, count_finalized, NULL, NULL);
}
KIND(reference)
{
    napi_value value;
    napi_ref strong, weak;
    TRY(napi_create_object(env, &value));
    TRY(napi_create_reference(env, value, 1, &strong));
    TRY(napi_create_reference(env, value, 0, &weak));
    TRY(napi_reference_ref(env, weak, NULL));
    TRY(napi_reference_unref(env, weak, NULL));
    TRY(napi_get_reference_value(env, weak, &value));
    TRY(napi_delete_reference(env, weak));
    return napi_delete_reference(env, strong);
}
KIND(error)
{
    napi_value value;
    TRY(napi_throw_type_error(env, "CODE", "what is wrong"));
    return napi_get_and_clear_last_exception(env, &value);
}
KIND(scope)
{
    napi_handle_scope plain;
    napi_escapable_handle_scope scope;
    napi_value value;
    TRY(napi_open_handle_scope(env, &plain));
    TRY(napi_open_escapable_handle_scope(env, &scope));
    TRY(napi_create_object(env, &value));
    TRY(napi_escape_handle(env, scope, value, &value));
    TRY(napi_close_escapable_handle_scope(env, scope));
    return napi_close_handle_scope(env, plain);
}
KIND(symbol)
{
    napi_value text, value;
    TRY(napi_create_string_utf8(env, "description", 11, &text));
    TRY(napi_create_symbol(env, text, &value));
    return node_api_symbol_for(env, "registered", 10, &value);
}
KIND(date)
{
    napi_value value;
    double time;
    TRY(napi_create_date(env, 1e12, &value));
    return napi_get_date_value(env, value, &time);
}
KIND(define)
{
    napi_value value;
    napi_property_descriptor properties[] = {
        {.utf8name = "method", .method = nothing},
        {.utf8name = "value", .getter = nothing, .setter = nothing},
    };
    TRY(napi_create_object(env, &value));
    TRY(napi_define_properties(env, value, 2, properties));
    return napi_object_freeze(env, value);
}
KIND(instance_of)
{
    napi_value value;
    bool found;
    TRY(napi_create_object(env, &value));
    return napi_instanceof(env, value, function, &found);
}
KIND(coercions)
{
    napi_value number, value;
    TRY(napi_create_double(env, 12.75, &number));
    TRY(napi_coerce_to_string(env, number, &value));
    TRY(napi_coerce_to_number(env, value, &value));
    TRY(napi_coerce_to_bool(env, value, &value));
    return napi_coerce_to_object(env, number, &value);
}
KIND(tag)
{
    napi_value value;
    napi_type_tag tag = {1, 2};
    bool same;
    TRY(napi_create_object(env, &value));
    TRY(napi_type_tag_object(env, value, &tag));
    return napi_check_object_type_tag(env, value, &tag, &same);
}

#define ENTRY(name) {#name, name}
static const struct {
    const char *name;
    napi_status (*act)(napi_env env, napi_value function);
} kinds[] = {
    ENTRY(call), ENTRY(string_utf8), ENTRY(string_utf16), ENTRY(string_latin1),
    ENTRY(numbers), ENTRY(bigint), ENTRY(object), ENTRY(array), ENTRY(buffer),
    ENTRY(external_buffer), ENTRY(external_arraybuffer), ENTRY(external),
    ENTRY(typed_array), ENTRY(promise), ENTRY(function), ENTRY(define_class),
    ENTRY(wrap), ENTRY(remove_wrap), ENTRY(finalizer), ENTRY(reference),
    ENTRY(error), ENTRY(scope), ENTRY(symbol), ENTRY(date), ENTRY(define),
    ENTRY(instance_of), ENTRY(coercions), ENTRY(tag),
};

/* repeat(kind, count, function): each time in a scope of its own */
static napi_value
repeat(napi_env env, napi_callback_info info)
{
    napi_value argv[3];
    char name[40];
    uint32_t count;
    size_t found = 0;
    addon_args(env, info, argv, 3);
    ASSERT_OK(env, napi_get_value_string_utf8(env, argv[0], name, 40, NULL));
    ASSERT_OK(env, napi_get_value_uint32(env, argv[1], &count));
    while (found < sizeof(kinds) / sizeof(kinds[0]) &&
           strcmp(kinds[found].name, name) != 0) {
        ++found;
    }
    if (found == sizeof(kinds) / sizeof(kinds[0])) {
        napi_throw_error(env, NULL, "no such kind");
        return NULL;
    }
    for (uint32_t i = 0; i < count; ++i) {
        napi_handle_scope scope;
        ASSERT_OK(env, napi_open_handle_scope(env, &scope));
        ASSERT_OK(env, kinds[found].act(env, argv[2]));
        ASSERT_OK(env, napi_close_handle_scope(env, scope));
    }
    return NULL;
}

static napi_value
names(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result;
    ASSERT_OK(env, napi_create_array(env, &result));
    for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); ++i) {
        ASSERT_OK(env, napi_set_element(env, result, i,
                                        addon_string(env, kinds[i].name)));
    }
    return result;
}

static napi_value
count_of_finalized(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result = addon_int(env, (int64_t)finalized);
    finalized = 0;
    return result;
}

static napi_value
echo(napi_env env, napi_callback_info info)
{
    napi_value argv[1];
    addon_args(env, info, argv, 1);
    return argv[0];
}

ADDON(EXPORT(repeat), EXPORT(names), EXPORT(count_of_finalized), EXPORT(echo))
