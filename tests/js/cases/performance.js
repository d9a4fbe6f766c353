const L=console.log, {performance:p,PerformanceMark}=require('perf_hooks'); L(p===performance, typeof p.now(), p.now()<=p.now(), p.timeOrigin>1e12, Object.prototype.toString.call(p));
const m=p.mark('a',{startTime:5,detail:{x:1}}); L(m, m.toJSON(), m instanceof PerformanceMark, m instanceof PerformanceEntry); p.mark('b',{startTime:9});
L(p.measure('d','a','b'), p.measure('e',{start:'a',duration:3}), p.measure('f',{start:1,end:2,detail:[1]}), p.measure('g',{end:9,duration:2}).startTime);
L(p.getEntries().map(x=>x.name), p.getEntriesByType('mark').length, p.getEntriesByName('d')[0].duration, p.getEntriesByName('a','measure')); p.clearMarks('a'); L(p.getEntriesByType('mark').map(x=>x.name)); p.clearMarks(); p.clearMeasures(); L(p.getEntries());
for (const t of [()=>p.measure('x','nope'),()=>new PerformanceEntry(),()=>new PerformanceMark(),()=>p.mark('q',{startTime:-1}),()=>p.mark('q',{startTime:'1'}),()=>new Performance(), ()=>p.timerify(1)]) try{t();L('no')}catch(e){L(e.name,e.code,e.message)}
L(p.timerify(function f(a){return [this,a]}).call(1,2).length, p.timerify(function f(){}).name, JSON.stringify(new PerformanceMark('z',{startTime:1})));
const {now}=performance; L(Object.keys(PerformanceMark.prototype),Object.keys(PerformanceEntry.prototype), typeof JSON.parse(JSON.stringify(p)).timeOrigin);
