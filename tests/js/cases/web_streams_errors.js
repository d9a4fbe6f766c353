const log=[]; const L=(...a)=>console.log(...a);
(async()=>{
 // errors
 const rs=new ReadableStream({start(c){this.c=c; globalThis.k=c}});
 const rd=rs.getReader(); const p=rd.read(); k.error(new TypeError('bad'));
 await p.catch(e=>L('read',e.message)); await rd.closed.catch(e=>L('closed',e.message));
 await rs.cancel().catch(e=>L(e.code,e.message)); rd.releaseLock(); await rs.cancel().catch(e=>L(e.message));
 await rd.read().catch(e=>L(e.code,e.message));
 try{k.enqueue(1)}catch(e){L(e.code,e.message)}
 // release with pending read
 const r2=new ReadableStream({}); const q=r2.getReader(); const pend=q.read(); q.releaseLock(); await pend.catch(e=>L(e.code,e.message)); await q.closed.catch(e=>L(e.code,e.message));
 // desired size
 new ReadableStream({start(c){L(c.desiredSize); c.enqueue(1); L(c.desiredSize); c.close(); L(c.desiredSize); try{c.enqueue(2)}catch(e){L(e.message)} try{c.close()}catch(e){L(e.message)}}},{highWaterMark:3});
 const bl=new ReadableStream({start(c){c.enqueue(new Uint8Array(10)); L(c.desiredSize)}},new ByteLengthQueuingStrategy({highWaterMark:16}));
 // size throws
 const st=new ReadableStream({start(c){ try{c.enqueue(1)}catch(e){L('sz',e.message)} }},{size(){throw new Error('size')}}); await st.getReader().read().catch(e=>L(e.message));
 const st2=new ReadableStream({start(c){ try{c.enqueue(1)}catch(e){L('sz',e.name,e.code,e.message)} }},{size(){return NaN}}); await st2.getReader().read().catch(e=>L(e.message));
 // pull call count and order
 let n=0; const pl=new ReadableStream({pull(c){n++; c.enqueue(n); if(n==4)c.close()}},{highWaterMark:0}); L(n); const pr=pl.getReader(); L(await pr.read(),n); L((await Promise.all([pr.read(),pr.read(),pr.read(),pr.read()])).map(x=>x.value));
 // pipeTo error propagation
 const d=new WritableStream({write(c){L('wr',c); if(c===2) throw new Error('sink')},abort(r){L('abort',r.message)},close(){L('close')}});
 await ReadableStream.from([1,2,3]).pipeTo(d).catch(e=>L('pipe',e.message)); L(d);
 const d2=new WritableStream({abort(r){L('abort',r.message)}});
 await new ReadableStream({start(c){c.enqueue(1)},pull(){throw new Error('src')}}).pipeTo(d2).catch(e=>L('pipe',e.message)); L(d2);
 const ac=new AbortController(); setTimeout(()=>ac.abort(),5);
 await new ReadableStream({cancel(r){L('cancelled',r.name)}}).pipeTo(new WritableStream({abort(r){L('ab',r.name)}}),{signal:ac.signal}).catch(e=>L(e.name,e.message));
 await new ReadableStream({start(c){c.close()}}).pipeTo(new WritableStream({close(){L('x')}}),{preventClose:true});
 // async iteration break
 const it=new ReadableStream({pull(c){c.enqueue(1)},cancel(r){L('can',r)}}); for await(const x of it){L(x);break} L(it);
 const it2=ReadableStream.from(['a','b']); for await(const x of it2.values({preventCancel:true})){L(x);break} L(it2); for await (const x of it2) L(x);
 try{ ReadableStream.from(5) }catch(e){L(e.code,e.message)}
 try{ ReadableStream.from({}) }catch(e){L(e.code,e.message)}
 async function* g(){ try{ yield 1; yield Promise.resolve(2); yield 3 } finally {L('fin')} } for await (const x of ReadableStream.from(g())) { L(x); if(x==2)break }
 // transform errors
 const t=new TransformStream({transform(){throw new Error('tr')}}); const w=t.writable.getWriter(); const r=t.readable.getReader(); w.write(1).catch(e=>L('w',e.message)); await r.read().catch(e=>L('r',e.message)); await w.closed.catch(e=>L('c',e.message));
 const t2=new TransformStream({start(c){c.enqueue('s'); c.terminate()}}); L(await Array.fromAsync(t2.readable)); await t2.writable.getWriter().closed.catch(e=>L(e.code,e.message));
 const t3=new TransformStream({cancel(r){L('cancel',r)}}); await t3.readable.cancel('why'); L(t3.writable, t3); await t3.writable.abort().catch(L);
 // writer states
 const ws=new WritableStream({write(){return new Promise(r=>setTimeout(r,3))},close(){L('sink close')}}, {highWaterMark:2}); const ww=ws.getWriter(); L(ww.desiredSize); ww.write(1); L(ww.desiredSize); ww.write(2); L(ww.desiredSize); await ww.ready; L('ready'); const cp=ww.close(); await ww.close().catch(e=>L(e.code,e.message)); await cp; L(ww); await ww.write(1).catch(e=>L(e.code,e.message)); ww.releaseLock(); await ww.write(1).catch(e=>L(e.code,e.message)); try{ww.desiredSize}catch(e){L(e.code,e.message)}; await ww.closed.catch(e=>L(e.code,e.message));
 const wa=new WritableStream({start(c){globalThis.wc=c; L(c)},abort(r){L('abort',r)}}); await wa.abort('rr'); L(wc.signal.aborted, wc.signal.reason, wa); await wa.getWriter().closed.catch(L);
 try{ new WritableStream({type:1}) }catch(e){L(e.name,e.code,e.message)}
 try{ new WritableStreamDefaultController() }catch(e){L(e.name,e.code,e.message)}
 try{ new WritableStreamDefaultWriter(1) }catch(e){L(e.name,e.code,e.message)}
 try{ new ReadableStreamDefaultReader(rs,1), new ReadableStreamDefaultReader(rs) }catch(e){L(e.name,e.code,e.message)}
 try{ rs.pipeThrough({}) }catch(e){L(e.name,e.code,e.message)}
 await rs.pipeTo(1).catch(e=>L(e.name,e.code,e.message));
 try{ Object.getOwnPropertyDescriptor(ReadableStream.prototype,'locked').get.call({}) }catch(e){L(e.name,e.code,e.message)}
 try{ new CountQueuingStrategy() }catch(e){L(e.name,e.code,e.message)}
 try{ new CountQueuingStrategy({}) }catch(e){L(e.name,e.code,e.message)}
 try{ new TransformStream({readableType:1}) }catch(e){L(e.name,e.code,e.message)}
 try{ new CompressionStream('x') }catch(e){L(e.name,e.code,e.message)}
 try{ new ReadableStream({pull:1}) }catch(e){L(e.name,e.code,e.message)}
 for (const k of ['ReadableStream','WritableStream','TransformStream','ReadableStreamDefaultReader','ReadableStreamBYOBReader','ByteLengthQueuingStrategy','CompressionStream','WritableStreamDefaultWriter']) L(k, globalThis[k].length, Object.keys(globalThis[k].prototype).join(), Object.prototype.toString.call(globalThis[k].prototype), require('stream/web')[k]===globalThis[k]);
})().catch(e=>L('FAIL',e));
