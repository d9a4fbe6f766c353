const {PassThrough,Readable}=require('stream');
const s=new PassThrough(); for (const c of ['ab','cd','ef']) s.write(c); console.log(String(s.read()), String(s.read(3)), String(s.read()), s.read());
s.write('xx'); s.write('yy'); console.log(String(s.read(10)), s.readableLength); s.end(); console.log(String(s.read(10)),s.readableLength, String(s.read()));
const t=new PassThrough({encoding:'utf8'}); t.write('12'); t.write('34'); t.end(); t.on('readable',()=>{let c; while((c=t.read())!==null) console.log('r',c)}); t.on('end',()=>console.log('end'));
const v=new PassThrough(); v.write('p'); v.write('q'); setTimeout(()=>{v.setEncoding('utf8'); console.log(v.read()); v.pause(); v.write('1'); v.write('2'); v.on('data',d=>console.log('d',d)); v.resume()},5);
