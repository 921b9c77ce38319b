/*
 * A harness in C: a fori_loop, judged by foricheck over standard input and output.
 *
 *     cc -O2 -o harness harness.c values.c -lm
 *     foricheck smoke "exec:./harness"
 *     foricheck run "exec:./harness"
 *
 * To judge a loop of your own, replace part 1. The other parts are what any harness needs:
 *
 *     1  The loop          the implementation under test
 *     2  Body programs     what the loop is given to do
 *     3  The recurrence    state <- tanh(state @ W + x), with W drawn from a seed
 *     4  The protocol      a line in, a line out
 *
 * values.c reads and writes JSON and arrays, which most languages have a library for. README.md in
 * the directory above explains how to write a harness in another language.
 */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

/* ==== 1  The loop: THE PART YOU REPLACE ====================================================== */

/* An integer of any dtype: its value modulo 2**64, and how it is compared. */
typedef struct {
    uint64_t bits;
    bool is_signed;
} Integer;

/* One iteration: it changes the carry in place. */
typedef void Body(Integer i, void *carry, const void *closed_over);

static bool is_less(Integer a, Integer b)
{
    uint64_t sign = a.is_signed ? UINT64_C(1) << 63 : 0;
    return (a.bits ^ sign) < (b.bits ^ sign);
}

/* The loop. It never goes past upper, so that nothing overflows at the end of a dtype. */
static void fori_loop(Integer lower, Integer upper, Body *body, void *carry,
                      const void *closed_over)
{
    for (Integer i = lower; is_less(i, upper); i.bits++)
        body(i, carry, closed_over);
}

/* ==== 2  Body programs ======================================================================= */

/* The carry is four registers, each a row of eight int32. They are kept unsigned, because unsigned
 * arithmetic is modulo 2**32 and signed overflow is undefined. */
enum { ROWS = 4, WIDTH = 8, INDEX = 4, CONSTANT = 5 };

typedef uint32_t Row[WIDTH];

typedef enum { COPY, ADD, SUB, MUL, AND, OR, XOR, MIN, MAX, PUT, GET, ROLL, SCAN, SWAP, OPS } Op;

static const char *const OP_NAMES[OPS] = {"copy", "add", "sub", "mul", "and",  "or",   "xor",
                                          "min",  "max", "put", "get", "roll", "scan", "swap"};

typedef struct {
    Op op;
    unsigned dst, a, b;
    uint32_t k;
} Instruction;

typedef struct {
    size_t length;
    const Instruction *instructions;
} Program;

/* Whether a < b as int32. */
static bool is_below(uint32_t a, uint32_t b)
{
    return (a ^ 0x80000000u) < (b ^ 0x80000000u);
}

static uint32_t combine(Op op, uint32_t a, uint32_t b)
{
    switch (op) {
    case ADD: return a + b;
    case SUB: return a - b;
    case MUL: return a * b;
    case AND: return a & b;
    case OR: return a | b;
    case XOR: return a ^ b;
    case MIN: return is_below(b, a) ? b : a;
    case MAX: return is_below(a, b) ? b : a;
    default: return a;
    }
}

static void fill(uint32_t *row, uint32_t value)
{
    for (unsigned j = 0; j < WIDTH; j++)
        row[j] = value;
}

static void swap(uint32_t *one, uint32_t *other)
{
    for (unsigned j = 0; j < WIDTH; j++) {
        uint32_t kept = one[j];
        one[j] = other[j];
        other[j] = kept;
    }
}

/* A copy of an operand, so that an instruction may write to the register it reads. */
static void read_operand(uint32_t *row, unsigned which, Row *registers, uint32_t index, uint32_t k)
{
    if (which < ROWS)
        memcpy(row, registers[which], sizeof(Row));
    else
        fill(row, which == INDEX ? index : k);
}

static void execute(const Instruction *it, uint32_t index, Row *registers)
{
    Row a, b;
    uint32_t *dst = registers[it->dst], sum = 0;
    read_operand(a, it->a, registers, index, it->k);
    read_operand(b, it->b, registers, index, it->k);
    switch (it->op) {
    case PUT: dst[a[0] % WIDTH] = b[0]; break;
    case GET: fill(dst, a[b[0] % WIDTH]); break;
    case ROLL:
        for (unsigned j = 0; j < WIDTH; j++)
            dst[j] = a[(j - b[0]) % WIDTH];
        break;
    case SCAN:
        for (unsigned j = 0; j < WIDTH; j++)
            dst[j] = sum += a[j];
        break;
    case SWAP: swap(dst, registers[it->a % ROWS]); break;
    default:
        for (unsigned j = 0; j < WIDTH; j++)
            dst[j] = combine(it->op, a[j], b[j]);
    }
}

