const cp = require('child_process'), fs = require('fs'), os = require('os'), path = require('path');
if (process.argv[2] === 'child') {
  console.log('child', process.connected, typeof process.send, typeof process.disconnect, 'NODE_CHANNEL_FD' in process.env, process.channel !== undefined);
  process.on('disconnect', () => console.log('child disconnect', process.connected));
  process.on('message', (m) => {
    process.send({ got: m, big: 'x'.repeat(100000).length, arr: [1, null, 'ü\ud83d\ude00'] });
    if (m === 'bye') setTimeout(() => { process.disconnect(); process.send('late', (e) => console.log(e.code)); }, 200);
  });
  process.send('ready ' + process.argv[3]);
} else if (process.argv[2] === 'quiet') {
  setTimeout(() => console.log('quiet ends'), 10); // a channel alone keeps nothing going
} else (async () => {
  const log = [], child = cp.fork(__filename, ['child', 'arg'], { silent: true });
  let out = ''; child.stdout.on('data', (d) => (out += d));
  console.log(child.connected, child.stdin !== null, child.stdio.length);
  child.on('message', (m) => { log.push(m); if (typeof m === 'string') { console.log(child.send({ n: 1 })); child.send('y'.repeat(200000)); child.send('bye', (e) => console.log('cb', e)); } });
  try { child.send(); } catch (e) { console.log(e.code); } try { child.send(() => {}); } catch (e) { console.log(e.code); }
  child.on('disconnect', () => log.push('disconnect'));
  await new Promise((r) => child.on('close', (code, sig) => { log.push(['close', code, sig]); r(); }));
  console.log(log.map((m) => (m.got ? [typeof m.got === 'string' ? m.got.length : m.got, m.big, m.arr] : m)), child.connected); console.log(out);
  child.once('error', (e) => console.log('error', e.code)); console.log(child.send('x'));
  console.log(await new Promise((r) => cp.fork(__filename, ['quiet'], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }).on('exit', (...a) => r(a))));
  const p = cp.fork(__filename, ['child', '2'], { silent: true }); p.stdout.resume(); p.once('message', () => p.disconnect()); console.log(await new Promise((r) => p.on('exit', (...a) => r(a))));
  try { cp.fork(__filename, [], { stdio: ['pipe', 'pipe', 'pipe'] }); } catch (e) { console.log(e.code); }
  const ac = new AbortController(); const s = cp.spawn('sleep', ['20'], { signal: ac.signal }); s.on('error', (e) => console.log(e.name, e.code, s.killed)); ac.abort(); console.log(await new Promise((r) => s.on('close', (...a) => r(a))));
  cp.exec('sleep 20', { timeout: 30 }, (e) => console.log(e.killed, e.signal, e.code));
})();
