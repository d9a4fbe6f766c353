// Every function of path on awkward paths, in both dialects.
const path = require('path'), url = require('url'), qs = require('querystring');
const names = ['', '.', '..', '/', '//', '///a', 'a', 'a/', 'a//b', './a', '../a', '/a/..', '/a/../..', 'a/../..', 'a/b/../c', '/a/b.txt', 'a.b.c', '.bashrc', 'a/.x', '..x', 'a.', 'a..', 'C:', 'C:\\', 'C:\\a\\..\\b', 'c:a', '\\\\srv\\share\\x', 'a\\b', '//srv/share', 'C:/a/b.ext', '...', 'a/b/'];
for (const p of [path.posix, path.win32]) {
  for (const a of names) {
    console.log(JSON.stringify([a, p.normalize(a), p.dirname(a), p.basename(a), p.extname(a), p.isAbsolute(a), p.parse(a), p.basename(a, '.txt'), p.format(p.parse(a))]));
    for (const b of ['x', '..', '/y', '', '../../z']) console.log(JSON.stringify([a, b, p.join(a, b), p === path.posix ? p.resolve('/base', a, b) : 0, p === path.posix ? p.relative('/base/' + a, '/base/' + b) : 0]));
  }
}
for (const f of [() => path.join(1), () => path.basename({}), () => path.format(null), () => path.parse(undefined)]) try { f() } catch (e) { console.log(e.name, e.code, e.message) }
console.log(path.format({ dir: '/a', name: 'b', ext: 'c' }), path.format({ root: '/', base: 'x' }));
console.log(url.fileURLToPath('file:///a%20b/c'), url.pathToFileURL('/a b#?%').href);
for (const u of ['http://u:p@h.com:80/p/a?x=1&y=2#f', '/a?b', 'mailto:a@b', '//h/p', 'x', 'http://h']) { const q = url.parse(u); console.log(u, JSON.stringify(q), url.format(q)) }
console.log(url.resolve('/one/two/three', 'four'), url.resolve('http://e.com/one', '/two'), url.parse('/x?a=1&a=2', true).query);
console.log(qs.parse('a=1&b=2&a=3&c=%20+x'), qs.stringify({ a: [1, 2], b: 'x y', c: true, d: null, e: NaN, f: 5n }), qs.escape('a b&é'), qs.unescape('%41%zz'));
