const L = console.log;
const me=new MessageEvent('x',{data:{a:1},origin:'o',ports:[]}); L(me.data,me.origin,me.ports,me.lastEventId,me.source,me.type,me instanceof Event, Object.prototype.toString.call(me)); me.initMessageEvent('y',true,true,9); L(me.data,me.bubbles,me.type);
L(require('util').inspect(new MessageEvent('x')).replace(/[\d.]+/,'N'), Object.keys(MessageEvent.prototype),Object.keys(ErrorEvent.prototype),Object.keys(CloseEvent.prototype));
const et=new EventTarget(); et.addEventListener('x',e=>L('got',e.data)); et.dispatchEvent(new MessageEvent('x',{data:3}));
L(navigator, Object.keys(Navigator.prototype).filter(k=>k!='locks'), navigator.userAgent, navigator.language, navigator.languages, Object.isFrozen(navigator.languages));
for (const t of [()=>new MessageEvent(),()=>new CloseEvent('a',5),()=>new Navigator()]) try{t(); L('no')}catch(e){L(e.name,e.code,e.message)}
