console.log(process.argv.length, process.argv[1]===__filename, process.execPath.endsWith('node'), process.exitCode);
process.on('exit', c=>console.log('exit',c)); process.on('beforeExit',()=>console.log('before'));
setTimeout(()=>console.log('t'),5); Promise.resolve().then(()=>console.log('p')); process.nextTick(()=>console.log('n'));
const EventEmitter=require('events'); const util=require('util');
function X(){EventEmitter.call(this)}; util.inherits(X,EventEmitter); const x=new X; x.on('a',v=>console.log('got',v)); x.emit('a',1); console.log(x instanceof EventEmitter);
class Y extends EventEmitter{ constructor(){super(); this.q=1} }; const y=new Y; y.once('z',function(){console.log(this===y)}); y.emit('z'); console.log(y);
const fs=require('fs'),os=require('os'),path=require('path'); const d=fs.mkdtempSync(path.join(os.tmpdir(),'x')); fs.writeFileSync(d+'/a','hello'); console.log(fs.readFileSync(d+'/a','utf8'), fs.readFileSync(d+'/a'), fs.existsSync(d+'/b'), fs.readdirSync(d));
try{fs.readFileSync(d+'/nope')}catch(e){console.log(e.code,e.errno,e.syscall,e.message.replace(d,''))}
fs.readFile(d+'/a',(e,b)=>console.log('cb',e,b)); fs.promises.readFile(d+'/a','utf8').then(v=>console.log('promise',v));
console.log(util.inspect(new Map([[{a:1},'b']]),{compact:false}), util.format('%s:%d','a',1));
const c=require('crypto'); console.log(c.createHash('sha256').update('abc').digest('hex').slice(0,16), c.randomBytes(4).length);
console.log(require('child_process').execSync('echo hi').toString().trim());
const {Transform,pipeline}=require('stream'); const t=new Transform({transform(ch,e,cb){cb(null,ch.toString().toUpperCase())}}); t.on('data',d=>console.log('data',d.toString())); t.on('end',()=>console.log('end')); t.write('abc'); t.end('def');
console.log(Buffer.from('abc').readUInt16BE(1), Buffer.concat([Buffer.from('a'),Buffer.from('b')]));
