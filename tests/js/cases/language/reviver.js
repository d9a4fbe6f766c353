// What a reviver is told, and what Object.values sees of changes.
const seen = [];
console.log(JSON.parse(' { "a" : [1, -0 , 1.50e2, "x\\u0041", true, null, {}], "a2": 12345678901234567890, "__proto__": 5 } ', function (k, v, c) { seen.push([k, JSON.stringify(c), typeof v, Object.isFrozen(c)].join(' ')); return v; }));
console.log(seen.join('\n'));
console.log(JSON.parse('[1,2,{"b":3}]', function (k, v, c) { if (k === '0') this[1] = 9; console.log(k, v, c); return v }));
console.log(JSON.parse('{"a":1,"b":2,"a":3}', function (k, v, c) { if (k === 'a') this.b = {x: 1}; console.log(k, v, c); return v }));
console.log(JSON.parse('7', (k, v, { source }) => source), JSON.parse('12345678901234567890', (k, v, { source }) => BigInt(source)));
for (const o of [{a: 'A', get b() { delete this.c; return 'B' }, c: 'C'}]) console.log(Object.values(o));
console.log(Object.entries({get b() { this.d = 1; return 'B' }, c: 'C'}));
