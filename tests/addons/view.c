/* Array buffers, plain, shared and external; typed arrays, DataView, Buffer.
 *
 * Each function answers [status, last error, exception, out values ...]. Its
 * last argument is its mode: what to leave out, and whether an exception is
 * pending when Node-API is called. */
#define NAPI_EXPERIMENTAL
#define NODE_API_EXPERIMENTAL_NO_WARNING
#define NODE_API_EXPERIMENTAL_BASIC_ENV_OPT_OUT
#include "addon.h"

enum mode { PENDING = 1, NO_VALUE = 2, NO_RESULT = 4, NO_OUT = 8 };
enum { MEMORY_SIZE = 64, MEMORIES = 16, POISON = 77 };

struct counters {
    unsigned char memory[MEMORIES][MEMORY_SIZE];
    int finalized[MEMORIES];
    int wrong_data;
    bool speaks;
};

/* After all else of the env: what its end has finalized. */
static void
drop_counters(napi_env env, void *data, void *hint)
{
    struct counters *all = data;
    (void)env;
    (void)hint;
    if (all->speaks) {
        printf("finalized %d\n", all->finalized[3]);
        fflush(stdout);
    }
}

static struct counters *
counters(napi_env env)
{
    void *data = NULL;
    napi_get_instance_data(env, &data);
    return data;
}

struct call {
    napi_env env;
    napi_value argv[6];
    uint32_t mode;
    napi_status status;
    napi_status last; /* as napi_get_last_error_info has it */
    napi_value outs[5];
    uint32_t count;
};

/* arguments, of which number `modes` is the mode */
static struct call
begin(napi_env env, napi_callback_info info, size_t modes)
{
    struct call call = {.env = env};
    addon_args(env, info, call.argv, 6);
    napi_get_value_uint32(env, call.argv[modes], &call.mode);
    if (call.mode & NO_VALUE) {
        call.argv[0] = NULL;
    }
    return call;
}

static size_t
number(struct call *call, size_t index)
{
    int64_t value = 0;
    napi_get_value_int64(call->env, call->argv[index], &value);
    return (size_t)value;
}

/* From a clean last error: nothing stale is taken for an answer. */
static void
arm(struct call *call)
{
    napi_valuetype clean;
    napi_typeof(call->env, call->argv[5], &clean);
    if (call->mode & PENDING) {
        napi_throw_error(call->env, NULL, "pending");
    }
}

static void
note(struct call *call, napi_status status)
{
    const napi_extended_error_info *info;
    napi_get_last_error_info(call->env, &info);
    call->last = info->error_code;
    call->status = status;
}

/* the one call that is tested */
#define TRY(call, expression) (arm(&(call)), note(&(call), (expression)))

static void
out(struct call *call, napi_value value)
{
    if (value == NULL) {
        napi_get_null(call->env, &value);
    }
    call->outs[call->count++] = value;
}

static void
out_int(struct call *call, int64_t value)
{
    out(call, addon_int(call->env, value));
}

static void
out_bool(struct call *call, bool value)
{
    out(call, addon_bool(call->env, value));
}

static napi_value
answer(struct call *call)
{
    napi_env env = call->env;
    napi_value list, exception;
    bool pending;
    napi_get_undefined(env, &exception);
    napi_is_exception_pending(env, &pending);
    if (pending) {
        napi_get_and_clear_last_exception(env, &exception);
    }
    ASSERT_OK(env, napi_create_array(env, &list));
    napi_set_element(env, list, 0, addon_int(env, call->status));
    napi_set_element(env, list, 1, addon_int(env, call->last));
    napi_set_element(env, list, 2, exception);
    for (uint32_t i = 0; i < call->count; ++i) {
        napi_set_element(env, list, 3 + i, call->outs[i]);
    }
    return list;
}

#define RESULT(call, result) ((call).mode & NO_RESULT ? NULL : &(result))
#define OUT(call, variable) ((call).mode & NO_OUT ? NULL : &(variable))

