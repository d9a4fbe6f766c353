// Any text may be a date for V8.
let s=7;const rnd=()=>{ s=(s*1103515245+12345)&0x7fffffff; return s/0x7fffffff };const pick=a=>a[Math.floor(rnd()*a.length)];
const T=['1','12','13','31','32','0','05','99','49','50','2020','1999','100','123456','2020-01-05','10:30','10:30:15','10:30:15.123','24:00','25:00','12::','Jan','january','Feb','Mon','Tuesday','GMT','UTC','Z','EST','PDT','am','PM','+0100','-05:30','+5','-','/','.',',',' ',' ',' ',' ','(x)','(','T','foo','+','2020/1/5','1/2/03','5-Mar-2021',':','GMT+2','th','Dec-','10:30am','12:30 PM','1.5','T10:00','T10:00Z','-000001','+002020-01-01'];
for(let i=0;i<400;i++){let t='';const n=1+Math.floor(rnd()*6);for(let j=0;j<n;j++)t+=pick(T)+(rnd()<.4?' ':'');console.log(JSON.stringify(t),Date.parse(t))}
