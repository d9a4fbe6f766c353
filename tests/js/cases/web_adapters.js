const {Readable,Writable,Duplex,PassThrough,Transform,pipeline,finished}=require('stream'); const L=console.log;
(async()=>{
 L(await Array.fromAsync(Readable.toWeb(Readable.from(['a',1,{x:1}]))));
 const r=new Readable({read(){this.push('hello'); this.push(null)}}); const w=Readable.toWeb(r); L(w); L(await Array.fromAsync(w)); L(w, r.destroyed);
 const rb=Readable.toWeb(Readable.from([Buffer.from('abc')],{objectMode:false}),{type:'bytes'}); const by=rb.getReader({mode:'byob'}); L(await by.read(new Uint8Array(2)), await by.read(new Uint8Array(2)), await by.read(new Uint8Array(2)));
 const re=new Readable({read(){this.destroy(new Error('boom'))}}); await Array.fromAsync(Readable.toWeb(re)).catch(e=>L(e.message));
 const rc=new Readable({read(){}}); const wc=Readable.toWeb(rc); rc.on('error',e=>L('rc',e.message)); rc.on('close',()=>L('rc close')); await wc.cancel(new Error('stop')); await new Promise(r=>setTimeout(r,2)); L(rc.destroyed);
 const rp=new Readable({read(){}}); const wp=Readable.toWeb(rp); setTimeout(()=>rp.destroy(),2); await wp.getReader().read().catch(e=>L(e.name,e.code,e.message));
 // fromWeb
 L(await Array.fromAsync(Readable.fromWeb(ReadableStream.from(['x','y']))));
 L(await Array.fromAsync(Readable.fromWeb(ReadableStream.from([1,2]),{objectMode:true})));
 L(await Array.fromAsync(Readable.fromWeb(ReadableStream.from([Buffer.from('é')]),{encoding:'utf8'})));
 const fe=Readable.fromWeb(new ReadableStream({pull(){throw new Error('web')}})); fe.on('error',e=>L('fe',e.message)); fe.resume(); await new Promise(r=>fe.on('close',r));
 const fd=Readable.fromWeb(new ReadableStream({cancel(e){L('cancel',e&&e.message)}})); fd.on('error',e=>L('fd',e.message)); fd.destroy(new Error('D')); await new Promise(r=>fd.on('close',r));
 // writable
 const got=[]; const nw=new Writable({highWaterMark:4,write(c,e,cb){got.push(String(c)); setTimeout(cb,1)},final(cb){got.push('fin'); cb()}}); const ww=Writable.toWeb(nw); const wr=ww.getWriter(); L(wr.desiredSize); await wr.write('abc'); await wr.write(Buffer.from('defgh')); await wr.close(); L(got,nw.writableFinished);
 const ne=new Writable({write(c,e,cb){cb(new Error('we'))}}); const we=Writable.toWeb(ne).getWriter(); we.closed.catch(e=>L('closed',e.message)); await we.write('q').catch(e=>L('w',e.message)); await we.write('r').catch(e=>L('w2',e.message));
 const out=[]; const fw=Writable.fromWeb(new WritableStream({write(c){out.push(c)},close(){out.push('close')}})); fw.write('abc'); fw.write(Buffer.from('d')); fw.end('z'); await new Promise(r=>fw.on('close',r)); L(out);
 const fo=Writable.fromWeb(new WritableStream({write(c){L('o',c)},abort(e){L('abort',e.message)}}),{objectMode:true}); fo.on('error',e=>L('fo',e.message)); fo.write({a:1}); await new Promise(r=>setTimeout(r,3)); fo.destroy(new Error('X')); await new Promise(r=>fo.on('close',r));
 // duplex
 const d=Duplex.fromWeb(new TransformStream({transform(c,k){k.enqueue(String.fromCharCode(...c).toUpperCase())}}),{encoding:'utf8'}); d.end('up'); L(await Array.fromAsync(d));
 const {readable,writable}=Duplex.toWeb(new PassThrough()); const dw=writable.getWriter(); dw.write('pp'); dw.close(); L(await Array.fromAsync(readable));
 await require('stream/promises').pipeline(ReadableStream.from(['a','b']), new Transform({objectMode:true,transform(c,e,cb){cb(null,c+'!')}}), new WritableStream({write(c){L('sink',c)}}));
 await require('stream/promises').finished(new ReadableStream({start(c){c.close()}})).then(()=>L('fin'));
 L(await require('stream/consumers').text(ReadableStream.from(['a','b'])), await require('stream/consumers').json(new Blob(['{"a":1}']).stream()));
 for (const t of [()=>Readable.fromWeb(1),()=>Readable.toWeb(1),()=>Writable.fromWeb({}),()=>Writable.toWeb({}),()=>Duplex.fromWeb({}),()=>Readable.toWeb(new PassThrough,{type:'x'}), ()=>Readable.fromWeb(ReadableStream.from([]),{objectMode:1})]) try{t();L('no')}catch(e){L(e.name,e.code,e.message)}
})().catch(e=>L('FAIL',e));
