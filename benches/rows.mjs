// The rows under Node, Bun and Deno: prints {row: ns} for one round.
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const addon = process.argv[2];
const m = require(addon);
const buffer = Buffer.alloc(64), text = 'a text of 16 car', array = Array.from({ length: 1000 }, (_, i) => i + 0.5);
const object = m.make_object_8(), nothing = () => 1, two = (a, b) => a, counter = new m.Counter();
const big = 123456789012345n, words = 2n ** 255n + 12345n;
const rows = {
  noop: n => { for (let i = 0; i < n; i++) m.noop(); },
  identity: n => { for (let i = 0; i < n; i++) m.identity(object); },
  add: n => { for (let i = 0; i < n; i++) m.add(1.5, 2.25); },
  add_i32: n => { for (let i = 0; i < n; i++) m.add_i32(1000, 2345); },
  str_len_16: n => { for (let i = 0; i < n; i++) m.str_len(text); },
  str_echo_16: n => { for (let i = 0; i < n; i++) m.str_echo(text); },
  make_object_8: n => { for (let i = 0; i < n; i++) m.make_object_8(); },
  read_object_8: n => { for (let i = 0; i < n; i++) m.read_object_8(object); },
  'array_sum_1000 /elem': n => { for (let i = 0; i < n; i += 1000) m.array_sum(array); },
  'make_array_1000 /elem': n => { for (let i = 0; i < n; i += 1000) m.make_array(1000); },
  buffer_len: n => { for (let i = 0; i < n; i++) m.buffer_len(buffer); },
  make_buffer_64: n => { for (let i = 0; i < n; i++) m.make_buffer_64(); },
  external_buffer_64: n => { for (let i = 0; i < n; i++) m.external_buffer_64(); },
  make_typed_8: n => { for (let i = 0; i < n; i++) m.make_typed_8(); },
  'call_back /call': n => { m.call_back(nothing, n); },
  'call_back2 /call': n => { m.call_back2(two, n); },
  throw_error: n => { for (let i = 0; i < n; i++) { try { m.throw_error(); } catch { } } },
  bigint_i64: n => { for (let i = 0; i < n; i++) m.bigint_i64(big); },
  bigint_words_256: n => { for (let i = 0; i < n; i++) m.bigint_words(words); },
  make_function: n => { for (let i = 0; i < n; i++) m.make_function(); },
  'promise create+resolve': n => { for (let i = 0; i < n; i++) m.promise(1); },
  counter_new: n => { for (let i = 0; i < n; i++) new m.Counter(); },
  counter_inc: n => { for (let i = 0; i < n; i++) counter.inc(); },
  counter_get: n => { for (let i = 0; i < n; i++) counter.value; },
  counter_set: n => { for (let i = 0; i < n; i++) counter.value = 5; },
};
const result = {};
for (const [name, run] of Object.entries(rows)) {
  let n = 2000;
  run(n);
  const times = [];
  for (;;) { const t = performance.now(); run(n); const ms = performance.now() - t; if (ms > 15 || n > 4e6) { break; } n *= 2; }
  for (let k = 0; k < 7; k++) { const t = performance.now(); run(n); times.push((performance.now() - t) * 1e6 / n); await new Promise(r => setTimeout(r)); }
  result[name] = times.sort((a, b) => a - b)[3];
}
for (const name of ['inner_reference', 'inner_scope']) {
  m[name](object); result[name] = m[name](object);
}
result.inner_get_named = m.inner_get_named(object);
result.inner_unwrap = m.inner_unwrap(counter);
console.log(JSON.stringify(result));
