// The order of jobs.
const log = [];
const say = (x) => log.push(x);
async function one() { say('one'); await null; say('one 2'); await new Promise((r) => r()); say('one 3'); }
async function two() { say('two'); try { await Promise.reject(new Error('no')); } catch (e) { say(e.message); } finally { say('two end'); } return 'two value'; }
async function* three() { try { yield 'a'; yield Promise.resolve('b'); yield* ['c', 'd']; } finally { say('three end'); } }
one(); two().then(say);
(async () => { for await (const x of three()) { say(x); if (x === 'c') break; } })();
Promise.resolve().then(() => say('then 1')).then(() => say('then 2'));
say('sync');
new Promise((_, no) => no(1)).catch((x) => say(`caught ${x}`)).finally(() => say('finally'));
Promise.all([1, Promise.resolve(2), { then(f) { f(3); } }]).then((x) => say(x.join()));
setTimeout(() => { say('timer'); console.log(log.join('\n')); }, 20);
