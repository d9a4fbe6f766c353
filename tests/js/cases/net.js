const dns=require('dns'),net=require('net');
const wait=ms=>new Promise(r=>setTimeout(r,ms));
(async()=>{
for (const f of [()=>net.connect(70000),()=>net.connect(),()=>net.connect({}),()=>net.createServer().listen(-1),()=>net.createServer().listen({}),()=>net.createServer(5),()=>dns.lookup('a',3),()=>dns.lookup('a',{family:5},()=>{}),()=>dns.lookup(3,()=>{}),()=>dns.lookup('a',{hints:1},()=>{}),()=>net.connect({port:1,host:3}),()=>net.connect({port:'x'}),()=>new net.Socket().setTimeout(-1),()=>new net.Socket().setTimeout('x'),()=>net.Socket({objectMode:true})]) try{const r=f(); r.on&&r.on('error',e=>console.log('EV',e.message,Object.keys(e)))}catch(e){console.log(e.name,e.code,e.message)}
const once=(e,n)=>new Promise(r=>e.once(n,r));
const show=e=>console.log(e.message,JSON.stringify(e));
show(await once(net.connect(1,'127.0.0.1'),'error'));
show(await once(net.connect('/nope'),'error'));
const s=net.createServer().listen(0); console.log(s.address().address, s.listening);
await once(s,'listening');
const t=net.createServer().listen(s.address().port); const e=await once(t,'error'); console.log(e.message.replace(/\d+$/,'N'),Object.keys(e), t.listening);
try { s.listen(0) } catch(e){console.log(e.code,e.message)}
await new Promise(r=>s.close(r)); s.close(e=>console.log(e.code,e.message));
const k=new net.Socket();console.log(k.readyState,k.connecting,k.pending,k.address(),k.remoteAddress,k.bytesWritten,k.timeout,k.bufferSize);
k.destroy(); k.on('close',h=>console.log('close',h)); await wait(5); console.log(k.destroyed,k.readyState);
// big data with backpressure both ways, path
const p=require('os').tmpdir()+'/napi-net-'+process.pid; let got=0; const big=Buffer.alloc(3e6,'x');
const u=net.createServer({allowHalfOpen:true},c=>{c.on('data',d=>got+=d.length);c.on('end',()=>{console.log('got',got); c.end(big)})}).listen(p); await once(u,'listening'); console.log(u.address()===p);
const c=net.connect(p); let back=0; c.on('data',d=>back+=d.length); const full=c.write(big); console.log('full',full, c.writableLength>0); c.on('drain',()=>console.log('drain')); c.end(big,()=>console.log('finished'));
await once(c,'close'); console.log('back',back,c.bytesRead,c.bytesWritten); u.close(); await once(u,'close'); console.log(require('fs').existsSync(p));
// timeout
const v=net.createServer(x=>{x.on('error',e=>console.log('srv',e.code));x.on('close',h=>console.log('srv close',h))}).listen(0,'localhost'); await once(v,'listening');
const w=net.connect(v.address().port); w.setTimeout(30,()=>{console.log('timeout',w.timeout); w.resetAndDestroy()}); await once(w,'close'); await wait(20);
// half-open, write after end
const x=net.connect({port:v.address().port,host:'127.0.0.1',allowHalfOpen:true}); await once(x,'connect');
v.getConnections((e,n)=>console.log('n',e,n)); await wait(10);
x.end(); await once(x,'finish'); x.write('a',e=>console.log('cb',e.code)); x.on('error',e=>console.log(e.code,e.message)); await once(x,'close'); 
v.maxConnections=0; v.on('drop',d=>console.log(Object.keys(d))); const y=net.connect(v.address().port,'127.0.0.1'); y.on('error',()=>{}); await once(y,'close');
const z=new net.Socket(); z.connect(1,'127.0.0.1'); z.destroy(); z.on('error',e=>console.log('no',e)); await once(z,'close'); console.log('zclosed');
z.on('connect',()=>{console.log('recon'); z.destroy()}); v.maxConnections=10; z.connect(v.address().port,'127.0.0.1'); await once(z,'close');
try { await require('stream/promises').pipeline(net.connect(1,'127.0.0.1'),process.stdout) } catch(e){console.log('pipe',e.code)}
v.close(()=>console.log('end')); v.unref();
const b=new net.BlockList(); b.addAddress('1.2.3.4'); b.addRange('10.0.0.1','10.0.0.9'); b.addSubnet('8.8.8.0',24); b.addSubnet('fe80::',10,'ipv6'); console.log(b.rules,b.check('1.2.3.4'),b.check('10.0.0.5'),b.check('10.0.0.10'),b.check('::ffff:8.8.8.1','ipv6'),b.check('fe80::1','ipv6'));
const sa=new net.SocketAddress({address:'::1',family:'ipv6',port:5}); console.log(sa.address,sa.port,sa.family,sa.flowlabel);
console.log(await dns.promises.lookup('127.0.0.1',{all:true}), await dns.promises.lookup('localhost',{family:4}));
dns.lookup('::1',(...a)=>console.log(a));
})();
