// Runs a list of steps over an addon under Node and prints a line for each.
//
//     node run.mjs ADDON STEPS.json
//
// steps.py says what a step and a value of it look like; run.py prints the same
// lines where nothing differs.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { types } from 'node:util';

const MOST_DEPTH = 3;
const MOST_ITEMS = 40;
const INDEX = /^(0|[1-9]\d*)$/;
const [addonPath, stepsPath] = process.argv.slice(2);
const exported = createRequire(import.meta.url)(addonPath);
const saved = new Map();
const heard = [];

const isObject = (value) => Object(value) === value;

// === values of a step ===

function make(spec) {
  if (!isObject(spec)) return spec;
  if (Array.isArray(spec)) return makeArray(spec);
  return MAKERS[spec.$](spec);
}

function makeArray(items) {
  const made = [];
  items.forEach((item, index) => {
    if (isObject(item) && item.$ === 'hole') made.length = index + 1;
    else made[index] = make(item);
  });
  return made;
}

function makeObject({ entries = [], prototype, accessors = [] }) {
  const made = prototype === undefined ? {} : Object.create(make(prototype));
  for (const [key, value] of entries) made[make(key)] = make(value);
  for (const { key, get, set, enumerable } of accessors) {
    const descriptor = { enumerable, configurable: true };
    if (get !== undefined) descriptor.get = make(get);
    if (set !== undefined) descriptor.set = make(set);
    Object.defineProperty(made, make(key), descriptor);
  }
  return made;
}

function makeSymbol({ description, registered, known }) {
  if (registered !== undefined) return Symbol.for(registered);
  return known === undefined ? Symbol(description) : Symbol[known];
}

function makeFunction({ name, does, value }) {
  const acts = {
    returns: () => make(value),
    throws: () => {
      throw make(value);
    },
    arguments: (...given) => given,
  };
  const made = acts[does];
  Object.defineProperty(made, 'name', { value: name });
  return made;
}

function makeMethod({ name }) {
  return { [name]() { return this; } }[name];
}

function makeError({ kind, message, own = [] }) {
  const made = new globalThis[kind](message);
  for (const [key, value] of own) made[key] = make(value);
  return made;
}

function makeBytes({ kind, data, offset, length }) {
  if (kind === 'Buffer') return Buffer.from(data);
  if (kind === 'ArrayBuffer') return Uint8Array.from(data).buffer;
  if (kind === 'DataView') {
    return new DataView(Uint8Array.from(data).buffer, offset, length);
  }
  const items = data.map(make);
  if (offset === undefined) return globalThis[kind].from(items);
  return new globalThis[kind](globalThis[kind].from(items).buffer, offset, length);
}

function makePromise({ state, value }) {
  if (state === 'pending') return new Promise(() => {});
  if (state === 'fulfilled') return Promise.resolve(make(value));
  const made = Promise.reject(make(value));
  made.catch(() => {});
  return made;
}

function follow(path, value) {
  for (const key of path ?? []) value = value[make(key)];
  return value;
}

const ACTS = {
  freeze: Object.freeze,
  seal: Object.seal,
  close: Object.preventExtensions,
};

const MAKERS = {
  undefined: () => undefined,
  number: ({ text }) => Number(text),
  bigint: ({ text }) => BigInt(text),
  symbol: makeSymbol,
  object: makeObject,
  function: makeFunction,
  method: makeMethod,
  class: ({ name }) => ({ [name]: class {} })[name],
  error: makeError,
  bytes: makeBytes,
  promise: makePromise,
  date: ({ time }) => new Date(make(time)),
  map: ({ entries }) => new Map(entries.map((pair) => pair.map(make))),
  set: ({ items }) => new Set(items.map(make)),
  box: ({ value }) => Object(make(value)),
  ref: ({ name, path }) => follow(path, saved.get(name)),
  global: ({ path }) => follow(path, globalThis),
  export: ({ path }) => follow(path, exported),
  changed: ({ act, value }) => ACTS[act](make(value)),
};

// === the printer ===

const quote = (text) =>
  JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

