// A promise is resolved once, whatever resolves it and whenever.
const p = new Promise((r, j) => { r({ then(a) { setTimeout(() => a('thenable'), 20) } }); setTimeout(() => r('late'), 5); setTimeout(() => j('later'), 6) });
p.then((v) => console.log('p', v), (e) => console.log('rejected', e));
new Promise((r) => { r({ then(a, b) { a(1); b(2); a(3); throw 4 } }); r(5) }).then(console.log, console.log);
new Promise((r) => r({ then(a, b) { a({ then(c) { c('inner') } }); b('no') } })).then(console.log, console.log);
new Promise((r) => r({ then(a, b) { throw 'thrown' } })).then(console.log, console.log);
const w = Promise.withResolvers(); w.resolve({ then(a) { w.resolve('x'); w.reject('y'); a('right') } }); w.promise.then(console.log, console.log);
const async = (async () => ({ then(a) { setTimeout(a, 3, 'async') } }))(); async.then(console.log);
let res; const self = new Promise((r) => { res = r }); res(self); self.catch((e) => console.log(e.message));
Promise.reject(new Error('q')).finally(() => ({ then(a) { a() } })).catch((e) => console.log(e.message));
function* g() { try { yield 1 } finally { yield 2; console.log('fin') } } for (const x of g()) { break }
