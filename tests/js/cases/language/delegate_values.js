function ev(g) { let value; while (!({ value } = g.next()).done) {} return value }
function* a() { yield 1; return 5 } function* b() { return [yield* a()] } console.log(ev(b()));
function* a2() { const r = yield 1; return 5 } function* b2() { return [yield* a2()] } console.log(ev(b2()));
function* a3() { const r = yield 1; if (!r) { return 5 } } function* b3() { return [yield* a3()] } console.log(ev(b3()));
function* a4() { yield 1; if (1) { return 5 } } function* b4() { return [yield* a4()] } console.log(ev(b4()));
function* a5(f) { yield 1; return f() } function* b5() { return [yield* a5(()=>5)] } console.log(ev(b5()));
function* b6() { const q = yield* a(); return [q] } console.log(ev(b6()));
const i = b6(); console.log(i.next(), i.next(), i.next());
function* arr() { const r = yield* [1, 2]; return r }
const ii = arr(); console.log(ii.next(5), ii.next(6), ii.next(7));
const j = arr(); j.next(); try { console.log(j.throw(new Error('q'))) } catch (e) { console.log(e.name, e.message) }
const k = arr(); k.next(); console.log(k.return(4), k.next());
function* inn() { try { const q = yield 1; console.log('q', q); yield 2 } finally { yield 'f'; console.log('fin') } return 9 }
function* out() { try { const r = yield* inn(); console.log('r', r); return r } catch (e) { console.log('c', e) } finally { console.log('outfin') } }
const aa = out(); console.log(aa.next(), aa.next("x"), aa.return("R"), aa.next(), aa.next());
const bb = out(); console.log(bb.next(), bb.throw("T"), bb.next(), bb.next());
const c = out(); console.log([...c]);
