// What a stack calls functions, and what it leaves out of it.
const show = (error) =>
  console.log(
    error.stack
      .split("\n")
      .slice(1, 3)
      .map((line) => line.replace(__filename, "file").trim())
      .filter((line) => !/node:|Module\./.test(line))
      .join(" | "),
  );
const fail = () => new Error("x");

class A {
  m() { return new Error("m"); }
  static s() { return new Error("s"); }
  get g() { return new Error("g"); }
  #p() { return new Error("p"); }
  p() { return this.#p(); }
  f = () => new Error("f");
  constructor(fails) { if (fails) this.error = new Error("new"); }
}
show(new A().m()); show(A.s()); show(new A().g); show(new A().p()); show(new A().f());
show(new A(true).error);
const B = class { m() { return new Error("m"); } };
show(new B().m());

const object = {
  m() { return new Error("m"); },
  f: function () { return new Error("f"); },
  a: () => new Error("a"),
  n: function named() { return new Error("n"); },
  get g() { return new Error("g"); },
};
show(object.m()); show(object.f()); show(object.a()); show(object.n()); show(object.g);
exports.e = function () { return new Error("e"); };
show(exports.e());
function Old() {}
Old.prototype.m = function () { return new Error("m"); };
Old.prototype.n = function named() { return new Error("n"); };
show(new Old().m()); show(new Old().n());
Old.prototype = { o() { return new Error("o"); } };
show(new Old().o());
show((function () { return new Error("iife"); })());

// Constructors of classes over Error, and what captureStackTrace is told to hide.
const make = (kind) => new kind();
class First extends Error { constructor() { super("x"); } }
class Second extends First {}
class Third extends Second { constructor() { super(); } }
for (const kind of [First, Second, Third]) show(make(kind));
function hide() { const made = {}; Error.captureStackTrace(made, hide); return made; }
function outer() { return hide(); }
show(outer());
function Made() { Error.captureStackTrace(this, Made); }
show(make(Made));

// A member that cannot be read is shown at its name.
try { object.missing.deeper; } catch (error) { show(error); }
