const u=require('util');
class Foo{constructor(){this.a=1}}; class Bar extends Foo{ get x(){return 1} static s=1}
const o={a:1}; o.self=o;
const L=(...a)=>console.log(...a.map(x=>u.inspect(x)));
L(u.inspect.defaultOptions);
L('\ud800','a\'b"c','\x1b\x7f\x85', "x`'\"");
L(new ArrayBuffer(3), new DataView(new ArrayBuffer(2)), new SharedArrayBuffer(2));
L(new Foo,new Bar,Foo,Bar,Object.create(null),Object.create(Foo.prototype),Object.create(Object.create(Foo.prototype)),Object.create({}));
L(o,[o,o]);
L((function(){return arguments})(1,2));
L(new Map([[1,{a:2}]]),new Map([[1,2]]).entries(),new Map([[1,2]]).keys(),new Set([1]).values(),new Set([1]).entries(),new WeakMap,new WeakSet,new WeakRef(o));
L([1,,3],[,,],Object.assign([1,2],{x:1}), new Array(3));
L(Promise.resolve(5),Promise.reject(6).catch(()=>{}),new Promise(()=>{}));
L(Object(1),Object('abc'),Object(1n),Object(Symbol('x')),Object(true));
L(function(){},function f(){},()=>{},async()=>{},function*g(){},async function*h(){},class{},Math,JSON,globalThis===global,Reflect);
L(Symbol('a b'),Symbol(),-0,1n,NaN,null,undefined,true);
L({get a(){return 1},set a(v){},get b(){return 1},set c(v){},[Symbol('x')]:1,'a-b':2,$d:1,__proto__:null});
L(new Proxy({a:1},{}),new Proxy(function f(){},{}));
L(Buffer.from('hi'),new Uint8Array(2),new Float32Array([1.5]),new BigInt64Array(1));
L(/a/g,new Date(0),new Date(NaN),[new Date(0)]);
L({a:{b:{c:{d:1}}}},{a:[[[[]]]]},{a:new Foo});
L((function(){try{null.x}catch(e){e.stack=e.stack.split('\n')[0];return e}})());
{const e=new Error('m');e.stack='Error: m\n    at x (y:1:1)';e.code='C';L(e,{e},[e]);const f=new TypeError('q',{cause:e});f.stack='TypeError: q\n    at x (y:1:1)';L(f)}
{const e=new Error('m');e.name='Foo';L(Object.keys(e));e.stack='Error: m\n    at x (y:1:1)';L(e)}
{const e=new AggregateError([new Error('z')],'m');e.stack='A: m';e.errors[0].stack='Error: z';L(e);}
L(Object.create(Error.prototype));
L([].values(),'a'[Symbol.iterator](),(function*(){})());
L(new URL('http://a:b@c/d?e#f'),new URLSearchParams('a=1&b=2'),new TextDecoder,new TextEncoder,new AbortController, new EventTarget);
L(new (class extends Map{})([[1,2]]),new (class X extends Array{})(3));
L(Object.assign(()=>{}, {a:1}),Object.assign(function q(){}, {a:1}),Object.assign(class A{}, {a:1}));
L('a'.repeat(200),'a\nb'.repeat(100).slice(0,40));
L({[Symbol.toStringTag]:'Tag'},new (class T{get [Symbol.toStringTag](){return 'q'}}),Object.setPrototypeOf([1],null),Object.setPrototypeOf(new Map,null),Object.setPrototypeOf(()=>{},null));
