const t = (n, f) => { try { console.log(n, f()); } catch (e) { console.log(n, 'ERR', e?.name, e?.message); } };
function F() { return [eval('new.target'), (() => eval('new.target === F'))(), eval('eval("new.target")')]; }
t('call', () => F()); t('new', () => new F().length); t('new2', () => new F());
class A { hi(x) { return 'A.hi' + x + this.v; } get p() { return 'p' + this.v; } static s() { return 'A.s'; } constructor() { this.v = 1; } }
class B extends A {
  constructor() { super(); this.nt = eval('new.target'); }
  hi(x) { return eval('super.hi(x) + "!"'); }
  get p() { return eval('super.p') + eval('super["p"]'); }
  arrow() { return (() => eval('super.hi(2)'))(); }
  nested() { return eval('eval("super.hi(3)")'); }
  f = eval('super.hi');
  g = eval('typeof new.target');
  static s() { return eval('super.s()') + 'B'; }
  static z = eval('super.s()');
  put() { eval('super.q = 5'); return this.q; }
  fn() { return eval('(function(){ return new.target })')(); }
  cls() { return eval('(class extends A { hi() { return "in " + super.hi(1) } })'); }
  ret() { return eval('return super.hi'); }
  str() { const s = eval('"super"'); return s; }
  txt() { return eval('(function q(super_) { return super_ }) + (() => super.hi)'); }
  decl() { eval('var w = super.hi(9); let l = 1;'); return w; }
}
const b = new B();
t('p', () => b.p); t('nt', () => b.nt === B); t('f', () => b.f === A.prototype.hi); t('g', () => b.g); t('s', () => B.s()); t('z', () => B.z); t('cls', () => new (b.cls())().hi());
const o = { __proto__: { m() { return 'proto'; } }, m() { return eval('super.m()'); }, f: function () { return eval('super.m()'); } };
t('o.m', () => o.m()); t('o.f', () => o.f()); t('plain', () => (function () { return eval('super.x'); })()); t('indirect', () => (0, eval)('new.target')); t('top', () => eval('typeof new.target'));
t('strict', () => (function () { 'use strict'; return eval('var z = 1; [typeof new.target, this]'); })());
t('gen', () => [...(function* () { yield eval('new.target'); })()]);
t('with', () => (function () { return eval('if (1) { new.target ?? "none" }'); })());
