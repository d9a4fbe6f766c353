// Which variable a function sees.
const out = [];
for (let i = 0; i < 3; i++) { out.push(() => i); i += 0; }
for (var v = 0; v < 2; v++) out.push(() => v);
for (const k in { a: 1, b: 2 }) out.push(() => k);
for (const [n, { m = n }] of [[1, {}], [2, { m: 5 }]]) out.push(() => n + m);
let w = 0;
while (w < 2) { const own = w * 10; out.push(() => own); w++; }
for (let i = 0, grow = () => i++; i < 3; i++) { grow(); out.push(() => i); }
console.log(out.map((f) => f()).join());
const makers = [1, 2].map((x) => class { #p = x; static made = x; get() { return this.#p + x; } });
console.log(makers.map((M) => [new M().get(), M.made]).join(';'));
function hoisted() { return typeof inner + typeof later; { function inner() {} } var later = 1; }
console.log(hoisted());
console.log((function self(n) { return n ? self(n - 1) : typeof self; })(3));
const counter = (() => { let n = 0; return { up: () => ++n, get n() { return n; } }; })();
counter.up(); counter.up();
console.log(counter.n);
outer: for (let a = 0; a < 3; a++) {
  for (let b = 0; b < 3; b++) {
    try { if (b === 1) continue outer; if (a === 2) break outer; } finally { out.push(() => [a, b]); }
  }
}
console.log(out.slice(-4).map((f) => f().join('')).join());
const gens = [];
for (let i = 0; i < 2; i++) gens.push((function* () { yield i; yield (() => i)(); })());
console.log(gens.map((g) => [...g].join('')).join());
(function () {
  const direct = [];
  for (let i = 0; i < 2; i++) direct.push(eval('() => i'));
  let seen = 1; eval('seen += 41');
  console.log(direct.map((f) => f()).join(), seen, eval('typeof arguments'));
})();
