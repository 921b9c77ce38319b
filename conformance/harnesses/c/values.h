/* What C lacks and a harness needs: lines, JSON, memory for a message, arrays as their bits. */

#ifndef VALUES_H
#define VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Failing --------------------------------------------------------------------------------- */

/* Ends the harness with one line on standard error: the input makes no sense. */
_Noreturn void fail(const char *format, ...);

/* ---- Memory ---------------------------------------------------------------------------------- */

/* Memory for one message, all bytes 0. */
void *allot(size_t count, size_t size);

/* Frees all that was allotted. */
void free_all(void);

/* ---- JSON ------------------------------------------------------------------------------------ */

/* Where a value begins, in a line that was checked. */
typedef const char *Json;

/* The next line of standard input, checked, if there is one; it stays until the next is read.
 * JSON as far as messages go: numbers are integers, strings have no escapes. */
Json read_message(void);

/* The children of a list, one after the other; NULL after the last. */
Json first(Json list);
Json next(Json child);
size_t count_children(Json list);

/* A field of an object; NULL if it is not there. */
Json find(Json object, const char *name);

/* A field that must be there and begin with this character: one of { [ " */
Json field(Json object, const char *name, char kind);

/* Whether a string is this text. */
bool is(Json string, const char *text);

/* A number that must lie in this range. */
int64_t number(Json value, int64_t least, int64_t greatest);

/* ---- Arrays ---------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    size_t size; /* of one element, in bytes */
    enum { UNSIGNED, SIGNED, NO_INTEGER } sort;
} Dtype;

typedef struct {
    const Dtype *dtype;
    Json shape;
    size_t count;         /* of elements */
    unsigned char *bytes; /* elements little-endian, in row-major order */
} Array;

Array read_array(Json json);
void write_array(const Array *array);

/* Whether the dtype has this name, and the shape these dimensions. */
bool has_type(const Array *array, const char *dtype, size_t rank, const int64_t *shape);

/* Whether two arrays have one dtype and one shape. */
bool are_alike(const Array *one, const Array *other);

/* The value of an integer scalar modulo 2**64. */
uint64_t integer_bits(const Array *scalar);

/* The elements of an array of int32 or float32, as the 32 bits of each. */
void get_words(const Array *array, void *words);
void put_words(Array *array, const void *words);

#endif
