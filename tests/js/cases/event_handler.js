// A handler keeps its place among the listeners; objects are kept, all else is null.
const values = [5, "x", null, undefined, {}, [], () => {}];
const signals = new AbortController();
const signal = signals.signal;
const log = [];
signal.addEventListener("abort", () => log.push("a"));
signal.onabort = () => log.push("first");
signal.addEventListener("abort", () => log.push("b"));
signal.onabort = function (event) {
  log.push("second", this === signal, event.type);
};
signals.abort();
console.log(log);

const others = new AbortController();
const seen = [];
others.signal.onabort = () => seen.push(1);
others.signal.addEventListener("abort", () => seen.push(2));
others.signal.onabort = null;
others.signal.onabort = () => seen.push(3);
others.abort();
console.log(seen);

for (const value of values) {
  const { signal } = new AbortController();
  signal.onabort = value;
  const { port1 } = new MessageChannel();
  port1.onmessage = value;
  const channel = new BroadcastChannel("handlers");
  channel.onmessageerror = value;
  console.log(signal.onabort, port1.onmessage, port1.hasRef(), channel.onmessageerror);
  port1.close();
  channel.close();
}
const { port1, port2 } = new MessageChannel();
port1.onmessage = function (event) {
  console.log(this === port1, event.data);
  port1.onmessage = null;
  port1.close();
};
port2.postMessage("sent");
