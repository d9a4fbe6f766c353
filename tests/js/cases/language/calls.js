// What calls, imports and assignments do besides.
var x = 'global';
(function() { var x = 'local'; eval(...['x = 1']); console.log(x); console.log(eval('x', x = 2), eval()); })();
var f; (f) = function () {}; console.log(JSON.stringify(f.name)); f = () => 1; console.log(f.name);
(async () => { for (const o of [null, 1, { with: 1 }, { with: { type: 5 } }]) await import("fs", o).then(() => console.log('ok'), (e) => console.log(e.name)); 
})();
