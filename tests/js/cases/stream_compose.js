const { Duplex } = require('stream');
const first = (async () => { const d = Duplex.from(async function* (src) { for await (const x of src) yield x + '!'; }); d.end('hey'); for await (const x of d) console.log(String(x)); 
for (const v of [['a','b'], 'str', (async function*(){ yield 'g' })(), Promise.resolve('pr'), new Blob(['bl']), async function(src) { let s=''; for await (const x of src) s += x; console.log('sink', s) }, { writable: new (require('stream').Writable)({write(c,e,cb){ console.log('w', String(c)); cb() }}), readable: require('stream').Readable.from(['r']) }, new ReadableStream({start(c){c.enqueue('web'); c.close()}})]) {
 try { const d = Duplex.from(v); console.log(d.readable, d.writable, d.constructor.name); if (d.writable) d.end('in'); if (d.readable) for await (const x of d) console.log(String(x)); await new Promise(r=>setTimeout(r,2)); } catch (e) { console.log(e.name, e.code, e.message) } }
})();
const { Transform, Readable, compose } = require('stream');
first.then(async () => {
  const upper = () => new Transform({ transform(c, e, cb) { cb(null, String(c).toUpperCase()); } });
  const comp = compose(upper(), async function* (src) { for await (const x of src) yield String(x) + '?'; });
  comp.end('ab'); console.log((await comp.toArray()).map(String));
  console.log(await Readable.from(['q', 'r']).compose(async function* (s) { for await (const x of s) yield x + x; }).toArray());
  const bad = compose(upper(), new Transform({ transform(c, e, cb) { cb(new Error('inner')); } }));
  bad.on('error', (e) => console.log('error', e.message)); bad.end('x');
  for (const f of [() => compose(), () => compose(upper(), 5), () => compose(upper(), Readable.from([1])), () => require('stream').Duplex.from(5), () => require('stream').Duplex.from(() => 5)])
    try { f(); } catch (e) { console.log(e.name, e.code); }
});
