// What nobody resumes never goes on: no finally, no return() of an iterator.
const source = (name) => ({
  [Symbol.iterator]: () => ({
    next: () => ({ value: 1, done: false }),
    return() { console.log("return", name); return {}; },
  }),
});
function* waits() {
  try { yield 1; } finally { console.log("never"); }
}
function* loops() { for (const item of source("loop")) yield item; }
function* inner() { for (const item of waits()) yield item; }
function* takes() { const [a = yield 1] = [undefined]; }
async function pending() {
  try { await new Promise(() => {}); } finally { console.log("never"); }
}
async function* steps() {
  try { yield 1; } finally { console.log("never"); }
}
async function* around() { for await (const item of source("await")) yield item; }
for (const make of [waits, loops, inner, takes]) make().next();
pending();
steps().next();
(async () => {
  await around().next();
  for await (const item of steps()) await new Promise(() => {});
})();
const run = waits();
run.next();
console.log(run.return(2));
try { for (const item of loops()) throw new Error("left"); } catch (e) { console.log(e.message); }
setTimeout(() => { for (let i = 0; i < 2000; i++) waits().next(); console.log("end"); }, 5);
