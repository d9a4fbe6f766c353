const util = require('util'), qs = require('querystring'); const t = (f) => { try { console.log(f()); } catch (e) { console.log(e.name, e.code, e.message); } };
t(() => new util.MIMEType('text/html; charset=utf-8; q="a b"').toString()); t(() => { const m = new util.MIMEType('Text/Plain;a=1;A=2;=;b;c="\\"x";d= y '); m.params.set('b', 'x y'); m.subtype = 'css'; return [String(m), m.essence, m.type, [...m.params], m.params.get('a'), m.params.get('zz'), m.params.has('z'), JSON.stringify({ m }), [...m.params.keys()]]; });
for (const bad of ['bad', 'a/', '/b', 'a b/c', 'a/b c', '']) t(() => new util.MIMEType(bad)); t(() => { new util.MIMEType('a/b').type = 'x y'; }); t(() => new util.MIMEType('a/b').params.set('q', '\u0100')); t(() => new util.MIMEParams().toString() + '.');
t(() => util.parseEnv('A=1\nB="x y"\n# c\nexport C=\'q\'\nD = e f # tail\nE="l1\nl2"\nF="a\\nb"\nG=\nH=`b"t`\nI=\'a\\nb\'\nJ=a=b'));
t(() => util.diff('abc', 'abd')); t(() => util.diff(['a', 'b'], ['a', 'c', 'b'])); t(() => util.diff('x', 'x')); t(() => util.diff('', 'ab')); t(() => util.diff(1, 'a'));
t(() => util.convertProcessSignalToExitCode('SIGKILL')); t(() => util.transferableAbortController().signal.aborted);
t(() => util.parseArgs({ args: ['-v', '--o', 'x', '--', '-x'], options: { v: { type: 'boolean', short: 'v' }, o: { type: 'string' } }, allowPositionals: true, tokens: true }).tokens);
t(() => qs.unescapeBuffer('a%20b%zz').toString()); const { StringDecoder } = require('string_decoder');
for (const [enc, a, b] of [['utf8', [0xe2, 0x82], [0xac]], ['utf8', [0x61, 0xf0, 0x9f], [0x98, 0x80]], ['utf16le', [0x61], [0]], ['base64', [1], [2, 3]]]) { const d = new StringDecoder(enc); t(() => [d.write(Buffer.from(a)), d.lastNeed, d.lastTotal, d.write(Buffer.from(b)), d.lastNeed, d.end()]); }
