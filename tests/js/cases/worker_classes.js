const { Worker, isMainThread } = require('worker_threads'); const net = require('net'), http = require('http'), rl = require('readline');
if (isMainThread) {
  const before = [net.Socket, net.Server, http.Agent, http.globalAgent, rl.Interface];
  const socket = new net.Socket();
  new Worker(__filename).on('exit', () => {
    const again = [new net.Socket().constructor, require('net').Server, require('http').Agent, http.globalAgent, rl.Interface];
    console.log(socket instanceof net.Socket, new net.Socket() instanceof net.Socket, http.createServer() instanceof http.Server, again.every((x, i) => x === before[i]));
    console.log(socket.constructor === new net.Socket().constructor, http.createServer().constructor === http.createServer().constructor);
  });
} else { new net.Socket(); http.createServer(); rl.createInterface({ input: process.stdin }).close(); console.log('worker', new net.Socket() instanceof net.Socket); }
