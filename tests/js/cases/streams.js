// Streams: order of events, pressure, errors, pipelines.
const { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished } = require('stream'), { promises } = require('stream'), events = require('events');
const log = (...a) => console.log(...a);
const watch = (n, s) => { for (const e of ['end', 'finish', 'close', 'error', 'drain', 'pause', 'resume']) s.on(e, (x) => log(n, e, x ? x.message : '')); return s };
(async () => {
  const r = watch('r', new Readable({ read() { this.push(this.n = (this.n || 0) + 1 > 3 ? null : String((this.n || 0) + 1)) } }));
  for await (const c of r) log('chunk', c.toString());
  const w = watch('w', new Writable({ highWaterMark: 3, write(c, e, cb) { log('write', c.toString()); setImmediate(cb) }, final(cb) { log('final'); cb() } }));
  log(w.write('ab'), w.write('cd'), w.writableLength, w.writableNeedDrain); await events.once(w, 'drain'); w.end('z', () => log('ended')); await events.once(w, 'close');
  const up = new Transform({ readableObjectMode: true, transform(c, e, cb) { cb(null, c.toString().toUpperCase()) }, flush(cb) { this.push('!'); cb() } });
  const out = []; await promises.pipeline(Readable.from(['a', 'b', 'c']), up, async function* (s) { for await (const c of s) yield c + '-' }, new Writable({ objectMode: true, write(c, e, cb) { out.push(String(c)); cb() } })).catch((e) => log('failed', e.message)); log(out);
  pipeline(new Readable({ read() { this.destroy(new Error('bad')) } }), new PassThrough(), (e) => log('pipeline', e.message)); await new Promise((f) => setTimeout(f, 20));
  const e = watch('e', new Writable({ write(c, x, cb) { cb(new Error('nope')) } })); e.write('q', (x) => log('cb', x.message)); await new Promise((f) => setTimeout(f, 10)); e.write('after', (x) => log('cb2', x.code)); await new Promise((f) => setTimeout(f, 10));
  const p = new PassThrough(); p.setEncoding('utf8'); p.write(Buffer.from('é').subarray(0, 1)); p.write(Buffer.from('é').subarray(1)); p.end(); log(await p.toArray());
  const o = new Readable({ objectMode: true, read() {} }); o.push({ a: 1 }); o.push(null); log(await o.toArray(), o.readableEnded, o.destroyed);
  finished(new Readable({ read() { this.push(null) } }).resume(), (x) => log('finished', x)); const g = new Readable({ read() {} }); g.push('abcdef'); log(String(g.read(2)), g.readableLength, String(g.read())); g.unshift('zz'); log(String(g.read()));
  const c = new Writable({ writev(list, cb) { log('writev', list.map((x) => String(x.chunk))); cb() } }); c.cork(); c.write('1'); c.write('2'); c.uncork(); c.end();
})();