/* A body: the whole program, once. */
static void run_program(Integer i, void *carry, const void *closed_over)
{
    const Program *program = closed_over;
    for (size_t n = 0; n < program->length; n++)
        execute(&program->instructions[n], (uint32_t)i.bits, carry);
}

/* A body: the whole program in a loop from 0 to the index. */
static void run_nested(Integer i, void *carry, const void *program)
{
    Integer zero = {0, i.is_signed};
    fori_loop(zero, i, run_program, carry, program);
}

typedef struct {
    size_t count;
    const size_t *from;
    unsigned char **before;
} Permutation;

/* A body over leaves, each the place of its bytes: leaf j becomes what leaf from[j] was. */
static void permute(Integer i, void *carry, const void *closed_over)
{
    const Permutation *permutation = closed_over;
    unsigned char **leaves = carry, **before = permutation->before;
    (void)i;
    for (size_t j = 0; j < permutation->count; j++)
        before[j] = leaves[j];
    for (size_t j = 0; j < permutation->count; j++)
        leaves[j] = before[permutation->from[j]];
}

/* ==== 3  The recurrence ====================================================================== */

typedef struct {
    uint32_t first, second;
} Words;

static uint32_t rotate_left(uint32_t word, unsigned distance)
{
    return word << distance | word >> (32 - distance);
}

