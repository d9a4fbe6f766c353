/* The machine of `napi fuzz --self`: functions of the table. Their arguments
 * are drawn by kind, and what comes back is taken into the model. */
#include "machine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof(*(list)))
#define MANY 16 /* values, properties, words */

/* Memory that one call uses. */
struct room {
    union word given[12];
    char cells[12][8 * CELL]; /* for results, by parameter */
    napi_value values[2][MANY];
    size_t lists;
    napi_property_descriptor properties[MANY];
    napi_type_tag tag;
    char *block; /* given to the host, with a finalizer */
};

static const char *const texts[] = {
    "", "a", "size", "x", "0", "constructor", "then", "\xc3\xa9\xe2\x82\xac",
    "\xf0\x9f\x98\x80", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
};
static const char16_t wide[][8] = {
    {0}, {'a', 0}, {'t', 'h', 'e', 'n', 0}, {0xe9, 0x20ac, 0},
    {0xd83d, 0xde00, 0}, {0xd83d, 'x', 0},
};
static const double doubles[] = {0.0,          -0.0,  1.5, -1.0, 2147483648.0,
                                 9007199254740992.0, 1e308, NAN};
static const int64_t integers[] = {
    0, 1, -1, 7, INT32_MAX, INT32_MIN, (int64_t)1 << 53, INT64_MAX, INT64_MIN,
};
static const uint64_t sizes[] = {0, 1, 2, 3, 8, MANY};
static const uint64_t words[MANY] = {1, 2, 3, UINT64_MAX, 5, 0, 7};

/* === memory === */

char *
block_new(struct machine *m)
{
    char *made = calloc(1, BLOCK);
    if (made == NULL) {
        abort();
    }
    __atomic_fetch_add(&m->alive, 1, __ATOMIC_RELAXED);
    return made;
}

static bool
is_fixed(struct machine *m, const void *data)
{
    uintptr_t place = (uintptr_t)data;
    return place >= (uintptr_t)m->fixed &&
           place < (uintptr_t)m->fixed + sizeof(m->fixed);
}

void
block_free(struct machine *m, void *data)
{
    if (data != NULL && !is_fixed(m, data)) {
        __atomic_fetch_sub(&m->alive, 1, __ATOMIC_RELAXED);
        free(data);
    }
}

void
block_touch(void *data, size_t length)
{
    volatile char *bytes = data;
    for (size_t i = 0; data != NULL && i < length; ++i) {
        bytes[i] = bytes[i];
    }
}

static void
later(napi_env env, void *data, void *hint)
{
    struct machine *m = hint;
    napi_handle_scope scope;
    napi_value value;
    (void)data;
    if (napi_open_handle_scope(env, &scope) == napi_ok) {
        if (napi_create_object(env, &value) != napi_ok && !m->stops) {
            machine_fail(m, "napi_create_object", "in a finalizer gives", 1);
        }
        napi_close_handle_scope(env, scope);
    }
}

void
value_finalize(napi_env env, void *data, void *hint)
{
    struct machine *m = hint;
    uint32_t version;
    if (napi_get_version(env, &version) != napi_ok) {
        machine_fail(m, "napi_get_version", "in a finalizer gives", 1);
    }
    if (machine_draw(m, 16) == 0) {
        node_api_post_finalizer(env, later, NULL, hint);
    }
    if (data == m->instance) {
        m->instance = NULL;
    }
    block_free(m, data);
}

static void
finalize_without_env(void *data, void *hint)
{
    block_free(hint, data);
}

