(async()=>{
const rs=new ReadableStream({start(c){c.enqueue(1);c.enqueue('b')},pull(c){c.close()},cancel(r){console.log('c',r)}});
console.log(rs);
for await (const x of rs) console.log(x);
console.log(rs, rs.locked);
const [a,b]=ReadableStream.from([1,2,3]).tee();
console.log(await Array.fromAsync(a), await Array.fromAsync(b));
const t=new TransformStream({transform(c,k){k.enqueue(c*2)},flush(k){k.enqueue('end')}});
console.log(t);
const out=[];
await ReadableStream.from([1,2,3]).pipeThrough(t).pipeTo(new WritableStream({write(c){out.push(c)},close(){out.push('closed')}}));
console.log(out);
const by=new ReadableStream({type:'bytes',pull(c){const r=c.byobRequest; console.log('pull', r&&r.view.byteLength); if(r){r.view[0]=7;r.respond(1)} else c.enqueue(new Uint8Array([1,2,3]))}});
let r=by.getReader({mode:'byob'}); console.log(await r.read(new Uint8Array(4))); r.releaseLock();
r=by.getReader(); console.log(await r.read(), r); r.releaseLock();
try{ rs.getReader({mode:'x'}) }catch(e){console.log(e.message,e.code,e.name)}
try{ ReadableStream() }catch(e){console.log(e.message,e.code,e.name)}
try{ new ReadableStream(5) }catch(e){console.log(e.message,e.code,e.name)}
try{ new ReadableStream({type:'x'}) }catch(e){console.log(e.message,e.code,e.name)}
try{ new ReadableStream({},{highWaterMark:-1}) }catch(e){console.log(e.message,e.code,e.name)}
console.log(await new Response_('héllo'));
console.log(await Array.fromAsync(ReadableStream.from(['a','é\ud83d','\ude00']).pipeThrough(new TextEncoderStream())));
console.log(await Array.fromAsync(ReadableStream.from([new Uint8Array([0xc3]),new Uint8Array([0xa9])]).pipeThrough(new TextDecoderStream())));
const zz=ReadableStream.from([Buffer.from('hello'.repeat(100))]).pipeThrough(new CompressionStream('gzip')).pipeThrough(new DecompressionStream('gzip')).pipeThrough(new TextDecoderStream());
console.log((await Array.fromAsync(zz)).join('').length);
console.log(new CountQueuingStrategy({highWaterMark:3}), new TextDecoderStream(), new WritableStream().getWriter());
class X extends ReadableStream{ foo(){return this.locked} } console.log(new X().foo(), Object.keys(ReadableStream.prototype), ReadableStream.from.name);
const w=new WritableStream({write(c){ if(c==2) throw new Error('no')}}).getWriter();
w.write(1).then(()=>console.log('w1')); w.write(2).catch(e=>console.log('w2',e.message)); w.closed.catch(e=>console.log('closed',e.message)); 
await w.ready.catch(e=>console.log('ready', e.message));
setTimeout(()=>w.write(3).catch(e=>console.log('w3',e.message)),5);
})();
function Response_(t){ return Promise.resolve(t) }
