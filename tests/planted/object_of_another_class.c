/* A function takes the object of another class for one of its own.
 *
 * tool: asan
 * flags: -fsanitize=address
 * finds: heap-buffer-overflow
 * finds: area \(.*object_of_another_class\.c:\d+\)
 * python: try: m.area(m.point())
 * python: except napi.TypeError: pass
 */
#include "planted.h"

struct point {
    double x, y;
};
struct box {
    double left, top, width, height;
};
static const napi_type_tag a_point = {0x1f2e3d4c5b6a7988, 1},
                           a_box = {0x1f2e3d4c5b6a7988, 2};

static void
finish(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    free(data);
}

static napi_value
wrap(napi_env env, void *data, const napi_type_tag *tag)
{
    napi_value object;
    OK(napi_create_object(env, &object));
    OK(napi_wrap(env, object, data, finish, NULL, NULL));
    OK(napi_type_tag_object(env, object, tag));
    return object;
}

static napi_value
point(napi_env env, napi_callback_info info)
{
    (void)info;
    return wrap(env, calloc(1, sizeof(struct point)), &a_point);
}

static napi_value
box(napi_env env, napi_callback_info info)
{
    (void)info;
    return wrap(env, calloc(1, sizeof(struct box)), &a_box);
}

static napi_value
area(napi_env env, napi_callback_info info)
{
    napi_value object = argument(env, info), result;
    struct box *box;
#ifdef REPAIRED
    bool is_box;
    OK(napi_check_object_type_tag(env, object, &a_box, &is_box));
    if (!is_box) {
        napi_throw_type_error(env, NULL, "a box is expected");
        return NULL;
    }
#endif
    OK(napi_unwrap(env, object, (void **)&box));
    OK(napi_create_double(env, box->width * box->height, &result));
    return result;
}

EXPORT(point, box, area)
