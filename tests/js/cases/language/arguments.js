// Each function but an arrow has an arguments object of its own.
function outer() {
  arguments;
  return function () { return arguments.length; };
}
console.log(outer(1)(1, 2, 3));

function getter() {
  const first = arguments.length;
  const made = { get then() { return function () { return [first, ...arguments]; }; } };
  return made.then;
}
console.log(getter(1)(4, 5));

function arrows() {
  return [() => arguments[0], () => { var arguments = 7; return arguments; }];
}
console.log(arrows("a").map((one) => one("b")));

function named(arguments) {
  return [arguments, (function () { return arguments.length; })(1, 2)];
}
console.log(named("x"));

class Field {
  method() {
    arguments[0] = 9;
    const inner = { other() { return arguments[0]; } };
    return [arguments[0], inner.other(8)];
  }
}
console.log(new Field().method(1));

async function later() {
  return arguments;
}
later.call(null, 1).then((got) => console.log(got.length, (function () {
  return got === arguments;
})()));

function sloppy() { return arguments; }
function strict() { "use strict"; return arguments; }
const given = sloppy(1, 2);
console.log(Reflect.ownKeys(given), Object.prototype.toString.call(given), [...given]);
console.log(given, Object.getPrototypeOf(given) === Object.prototype, given.callee === sloppy);
const callee = Object.getOwnPropertyDescriptor(strict(1), "callee");
const thrower = Object.getOwnPropertyDescriptor(Function.prototype, "caller").get;
console.log(callee.get === callee.set, typeof thrower, callee.configurable);
try { strict().callee; } catch (error) { console.log(error.name); }
console.log(parseInt("1z\u212a", 36));
