// Runs one program function of a zellige module with plain WebAssembly JavaScript, as a browser would.
//
//   node node_host.mjs MODULE FUNCTION [INPUT ...] -- [OUTPUT ...]
//
// Each input file holds the raw little-endian elements of an argument, each output file receives those of a result.
// An argument of dynamic size is FILE:2x3, with its shape.
// The layout of the state block is in docs/design/abi.md. Exit code 4 and a message for a trap, 2 for wrong usage.

import { readFileSync, writeFileSync } from "node:fs";

const PAGE_BYTES = 65536;
const MOST_PAGES = 65536; // of a 32-bit memory; a module may ask for a memory with a limit
const FAULT_ADDRESS = 16;
const STATE_SLOT_BYTES = 8;
const SYNC_BYTES = 64;
const INDEX_BYTES = 4;

function stop(message, code) {
  console.error(message);
  process.exit(code);
}

/** Bytes of an element: the number in the name of a type, such as `ui16` or `f8E5M2`, is that of its bits. */
function elementBytes(dtype) {
  if (dtype === "index") return INDEX_BYTES;
  const complex = /^complex<(.*)>$/.exec(dtype);
  if (complex !== null) return 2 * elementBytes(complex[1]);
  const bits = Number(/\d+/.exec(dtype)[0]);
  return bits === 1 ? 1 : bits / 8;
}

function sizeBytes(tensor) {
  return Math.ceil(tensor.shape.reduce((product, size) => product * size, elementBytes(tensor.dtype)));
}

/** Hands out device memory from `heapBase` on, at multiples of 64, and makes the memory large enough for it. */
function bumpAllocator(memory, heapBase) {
  let end = heapBase;
  return (bytes) => {
    const address = Math.ceil(end / 64) * 64;
    end = address + bytes;
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) memory.grow(missing);
    return address;
  };
}

const [modulePath, functionName, ...files] = process.argv.slice(2);
const separator = files.indexOf("--");
if (separator < 0) stop("usage: node node_host.mjs MODULE FUNCTION [INPUT ...] -- [OUTPUT ...]", 2);
const inputs = files.slice(0, separator);
const outputs = files.slice(separator + 1);

const module = await WebAssembly.compile(readFileSync(modulePath));
const [section] = WebAssembly.Module.customSections(module, "zellige.program");
if (section === undefined) stop(`'${modulePath}' has no 'zellige.program' section`, 2);
const program = JSON.parse(new TextDecoder().decode(section));
const signature = program.functions.find((candidate) => candidate.name === functionName);
if (signature === undefined) stop(`the program has no function '${functionName}'`, 2);
if (inputs.length !== signature.arguments.length || outputs.length !== signature.results.length) {
  stop(`'${functionName}' has ${signature.arguments.length} arguments and ${signature.results.length} results`, 2);
}

const device = program.memories.find((candidate) => candidate.name === "device");
const memory = new WebAssembly.Memory({ initial: device.min_pages, maximum: MOST_PAGES });
const { exports } = await WebAssembly.instantiate(module, { zellige: { device: memory } });

const paths = inputs.map((input) => input.replace(/:[0-9x]+$/, ""));
const shapes = inputs.map((input, index) => /:([0-9x]+)$/.exec(input)?.[1].split("x").map(Number));
const argumentTensors = signature.arguments.map((tensor, index) =>
  tensor.shape.includes(null) ? { ...tensor, shape: shapes[index] ?? stop(`'${paths[index]}' needs a shape`, 2) } : tensor,
);
const openSizes = (tensor, shape) => shape.filter((_, dimension) => tensor.shape[dimension] === null);
const argumentSizes = signature.arguments.flatMap((tensor, index) => openSizes(tensor, argumentTensors[index].shape));
const resultSizes = signature.results.flatMap((tensor) => tensor.shape.filter((size) => size === null));
const firstSize = 4 + signature.arguments.length + signature.results.length;

const allocate = bumpAllocator(memory, program.heap_base);
const staticSlab = Math.max(...program.functions.map((known) => known.slab_bytes));
const sync = allocate(SYNC_BYTES + program.globals_bytes);
const state = allocate((firstSize + argumentSizes.length + resultSizes.length + 1) * STATE_SLOT_BYTES);
const argumentAddresses = argumentTensors.map((tensor) => allocate(sizeBytes(tensor)));

/** Runs a function, which says with a trap what it does not like. */
function run(name, slots) {
  const words = new DataView(memory.buffer);
  slots.forEach((slot, index) => words.setBigUint64(state + index * STATE_SLOT_BYTES, BigInt(slot), true));
  try {
    exports[name](state);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    const fault = words.getUint32(FAULT_ADDRESS, true);
    stop(fault > 0 ? program.messages[fault - 1] : error.message, 4);
  }
}

let slabBytes = staticSlab;
let resultTensors = signature.results;
if (argumentSizes.length > 0) {
  const nowhere = signature.results.map(() => 0);
  run(`${functionName}.sizes`, [0, 1, 0, sync, ...argumentAddresses, ...nowhere, ...argumentSizes]);
  const words = new DataView(memory.buffer);
  const reported = [...resultSizes, null].map((_, index) =>
    Number(words.getBigUint64(state + (firstSize + argumentSizes.length + index) * STATE_SLOT_BYTES, true)),
  );
  slabBytes = Math.max(staticSlab, reported.pop());
  resultTensors = signature.results.map((tensor) => ({
    ...tensor,
    shape: tensor.shape.map((size) => size ?? reported.shift()),
  }));
}
const slab = allocate(slabBytes);
const resultAddresses = resultTensors.map((tensor) => allocate(sizeBytes(tensor)));
const slots = [0, 1, slab, sync, ...argumentAddresses, ...resultAddresses, ...argumentSizes];

const bytes = new Uint8Array(memory.buffer);
paths.forEach((path, index) => {
  const content = readFileSync(path);
  const expected = sizeBytes(argumentTensors[index]);
  if (content.length !== expected) stop(`'${path}' has ${content.length} bytes, expected ${expected}`, 2);
  bytes.set(content, argumentAddresses[index]);
});

if (program.initializer !== "") run(program.initializer, slots); // it has neither arguments nor results
run(functionName, slots);

outputs.forEach((path, index) => {
  const address = resultAddresses[index];
  writeFileSync(path, bytes.subarray(address, address + sizeBytes(resultTensors[index])));
});