function showSymbol(value) {
  const key = Symbol.keyFor(value);
  if (key !== undefined) return `Symbol.for(${quote(key)})`;
  const text = value.description;
  return text === undefined ? 'Symbol()' : `Symbol(${quote(text)})`;
}

function showPrimitive(value) {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'symbol':
      return showSymbol(value);
    case 'bigint':
      return `${value}n`;
    default:
      return Object.is(value, -0) ? '-0' : String(value);
  }
}

function className(value) {
  let found = Object.getPrototypeOf(value);
  if (found === null) return 'null';
  for (; found !== null; found = Object.getPrototypeOf(found)) {
    const own = Object.getOwnPropertyDescriptor(found, 'constructor');
    if (own && typeof own.value === 'function') return String(own.value.name);
  }
  return '?';
}

function showMarks({ writable, enumerable, configurable }) {
  let marks = '';
  if (writable === false) marks += ' const';
  if (!enumerable) marks += ' hidden';
  if (!configurable) marks += ' fixed';
  return marks;
}

// V8 names the expression that is running where it can, we name the function.
const showText = (text) => quote(text.replace(/^.* (?=is not a constructor$)/, '... '));

function showProperty(value, key, depth) {
  const found = Object.getOwnPropertyDescriptor(value, key);
  const name = typeof key === 'symbol' ? `[${showSymbol(key)}]` : quote(key);
  const isMessage = key === 'message' && typeof found.value === 'string';
  const what =
    'value' in found
      ? isMessage
        ? showText(found.value)
        : show(found.value, depth)
      : `accessor(${show(found.get, depth)}, ${show(found.set, depth)})`;
  return `${name}${showMarks(found)}: ${what}`;
}

function showList(items, showItem, [open, close]) {
  const texts = items.slice(0, MOST_ITEMS).map(showItem);
  if (items.length > MOST_ITEMS) texts.push(`${items.length} in all`);
  return open + texts.join(', ') + close;
}

function showIntegrity(value) {
  if (Object.isExtensible(value)) return '';
  if (Object.isFrozen(value)) return ' frozen';
  return Object.isSealed(value) ? ' sealed' : ' closed';
}

// By the built-in functions: a value may have got another prototype.
const TypedArray = Object.getPrototypeOf(Uint8Array);
const entriesOf = (map) => Map.prototype.entries.call(map);
const itemsOf = (set) => Set.prototype.values.call(set);

function unbox(value) {
  for (const kind of [Number, String, Boolean, BigInt, Symbol]) {
    if (types[`is${kind.name}Object`](value)) return kind.prototype.valueOf.call(value);
  }
  return undefined;
}

// What is inside of an object, beside its properties.
function showInside(value, depth) {
  const inner = (item) => show(item, depth);
  const pair = ([key, item]) => `${inner(key)} => ${inner(item)}`;
  if (types.isDate(value)) return `(${show(Date.prototype.getTime.call(value))})`;
  if (types.isMap(value)) return showList([...entriesOf(value)], pair, '()');
  if (types.isSet(value)) return showList([...itemsOf(value)], inner, '()');
  if (types.isBoxedPrimitive(value)) return `(${inner(unbox(value))})`;
  if (types.isDataView(value)) {
    const read = (key) => Reflect.get(DataView.prototype, key, value);
    return `(${read('byteOffset')}, ${read('byteLength')})`;
  }
  if (types.isAnyArrayBuffer(value)) {
    return showList([...new Uint8Array(value)], inner, '()');
  }
  if (types.isTypedArray(value)) {
    // The memory of a Buffer is a part of Node's pool.
    const offset = Reflect.get(TypedArray.prototype, 'byteOffset', value);
    const at = Buffer.isBuffer(value) ? '' : `${offset}: `;
    const keys = Object.keys(value).filter((key) => INDEX.test(key));
    return `(${at}${showList(keys, (key) => inner(value[key]), '[]')})`;
  }
  return '';
}

function ownKeys(value) {
  let keys = Reflect.ownKeys(value);
  if (types.isTypedArray(value)) keys = keys.filter((key) => !INDEX.test(String(key)));
  if (types.isNativeError(value)) keys = keys.filter((key) => key !== 'stack');
  if (types.isStringObject(value)) keys = keys.filter((key) => !/^(\d+|length)$/.test(String(key)));
  return keys;
}

