#include "values.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("harness: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

typedef struct Block {
    struct Block *next;
    max_align_t memory[];
} Block;

static Block *blocks;

void *allot(size_t count, size_t size)
{
    if (count > (SIZE_MAX - sizeof(Block)) / size)
        fail("a message too large for memory");
    Block *block = calloc(1, sizeof(Block) + count * size);
    if (!block)
        fail("out of memory");
    block->next = blocks;
    blocks = block;
    return block->memory;
}

void free_all(void)
{
    while (blocks) {
        Block *following = blocks->next;
        free(blocks);
        blocks = following;
    }
}

/* ---- Checking JSON: where each value ends ---------------------------------------------------- */

enum { DEEPEST = 32 };

static const char *end_of_value(const char *at, unsigned depth);

static _Noreturn void fail_at(const char *at, const char *wanted)
{
    fail("not a message: expected %s, found '%.20s'", wanted, at);
}

static const char *skip_spaces(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

static const char *skip(const char *at, char wanted)
{
    const char text[] = {wanted, 0};
    at = skip_spaces(at);
    if (*at != wanted)
        fail_at(at, text);
    return skip_spaces(at + 1);
}

static const char *end_of_string(const char *at)
{
    if (*at != '"')
        fail_at(at, "a name");
    const char *end = at + 1;
    while (*end != '"' && *end != '\\' && (unsigned char)*end >= ' ')
        end++;
    if (*end != '"')
        fail_at(end, "the end of a string without escapes");
    return end + 1;
}

static const char *end_of_number(const char *at)
{
    const char *digits = at + (*at == '-');
    size_t count = strspn(digits, "0123456789");
    if (count == 0 || (*digits == '0' && count > 1))
        fail_at(at, "an integer");
    return digits + count;
}

static const char *end_of_literal(const char *at)
{
    static const char *const LITERALS[] = {"true", "false", "null"};
    for (size_t n = 0; n < 3; n++)
        if (strncmp(at, LITERALS[n], strlen(LITERALS[n])) == 0)
            return at + strlen(LITERALS[n]);
    fail_at(at, "a value");
}

static const char *end_of_children(const char *at, unsigned depth)
{
    const bool is_object = *at == '{';
    const char closing = is_object ? '}' : ']';
    if (depth == DEEPEST)
        fail_at(at, "fewer brackets");
    at = skip_spaces(at + 1);
    if (*at == closing)
        return at + 1;
    for (;; at = skip(at, ',')) {
        if (is_object)
            at = skip(end_of_string(at), ':');
        at = skip_spaces(end_of_value(at, depth + 1));
        if (*at == closing)
            return at + 1;
    }
}

static const char *end_of_value(const char *at, unsigned depth)
{
    switch (*at) {
    case '{':
    case '[': return end_of_children(at, depth);
    case '"': return end_of_string(at);
    case 't':
    case 'f':
    case 'n': return end_of_literal(at);
    default: return end_of_number(at);
    }
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static char *line;
static size_t room;

static void make_room(size_t length)
{
    if (length < room)
        return;
    room = room ? 2 * room : 4096;
    line = realloc(line, room);
    if (!line)
        fail("out of memory");
}

Json read_message(void)
{
    size_t length = 0;
    int character;
    while ((character = getchar()) != EOF && character != '\n') {
        make_room(length + 1);
        line[length++] = (char)character;
    }
    if (character == EOF && length == 0) {
        free(line);
        return NULL;
    }
    make_room(length);
    line[length] = 0;
    const char *start = skip_spaces(line), *end = skip_spaces(end_of_value(start, 0));
    if (end != line + length)
        fail_at(end, "the end of the line");
    return start;
}

/* ---- Reading JSON that was checked ----------------------------------------------------------- */

Json first(Json list)
{
    const char *at = skip_spaces(list + 1);
    return *at == ']' || *at == '}' ? NULL : at;
}

Json next(Json child)
{
    const char *at = skip_spaces(end_of_value(child, 0));
    return *at == ',' ? skip(at, ',') : NULL;
}

size_t count_children(Json list)
{
    size_t count = 0;
    for (Json child = first(list); child; child = next(child))
        count++;
    return count;
}

bool is(Json string, const char *text)
{
    size_t length = strlen(text);
    return *string == '"' && strncmp(string + 1, text, length) == 0 && string[length + 1] == '"';
}

Json find(Json object, const char *name)
{
    if (*object != '{')
        fail("expected an object with '%s', found '%.20s'", name, object);
    for (Json key = first(object), value; key; key = next(value)) {
        value = skip(end_of_string(key), ':');
        if (is(key, name))
            return value;
    }
    return NULL;
}

Json field(Json object, const char *name, char kind)
{
    Json value = find(object, name);
    if (!value || *value != kind)
        fail("'%s' is missing or of another type in '%.20s'", name, object);
    return value;
}

int64_t number(Json value, int64_t least, int64_t greatest)
{
    char *end;
    if (!value)
        fail("a number is missing");
    errno = 0;
    long long result = strtoll(value, &end, 10);
    if (end == value || errno || result < least || result > greatest)
        fail("expected an integer from %lld to %lld, found '%.20s'", (long long)least,
             (long long)greatest, value);
    return result;
}

/* ---- Arrays ---------------------------------------------------------------------------------- */

static const Dtype DTYPES[] = {
    {"int8", 1, SIGNED},          {"int16", 2, SIGNED},         {"int32", 4, SIGNED},
    {"int64", 8, SIGNED},         {"uint8", 1, UNSIGNED},       {"uint16", 2, UNSIGNED},
    {"uint32", 4, UNSIGNED},      {"uint64", 8, UNSIGNED},      {"bool", 1, NO_INTEGER},
    {"float16", 2, NO_INTEGER},   {"float32", 4, NO_INTEGER},   {"float64", 8, NO_INTEGER},
    {"complex64", 8, NO_INTEGER}, {"complex128", 16, NO_INTEGER}};

static const Dtype *dtype_named(Json name)
{
    for (size_t n = 0; n < sizeof DTYPES / sizeof *DTYPES; n++)
        if (is(name, DTYPES[n].name))
            return &DTYPES[n];
    fail("no dtype is named '%.20s'", name + 1);
}

/* The product of the dimensions, or SIZE_MAX: more than a line can hold. */
static size_t count_elements(Json shape)
{
    size_t count = 1;
    for (Json each = first(shape); each; each = next(each)) {
        uint64_t size = (uint64_t)number(each, 0, INT64_MAX);
        count = size && count > SIZE_MAX / size ? SIZE_MAX : count * (size_t)size;
    }
    return count;
}

static unsigned digit(char character)
{
    static const char DIGITS[] = "0123456789abcdef";
    const char *place = strchr(DIGITS, character);
    if (!place)
        fail("'%c' is no hexadecimal digit", character);
    return (unsigned)(place - DIGITS);
}

Array read_array(Json json)
{
    Json shape = field(json, "shape", '['), hex = field(json, "hex", '"');
    const Dtype *dtype = dtype_named(field(json, "dtype", '"'));
    size_t digits = (size_t)(end_of_string(hex) - hex) - 2, size = digits / 2;
    Array array = {dtype, shape, size / dtype->size, allot(size, 1)};
    if (digits % 2 || size % dtype->size || array.count != count_elements(shape))
        fail("hex holds %zu digits, but not those of %s and its shape", digits, dtype->name);
    for (size_t n = 0; n < size; n++)
        array.bytes[n] = (unsigned char)(digit(hex[2 * n + 1]) << 4 | digit(hex[2 * n + 2]));
    return array;
}

void write_array(const Array *array)
{
    int length = (int)(end_of_value(array->shape, 0) - array->shape);
    printf("{\"dtype\":\"%s\",\"shape\":%.*s,\"hex\":\"", array->dtype->name, length, array->shape);
    for (size_t n = 0; n < array->count * array->dtype->size; n++) {
        putchar("0123456789abcdef"[array->bytes[n] >> 4]);
        putchar("0123456789abcdef"[array->bytes[n] & 15]);
    }
    fputs("\"}", stdout);
}

bool has_type(const Array *array, const char *dtype, size_t rank, const int64_t *shape)
{
    Json each = first(array->shape);
    for (size_t n = 0; n < rank; n++, each = next(each))
        if (!each || number(each, 0, INT64_MAX) != shape[n])
            return false;
    return !each && strcmp(array->dtype->name, dtype) == 0;
}

bool are_alike(const Array *one, const Array *other)
{
    Json a = first(one->shape), b = first(other->shape);
    for (; a && b && number(a, 0, INT64_MAX) == number(b, 0, INT64_MAX); a = next(a))
        b = next(b);
    return !a && !b && one->dtype == other->dtype;
}

uint64_t integer_bits(const Array *scalar)
{
    size_t place = scalar->dtype->size;
    bool is_negative = scalar->dtype->sort == SIGNED && scalar->bytes[place - 1] >= 0x80;
    uint64_t bits = is_negative ? UINT64_MAX : 0;
    while (place--)
        bits = bits << 8 | scalar->bytes[place];
    return bits;
}

void get_words(const Array *array, void *words)
{
    for (size_t n = 0; n < array->count; n++) {
        const unsigned char *b = array->bytes + 4 * n;
        uint32_t word = b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24;
        memcpy((unsigned char *)words + 4 * n, &word, 4);
    }
}

void put_words(Array *array, const void *words)
{
    for (size_t n = 0; n < array->count; n++) {
        uint32_t word;
        memcpy(&word, (const unsigned char *)words + 4 * n, 4);
        for (unsigned byte = 0; byte < 4; byte++)
            array->bytes[4 * n + byte] = (unsigned char)(word >> 8 * byte);
    }
}
