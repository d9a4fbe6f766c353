process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('micro')); setTimeout(()=>console.log('to'));
process.on('uncaughtException', e => { console.log('caught', e.message); Promise.resolve().then(()=>console.log('m2')); });
setImmediate(()=>console.log('imm'));
console.log('sync');
throw new Error('x');