/* Threefry-2x32 of twenty rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011. */
static Words threefry(Words key, Words counter)
{
    static const unsigned ROTATIONS[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
    uint32_t schedule[3] = {key.first, key.second, key.first ^ key.second ^ 0x1BD11BDAu};
    Words words = {counter.first + schedule[0], counter.second + schedule[1]};
    for (unsigned group = 0; group < 5; group++) {
        for (unsigned round = 0; round < 4; round++) {
            words.first += words.second;
            words.second = rotate_left(words.second, ROTATIONS[group % 2][round]) ^ words.first;
        }
        words.first += schedule[(group + 1) % 3];
        words.second += schedule[(group + 2) % 3] + group + 1;
    }
    return words;
}

/* The first key of flax.nnx.Rngs(seed): fold_in(key(seed), 0). */
static Words first_key(uint32_t seed)
{
    Words key = {0, seed}, count = {0, 0};
    return threefry(key, count);
}

static uint32_t random_bits(Words key, uint64_t n)
{
    Words counter = {(uint32_t)(n >> 32), (uint32_t)n}, words = threefry(key, counter);
    return words.first ^ words.second;
}

/* Uniform in (-1, 1): 23 bits are the mantissa of a number in [1, 2). */
static float uniform(uint32_t bits)
{
    const float lowest = -0x1.fffffep-1f;
    uint32_t in_one_to_two = bits >> 9 | 0x3F800000u;
    float number;
    memcpy(&number, &in_one_to_two, sizeof number);
    return fmaxf((number - 1.0f) * 2.0f + lowest, lowest);
}

/* Horner's rule, for nine coefficients, that of the highest power first. */
static float polynomial(const float *coefficients, float t)
{
    float value = coefficients[0];
    for (unsigned n = 1; n < 9; n++)
        value = value * t + coefficients[n];
    return value;
}

/* The inverse error function: Giles, "Approximating the erfinv function", GPU Computing Gems Jade
 * Edition, 2011, in single precision. */
static float erf_inv(float v)
{
    static const float INNER[9] = {2.81022636e-08f, 3.43273939e-07f, -3.5233877e-06f,
                                   -4.39150654e-06f, 0.00021858087f, -0.00125372503f,
                                   -0.00417768164f, 0.246640727f, 1.50140941f};
    static const float OUTER[9] = {-0.000200214257f, 0.000100950558f, 0.00134934322f,
                                   -0.00367342844f, 0.00573950773f, -0.0076224613f,
                                   0.00943887047f, 1.00167406f, 2.83297682f};
    float w = -log1pf(-v * v);
    return v * (w < 5.0f ? polynomial(INNER, w - 2.5f) : polynomial(OUTER, sqrtf(w) - 3.0f));
}

/* W in row-major order: normal(key, (hidden, hidden)) * 0.1. */
static void draw_weights(uint32_t seed, size_t count, float *weights)
{
    Words key = first_key(seed);
    for (size_t n = 0; n < count; n++)
        weights[n] = 1.41421356f * erf_inv(uniform(random_bits(key, n))) * 0.1f;
}

typedef struct {
    size_t hidden;
    const float *weights, *x;
    float *sum;
} Step;

/* A body: state <- tanh(state @ W + x). */
static void step(Integer i, void *carry, const void *closed_over)
{
    const Step *s = closed_over;
    float *state = carry;
    (void)i;
    memcpy(s->sum, s->x, s->hidden * sizeof(float));
    for (size_t row = 0; row < s->hidden; row++)
        for (size_t column = 0; column < s->hidden; column++)
            s->sum[column] += state[row] * s->weights[row * s->hidden + column];
    for (size_t column = 0; column < s->hidden; column++)
        state[column] = tanhf(s->sum[column]);
}

/* ==== 4  The protocol ======================================================================== */

/* What a case came to: leaves, or one of the other forms with a message. */
typedef struct {
    const char *form, *message;
    size_t count;
    const Array *leaves;
} Result;

static Result value(size_t count, const Array *leaves)
{
    return (Result){"value", NULL, count, leaves};
}

static Result refused(const char *message)
{
    return (Result){"refused", message, 0, NULL};
}

static Result unsupported(const char *reason)
{
    return (Result){"unsupported", reason, 0, NULL};
}

typedef struct {
    Integer lower, upper;
    Json body;
    size_t count;
    Array *leaves;
} Loop;

static bool is_integer(const Array *array)
{
    return array->dtype->sort != NO_INTEGER && !first(array->shape);
}

static Integer integer_of(const Array *scalar)
{
    return (Integer){integer_bits(scalar), scalar->dtype->sort == SIGNED};
}

/* Reads [op, dst, a, b, k]; false if the op has a name that is not known here. */
static bool read_instruction(Json json, Instruction *instruction)
{
    if (*json != '[' || count_children(json) != 5)
        fail("an instruction is [op, dst, a, b, k], not '%.20s'", json);
    Json op = first(json), dst = next(op), a = next(dst), b = next(a), k = next(b);
    instruction->dst = (unsigned)number(dst, 0, ROWS - 1);
    instruction->a = (unsigned)number(a, 0, CONSTANT);
    instruction->b = (unsigned)number(b, 0, CONSTANT);
    instruction->k = (uint32_t)number(k, INT32_MIN, INT32_MAX);
    for (instruction->op = COPY; instruction->op < OPS; instruction->op++)
        if (is(op, OP_NAMES[instruction->op]))
            return true;
    return false;
}

static Result run_registers(const Loop *loop, Json code)
{
    static const int64_t SHAPE[2] = {ROWS, WIDTH};
    if (loop->count != 1 || !has_type(loop->leaves, "int32", 2, SHAPE))
        return unsupported("registers in a carry that is not one leaf int32[4, 8]");
    Instruction *instructions = allot(count_children(code), sizeof *instructions);
    Program program = {0, instructions};
    for (Json each = first(code); each; each = next(each))
        if (!read_instruction(each, &instructions[program.length++]))
            return unsupported("an instruction that this harness does not know");
    Row registers[ROWS];
    Body *body = find(loop->body, "nested") ? run_nested : run_program;
    get_words(loop->leaves, registers);
    fori_loop(loop->lower, loop->upper, body, registers, &program);
    put_words(loop->leaves, registers);
    return value(1, loop->leaves);
}

static Result run_permutation(const Loop *loop, Json places)
{
    size_t count = loop->count, *from = allot(count, sizeof *from), j = 0;
    unsigned char **bytes = allot(count, sizeof *bytes), **before = allot(count, sizeof *before);
    Permutation permutation = {count, from, before};
    if (count_children(places) != count)
        return refused("the body changes the number of leaves");
    for (Json each = first(places); each; each = next(each), j++) {
        from[j] = (size_t)number(each, 0, (int64_t)count - 1);
        if (!are_alike(&loop->leaves[j], &loop->leaves[from[j]]))
            return refused("the body changes the dtype or the shape of a leaf");
        bytes[j] = loop->leaves[j].bytes;
    }
    fori_loop(loop->lower, loop->upper, permute, bytes, &permutation);
    for (j = 0; j < count; j++)
        loop->leaves[j].bytes = bytes[j];
    return value(count, loop->leaves);
}

static Loop read_loop(Json json, Integer lower, Integer upper)
{
    Json carry = field(json, "carry", '[');
    size_t count = count_children(carry), n = 0;
    Loop loop = {lower, upper, field(json, "body", '{'), count, allot(count, sizeof(Array))};
    for (Json each = first(carry); each; each = next(each))
        loop.leaves[n++] = read_array(each);
    return loop;
}

static Result run_loop(Json json)
{
    Array lower = read_array(field(json, "lower", '{'));
    Array upper = read_array(field(json, "upper", '{'));
    if (!is_integer(&lower) || !is_integer(&upper))
        return unsupported("bounds that are not integer scalars");
    if (lower.dtype != upper.dtype)
        return refused("lower and upper must have equal dtypes");
    Loop loop = read_loop(json, integer_of(&lower), integer_of(&upper));
    if (find(loop.body, "registers"))
        return run_registers(&loop, field(loop.body, "registers", '['));
    if (find(loop.body, "permute"))
        return run_permutation(&loop, field(loop.body, "permute", '['));
    return unsupported("a body that is neither registers nor permute");
}

static float *floats_of(const Array *array)
{
    float *floats = allot(array->count, sizeof *floats);
    get_words(array, floats);
    return floats;
}

/* Writes the last state over x. */
static void recur(uint32_t seed, Array *x, Integer upper)
{
    size_t hidden = x->count;
    float *weights = allot(hidden, hidden * sizeof *weights), *state = floats_of(x);
    Step closed_over = {hidden, weights, floats_of(x), allot(hidden, sizeof(float))};
    Integer zero = {0, upper.is_signed};
    draw_weights(seed, hidden * hidden, weights);
    fori_loop(zero, upper, step, state, &closed_over);
    put_words(x, state);
}

static Result run_recurrence(Json json)
{
    Array seed = read_array(field(json, "seed", '{')), T = read_array(field(json, "T", '{'));
    Array *x = allot(1, sizeof *x);
    *x = read_array(field(json, "x", '{'));
    int64_t hidden = number(find(json, "hidden"), 1, INT32_MAX);
    if (!is_integer(&seed) || !is_integer(&T))
        return unsupported("a seed or a T that is not an integer scalar");
    if (strcmp(x->dtype->name, "float32") != 0)
        return unsupported("a recurrence that is not in float32");
    if (!has_type(x, "float32", 1, &hidden))
        return refused("x must have shape (hidden,)");
    recur((uint32_t)integer_bits(&seed), x, integer_of(&T));
    return value(1, x);
}

static Result run_case(Json json)
{
    Json kind = field(json, "kind", '"');
    if (is(kind, "loop"))
        return run_loop(json);
    if (is(kind, "recurrence"))
        return run_recurrence(json);
    return unsupported("a kind that is neither loop nor recurrence");
}

static void write_result(Result result)
{
    if (result.message) {
        printf("{\"%s\":\"%s\"}", result.form, result.message);
        return;
    }
    fputs("{\"value\":[", stdout);
    for (size_t n = 0; n < result.count; n++) {
        fputs(n ? "," : "", stdout);
        write_array(&result.leaves[n]);
    }
    fputs("]}", stdout);
}

static void say_hello(Json message)
{
    if (number(find(message, "protocol"), INT64_MIN, INT64_MAX) != 1)
        fail("this harness speaks version 1 of the protocol alone");
    puts("{\"type\":\"hello\",\"protocol\":1,\"name\":\"foricheck-c\",\"version\":\"1.0\","
         "\"kinds\":[\"loop\",\"recurrence\"],\"dtypes\":[\"int32\",\"int8\",\"int16\",\"int64\","
         "\"uint8\",\"uint16\",\"uint32\",\"uint64\"],\"capabilities\":[\"nested\",\"permute\"]}");
}

static void run(Json message)
{
    Json cases = field(message, "cases", '[');
    printf("{\"type\":\"results\",\"id\":%" PRId64 ",\"results\":[",
           number(find(message, "id"), INT64_MIN, INT64_MAX));
    for (Json each = first(cases); each; each = next(each)) {
        fputs(each == first(cases) ? "" : ",", stdout);
        write_result(run_case(each));
    }
    puts("]}");
}

int main(void)
{
    for (Json message; (message = read_message());) {
        Json type = field(message, "type", '"');
        if (is(type, "hello"))
            say_hello(message);
        else if (is(type, "run"))
            run(message);
        else
            fail("a message of type %.20s", type);
        fflush(stdout);
        free_all();
    }
    return EXIT_SUCCESS;
}
