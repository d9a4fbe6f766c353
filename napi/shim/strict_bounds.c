/* The strict build: the addon's memory that a function of Node-API uses.
 *
 * The host is not compiled for AddressSanitizer: that sees what the functions
 * of the C library read and write for it, and nothing else. Here it is asked
 * before each call whether what a pointer leads to is the addon's, as far as
 * the call will go, and tells if not, with the addon's line as the place. */

#include "shim.h"

#ifdef NAPI_STRICT

/* Of AddressSanitizer's runtime, where that is loaded. The last argument of
 * the second is for experiments, and not in its header. */
extern void *__asan_region_is_poisoned(void *data, size_t size)
    __attribute__((weak));
extern void __asan_report_error(void *pc, void *bp, void *sp, void *address,
                                int is_write, size_t size, uint32_t experiment)
    __attribute__((weak));

enum extent {
    EXTENT_NONE,
    EXTENT_ONE,    /* one unit */
    EXTENT_COUNT,  /* as many units as an argument says */
    EXTENT_TEXT,   /* the same, or up to a zero */
    EXTENT_ROOM,   /* as many as an argument says, or as the text has */
    EXTENT_FILLED, /* as many as the variable has that an argument leads to */
    EXTENT_WORDS,  /* the same, or as the number has */
};

/* What one parameter leads to. */
struct strict_memory {
    uint8_t extent, unit, count; /* enum; bytes; index of the argument */
    bool is_written;
};

static size_t
unit_of(const char *type)
{
    static const struct {
        const char *type;
        size_t size;
    } types[] = {
        {"char", 1},
        {"bool", sizeof(bool)},
        {"char16_t", sizeof(char16_t)},
        {"int", sizeof(int)},
        {"int32_t", sizeof(int32_t)},
        {"uint32_t", sizeof(uint32_t)},
        {"napi_valuetype", sizeof(napi_valuetype)},
        {"napi_typedarray_type", sizeof(napi_typedarray_type)},
        {"void", 1},
        {"napi_module", sizeof(napi_module)},
        {"napi_property_descriptor", sizeof(napi_property_descriptor)},
        {"napi_type_tag", sizeof(napi_type_tag)},
    };
    const char *start = strncmp(type, "const ", 6) == 0 ? type + 6 : type;
    size_t length = strcspn(start, " ");
    for (size_t i = 0; i < Py_ARRAY_LENGTH(types); ++i) {
        if (strlen(types[i].type) == length &&
            strncmp(start, types[i].type, length) == 0 &&
            strstr(start, "**") == NULL) {
            return types[i].size;
        }
    }
    return sizeof(void *); /* handles, pointers, numbers of 64 bits */
}

static bool
has_type(const struct watch_function *function, size_t index, const char *type)
{
    return index < function->count &&
           strcmp(function->parameters[index].type, type) == 0;
}

/* Of a list, the number that belongs to it: next to it, or behind the next */
static size_t
count_of(const struct watch_function *function, size_t index)
{
    bool is_text = strstr(function->parameters[index].type, "char") != NULL;
    if (!is_text && index > 0 && has_type(function, index - 1, "size_t")) {
        return index - 1;
    }
    for (size_t i = index + 1; i < function->count; ++i) {
        if (has_type(function, i, "size_t")) {
            return i;
        }
        if (!has_type(function, i, function->parameters[index].type)) {
            break;
        }
    }
    return 0;
}

static struct strict_memory
describe(const struct watch_function *function, size_t index)
{
    const char *type = function->parameters[index].type;
    const char *name = function->parameters[index].name;
    struct strict_memory made = {.unit = (uint8_t)unit_of(type)};
    bool is_constant = strncmp(type, "const ", 6) == 0 && !strstr(type, "**");
    bool is_text = strstr(type, "char") != NULL;
    made.is_written = !is_constant;
    made.count = (uint8_t)count_of(function, index);
    if (strchr(type, '*') == NULL || strcmp(type, "void *") == 0 ||
        strcmp(type, "napi_module *") == 0) {
        made.extent = EXTENT_NONE; /* the addon's own affair */
    } else if (strcmp(name, "argv") == 0 && !is_constant) {
        made.extent = EXTENT_FILLED;
        made.count = (uint8_t)(index - 1);
    } else if (strcmp(name, "words") == 0 && !is_constant) {
        made.extent = EXTENT_WORDS;
        made.count = (uint8_t)(index - 1);
    } else if (is_text && strstr(type, "**") == NULL) {
        bool is_given = is_constant || strcmp(name, "str") == 0;
        made.extent = is_given ? EXTENT_TEXT : EXTENT_ROOM;
        made.is_written = !is_given;
    } else if (is_constant && made.count != 0) {
        made.extent = EXTENT_COUNT;
    } else {
        made.extent = EXTENT_ONE;
    }
    return made;
}

