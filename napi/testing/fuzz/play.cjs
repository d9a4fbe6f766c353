// What programs of a campaign call, under Node: the twins of play.py.
'use strict';

const bytes = (data) => Uint8Array.from(Buffer.from(data, 'hex'));

function buffer(kind, data) {
  const from = bytes(data);
  if (kind === 'ArrayBuffer') return from.buffer;
  const made = new SharedArrayBuffer(from.length);
  new Uint8Array(made).set(from);
  return made;
}

function view(kind, data) {
  if (kind === 'Buffer') return Buffer.from(data, 'hex');
  if (kind === 'DataView') return new DataView(bytes(data).buffer);
  const type = globalThis[kind];
  const from = bytes(data);
  const size = type.BYTES_PER_ELEMENT;
  return new type(from.slice(0, Math.floor(from.length / size) * size).buffer);
}

function detached(kind) {
  const memory = new ArrayBuffer(8);
  if (kind === 'ArrayBuffer') {
    structuredClone(memory, { transfer: [memory] });
    return memory;
  }
  const made = kind === 'Buffer' ? Buffer.from(memory) : new globalThis[kind](memory);
  structuredClone(memory, { transfer: [memory] });
  return made;
}

function accessor(name, value) {
  return Object.defineProperty({}, name, { get: () => value, enumerable: true, configurable: true });
}

function raising(name) {
  const get = () => { throw new Error('from a getter'); };
  return Object.defineProperty({}, name, { get, enumerable: true, configurable: true });
}

function cycle() {
  const made = {};
  made.self = made;
  return made;
}

function makeFunction(act, value) {
  return (...given) => {
    if (act === 'throw') throw value;
    if (act === 'call') {
      const found = given.find((one) => typeof one === 'function');
      if (found !== undefined) return found(value);
    }
    return value;
  };
}

function promise(act, value) {
  const made = new Promise((resolve, reject) => {
    if (act === 'resolve') resolve(value);
    else if (act === 'reject') reject(value);
  });
  if (act === 'reject') made.catch(() => {});
  return made;
}

const proxy = (value) => (Object(value) === value ? new Proxy(value, {}) : value);

function load(file) {
  const made = { exports: {} };
  process.dlopen(made, file);
  return made.exports;
}

process.on('unhandledRejection', () => {});
