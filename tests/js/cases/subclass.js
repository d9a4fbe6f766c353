const t = (n, f) => { try { const r = f(); console.log(n, r); } catch (e) { console.log(n, 'ERR', e?.name, e?.message); } };
const EE = require('events'); const { Transform, Readable, Duplex, PassThrough } = require('stream');
class B extends Buffer { hi() { return 1; } }
t('B', () => B); t('newB', () => new B(3)); t('Bfrom', () => B.from('abc')); t('Balloc', ()=>B.alloc(2)); t('hi', ()=> new B(3).hi?.());
class U8 extends Uint8Array { sum() { return this.reduce((a, b) => a + b, 0); } }
t('U8', () => U8); t('new', () => new U8(3)); t('from', () => U8.from([1, 2])); t('of', () => U8.of(1, 2).sum());
t('map', () => U8.of(1, 2).map(x => x * 2)); t('sub', () => U8.of(1, 2, 3).subarray(1)); t('slice', () => U8.of(1, 2, 3).slice(1) instanceof U8); t('filter', () => U8.of(1, 2, 3).filter(x => x > 1));
class U9 extends Uint8Array { static get [Symbol.species]() { return Uint16Array; } }
t('sp', () => U9.of(1, 2).map(x => x * 200));
class M extends Map { get(k) { return super.get(k) ?? 'def'; } static get [Symbol.species]() { return Map; } }
t('M', () => M); t('m', () => new M([[1, 2]])); t('mg', () => new M().get(3)); t('Mgb', () => M.groupBy([1, 2, 3], x => x % 2));
class S extends Set { constructor(...a) { super(...a); this.extra = 1; } union(o) { return super.union(o); } }
t('s', () => new S([1, 2])); t('su', () => new S([1]).union(new S([3])));
class P extends Promise { foo() { return 1; } }
t('P', () => P); t('p', () => P.resolve(1)); t('pt', () => P.resolve(1).then(() => { }) instanceof P); t('pall', () => P.all([])); t('wr', () => P.withResolvers()); t('pr', () => new P(() => { })); t('prej', ()=> {const p = P.reject(new RangeError('x')); p.catch(()=>{}); return p.constructor.name});
class P2 extends Promise { static get [Symbol.species]() { return Promise; } }
t('p2', () => P2.resolve(1).then(() => { }) instanceof P2);
class Em extends EE {}
class E1 extends Error { constructor(m, o) { super(m, o); this.name = 'E1'; this.code = 3; } }
t('E1', () => { const e = new E1('x', { cause: 3 }); return [e.stack.split('\n')[0], String(e), Object.keys(e), e.cause, e instanceof E1]; });
class E2 extends TypeError { get name() { return 'E2'; } }
t('E2', () => { const e = new E2('x'); return [e.stack.split('\n')[0], String(e), Object.keys(e)]; });
class E3 extends Error { }
t('E3', () => { const e = new E3('x'); return [e.stack.split('\n')[0], String(e), Object.keys(e)]; });
class AE extends AggregateError { }
t('AE', () => { const e = new AE([1, 2], 'x'); return [e.stack.split('\n')[0], String(e), Object.keys(e), e.errors]; });
class R extends RegExp { exec(s) { const r = super.exec(s); if (r) r.extra = 1; return r; } static get [Symbol.species]() { return R; } }
t('R', () => new R('a(b)', 'g')); t('Rt', () => new R('a').test('a')); t('Rm', () => 'xab'.match(new R('a(b)'))); t('Rr', () => 'xabab'.replace(new R('a(b)', 'g'), '<$1>')); t('Rs', () => 'xabab'.split(new R('a'))); t('Rma', () => [...'xabab'.matchAll(new R('a', 'g'))].length);
class D extends Date { fmt() { return this.toISOString(); } }
t('D', () => new D(0)); t('Df', () => new D(0).fmt()); t('Dp', () => D.UTC(2020)); t('Dnow', () => typeof D.now()); t('Dstr', () => typeof D());
class T extends Transform { _transform(c, e, cb) { cb(null, String(c).toUpperCase()); } }
t('T', () => T); t('t', () => { const x = new T(); x.end('ab'); return [x instanceof Transform, x.constructor.name, x instanceof Readable, x instanceof Duplex]; });
t('Tread', () => { const x = new T(); x.write('ab'); return x.read(); });
class Ur extends URL { get foo() { return this.host + '!'; } }
t('Ur', () => new Ur('http://a.b/c?d=1')); t('Urf', () => new Ur('http://a.b/c').foo); t('UrS', () => Ur.canParse('x:')); t('Up', () => Ur.parse('x:').constructor.name);
class USP extends URLSearchParams { } t('USP', () => new USP('a=1'));
class AC extends AbortController { abort(r) { this.x = 1; super.abort(r); } }
t('AC', () => new AC()); t('ACa', () => { const a = new AC(); a.abort('q'); return [a.signal.aborted, a.signal.reason, a.x, a]; });
t('ET', () => new ET()); t('ETf', () => { let r; const e = new ET(); e.addEventListener('x', (ev) => r = [ev.target === e, ev.type]); e.fire('x'); return r; });
class Ev extends Event { constructor(t, d) { super(t, { cancelable: true }); this.d = d; } } t('Ev', () => { const e = new Ev('x', 3); return [e.type, e.d, e instanceof Event, e.cancelable]; });
class CE extends CustomEvent { } t('CE', () => new CE('x', { detail: 3 }).detail);
class Bl extends Blob { get foo() { return this.size; } } t('Bl', () => new Bl(['abc']).foo); t('Bls', () => new Bl(['abc']).slice(1) instanceof Bl); t('Bli', () => new Bl(['abc']));
class A extends Array { last() { return this.at(-1); } } t('A', () => A); t('a', () => new A(1, 2, 3)); t('a3', () => new A(3)); t('am', () => A.from([1, 2]).map(x => x).last()); t('af', () => A.of(1)); t('ac', () => new A(1, 2).concat([3])); t('asp', () => new A(1, 2, 3).splice(1)); t('afl', () => new A([1], [2]).flat() instanceof A);
class Fn extends Function { constructor() { super('return 42'); } foo() { return 1; } } t('Fn', () => new Fn()); t('fnc', () => [new Fn()(), new Fn().foo()]);
class Ob extends Object { constructor(x) { super(x); } } t('Ob', () => new Ob(5)); t('Obp', () => new Ob().constructor.name);
class St extends String { get len() { return this.length; } } t('St', () => new St('abc')); t('Stl', () => new St('abc').len); class N extends Number { } t('N', () => new N(4)); t('Nadd', () => new N(4) + 1); class Bo extends Boolean { } t('Bo', () => new Bo(false)); class Sy extends Symbol { } t('Sy', () => new Sy()); class Bi extends BigInt { } t('Bi', () => new Bi(3));
class WM extends WeakMap { } t('WM', () => new WM([[{}, 1]])); class WS extends WeakSet { } t('WS', () => new WS()); class WR extends WeakRef { } t('WR', () => new WR({ a: 1 }).deref()); t('WRi', ()=>new WR({a:1}));
class FR extends FinalizationRegistry { } t('FR', () => new FR(() => { }));
class It extends Iterator { next() { return { done: true }; } } t('It', () => [...new It().map(x => x)]); t('Iti', () => new It());
class TE extends TextEncoder { } t('TE', () => new TE().encode('a')); class TD extends TextDecoder { } t('TD', () => new TD().decode(new Uint8Array([65])));
class MC extends MessageChannel { } t('MC', () => { const m = new MC(); return m instanceof MC; });
const deep = (v) => console.log({x:{y:{z:v}}});
deep(new (class Foo{})); deep(new (class Foo{ x=1 })); deep(new (class extends Foo2{ x=1 })); function Foo2(){}
const e = new RangeError('bad'); e.stack = 'RangeError: bad\n    at x'; deep(e); 
class ET3 extends Event {}; class Ur2 extends URL { a = 1 } class ET extends EventTarget{ x = 1 } class ET2 extends ET {}
console.log(new Ur2('http://a/b?c=d'), [new Ur2('http://a/')], {x:{y:{z:new Ur2('http://a/'), w: new AC, q: new ET, u: new USP('a=b')}}});
console.log(new USP, new USP('a=1&b=2'), new AC, new ET, new ET2, new EventTarget(), new TextEncoder, new TextDecoder);
console.log(require('util').inspect(new Ev('x')).replace(/timeStamp: .*/, ''), require('util').inspect(new CustomEvent('x', {detail: 4})).replace(/timeStamp: .*/, ''));
const abc = new AbortController(); abc.abort(); console.log(abc.signal, abc.signal.reason.name, abc.signal.reason.message, abc.signal.reason.code);
console.log(Object.create(URL.prototype) instanceof URL);
const mch = new MessageChannel(); console.log(typeof mch.port1.postMessage, mch instanceof MessageChannel); mch.port1.close();
class MC2 extends MessageChannel {}; const m = new MC2(); console.log(m instanceof MC, m.constructor.name); m.port1.close();
class Bl2 extends Blob { get x() { return 1 } }; console.log(new Bl2(['ab']), new Bl2(['ab']).x);