struct strict_memory * /* new (PyMem), WATCH_ARGUMENTS of each function; or
                          NULL: nobody would tell, or no memory */
strict_memory_new(void)
{
    if (__asan_region_is_poisoned == NULL || __asan_report_error == NULL) {
        return NULL;
    }
    struct strict_memory *all =
        PyMem_Calloc(watch_function_count * WATCH_ARGUMENTS, sizeof(*all));
    for (size_t i = 0; all != NULL && i < watch_function_count; ++i) {
        for (size_t j = 0; j < watch_functions[i].count; ++j) {
            all[i * WATCH_ARGUMENTS + j] = describe(&watch_functions[i], j);
        }
    }
    return all;
}

/* The first byte of these that is nobody's; NULL: all are the addon's */
static void *
find_bad(uint64_t start, uint64_t count, size_t unit)
{
    uint64_t most = (uint64_t)PTRDIFF_MAX / unit;
    return __asan_region_is_poisoned((void *)(uintptr_t)start,
                                     (size_t)Py_MIN(count, most) * unit);
}

/* Up to the zero, that included; but not beyond what is the addon's. */
static uint64_t
measure(uint64_t start, size_t unit)
{
    const unsigned char *bytes = (const unsigned char *)(uintptr_t)start;
    for (uint64_t i = 0;; ++i) {
        const unsigned char *here = bytes + i * unit;
        if (find_bad((uintptr_t)here, 1, unit) != NULL ||
            (here[0] == 0 && here[unit - 1] == 0)) {
            return i + 1;
        }
    }
}

/* What a function would write of this text, its zero included */
static uint64_t
text_of(struct watch_call *call, size_t unit)
{
    napi_value value = (napi_value)(uintptr_t)call->arguments[1];
    const char *name = watch_functions[call->function].name;
    size_t length = 0;
    if (value_of(call->env, value) == NULL) {
        return 0; /* is refused */
    }
    if (unit == sizeof(char16_t)) {
        napi_get_value_string_utf16(call->env, value, NULL, 0, &length);
    } else if (strstr(name, "latin1") != NULL) {
        napi_get_value_string_latin1(call->env, value, NULL, 0, &length);
    } else {
        napi_get_value_string_utf8(call->env, value, NULL, 0, &length);
    }
    return (uint64_t)length + 1;
}

static uint64_t
words_of(struct watch_call *call)
{
    napi_value value = (napi_value)(uintptr_t)call->arguments[1];
    size_t count = 0;
    if (value_of(call->env, value) != NULL) {
        napi_get_value_bigint_words(call->env, value, NULL, &count, NULL);
    }
    return count;
}

/* How many units of the argument the call will use */
static uint64_t
units_of(struct watch_call *call, size_t index,
         const struct strict_memory *memory)
{
    uint64_t start = call->arguments[index];
    uint64_t given = call->arguments[memory->count];
    size_t variable = 0;
    switch (memory->extent) {
    case EXTENT_COUNT:
        return given;
    case EXTENT_TEXT:
        return memory->count == 0 || given == (uint64_t)NAPI_AUTO_LENGTH
                   ? measure(start, memory->unit)
                   : given;
    case EXTENT_ROOM:
        return find_bad(start, given, memory->unit) == NULL
                   ? 0
                   : Py_MIN(given, text_of(call, memory->unit));
    case EXTENT_FILLED:
    case EXTENT_WORDS:
        if (given == 0 || find_bad(given, 1, sizeof(variable)) != NULL) {
            return 0;
        }
        memcpy(&variable, (const void *)(uintptr_t)given, sizeof(variable));
        return memory->extent == EXTENT_FILLED
                   ? variable
                   : Py_MIN(variable, words_of(call));
    default:
        return 1;
    }
}

void
strict_check_memory(struct watch_call *call, const struct strict_memory *all)
{
    const struct strict_memory *memory =
        &all[call->function * WATCH_ARGUMENTS];
    size_t count = watch_functions[call->function].count;
    for (size_t i = 0; i < count; ++i) {
        uint64_t start = call->arguments[i];
        if (memory[i].extent == EXTENT_NONE || start == 0) {
            continue;
        }
        uint64_t units = units_of(call, i, &memory[i]);
        void *bad = find_bad(start, units, memory[i].unit);
        if (bad != NULL) {
            void *frame = __builtin_frame_address(0);
            __asan_report_error((void *)(uintptr_t)call->caller, frame, frame,
                                bad, memory[i].is_written,
                                (size_t)units * memory[i].unit, 0);
        }
    }
}

#else
typedef int strict_bounds_is_empty_in_the_release_build;
#endif