/* What our functions do: some steps, and they give what is alive. */
napi_value
value_body(napi_env env, napi_callback_info info)
{
    void *data = NULL;
    napi_value given[3] = {NULL, NULL, NULL}, self = NULL, target = NULL;
    size_t argc = 3;
    if (napi_get_cb_info(env, info, &argc, given, &self, &data) != napi_ok) {
        return NULL;
    }
    struct machine *m = data;
    if (!machine_begin(m, env)) {
        return given[0];
    }
    napi_get_new_target(env, info, &target);
    for (size_t i = 0; i < 3; ++i) {
        machine_keep(m, given[i]);
    }
    machine_keep(m, self);
    if (machine_draw(m, 4) == 0) {
        machine_steps(m, machine_draw(m, 4));
    }
    napi_value result = machine_draw(m, 2) ? given[0] : NULL;
    bool throws = machine_draw(m, 16) == 0;
    machine_end(m);
    if (throws) {
        napi_throw_error(env, "CODE", "of the machine");
    }
    return result;
}

/* === arguments === */

static void
draw_properties(struct machine *m, napi_property_descriptor *made)
{
    static const int attributes[] = {0, 1, 2, 4, 7, 1024, 1031};
    for (size_t i = 0; i < MANY; ++i) {
        uint64_t act = machine_draw(m, 3);
        made[i] = (napi_property_descriptor){
            .utf8name = texts[machine_draw(m, COUNT(texts))],
            .attributes = attributes[machine_draw(m, COUNT(attributes))],
            .data = m,
        };
        if (act == 0) {
            made[i].value = machine_handle(m);
        } else if (act == 1) {
            made[i].getter = value_body;
            made[i].setter = machine_draw(m, 2) ? value_body : NULL;
        }
        if (act == 2 || (act == 0 && made[i].value == NULL)) {
            made[i].method = value_body;
        }
    }
}

static void *
draw_list(struct machine *m, struct room *room)
{
    napi_value *list = room->values[room->lists++ % 2];
    for (size_t i = 0; i < MANY; ++i) {
        list[i] = machine_handle(m);
    }
    return list;
}

static void *
draw_thing(struct machine *m, enum kind kind)
{
    if (kind == KIND_REF) {
        return m->reference_count
                   ? m->references[machine_draw(m, m->reference_count)]
                   : NULL;
    }
    if (kind == KIND_DEFERRED) {
        return m->deferred_count
                   ? m->deferreds[machine_draw(m, m->deferred_count)]
                   : NULL;
    }
    struct level *level = &m->levels[m->level_count - 1];
    return level->opened == OPENED_ESCAPABLE ? level->scope : NULL;
}

/* A length after a text or after room for one; else any small number. */
static uint64_t
draw_size(struct machine *m, enum kind before, union word given)
{
    size_t length = 0;
    switch (before) {
    case KIND_OUT_TEXT:
    case KIND_OUT_TEXT16:
        return CELL;
    case KIND_TEXT:
        length = strlen(given.p);
        break;
    case KIND_TEXT16:
        for (const char16_t *text = given.p; text[length] != 0;) {
            ++length;
        }
        break;
    default:
        return sizes[machine_draw(m, COUNT(sizes))];
    }
    return machine_draw(m, 2) ? NAPI_AUTO_LENGTH : machine_draw(m, length + 1);
}

static union word
draw_number(struct machine *m, enum kind kind)
{
    uint64_t below[] = {[KIND_BOOL] = 2, [KIND_ELEMENTS] = 12,
                        [KIND_FILTER] = 32};
    switch (kind) {
    case KIND_DOUBLE:
        return (union word){.d = doubles[machine_draw(m, COUNT(doubles))]};
    case KIND_BOOL:
    case KIND_ELEMENTS:
    case KIND_FILTER:
        return (union word){.u = machine_draw(m, below[kind])};
    default:
        return (union word){.i = integers[machine_draw(m, COUNT(integers))]};
    }
}

static bool
has(const struct function *function, enum kind kind)
{
    for (size_t i = 0; i < function->count; ++i) {
        if (function->kinds[i] == kind) {
            return true;
        }
    }
    return false;
}

/* Memory for the host to keep: the finalizer frees it, unless a reference is
 * asked for, with which that can be cancelled. */
