const found = [];
for (const key in Buffer) found.push(key);
console.log(found.sort().join());
console.log(Object.getOwnPropertyNames(Buffer).sort().join());
for (const key of ['from', 'alloc', 'concat', 'isBuffer', 'byteLength'])
  console.log(key, Buffer[key].length, Buffer[key].name);
const copy = {};
for (const key in Buffer) copy[key] = Buffer[key];
const { from, isBuffer, alloc, concat, byteLength } = copy;
console.log(from('ab'), isBuffer(from('x')), isBuffer(5), alloc(2, 'q'), byteLength('é'));
console.log(concat([from('a'), from('b')]), Buffer.length, Buffer.name);
class Own extends Buffer {}
console.log(typeof Own.from, Own.isBuffer(Buffer.alloc(1)), Object.getPrototypeOf(Buffer) === Uint8Array);
