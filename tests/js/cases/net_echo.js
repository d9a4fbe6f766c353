
const net=require('net');
const s=net.createServer((c)=>{ console.log('conn', c.remoteFamily, c.localPort===s.address().port); c.setEncoding('utf8'); c.on('data',d=>{console.log('srv',d); c.write(d.toUpperCase())}); c.on('end',()=>{console.log('srv end'); c.end('bye')}); c.on('close',h=>console.log('srv close',h)); });
s.listen(0,'127.0.0.1',()=>{ const a=s.address(); console.log(a.address,a.family);
 const c=net.connect(a.port,'127.0.0.1',()=>{console.log('connected',c.connecting,c.readyState,c.pending); c.write('hello'); c.end(' world')});
 console.log(c.connecting,c.readyState,c.pending);
 c.on('data',d=>console.log('cli',String(d))); c.on('end',()=>console.log('cli end')); c.on('close',h=>{console.log('cli close',h,c.bytesRead,c.bytesWritten,c.readyState); s.close(()=>console.log('server closed'))});
 c.on('ready',()=>console.log('ready'));c.on('lookup',(...a)=>console.log('lookup',a));
});
