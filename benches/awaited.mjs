// The asynchronous rows under Node, Bun and Deno: one line of JSON a row.
// What a host never finishes ends its process: the lines before it count.
import { createRequire } from 'node:module';
import process from 'node:process';
const require = createRequire(import.meta.url);
const m = require(process.argv[2]), a = require(process.argv[2].replace('bench.node', 'async.node'));
let calls = 0;
const count = () => { calls++; };
const each = async (n, run) => { for (let i = 0; i < n; i++) { await run(); } };
const rows = {
  'promise create+resolve': [100000, n => { for (let i = 0; i < n; i++) { m.promise(1); } }],
  'promise create+resolve, awaited': [20000, n => each(n, () => m.promise(1))],
  'threadsafe function, an item': [100000, n => a.items(n, count)],
  'async work, in a batch': [20000, n => a.batch(n)],
  'round trip: one async work, awaited': [500, n => each(n, () => a.batch(1))],
  'async work that queues itself again': [500, n => a.chain(n)],
};
for (const [name, [n, run]] of Object.entries(rows)) {
  const times = [];
  calls = 0;
  for (let k = 0; k < 8; k++) {
    const start = performance.now();
    await run(n);
    times.push((performance.now() - start) * 1e6 / n);
  }
  if (name.startsWith('threadsafe') && calls !== 8 * n) { throw new Error(`${calls} items of ${8 * n}`); }
  console.log(JSON.stringify([name, times.slice(1).sort((x, y) => x - y)[3]]));
}
