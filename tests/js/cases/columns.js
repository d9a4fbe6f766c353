// Arrays of many sizes, laid out in columns, with every option that matters.
const u = require('util');
let seed = 12345;
const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
for (let i = 0; i < 120; i++) {
  const count = random(60), size = random(18) + 1, kind = random(4), a = [];
  for (let j = 0; j < count; j++) {
    if (kind === 0) a.push(random(10 ** (1 + random(Math.min(size, 7)))));
    else if (kind === 1) a.push('x'.repeat(random(size)));
    else if (kind === 2) a.push(random(2) ? random(1000) : 'é漢'.repeat(random(size)));
    else a.push({ k: 'y'.repeat(random(size)), n: [random(9)] });
  }
  const value = random(3) ? a : { k: { z: a }, m: new Map([[a.length, a]]), s: new Set(a) };
  console.log(u.inspect(value, {
    depth: random(5), breakLength: [80, 100, 40, Infinity][random(4)], compact: [3, 1, false, true, 5][random(5)],
    maxArrayLength: [100, 20, 0, null][random(4)], sorted: !!random(2), showHidden: !random(5), colors: !random(4),
    numericSeparator: !random(4), maxStringLength: [10000, 5][random(2)],
  }));
}
