// Buffer: encodings, numbers, searching, errors.
const t = (f) => { try { console.log(f()) } catch (e) { console.log(e.name, e.code, e.message) } };
const text = 'héllo wörld €😀\ud800';
for (const e of ['utf8', 'hex', 'base64', 'base64url', 'latin1', 'ascii', 'ucs2', 'binary', 'UTF-16LE']) { const b = Buffer.from('héllo €😀', e); console.log(e, b, Buffer.from('héllo €😀').toString(e), Buffer.byteLength('héllo', e)) }
t(() => Buffer.from(text)); t(() => Buffer.from('abc', 'nope')); t(() => Buffer.from(5)); t(() => Buffer.from(null)); t(() => Buffer.from({})); t(() => Buffer.from([1, 256, -1, 'x', 3.7]));
t(() => Buffer.from({ length: 3, 1: 7 })); t(() => Buffer.from({ type: 'Buffer', data: [1, 2] })); t(() => Buffer.from(new String('abc'))); t(() => Buffer.from(new Uint16Array([1, 300])));
t(() => Buffer.alloc(5, 'ab')); t(() => Buffer.alloc(4, Buffer.from([9, 8]))); t(() => Buffer.alloc('5')); t(() => Buffer.alloc(3, 'zz', 'hex')); t(() => Buffer.alloc(3, 1.9));
const b = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 255, 254]);
for (const n of ['UInt8', 'Int8', 'UInt16LE', 'UInt16BE', 'Int16LE', 'Int32BE', 'UInt32LE', 'BigInt64LE', 'BigUInt64BE', 'FloatLE', 'DoubleBE']) { t(() => b['read' + n](1)); t(() => b['read' + n](9)); t(() => b['read' + n](20)); t(() => b['read' + n]('1')); t(() => b['read' + n](1.5)) }
for (const [n, v] of [['UInt8', 256], ['Int8', -129], ['UInt16LE', 65536], ['Int32BE', 2 ** 31], ['UInt32LE', -1], ['FloatLE', 1e40], ['BigInt64LE', 2n ** 63n], ['BigUInt64BE', -1n], ['UInt8', 'x'], ['UInt8', 3.9]]) { const c = Buffer.alloc(8); t(() => [c['write' + n](v), c]) }
for (const k of [1, 2, 3, 4, 5, 6, 7]) { t(() => b.readUIntBE(0, k)); t(() => b.readIntLE(2, k)); const c = Buffer.alloc(8); t(() => [c.writeIntBE(-100, 1, k), c]) }
const h = Buffer.from('hello hello');
for (const a of [['l'], ['l', 3], ['l', -3], ['lo', 100], ['', 3], [108], [Buffer.from('he')], ['x'], ['h', 'latin1'], [{}], ['l', NaN], ['l', undefined]]) { t(() => h.indexOf(...a)); t(() => h.lastIndexOf(...a)); t(() => h.includes(...a)) }
t(() => h.slice(2, -2).toString()); t(() => h.subarray(-3)); t(() => h.equals(Buffer.from('hello hello'))); t(() => h.equals('x')); t(() => h.compare(Buffer.from('hellp'))); t(() => Buffer.compare(b, h)); t(() => Buffer.concat([b, h], 12)); t(() => Buffer.concat('x')); t(() => Buffer.concat(['x']));
t(() => b.copy(h, 2, 1, 3)); t(() => h); t(() => h.write('€€', 8)); t(() => h); t(() => h.write('zz', 100)); t(() => h.fill('xy', 2, 5)); t(() => h.fill(0, 3, 1)); t(() => Buffer.from('abcd').swap16()); t(() => Buffer.from('abc').swap16()); t(() => b.toJSON()); t(() => JSON.stringify(Buffer.from('a')));
t(() => Buffer.isBuffer(b)); t(() => Buffer.isEncoding('UTF8')); t(() => Buffer.isEncoding('x')); t(() => Buffer.of(1, 2)); t(() => b.toString('utf8', 2, 4)); t(() => b.toString('nope')); t(() => [...b.entries()].length); t(() => Object.assign(Buffer.from('q'), { x: 1 })); t(() => b.readInt8()); t(() => require('buffer').transcode(Buffer.from('€'), 'utf8', 'latin1')); t(() => require('string_decoder').StringDecoder.name);
const { StringDecoder } = require('string_decoder'); for (const e of ['utf8', 'utf16le', 'base64', 'hex']) { const d = new StringDecoder(e); let s = ''; for (const x of Buffer.from('a€😀b')) s += d.write(Buffer.from([x])) + '|'; console.log(s + d.end()) }
