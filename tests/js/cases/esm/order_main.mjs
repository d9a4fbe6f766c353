import {EventEmitter} from 'node:events';
process.nextTick(()=>console.log('tick')); Promise.resolve().then(()=>console.log('micro'));
[1].map(x=>x); JSON.stringify({toJSON(){return 1}}); const e=new EventEmitter(); e.on('x',()=>console.log('x')); e.emit('x'); (async()=>{ console.log('a') })(); new Promise(r=>r());
new (class extends EventEmitter {})(); setTimeout(()=>{}); 
console.log('sync');
await null; console.log('after await');
