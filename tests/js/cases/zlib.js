// What packages that read archives at once do with streams of zlib: a step without
// the events, in which nothing closes.
const zlib = require('zlib');
const { Z_FINISH, Z_NO_FLUSH } = zlib.constants;

function atOnce(stream, chunk, flag) {
  const handle = stream._handle;
  const [close, closeHandle] = [stream.close, handle.close];
  stream.close = handle.close = () => {};
  try {
    return Buffer.from(stream._processChunk(chunk, flag));
  } finally {
    stream._handle = handle;
    [stream.close, handle.close] = [close, closeHandle];
  }
}

const packed = zlib.gzipSync('hello hello hello');
const gunzip = new zlib.Gunzip();
const first = atOnce(gunzip, packed.subarray(0, 12), Z_NO_FLUSH);
const second = atOnce(gunzip, packed.subarray(12), Z_FINISH);
console.log(Buffer.concat([first, second]).toString());

for (const [name, data] of [['short', packed.subarray(0, 12)], ['bad', Buffer.from('abcdefghijkl')]])
  try {
    new zlib.Gunzip()._processChunk(data, Z_FINISH);
  } catch (e) {
    console.log(name, e.code, e.errno);
  }

const gzip = new zlib.Gzip();
const parts = [atOnce(gzip, Buffer.from('a'.repeat(100)), Z_NO_FLUSH), atOnce(gzip, Buffer.alloc(0), Z_FINISH)];
console.log(zlib.gunzipSync(Buffer.concat(parts)).length);
gzip.reset();
console.log(zlib.gunzipSync(atOnce(gzip, Buffer.from('again'), Z_FINISH)).toString());
gzip.close(() => console.log('closed', gzip.destroyed));
