const fs = require('fs'), path = require('path'), os = require('os'), fsp = fs.promises;
const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'more-'))), p = (...a) => path.join(dir, ...a);
const show = (s) => (typeof s === 'string' ? s.replaceAll(dir, 'DIR') : s);
for (const [s, g] of [['a/b.js', 'a/*.js'], ['a/b/c.js', 'a/*.js'], ['a/b/c.js', 'a/**/*.js'], ['a/c.js', 'a/**/*.js'], ['a/b/c', 'a/**'], ['x.md', '*.{md,txt}'], ['b', '[abc]'], ['d', '[!abc]'], ['ab', 'a?'], ['.hid', '*'], ['.hid', '.*'], ['a', '**'], ['a/b', '*'], ['a/b/', 'a/b'], ['ax.y', 'a*.?'], ['{a}', '{a}'], ['abc', 'a{b,{c,d}}c'], ['foo.bar', 'foo.+(bar|baz)'].slice(0, 1).concat('foo.bar')])
  console.log(s, g, path.matchesGlob(s, g));
for (const f of ['a.txt', 'b.js', 'sub/c.txt', 'sub/deep/d.js', '.dot', 'sub/.e.txt']) { fs.mkdirSync(path.dirname(p(f)), { recursive: true }); fs.writeFileSync(p(f), f); }
const g = (x, o) => console.log(x, fs.globSync(x, { cwd: dir, ...o }).map(show).sort());
g('*'); g('**/*.txt'); g('sub/*'); g(['*.js', 'sub/deep/*.js']); g('nope*'); g('a.txt'); g('sub/**'); g('{a,b}.*'); g('**/*.js', { exclude: (n) => n.includes('deep') }); 
const next = (w) => new Promise((r) => w.once('change', (t, n) => r([t, n])));
(async () => {
  for await (const f of fsp.glob('*.txt', { cwd: dir })) console.log('glob', f);
  fs.glob('*.js', { cwd: dir }, (e, l) => console.log('cb', e, l));
  fs.opendir(p('sub'), async (e, d) => { const n = []; for await (const x of d) n.push(x.name); console.log('opendir', e, n.sort(), d.constructor === fs.Dir); });
  await new Promise((r) => setTimeout(r, 50));
  let w = fs.watch(dir); setTimeout(() => fs.writeFileSync(p('new'), ''), 5); console.log(await next(w)); w.on('close', () => console.log('closed')); w.close(); w.close();
  w = fs.watch(p('a.txt'), { persistent: true }); setTimeout(() => fs.appendFileSync(p('a.txt'), '!'), 5); console.log(await next(w)); w.unref().ref().close();
  w = fs.watch(dir, { recursive: true }); setTimeout(() => fs.writeFileSync(p('sub/deep/d.js'), 'x'), 5); console.log(await next(w)); w.close();
  try { fs.watch(p('none')); } catch (e) { console.log(e.code, e.syscall, show(e.message), show(e.filename)); }
  const ac = new AbortController();
  try { setTimeout(() => fs.unlinkSync(p('new')), 5); for await (const e of fsp.watch(dir, { signal: ac.signal })) { console.log(e); ac.abort(); } } catch (e) { console.log(e.name); }
  await new Promise((r) => { fs.watchFile(p('b.js'), { interval: 10 }, (a, b) => { console.log(a.size, b.size, a instanceof fs.Stats); fs.unwatchFile(p('b.js')); r(); }); setTimeout(() => fs.writeFileSync(p('b.js'), 'longer text'), 20); });
  const h = await fsp.open(p('lines'), 'w+'); console.log(await h.writev([Buffer.from('one\n'), Buffer.from('two')]).then((r) => r.bytesWritten)); await h.close();
  const h2 = await fsp.open(p('lines')); for await (const l of h2.readLines()) console.log('line', l); console.log(h2.fd);
  const h3 = await fsp.open(p('lines')); let s = ''; for await (const c of h3.createReadStream({ encoding: 'utf8', start: 1 })) s += c; console.log(JSON.stringify(s)); try { await h3.read(); } catch (e) { console.log(e.code, e.syscall, e.message); }
  { const h4 = await fsp.open(p('lines')); const t = []; for await (const c of h4.readableWebStream()) t.push(Buffer.from(c).toString()); console.log(t.join('')); await h4.close(); }
  const b = await fs.openAsBlob(p('lines'), { type: 'text/x' }); console.log(b.size, b.type, await b.text());
  try { fs.readFile(p('a.txt')); } catch (e) { console.log(e.message); }
  fs.rmSync(dir, { recursive: true });
})();