static void *
draw_data(struct machine *m, const struct function *function,
          struct room *room)
{
    bool ends = has(function, KIND_FINALIZE) || has(function, KIND_NOENV);
    if (!ends || has(function, KIND_OUT_REF)) {
        uint64_t place = machine_draw(m, sizeof(m->fixed) / BLOCK);
        if (!ends || machine_draw(m, 2)) {
            return m->fixed + place * BLOCK;
        }
    }
    return room->block = block_new(m);
}

static union word
draw_pointer(struct machine *m, const struct function *function, size_t i,
             struct room *room)
{
    switch (function->kinds[i]) {
    case KIND_TEXT:
        return (union word){.p = (void *)(uintptr_t)
                                texts[machine_draw(m, COUNT(texts))]};
    case KIND_TEXT16:
        return (union word){.p = (void *)(uintptr_t)
                                wide[machine_draw(m, COUNT(wide))]};
    case KIND_DATA:
        return (union word){.p = draw_data(m, function, room)};
    case KIND_HINT:
        return (union word){.p = m};
    case KIND_BYTES:
        return (union word){.p = m->fixed};
    case KIND_VALUES:
        return (union word){.p = draw_list(m, room)};
    case KIND_PROPERTIES:
        draw_properties(m, room->properties);
        return (union word){.p = room->properties};
    case KIND_TAG:
        room->tag = (napi_type_tag){machine_draw(m, 2), 0};
        return (union word){.p = &room->tag};
    case KIND_WORDS:
        return (union word){.p = (void *)(uintptr_t)words};
    case KIND_CALLBACK:
        return (union word){.f = (uintptr_t)value_body};
    case KIND_FINALIZE:
        return (union word){.f = (uintptr_t)value_finalize};
    case KIND_NOENV:
        return (union word){.f = (uintptr_t)finalize_without_env};
    case KIND_OUT_REF: /* a block's finalizer must not be cancelled */
        return (union word){.p = room->block ? NULL : room->cells[i]};
    default:
        return (union word){.p = room->cells[i]};
    }
}

/* false: nothing is legal for a parameter now */
static bool
draw_all(struct machine *m, const struct function *function,
         struct room *room)
{
    for (size_t i = 0; i < function->count; ++i) {
        enum kind kind = function->kinds[i];
        union word *word = &room->given[i];
        if (kind == KIND_ENV) {
            word->p = m->env;
        } else if (kind == KIND_VALUE) {
            word->p = machine_handle(m);
        } else if (kind <= KIND_ESCAPABLE) {
            word->p = draw_thing(m, kind);
            if (word->p == NULL) {
                return false;
            }
        } else if (kind == KIND_SIZE) {
            word->u = draw_size(m, function->kinds[i - 1], word[-1]);
        } else if (kind < KIND_TEXT) {
            *word = draw_number(m, kind);
        } else {
            *word = draw_pointer(m, function, i, room);
        }
        if (kind >= KIND_OUT_VALUE && kind < KIND_OUT_OTHER) {
            memset(room->cells[i], 0, sizeof(void *));
        }
        if (kind == KIND_OUT_SIZE) {
            memcpy(room->cells[i], &(size_t){8}, sizeof(size_t));
        }
    }
    return true;
}

/* === what came of it === */

static void
keep_reference(struct machine *m, napi_ref reference)
{
    if (m->reference_count == THINGS) {
        size_t which = machine_draw(m, THINGS);
        napi_status status =
            napi_delete_reference(m->env, m->references[which]);
        if (status != napi_ok) {
            machine_fail(m, "napi_delete_reference", "gives", status);
        }
        m->references[which] = reference;
    } else {
        m->references[m->reference_count++] = reference;
    }
}