function showProperties(value, depth) {
  let keys = ownKeys(value);
  if (Array.isArray(value) && Reflect.ownKeys(value).length === value.length + 1) {
    const isPlain = (key) =>
      key === 'length' || showMarks(Object.getOwnPropertyDescriptor(value, key)) === '';
    if (keys.every(isPlain) && value.length === keys.length - 1) {
      return ` ${showList(Array.from({ length: value.length }, (_, index) => value[index]), (item) => show(item, depth), '[]')}`;
    }
  }
  return ` ${showList(keys, (key) => showProperty(value, key, depth), '{}')}`;
}

// What every realm has goes by its name alone.
function nameInRealm(value) {
  const made = Object.getOwnPropertyDescriptor(value, 'constructor')?.value;
  if (typeof made === 'function' && made.prototype === value) {
    return globalThis[made.name] === made ? `${made.name}.prototype` : undefined;
  }
  const isNamed = typeof value === 'function' && isText(value.name);
  return isNamed && globalThis[value.name] === value ? value.name : undefined;
}

const isText = (value) => typeof value === 'string' && value !== '';

function show(value, depth = 0) {
  if (!isObject(value)) return showPrimitive(value);
  if (types.isExternal(value)) return 'External';
  if (value === globalThis) return 'globalThis';
  if (value === exported) return 'exports';
  const name = nameInRealm(value);
  if (name !== undefined) return name;
  const kind = className(value);
  const head = typeof value === 'function' ? `${kind} ${show(value.name, MOST_DEPTH)}` : kind;
  if (depth >= MOST_DEPTH) return head;
  const inside = showInside(value, depth + 1);
  return head + inside + showProperties(value, depth + 1) + showIntegrity(value);
}

// An argument that comes back is named: identity is a part of the answer.
function showResult(value, args) {
  const index = isObject(value) ? args.indexOf(value) : -1;
  return index < 0 ? show(value) : `argument ${index} = ${show(value)}`;
}

// === steps ===

function listen(promise, name) {
  const note = (how) => (value) => {
    heard.push(`${name} ${how} ${show(value)}`);
  };
  promise.then(note('fulfilled'), note('rejected'));
}

const OPERATIONS = {
  call: (args, { path, on }) => Reflect.apply(follow(path, exported), make(on), args),
  new: (args, { path }) => Reflect.construct(follow(path, exported), args),
  construct: ([target, ...args]) => Reflect.construct(target, args),
  apply: ([target, receiver, ...args]) => Reflect.apply(target, receiver, args),
  invoke: ([target, key, ...args]) => Reflect.apply(target[key], target, args),
  get: ([target, key]) => target[key],
  set: ([target, key, value]) => Reflect.set(target, key, value),
  delete: ([target, key]) => Reflect.deleteProperty(target, key),
  has: ([target, key]) => Reflect.has(target, key),
  value: ([value]) => value,
  text: ([value]) => `${value}`,
  kind: ([value]) => className(value),
  listen: ([promise, name]) => listen(promise, name),
  listener: ([name]) => {
    const made = (...given) => {
      heard.push(`${name} got ${show(given)}`);
    };
    return made;
  },
};

async function settle() {
  for (let turn = 0; turn < 5; ++turn) {
    await new Promise((done) => setImmediate(done));
  }
  return heard.splice(0).join('; ');
}

async function run(step) {
  if (step.do === 'wait') {
    await Promise.allSettled(make(step.args));
    return '';
  }
  if (step.do === 'settle') return `: ${await settle()}`;
  const args = make(step.args);
  let answer;
  try {
    const value = OPERATIONS[step.do](args, step);
    if (step.save !== undefined) saved.set(step.save, value);
    answer = ` = ${showResult(value, args)}`;
  } catch (error) {
    answer = ` ! ${showResult(error, args)}`;
  }
  if (!step.show) return answer;
  const shown = args.filter(isObject).map((value) => show(value));
  return `${answer} << ${shown.join(', ')}`;
}

for (const step of JSON.parse(fs.readFileSync(stepsPath, 'utf8'))) {
  fs.writeSync(1, `${step.text}${await run(step)}\n`);
}
