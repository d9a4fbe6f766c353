const z=require('zlib'), L=console.log; const B=Buffer.from('hello hello hello hello '.repeat(20));
for (const [c,d] of [['brotliCompress','brotliDecompress'],['zstdCompress','zstdDecompress']]) {
 const x=z[c+'Sync'](B); L(x.length<40, z[d+'Sync'](x).equals(B));
 for (const bad of [x.subarray(0,10), ...c[0]=='z'?[Buffer.concat([x,Buffer.from('junk')])]:[]]) try{ L(z[d+'Sync'](bad).length) }catch(e){L(e.name,e.code,e.errno,e.message)}
}
try { z.zstdDecompressSync(Buffer.from('nonsense data')) } catch(e){L(e.name,e.code,e.errno,e.message)}
try { z.brotliDecompressSync(Buffer.from('nonsense data')) } catch(e){L(e.name,e.errno<0,e.message)}
L(z.brotliDecompressSync(Buffer.from('1bdf01f88d946ede445586966c206f415b1c80320e','hex')).length, z.zstdDecompressSync(Buffer.from('28b52ffd60e0006d00003068656c6c6f200100d7514b11','hex')).length);
L(z.brotliCompressSync('abc'.repeat(50),{params:{[z.constants.BROTLI_PARAM_QUALITY]:4,[z.constants.BROTLI_PARAM_LGWIN]:16}}).length<40);
z.brotliCompress('x'.repeat(99),(e,b)=>z.brotliDecompress(b,(e,r)=>{L(e,r.length);
z.zstdCompress('x'.repeat(99),{params:{[z.constants.ZSTD_c_compressionLevel]:10,[z.constants.ZSTD_c_checksumFlag]:1}},(e,b)=>z.zstdDecompress(b,(e,r)=>{L(e,b.readUInt8(4)&4,r.length);
 const c=z.createZstdCompress(), d=z.createZstdDecompress(); const out=[]; c.pipe(d).on('data',x=>out.push(x)).on('end',()=>{L(Buffer.concat(out).toString()); 
 const cb=z.createBrotliCompress(), db=z.createBrotliDecompress(); db.on('error',e=>L('err',e.code)); const o2=[]; cb.pipe(db).on('data',x=>o2.push(x)).on('end',()=>{L(Buffer.concat(o2).toString(), cb instanceof z.BrotliCompress); web()}); cb.write('one '); cb.flush(()=>{cb.end('two')});
 }); c.write('part1 '); c.end('part2');
}))}));
const web = async()=>L((await Array.fromAsync(ReadableStream.from([Buffer.from('q'.repeat(500))]).pipeThrough(new CompressionStream('brotli')).pipeThrough(new DecompressionStream('brotli')).pipeThrough(new TextDecoderStream()))).join('').length);
