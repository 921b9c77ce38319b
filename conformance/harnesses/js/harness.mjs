#!/usr/bin/env node
/*
 * A harness in JavaScript: a fori_loop, judged by foricheck over standard input and output.
 *
 *     foricheck smoke "exec:node harness.mjs"
 *     foricheck run "exec:node harness.mjs"
 *
 * To judge a loop of your own, replace part 1. The other parts are what any harness needs:
 *
 *     1  The loop          the implementation under test
 *     2  Body programs     what the loop is given to do
 *     3  The recurrence    state <- tanh(state @ W + x), with W drawn from a seed
 *     4  Values            arrays as their bits
 *     5  The protocol      a line in, a line out
 *
 * README.md in the directory above explains how to write one in another language.
 */

import { createInterface } from "node:readline";

// ==== 1  The loop: THE PART YOU REPLACE ==========================================================

/**
 * The loop. Bounds are numbers, or BigInts where they have 64 bits: for both, `<` and `++` are
 * exact over the whole range, so one loop serves every dtype.
 */
function foriLoop(lower, upper, body, init) {
  let value = init;
  for (let i = lower; i < upper; i++) value = body(i, value);
  return value;
}

// ==== 2  Body programs ===========================================================================

// The carry is four registers, each a row of eight int32. No row is ever written to: an instruction
// makes a new one. An Int32Array reduces what it is given modulo 2**32.
const ROWS = 4;
const WIDTH = 8;
const INDEX = 4;
const CONST = 5;

/** Any integer, number or BigInt, reduced to int32. */
const toInt32 = (integer) => Number(BigInt.asIntN(32, BigInt(integer)));

const repeated = (integer) => new Int32Array(WIDTH).fill(integer);
const place = (integer) => integer & (WIDTH - 1);
const elementwise = (operation) => (a, b) => a.map((each, j) => operation(each, b[j]));

const OPERATIONS = {
  copy: (a) => a,
  add: elementwise((a, b) => a + b),
  sub: elementwise((a, b) => a - b),
  mul: elementwise(Math.imul),
  and: elementwise((a, b) => a & b),
  or: elementwise((a, b) => a | b),
  xor: elementwise((a, b) => a ^ b),
  min: elementwise((a, b) => Math.min(a, b)),
  max: elementwise((a, b) => Math.max(a, b)),
  put: (a, b, old) => old.map((each, j) => (j === place(a[0]) ? b[0] : each)),
  get: (a, b) => repeated(a[place(b[0])]),
  roll: (a, b) => a.map((_, j) => a[place(j - b[0])]),
  scan: (a) => {
    let sum = 0;
    return a.map((each) => (sum += each));
  },
};

/** The registers after one instruction. */
function execute([op, dst, a, b, k], index, registers) {
  const after = [...registers];
  if (op === "swap") {
    after[dst] = registers[a % ROWS];
    after[a % ROWS] = registers[dst];
  } else {
    const operands = [...registers, index, repeated(k)];
    after[dst] = OPERATIONS[op](operands[a], operands[b], registers[dst]);
  }
  return after;
}

/** A body: the whole program, once. */
function programBody(program) {
  return (i, registers) => {
    const index = repeated(toInt32(i));
    return program.reduce((now, instruction) => execute(instruction, index, now), registers);
  };
}

/** A body: another body in a loop from 0 to the index. */
function nestedBody(body) {
  return (i, carry) => foriLoop(typeof i === "bigint" ? 0n : 0, i, body, carry);
}

/** A body: leaf j becomes what leaf places[j] was. */
function permutingBody(places) {
  return (_, leaves) => places.map((from) => leaves[from]);
}

// ==== 3  The recurrence ==========================================================================

const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];

const rotateLeft = (word, distance) => (word << distance) | (word >>> (32 - distance));

/**
 * Threefry-2x32 of twenty rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011. All words are int32, two of a key and two of a counter.
 */
function threefry([k0, k1], [c0, c1]) {
  const schedule = [k0, k1, k0 ^ k1 ^ 0x1bd11bda];
  let first = (c0 + k0) | 0;
  let second = (c1 + k1) | 0;
  for (let group = 0; group < 5; group++) {
    for (const distance of ROTATIONS[group % 2]) {
      first = (first + second) | 0;
      second = rotateLeft(second, distance) ^ first;
    }
    first = (first + schedule[(group + 1) % 3]) | 0;
    second = (second + schedule[(group + 2) % 3] + group + 1) | 0;
  }
  return [first, second];
}

/** The first key of flax.nnx.Rngs(seed): fold_in(key(seed), 0). */
const firstKey = (seed) => threefry([0, toInt32(seed)], [0, 0]);