static void
keep_deferred(struct machine *m, napi_deferred deferred)
{
    if (m->deferred_count == THINGS) {
        napi_value value = NULL;
        napi_get_undefined(m->env, &value);
        napi_resolve_deferred(m->env, m->deferreds[0], value);
        m->deferreds[0] = m->deferreds[--m->deferred_count];
    }
    m->deferreds[m->deferred_count++] = deferred;
}

static void
keep_value(struct machine *m, const struct function *function,
           napi_value value)
{
    napi_valuetype type;
    napi_status status = napi_typeof(m->env, value, &type);
    if (status != napi_ok) {
        machine_fail(m, function->name, "made a handle whose type gives",
                     status);
        return;
    }
    if (strcmp(function->name, "napi_escape_handle") == 0) {
        --m->level_count; /* it belongs to the level outside */
        machine_keep(m, value);
        ++m->level_count;
        return;
    }
    machine_keep(m, value);
}

/* How long the memory is that a function gives. */
static size_t
find_length(const struct function *function, struct room *room)
{
    static const uint8_t width[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 2};
    size_t length = 0, type = 0;
    for (size_t i = 0; i < function->count; ++i) {
        if (function->kinds[i] == KIND_OUT_SIZE) {
            memcpy(&length, room->cells[i], sizeof(length));
            break; /* what follows is the offset */
        }
        if (function->kinds[i] == KIND_SIZE) {
            length = room->given[i].u;
        }
    }
    if (strcmp(function->name, "napi_get_typedarray_info") == 0) {
        memcpy(&type, room->cells[2], sizeof(int));
        length *= width[type];
    }
    return length;
}

static void
take_data(struct machine *m, const struct function *function,
          struct room *room, void *data)
{
    if (strcmp(function->name, "napi_remove_wrap") == 0) {
        block_touch(data, data ? BLOCK : 0);
        block_free(m, data);
    } else if (strcmp(function->name, "napi_unwrap") == 0 ||
               strcmp(function->name, "napi_get_value_external") == 0) {
        block_touch(data, data ? BLOCK : 0);
    } else {
        block_touch(data, find_length(function, room));
    }
}

static void
take_results(struct machine *m, const struct function *function,
             struct room *room)
{
    for (size_t i = 0; i < function->count; ++i) {
        void *result = NULL;
        if (room->given[i].p == NULL || function->kinds[i] < KIND_OUT_VALUE) {
            continue;
        }
        memcpy(&result, room->cells[i], sizeof(result));
        switch (function->kinds[i]) {
        case KIND_OUT_VALUE:
            if (result != NULL) {
                keep_value(m, function, result);
            }
            break;
        case KIND_OUT_REF:
            keep_reference(m, result);
            break;
        case KIND_OUT_DEFERRED:
            keep_deferred(m, result);
            break;
        case KIND_OUT_DATA:
            take_data(m, function, room, result);
            break;
        default:
            break;
        }
    }
}

static void
take(struct machine *m, const struct function *function, struct room *room)
{
    if (strcmp(function->name, "napi_delete_reference") == 0) {
        machine_forget((void **)m->references, &m->reference_count,
                       room->given[1].p);
    } else if (function->kinds[1] == KIND_DEFERRED) {
        machine_forget((void **)m->deferreds, &m->deferred_count,
                       room->given[1].p);
    }
    take_results(m, function, room);
}

void
value_step(struct machine *m, const struct function *function)
{
    struct room room = {.lists = 0, .block = NULL};
    if (!draw_all(m, function, &room) ||
        (strcmp(function->name, "napi_reference_unref") == 0 &&
         !machine_holds(m, room.given[1].p))) {
        return;
    }
    machine_tell(m, function->name);
    napi_status status = function->call(room.given);
    if ((unsigned)status > napi_cannot_run_js) {
        machine_fail(m, function->name, "gives the status", status);
    } else if (status == napi_ok) {
        take(m, function, &room);
    } else if (room.block != NULL) {
        block_free(m, room.block); /* the host has not taken it */
    }
}
