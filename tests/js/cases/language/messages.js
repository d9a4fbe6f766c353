// V8's words: each text is evaluated, and what it throws is printed.
const show = (source) => {
  try {
    (0, eval)(source);
    console.log(source, '=> no error');
  } catch (error) {
    console.log(source, '=>', error.constructor.name, error.message);
  }
};
[
  'missing()', 'null.foo', 'undefined.foo()', 'var q = {}; q.r()', 'q.r.s', 'q["r"]()', 'q[1]()',
  'q.a.b = 1', 'null[0]', '(void 0)()', '(1, q.r)()', '1()', 'new q.r', 'new (() => 1)',
  '[...1]', 'var [a] = 1', 'var [a] = undefined', 'var {a} = q.r', '(({a}) => 1)()',
  '(function ({a}) {})(null)', 'for (var x of 5);', 'for (var x of q);', 'q instanceof 5',
  'q instanceof q', '1n + 1', '"a" in "b"', 'Symbol() + 1', 'class A1 extends 5 {}',
  'class A2 {} A2()', 'const c1 = 1; c1 = 2', '{ x1; let x1 }', '"use strict"; undeclared = 1',
  '"use strict"; Object.freeze({a: 1}).a = 2', '"use strict"; Object.freeze([1])[0] = 2',
  '"use strict"; delete Object.freeze({a: 1}).a', '"use strict"; (5).x = 1',
  '"use strict"; ({get y() {}}).y = 1', '(function f() { f() })()', 'q.toString().foo()',
  'q.toString?.().foo.bar', 'let z1 = z1', 'throw new TypeError("own")',
].forEach(show);
