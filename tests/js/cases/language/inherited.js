// What an object gets of its own never changes what it inherits from.
for (const [name, made, other] of [
  ["Array", [], []],
  ["Map", new Map(), new Map()],
  ["Set", new Set(), new Set()],
  ["Promise", Promise.resolve(), Promise.resolve()],
  ["RegExp", /x/, /y/],
  ["Date", new Date(), new Date()],
  ["Error", new Error(), new Error()],
  ["Uint8Array", new Uint8Array(1), new Uint8Array(1)],
  ["ArrayBuffer", new ArrayBuffer(1), new ArrayBuffer(1)],
  ["WeakMap", new WeakMap(), new WeakMap()],
  ["Function", () => 1, () => 2],
  ["generator", (function* () {})(), (function* () {})()],
]) {
  made.constructor = name;
  console.log(name, made.constructor, other.constructor === name, Object.hasOwn(made, "constructor"));
}
"use strict";
const taken = [];
taken.constructor = { [Symbol.species]: function Made() { this.length = 0; } };
console.log(taken.map((x) => x) instanceof taken.constructor[Symbol.species]);

function f() {}
class A {}
for (const one of [f, A, () => 1, f.bind(null), async () => 1]) {
  Object.freeze(one);
  one.extra = 1;
  console.log(Object.isFrozen(one), delete one.name, one.name, one.extra);
}
