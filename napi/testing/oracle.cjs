// Runs lists of calls of an addon under Node, and describes what each gives.
//
//     node oracle.cjs ADDON DESCRIPTOR
//
// A line of JSON on stdin is a list of expressions; the answer is a line on the
// descriptor. transcript.py describes the same values in the same words under napi.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const { types } = require('node:util');

const source = fs.readFileSync(path.join(__dirname, 'fuzz', 'play.cjs'), 'utf8');
const names = ['buffer', 'view', 'detached', 'accessor', 'raising', 'cycle',
  'makeFunction', 'promise', 'proxy', 'load'];
const play = new Function('process', 'require', 'Buffer', `${source}\nreturn { ${names} };`)(
  process, require, Buffer);
const DEPTH = 3;
const ITEMS = 40;
const BYTES = 64;
const SETTLE = 1000;

const hex = (memory, start, length) => (length === 0 ? ''
  : Buffer.from(memory, start, Math.min(length, BYTES)).toString('hex'));

function describeBytes(value) {
  if (types.isAnyArrayBuffer(value)) {
    const kind = types.isSharedArrayBuffer(value) ? 'SharedArrayBuffer' : 'ArrayBuffer';
    return `${kind}(${value.byteLength}) ${hex(value, 0, value.byteLength)}`;
  }
  const kind = Buffer.isBuffer(value) ? 'Buffer' : value[Symbol.toStringTag];
  let length = 0;
  try {
    length = value.byteLength;
  } catch { /* its memory was taken away */ }
  return `${kind}(${length}) ${length === 0 ? '' : hex(value.buffer, value.byteOffset, length)}`;
}

function describeObject(value, depth) {
  if (types.isNativeError(value) || value instanceof Error) {
    const code = value.code === undefined ? '' : ` code=${describe(value.code, depth + 1)}`;
    return `${value.name}: ${value.message}${code}`;
  }
  if (types.isExternal(value)) return 'external';
  if (types.isPromise(value)) return 'Promise';
  if (types.isDate(value)) return `Date ${value.getTime()}`;
  if (types.isAnyArrayBuffer(value) || ArrayBuffer.isView(value)) return describeBytes(value);
  if (types.isMap(value) || types.isSet(value)) return `${value[Symbol.toStringTag]}(${value.size})`;
  if (depth >= DEPTH) return '...';
  if (Array.isArray(value)) {
    const inside = Array.from(value.slice(0, ITEMS), (one) => describe(one, depth + 1));
    return `[${inside.join(', ')}]`;
  }
  const keys = Object.keys(value);
  const pairs = keys.slice(0, ITEMS).map(
    (key) => `${JSON.stringify(key)}: ${describe(value[key], depth + 1)}`);
  return `{${pairs.join(', ')}}`;
}

function describe(value, depth = 0) {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value).slice(0, 1000);
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return describeObject(value, depth);
  } catch (error) {
    return `unreadable: ${error}`;
  }
}

const late = Symbol('late');
const soon = (given) => Promise.race([
  given, new Promise((resolve) => { setTimeout(resolve, SETTLE, late).unref(); })]);

async function step(text, addon, v) {
  try {
    const run = new Function('addon', 'v', ...names, `return (${text});`);
    const value = run(addon, v, ...names.map((name) => play[name]));
    v.push(value);
    if (!types.isPromise(value)) return `gives ${describe(value)}`;
    const settled = await soon(value);
    if (settled === late) return 'waits';
    v[v.length - 1] = settled;
    return `settles as ${describe(settled)}`;
  } catch (error) {
    if (v.length > 0 && types.isPromise(v[v.length - 1])) v[v.length - 1] = undefined;
    return `throws ${describe(error)}`;
  }
}

async function main() {
  const [file, descriptor] = process.argv.slice(2);
  const addon = play.load(file);
  process.on('uncaughtException', () => {});
  fs.writeSync(Number(descriptor), 'ready\n');
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const answer = [];
    const v = [];
    for (const text of JSON.parse(line)) {
      answer.push(await step(text, addon, v));
      v.length = answer.length;
    }
    fs.writeSync(Number(descriptor), `${JSON.stringify(answer)}\n`);
  }
  process.exit(0);
}

main();