/* === array buffers === */

/* create(length, fill, mode): the buffer; whether data was set */
static napi_value
create_with(napi_env env, napi_callback_info info,
            napi_status (*create)(napi_env, size_t, void **, napi_value *))
{
    struct call call = begin(env, info, 2);
    size_t length = number(&call, 0), byte = number(&call, 1);
    void *data = &call;
    napi_value result = NULL;
    TRY(call, create(env, length, OUT(call, data), RESULT(call, result)));
    bool given = data != &call && (length == 0 || data != NULL);
    if (call.status == napi_ok && given && byte != 0) {
        memset(data, (int)byte, length);
    }
    napi_value output = answer(&call);
    if (result != NULL) {
        napi_set_element(env, output, 3, result);
        napi_set_element(env, output, 4, addon_bool(env, given));
    }
    return output;
}

static napi_value
create(napi_env env, napi_callback_info info)
{
    return create_with(env, info, napi_create_arraybuffer);
}

static napi_value
create_shared(napi_env env, napi_callback_info info)
{
    return create_with(env, info, node_api_create_sharedarraybuffer);
}

static napi_value
create_buffer(napi_env env, napi_callback_info info)
{
    return create_with(env, info, napi_create_buffer);
}

static void
count_finalizer(struct counters *all, void *data, void *hint)
{
    intptr_t index = (intptr_t)hint;
    ++all->finalized[index];
    all->wrong_data += data != NULL && data != all->memory[index];
}

static void
finalize(napi_env env, void *data, void *hint)
{
    count_finalizer(counters(env), data, hint);
}

/* Shared memory has no env at its end: the hint leads to the counter. */
static void
finalize_shared(void *data, void *hint)
{
    struct counters *all = hint;
    size_t at = data ? (size_t)((unsigned char *)data - all->memory[0]) : 0;
    ++all->finalized[at / MEMORY_SIZE];
}

/* external(kind, index, length, finalized, mode): kind is 0 for an
 * ArrayBuffer, 1 for a shared one, 2 for a Buffer; index 99 is NULL memory */
static napi_value
external(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 4);
    size_t kind = number(&call, 0), index = number(&call, 1);
    size_t length = number(&call, 2), watched = number(&call, 3);
    struct counters *all = counters(env);
    void *data = index < MEMORIES ? all->memory[index] : NULL;
    void *hint = (void *)(index < MEMORIES ? index : 0);
    napi_value result = NULL;
    if (kind == 0) {
        TRY(call, napi_create_external_arraybuffer(
                      env, data, length, watched ? finalize : NULL, hint,
                      RESULT(call, result)));
    } else if (kind == 1) {
        TRY(call, node_api_create_external_sharedarraybuffer(
                      env, data, length, watched ? finalize_shared : NULL,
                      all, RESULT(call, result)));
    } else {
        TRY(call, napi_create_external_buffer(
                      env, length, data, watched ? finalize : NULL, hint,
                      RESULT(call, result)));
    }
    out(&call, result);
    return answer(&call);
}

static napi_value
finalized(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 5);
    struct counters *all = counters(env);
    return addon_int(env, all->wrong_data
                              ? -1
                              : all->finalized[number(&call, 0)]);
}

/* memory(index): a copy of it, as a Buffer */
static napi_value
memory(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 5);
    napi_value result;
    ASSERT_OK(env, napi_create_buffer_copy(
                       env, MEMORY_SIZE,
                       counters(env)->memory[number(&call, 0)], NULL,
                       &result));
    return result;
}

/* set_up(speaks) */
static napi_value
set_up(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 5);
    /* Finalizers of shared memory may run after all else: never freed. */
    struct counters *all = calloc(1, sizeof(struct counters));
    napi_get_value_bool(env, call.argv[0], &all->speaks);
    ASSERT_OK(env, napi_set_instance_data(env, all, drop_counters, NULL));
    return NULL;
}

