const rl=require('readline'),{PassThrough}=require('stream');
const s=new PassThrough(); rl.emitKeypressEvents(s); s.on('keypress',(c,k)=>console.log(JSON.stringify(c),JSON.stringify(k)));
const seqs=['a','A','1','!',' ','é','😀','\r','\n','\t','\b','\x7f','\x1b','\x01','\x03','\x1a','\x1bb','\x1bB','\x1b\x7f','\x1b[A','\x1b[1;5C','\x1bOP','\x1b[15~','\x1b[3~','\x1b[3;5~','\x1b[Z','\x1b[H','\x1b[F','\x1b[200~','\x1b[201~','\x1b[I','\x1b[[A','\x1b[11^','\x1b[a','\x1bOc','\x1b\x1b[A','\x1b[99z','\x00','\x1f','\x1b1','\x1b '];
(async()=>{for(const q of seqs){console.log('>',JSON.stringify(q)); s.write(q); await new Promise(r=>setTimeout(r, q.startsWith('\x1b')&&q.length<2?600:5))}; s.write('ab\x1b[Ac'); s.write('\x1b['); await new Promise(r=>setTimeout(r,20)); s.write('B');})();
