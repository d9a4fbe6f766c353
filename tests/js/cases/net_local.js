const net = require('net');
const server = net.createServer((socket) => socket.end('hi'));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const socket = net.connect({ port, host: '127.0.0.1', localAddress: null });
  socket.on('data', (data) => console.log(String(data)));
  socket.on('close', () => server.close());
  for (const localAddress of ['x', 5]) {
    try {
      net.connect({ port, host: '127.0.0.1', localAddress });
    } catch (error) {
      console.log(error.name, error.code, error.message);
    }
  }
});
