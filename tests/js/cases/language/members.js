// What is read of a member, and when; what its messages name.
const loud = (name) => ({ toString() { console.log("text of " + name); return name; } });
for (const act of [
  () => { null[loud("k")] += 1; },
  () => { undefined["a" + 1]++; },
  () => { null[Symbol("q")] ??= 1; },
  () => { null[5] &&= 1; },
  () => { let x; x[[1]] = console.log("right"); },
  () => { let x; x[5](); },
  () => { new ({ method() {} }.method)(); },
  () => { new ({ async method() {} }.method)(); },
]) {
  try {
    act();
  } catch (error) {
    console.log(error.name, error.message.replace(/.*(?=\.method)/, ""));
  }
}
const { method, get } = { method() {}, get: Object.getOwnPropertyDescriptor({ get a() { return 1; } }, "a").get };
console.log(Object.getOwnPropertyNames(method), Object.getOwnPropertyNames(get));

const proxy = new Proxy({}, {
  ownKeys: () => ["foo", "1", Symbol.iterator, "0"],
  getOwnPropertyDescriptor(target, key) {
    console.log("ask", key);
    return { value: 1, enumerable: true, configurable: true };
  },
});
console.log(Reflect.ownKeys(proxy), Object.keys(proxy), Reflect.ownKeys({ ...proxy }));
for (const key in proxy) console.log(key);
