// Puts the vectors of some files to a harness: node check.mjs PROGRAM HARNESS FILE…
//
// It shows that the files need no Python: what reads them, and what answers, is Node.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const [program, harness, ...files] = process.argv.slice(2);

const bytes = ({ hex }) => Buffer.from(hex, "hex");
const floats = (array, size) => {
  const view = new DataView(Uint8Array.from(bytes(array)).buffer);
  const read = size === 4 ? "getFloat32" : "getFloat64";
  return Array.from({ length: view.byteLength / size }, (_, n) => view[read](n * size, true));
};

/** Whether a loop's answer has the very bits: a right harness copies a NaN with its payload. */
function isExact(expected, value) {
  return JSON.stringify(value) === JSON.stringify(expected.value);
}

/** Whether a recurrence's answer is near enough. */
function isNear(expected, value) {
  const errors = floats(expected.error[0], 8);
  if (errors.every((error) => error === 0)) return isExact(expected, value);
  const [wanted, got] = [expected.value[0], value[0]].map((leaf) => floats(leaf, 4));
  return got.length === wanted.length && got.every((x, n) => Math.abs(x - wanted[n]) <= errors[n]);
}

function answers(cases) {
  const messages = [{ type: "hello", protocol: 1 }, { type: "run", id: 1, cases }];
  const input = messages.map((message) => `${JSON.stringify(message)}\n`).join("");
  const { stdout } = spawnSync(program, [harness], { input, maxBuffer: 2 ** 28 });
  return JSON.parse(stdout.toString().trim().split("\n")[1]).results;
}

for (const file of files) {
  const { kind, flags, vectors } = JSON.parse(readFileSync(file, "utf8"));
  const isRight = kind === "loop" ? isExact : isNear;
  const results = answers(vectors.map((vector) => vector.case));
  const right = vectors.filter((vector, n) => results[n].value && isRight(vector.expected, results[n].value));
  for (const vector of vectors.filter((vector) => !right.includes(vector))) {
    console.error(`${vector.id}: ${vector.flags.map((flag) => flags[flag]).join(" ")}`);
    process.exitCode = 1;
  }
  console.log(`${file.split("/").pop()}: ${right.length} right`);
}
