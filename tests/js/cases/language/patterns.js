// When a pattern takes its items, and what the iterator is told.
const log = [];
const t = (name, value) => { log.push(name); return value; };
function items(...values) {
  return {
    [Symbol.iterator]() {
      log.push("open");
      const inner = values[Symbol.iterator]();
      return {
        next() { log.push("next"); return inner.next(); },
        return(...words) { log.push("close " + words.length); return {}; },
      };
    },
  };
}
function show(name, act) {
  log.length = 0;
  let result;
  try {
    result = act();
  } catch (error) {
    result = error instanceof Error ? error.message : error;
  }
  console.log(name, result, log.join(", "));
}
const o = {
  set a(x) { log.push("a=" + JSON.stringify(x)); },
  set b(x) { log.push("b=" + JSON.stringify(x)); },
};

show("members", () => { [t("o", o).a, t("o", o)[t("k", "b")]] = items(1, 2, 3); });
show("defaults", () => { const [a = t("d", 1), , b = t("e", 2)] = items(undefined); return [a, b]; });
show("rest", () => { const [a, ...[b, c = t("d", 5)]] = items(1, 2); return [a, b, c]; });
show("rest of members", () => { [o.a, ...o.b] = items(1, 2, 3); });
show("nested", () => { const [[a], [b] = t("d", [7])] = items(items(1, 2)); return [a, b]; });
show("nothing", () => { const [] = items(1); });
show("target fails", () => { [o.a, t("x", null).y] = items(1, 2, 3); });
show("default fails", () => { const [a = (() => { throw "d"; })()] = items(undefined, 2); });
show("next fails", () => {
  const [a = 1, b] = { [Symbol.iterator]: () => ({
    next() { throw "n"; },
    return() { log.push("never"); },
  }) };
});
show("both fail", () => {
  [o.a, null.x] = { [Symbol.iterator]: () => ({
    next: () => ({ value: 1 }),
    return() { log.push("close"); throw "second"; },
  }) };
});
show("close fails", () => {
  [o.a] = { [Symbol.iterator]: () => ({ next: () => ({ value: 1 }), return: () => 1 }) };
});
show("chained", () => { let x; x = [o.a] = items(4); return typeof x; });
show("loop", () => { for ([o.a, o.b = 9] of [items(1), items(2, 3, 4)]); });
show("parameter", () => (([a, b = a]) => [a, b])(items(1)));
show("swap", () => { const s = [1, 2]; [s[0], s[1]] = [s[1], s[0]]; return s; });
show("computed", () => { ({ [t("k", "p")]: t("o", o).a = t("d", 3) } = t("s", {})); });
show("computed rest", () => {
  const { [t("k", "p")]: a, ...rest } = { p: 1, q: 2 };
  return [a, rest];
});
function* stops() {
  const [a, b = yield a] = items(1, undefined, 3);
  return b;
}
show("generator", () => {
  const run = stops();
  return [run.next(), run.return(8), run.next()];
});
show("generator goes on", () => {
  const run = stops();
  return [run.next(), run.next(6)];
});
