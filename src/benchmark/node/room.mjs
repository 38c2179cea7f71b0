// ws: what it is sent on /publish goes to all on /room; /echo gives it back
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { serve } from './lifeline.mjs';

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
const room = new Set();

sockets.on('connection', (socket, request) => {
  if (request.url === '/room') {
    room.add(socket);
    socket.on('close', () => room.delete(socket));
    socket.send('ready');
  } else if (request.url === '/publish') {
    socket.on('message', data => {
      for (const one of room) {
        one.send(data, { binary: false });
      }
    });
  } else {
    socket.on('message', (data, binary) => socket.send(data, { binary }));
  }
});

serve(server);
