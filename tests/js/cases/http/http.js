const http=require('http'); const once=(e,n)=>new Promise(r=>e.once(n,(...a)=>r(a)));
const body=async m=>{let s='';for await(const c of m)s+=c;return s};
const strip=h=>{const o={...h}; if(o.date) o.date='D'; if(o.host) o.host=o.host.replace(/\d+$/,'P'); return o};
(async()=>{
 const s=http.createServer(async(req,res)=>{
  const u=new URL(req.url,'http://x');
  if(u.pathname==='/echo'){ res.setHeader('X-Method',req.method); res.writeHead(201,{'Content-Type':'text/plain'}); res.write('got:'); res.end(await body(req)); }
  else if(u.pathname==='/len'){ res.end('hello'); }
  else if(u.pathname==='/head'){ res.setHeader('Content-Length',10); res.end(); }
  else if(u.pathname==='/204'){ res.statusCode=204; res.end(); }
  else if(u.pathname==='/hdr'){ res.setHeader('Set-Cookie',['a=1','b=2']); res.appendHeader('X-A','1'); res.appendHeader('X-A','2'); res.statusMessage='Fine'; res.end(JSON.stringify([strip(req.headers),req.rawHeaders.length,req.httpVersion])); }
  else if(u.pathname==='/big'){ for(let i=0;i<50;i++) if(!res.write(Buffer.alloc(20000,65+i%26))) await once(res,'drain'); res.end(); }
  else if(u.pathname==='/die'){ res.write('part'); setTimeout(()=>res.destroy(),10); }
  else if(u.pathname==='/hang'){ req.socket.destroy(); }
  else if(u.pathname==='/slow'){ }
  else if(u.pathname==='/trail'){ res.setHeader('Trailer','X-T'); res.write('a'); res.addTrailers({'X-T':'end'}); res.end('b'); }
  else { res.writeHead(404,'Nope',{Connection:'close'}); res.end('no'); }
 });
 s.on('close',()=>console.log('server close'));
 await new Promise(r=>s.listen(0,'127.0.0.1',r)); const port=s.address().port; const base=`http://127.0.0.1:${port}`;
 const go=(path,opt={},data)=>new Promise((ok,no)=>{ const r=http.request(base+path,opt,async res=>{ try { ok([res.statusCode,res.statusMessage,strip(res.headers),await body(res),res.complete]) } catch(e){ no(e) } }); r.on('error',no); r.end(data); });
 console.log(await go('/len')); console.log(await go('/echo',{method:'POST'},'data!')); console.log(await go('/echo',{method:'PUT',headers:{'Content-Length':3}},'abc')); console.log(await go('/echo',{method:'DELETE'}));
 console.log(await go('/head',{method:'HEAD'})); console.log(await go('/204')); console.log(await go('/hdr',{headers:{'X-Y':['1','2'],cookie:'q=1'},auth:'u:p'})); console.log(await go('/nope'));
 const b=await go('/big'); console.log(b[0],b[2],b[3].length,b[4]);
 for(const p of ['/die','/hang']) try{ console.log(await go(p)) }catch(e){ console.log(p,e.code,e.message) }
 { const r=http.get(base+'/trail'); const [res]=await once(r,'response'); console.log(await body(res),res.trailers,res.rawTrailers); }
 { const r=http.get(base+'/slow',{timeout:30}); r.on('timeout',()=>{console.log('timeout'); r.destroy()}); const [e]=await once(r,'error'); console.log(e.code,e.message,r.destroyed); }
 { const ac=new AbortController(); const r=http.get(base+'/slow',{signal:ac.signal}); setTimeout(()=>ac.abort(),10); const [e]=await once(r,'error'); console.log(e.name,e.code); }
 { const r=http.request({port,host:'127.0.0.1',path:'/echo',method:'POST'}); r.write('one'); r.write('two'); r.end(); r.on('close',()=>console.log('req close')); r.on('finish',()=>console.log('req finish')); const [res]=await once(r,'response'); console.log(await body(res), r.getHeaders().host.replace(/\d+$/,'P'), r.headersSent, r.writableEnded); await new Promise(r=>setTimeout(r,5)); }
 for (const f of [()=>http.get('https://x/'),()=>http.get({path:'/a b'}),()=>http.request({method:'B D'}),()=>http.get({agent:3}),()=>http.createServer(3),()=>new http.OutgoingMessage().setHeader('a b','c'),()=>new http.OutgoingMessage().setHeader('a',undefined),()=>new http.OutgoingMessage().setHeader('a','x\n')]) try{f();console.log('no')}catch(e){console.log(e.name,e.code,e.message)}
 { const r=http.get({port:1,host:'127.0.0.1'}); const [e]=await once(r,'error'); console.log(e.message); }
 { const c=require('net').connect(port,'127.0.0.1'); c.write('garbage\r\n\r\n'); let t=''; for await(const d of c) t+=d; console.log(JSON.stringify(t)); }
 { const c=require('net').connect(port,'127.0.0.1'); c.write('GET /len HTTP/1.1\r\nHost: a\r\n\r\nGET /len HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'); let t=''; for await(const d of c) t+=d; console.log(JSON.stringify(t.replace(/Date: [^\r]*/g,'D'))); }
 { const c=require('net').connect(port,'127.0.0.1'); c.write('GET /len HTTP/1.0\r\n\r\n'); let t=''; for await(const d of c) t+=d; console.log(JSON.stringify(t.replace(/Date: [^\r]*/g,'D'))); }
 s.on('upgrade',(req,sock,head)=>{ sock.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'); sock.end('hi'+head); });
 { const r=http.get(base+'/up',{headers:{Connection:'Upgrade',Upgrade:'x'}}); const [res,sock,head]=await once(r,'upgrade'); let t=String(head); for await(const d of sock) t+=d; console.log(res.statusCode,t); }
 const ag=new http.Agent({keepAlive:true,maxSockets:1}); const rs=await Promise.all([1,2,3].map(()=>go('/len',{agent:ag}))); console.log(rs.map(r=>r[3]),Object.keys(ag.freeSockets).length,Object.keys(ag.sockets).length); ag.destroy();
 console.log(http.METHODS.length,http.STATUS_CODES[404],http.STATUS_CODES[418],http.maxHeaderSize,typeof http.globalAgent.getName());
 await require('stream/promises').pipeline(await new Promise(r=>http.get(base+'/len',r)),async function*(src){for await(const c of src) console.log('p',String(c))});
 s.close(); 
})();
