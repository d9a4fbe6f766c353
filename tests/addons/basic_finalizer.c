/* Finalizers of an experimental module: what they may do in a collection. */
#include "addon.h"

static void
posted(napi_env env, void *data, void *hint)
{
    napi_value object;
    bool made = napi_create_object(env, &object) == napi_ok;
    printf("posted %s\n", made ? "made an object" : "could not");
    fflush(stdout);
}

/* hint: what it does, of ACTS */
static void
finalize(napi_env env, void *data, void *hint)
{
    napi_value value;
    switch ((intptr_t)hint) {
    case 0:
        node_api_post_finalizer(env, posted, NULL, NULL);
        break;
    case 1:
        napi_create_object(env, &value);
        break;
    case 2:
        napi_create_string_utf8(env, "x", 1, &value);
        break;
    default:
        napi_get_global(env, &value);
        napi_set_named_property(env, value, "late", value);
    }
}

/* watch(object, act) */
static napi_value
watch(napi_env env, napi_callback_info info)
{
    napi_value argv[2];
    int64_t act;
    addon_args(env, info, argv, 2);
    ASSERT_OK(env, napi_get_value_int64(env, argv[1], &act));
    ASSERT_OK(env, napi_add_finalizer(env, argv[0], NULL, finalize,
                                      (void *)(intptr_t)act, NULL));
    return NULL;
}

ADDON(EXPORT(watch))
