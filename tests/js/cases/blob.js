const L=console.log;
(async()=>{for await (const c of new Blob(['a'.repeat(200000),'b','cc']).stream()) console.log(c.length);
const b=new Blob(['abc'],{type:'Text/Plain'}); console.log(b, b.slice(1), b.slice(-2,-1,'x'), await b.slice(1).text(), await b.bytes(), (await b.arrayBuffer()).byteLength);
for (const a of [[1],['abc'],[{}],[null],[[],5],[[],{endings:'x'}],[[1,{},null,undefined,new Uint8Array([65])]]]) try{const x=new Blob(...a); console.log(x, await x.text())}catch(e){console.log(e.name,e.code,e.message)}
console.log(structuredClone(b), structuredClone(new File(['x'],'n.txt',{lastModified:5})), structuredClone({b}).b instanceof Blob);
console.log(new File(['x'],'n',{lastModified:5}) instanceof Blob, Object.prototype.toString.call(b), Object.keys(Blob.prototype), File.length, Blob.length, Object.keys(File.prototype));
try{new File([])}catch(e){console.log(e.name,e.code,e.message)}
const u=URL.createObjectURL(b); console.log(u.replace(/[0-9a-f-]{36}/,'ID'), require('buffer').resolveObjectURL(u)); URL.revokeObjectURL(u); console.log(require('buffer').resolveObjectURL(u));
try{URL.createObjectURL(1)}catch(e){console.log(e.name,e.code,e.message)}
const r=new Blob(['hello world']).stream().getReader({mode:'byob'}); L(await r.read(new Uint8Array(4))); L(await r.read(new Uint8Array(20))); L(await r.read(new Uint8Array(4)));
L(await Array.fromAsync(new Blob(['hé', new Blob(['é'])]).textStream()));
L(await new Blob(['\ufeffx\ud800']).text(), new Blob(['a\r\nb\r'],{endings:'native'}).size, new Blob(new Set(['a','b'])).size);
L(require('buffer').Blob===Blob, require('buffer').File===File);
class My extends File{ constructor(){super(['q'],'w',{type:'t/x',lastModified:new Date(7)})} } const m=new My(); L(m, m.name, m.lastModified, m.type, await m.text());
try{Blob()}catch(e){L(e.name,e.message)} try{Blob.prototype.size}catch(e){L(e.name,e.code,e.message)} await Blob.prototype.text.call({}).catch(e=>L(e.code,e.message));
const f=new FormData(); f.append('a','b'); f.append('f',new File(['x'],'n',{lastModified:1})); console.log(f,[...f]); console.log(Object.keys(FormData.prototype), f.get('f'));
f.append('a',5); L(f, f.getAll('a'), f.get('zz'), f.has('a')); f.set('a','only'); f.set('new',null); L([...f.keys()],[...f.values()].length, f.entries(), Object.prototype.toString.call(f.keys())); f.delete('f'); f.forEach((v,k,o)=>L(k,v,o===f)); L({f}, {a:{b:{f}}});
for (const t of [()=>f.append('x'),()=>new FormData(1),()=>f.append('x',1,'n'),()=>FormData.prototype.get.call({},'x'),()=>f.get(),()=>f.has(), ()=>f.forEach(1)]) try{t(); L('no')}catch(e){console.log(e.name,e.code,e.message)}
f.set('b',new Blob(['12'],{type:'t/y'}),'nm'); L(f.get('b').name, f.get('b').type, f.get('b') instanceof File);
const ce=new CloseEvent('close',{code:70000,reason:'r',wasClean:1}); L(ce.code,ce.reason,ce.wasClean); const ee=new ErrorEvent('e',{message:'m',error:new Error('z').message,lineno:3}); L(ee.message,ee.lineno,ee.colno,ee.error,ee.filename, new ErrorEvent('q').error);
})().catch(e=>L('FAIL',e));
