// yield* and for await: what the other iterator is told, and when.
function source(log, asynchronous) {
  const results = {
    next: (...words) => ({ value: "next " + words.length, done: words[0] === "end" }),
    return: (...words) => ({ value: "return " + words.length, done: words[0] === "end" }),
    throw: (...words) => ({ value: "throw " + words.length, done: words[0] === "end" }),
  };
  const made = {};
  for (const name of ["next", "return", "throw"]) {
    made[name] = function (...words) {
      log.push(name + " " + words.length + " " + String(words[0]));
      const result = results[name](...words);
      return asynchronous ? Promise.resolve(result) : result;
    };
  }
  return { [asynchronous ? Symbol.asyncIterator : Symbol.iterator]: () => made };
}

function* plain(log) {
  try {
    log.push("value " + (yield* source(log, false)));
  } finally {
    log.push("left");
  }
}

async function* awaited(log, asynchronous) {
  try {
    log.push("value " + (yield* source(log, asynchronous)));
  } finally {
    log.push("left");
  }
}

for (const kind of ["next", "return", "throw"]) {
  const log = [];
  const run = plain(log);
  log.push(run.next("first"), run[kind]("more"), run[kind]("end"), run.next());
  console.log(kind, log);
}

function* held() {
  try {
    yield 1;
  } finally {
    yield 2;
  }
}
const run = held();
console.log(run.next(), run.return(5), run.next(), run.next());
const begun = held();
begun.next();
begun.return(6);
console.log([...begun]);

async function main() {
  for (const asynchronous of [true, false]) {
    for (const kind of ["next", "return", "throw"]) {
      const log = [];
      const run = awaited(log, asynchronous);
      log.push(await run.next("first"), await run[kind]("more"));
      log.push(await run[kind]("end"), await run.next());
      console.log(asynchronous, kind, log);
    }
  }
  const only = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) };
  async function* lacks() { yield* only; }
  const one = lacks();
  await one.next();
  await one.throw(new Error("x")).catch((error) => console.log(error.message));

  const closed = [];
  const rejecting = {
    [Symbol.iterator]: () => ({
      next: () => ({ value: Promise.reject(new Error("no")), done: false }),
      return: () => (closed.push("closed"), {}),
    }),
  };
  try {
    for await (const item of rejecting) console.log(item);
  } catch (error) {
    console.log(error.message, closed);
  }
  const bad = {
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ value: 1, done: false }),
      return: async () => 1,
    }),
  };
  try {
    for await (const item of bad) break;
  } catch (error) {
    console.log(error.name);
  }
  try {
    for await (const item of bad) throw new Error("body");
  } catch (error) {
    console.log(error.message);
  }
}
main();
