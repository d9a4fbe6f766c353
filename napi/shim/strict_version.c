/* The strict build: since which version of Node-API there is a function. */

#include "strict_version.h"

#ifdef NAPI_STRICT

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct since {
    const char *name;
    int32_t version;
};

/* By name; what is not here is as old as version 1. The same as in the ledger. */
static const struct since table[] = {
    {"napi_acquire_threadsafe_function", 4},
    {"napi_add_async_cleanup_hook", 8},
    {"napi_add_env_cleanup_hook", 3},
    {"napi_add_finalizer", 5},
    {"napi_call_threadsafe_function", 4},
    {"napi_check_object_type_tag", 8},
    {"napi_close_callback_scope", 3},
    {"napi_create_bigint_int64", 6},
    {"napi_create_bigint_uint64", 6},
    {"napi_create_bigint_words", 6},
    {"napi_create_date", 5},
    {"napi_create_threadsafe_function", 4},
    {"napi_detach_arraybuffer", 7},
    {"napi_fatal_exception", 3},
    {"napi_get_all_property_names", 6},
    {"napi_get_date_value", 5},
    {"napi_get_instance_data", 6},
    {"napi_get_threadsafe_function_context", 4},
    {"napi_get_uv_event_loop", 2},
    {"napi_get_value_bigint_int64", 6},
    {"napi_get_value_bigint_uint64", 6},
    {"napi_get_value_bigint_words", 6},
    {"napi_is_date", 5},
    {"napi_is_detached_arraybuffer", 7},
    {"napi_object_freeze", 8},
    {"napi_object_seal", 8},
    {"napi_open_callback_scope", 3},
    {"napi_ref_threadsafe_function", 4},
    {"napi_release_threadsafe_function", 4},
    {"napi_remove_async_cleanup_hook", 8},
    {"napi_remove_env_cleanup_hook", 3},
    {"napi_set_instance_data", 6},
    {"napi_type_tag_object", 8},
    {"napi_unref_threadsafe_function", 4},
    {"node_api_create_buffer_from_arraybuffer", 10},
    {"node_api_create_external_sharedarraybuffer", INT32_MAX},
    {"node_api_create_external_string_latin1", 10},
    {"node_api_create_external_string_utf16", 10},
    {"node_api_create_object_with_properties", INT32_MAX},
    {"node_api_create_property_key_latin1", 10},
    {"node_api_create_property_key_utf16", 10},
    {"node_api_create_property_key_utf8", 10},
    {"node_api_create_sharedarraybuffer", INT32_MAX},
    {"node_api_create_syntax_error", 9},
    {"node_api_get_module_file_name", 9},
    {"node_api_is_sharedarraybuffer", INT32_MAX},
    {"node_api_post_finalizer", INT32_MAX},
    {"node_api_set_prototype", INT32_MAX},
    {"node_api_symbol_for", 9},
    {"node_api_throw_syntax_error", 9},
};

static int
compare(const void *name, const void *entry)
{
    return strcmp(name, ((const struct since *)entry)->name);
}

int32_t
strict_since(const char *name)
{
    const struct since *found =
        bsearch(name, table, sizeof(table) / sizeof(*table), sizeof(*table),
                compare);
    return found != NULL ? found->version : 1;
}

#else
typedef int strict_version_is_empty_in_the_release_build;
#endif
