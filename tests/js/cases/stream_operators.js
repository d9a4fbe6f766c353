const {Readable}=require('stream'),fs=require('fs'),EE=require('events'); const {AsyncResource,AsyncLocalStorage}=require('async_hooks');
(async()=>{
 const R=(...a)=>Readable.from(a);
 console.log(await R(1,2,3).map(x=>x*2).toArray(), await R(1,2,3,4).filter(async x=>x%2).toArray(), await R(1,2).flatMap(x=>[x,x]).toArray(), await R(1,2,3).take(2).toArray(), await R(1,2,3).drop(1).toArray());
 console.log(await R(1,2,3).reduce((a,b)=>a+b), await R(1,2).reduce((a,b)=>a+b,10), await R(1,2,3).some(x=>x>2), await R(1,2,3).every(x=>x>2), await R(1,2,3).find(x=>x>1), await R().find(x=>1));
 const l=[]; await R('a','b').forEach(x=>{l.push(x)}); console.log(l);
 for (const f of [()=>R(1).map(3),()=>R(1).take(-1),()=>R().reduce((a,b)=>a),()=>R(1).forEach(1),()=>R(1,2).map(()=>{throw new Error('in map')}).toArray(),()=>R(1).filter(()=>true,{signal:AbortSignal.abort()}).toArray()]) try { console.log(await f()) } catch(e) { console.log(e.name,e.code,e.message) }
 console.log(await R(1,2,3,4,5).map(x=>x+1).filter(x=>x%2==0).take(2).toArray());
 const d=fs.mkdtempSync(require('os').tmpdir()+'/ent-'); fs.writeFileSync(d+'/f',''); const e=fs.readdirSync(d,{withFileTypes:true})[0]; const ks=[]; for(const k in e) ks.push(k); console.log(ks,e.isFile(),e.isDirectory(),e.name,JSON.stringify(Object.keys({...e}))); fs.rmSync(d,{recursive:true});
 console.log(Object.getOwnPropertyDescriptor(EE,'defaultMaxListeners').enumerable, typeof EE.init, EE.usingDomains, EE.captureRejections, Object.keys(EE).sort().join(' '));
 const o={}; EE.init.call(o); console.log(Object.keys(o));
 const als=new AsyncLocalStorage(); let r; als.run(5,()=>{r=new EE.EventEmitterAsyncResource({name:'Q'})}); r.on('x',(v)=>console.log('in',als.getStore(),v)); als.run(9,()=>r.emit('x',1)); console.log(r instanceof EE, typeof r.asyncId, r.asyncResource instanceof AsyncResource);
 try { EE.captureRejections=1 } catch(e) { console.log(e.message) }
 EE.defaultMaxListeners=5; console.log(new EE().getMaxListeners(), EE.defaultMaxListeners);
})();
