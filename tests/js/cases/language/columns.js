const first = () => { try { throw new Error('1') } catch (error) { return error } }; const at = (error, count) => error.stack.split('\n').slice(1, 1 + count).map((line) => /(\d+:\d+)\)?$/.exec(line)[1]).join(' '); console.log(at(first(), 2));
const deep = { inner: { method() { throw new TypeError('x') } } };
function call() {
  return deep.inner.method(1, 2);
}
try { call() } catch (error) { console.log(at(error, 3)) }
try { missing(3) } catch (error) { console.log(at(error, 1)) }
try { deep.inner.nothing(1) } catch (error) { console.log(at(error, 1)) }
try { new (class A { constructor() { call() } })() } catch (error) { console.log(at(error, 4)) }
try { new deep.inner.Missing() } catch (error) { console.log(at(error, 1)) }
