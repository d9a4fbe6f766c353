console.log('%s|%d|%i|%f|%j|%O|%O|%c|%%|%x','a',1.5,1.9,'2.5x',{a:1},[1,{b:2}],{a:{b:{c:{d:1}}}},'css','rest',{z:1});
console.log('%s', {a:{b:1}}, '%s', Symbol('x'), -0, 5n);
console.log('%s %s %s %s %s %s', -0, 5n, Symbol('q'), new Error('boom').message, class A{}, ()=>1, null, undefined);
console.log('%s', new Date(0)); console.log('%s',{toString(){return 'custom'}}); console.log('%s',Object.create(null)); class P{toString(){return 'P!'}}; console.log('%s %s', new P, new (class Q extends P{})); console.log('%d %i %f', '0x10', 'abc', {}); console.log('%d', 5n); console.log('a','b\nc',['x\ny']); console.log('%', 1); console.log('100%', 1); console.log('%s'); console.log('%%s', 1); console.log('%d', ''); console.log('%i', 1e21,'%i',null);
console.table([{a:1,b:'x'},{a:2,c:true}]); console.table([[1,2],[3,4]]); console.table(new Map([['k',1]])); console.table(5); console.table([{a:1,b:2}],['b']); console.table(['a','b']); console.table(new Set([1])); 
console.group('G'); console.log('in\nside'); console.group(); console.log('deeper',{a:1}); console.groupEnd(); console.groupEnd(); console.log('out');
console.count(); console.count('x'); console.count(); console.countReset(); console.count(); 
console.dir({a:{b:{c:{d:{}}}}},{depth:0}); console.assert(true,'no'); console.assert(false,'yes %s','q'); console.dirxml([1],{a:2});
