// What closures of parameters see is not what the body declares.
var x = 'outside';
function a(_ = probe = () => x, y = 1) { var x = 'inside'; var y; y += 1; return [x, probe(), y]; }
var probe; console.log(a());
function b(p = 1, q = () => p) { var p; const first = p; p = 5; return [first, p, q()]; }
console.log(b(), b(7));
function c(p, q = () => p) { function p() {} return [typeof p, typeof q()]; }
console.log(c(1));
function d(p, q = () => p) { p = 3; return [p, q()]; }
console.log(d(1));
function e({ m = () => n, n = 2 } = {}, ...rest) { let o = n; n = 4; return [o, m(), n, rest]; }
console.log(e(), e({ n: 9 }, 1, 2));
const f = (g = () => arguments) => { var h = 1; return h; }; console.log(f());
function i(p = () => arguments.length, q = (() => this)) { var arguments; return [p(), typeof arguments, arguments && arguments.length]; }
console.log(i(), i(undefined, 1, 2));
function* j(p = () => k, k = 2) { var k; yield k; k = 3; yield [k, p()]; } console.log([...j()]);
async function l(p = () => q, q = 1) { var q = 2; return [p(), q]; } l().then(console.log);
class M { m(p = () => q, q = super.toString === Object.prototype.toString) { var q = 2; return [p(), q]; } } console.log(new M().m());
function n(p = eval('1 + 1'), q = p) { var p; p++; return [p, q]; } console.log(n());
for (const s of [1, 2]) { const t = (u = () => s + u.length) => { var v = s; return u() + v; }; console.log(t()); }
function o1(p = eval("var z1 = 1; z1 + 1"), q = () => z1) { return [p, q(), typeof z1]; }
console.log(o1());
function o2(p = () => w1) { eval("var w1 = 2"); try { return p(); } catch (e) { return e.name + w1; } }
console.log(o2());