/* info(value, mode): the length; whether there is data; its first byte */
static napi_value
memory_info(napi_env env, napi_callback_info info,
            napi_status (*get)(napi_env, napi_value, void **, size_t *))
{
    struct call call = begin(env, info, 1);
    void *data = &call;
    size_t length = POISON;
    TRY(call, get(env, call.argv[0], OUT(call, data), RESULT(call, length)));
    bool given = data != &call && data != NULL;
    out_int(&call, (int64_t)length);
    out_int(&call, data == &call          ? -2
                   : given && length > 0 ? *(unsigned char *)data
                                         : -1);
    return answer(&call);
}

static napi_value
info(napi_env env, napi_callback_info info)
{
    return memory_info(env, info, napi_get_arraybuffer_info);
}

static napi_value
buffer_info(napi_env env, napi_callback_info info)
{
    return memory_info(env, info, napi_get_buffer_info);
}

static napi_value
detach(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 1);
    TRY(call, napi_detach_arraybuffer(env, call.argv[0]));
    return answer(&call);
}

/* === questions === */

static napi_value
ask(napi_env env, napi_callback_info info,
    napi_status (*question)(napi_env, napi_value, bool *))
{
    struct call call = begin(env, info, 1);
    bool result = false;
    TRY(call, question(env, call.argv[0], RESULT(call, result)));
    out_bool(&call, result);
    return answer(&call);
}

#define QUESTION(name, function)                                              \
    static napi_value name(napi_env env, napi_callback_info info)             \
    {                                                                         \
        return ask(env, info, function);                                      \
    }
QUESTION(is_arraybuffer, napi_is_arraybuffer)
QUESTION(is_shared, node_api_is_sharedarraybuffer)
QUESTION(is_detached, napi_is_detached_arraybuffer)
QUESTION(is_typedarray, napi_is_typedarray)
QUESTION(is_dataview, napi_is_dataview)
QUESTION(is_buffer, napi_is_buffer)

/* === views === */

/* typed(arraybuffer, type, length, offset, mode) */
static napi_value
typed(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 4);
    napi_typedarray_type type = (napi_typedarray_type)number(&call, 1);
    size_t length = number(&call, 2), offset = number(&call, 3);
    napi_value result = NULL;
    TRY(call, napi_create_typedarray(env, type, length, call.argv[0], offset,
                                     RESULT(call, result)));
    out(&call, result);
    return answer(&call);
}

/* dataview(arraybuffer, length, offset, mode) */
static napi_value
dataview(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 3);
    size_t length = number(&call, 1), offset = number(&call, 2);
    napi_value result = NULL;
    TRY(call, napi_create_dataview(env, length, call.argv[0], offset,
                                   RESULT(call, result)));
    out(&call, result);
    return answer(&call);
}

/* buffer_over(arraybuffer, length, offset, mode) */
static napi_value
buffer_over(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 3);
    size_t length = number(&call, 1), offset = number(&call, 2);
    napi_value result = NULL;
    TRY(call, node_api_create_buffer_from_arraybuffer(
                  env, call.argv[0], offset, length, RESULT(call, result)));
    out(&call, result);
    return answer(&call);
}

/* buffer_copy(text, mode): a Buffer of the bytes; whether data was set */
static napi_value
buffer_copy(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 1);
    char text[100] = "";
    size_t length = 0;
    void *data = &call;
    napi_value result = NULL;
    napi_get_value_string_latin1(env, call.argv[0], text, 100, &length);
    TRY(call, napi_create_buffer_copy(env, length, text, OUT(call, data),
                                      RESULT(call, result)));
    bool copied = data != &call && call.status == napi_ok &&
                  (length == 0 || memcmp(data, text, length) == 0);
    out(&call, result);
    out_bool(&call, copied);
    return answer(&call);
}