/** Number n of the random bits of a key, for n below 2**32. */
function randomBits(key, n) {
  const [first, second] = threefry(key, [0, n | 0]);
  return (first ^ second) >>> 0;
}

// Numbers have 53 bits here, those of float32 only 24: Math.fround rounds to them, and so does a
// Float32Array what is stored in it.
const LOWEST = -1 + 2 ** -24;
const SQRT2 = Math.fround(Math.SQRT2);

/** Uniform in (-1, 1): 23 of the bits are the digits of a number in [0, 1). */
const uniform = (bits) => Math.max(Math.fround(2 * ((bits >>> 9) / 2 ** 23) + LOWEST), LOWEST);

const INNER = Float32Array.of(
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087,
  -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
);
const OUTER = Float32Array.of(
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
  -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
);

/** Horner's rule; the coefficient of the highest power comes first. */
const polynomial = (coefficients, t) => coefficients.reduce((value, each) => value * t + each);

/**
 * The inverse error function: Giles, "Approximating the erfinv function", GPU Computing Gems Jade
 * Edition, 2011, in single precision. The square is rounded to float32; the rest need not be.
 */
function erfInv(v) {
  const w = -Math.log1p(-Math.fround(v * v));
  return v * (w < 5 ? polynomial(INNER, w - 2.5) : polynomial(OUTER, Math.sqrt(w) - 3));
}

/** W in row-major order: normal(key, (hidden, hidden)) * 0.1. */
function drawWeights(seed, hidden) {
  const key = firstKey(seed);
  const weights = new Float32Array(hidden * hidden);
  return weights.map((_, n) => SQRT2 * erfInv(uniform(randomBits(key, n))) * Math.fround(0.1));
}

/** A body: state <- tanh(state @ W + x). */
function recurrenceBody(weights, x) {
  return (_, state) => {
    const sum = x.slice();
    for (let row = 0, n = 0; row < x.length; row++) {
      const element = state[row];
      for (let column = 0; column < x.length; column++, n++) {
        sum[column] = Math.fround(sum[column] + Math.fround(element * weights[n]));
      }
    }
    return sum.map(Math.tanh);
  };
}

// ==== 4  Values ==================================================================================

class Malformed extends Error {}
class Refused extends Error {}
class Unsupported extends Error {}

/** What the suite must not send: the harness ends. */
function need(condition, what) {
  if (!condition) throw new Malformed(what);
}

/** What this harness does not do: the case is passed over. */
function support(condition, what) {
  if (!condition) throw new Unsupported(what);
}

/** What the implementation does not take: an error that it means to raise. */
function accept(condition, what) {
  if (!condition) throw new Refused(what);
}

const SIZES = {
  bool: 1, int8: 1, int16: 2, int32: 4, int64: 8, uint8: 1, uint16: 2, uint32: 4, uint64: 8,
  float16: 2, float32: 4, float64: 8, complex64: 8, complex128: 16,
};

const GETTERS = {
  int8: "getInt8", int16: "getInt16", int32: "getInt32", int64: "getBigInt64",
  uint8: "getUint8", uint16: "getUint16", uint32: "getUint32", uint64: "getBigUint64",
  float32: "getFloat32",
};

const SETTERS = { int32: "setInt32", float32: "setFloat32" };

const isList = (value, isElement) => Array.isArray(value) && value.every(isElement);
const isInteger = (value, least, greatest) =>
  Number.isInteger(value) && least <= value && value <= greatest;

/** An array as dtype, shape and bytes. */
function decode(json) {
  const { dtype, shape, hex } = json ?? {};
  need(Object.hasOwn(SIZES, dtype), "an array needs a dtype");
  need(isList(shape, (size) => isInteger(size, 0, Infinity)), "an array needs a shape");
  need(typeof hex === "string", "an array needs its hex");
  const bytes = Buffer.from(hex, "hex"); // up to the first that is no digit
  const size = shape.reduce((product, each) => product * each, SIZES[dtype]);
  need(2 * bytes.length === hex.length, "hex must be pairs of hexadecimal digits");
  need(bytes.length === size, "hex must hold as many bytes as dtype and shape say");
  return { dtype, shape, bytes };
}

const encode = ({ dtype, shape, bytes }) => ({ dtype, shape, hex: bytes.toString("hex") });

/** The elements, as numbers; as BigInts if they have 64 bits. */
function elements({ dtype, bytes }) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [get, size] = [GETTERS[dtype], SIZES[dtype]];
  return Array.from({ length: bytes.length / size }, (_, n) => view[get](n * size, true));
}

