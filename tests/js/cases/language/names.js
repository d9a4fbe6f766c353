// Names that mean something to Python.
function grow(tokens) {
  let type, str = '', len = 0, value = '';
  for (const token of tokens) { type = token[0]; str += token; value += type; len += token.length; }
  return [type, str, value, len];
}
console.log(grow(['ab', 'c']));
function all(print, list, dict, self, True, None, lambda, def, is, not, and, or, pass, raise, from, global, nonlocal, elif, except, isinstance, object, int, float, tuple, set, id, map, filter, range, next, iter, super_) {
  let total = '';
  for (const [key, one] of Object.entries({ print, list, dict, self, True, None, lambda, def, is, not, and, or, pass, raise, from, global, nonlocal, elif, except, isinstance, object, int, float, tuple, set, id, map, filter, range, next, iter })) total += `${key}=${one} `;
  const inner = () => [self, next, iter, range].join();
  self += 1; next += 'x';
  return total + inner();
}
console.log(all(...Array(33).keys()));
class object { static int = 1; str() { return this.None } None = 2 }
console.log(object.int, new object().str());
function None(True = 1, { False } = { False: 2 }, ...__debug__) { try { throw 3 } catch (None) { return [True, False, None, __debug__.length] } }
console.log(None(), None.name, ((None) => None)(4));
None: for (const True of [1, 2]) { for (;;) { console.log(True); continue None; } }
class True { static #None = 1; static False() { return this.#None } }
console.log(True.False(), typeof False, (() => { try { return False } catch (e) { return e.message } })());