/* where data is, counted from the start of the view's buffer; -1: NULL */
static int64_t
distance(napi_env env, napi_value arraybuffer, void *data)
{
    void *start = NULL;
    if (napi_get_arraybuffer_info(env, arraybuffer, &start, NULL) != 0) {
        return -2;
    }
    return data == NULL ? -1 : (char *)data - (char *)start;
}

/* typed_info(value, mode): type, length, offset, distance, buffer */
static napi_value
typed_info(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 1);
    napi_typedarray_type type = (napi_typedarray_type)POISON;
    size_t length = POISON, offset = POISON;
    void *data = NULL;
    napi_value buffer = NULL;
    TRY(call, napi_get_typedarray_info(
                  env, call.argv[0], RESULT(call, type), RESULT(call, length),
                  OUT(call, data), OUT(call, buffer), RESULT(call, offset)));
    napi_value output = answer(&call);
    if (call.status == napi_ok) {
        napi_set_element(env, output, 3, addon_int(env, type));
        napi_set_element(env, output, 4, addon_int(env, (int64_t)length));
        napi_set_element(env, output, 5, addon_int(env, (int64_t)offset));
        napi_set_element(env, output, 6,
                         addon_int(env, distance(env, buffer, data)));
    }
    if (buffer != NULL) {
        napi_set_element(env, output, 7, buffer);
    }
    return output;
}

/* dataview_info(value, mode): length, offset, distance, buffer */
static napi_value
dataview_info(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 1);
    size_t length = POISON, offset = POISON;
    void *data = NULL;
    napi_value buffer = NULL;
    TRY(call, napi_get_dataview_info(
                  env, call.argv[0], RESULT(call, length), OUT(call, data),
                  OUT(call, buffer), RESULT(call, offset)));
    napi_value output = answer(&call);
    if (call.status == napi_ok) {
        napi_set_element(env, output, 3, addon_int(env, (int64_t)length));
        napi_set_element(env, output, 4, addon_int(env, (int64_t)offset));
        napi_set_element(env, output, 5,
                         addon_int(env, distance(env, buffer, data)));
    }
    if (buffer != NULL) {
        napi_set_element(env, output, 6, buffer);
    }
    return output;
}

/* write(view, index, byte): into its memory, past Python */
static napi_value
write_byte(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 5);
    void *data = NULL;
    size_t length = 0, index = number(&call, 1);
    if (napi_get_buffer_info(env, call.argv[0], &data, &length) != napi_ok) {
        ASSERT_OK(env, napi_get_arraybuffer_info(env, call.argv[0], &data,
                                                 &length));
    }
    if (index < length) {
        ((unsigned char *)data)[index] = (unsigned char)number(&call, 2);
    }
    return addon_bool(env, index < length);
}

/* element(value, index), set_element(value, index, new) */
static napi_value
element(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 5);
    napi_value result;
    ASSERT_OK(env, napi_get_element(env, call.argv[0],
                                    (uint32_t)number(&call, 1), &result));
    return result;
}

static napi_value
set_element(napi_env env, napi_callback_info info)
{
    struct call call = begin(env, info, 5);
    uint32_t index = (uint32_t)number(&call, 1);
    TRY(call, napi_set_element(env, call.argv[0], index, call.argv[2]));
    return answer(&call);
}

ADDON(EXPORT(create), EXPORT(create_shared), EXPORT(create_buffer),
      EXPORT(external), EXPORT(finalized), EXPORT(memory), EXPORT(set_up),
      EXPORT(info), EXPORT(buffer_info), EXPORT(detach),
      EXPORT(is_arraybuffer), EXPORT(is_shared), EXPORT(is_detached),
      EXPORT(is_typedarray), EXPORT(is_dataview), EXPORT(is_buffer),
      EXPORT(typed), EXPORT(dataview), EXPORT(buffer_over),
      EXPORT(buffer_copy), EXPORT(typed_info), EXPORT(dataview_info),
      EXPORT(write_byte), EXPORT(element), EXPORT(set_element))