/** An array of int32 or float32 from numbers. */
function arrayOf(dtype, shape, numbers) {
  const bytes = Buffer.alloc(numbers.length * 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  numbers.forEach((number, n) => view[SETTERS[dtype]](4 * n, number, true));
  return { dtype, shape, bytes };
}

const typeOf = ({ dtype, shape }) => `${dtype}[${shape}]`;

/** An integer scalar: a bound, a seed, a trip count. */
function scalar(json) {
  const array = decode(json);
  support(array.shape.length === 0 && array.dtype.includes("int"), "a bound that is no integer");
  return elements(array)[0];
}

// ==== 5  The protocol ============================================================================

const HELLO = {
  type: "hello",
  protocol: 1,
  name: "foricheck-javascript",
  version: "1.0",
  kinds: ["loop", "recurrence"],
  dtypes: ["int32", "int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64"],
  capabilities: ["nested", "permute"],
};

function checkInstruction([op, dst, a, b, k]) {
  support(Object.hasOwn(OPERATIONS, op) || op === "swap", "an unknown instruction");
  need(isInteger(dst, 0, ROWS - 1), "dst must be a register");
  need(isInteger(a, 0, CONST) && isInteger(b, 0, CONST), "a and b must be operands");
  need(isInteger(k, -(2 ** 31), 2 ** 31 - 1), "k must be an int32");
}

function runRegisters(lower, upper, { registers: program, nested }, leaves) {
  support(leaves.map(typeOf).join() === "int32[4,8]", "a carry that is not one leaf int32[4, 8]");
  need(isList(program, Array.isArray), "a program is a list of instructions");
  program.forEach(checkInstruction);
  const body = nested ? nestedBody(programBody(program)) : programBody(program);
  const numbers = elements(leaves[0]);
  const rows = [0, 8, 16, 24].map((start) => Int32Array.from(numbers.slice(start, start + WIDTH)));
  const after = foriLoop(lower, upper, body, rows);
  return [arrayOf("int32", [ROWS, WIDTH], after.flatMap((row) => [...row]))];
}

function runPermutation(lower, upper, { permute: places }, leaves) {
  need(isList(places, (from) => isInteger(from, 0, leaves.length - 1)), "a place without a leaf");
  const body = permutingBody(places);
  const types = (carry) => carry.map(typeOf).join(" ");
  accept(types(body(lower, leaves)) === types(leaves), "the body changes the type of the carry");
  return foriLoop(lower, upper, body, leaves);
}

function runLoop(json) {
  const [lower, upper] = [scalar(json.lower), scalar(json.upper)];
  accept(json.lower.dtype === json.upper.dtype, "lower and upper must have equal dtypes");
  need(Array.isArray(json.carry), "a carry is a list of leaves");
  const leaves = json.carry.map(decode);
  const body = json.body ?? {};
  support(body.registers || body.permute, "a body that is neither registers nor permute");
  return body.registers
    ? runRegisters(lower, upper, body, leaves)
    : runPermutation(lower, upper, body, leaves);
}

function runRecurrence(json) {
  const [seed, T, x] = [scalar(json.seed), scalar(json.T), decode(json.x)];
  need(isInteger(json.hidden, 1, Infinity), "hidden must be an integer of at least 1");
  support(x.dtype === "float32", "a recurrence that is not in float32");
  accept(typeOf(x) === `float32[${json.hidden}]`, "x must have shape (hidden,)");
  const first = Float32Array.from(elements(x));
  const body = recurrenceBody(drawWeights(seed, json.hidden), first);
  return [arrayOf("float32", x.shape, foriLoop(0, T, body, first))];
}

const KINDS = { loop: runLoop, recurrence: runRecurrence };

/** What a case came to, in one of the four forms. */
function resultOf(json) {
  try {
    need(typeof json?.kind === "string", "a case needs a kind");
    support(Object.hasOwn(KINDS, json.kind), "a kind that is neither loop nor recurrence");
    return { value: KINDS[json.kind](json).map(encode) };
  } catch (error) {
    if (error instanceof Malformed) throw error;
    if (error instanceof Refused) return { refused: error.message };
    if (error instanceof Unsupported) return { unsupported: error.message };
    return { crashed: String(error) };
  }
}

function answer(message) {
  switch (message?.type) {
    case "hello":
      need(message.protocol === 1, "this harness speaks version 1 of the protocol alone");
      return HELLO;
    case "run":
      need(Number.isSafeInteger(message.id), "a run needs an id");
      need(Array.isArray(message.cases), "a run needs cases");
      return { type: "results", id: message.id, results: message.cases.map(resultOf) };
    default:
      throw new Malformed("a message is hello or run");
  }
}

async function main() {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
  }
}

main().catch((error) => {
  if (!(error instanceof Malformed || error instanceof SyntaxError)) throw error;
  console.error(`harness: ${error.message}`);
  process.exit(1);
});
