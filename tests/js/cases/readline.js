const rl=require('readline'),{PassThrough}=require('stream'),rlp=require('readline/promises');
const sleep=ms=>new Promise(r=>setTimeout(r,ms));
(async()=>{
 for (const [chunks,opt] of [[['a\nb\r\nc\rd'],{}],[['a\r','\nb'],{}],[['x\u2028y\u2029z\n\n'],{}],[[Buffer.from([0xe2,0x82]),Buffer.from([0xac,10])],{}],[['last'],{}],[[],{}]]) {
  const s=new PassThrough(); const i=rl.createInterface({input:s,...opt}); const got=[]; i.on('line',l=>got.push(l)); i.on('close',()=>got.push('CLOSE')); i.on('pause',()=>got.push('PAUSE'));
  for (const c of chunks) s.write(c); s.end(); await sleep(10); console.log(JSON.stringify(got), i.closed);
 }
 { const s=new PassThrough(),o=new PassThrough(); const i=rl.createInterface({input:s,output:o,prompt:'$ '}); i.prompt(); i.question('who? ',a=>{console.log('answer',a,i.getPrompt()); i.prompt()}); s.write('me\nyou\n'); i.on('line',l=>console.log('line',l)); await sleep(5); console.log(JSON.stringify(String(o.read()))); i.pause(); console.log(s.isPaused()); i.resume(); i.write('typed\n'); i.close(); i.close(); for (const m of ['pause','resume','prompt']) try { i[m]() } catch(e) { console.log(m,e.code) } }
 { const s=new PassThrough(); s.end('1\n2\n3'); for await (const l of rl.createInterface({input:s})) console.log('it',l); }
 { const s=new PassThrough(); s.write('1\n2\n3\n'); const i=rl.createInterface({input:s}); i.on('close',()=>console.log('closed by break')); for await (const l of i) { console.log('it',l); break } }
 { const s=new PassThrough(),o=new PassThrough(); const i=rlp.createInterface({input:s,output:o}); const p=i.question('q? '); s.write('ans\n'); console.log(await p, String(o.read())); 
   const ac=new AbortController(); const q=i.question('again ',{signal:ac.signal}); ac.abort(); await q.catch(e=>console.log(e.name,e.code)); i.close(); await i.question('z').catch(e=>console.log(e.code)); }
 { const w=new PassThrough(); const r=new rlp.Readline(w); r.clearLine(0).cursorTo(1,2).moveCursor(3,0).clearScreenDown(); await r.commit(); console.log(JSON.stringify(String(w.read()))); r.cursorTo(1).rollback(); await r.commit(); console.log(w.read()); }
 { const s=new PassThrough(),o=new PassThrough(); o.columns=20; const i=rl.createInterface({input:s,output:o,terminal:true,prompt:'> ',completer:l=>[['hello','help'].filter(x=>x.startsWith(l)),l]}); const ev=[]; i.on('line',l=>ev.push(l)); i.on('history',h=>ev.push('H'+h.length)); i.on('SIGINT',()=>ev.push('INT')); i.prompt();
   const keys=['abc','\x1b[D','X','\x7f','\x01','Y','\x05','Z','\r','second one\r','\x1b[A','\x1b[A','\r','foo bar baz','\x17','\x15','\x19','\x1bb','\x0b','\r','he\t','\t','\t','\x15','\x03','wide \u6587\u5b57','\x1b[H','\x1b[C','\x1b[3~','\x1b[F','\r','0123456789012345678901234','\x1b[D','\x1b[1;5D','!','\r','undo','\x1f','\x1e','\r'];
   for (const k of keys) { s.write(k); await sleep(2); console.log(JSON.stringify(k),JSON.stringify(i.line),i.cursor,JSON.stringify(i.getCursorPos()),JSON.stringify(String(o.read()))); }
   console.log(ev, i.history); s.write('\x04'); await sleep(5); console.log(i.closed); }
 try { rl.createInterface({input:new PassThrough(),completer:3}) } catch(e) {console.log(e.message)}
 console.log(rl.Interface.prototype instanceof require('events'), require('util').promisify(rl.createInterface({input:new PassThrough()}).question)!==undefined, rl.promises===rlp);
})();
