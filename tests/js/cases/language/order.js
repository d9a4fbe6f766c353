// The order in which things are evaluated.
const log = [];
const t = (name, value) => { log.push(name); return value; };
const target = { set v(x) { log.push(`set ${x}`); }, get v() { log.push('get'); return 1; } };
t('obj', target)[t('key', 'v')] = t('value', 2);
t('obj', target)[t('key', 'v')] += t('value', 2);
t('obj', target).v++;
[t('a', target).v, t('b', {}).w] = t('right', [1, 2]);
const { [t('k1', 'x')]: x = t('d1', 1), [t('k2', 'y')]: y = t('d2', 2) } = t('source', { x: 5 });
t('f', (...given) => log.push(given.length))(...t('spread', [1, 2]), t('last', 3));
t('left', 0) || t('right', 1) && t('third', 2);
t('nullish', null) ?? t('other', 1);
class A { static [t('m', 'm')]() {} static s = t('s', 1); [t('field', 'f')] = t('init', 2); }
new A();
`${t('p', 1)}${t('q', 2)}`;
((p = t('default', 1), { z } = t('pattern', { z: 1 })) => log.push('body'))();
for (const k of t('iterable', [1])) t(`item ${k}`);
switch (t('d', 2)) { case t('c1', 1): case t('c2', 2): log.push('hit'); case t('c3', 3): log.push('fell'); }
try { t('try'); throw t('thrown', 1); } catch (e) { t(`catch ${e}`); } finally { t('finally'); }
console.log(log.join('\n'));
console.log(x, y);
