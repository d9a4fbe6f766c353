// Names that are looked up when they are used: with, and what direct evals declare.
var x1 = 0;
function k() { eval("var x1 = 2"); return x1 } console.log(k(), x1);
function k5() { try { throw 1 } catch (e) { eval("var e = 5"); console.log(e) } return e } console.log(k5());
for (let i = 0; i < 2; i++) { with ({i}) { setTimeout(() => { i += 10; console.log(i) }) } }
function k6(a) { eval('function a() {} var b = typeof a; { function inner() {} }'); return [typeof a, b, typeof inner, arguments.length] } console.log(k6(1));
async function k7(o) { with (o) { await 1; return v } } k7({v: 'as'}).then(console.log);
function* k8(o) { with (o) { yield v; v = 3; yield v } } console.log([...k8({v: 1})]);
const compiled = new Function('obj', 'var p=[]; with(obj){ p.push("<b>", name, "</b>"); for (var i = 0; i < items.length; i++) { p.push(items[i]) } } return p.join("")');
console.log(compiled({name: 'N', items: [1, 2]}));
with ({ get [Symbol.unscopables]() { return { hid: true } }, hid: 1, sees: 2 }) { console.log(typeof hid, sees) }
try { with (null) {} } catch (e) { console.log(e.name, e.message) }
with ([1, 2, 3]) { console.log(length, map((v) => v * 2), typeof values) }
function k9() { return eval('(() => eval("var deep = 1; deep + 1"))()') + typeof deep } console.log(k9());
function k10() { eval('eval("var deep = 4")'); return deep } console.log(k10());
var o = { a: 1, f() { return this === o; }, b: undefined };
with (o) {
  a = 2;
  var q = a;
  var a;
  a += 5;
  console.log(a, q, f(), typeof b, typeof nothing);
  b = 3;
  console.log(delete b, a++, ++a);
  (function () { a ??= 1; a &&= 9; console.log(a); })();
}
console.log(o);
function g(x) { with (x) { return y; } }
var y = "outer";
console.log(g({ y: 1 }), g({}));
function h() {
  eval("var z = 5; function zz() { return z; }");
  console.log(z, zz(), typeof z);
  z = 6;
  return () => z;
}
console.log(h()(), typeof z);
function i() {
  var z = 1;
  eval("var z = 2; var w = 3");
  return [z, w, delete w, typeof w];
}
console.log(i());
function j() { let k = 1; eval("var k = 2"); }
try { j(); } catch (e) { console.log(e.name, e.message); }
eval("let inner = 1; var vx = 2;");
console.log(typeof inner, vx);
(0, eval)("var iv = 1; let il = 2; const f3 = () => il; var read = f3()");
console.log(iv, typeof il, read, delete globalThis.iv, typeof iv);
function l(a = eval("var a2 = 1"), b = () => a2) { return b(); }
console.log(l());
function m() { "use strict"; eval("var s = 1"); return typeof s; }
console.log(m());
try { (0, eval)("function NaN() {}"); } catch (e) { console.log(e.name); }
