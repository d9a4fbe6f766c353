const dc = require('diagnostics_channel');
const { AsyncLocalStorage } = require('async_hooks');
const channel = dc.channel('own');
console.log(channel === dc.channel('own'), channel.hasSubscribers, dc.hasSubscribers('none'), channel instanceof dc.Channel, channel.name);
const listen = (message, name) => console.log('got', message, name);
channel.subscribe(listen);
channel.publish({ a: 1 });
console.log(channel.hasSubscribers, channel.unsubscribe(listen), channel.unsubscribe(listen), channel.hasSubscribers);
const store = new AsyncLocalStorage();
channel.bindStore(store, (data) => data.value * 2);
console.log(channel.runStores({ value: 21 }, function (x) { return [store.getStore(), this.me, x] }, { me: 'this' }, 3), store.getStore());
console.log(channel.unbindStore(store), channel.unbindStore(store));

const tracing = dc.tracingChannel('work');
console.log(tracing.hasSubscribers, tracing.start.name, tracing.traceSync((x) => x + 1, {}, null, 1));
const log = [];
const handlers = Object.fromEntries(['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((name) => [name, (context) => log.push([name, context.result, context.error && context.error.message])]));
tracing.subscribe(handlers);
const show = (title) => { console.log(title, JSON.stringify(log)); log.length = 0; };
console.log(tracing.traceSync(function (x) { return this.y + x }, { id: 1 }, { y: 2 }, 3)); show('sync');
try { tracing.traceSync(() => { throw new Error('bad') }) } catch (error) { console.log(error.message) } show('sync that throws');
tracing.traceCallback((a, done, b) => { setImmediate(done, null, a + b); return 'returned' }, 1, {}, null, 1, (error, result) => {
  console.log('callback', error, result);
  setImmediate(() => {
    show('callback');
    tracing.traceCallback((done) => done(new Error('no')), -1, {}, null, (error) => console.log(error.message)); show('callback with an error');
    tracing.tracePromise(async (x) => x * 2, {}, null, 4).then((result) => {
      console.log(result); show('promise');
      return tracing.tracePromise(async () => { throw new Error('rejected') });
    }).catch((error) => {
      console.log(error.message); show('promise that is rejected');
      console.log(tracing.unsubscribe(handlers), tracing.unsubscribe(handlers), tracing.hasSubscribers);
      try { dc.channel(1) } catch (error) { console.log(error.code) }
      process.on('uncaughtException', (error) => console.log('uncaught', error.message));
      channel.subscribe(() => { throw new Error('from a subscriber') });
      channel.publish(1); console.log('published');
    });
  });
}, 2);
